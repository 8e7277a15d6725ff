//! Backends that send requests: HTTP or, with the feature `mock`, a mock.

#[cfg(feature = "mock")]
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Http, Outgoing, Received};
#[cfg(feature = "mock")]
use super::{Limits, Rest, too_large};
use crate::Error;
use crate::auth::Clock;
#[cfg(feature = "mock")]
use crate::mock;
use crate::rt::Operation;

/// Sends requests, waits and provides the clock. Everything else about a call is the same for all backends.
#[derive(Debug)]
pub(crate) enum Backend {
    Http(Box<Http>),
    #[cfg(feature = "mock")]
    Mock(mock::MockBackend, Limits),
}

/// The operation that a request was built from, for a mock; by default a token request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Purpose {
    #[cfg(feature = "mock")]
    pub(crate) call: Option<Arc<mock::Call>>,
}

impl Backend {
    pub(crate) fn purpose<O: Operation>(&self, operation: &O) -> Purpose {
        match self {
            #[cfg(feature = "mock")]
            Self::Mock(..) => Purpose {
                call: Some(Arc::new(mock::Call::of(operation))),
            },
            Self::Http(_) => {
                let _ = operation;
                Purpose::default()
            }
        }
    }

    /// Returns the purpose of a download from a signed URL.
    #[cfg(feature = "download")]
    pub(crate) fn purpose_of_file(&self, url: &reqwest::Url) -> Purpose {
        match self {
            #[cfg(feature = "mock")]
            Self::Mock(..) => self.purpose(&mock::FetchFile::new(url)),
            Self::Http(_) => {
                let _ = url;
                Purpose::default()
            }
        }
    }

    /// Checks that calls can be made from this thread, which needs a tokio runtime with timers and IO.
    pub(crate) fn ready(&self) -> Result<(), Error> {
        match self {
            Self::Http(http) => http.ready(),
            #[cfg(feature = "mock")]
            Self::Mock(..) => {
                super::pools::current()?;
                super::pools::check_timers()
            }
        }
    }

    /// See [`Http::exchange`].
    pub(crate) async fn exchange(&self, outgoing: &mut Outgoing<'_>) -> Result<Received, Error> {
        match self {
            Self::Http(http) => http.exchange(outgoing).await,
            #[cfg(feature = "mock")]
            Self::Mock(mock, limits) => {
                let streamed = outgoing.streamed;
                let body = super::collected(outgoing.body.take()).await?;
                let mut raw = mock.exchange(outgoing, body, *limits)?;
                let is_streamed = streamed && raw.status.is_success();
                let most = outgoing.most.unwrap_or(limits.size);
                if !is_streamed && raw.body.len() as u64 > most {
                    raw.body.clear();
                    return Err(too_large(raw, most));
                }
                let rest = is_streamed.then(|| Rest::Given(Some(std::mem::take(&mut raw.body))));
                Ok(Received { raw, rest })
            }
        }
    }

    /// Waits before a retry.
    pub(crate) async fn wait(&self, time: Duration) {
        match self {
            Self::Http(_) => tokio::time::sleep(time).await,
            #[cfg(feature = "mock")]
            Self::Mock(mock, _) => mock.wait(time),
        }
    }

    /// Returns the present time of a monotonic clock.
    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Http(_) => Instant::now(),
            #[cfg(feature = "mock")]
            Self::Mock(mock, _) => mock.now(),
        }
    }

    /// Returns the clock of this backend.
    pub(crate) fn clock(&self) -> Clock {
        match self {
            Self::Http(_) => Box::new(Instant::now),
            #[cfg(feature = "mock")]
            Self::Mock(mock, _) => {
                let mock = mock.clone();
                Box::new(move || mock.now())
            }
        }
    }
}
