//! Values in the query of a callback.

use crate::rt;

/// The error of a callback: nothing was paid, or the automatic capture failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallbackError {
    /// `cancelled`: the payment was cancelled.
    Cancelled,
    /// `authorization`: the payment was not authorized.
    Authorization,
    /// `failed`: it failed otherwise.
    Failed,
    /// `captured`: the automatic capture failed. The payment itself may be authorized: read the transaction.
    ///
    /// Not documented, but Dintero's plugin for WooCommerce expects it.
    CaptureFailed,
    /// A value unknown to this version.
    Unrecognized(rt::Unrecognized<Self>),
}

rt::string_enum!(CallbackError {
    Cancelled "cancelled",
    Authorization "authorization",
    Failed "failed",
    CaptureFailed "captured",
});

/// An event of a transaction after its authorization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallbackEvent {
    /// `CAPTURE`: money was taken.
    Capture,
    /// `REFUND`: money was given back.
    Refund,
    /// `VOID`: the reservation was released.
    Void,
    /// A value unknown to this version.
    Unrecognized(rt::Unrecognized<Self>),
}

rt::string_enum!(CallbackEvent {
    Capture "CAPTURE",
    Refund "REFUND",
    Void "VOID",
});
