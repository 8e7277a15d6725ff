//! One request over HTTP, and nothing else: no redirects, no retries, no decompression.

mod carrier;

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method};
use reqwest::Url;

use crate::rt::RawResponse;
use crate::{Error, ErrorKind};
pub(crate) use carrier::{Carrier, Purpose};

/// The connections.
#[derive(Debug)]
pub(crate) struct Http {
    limits: Limits,
    client: reqwest::Client,
    /// For plain HTTP, which goes to loopback addresses only: a proxy would carry credentials away in the clear.
    direct: OnceLock<Result<reqwest::Client, String>>,
}

/// Time limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// From the first byte out to the last byte in, connecting included.
    pub(crate) request: Duration,
    pub(crate) connect: Duration,
}

impl Http {
    pub(crate) fn new(limits: Limits) -> Result<Self, Error> {
        let client = builder(limits).build().map_err(|error| {
            let reason = format!(
                "the HTTP client can't be set up; a machine without certificates of authorities is a frequent \
                 cause: {}",
                chain(&error.without_url())
            );
            Error::configuration("TLS", reason)
        })?;
        Ok(Self {
            limits,
            client,
            direct: OnceLock::new(),
        })
    }

    /// Sends a request and reads the whole response, whatever its status.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        url: Url,
        mut headers: HeaderMap,
        body: Option<Bytes>,
    ) -> Result<RawResponse, Error> {
        let client = self.client_for(&url)?;
        // Without this header a server can't tell that no body follows, and some refuse the request for it.
        let expects_body = [Method::POST, Method::PUT, Method::PATCH].contains(&method);
        if body.is_none() && expects_body {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let mut request = client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.map_err(|error| {
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
        let mut raw = RawResponse {
            status: response.status(),
            headers: response.headers().clone(),
            body: Bytes::new(),
        };
        match response.bytes().await {
            Ok(body) => {
                raw.body = body;
                Ok(raw)
            }
            Err(error) => {
                let kind = if error.is_timeout() {
                    ErrorKind::Timeout
                } else {
                    ErrorKind::Transport
                };
                Err(Error::exchange(kind, true, Some(raw), error.without_url()))
            }
        }
    }

    fn client_for(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        if url.scheme() == "https" {
            if cfg!(not(any(feature = "rustls", feature = "native-tls"))) {
                let reason = "this build has none; enable the feature `rustls` or `native-tls`";
                return Err(Error::configuration("TLS", reason));
            }
            return Ok(&self.client);
        }
        let direct = self.direct.get_or_init(|| {
            let client = builder(self.limits).no_proxy().build();
            client.map_err(|error| chain(&error.without_url()))
        });
        direct
            .as_ref()
            .map_err(|reason| Error::configuration("HTTP client", reason))
    }
}

fn builder(limits: Limits) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        // A 307 would carry a payment, and its credentials, to another place.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Whether a request may be repeated depends on the operation, which this layer does not know.
        .retry(reqwest::retry::never())
        .timeout(limits.request)
        .connect_timeout(limits.connect);
    #[cfg(feature = "native-tls")]
    let builder = builder.tls_backend_native();
    builder
}

/// An error and its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
