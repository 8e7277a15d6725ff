//! Responses of the mock.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use serde::Serialize;
use serde_json::json;

use crate::rt::{Operation, RawResponse};
use crate::{Error, ErrorKind};

/// A response to a request of the operation `O`: a value, an error, bytes, or a fault of the network.
///
/// An invalid response (a status of 99) becomes an error of the call that receives it.
#[must_use = "pass the response to a rule"]
pub struct MockResponse<O> {
    pub(super) canned: Canned,
    of: PhantomData<fn() -> O>,
}

/// A failure of the network, or a response that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is refused: nothing was sent. [`ErrorKind::Connect`].
    ConnectionRefused,
    /// The connection is not established within [`connect_timeout`](crate::ClientBuilder::connect_timeout): nothing was
    /// sent. [`ErrorKind::Connect`].
    ConnectTimeout,
    /// The connection breaks after the request was sent, before a response arrives. [`ErrorKind::Transport`].
    ConnectionReset,
    /// No response within [`timeout`](crate::ClientBuilder::timeout); that time passes on the mock's clock only.
    /// [`ErrorKind::Timeout`].
    Timeout,
    /// Status 200, then the connection breaks in the middle of the body. [`ErrorKind::Transport`].
    TruncatedBody,
    /// Status 200 with a body that is not JSON. [`ErrorKind::Decode`].
    MalformedJson,
}

/// A response without its type parameter.
#[derive(Clone)]
pub(super) enum Canned {
    Response(RawResponse),
    Fault(Fault),
    /// An invalid response; the text says why.
    Invalid(String),
}

impl From<Result<RawResponse, Error>> for Canned {
    fn from(made: Result<RawResponse, Error>) -> Self {
        match made {
            Ok(response) => Self::Response(response),
            Err(error) => Self::Invalid(error.to_string()),
        }
    }
}

impl<O: Operation> MockResponse<O> {
    /// Returns a success with this value and the documented status.
    pub fn value(answer: &O::Output) -> Self {
        Self::of(O::respond(answer).into())
    }

    /// Returns an error response in Dintero's format: `{"error": {"code": …, "message": …}}`.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({ "error": { "code": code, "message": message } });
        Self::of(RawResponse::of_json(status, &body).into())
    }

    /// Returns a response with this JSON, such as a typed error body.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        let json = serde_json::to_value(body);
        let response = json
            .map_err(|error| Error::invalid_request("body", error.to_string()))
            .and_then(|json| RawResponse::of_json(status, &json));
        Self::of(response.into())
    }

    /// Returns a response with this body and no headers.
    pub fn raw(status: u16, body: impl Into<Bytes>) -> Self {
        Self::of(RawResponse::of(status, "", body.into()).into())
    }

    /// Returns a response without a body.
    pub fn status(status: u16) -> Self {
        Self::of(RawResponse::of_status(status).into())
    }

    /// Returns a response with status 429 and `Retry-After`, in whole seconds.
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self::error(429, "TOO_MANY_REQUESTS", "Too many requests")
            .header(RETRY_AFTER.as_str(), &retry_after.as_secs().to_string())
    }

    /// Returns a fault instead of a response.
    pub fn fault(fault: Fault) -> Self {
        Self::of(Canned::Fault(fault))
    }

    /// Sets the status, such as 202 for a capture that is still in progress.
    pub fn with_status(mut self, status: u16) -> Self {
        if let Canned::Response(response) = &mut self.canned {
            match StatusCode::from_u16(status) {
                Ok(status) => response.status = status,
                Err(_) => self.canned = Canned::Invalid(format!("{status} is not an HTTP status")),
            }
        }
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Canned::Response(response) = &mut self.canned {
            match (HeaderName::try_from(name), HeaderValue::from_str(value)) {
                (Ok(name), Ok(value)) => {
                    response.headers.append(name, value);
                }
                _ => self.canned = Canned::Invalid(format!("{name:?} is not a valid header")),
            }
        }
        self
    }

    fn of(canned: Canned) -> Self {
        Self {
            canned,
            of: PhantomData,
        }
    }
}

#[cfg(feature = "event-stream")]
impl<O: crate::rt::Streams> MockResponse<O> {
    /// Returns a stream of these values: an event, or a line, with each. For names, ids and other texts of events,
    /// write the stream with [`raw`](Self::raw).
    pub fn events<'v>(values: impl IntoIterator<Item = &'v O::Item>) -> Self {
        let mut body = Vec::new();
        for value in values {
            if let Err(error) = crate::rt::write_item(O::STREAM, value, &mut body) {
                return Self::of(Canned::Invalid(error.to_string()));
            }
        }
        Self::of(RawResponse::of(O::INFO.status, O::STREAM.media_type, body.into()).into())
    }
}

impl Fault {
    /// Returns the error of the HTTP library, or the response that contains the fault.
    pub(super) fn happen(self) -> Result<RawResponse, Error> {
        use std::io::ErrorKind as Io;
        let fails = |kind, may_have_been_sent, head, cause: Io| {
            let source = std::io::Error::new(cause, "by the rule of a mock");
            Err(Error::exchange(kind, may_have_been_sent, head, source))
        };
        let ok = || {
            RawResponse::of(
                200,
                "application/json",
                Bytes::from_static(b"{\"id\": \"P1"),
            )
        };
        match self {
            Self::ConnectionRefused => {
                fails(ErrorKind::Connect, false, None, Io::ConnectionRefused)
            }
            Self::ConnectTimeout => fails(ErrorKind::Connect, false, None, Io::TimedOut),
            Self::ConnectionReset => fails(ErrorKind::Transport, true, None, Io::ConnectionReset),
            Self::Timeout => fails(ErrorKind::Timeout, true, None, Io::TimedOut),
            Self::TruncatedBody => {
                let mut head = ok()?;
                head.body = Bytes::new();
                fails(ErrorKind::Transport, true, Some(head), Io::UnexpectedEof)
            }
            Self::MalformedJson => ok(),
        }
    }
}

impl<O> Clone for MockResponse<O> {
    fn clone(&self) -> Self {
        Self {
            canned: self.canned.clone(),
            of: PhantomData,
        }
    }
}

impl<O> fmt::Debug for MockResponse<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("MockResponse");
        match &self.canned {
            Canned::Response(response) => shown.field("status", &response.status.as_u16()),
            Canned::Fault(fault) => shown.field("fault", fault),
            Canned::Invalid(reason) => shown.field("unsayable", reason),
        };
        shown.finish_non_exhaustive()
    }
}
