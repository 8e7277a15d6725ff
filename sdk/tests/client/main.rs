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
#[cfg(feature = "payments")]
mod answers;
#[cfg(feature = "blocking")]
mod blocking;
mod bounds;
#[cfg(feature = "download")]
mod chunks;
mod connection;
mod credentials;
#[cfg(feature = "download")]
mod download;
mod faults;
#[cfg(feature = "payments")]
mod health;
mod interceptors;
mod keys;
mod limits;
mod options;
#[cfg(feature = "payments")]
mod outcomes;
#[cfg(feature = "payments")]
mod pages;
mod pool;
mod proxy;
mod query;
mod redaction;
mod redirects;
mod retries;
mod runtimes;
mod secrets;
mod settings;
mod tokens;
#[cfg(feature = "tracing")]
mod tracing;
mod wire;
