//! Values of a callback's query.

use crate::rt;

/// Why a callback reports an error: nothing was paid, or the automatic capture failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallbackError {
    /// `cancelled`: the payment was given up.
    Cancelled,
    /// `authorization`: the payment was not authorized.
    Authorization,
    /// `failed`: it failed otherwise.
    Failed,
    /// `captured`: the automatic capture failed. The payment itself may be authorized: read the transaction.
    ///
    /// Dintero's plugin for WooCommerce expects it, its documentation does not name it.
    CaptureFailed,
    /// A value that this version does not know.
    Unrecognized(rt::Unrecognized<Self>),
}

rt::string_enum!(CallbackError {
    Cancelled "cancelled",
    Authorization "authorization",
    Failed "failed",
    CaptureFailed "captured",
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
