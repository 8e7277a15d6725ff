//! Errors of verification.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use crate::error::Masked;

/// The error of a request that could not be verified or read, or of an invalid verifier or signer.
///
/// Match on [`kind`](Self::kind), respond with [`status`](Self::status), and show `Display`, which is one line that
/// says what to do. Neither `Display` nor `Debug` shows a secret, a signature or a value of the request.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Masked>,
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is invalid: a missing or empty secret, an invalid host, a [`CallbackUrl`](super::CallbackUrl) that
    /// Dintero would not call. Fix your configuration.
    Configuration,
    /// The request can't be verified: its URL, method or host is missing or invalid.
    Request,
    /// The header with the signature is missing. The sender is not Dintero, or no secret has been configured at
    /// Dintero.
    MissingSignature,
    /// The header with the signature does not have the documented format.
    MalformedSignature,
    /// The header has no signature of a supported scheme (`v0-hmac-sha256`).
    UnknownScheme,
    /// The signature matches none of the secrets: another sender, a modified request, another secret or account, or a
    /// host or path that differs from the one that Dintero called.
    WrongSignature,
    /// A valid signature, but older than the tolerance: a replay, or this machine's clock is fast.
    TooOld,
    /// A valid signature, but further in the future than the tolerance: this machine's clock is slow.
    TooEarly,
    /// The body is not JSON of the requested type.
    Json,
    /// There is no transaction to read: the request has no id of one, as when a payment was cancelled.
    NoTransaction,
    /// A response can't be written as JSON: one of its numbers is infinite or not a number.
    Reply,
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the HTTP status to respond with.
    ///
    /// | Kind | Status | Why |
    /// |---|---|---|
    /// | `MissingSignature`, `MalformedSignature`, `UnknownScheme`, `WrongSignature` | 401 | nothing proves that Dintero sent it |
    /// | `Request`, `Json` | 400 | the next delivery could not be read either |
    /// | `TooOld`, `TooEarly` | 503 | the signature is valid, so the clock of this machine may be wrong: Dintero delivers it again |
    /// | `Configuration`, `Reply` | 500 | the error is on this side: Dintero delivers it again |
    /// | `NoTransaction` | 200 | it was read and there is no transaction: another delivery would not change that |
    ///
    /// Dintero delivers a callback up to twenty more times after a 5xx and never again after a 4xx, and a webhook up to
    /// five times in total. An express checkout sends one request and treats anything except 200 as a failure. If a
    /// request to the API fails while you handle a delivery, respond with 503.
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

    /// Adds the place of the error, which contains no values.
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
