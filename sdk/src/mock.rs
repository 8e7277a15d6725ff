//! A mock of Dintero in the same process, for your own tests: without sockets and without waiting.
//!
//! [`Mock::client`] returns an ordinary [`Client`]. It builds requests, fetches tokens, retries and reads responses as
//! usual, but sends its requests to the mock, which responds by rules.
//!
#![cfg_attr(feature = "payments", doc = "```")]
#![cfg_attr(not(feature = "payments"), doc = "```ignore")]
//! use dintero::mock::{self, Mock, MockResponse};
//! use dintero::payments::{CaptureTransaction, Transaction, TransactionId};
//! use dintero::{Amount, Client, Currency, Error};
//!
//! /// The code under test.
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
//!     .responses([MockResponse::rate_limited(std::time::Duration::from_secs(2)), MockResponse::value(&captured)]);
//!
//! let id = TransactionId::new("P12345678.abc");
//! assert!(ship(&mock.client(), &id).await?);
//!
//! // It was retried after two seconds, which took no time.
//! assert_eq!(mock.attempts::<CaptureTransaction>(), 2);
//! assert!(mock.waits()[0].as_secs() >= 2);
//! assert_eq!(mock.calls::<CaptureTransaction>()[0].transaction_id, id);
//! mock.verify();
//! # Ok(())
//! # }
//! ```
//!
//! - **Calls:** [`Mock::on`] takes the type of an operation, [`On::when`] a condition on its values, and
//!   [`Mock::expect`] a complete operation that the call must equal.
//! - **Responses:** a value ([`On::value`]), an error ([`On::error`]), a [`Fault`] of the network ([`On::fault`]), any
//!   [`MockResponse`] ([`On::response`]), or several in turn ([`On::responses`]). With [`On::value_with`] and
//!   [`On::response_with`] a function computes it from the operation. [`value`] returns a value of a response.
//! - **Bodies:** a call is its operation, whose fields are public: `call.body.amount`. Your own server reads a received
//!   body with `serde_json::from_slice::<CaptureTransactionBody>(&body)`, which needs no feature.
//! - **Tokens** are returned without a rule; a rule for [`FetchToken`] replaces them.
//! - **Time** does not pass by itself. Delays before retries, delays of `wait_until_settled`, timeouts of requests and
//!   [`Mock::advance`] advance the clock, by which tokens expire.
//! - **Downloads**, with the feature `download`: the response of an operation is written as received, and a rule for
//!   `FetchFile` returns the files of signed URLs.
//! - **Streams**, with the feature `event-stream`: `MockResponse::events` returns a stream of values, and
//!   [`MockResponse::raw`] any text.
//! - A call that no rule matches fails with [`ErrorKind::Configuration`](crate::ErrorKind::Configuration). The error
//!   has the request and the expectations of the rules, and [`Mock::verify`] reports it again.
//!
//! Generated crates have their own feature `mock`.

mod backend;
mod call;
#[cfg(feature = "download")]
mod file;
mod response;
mod rule;
mod token;

use std::panic::Location;
use std::time::Duration;

use bytes::Bytes;

use crate::Client;
use crate::rt::{self, Operation};
pub(crate) use backend::MockBackend;
pub(crate) use call::Call;
#[cfg(feature = "download")]
pub use file::FetchFile;
pub use response::{Fault, MockResponse};
pub use rule::On;
use rule::Rule;
pub use token::FetchToken;

/// Returns a value of a response, in which everything is absent except what `fill` sets.
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

/// A mock of Dintero: rules that respond to requests, and a record of the requests. Clones share both.
#[derive(Clone, Debug)]
pub struct Mock(MockBackend);

impl Default for Mock {
    fn default() -> Self {
        Self::new()
    }
}

impl Mock {
    /// Returns a mock without rules.
    #[must_use]
    pub fn new() -> Self {
        Self(MockBackend::new())
    }

    /// Returns a client of this mock, with the account `T12345678`, client credentials and an API key. For other
    /// settings use [`ClientBuilder::mock`](crate::ClientBuilder::mock).
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
            .expect("all required settings are set")
    }

    /// Starts a rule for the operation `O`. It applies to all calls unless it is narrowed down.
    #[track_caller]
    pub fn on<O: Operation>(&self) -> On<'_, O> {
        On::new(self, Location::caller(), None)
    }

    /// Starts a rule for calls that send the same as this operation. It responds once per response that it has, unless
    /// [`times`](On::times) sets another number.
    #[track_caller]
    pub fn expect<O: Operation>(&self, operation: O) -> On<'_, O> {
        On::new(self, Location::caller(), Some(Call::of(&operation)))
    }

    /// Returns the calls of the operation `O` so far. A call that was retried is listed once.
    #[must_use]
    pub fn calls<O: Operation>(&self) -> Vec<O> {
        self.0.calls()
    }

    /// Returns the number of requests of the operation `O` so far, retries included.
    #[must_use]
    pub fn attempts<O: Operation>(&self) -> usize {
        self.0.attempts::<O>()
    }

    /// Returns every request so far, including token requests, as it would have been sent.
    #[must_use]
    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.0.requests()
    }

    /// Returns the delays so far, in order: before retries, and before reads of `wait_until_settled`.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.0.waits()
    }

    /// Advances the clock of the clients.
    pub fn advance(&self, time: Duration) {
        self.0.advance(time);
    }

    /// Verifies that every call matched a rule, and that every rule was used as often as required, by default at least
    /// once.
    ///
    /// # Panics
    /// If one of them does not hold. The message lists every problem.
    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion of a test")]
    pub fn verify(&self) {
        let problems = self.0.problems();
        if !problems.is_empty() {
            panic!(
                "the mock was not used as expected:\n  {}",
                problems.join("\n  ")
            );
        }
    }

    pub(crate) fn backend(&self) -> MockBackend {
        self.0.clone()
    }

    fn enforce(&self, rule: Rule) {
        self.0.enforce(rule);
    }
}
