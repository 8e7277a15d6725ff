//! What can go wrong with a call.

mod body;
mod kind;
mod masked;
mod retry_after;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Method, StatusCode};

use crate::Secret;
use crate::retry::Progress;
use crate::rt::{Info, Invalid, Operation, RawResponse};
use body::Report;
pub use kind::ErrorKind;
#[cfg(feature = "webhook")]
pub(crate) use masked::Masked;

/// Response headers that usually carry an id by which a server finds a call again. An operation may have another one.
const REQUEST_ID_HEADERS: [&str; 2] = ["request-id", "x-request-id"];

/// Why a call, or the making of a client, failed.
///
/// [`kind`](Self::kind) is for programs, the `Display` form is one line for people. Neither `Display` nor `Debug` shows
/// a URL, an id, a credential or the text of a body; `Display` shows the message that Dintero sent with a failure.
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
    may_have_been_sent: bool,
    attempts: u32,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// The failed token request, shared by all calls that waited for it.
    token: Option<Arc<Error>>,
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
        status.is_some_and(|status| status.is_success())
    }

    /// The operation that tells whether this call was carried out, such as `get_transaction` after a capture; where
    /// that is not known and the document says which operation it is.
    #[must_use]
    pub fn settled_by(&self) -> Option<&'static str> {
        let unknown = self.may_have_been_sent() && !self.call_succeeded();
        let undecided = matches!(
            self.0.kind,
            ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::Server
        );
        let call = self.0.call.as_ref()?;
        call.settled_by.filter(|_| unknown && undecided)
    }

    /// How often the operation was sent. Fetching a token does not count.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
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

/// How errors are made.
impl Error {
    fn new(kind: ErrorKind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            call: None,
            reason: reason.into(),
            response: None,
            complete: false,
            report: Report::default(),
            json_path: None,
            may_have_been_sent: false,
            attempts: 0,
            source: None,
            token: None,
        }))
    }

    /// A value that can't be sent, by name of the parameter or field. Nothing was sent.
    #[doc(hidden)]
    #[must_use]
    pub fn invalid_request(parameter: &str, reason: impl Into<String>) -> Self {
        let reason = format!("`{parameter}`: {}", reason.into());
        Self::new(ErrorKind::InvalidRequest, reason)
    }

    /// A body that is not what the document says.
    #[doc(hidden)]
    #[must_use]
    pub fn decode(response: &RawResponse, source: serde_json::Error) -> Self {
        let mut error = Self::new(ErrorKind::Decode, "");
        error.0.source = Some(Box::new(masked::Masked::of(&source)));
        error.0.response = Some(response.clone());
        error.0.complete = true;
        error.0.may_have_been_sent = true;
        error
    }

    /// Pages of a list that don't lead on.
    pub(crate) fn pagination(reason: &'static str) -> Self {
        let mut error = Self::new(ErrorKind::Pagination, reason);
        error.0.may_have_been_sent = true;
        error
    }

    /// A body that is JSON, but not what the document says.
    #[doc(hidden)]
    #[must_use]
    pub fn unfit(response: &RawResponse, source: Invalid) -> Self {
        let mut error = Self::decode(response, serde::de::Error::custom(&source));
        error.0.json_path = Some(source.json_path());
        error.0.source = Some(Box::new(source));
        error
    }

    /// A setting of the client that is wrong or missing.
    pub(crate) fn configuration(setting: &str, reason: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, format!("{setting}: {reason}"))
    }

    /// The client has no credentials that the operation accepts.
    pub(crate) fn credentials(reason: String) -> Self {
        Self::new(ErrorKind::Credentials, reason)
    }

    /// The token request failed.
    pub(crate) fn token(cause: Arc<Self>) -> Self {
        let mut error = Self::new(ErrorKind::Token, "");
        error.0.token = Some(cause);
        error
    }

    /// A token provider gave none.
    pub(crate) fn provider(source: Box<dyn StdError + Send + Sync>) -> Self {
        let mut error = Self::new(ErrorKind::Token, "the token provider has none");
        error.0.source = Some(source);
        error
    }

    /// A token response that is of no use. Its body is not kept: it may hold the token.
    pub(crate) fn useless_token(status: StatusCode, reason: &'static str) -> Self {
        let mut error = Self::new(ErrorKind::Decode, reason);
        error.0.response = Some(RawResponse {
            status,
            headers: http::HeaderMap::new(),
            body: Bytes::new(),
        });
        error.0.may_have_been_sent = true;
        error
    }

    /// A success that lacks what is needed to go on.
    #[cfg(feature = "payments")]
    pub(crate) fn without_trace(status: StatusCode, reason: &'static str) -> Self {
        Self::useless_token(status, reason)
    }

    /// No complete response. `head` is what came of it.
    pub(crate) fn exchange(
        kind: ErrorKind,
        may_have_been_sent: bool,
        head: Option<RawResponse>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        let mut error = Self::new(kind, "");
        error.0.may_have_been_sent = may_have_been_sent;
        error.0.response = head;
        error.0.source = Some(Box::new(source));
        error
    }

    /// A response that is no success.
    pub(crate) fn status_of(response: RawResponse) -> Self {
        let mut error = Self::new(ErrorKind::of_status(response.status), "");
        error.0.report = Report::read(&response.body);
        error.0.response = Some(response);
        error.0.complete = true;
        error.0.may_have_been_sent = true;
        error
    }

    /// Takes secrets out of what the server said, in case it repeated one.
    #[must_use]
    pub(crate) fn hiding<'s>(mut self, secrets: impl Iterator<Item = &'s Secret>) -> Self {
        let Report { code, message, .. } = &mut self.0.report;
        for secret in secrets.map(Secret::expose) {
            for text in [&mut *code, &mut *message].into_iter().flatten() {
                if !secret.is_empty() && text.contains(secret) {
                    *text = text.replace(secret, "…");
                }
            }
        }
        self
    }

    /// The time for the whole call is over.
    pub(crate) fn deadline(limit: std::time::Duration) -> Self {
        let reason = format!("the whole call had {} s", limit.as_secs_f64());
        Self::new(ErrorKind::Timeout, reason)
    }

    /// The same error, with what came of all attempts.
    #[must_use]
    pub(crate) fn after(mut self, progress: &Progress) -> Self {
        self.0.attempts = progress.attempts();
        self.0.may_have_been_sent |= progress.is_undecided();
        self
    }

    /// The same error, said of an operation, unless it is about one already.
    #[must_use]
    pub(crate) fn of(mut self, call: &Call) -> Self {
        self.0.call.get_or_insert_with(|| call.clone());
        self
    }
}

