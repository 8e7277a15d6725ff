//! What comes back instead of Dintero's answer.

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

/// An answer to a call of the operation `O`: a value, a failure, bytes, or a fault of the network.
///
/// Whatever can't be said (a status of 99) becomes an error of the call that gets the reply.
#[must_use = "a reply does nothing before a rule has it"]
pub struct Reply<O> {
    pub(super) canned: Canned,
    of: PhantomData<fn() -> O>,
}

/// What went wrong below HTTP, or in its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// No connection can be made: nothing was sent. [`ErrorKind::Connect`].
    ConnectionRefused,
    /// No connection is made within [`connect_timeout`](crate::ClientBuilder::connect_timeout): nothing was sent.
    /// [`ErrorKind::Connect`].
    ConnectTimeout,
    /// The connection breaks after the request was sent, before an answer. [`ErrorKind::Transport`].
    ConnectionReset,
    /// No answer within [`timeout`](crate::ClientBuilder::timeout); that time passes on the mock's clock only.
    /// [`ErrorKind::Timeout`].
    Timeout,
    /// Status 200, then the connection breaks in the middle of the body. [`ErrorKind::Transport`].
    TruncatedBody,
    /// Status 200, and a body that is no JSON. [`ErrorKind::Decode`].
    MalformedJson,
}

/// A reply without its type.
#[derive(Clone)]
pub(super) enum Canned {
    Response(RawResponse),
    Fault(Fault),
    /// It could not be made.
    Unsayable(String),
}

impl From<Result<RawResponse, Error>> for Canned {
    fn from(made: Result<RawResponse, Error>) -> Self {
        match made {
            Ok(response) => Self::Response(response),
            Err(error) => Self::Unsayable(error.to_string()),
        }
    }
}

impl<O: Operation> Reply<O> {
    /// A success that says this, with the status of the document.
    pub fn value(answer: &O::Answer) -> Self {
        Self::of(O::respond(answer).into())
    }

    /// A failure as Dintero sends them: `{"error": {"code": …, "message": …}}`.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({ "error": { "code": code, "message": message } });
        Self::of(RawResponse::of_json(status, &body).into())
    }

    /// A response with this JSON, such as a typed failure made by its builder.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        let json = serde_json::to_value(body);
        let response = json
            .map_err(|error| Error::invalid_request("body", error.to_string()))
            .and_then(|json| RawResponse::of_json(status, &json));
        Self::of(response.into())
    }

    /// A response with this body and no headers.
    pub fn raw(status: u16, body: impl Into<Bytes>) -> Self {
        Self::of(RawResponse::of(status, "", body.into()).into())
    }

    /// A response without a body.
    pub fn status(status: u16) -> Self {
        Self::of(RawResponse::of_status(status).into())
    }

    /// 429 with `Retry-After`, in whole seconds.
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self::error(429, "TOO_MANY_REQUESTS", "Too many requests")
            .header(RETRY_AFTER.as_str(), &retry_after.as_secs().to_string())
    }

    /// No proper answer.
    pub fn fault(fault: Fault) -> Self {
        Self::of(Canned::Fault(fault))
    }

    /// The same with another status, such as 202 for a capture that is still under way.
    pub fn with_status(mut self, status: u16) -> Self {
        if let Canned::Response(response) = &mut self.canned {
            match StatusCode::from_u16(status) {
                Ok(status) => response.status = status,
                Err(_) => self.canned = Canned::Unsayable(format!("{status} is no HTTP status")),
            }
        }
        self
    }

    /// The same with a header more.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Canned::Response(response) = &mut self.canned {
            match (HeaderName::try_from(name), HeaderValue::from_str(value)) {
                (Ok(name), Ok(value)) => {
                    response.headers.append(name, value);
                }
                _ => self.canned = Canned::Unsayable(format!("{name:?} can't be a header")),
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

impl Fault {
    /// The error that the HTTP library would give, or the response with the fault in it.
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

impl<O> Clone for Reply<O> {
    fn clone(&self) -> Self {
        Self {
            canned: self.canned.clone(),
            of: PhantomData,
        }
    }
}

impl<O> fmt::Debug for Reply<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Reply");
        match &self.canned {
            Canned::Response(response) => shown.field("status", &response.status.as_u16()),
            Canned::Fault(fault) => shown.field("fault", fault),
            Canned::Unsayable(reason) => shown.field("unsayable", reason),
        };
        shown.finish_non_exhaustive()
    }
}
