//! What requests go out by: HTTP or, with the feature `mock`, a stand-in.

#[cfg(feature = "mock")]
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Method};
use reqwest::Url;

use super::Http;
#[cfg(feature = "mock")]
use super::Limits;
use crate::Error;
use crate::auth::Tokens;
#[cfg(feature = "mock")]
use crate::mock;
use crate::rt::{Operation, RawResponse};

/// Sends requests, waits and knows the time. Everything else about a call is the same whichever it is.
#[derive(Debug)]
pub(crate) enum Carrier {
    Http(Http),
    #[cfg(feature = "mock")]
    Mock(mock::Stage, Limits),
}

/// The operation that a request was made of, for a stand-in; the default: a token is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    #[cfg(feature = "mock")]
    pub(crate) call: Option<Arc<mock::Call>>,
}

impl Carrier {
    pub(crate) fn origin<O: Operation>(&self, operation: &O) -> Origin {
        match self {
            #[cfg(feature = "mock")]
            Self::Mock(..) => Origin {
                call: Some(Arc::new(mock::Call::of(operation))),
            },
            Self::Http(_) => {
                let _ = operation;
                Origin::default()
            }
        }
    }

    /// Sends a request and reads the whole response, whatever its status.
    pub(crate) async fn exchange(
        &self,
        origin: &Origin,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: Option<Bytes>,
    ) -> Result<RawResponse, Error> {
        let _ = origin;
        match self {
            Self::Http(http) => http.exchange(method, url, headers, body).await,
            #[cfg(feature = "mock")]
            Self::Mock(stage, limits) => {
                stage.exchange(origin, *limits, method, &url, headers, body)
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

    /// No token yet; their time is that of the carrier.
    pub(crate) fn tokens(&self) -> Tokens {
        match self {
            Self::Http(_) => Tokens::new(),
            #[cfg(feature = "mock")]
            Self::Mock(stage, _) => {
                let stage = stage.clone();
                Tokens::with_clock(Box::new(move || stage.now()))
            }
        }
    }
}
