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

rt::string_enum!(CallbackError {
    Cancelled "cancelled",
    Authorization "authorization",
    Failed "failed",
});

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

rt::string_enum!(CallbackEvent {
    Capture "CAPTURE",
    Refund "REFUND",
    Void "VOID",
});
