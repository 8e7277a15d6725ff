//! Checkout sessions, transactions, settlements, reports and payouts.
//!
//! [`Client::payments`](crate::Client::payments) has the operations. Two responses mean less than their status says:
//!
//! - The response to a capture, refund or void may arrive before it is carried out.
//!   [`Response::wait_until_settled`](crate::Response::wait_until_settled) waits for the outcome.
//! - The response to paying a session with a token may have status 200 although the payment failed. Check
//!   [`PaySessionResponse::outcome`].
//!
//! [`Transaction::capturable`], [`refundable`](Transaction::refundable) and [`voidable`](Transaction::voidable) return
//! the amounts that can still be captured, refunded and voided. [`order`] sums up orders, [`metadata`] checks metadata
//! before it is sent.

mod check;
mod lifecycle;
pub mod metadata;
pub mod order;
mod pay;
mod settle;

#[doc(inline)]
pub use crate::api::payments::*;
pub use pay::{PayFailure, PayOutcome, RetryAdvice};
pub use settle::{Settled, WaitUntilSettled};
