//! Error kinds.

use http::StatusCode;

/// The kind of an [`Error`](crate::Error).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value is invalid or missing. Nothing was sent.
    InvalidRequest,
    /// A setting of the client is invalid or missing. Nothing was sent.
    Configuration,
    /// The client has no credentials that the operation accepts. Nothing was sent.
    Credentials,
    /// The request can't be sent from this thread: there is no tokio runtime, it lacks timers or IO, or the connections
    /// belong to another runtime or process. This attempt was not sent.
    Runtime,
    /// No access token could be fetched; `source()` says why. The operation itself was not sent.
    Token,
    /// No connection could be established. Nothing was sent.
    Connect,
    /// The request timed out. It may have been carried out.
    Timeout,
    /// The connection failed before the response was complete. The request may have been carried out.
    Transport,
    /// 400 or 422: Dintero rejected the request.
    BadRequest,
    /// 401: Dintero rejected the credentials.
    Unauthorized,
    /// 403: the credentials don't allow the operation; see [`scopes`](crate::Error::scopes).
    Forbidden,
    /// 404 or 410: the object of the request does not exist.
    NotFound,
    /// 409: the request conflicts with the current state.
    Conflict,
    /// 429: too many requests; see [`retry_after`](crate::Error::retry_after).
    RateLimited,
    /// Any other 4xx.
    Rejected,
    /// 5xx: server error. The request may have been carried out.
    Server,
    /// 3xx. Redirects are not followed.
    Redirect,
    /// The response does not match its documentation; see [`call_succeeded`](crate::Error::call_succeeded).
    Decode,
    /// The response is about another object than the request: the ids differ. It may be the response to another
    /// request, so the request may have been carried out. [`body`](crate::Error::body) and [`value`](crate::Error::value)
    /// keep the response.
    Mismatch,
    /// A value in the response does not match its documentation; see [`unread`](crate::Error::unread). The request
    /// succeeded. Returned for items of lists and, with [`ClientBuilder::strict`](crate::ClientBuilder::strict) only,
    /// for whole responses.
    Unread,
    /// The pages of a list don't reach its end: they repeat, or one lacks the cursor of the next.
    Pagination,
    /// The received data of a download could not be written; `source()` says why.
    Output,
    /// The response is larger than its limit ([`ClientBuilder::max_response_bytes`](crate::ClientBuilder::max_response_bytes),
    /// or `max_bytes` of a download), and was not read to the end. The request may have been carried out; see
    /// [`call_succeeded`](crate::Error::call_succeeded).
    TooLarge,
    /// The body of the response arrived more slowly than
    /// [`ClientBuilder::min_throughput`](crate::ClientBuilder::min_throughput), and was not read to the end. The request may
    /// have been carried out; see [`call_succeeded`](crate::Error::call_succeeded).
    TooSlow,
}

impl ErrorKind {
    /// Returns the kind of an error response.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            400 | 422 => Self::BadRequest,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::RateLimited,
            300..=399 => Self::Redirect,
            400..=499 => Self::Rejected,
            _ => Self::Server,
        }
    }

    /// Whether [`of_status`](Self::of_status) returns it.
    pub(crate) fn is_status(self) -> bool {
        !matches!(
            self,
            Self::InvalidRequest
                | Self::Configuration
                | Self::Credentials
                | Self::Runtime
                | Self::Token
                | Self::Connect
                | Self::Timeout
                | Self::Transport
                | Self::Decode
                | Self::Mismatch
                | Self::Unread
                | Self::Pagination
                | Self::Output
                | Self::TooLarge
                | Self::TooSlow
        )
    }

    /// Returns the text of the error message.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid request",
            Self::Configuration => "configuration",
            Self::Credentials => "no usable credentials",
            Self::Runtime => "no usable runtime",
            Self::Token => "no access token",
            Self::Connect => "could not connect",
            Self::Timeout => "timed out",
            Self::Transport => "the connection failed",
            Self::Decode => "the response could not be read",
            Self::Mismatch => "the response has another id than the request",
            Self::Unread => "the response is not fully as documented",
            Self::Pagination => "the rest of the list can't be read",
            Self::Redirect => "redirected",
            Self::BadRequest
            | Self::Unauthorized
            | Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::RateLimited
            | Self::Rejected => "refused",
            Self::Server => "server error",
            Self::Output => "the received data could not be written",
            Self::TooLarge => "too large",
            Self::TooSlow => "too slow",
        }
    }

    /// Returns the value of `error.type` in spans.
    #[cfg(feature = "tracing")]
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Configuration => "configuration",
            Self::Credentials => "credentials",
            Self::Runtime => "runtime",
            Self::Token => "token",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::BadRequest => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Rejected => "rejected",
            Self::Server => "server",
            Self::Redirect => "redirect",
            Self::Decode => "decode",
            Self::Mismatch => "mismatch",
            Self::Unread => "unread",
            Self::Output => "output",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Pagination => "pagination",
        }
    }
}