/// The id of a call, in the header that the document names or in a usual one.
pub(crate) fn request_id<'r>(response: &'r RawResponse, header: Option<&str>) -> Option<&'r str> {
    let mut found = (header.into_iter().chain(REQUEST_ID_HEADERS))
        .filter_map(|name| response.headers.get(name)?.to_str().ok());
    found.next()
}

impl Error {
    fn write_place(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.json_path {
            Some(path) => write!(f, " at {path}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            call,
            reason,
            response,
            report,
            may_have_been_sent,
            ..
        } = &*self.0;
        if let Some(call) = call {
            write!(f, "{} {}: ", call.method, call.path)?;
        }
        let status = response.as_ref().map(|response| response.status);
        if let Some(status) = status {
            f.write_str(status.as_str())?;
            if let Some(words) = status.canonical_reason() {
                write!(f, " {words}")?;
            }
        }
        if kind.is_status() {
            let mut details = Vec::new();
            if let Some(code) = &report.code {
                details.push(format!("code {}", one_line(code)));
            }
            if let Some(id) = self.request_id() {
                details.push(format!("request id {}", one_line(id)));
            }
            if !details.is_empty() {
                write!(f, " ({})", details.join(", "))?;
            }
            if let Some(message) = &report.message {
                write!(f, ": {}", one_line(message))?;
            }
            let scopes = self.scopes();
            if *kind == ErrorKind::Forbidden && !scopes.is_empty() {
                write!(f, "; needs one of the scopes {}", scopes.join(", "))?;
            }
            let come_back = matches!(kind, ErrorKind::RateLimited | ErrorKind::Server);
            if let Some(read) = self.settled_by() {
                write!(f, "; whether it was carried out, `{read}` tells")?;
            }
            if let Some(wait) = self.retry_after().filter(|_| come_back) {
                write!(f, "; the server asks to wait {} s", wait.as_secs())?;
            }
            if *kind == ErrorKind::Redirect {
                f.write_str(": redirects are not followed")?;
            }
            return Ok(());
        }
        if status.is_some() {
            f.write_str(": ")?;
        }
        if self.call_succeeded() {
            f.write_str("the call succeeded, but its answer ")?;
            f.write_str(match (kind, &**reason) {
                (ErrorKind::Timeout, _) => "did not arrive in time",
                (ErrorKind::Decode, "") => "could not be read",
                (ErrorKind::Decode, reason) => reason,
                _ => "broke off",
            })?;
            return self.write_place(f);
        }
        f.write_str(kind.words())?;
        self.write_place(f)?;
        if !reason.is_empty() {
            write!(f, ": {}", one_line(reason))?;
        }
        let undecided = matches!(kind, ErrorKind::Timeout | ErrorKind::Transport);
        if undecided && *may_have_been_sent && status.is_none() {
            f.write_str(" (the request may have been carried out")?;
            if let Some(read) = self.settled_by() {
                write!(f, "; `{read}` tells")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &inner.kind);
        if let Some(call) = &inner.call {
            debug.field("operation", &call.name);
        }
        if let Some(response) = &inner.response {
            debug.field("status", &response.status.as_u16());
            debug.field("body_length", &response.body.len());
        }
        if let Some(code) = inner.report.plain_code() {
            debug.field("code", &code);
        }
        if !inner.reason.is_empty() {
            debug.field("reason", &inner.reason);
        }
        if let Some(path) = &inner.json_path {
            debug.field("json_path", path);
        }
        debug.field("may_have_been_sent", &inner.may_have_been_sent);
        debug.field("attempts", &inner.attempts);
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        if let Some(token) = &inner.token {
            debug.field("token_request", token);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.token {
            Some(token) => Some(&**token),
            None => self.0.source.as_deref().map(|source| source as _),
        }
    }
}

/// Text of a server, made fit for a log line.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 500;
    let mut line: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests;
