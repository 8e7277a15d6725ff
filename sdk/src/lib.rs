//! Typed client for the payment APIs of Dintero.

mod account;
mod api;
mod auth;
mod client;
mod error;
mod nullable;
mod number;
mod response;
#[doc(hidden)]
pub mod rt;
mod secret;
mod time;
mod transport;

pub use account::{AccountId, InvalidAccountId};
#[allow(
    unused_imports,
    unreachable_pub,
    reason = "empty when no API is enabled"
)]
pub use api::*;
pub use client::{Client, ClientBuilder, Sending};
pub use error::{Error, ErrorKind};
pub use nullable::Nullable;
pub use number::Number;
pub use response::Response;
pub use secret::Secret;
pub use time::{Date, Timestamp};
