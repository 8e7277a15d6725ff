//! Values of a callback's query.

use crate::rt;

/// Why a callback reports that nothing was paid.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallbackError {
    /// `cancelled`: the payment was given up.
    Cancelled,
    /// `authorization`: the payment was not authorized.
    Authorization,
    /// `failed`: it failed otherwise.
    Failed,
    /// A value that this version does not know.
    Unrecognized(rt::Unrecognized<Self>),
}

impl CallbackError {
    const TABLE: &'static [(&'static str, Self)] = &[
        ("cancelled", Self::Cancelled),
        ("authorization", Self::Authorization),
        ("failed", Self::Failed),
    ];
}
rt::string_enum!(CallbackError);

/// What happened to a transaction after its authorization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallbackEvent {
    /// `CAPTURE`: money was taken.
    Capture,
    /// `REFUND`: money was given back.
    Refund,
    /// `VOID`: the reservation was released.
    Void,
    /// A value that this version does not know.
    Unrecognized(rt::Unrecognized<Self>),
}

impl CallbackEvent {
    const TABLE: &'static [(&'static str, Self)] = &[
        ("CAPTURE", Self::Capture),
        ("REFUND", Self::Refund),
        ("VOID", Self::Void),
    ];
}
rt::string_enum!(CallbackEvent);
