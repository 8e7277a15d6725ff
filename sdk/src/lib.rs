//! Typed client for the payment APIs of Dintero.
//!
#![cfg_attr(feature = "insight", doc = "```no_run")]
#![cfg_attr(not(feature = "insight"), doc = "```ignore")]
//! use dintero::insight::CheckoutTransactionEvent;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = dintero::Client::builder()
//!     .account("T12345678".parse()?)
//!     .client_credentials("client id", "client secret")
//!     .build()?;
//!
//! let kpis = client
//!     .insight()
//!     .list_checkout_transaction_event_kpis()
//!     .event(CheckoutTransactionEvent::Capture)
//!     .created_at_gte("2026-01-01T00:00:00Z")
//!     .send()
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! - [`Client`] holds account, credentials and connections. Each API is a method of it; each operation has a builder
//!   that sets parameters by name. A required one that is missing is a compile error that names it.
//! - `.send()` gives the value of the answer, `.send_with_response()` a [`Response`] with status and headers, and
//!   `.build()` an operation to keep, which [`Client::send`] sends.
//! - Lists come in pages: `.items()` of a builder reads them all, `.pages()` one by one; see [`Pages`].
//! - Every failure is an [`Error`]. Before you repeat a call that moves money, ask
//!   [`Error::may_have_been_sent`]. What this crate repeats by itself, and what never, says
//!   [`RetryPolicy`]. No redirect is followed.
//! - A partner acts for its merchants through [`Client::for_merchant`]; other accounts share the connections of a client
//!   through [`Client::to_builder`]; tokens of your own come from a [`TokenProvider`].
//!
//! # Features
//!
//! | Feature | Default | |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls, with the certificates of the system |
//! | `native-tls` | no | TLS by the system's library; used if both are on |
//! | `insight` | yes | figures about what was paid |
//! | `payments` | yes | sessions, transactions, settlements, payouts |
//! | `customers` | no | customers with their tags and tokens, sales locations, look-ups of companies and addresses |
//! | `discounts` | no | discounts, campaigns, claims, automations |
//! | `hooks` | no | subscriptions to events, and what was delivered to them |
//! | `orders` | no | orders and their drafts, line by line |
//! | `products` | no | catalogs of products |
//! | `receipts` | no | receipts of purchases |
//! | `wallets` | no | gift cards and credit notes |
//! | `webhook` | no | `dintero::webhook`: verifying the callbacks and webhooks that Dintero sends |
//! | `jiff-02`, `chrono-04`, `time-03` | no | [`Timestamp`] and [`Date`] from and to the types of these crates |

mod account;
#[allow(
    unreachable_pub,
    reason = "`payments` is reached through the module of that name here"
)]
mod api;
mod auth;
mod client;
mod error;
mod money;
mod nullable;
mod number;
mod page;
#[cfg(feature = "payments")]
pub mod payments;
mod response;
mod retry;
#[doc(hidden)]
pub mod rt;
mod secret;
mod time;
mod transport;
#[cfg(feature = "webhook")]
pub mod webhook;

pub use account::{AccountId, InvalidAccountId};
#[allow(
    unused_imports,
    unreachable_pub,
    reason = "empty when no API is enabled"
)]
pub use api::*;
pub use auth::{AccessToken, TokenProvider};
pub use client::{Client, ClientBuilder, Sending};
pub use error::{Error, ErrorKind};
pub use money::{Amount, Currency, Money, MoneyError, MoneyErrorKind};
pub use nullable::Nullable;
pub use number::Number;
pub use page::{Cursor, InvalidCursor, Items, Page, Pages};
pub use response::Response;
pub use retry::RetryPolicy;
pub use rt::{UnknownValue, Unrecognized, UnrecognizedJson};
pub use secret::Secret;
pub use time::{Date, TimeError, Timestamp};
