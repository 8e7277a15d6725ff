//! Every generated type and operation: what `Debug` shows of it, and what it makes of answers that are not as they
//! should be.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "tests may panic, and have no public items"
)]

mod canary;
mod catalog;
mod entry;
mod fuzz;
mod kept;
mod sample;
mod source;
mod traits;
mod written;
