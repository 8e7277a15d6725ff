//! Interceptors: users' code around every request.

use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::client::own_headers;
use crate::rt::Info;
use crate::transport::Outgoing;
use crate::{Error, ErrorKind};

/// Code that runs around every request that a client makes: for logs, metrics and headers such as `traceparent`.
///
/// Its methods are called for each attempt of each call, for token requests
/// ([`is_token_request`](Attempt::is_token_request)) and for downloads. Their default implementations do nothing. They
/// run on the task of the call and must not block; move slow work to another task or thread.
///
/// A panic in [`before`](Self::before) ends the call with [`ErrorKind::Configuration`] before this attempt is sent. A
/// panic in [`after`](Self::after) changes nothing: the call returns its response or error, and the other interceptors
/// are called.
///
/// ```
/// use dintero::{Attempt, Interceptor, Outcome};
///
/// struct Log;
///
/// impl Interceptor for Log {
///     fn after(&self, attempt: &Attempt, outcome: &Outcome) {
///         println!(
///             "{} (attempt {}): {:?} {:?} after {} ms",
///             attempt.operation(),
///             attempt.number(),
///             outcome.status(),
///             outcome.error_kind(),
///             outcome.duration().as_millis(),
///         );
///     }
/// }
///
/// # fn main() -> Result<(), dintero::Error> {
/// let client = dintero::Client::builder()
///     .api_key("key")
///     .interceptor(Log)
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub trait Interceptor: Send + Sync + 'static {
    /// Called before a request is sent. It can add headers.
    fn before(&self, attempt: &mut Attempt) {
        let _ = attempt;
    }

    /// Called after a request has ended: with a response, with an error, or because the call was dropped or its
    /// deadline passed. It is called once for each [`before`](Self::before), unless a header could not be set, in which
    /// case nothing is sent.
    fn after(&self, attempt: &Attempt, outcome: &Outcome) {
        let _ = (attempt, outcome);
    }
}

/// One request of a call, as an [`Interceptor`] sees it: no ids, no bodies, no credentials.
pub struct Attempt {
    info: &'static Info,
    method: Method,
    host: String,
    port: Option<u16>,
    number: u32,
    is_token_request: bool,
    needed: Vec<HeaderName>,
    headers: HeaderMap,
    fault: Option<Error>,
}

impl Attempt {
    /// Returns the name of the operation, such as `payments.capture_transaction`; `auth.token` for a token request.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.info.name
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path with its `{placeholders}`, without ids and without the base URL.
    #[must_use]
    pub fn path_template(&self) -> &'static str {
        self.info.path
    }

    /// Returns the host that the request is sent to.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port that the request is sent to.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the number of the request within the call, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns whether this is a token request and not the operation itself.
    #[must_use]
    pub fn is_token_request(&self) -> bool {
        self.is_token_request
    }

    /// Sets a header of the request. It replaces a header of this name that the client or the call has set. The same
    /// headers as for [`SendFuture::header`](crate::SendFuture::header) are rejected: then nothing is sent, and the
    /// call fails with [`ErrorKind::InvalidRequest`].
    pub fn header(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        let given = name.as_ref();
        let read = own_headers::read(given, value.as_ref()).and_then(|(name, value)| {
            own_headers::check(&name, &self.needed)?;
            Ok((name, value))
        });
        match read {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(reason) if self.fault.is_none() => {
                self.fault = Some(Error::invalid_request(given, reason));
            }
            Err(_) => {}
        }
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("operation", &self.info.name)
            .field("method", &self.method)
            .field("path_template", &self.info.path)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// The outcome of one request, as an [`Interceptor`] sees it.
#[derive(Clone, Debug)]
pub struct Outcome {
    status: Option<StatusCode>,
    error_kind: Option<ErrorKind>,
    request_id: Option<String>,
    duration: Duration,
}

impl Outcome {
    /// Returns the status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Returns the kind of the error. A response that arrived but could not be parsed is not an error here, because it
    /// is parsed later.
    #[must_use]
    pub fn error_kind(&self) -> Option<ErrorKind> {
        self.error_kind
    }

    /// Returns the id by which Dintero can find the request, if the response has one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns the time from just before the request was sent to the end of its response; for a download, to the end of
    /// its headers.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns whether the request was abandoned: the call was dropped, or its deadline passed.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.status.is_none() && self.error_kind.is_none()
    }
}

/// The request of an attempt.
pub(crate) struct About<'a> {
    pub(crate) info: &'static Info,
    /// From 1.
    pub(crate) number: u32,
    pub(crate) is_token_request: bool,
    /// Headers that interceptors can't set.
    pub(crate) needed: &'a [HeaderName],
}

/// Calls the interceptors for one attempt, whatever its outcome.
pub(crate) struct Watch<'a> {
    interceptors: &'a [Arc<dyn Interceptor>],
    attempt: Attempt,
    begun: Instant,
    told: bool,
}

impl<'a> Watch<'a> {
    /// Calls `before` of all interceptors; `None` if there are none.
    pub(crate) fn begin(
        interceptors: &'a [Arc<dyn Interceptor>],
        about: &About<'_>,
        outgoing: &mut Outgoing<'_>,
    ) -> Result<Option<Self>, Error> {
        if interceptors.is_empty() {
            return Ok(None);
        }
        let mut attempt = Attempt {
            info: about.info,
            method: outgoing.method.clone(),
            host: outgoing.url.host_str().unwrap_or_default().to_owned(),
            port: outgoing.url.port_or_known_default(),
            number: about.number,
            is_token_request: about.is_token_request,
            needed: about.needed.to_vec(),
            headers: HeaderMap::new(),
            fault: None,
        };
        for interceptor in interceptors {
            if panic::catch_unwind(AssertUnwindSafe(|| interceptor.before(&mut attempt))).is_err() {
                let reason = "panicked in `before`; the request was not sent";
                return Err(Error::configuration("interceptor", reason));
            }
        }
        if let Some(fault) = attempt.fault.take() {
            return Err(fault);
        }
        outgoing
            .headers
            .extend(std::mem::take(&mut attempt.headers));
        Ok(Some(Self {
            interceptors,
            attempt,
            begun: Instant::now(),
            told: false,
        }))
    }

    pub(crate) fn end(
        mut self,
        status: Option<StatusCode>,
        error_kind: Option<ErrorKind>,
        request_id: Option<&str>,
    ) {
        self.tell(status, error_kind, request_id.map(str::to_owned));
    }

    fn tell(
        &mut self,
        status: Option<StatusCode>,
        error_kind: Option<ErrorKind>,
        request_id: Option<String>,
    ) {
        self.told = true;
        let outcome = Outcome {
            status,
            error_kind,
            request_id,
            duration: self.begun.elapsed(),
        };
        for interceptor in self.interceptors.iter().rev() {
            // Money may have been moved: a panic in a log must not lose the outcome.
            let after = || interceptor.after(&self.attempt, &outcome);
            if panic::catch_unwind(AssertUnwindSafe(after)).is_err() {
                crate::trace::interceptor_panicked(self.attempt.info.name);
            }
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.told {
            self.tell(None, None, None);
        }
    }
}
