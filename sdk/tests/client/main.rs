//! The client over a loopback socket.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod bounds;
mod credentials;
mod faults;
#[cfg(feature = "payments")]
mod outcomes;
#[cfg(feature = "payments")]
mod pages;
mod proxy;
mod retries;
mod secrets;
mod settings;
mod tokens;
mod wire;
