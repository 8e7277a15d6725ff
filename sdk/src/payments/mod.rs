//! Sessions that customers pay in, the transactions that come of them, settlements, reports and payouts.
//!
//! [`Client::payments`](crate::Client::payments) has the operations. Two answers mean less than they seem to:
//!
//! - A capture, refund or void may be answered before it is carried out.
//!   [`Response::wait_until_settled`](crate::Response::wait_until_settled) waits for what comes of it.
//! - A session that is paid with a token may be answered with 200 although nobody paid.
//!   [`PaySessionResponse::outcome`] tells.

mod pay;
mod settle;

pub use crate::api::payments::*;
pub use pay::{PayFailure, PayOutcome, RetryAdvice};
pub use settle::{Settled, Settling};
