//! Sessions that customers pay in, the transactions that come of them, settlements, reports and payouts.
//!
//! [`Client::payments`](crate::Client::payments) has the operations. Two answers mean less than they seem to:
//!
//! - A capture, refund or void may be answered before it is carried out.
//!   [`Response::wait_until_settled`](crate::Response::wait_until_settled) waits for what comes of it.
//! - A session that is paid with a token may be answered with 200 although nobody paid.
//!   [`PaySessionResponse::outcome`] tells.
//!
//! What can still be done with a transaction say [`Transaction::capturable`], [`refundable`](Transaction::refundable) and
//! [`voidable`](Transaction::voidable). [`order`] adds orders up, [`metadata`] checks metadata before it is sent.

mod check;
mod lifecycle;
pub mod metadata;
pub mod order;
mod pay;
mod settle;

pub use crate::api::payments::*;
pub use pay::{PayFailure, PayOutcome, RetryAdvice};
pub use settle::{Settled, WaitUntilSettled};
