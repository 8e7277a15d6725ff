//! Transactions, orders and metadata, as users have them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod lifecycle;
mod metadata;
mod order;
mod payloads;
mod stored;
