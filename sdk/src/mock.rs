//! Dintero in the same process, for tests of your own: without sockets and without waiting.
//!
//! [`Mock::client`] gives an ordinary [`Client`]. Requests are built, tokens fetched, calls repeated and answers read as
//! ever; only what would go over the network goes to the mock, which replies by rules.
//!
#![cfg_attr(feature = "payments", doc = "```")]
#![cfg_attr(not(feature = "payments"), doc = "```ignore")]
//! use dintero::mock::{self, Mock, Reply};
//! use dintero::payments::{CaptureTransaction, Transaction, TransactionId};
//! use dintero::{Amount, Client, Currency, Error};
//!
//! /// What is to be tested.
//! async fn ship(client: &Client, id: &TransactionId) -> Result<bool, Error> {
//!     let captured = client
//!         .payments()
//!         .capture_transaction(id)
//!         .amount(Amount::minor(29_990))
//!         .send()
//!         .await?;
//!     Ok(captured.status.as_str() == "CAPTURED")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let mock = Mock::new();
//! let captured = mock::value(|transaction: &mut Transaction| {
//!     transaction.id = TransactionId::new("P12345678.abc");
//!     transaction.amount = Amount::minor(29_990);
//!     transaction.currency = Currency::NOK;
//!     transaction.status = "CAPTURED".into();
//! });
//! mock.on::<CaptureTransaction>()
//!     .when(|call| call.body.amount == Some(Amount::minor(29_990)))
//!     .replies([Reply::rate_limited(std::time::Duration::from_secs(2)), Reply::value(&captured)]);
//!
//! let id = TransactionId::new("P12345678.abc");
//! assert!(ship(&mock.client(), &id).await?);
//!
//! // It was repeated after two seconds, which took no time.
//! assert_eq!(mock.attempts::<CaptureTransaction>(), 2);
//! assert!(mock.waits()[0].as_secs() >= 2);
//! assert_eq!(mock.calls::<CaptureTransaction>()[0].transaction_id, id);
//! mock.verify();
//! # Ok(())
//! # }
//! ```
//!
//! - **Which calls:** [`Mock::on`] takes the type of an operation, [`On::when`] a condition on its values, and
//!   [`Mock::expect`] a complete operation that the call has to equal.
//! - **What they get:** a value ([`On::answer`]), a failure ([`On::error`]), a [`Fault`] of the network, several
//!   [`replies`](On::replies) in turn, or what a function [makes](On::answer_with) of the call. [`value`] makes a value of an
//!   answer.
//! - **Bodies:** a call is its operation, whose fields are public: `call.body.amount`. A server of your own reads what arrived
//!   with `serde_json::from_slice::<CaptureTransactionBody>(&body)`, which needs no feature.
//! - **Tokens** are given out without a rule; a rule for [`FetchToken`] replies instead.
//! - **Time** stands still. Waits before a repetition and for what comes of a 202, time limits of a request and
//!   [`Mock::advance`] set the clock forward; tokens expire by it.
//! - **Downloads**, with the feature `download`: what an operation answers is written as it comes, and a rule for `FetchFile`
//!   gives the files of signed URLs.
//! - A call that no rule fits fails with [`ErrorKind::Configuration`](crate::ErrorKind::Configuration); the error says
//!   what was sent and what the rules expect, and [`Mock::verify`] says it again.
//!
//! Crates that the generator made have a feature `mock` of their own.

mod call;
#[cfg(feature = "download")]
mod file;
mod reply;
mod rule;
mod stage;
mod token;

use std::panic::Location;
use std::time::Duration;

use bytes::Bytes;

use crate::Client;
use crate::rt::{self, Operation};
pub(crate) use call::Call;
#[cfg(feature = "download")]
pub use file::FetchFile;
pub use reply::{Fault, Reply};
pub use rule::On;
use rule::Rule;
pub(crate) use stage::Stage;
pub use token::FetchToken;

/// Makes a value of a response: everything in it is absent but what `fill` sets.
///
/// ```
/// # #[cfg(feature = "payments")] {
/// use dintero::payments::{Transaction, TransactionId};
/// use dintero::{Amount, mock};
///
/// let transaction = mock::value(|transaction: &mut Transaction| {
///     transaction.id = TransactionId::new("P12345678.abc");
///     transaction.amount = Amount::minor(29_990);
/// });
/// assert!(transaction.events.is_empty());
/// # }
/// ```
pub fn value<T: rt::Read>(fill: impl FnOnce(&mut T)) -> T {
    let mut value = T::blank();
    fill(&mut value);
    value
}

/// Rules that reply to calls, and what was called. Clones share both.
#[derive(Clone, Debug)]
pub struct Mock(Stage);

impl Default for Mock {
    fn default() -> Self {
        Self::new()
    }
}

impl Mock {
    /// A mock without rules.
    #[must_use]
    pub fn new() -> Self {
        Self(Stage::new())
    }

    /// A client whose calls the mock replies to, with the account `T12345678`, client credentials and an API key.
    /// For other settings there is [`ClientBuilder::mock`](crate::ClientBuilder::mock).
    #[must_use]
    #[allow(clippy::expect_used, reason = "nothing in it comes from outside")]
    pub fn client(&self) -> Client {
        let account = "T12345678".parse().expect("is an account id");
        let builder = Client::builder()
            .account(account)
            .client_credentials("mock", "mock")
            .api_key("mock");
        builder
            .mock(self)
            .build()
            .expect("all that is needed is set")
    }

    /// A rule for calls of the operation `O`, all of them unless narrowed down.
    #[track_caller]
    pub fn on<O: Operation>(&self) -> On<'_, O> {
        On::new(self, Location::caller(), None)
    }

    /// A rule for calls that send what this operation sends. It replies as often as it has replies, unless
    /// [`times`](On::times) says otherwise.
    #[track_caller]
    pub fn expect<O: Operation>(&self, operation: O) -> On<'_, O> {
        On::new(self, Location::caller(), Some(Call::of(&operation)))
    }

    /// The calls of the operation `O` so far, each once however often it was repeated.
    #[must_use]
    pub fn calls<O: Operation>(&self) -> Vec<O> {
        self.0.calls()
    }

    /// How many requests these calls were.
    #[must_use]
    pub fn attempts<O: Operation>(&self) -> usize {
        self.0.attempts::<O>()
    }

    /// Every request so far, those for tokens too, as it would have gone out.
    #[must_use]
    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.0.requests()
    }

    /// How long the clients waited before they repeated a call or looked again what came of it, in order.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.0.waits()
    }

    /// Sets the clock of the clients forward.
    pub fn advance(&self, time: Duration) {
        self.0.advance(time);
    }

    /// Makes sure that every call had a rule, and that every rule was used as often as it says, at least once.
    ///
    /// # Panics
    /// When that is not so; the message lists what is wrong.
    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion of a test")]
    pub fn verify(&self) {
        let problems = self.0.problems();
        if !problems.is_empty() {
            panic!(
                "the mock was not used as it should be:\n  {}",
                problems.join("\n  ")
            );
        }
    }

    pub(crate) fn stage(&self) -> Stage {
        self.0.clone()
    }

    fn enforce(&self, rule: Rule) {
        self.0.enforce(rule);
    }
}
