//! Errors of calls.

mod body;
mod kind;
mod make;
mod masked;
mod retry_after;
mod show;

use std::any::Any;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::StatusCode;

use crate::rt::{Info, Operation, RawResponse, Unread};
use body::Report;
pub use kind::ErrorKind;
#[cfg(feature = "webhook")]
pub(crate) use masked::Masked;

/// Response headers that usually carry the id of a request. An operation may have another one.
const REQUEST_ID_HEADERS: [&str; 2] = ["request-id", "x-request-id"];

/// The error of a call, or of building a client.
///
/// Match on [`kind`](Self::kind); show `Display`, which is one line. Neither `Display` nor `Debug` shows a URL, an id,
/// a credential or the text of a body. `Display` shows the message and the descriptions of Dintero's error response,
/// and why there is no connection.
///
/// Before you retry a call that moves money, check [`may_have_been_sent`](Self::may_have_been_sent).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// The operation that the error is about.
    call: Option<&'static Info>,
    /// The reason; empty if the kind says it.
    reason: Cow<'static, str>,
    response: Option<RawResponse>,
    /// Whether the body of the response is complete.
    complete: bool,
    report: Report,
    /// Where in the body the error is.
    json_path: Option<String>,
    /// Places that were not as documented.
    unread: Vec<Unread>,
    /// The value that could be read nevertheless.
    value: Option<Box<dyn Any + Send + Sync>>,
    may_have_been_sent: bool,
    attempts: u32,
    /// The number of events that were read, if the response is a stream.
    events: Option<u64>,
    /// Sent as `Idempotency-Key`.
    key: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// The error comes from a user's code and may contain anything.
    hides_source: bool,
    /// The failed token request, shared by all calls that waited for it.
    token: Option<Arc<Error>>,
    /// The time until the next token request.
    pause: Option<Duration>,
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the status of the response, if there was one. For [`ErrorKind::Token`] it is the status of the token
    /// endpoint.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        let response = self.at_fault().0.response.as_ref();
        response.map(|response| response.status)
    }

    /// Returns Dintero's error code (`error.code` in the body): free text such as `NOT FOUND`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.at_fault().0.report.code.as_deref()
    }

    /// Returns Dintero's error message (`error.message` in the body).
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.at_fault().0.report.message.as_deref()
    }

    /// Returns the details of the error (`error.errors` in the body), as received. Empty if there are none.
    #[must_use]
    pub fn errors(&self) -> &[serde_json::Value] {
        &self.at_fault().0.report.errors
    }

    /// Returns the name of the operation: `insight.list_checkout_kpis`. `None` if the error is not about an operation.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.call.as_ref().map(|call| call.name)
    }

    /// Returns the path of the operation with its `{placeholders}`, never with ids.
    #[must_use]
    pub fn path_template(&self) -> Option<&'static str> {
        self.0.call.as_ref().map(|call| call.path)
    }

    /// Returns the scopes of the operation, of which a token needs one. Empty if the API documents none.
    #[must_use]
    pub fn scopes(&self) -> &'static [&'static str] {
        self.0.call.as_ref().map_or(&[], |call| call.scopes)
    }

    /// Returns the id by which Dintero can find the request, if the response has one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let Inner { call, response, .. } = &*self.at_fault().0;
        let header = call.as_ref().and_then(|call| call.request_id_header);
        request_id(response.as_ref()?, header)
    }

    /// Returns the number of events that were read before the error, if the response is a stream that had started to
    /// arrive.
    #[cfg(feature = "event-stream")]
    #[must_use]
    pub fn events_read(&self) -> Option<u64> {
        self.0.events
    }

    /// Returns how long the server asks to wait (`Retry-After`, seconds or a date), counted from the response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let response = self.at_fault().0.response.as_ref()?;
        retry_after::read(&response.headers, SystemTime::now())
    }

    /// Returns the response, if all of it arrived. For [`ErrorKind::Token`] it is the response of the token endpoint.
    #[must_use]
    pub fn raw(&self) -> Option<&RawResponse> {
        let Inner {
            response, complete, ..
        } = &*self.at_fault().0;
        response.as_ref().filter(|_| *complete)
    }

    /// Returns the body of the response, if all of it arrived.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.raw().map(|response| &response.body)
    }

    /// Returns the body of an error response, as the error type of the operation `O`.
    ///
    /// `None` if there was no error response, or if the error is about another operation.
    ///
    /// # Errors
    /// The inner result is an error if the body does not match the documented type.
    #[must_use]
    pub fn error_body<O: Operation>(&self) -> Option<Result<O::ErrorResponse, Self>> {
        let Inner { call, response, .. } = &*self.0;
        let response = response.as_ref().filter(|_| self.0.complete)?;
        let same = call.as_ref().is_some_and(|call| call.name == O::INFO.name);
        if !same || !(response.status.is_client_error() || response.status.is_server_error()) {
            return None;
        }
        let failure = O::error_response(response);
        Some(failure.map_err(|error| error.of(O::INFO)))
    }

    /// Returns the path of the value that could not be read: `$.items[3].amount`. `$` is the whole body, and `*`
    /// replaces the name of an undocumented member. The path never contains values.
    ///
    /// `None` unless the body is JSON that does not match the documented type.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.at_fault().0.json_path.as_deref()
    }

    /// Returns the places that could not be read as documented, with their JSON: in an item of a list, or in the whole
    /// value with [`ClientBuilder::strict`](crate::ClientBuilder::strict). Empty otherwise.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.0.unread
    }

    /// Returns the value of the response that could be read nevertheless: with
    /// [`ClientBuilder::strict`](crate::ClientBuilder::strict), and for [`ErrorKind::Mismatch`]. `None` if the value
    /// has another type than `T`.
    #[must_use]
    pub fn value<T: 'static>(&self) -> Option<&T> {
        self.0.value.as_ref()?.downcast_ref()
    }

    /// Returns whether the request may have reached the server, and may have been carried out.
    ///
    /// `false` only if it provably did not: an invalid value, missing credentials, no connection. After a capture or
    /// refund with `true`, read the transaction before you retry: a retry could move the money twice.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.may_have_been_sent
    }

    /// Returns whether the server reported a success and only the response could not be read. Don't retry such a call.
    #[must_use]
    pub fn call_succeeded(&self) -> bool {
        let status = self.0.response.as_ref().map(|response| response.status);
        // The success may be the response to another request.
        self.0.kind != ErrorKind::Mismatch && status.is_some_and(|status| status.is_success())
    }

    /// Returns the operation to call if the outcome is unknown, such as `get_transaction` after a capture. `None` if
    /// the outcome is known, or if the API has no such operation.
    #[must_use]
    pub fn settled_by(&self) -> Option<&'static str> {
        let unknown = self.may_have_been_sent() && !self.call_succeeded();
        let undecided = matches!(
            self.0.kind,
            ErrorKind::Timeout
                | ErrorKind::Transport
                | ErrorKind::Server
                | ErrorKind::TooLarge
                | ErrorKind::TooSlow
                | ErrorKind::Mismatch
        );
        let call = self.0.call.as_ref()?;
        call.settled_by.filter(|_| unknown && undecided)
    }

    /// Returns the target of a redirect (`Location`), as received: possibly relative to the URL of the request. Nothing
    /// was sent there. It may contain ids and secrets, so neither `Debug` nor `Display` shows it.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        let response = self.at_fault().0.response.as_ref()?;
        let moved = response.status.is_redirection();
        let location = response.headers.get(http::header::LOCATION);
        location.filter(|_| moved)?.to_str().ok()
    }

    /// Returns the `Idempotency-Key` of the call: set by the caller or generated by the client, and the same for every
    /// attempt. A retry with the same key is not carried out twice.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// Returns how often the operation was sent, without token requests.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the time until the next token request; `None` unless there is no token.
    pub(crate) fn pause(&self) -> Option<Duration> {
        self.0.pause
    }

    /// Returns the kind of the underlying error, which may be that of the token request.
    pub(crate) fn cause_kind(&self) -> ErrorKind {
        self.at_fault().0.kind
    }

    /// Returns the error with the response: that of the token request, if that failed; for a token exchange, that of
    /// the first token.
    fn at_fault(&self) -> &Self {
        match &self.0.token {
            Some(token) => token.at_fault(),
            None => self,
        }
    }
}

/// Returns the id of a request, from the documented header or a usual one.
pub(crate) fn request_id<'r>(response: &'r RawResponse, header: Option<&str>) -> Option<&'r str> {
    let mut found = (header.into_iter().chain(REQUEST_ID_HEADERS))
        .filter_map(|name| response.headers.get(name)?.to_str().ok());
    found.next()
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.token {
            Some(token) => Some(&**token),
            None => self.0.source.as_deref().map(|source| source as _),
        }
    }
}

#[cfg(test)]
mod tests;
