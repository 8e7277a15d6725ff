//! Users' own code around every request.

use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::client::own_headers;
use crate::transport::Outgoing;
use crate::{Error, ErrorKind};

/// Code that runs around every request that a client makes: for logs, metrics and headers such as `traceparent`.
///
/// Its methods are called for each attempt of each call, for the fetching of tokens
/// ([`is_token_request`](Attempt::is_token_request)) and for downloads. Both do nothing unless they are implemented.
/// They run where the call runs and must not block; what takes long belongs on another task or thread.
///
/// A panic in [`before`](Self::before) ends the call with [`ErrorKind::Configuration`] before this attempt is sent. One in
/// [`after`](Self::after) changes nothing: the call has its response or error, and the other interceptors are told.
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
    /// A request is about to be sent. Its headers can be added to.
    fn before(&self, attempt: &mut Attempt) {
        let _ = attempt;
    }

    /// A request has ended: with a response, with a failure, or because nobody waits for it any more. It is called once
    /// for each [`before`](Self::before), unless a header could not be set, in which case nothing is sent.
    fn after(&self, attempt: &Attempt, outcome: &Outcome) {
        let _ = (attempt, outcome);
    }
}

/// One request of a call, as an [`Interceptor`] sees it: no ids, no bodies, no credentials.
pub struct Attempt {
    operation: &'static str,
    path: &'static str,
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
    /// Name of the operation, such as `payments.capture_transaction`; `auth.token` when a token is fetched.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Path with its `{placeholders}`, without ids and without the base URL.
    #[must_use]
    pub fn path_template(&self) -> &'static str {
        self.path
    }

    /// The host that the request goes to.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port that the request goes to.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Which request of the call it is, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Whether this fetches a token, and is not the operation itself.
    #[must_use]
    pub fn is_token_request(&self) -> bool {
        self.is_token_request
    }

    /// Sends this header with the request, instead of one of this name that the client or the call has set. The same
    /// headers as for [`Sending::header`](crate::Sending::header) are refused: then nothing is sent, and the call fails
    /// with [`ErrorKind::InvalidRequest`].
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
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path_template", &self.path)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// How one request ended, as an [`Interceptor`] sees it.
#[derive(Clone, Debug)]
pub struct Outcome {
    status: Option<StatusCode>,
    error_kind: Option<ErrorKind>,
    request_id: Option<String>,
    duration: Duration,
}

impl Outcome {
    /// Status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// What went wrong. An answer that arrived but could not be understood is not told here: that is found out later.
    #[must_use]
    pub fn error_kind(&self) -> Option<ErrorKind> {
        self.error_kind
    }

    /// The id by which Dintero finds the request again, if the response carried one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// From just before the request was sent to the end of its response; of a download, to the end of its headers.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Whether nobody waited for the end: the call was dropped, or its deadline passed.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.status.is_none() && self.error_kind.is_none()
    }
}

/// What an attempt is about.
pub(crate) struct About<'a> {
    pub(crate) operation: &'static str,
    pub(crate) path: &'static str,
    /// From 1.
    pub(crate) number: u32,
    pub(crate) is_token_request: bool,
    /// The response header by which the call is found again.
    pub(crate) request_id_header: Option<&'static str>,
    /// Headers that nobody else may set.
    pub(crate) needed: &'a [HeaderName],
}

/// Tells interceptors of one attempt, whatever becomes of it.
pub(crate) struct Watch<'a> {
    interceptors: &'a [Arc<dyn Interceptor>],
    attempt: Attempt,
    begun: Instant,
    told: bool,
}

impl<'a> Watch<'a> {
    /// Asks all interceptors; nothing is done when there are none.
    pub(crate) fn begin(
        interceptors: &'a [Arc<dyn Interceptor>],
        about: &About<'_>,
        outgoing: &mut Outgoing<'_>,
    ) -> Result<Option<Self>, Error> {
        if interceptors.is_empty() {
            return Ok(None);
        }
        let mut attempt = Attempt {
            operation: about.operation,
            path: about.path,
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
            // Money may have been moved: what is known of it must not be lost to a mistake in a log.
            let after = || interceptor.after(&self.attempt, &outcome);
            if panic::catch_unwind(AssertUnwindSafe(after)).is_err() {
                crate::trace::interceptor_panicked(self.attempt.operation);
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
