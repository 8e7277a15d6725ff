//! Typed client for the payment APIs of Dintero.
//!
#![cfg_attr(feature = "payments", doc = "```no_run")]
#![cfg_attr(not(feature = "payments"), doc = "```ignore")]
//! use dintero::payments::{ProfileId, SessionOrder, SessionUrls};
//! use dintero::{Amount, Currency};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = dintero::Client::builder()
//!     .account("T12345678".parse()?)
//!     .client_credentials("client id", "client secret")
//!     .build()?;
//!
//! let order = SessionOrder::builder()
//!     .amount(Amount::minor(29_990)) // 299.90
//!     .currency(Currency::NOK)
//!     .merchant_reference("order-1042");
//! let session = client
//!     .payments()
//!     .create_session()
//!     .order(order.build())
//!     .url(SessionUrls::builder().return_url("https://shop.example/thanks").build())
//!     .profile_id(ProfileId::new("default"))
//!     .send()
//!     .await?;
//! println!("{:?}", session.url); // where the customer pays
//! # Ok(())
//! # }
//! ```
//!
//! - [`Client`] holds account, credentials and connections. Each API is a method of it; each operation has a builder
//!   that sets parameters by name. A required one that is missing is a compile error that names it.
//! - `.send()` returns the value of the response, `.send_with_response()` a [`Response`] with status and headers, and
//!   `.build()` an operation to store: a value with public fields that serde serializes and [`Client::send`] sends.
//! - Undocumented values don't fail a response. They are kept in `extra` of their object (see [`Extra`]), and
//!   `unread()` lists values of another kind than documented (see [`Unread`]). [`ClientBuilder::strict`] makes these
//!   errors.
//! - Lists are paginated: `.items()` of a builder reads all items, `.pages()` page by page; see [`Pages`].
//! - Every failed call returns an [`Error`]. Before you retry a call that moves money, check
//!   [`Error::may_have_been_sent`]. See [`RetryPolicy`] for what is retried automatically and what never is. Redirects
//!   are not followed.
//! - One call can have a time limit, headers and a retry policy of its own: see [`SendFuture`]. An [`Interceptor`] sees
//!   every request, for logs and metrics.
//! - One client serves several tokio runtimes; without a runtime, a call fails with [`ErrorKind::Runtime`].
//!   `Client::check` checks network, credentials and account.
//! - A partner acts for its merchants through [`Client::for_merchant`]; other accounts share the connections of a client
//!   through [`Client::to_builder`]; tokens of your own come from a [`TokenProvider`].
//!
#![cfg_attr(
    doc,
    doc = "# Guides\n\n[`guide`] has pages about the tasks of a shop: opening sessions, moving money, cards, payouts, \
           callbacks, errors, tests. Each page lists the errors and what to do.\n"
)]
//! # Features
//!
//! | Feature | Default | |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls, with the certificates of the system |
//! | `native-tls` | no | TLS by the system's library; takes precedence if both are enabled |
// table of features, by `cargo xtask codegen` from spec/sdk.toml:
//! | `insight` | yes | figures about what was paid |
//! | `payments` | yes | sessions, transactions, settlements, payouts |
//! | `checkout` | no | sessions of every kind and how they are paid, profiles, terminals, keys, card tokens |
//! | `checkout-gateway` | no | endpoints for browsers and payment providers |
//! | `management` | no | accounts, users, clients and their rights, stores, terminals, connections, sellers |
//! | `customers` | no | customers with their tags and tokens, sales locations, look-ups of companies and addresses |
//! | `discounts` | no | discounts, campaigns, claims, automations |
//! | `hooks` | no | subscriptions to events, and their deliveries |
//! | `orders` | no | orders and their drafts, line by line |
//! | `products` | no | catalogs of products |
//! | `receipts` | no | receipts of purchases |
//! | `wallets` | no | gift cards and credit notes |
//! | `billing` | no | subscriptions that an account is billed for |
//! | `ledger` | no | bank accounts, payout accounts and fund transfers of sellers |
//! | `payout-admin` | no | administration of payouts: proposals, and rules that block payouts |
//! | `reports` | no | reports made from data, such as a PDF about a transaction |
// end of table of features
//! | `blocking` | no | `dintero::blocking`: the same calls for code that is not async |
//! | `download` | no | `Client::download`: large responses into files, or chunk by chunk |
//! | `event-stream` | no | `EventStream`: responses that are streams of events, for generated crates whose document has some |
//! | `multipart` | no | `File` and bodies of `multipart/form-data`, for generated crates whose document has some |
//! | `tracing` | no | spans and events of the crate `tracing` for calls, retries and errors, see below |
//! | `reqwest-013` | no | `ClientBuilder::http_client`: a `reqwest` 0.13 client of your own, by its builder |
//! | `mock` | no | `dintero::mock`: a mock of Dintero in the same process, for your own tests |
//! | `webhook` | no | `dintero::webhook`: verify, read and respond to requests that Dintero sends to your server |
//! | `jiff-02`, `chrono-04`, `time-03` | no | [`Timestamp`] and [`Date`] from and to the types of these crates |
//! | `rust_decimal-1` | no | [`Amount`] and [`Money`] from and to `rust_decimal::Decimal` |
//!
//! # Traits
//!
//! Generated types are `Send` and `Sync`. Their pages do not list the traits that all types of a kind implement:
//!
//! | Type | Traits |
//! |---|---|
//! | object | `Clone`, `Debug`, `PartialEq`, `Serialize`, `Deserialize`, and `Default` unless a member is always present |
//! | operation | `Clone`, `Debug`, `PartialEq`, `Serialize`, `Deserialize` |
//! | enum | `Clone`, `Debug`, `Display`, `Eq`, `Hash`, `FromStr`, `From<&str>`, `From<String>`, `Serialize`, `Deserialize`; one of numbers `From<i64>` instead of those from text |
//! | identifier | `Clone`, `Debug`, `Display`, `Eq`, `Hash`, `Ord`, `FromStr`, `AsRef<str>`, `Serialize`, `Deserialize` |
//! | builder | `Clone`, `Debug`; one of an operation can be awaited instead of sent |
//! | headers, error response by status | `Clone`, `Debug` |
//!
//! # Spans and events
//!
//! With the feature `tracing` each call has a span `dintero.call`, with a child span `dintero.request` for each
//! request, token requests included. Their fields follow OpenTelemetry's conventions for HTTP clients:
//! `http.request.method`, `http.request.resend_count`, `http.response.status_code`, `url.scheme`, `url.template`,
//! `server.address`, `server.port`, `error.type`; and `dintero.operation`, such as `payments.capture_transaction`,
//! `dintero.attempts` and `dintero.request_id`. `url.template` is the path with its `{placeholders}`: spans contain no
//! ids, queries, bodies or secrets.
//!
//! Each retry, each failed call and each failed token request is an event of the level `WARN`, with the operation, the
//! status and the id of the request; each response is an event of the level `DEBUG`. None contains text of a server.
//!
//! Each place of a response that does not match its documentation is a warning with its `path` and what was `expected`,
//! never with the value.

