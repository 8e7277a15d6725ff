//! Why something is not accepted as Dintero's.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use crate::error::Masked;

/// Why a request is not accepted as Dintero's, or a verifier or signer can't be made.
///
/// [`kind`](Self::kind) is for programs, [`status`](Self::status) is the HTTP status to respond with, and the `Display` form is one line for
/// people that says what to do. None of them, nor `Debug`, shows a secret, a signature or a value of the request.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Masked>,
}

/// What is wrong, as far as a program can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is wrong: no secret, an empty one, a host that is none, a [`CallbackUrl`](super::CallbackUrl) that Dintero
    /// would not call. Yours to mend.
    Configuration,
    /// The request can't be verified at all: its URL, method or host is missing or unreadable.
    Request,
    /// The header with the signature is not there. The sender is not Dintero, or no secret has been set up there.
    MissingSignature,
    /// The header with the signature is not in the form that Dintero documents.
    MalformedSignature,
    /// The header carries no signature by a scheme that is known here (`v0-hmac-sha256`).
    UnknownScheme,
    /// The signature fits none of the secrets: another sender, something changed on the way, another secret or account,
    /// or a host or path that differs from the one Dintero called.
    WrongSignature,
    /// Rightly signed, but longer ago than the tolerance: a replay, or this machine's clock is fast.
    TooOld,
    /// Rightly signed, but for a time further ahead than the tolerance: this machine's clock is slow.
    TooEarly,
    /// The body is not the JSON that was asked for.
    Json,
    /// There is no transaction to read: what came names none, as when a payment was cancelled.
    NoTransaction,
    /// An answer can't be written as JSON: one of its numbers is infinite or not a number.
    Reply,
}

impl Error {
    /// What is wrong, as far as a program can act on it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the HTTP status to respond with.
    ///
    /// | Kind | Status | Why |
    /// |---|---|---|
    /// | `MissingSignature`, `MalformedSignature`, `UnknownScheme`, `WrongSignature` | 401 | nothing shows that Dintero sent it |
    /// | `Request`, `Json` | 400 | the next delivery would be as unreadable |
    /// | `TooOld`, `TooEarly` | 503 | the signature is right, so the clock of this machine may be wrong: Dintero delivers it again |
    /// | `Configuration`, `Reply` | 500 | the fault is on this side: Dintero delivers it again |
    /// | `NoTransaction` | 200 | it was understood and there is nothing to read: no other delivery would be different |
    ///
    /// Dintero delivers a callback up to twenty more times after a 5xx and never again after a 4xx, and a webhook up to five
    /// times in all. An express checkout asks once and takes anything but 200 for a failure. If a request to the API fails
    /// while you handle a delivery, respond with 503.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.kind {
            ErrorKind::MissingSignature
            | ErrorKind::MalformedSignature
            | ErrorKind::UnknownScheme
            | ErrorKind::WrongSignature => StatusCode::UNAUTHORIZED,
            ErrorKind::Request | ErrorKind::Json => StatusCode::BAD_REQUEST,
            ErrorKind::TooOld | ErrorKind::TooEarly => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Configuration | ErrorKind::Reply => StatusCode::INTERNAL_SERVER_ERROR,
            ErrorKind::NoTransaction => StatusCode::OK,
        }
    }

    pub(super) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// With the place of the fault, which quotes no value.
    pub(super) fn of_json(
        kind: ErrorKind,
        message: &'static str,
        source: &serde_json::Error,
    ) -> Self {
        Self {
            kind,
            message: message.into(),
            source: Some(Masked::of(source)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
