//! One request over HTTP, and nothing else: no redirects, no retries, no decompression.

mod carrier;
mod settings;

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method};
use reqwest::Url;

use crate::rt::RawResponse;
use crate::{Error, ErrorKind};
pub(crate) use carrier::{Carrier, Purpose};
#[cfg(feature = "mock")]
pub(crate) use settings::Limits;
pub(crate) use settings::{Identity, Proxy, Settings};

/// The connections.
#[derive(Debug)]
pub(crate) struct Http {
    settings: Settings,
    client: reqwest::Client,
    direct: OnceLock<Result<reqwest::Client, String>>,
}

/// A request that is complete.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// Instead of the client's time limit.
    pub(crate) timeout: Option<Duration>,
    /// The body of a success is read by [`Rest`], piece by piece.
    pub(crate) streamed: bool,
    #[cfg_attr(
        not(feature = "mock"),
        allow(dead_code, reason = "only a stand-in asks for it")
    )]
    pub(crate) purpose: Purpose,
}

/// What came back.
#[cfg_attr(
    not(feature = "download"),
    allow(dead_code, reason = "only downloads are read piece by piece")
)]
pub(crate) struct Received {
    /// Without the body, if there is a rest.
    pub(crate) raw: RawResponse,
    pub(crate) rest: Option<Rest>,
}

/// A body that is still on its way.
#[cfg_attr(
    not(feature = "download"),
    allow(dead_code, reason = "only downloads are read piece by piece")
)]
pub(crate) enum Rest {
    Http {
        response: reqwest::Response,
        /// For each piece.
        limit: Duration,
    },
    /// All of it, from a stand-in; nothing once it was handed on.
    #[cfg(feature = "mock")]
    Given(Option<Bytes>),
}

impl Http {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Self {
            client: settings.client()?,
            settings,
            direct: OnceLock::new(),
        })
    }

    /// Sends a request and reads the whole response, whatever its status; but for the body of a success that was to be
    /// streamed.
    pub(crate) async fn exchange(&self, outgoing: Outgoing) -> Result<Received, Error> {
        let Outgoing {
            method,
            url,
            mut headers,
            body,
            timeout,
            streamed,
            purpose: _,
        } = outgoing;
        let client = self.client_for(&url)?;
        let limit = timeout.unwrap_or(self.settings.limits.request);
        // Without this header a server can't tell that no body follows, and some refuse the request for it.
        let expects_body = [Method::POST, Method::PUT, Method::PATCH].contains(&method);
        if body.is_none() && expects_body {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let mut request = client.request(method, url.clone()).headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        if !streamed {
            return received(request.timeout(limit), &url, None).await;
        }
        let head = received(request, &url, Some(limit));
        let head = tokio::time::timeout(limit, head).await;
        head.unwrap_or_else(|elapsed| Err(Error::exchange(ErrorKind::Timeout, true, None, elapsed)))
    }

    fn client_for(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        if self.settings.is_foreign() {
            return Ok(&self.client);
        }
        if url.scheme() == "https" {
            if cfg!(not(any(feature = "rustls", feature = "native-tls"))) {
                let reason = "this build has none; enable the feature `rustls` or `native-tls`";
                return Err(Error::configuration("TLS", reason));
            }
            return Ok(&self.client);
        }
        let direct = self.direct.get_or_init(|| self.settings.direct());
        direct
            .as_ref()
            .map_err(|reason| Error::configuration("HTTP client", reason))
    }
}

/// `streamed`: the time limit of each piece of the body.
async fn received(
    request: reqwest::RequestBuilder,
    url: &Url,
    streamed: Option<Duration>,
) -> Result<Received, Error> {
    let mut response = request.send().await.map_err(|error| {
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
    })?;
    if response.url() != url {
        return Err(Error::strayed());
    }
    let mut raw = RawResponse {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: Bytes::new(),
    };
    if let Some(limit) = streamed.filter(|_| raw.status.is_success()) {
        let rest = Some(Rest::Http { response, limit });
        return Ok(Received { raw, rest });
    }
    match response.bytes().await {
        Ok(body) => {
            raw.body = body;
            Ok(Received { raw, rest: None })
        }
        Err(error) => Err(broken_off(error, raw)),
    }
}

#[cfg(feature = "download")]
impl Rest {
    /// The next piece of the body; `None` after the last. `head` is for errors.
    pub(crate) async fn next(&mut self, head: &RawResponse) -> Result<Option<Bytes>, Error> {
        let (response, limit) = match self {
            Self::Http { response, limit } => (response, *limit),
            #[cfg(feature = "mock")]
            Self::Given(body) => return Ok(body.take()),
        };
        match tokio::time::timeout(limit, response.chunk()).await {
            Ok(Ok(piece)) => Ok(piece),
            Ok(Err(error)) => Err(broken_off(error, head.clone())),
            Err(elapsed) => {
                let head = Some(head.clone());
                Err(Error::exchange(ErrorKind::Timeout, true, head, elapsed))
            }
        }
    }
}

fn broken_off(error: reqwest::Error, head: RawResponse) -> Error {
    let kind = if error.is_timeout() {
        ErrorKind::Timeout
    } else {
        ErrorKind::Transport
    };
    Error::exchange(kind, true, Some(head), error.without_url())
}

#[cfg(test)]
mod tests;