#![cfg_attr(docsrs, feature(doc_cfg))]
// docs.rs shows the source itself; pages of it would be a fifth of the documentation.
#![cfg_attr(docsrs, doc(html_no_source))]

mod account;
#[allow(
    unreachable_pub,
    reason = "`payments` is reached through the module of that name here"
)]
#[rustfmt::skip]
mod api;
mod auth;
mod base64;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod error;
// Read whatever the features; its code takes these.
#[cfg(all(
    doc,
    any(
        not(doctest),
        all(
            feature = "download",
            feature = "mock",
            feature = "payments",
            feature = "webhook"
        )
    )
))]
pub mod guide;
mod interceptor;
#[cfg(feature = "mock")]
pub mod mock;
mod money;
mod number;
mod observed;
mod page;
mod redirect;
mod response;
mod retry;
#[doc(hidden)]
pub mod rt;
mod secret;
mod time;
mod trace;
mod transport;
#[cfg(feature = "webhook")]
pub mod webhook;

// modules, by `cargo xtask codegen` from spec/sdk.toml:
#[cfg(feature = "payments")]
pub mod payments;
#[cfg(feature = "billing")]
pub use api::billing;
#[cfg(feature = "checkout")]
pub use api::checkout;
#[cfg(feature = "checkout-gateway")]
pub use api::checkout_gateway;
#[cfg(feature = "customers")]
pub use api::customers;
#[cfg(feature = "discounts")]
pub use api::discounts;
#[cfg(feature = "hooks")]
pub use api::hooks;
#[cfg(feature = "insight")]
pub use api::insight;
#[cfg(feature = "ledger")]
pub use api::ledger;
#[cfg(feature = "management")]
pub use api::management;
#[cfg(feature = "orders")]
pub use api::orders;
#[cfg(feature = "payout-admin")]
pub use api::payout_admin;
#[cfg(feature = "products")]
pub use api::products;
#[cfg(feature = "receipts")]
pub use api::receipts;
#[cfg(feature = "reports")]
pub use api::reports;
#[cfg(feature = "wallets")]
pub use api::wallets;
// end of modules
#[cfg(doc)]
pub use api::not_confirmed;

pub use account::{AccountId, InvalidAccountId};
pub use auth::{AccessToken, TokenProvider};
#[cfg(feature = "event-stream")]
pub use client::EventStream;
#[cfg(feature = "download")]
pub use client::{Chunks, Download};
pub use client::{Client, ClientBuilder, PaymentsBase, SendFuture};
pub use error::{Error, ErrorKind};
pub use interceptor::{Attempt, Interceptor, Outcome};
pub use money::{Amount, Currency, Money, MoneyError, MoneyErrorKind};
pub use number::Number;
pub use page::{Cursor, InvalidCursor, Items, Page, Pages};
pub use redirect::Redirect;
pub use response::Response;
pub use retry::RetryPolicy;
#[cfg(feature = "multipart")]
pub use rt::File;
#[cfg(feature = "event-stream")]
pub use rt::StreamEvent;
pub use rt::{
    Extra, List, Map, OneOrList, UnknownValue, Unread, UnreadItem, Unrecognized, UnrecognizedJson,
};
pub use secret::Secret;
pub use time::{Date, TimeError, Timestamp};
