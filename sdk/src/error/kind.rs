//! Kinds of errors.

use http::StatusCode;

/// What went wrong, as far as a program can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value can't be sent. Nothing was sent.
    InvalidRequest,
    /// A setting of the client is wrong or missing. Nothing was sent.
    Configuration,
    /// The client has no credentials that the operation accepts. Nothing was sent.
    Credentials,
    /// The request can't be made from here: there is no tokio runtime, it lacks timers or IO, or the connections are those of
    /// another runtime or process. This attempt was not sent.
    Runtime,
    /// No access token could be fetched; `source()` says why. The operation itself was not sent.
    Token,
    /// No connection could be made. Nothing was sent.
    Connect,
    /// The time limit of the request passed. It may have been carried out.
    Timeout,
    /// The connection failed before the answer was complete. The request may have been carried out.
    Transport,
    /// 400 or 422: Dintero does not accept the request as it is.
    BadRequest,
    /// 401: Dintero does not accept the credentials.
    Unauthorized,
    /// 403: the credentials don't allow this; see [`scopes`](crate::Error::scopes).
    Forbidden,
    /// 404 or 410: what the request is about does not exist.
    NotFound,
    /// 409: the request does not fit the present state.
    Conflict,
    /// 429: too many requests; see [`retry_after`](crate::Error::retry_after).
    RateLimited,
    /// Any other 4xx.
    Rejected,
    /// 5xx: Dintero failed. The request may have been carried out.
    Server,
    /// 3xx. Redirects are not followed.
    Redirect,
    /// The answer is not what the document says; see [`call_succeeded`](crate::Error::call_succeeded).
    Decode,
    /// The response is about another object than the request: its id is another one. It may be that to another request, so
    /// the request may have been carried out; [`body`](crate::Error::body) and [`value`](crate::Error::value) keep it.
    Mismatch,
    /// A place in the response is not as documented; see [`unread`](crate::Error::unread). The request succeeded. For an item
    /// of a list, and for a whole response with [`ClientBuilder::strict`](crate::ClientBuilder::strict) only.
    Unread,
    /// The pages of a list don't lead to its end: they go round in a circle, or one does not say where the next begins.
    Pagination,
    /// What a download received could not be written; `source()` says why.
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
    /// The kind of a response that is no success.
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

    /// Made by [`of_status`](Self::of_status).
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

    /// For people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid request",
            Self::Configuration => "configuration",
            Self::Credentials => "no usable credentials",
            Self::Runtime => "no runtime for it",
            Self::Token => "no access token",
            Self::Connect => "could not connect",
            Self::Timeout => "timed out",
            Self::Transport => "the connection failed",
            Self::Decode => "the answer could not be read",
            Self::Mismatch => "the response has another id than the request",
            Self::Unread => "the response is not all as documented",
            Self::Pagination => "the list can't be read on",
            Self::Redirect => "redirected",
            Self::BadRequest
            | Self::Unauthorized
            | Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::RateLimited
            | Self::Rejected => "refused",
            Self::Server => "server error",
            Self::Output => "what arrived could not be written",
            Self::TooLarge => "too large",
            Self::TooSlow => "too slow",
        }
    }

    /// For spans.
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
