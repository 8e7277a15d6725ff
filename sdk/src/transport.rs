//! Single HTTP requests, without redirects, retries or decompression.

mod age;
mod backend;
mod body;
#[cfg(any(feature = "download", feature = "event-stream"))]
mod flow;
mod pools;
mod settings;
#[cfg(feature = "multipart")]
mod upload;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method};
use reqwest::Url;

use crate::rt::{Content, RawResponse};
use crate::{Error, ErrorKind};
pub(crate) use backend::{Backend, Purpose};
pub(crate) use body::Begun;
use body::Broken;
#[cfg(any(feature = "download", feature = "event-stream"))]
pub(crate) use body::Pace;
#[cfg(any(feature = "download", feature = "event-stream"))]
pub(crate) use flow::Flow;
use pools::{Home, Pool, Pools};
#[cfg(feature = "mock")]
pub(crate) use settings::Limits;
#[cfg(feature = "reqwest-013")]
pub(crate) use settings::Own;
pub(crate) use settings::{Identity, Proxy, Settings, Throughput};

/// The connections.
#[derive(Debug)]
pub(crate) struct Http {
    settings: Settings,
    /// The client that was built to validate the settings, until the first runtime takes it.
    tried: Mutex<Option<reqwest::Client>>,
    pools: Pools,
}

/// A complete request.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Content>,
    /// Overrides the client's time limit.
    pub(crate) timeout: Option<Duration>,
    /// Overrides the client's limit on the response size, in bytes.
    pub(crate) most: Option<u64>,
    /// The body of a success is read by [`Rest`], piece by piece.
    pub(crate) streamed: bool,
    /// Where the start of the response is recorded.
    pub(crate) begun: Option<&'a Begun>,
    #[cfg_attr(
        not(feature = "mock"),
        allow(dead_code, reason = "read by the mock only")
    )]
    pub(crate) purpose: Purpose,
}

/// A received response.
#[cfg_attr(
    not(any(feature = "download", feature = "event-stream")),
    allow(
        dead_code,
        reason = "only downloads and streams are read piece by piece"
    )
)]
pub(crate) struct Received {
    /// Without the body, if `rest` is set.
    pub(crate) raw: RawResponse,
    pub(crate) rest: Option<Rest>,
}

/// A body that is still being received.
#[cfg_attr(
    not(any(feature = "download", feature = "event-stream")),
    allow(
        dead_code,
        reason = "only downloads and streams are read piece by piece"
    )
)]
pub(crate) enum Rest {
    Http {
        response: reqwest::Response,
        /// For each piece.
        limit: Duration,
        #[cfg(any(feature = "download", feature = "event-stream"))]
        pace: Pace,
    },
    /// The whole body, from a mock; `None` once it was taken.
    #[cfg(feature = "mock")]
    Given(Option<Bytes>),
}

impl Http {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Self {
            tried: Mutex::new(Some(settings.client()?)),
            settings,
            pools: Pools::default(),
        })
    }

    /// Checks that calls can be made from this thread.
    pub(crate) fn ready(&self) -> Result<(), Error> {
        self.pool().map(drop)
    }

    fn pool(&self) -> Result<Arc<Pool>, Error> {
        self.pools.get(|runtime| {
            let home = Home::new(runtime)?;
            self.settings.check_home(runtime)?;
            let tried = self
                .tried
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            let main = match tried {
                Some(tried) => tried,
                None => self.settings.client()?,
            };
            Ok(Pool::new(home, main, &self.settings))
        })
    }

    /// Sends a request and reads the whole response, whatever its status. The body of a success is not read if it is
    /// streamed. Headers and body are moved out of `outgoing`.
    pub(crate) async fn exchange(&self, outgoing: &mut Outgoing<'_>) -> Result<Received, Error> {
        let limit = outgoing.timeout.unwrap_or(self.settings.limits.request);
        let client = self.client_for(&outgoing.url)?;
        let body = opened(outgoing.body.take()).await?;
        let sent = client.execute(request(outgoing, body, limit));
        let response = if outgoing.streamed {
            let sent = tokio::time::timeout(limit, sent).await;
            sent.map_err(|elapsed| late(None, elapsed))?
        } else {
            sent.await
        };
        let mut response = response.map_err(unanswered)?;
        if outgoing.streamed && response.status().is_success() {
            let raw = head(&mut response);
            let rest = Some(Rest::Http {
                response,
                limit,
                #[cfg(any(feature = "download", feature = "event-stream"))]
                pace: Pace::new(self.settings.limits.throughput),
            });
            return Ok(Received { raw, rest });
        }
        let limits = &self.settings.limits;
        let body = if outgoing.streamed {
            // Boxed, because it is rare and every call future would be larger.
            let body = tokio::time::timeout(limit, body::whole(&mut response, limits, outgoing));
            Box::pin(body).await
        } else {
            Ok(body::whole(&mut response, limits, outgoing).await)
        };
        let mut raw = head(&mut response);
        match body {
            Ok(Ok(body)) => {
                raw.body = body;
                Ok(Received { raw, rest: None })
            }
            Ok(Err(error)) => Err(broken_off(error, raw)),
            Err(elapsed) => {
                // It was dropped before it could: the next attempt is another response.
                if let Some(begun) = outgoing.begun {
                    begun.take();
                }
                Err(late(Some(raw), elapsed))
            }
        }
    }

    fn client_for(&self, url: &Url) -> Result<reqwest::Client, Error> {
        let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
        if url.scheme() == "https" && !has_tls && !self.settings.is_foreign() {
            let reason = "this build has none; enable the feature `rustls` or `native-tls`";
            return Err(Error::configuration("TLS", reason));
        }
        self.pool()?.client_for(url, &self.settings)
    }
}

