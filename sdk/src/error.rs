//! What can go wrong with a call.

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
use http::{Method, StatusCode};

use crate::rt::{Info, Operation, RawResponse, Unread};
use body::Report;
pub use kind::ErrorKind;
#[cfg(feature = "webhook")]
pub(crate) use masked::Masked;

/// Response headers that usually carry an id by which a server finds a call again. An operation may have another one.
const REQUEST_ID_HEADERS: [&str; 2] = ["request-id", "x-request-id"];

/// Why a call, or the making of a client, failed.
///
/// [`kind`](Self::kind) is for programs, the `Display` form is one line for people. Neither `Display` nor `Debug` shows
/// a URL, an id, a credential or the text of a body; `Display` shows the message and the descriptions that Dintero sent
/// with a failure, and why there is no connection.
///
/// Before a call that moves money is repeated, ask [`may_have_been_sent`](Self::may_have_been_sent).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    call: Option<Call>,
    /// In our own words; empty: the kind says it.
    reason: Cow<'static, str>,
    response: Option<RawResponse>,
    /// The response's body is all there.
    complete: bool,
    report: Report,
    /// Where in the body the fault is.
    json_path: Option<String>,
    /// Places that were not as documented.
    unread: Vec<Unread>,
    /// What could be read all the same.
    value: Option<Box<dyn Any + Send + Sync>>,
    may_have_been_sent: bool,
    attempts: u32,
    /// Sent as `Idempotency-Key`.
    key: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// It comes from a user's own code, and may say anything.
    hides_source: bool,
    /// The failed token request, shared by all calls that waited for it.
    token: Option<Arc<Error>>,
    /// For so long nobody asks for a token again.
    pause: Option<Duration>,
}

/// The operation that an error is about.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    /// With `{placeholders}`.
    pub(crate) path: &'static str,
    pub(crate) scopes: &'static [&'static str],
    pub(crate) settled_by: Option<&'static str>,
    pub(crate) request_id_header: Option<&'static str>,
}

impl Call {
    pub(crate) fn of<O: Operation>() -> Self {
        Self {
            request_id_header: O::REQUEST_ID_HEADER,
            ..Self::from(&O::INFO)
        }
    }
}

impl From<&Info> for Call {
    fn from(info: &Info) -> Self {
        Self {
            name: info.name,
            method: info.method.clone(),
            path: info.path,
            scopes: info.scopes,
            settled_by: None,
            request_id_header: None,
        }
    }
}

