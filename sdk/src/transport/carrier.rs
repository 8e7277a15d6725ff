//! What requests go out by: HTTP or, with the feature `mock`, a stand-in.

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

/// Sends requests, waits and knows the time. Everything else about a call is the same whichever it is.
#[derive(Debug)]
pub(crate) enum Carrier {
    Http(Box<Http>),
    #[cfg(feature = "mock")]
    Mock(mock::Stage, Limits),
}

/// The operation that a request was made of, for a stand-in; the default: a token is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Purpose {
    #[cfg(feature = "mock")]
    pub(crate) call: Option<Arc<mock::Call>>,
}

impl Carrier {
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

    /// That of a download from a signed URL.
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

    /// Whether calls can be made from here: not without a tokio runtime that has all they need.
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
            Self::Mock(stage, limits) => {
                let streamed = outgoing.streamed;
                let mut raw = stage.exchange(outgoing, *limits)?;
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

    /// Waits before a call is repeated.
    pub(crate) async fn wait(&self, time: Duration) {
        match self {
            Self::Http(_) => tokio::time::sleep(time).await,
            #[cfg(feature = "mock")]
            Self::Mock(stage, _) => stage.wait(time),
        }
    }

    /// The present, on a clock that only goes forward.
    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Http(_) => Instant::now(),
            #[cfg(feature = "mock")]
            Self::Mock(stage, _) => stage.now(),
        }
    }

    /// The clock of this carrier.
    pub(crate) fn clock(&self) -> Clock {
        match self {
            Self::Http(_) => Box::new(Instant::now),
            #[cfg(feature = "mock")]
            Self::Mock(stage, _) => {
                let stage = stage.clone();
                Box::new(move || stage.now())
            }
        }
    }
}