/// Opens the files of a body.
async fn opened(body: Option<Content>) -> Result<Option<reqwest::Body>, Error> {
    Ok(match body {
        None => None,
        Some(Content::Bytes(bytes)) => Some(bytes.into()),
        // Boxed, because it is rare and every call future would be larger.
        #[cfg(feature = "multipart")]
        Some(Content::Parts(parts)) => {
            let upload = Box::pin(upload::Upload::open(&parts)).await?;
            Some(reqwest::Body::wrap(upload))
        }
    })
}

/// Returns the bytes of a body, for a mock.
#[cfg(feature = "mock")]
pub(crate) async fn collected(body: Option<Content>) -> Result<Bytes, Error> {
    match body {
        None => Ok(Bytes::new()),
        Some(Content::Bytes(bytes)) => Ok(bytes),
        #[cfg(feature = "multipart")]
        Some(Content::Parts(parts)) => Box::pin(upload::collected(&parts)).await,
    }
}

/// Builds the request of the HTTP library.
fn request(
    outgoing: &mut Outgoing<'_>,
    body: Option<reqwest::Body>,
    limit: Duration,
) -> reqwest::Request {
    let mut request = reqwest::Request::new(outgoing.method.clone(), outgoing.url.clone());
    // Assigned, because a builder would copy each of them.
    *request.headers_mut() = std::mem::take(&mut outgoing.headers);
    match body {
        Some(body) => *request.body_mut() = Some(body),
        // Without this header a server can't know that no body follows, and some reject the request.
        None if [Method::POST, Method::PUT, Method::PATCH].contains(&outgoing.method) => {
            let none = HeaderValue::from_static("0");
            request.headers_mut().insert(CONTENT_LENGTH, none);
        }
        None => {}
    }
    if !outgoing.streamed {
        *request.timeout_mut() = Some(limit);
    }
    request
}

/// Returns the error for a missing response.
fn unanswered(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let (kind, may_have_been_sent) = if error.is_builder() {
        (ErrorKind::InvalidRequest, false)
    } else if error.is_connect() {
        (ErrorKind::Connect, false)
    } else if error.is_timeout() {
        (ErrorKind::Timeout, true)
    } else {
        (ErrorKind::Transport, true)
    };
    Error::exchange(kind, may_have_been_sent, None, error)
}

/// Takes status and headers out of the response.
fn head(response: &mut reqwest::Response) -> RawResponse {
    RawResponse {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: Bytes::new(),
        is_strict: false,
    }
}

#[cfg(any(feature = "download", feature = "event-stream"))]
impl Rest {
    /// Returns the next chunk of the body; `None` after the last. `head` is used for errors.
    pub(crate) async fn next(&mut self, head: &RawResponse) -> Result<Option<Bytes>, Error> {
        let (response, limit, pace) = match self {
            Self::Http {
                response,
                limit,
                pace,
            } => (response, *limit, pace),
            #[cfg(feature = "mock")]
            Self::Given(body) => return Ok(body.take()),
        };
        match tokio::time::timeout(limit, pace.next(response)).await {
            Ok(Ok(piece)) => Ok(piece),
            Ok(Err(error)) => Err(broken_off(error, head.clone())),
            Err(elapsed) => Err(late(Some(head.clone()), elapsed)),
        }
    }
}

/// The error for a part of the response that took too long.
fn late(head: Option<RawResponse>, elapsed: tokio::time::error::Elapsed) -> Error {
    Error::exchange(ErrorKind::Timeout, true, head, elapsed)
}

/// The error for a body that exceeds the limit.
pub(crate) fn too_large(head: RawResponse, most: u64) -> Error {
    let reason = format!("is larger than {most} bytes");
    Error::handing_on(ErrorKind::TooLarge, head, reason, None)
}

fn broken_off(broken: Broken, head: RawResponse) -> Error {
    let error = match broken {
        Broken::Off(error) => error,
        Broken::Large(most) => return too_large(head, most),
        Broken::Slow(least) => {
            let reason = format!("arrives slower than {least}");
            return Error::handing_on(ErrorKind::TooSlow, head, reason, None);
        }
    };
    let kind = if error.is_timeout() {
        ErrorKind::Timeout
    } else {
        ErrorKind::Transport
    };
    Error::exchange(kind, true, Some(head), error.without_url())
}