impl Error {
    /// What went wrong, as far as a program can act on it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Status of the response, if there was one. For [`ErrorKind::Token`] that of the token endpoint.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        let response = self.at_fault().0.response.as_ref();
        response.map(|response| response.status)
    }

    /// Dintero's code of the failure (`error.code` in the body): free text such as `NOT FOUND`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.at_fault().0.report.code.as_deref()
    }

    /// Dintero's explanation of the failure (`error.message` in the body).
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.at_fault().0.report.message.as_deref()
    }

    /// Details of the failure (`error.errors` in the body), as they came. Empty when there are none.
    #[must_use]
    pub fn errors(&self) -> &[serde_json::Value] {
        &self.at_fault().0.report.errors
    }

    /// Name of the operation: `insight.list_checkout_kpis`. None when no operation is concerned.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.call.as_ref().map(|call| call.name)
    }

    /// Path of the operation with its `{placeholders}`, never with ids.
    #[must_use]
    pub fn path_template(&self) -> Option<&'static str> {
        self.0.call.as_ref().map(|call| call.path)
    }

    /// Scopes of the operation, of which a token needs one. Empty when the document names none.
    #[must_use]
    pub fn scopes(&self) -> &'static [&'static str] {
        self.0.call.as_ref().map_or(&[], |call| call.scopes)
    }

    /// The id by which Dintero finds the call again, if the response carried one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let Inner { call, response, .. } = &*self.at_fault().0;
        let header = call.as_ref().and_then(|call| call.request_id_header);
        request_id(response.as_ref()?, header)
    }

    /// How long the server asks to wait (`Retry-After`, seconds or a date), counted from the response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let response = self.at_fault().0.response.as_ref()?;
        retry_after::read(&response.headers, SystemTime::now())
    }

    /// The response, if all of it arrived. For [`ErrorKind::Token`] that of the token endpoint.
    #[must_use]
    pub fn raw(&self) -> Option<&RawResponse> {
        let Inner {
            response, complete, ..
        } = &*self.at_fault().0;
        response.as_ref().filter(|_| *complete)
    }

    /// The body of the response, if all of it arrived.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.raw().map(|response| &response.body)
    }

    /// The body of a failure, as the document types it for the operation `O`.
    ///
    /// `None` when the operation did not answer with a failure, or when the error is about another operation.
    ///
    /// # Errors
    /// The inner result is an error when the body is not what the document says.
    #[must_use]
    pub fn failure<O: Operation>(&self) -> Option<Result<O::Failure, Self>> {
        let Inner { call, response, .. } = &*self.0;
        let response = response.as_ref().filter(|_| self.0.complete)?;
        let same = call.as_ref().is_some_and(|call| call.name == O::INFO.name);
        if !same || !(response.status.is_client_error() || response.status.is_server_error()) {
            return None;
        }
        let failure = O::failure(response);
        Some(failure.map_err(|error| error.of(&Call::of::<O>())))
    }

    /// Where in the body the value is that could not be read: `$.items[3].amount`. `$` is the whole body, and `*` stands
    /// for the name of a member that the document does not know. Never holds values.
    ///
    /// None unless a body that is JSON is not what the document says.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.at_fault().0.json_path.as_deref()
    }

    /// The places that could not be read as documented, with their JSON: of an item of a list, or of the whole value with
    /// [`ClientBuilder::strict`](crate::ClientBuilder::strict). Empty otherwise.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.0.unread
    }

    /// What could be read all the same: the value of the response, with
    /// [`ClientBuilder::strict`](crate::ClientBuilder::strict) and for [`ErrorKind::Mismatch`]. None for another type.
    #[must_use]
    pub fn value<T: 'static>(&self) -> Option<&T> {
        self.0.value.as_ref()?.downcast_ref()
    }

    /// Whether the request may have reached the server, and so may have been carried out.
    ///
    /// `false` only when it provably did not: a value that can't be sent, missing credentials, no connection. After a
    /// capture or refund with `true`, read the state before trying again: repeating it could move the money twice.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.may_have_been_sent
    }

    /// Whether the server reported a success and only its answer could not be read. Repeating such a call is wrong.
    #[must_use]
    pub fn call_succeeded(&self) -> bool {
        let status = self.0.response.as_ref().map(|response| response.status);
        // The success may be that of another request.
        self.0.kind != ErrorKind::Mismatch && status.is_some_and(|status| status.is_success())
    }

    /// The operation that tells whether this call was carried out, such as `get_transaction` after a capture; where
    /// that is not known and the document says which operation it is.
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

    /// Where a 3xx sends the caller (`Location`), as the server wrote it: perhaps relative to the request's own URL.
    /// Nothing was sent there. It may hold ids and secrets, so it appears in no `Debug` or `Display` output.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        let response = self.at_fault().0.response.as_ref()?;
        let moved = response.status.is_redirection();
        let location = response.headers.get(http::header::LOCATION);
        location.filter(|_| moved)?.to_str().ok()
    }

    /// The key that was sent as `Idempotency-Key`, the same with every attempt: set by the caller, or else made up by the
    /// client. Whoever repeats the call with it does not have it carried out twice.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// How often the operation was sent. Fetching a token does not count.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// For how long nobody asks for a token again; none unless there is no token.
    pub(crate) fn pause(&self) -> Option<Duration> {
        self.0.pause
    }

    /// The kind of what went wrong, be it with the token.
    pub(crate) fn cause_kind(&self) -> ErrorKind {
        self.at_fault().0.kind
    }

    /// The error that the response is about: the token request's, where that failed; for a token that is exchanged for
    /// another, the first one's.
    fn at_fault(&self) -> &Self {
        match &self.0.token {
            Some(token) => token.at_fault(),
            None => self,
        }
    }
}

/// The id of a call, in the header that the document names or in a usual one.
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
