//! Constructors of errors.

use std::any::Any;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;

use super::body::Report;
use super::{Error, ErrorKind, Inner, masked};
use crate::Secret;
use crate::auth::Failure;
use crate::retry::Progress;
use crate::rt::{Info, Invalid, RawResponse, Unread};

impl Error {
    pub(super) fn new(kind: ErrorKind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            call: None,
            reason: reason.into(),
            response: None,
            complete: false,
            report: Report::default(),
            json_path: None,
            unread: Vec::new(),
            value: None,
            may_have_been_sent: false,
            attempts: 0,
            events: None,
            key: None,
            source: None,
            hides_source: false,
            token: None,
            pause: None,
        }))
    }

    /// An invalid value, by the name of the parameter or field. Nothing was sent.
    #[doc(hidden)]
    #[must_use]
    pub fn invalid_request(parameter: &str, reason: impl Into<String>) -> Self {
        let reason = format!("`{parameter}`: {}", reason.into());
        Self::new(ErrorKind::InvalidRequest, reason)
    }

    /// A body that does not match its documentation.
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

    /// Pages of a list that don't reach its end.
    pub(crate) fn pagination(reason: impl Into<Cow<'static, str>>) -> Self {
        let mut error = Self::new(ErrorKind::Pagination, reason);
        error.0.may_have_been_sent = true;
        error
    }

    /// A body that is JSON, but does not match its documentation.
    #[doc(hidden)]
    #[must_use]
    pub fn unfit(response: &RawResponse, source: Invalid) -> Self {
        let mut error = Self::decode(response, serde::de::Error::custom(&source));
        error.0.json_path = Some(source.json_path());
        error.0.source = Some(Box::new(source));
        error
    }

    /// A body that was read, but not all of it as documented. The value is kept.
    pub(crate) fn not_all_read(
        response: &RawResponse,
        places: Vec<Unread>,
        value: Box<dyn Any + Send + Sync>,
    ) -> Self {
        let mut error = Self::not_as_documented(places);
        error.0.response = Some(response.clone());
        error.0.complete = true;
        error.0.value = Some(value);
        error
    }

    /// A response about another object than requested, which may be the response to another request.
    pub(crate) fn mismatch(response: &RawResponse, value: Box<dyn Any + Send + Sync>) -> Self {
        let mut error = Self::new(ErrorKind::Mismatch, "");
        error.0.response = Some(response.clone());
        error.0.complete = true;
        error.0.value = Some(value);
        error.0.may_have_been_sent = true;
        error
    }

    /// An item of a list that could not be read.
    pub(crate) fn not_as_documented(places: Vec<Unread>) -> Self {
        let first = places.first().map(ToString::to_string);
        let more = match places.len() {
            0 | 1 => String::new(),
            many => format!(" (and {} more)", many - 1),
        };
        let reason = format!("not as documented: {}{more}", first.unwrap_or_default());
        let mut error = Self::new(ErrorKind::Unread, reason);
        error.0.json_path = places.first().map(|place| place.logged_path().to_owned());
        error.0.unread = places;
        error.0.may_have_been_sent = true;
        error
    }

    /// An invalid or missing setting of the client.
    pub(crate) fn configuration(setting: &str, reason: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, format!("{setting}: {reason}"))
    }

    /// No runtime to make the call on.
    pub(crate) fn runtime(reason: &'static str) -> Self {
        Self::new(ErrorKind::Runtime, reason)
    }

    /// The client has no credentials that the operation accepts.
    pub(crate) fn credentials(reason: String) -> Self {
        Self::new(ErrorKind::Credentials, reason)
    }

    /// The token request failed, for this call or for one before.
    pub(crate) fn token(failure: Failure) -> Self {
        let reason = match failure.is_remembered {
            true => Cow::Owned(format!(
                "an earlier token request failed; the next is sent in {:.1} s at the earliest",
                failure.pause.as_secs_f64()
            )),
            false => Cow::Borrowed(""),
        };
        let mut error = Self::new(ErrorKind::Token, reason);
        error.0.token = Some(failure.error);
        error.0.pause = Some(failure.pause);
        error
    }

    /// A token provider that returned no token.
    pub(crate) fn provider(source: Box<dyn StdError + Send + Sync>) -> Self {
        let mut error = Self::new(ErrorKind::Token, "the token provider has none");
        error.0.source = Some(source);
        error.0.hides_source = true;
        error
    }

    /// An invalid token response. Its body is not kept, because it may contain the token.
    pub(crate) fn useless_token(status: StatusCode, reason: &'static str) -> Self {
        let mut error = Self::new(ErrorKind::Decode, reason);
        error.0.response = Some(RawResponse {
            status,
            headers: http::HeaderMap::new(),
            body: Bytes::new(),
            is_strict: false,
        });
        error.0.may_have_been_sent = true;
        error
    }

    /// A success without a value that is needed to continue.
    #[cfg(feature = "payments")]
    pub(crate) fn without_trace(status: StatusCode, reason: &'static str) -> Self {
        Self::useless_token(status, reason)
    }

    /// An incomplete response. `head` is the received part.
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

    /// A body that was not read to its end, or could not be written. `head` is the response without it.
    pub(crate) fn handing_on(
        kind: ErrorKind,
        head: RawResponse,
        reason: impl Into<Cow<'static, str>>,
        source: Option<std::io::Error>,
    ) -> Self {
        let mut error = Self::new(kind, reason);
        error.0.may_have_been_sent = true;
        error.0.response = Some(head);
        error.0.source = source.map(Into::into);
        error
    }

    /// A call that ended without an outcome because code panicked.
    #[cfg(feature = "blocking")]
    pub(crate) fn lost() -> Self {
        let mut error = Self::new(ErrorKind::Transport, "the call panicked");
        error.0.may_have_been_sent = true;
        error
    }

    /// An error response.
    pub(crate) fn status_of(response: RawResponse) -> Self {
        let mut error = Self::new(ErrorKind::of_status(response.status), "");
        error.0.report = Report::read(&response.body);
        error.0.response = Some(response);
        error.0.complete = true;
        error.0.may_have_been_sent = true;
        error
    }

    /// Removes secrets from the text of the server, in case it contains one.
    #[must_use]
    pub(crate) fn hiding(mut self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        let Report {
            code,
            message,
            details,
            ..
        } = &mut self.0.report;
        for secret in secrets {
            // Percent-encoded, as in a query.
            let encoded: String =
                form_urlencoded::byte_serialize(secret.expose().as_bytes()).collect();
            let encoded = Secret::new(encoded);
            let texts = code.iter_mut().chain(message.iter_mut());
            for text in texts.chain(details.iter_mut()) {
                masked::hide(text, secret.expose());
                masked::hide(text, encoded.expose());
            }
        }
        self
    }

    /// The deadline of the call has passed. `head` is the response whose body was still being received.
    pub(crate) fn deadline(limit: std::time::Duration, head: Option<RawResponse>) -> Self {
        let reason = format!("the whole call had {} s", limit.as_secs_f64());
        let mut error = Self::new(ErrorKind::Timeout, reason);
        error.0.response = head;
        error
    }

    /// The deadline of a download has passed.
    #[cfg(feature = "download")]
    pub(crate) fn download_deadline(limit: std::time::Duration) -> Self {
        let reason = format!("the whole download had {} s", limit.as_secs_f64());
        let mut error = Self::new(ErrorKind::Timeout, reason);
        error.0.may_have_been_sent = true;
        error
    }

    /// Adds the outcome of all attempts.
    #[must_use]
    pub(crate) fn after(mut self, progress: &Progress) -> Self {
        self.0.attempts = progress.attempts();
        self.0.may_have_been_sent |= progress.is_undecided();
        self
    }

    /// Adds the number of events that were read.
    #[cfg(feature = "event-stream")]
    #[must_use]
    pub(crate) fn after_events(mut self, read: u64) -> Self {
        self.0.events = Some(read);
        self
    }

    /// Adds the idempotency key that was sent.
    #[must_use]
    pub(crate) fn with_key(mut self, key: Option<&str>) -> Self {
        self.0.key = key.map(str::to_owned);
        self
    }

    /// Returns the received part of a response, complete or not.
    pub(crate) fn head(&self) -> Option<&RawResponse> {
        self.0.response.as_ref()
    }

    /// Adds the operation, unless the error has one.
    #[must_use]
    pub(crate) fn of(mut self, call: &'static Info) -> Self {
        self.0.call.get_or_insert(call);
        self
    }
}
