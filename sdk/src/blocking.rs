//! The client for code that is not async.
//!
#![cfg_attr(feature = "payments", doc = "```no_run")]
#![cfg_attr(not(feature = "payments"), doc = "```ignore")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = dintero::Client::builder()
//!     .account("T12345678".parse()?)
//!     .client_credentials("client id", "client secret")
//!     .build_blocking()?;
//!
//! let id = dintero::payments::TransactionId::new("T12345678.abc");
//! let transaction = client.payments().get_transaction(id).send()?;
//! # Ok(())
//! # }
//! ```
//!
//! Settings, builders, errors and everything that is sent are those of the async [`Client`](crate::Client); only
//! `.send()` gives the result itself, and `.pages()` and `.items()` are iterators. What `Sending` can set for one call, [`Client::with_header`],
//! [`Client::with_query`], [`Client::with_timeout`], [`Client::with_max_response_bytes`] and [`Client::with_retry`] set for the calls of a
//! copy of the client.

mod pages;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::client::CallOptions;
use crate::rt::{Operation, Transport};
use crate::{AccountId, ClientBuilder, Error, Response, RetryPolicy};
use worker::Worker;

#[cfg(feature = "download")]
mod download;
#[cfg(feature = "download")]
pub use download::Download;

/// Calls Dintero's APIs and waits for the answers. Made by
/// [`ClientBuilder::build_blocking`](crate::ClientBuilder::build_blocking).
///
/// Cheap to clone: clones share connections, token, settings and the one thread that does the work. The thread ends when
/// the last of them is dropped.
///
/// Called on a thread that runs async code of tokio, a call fails with
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) before anything is sent, since waiting would keep
/// everything else there from running. Use [`dintero::Client`](crate::Client) there, or `spawn_blocking`.
///
/// In a process that was forked off after the client was built, as application servers do it, a call fails with
/// [`ErrorKind::Runtime`](crate::ErrorKind::Runtime): the thread stayed behind. Build a client in each process.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    worker: Arc<Worker>,
    options: CallOptions,
}

impl Client {
    /// Starts a client with the default settings; [`ClientBuilder::build_blocking`] makes it.
    pub fn builder() -> ClientBuilder {
        crate::Client::builder()
    }

    pub(crate) fn new(client: crate::Client) -> Result<Self, Error> {
        Ok(Self {
            client,
            worker: Arc::new(Worker::start()?),
            options: CallOptions::default(),
        })
    }

    /// The account that the client acts for, if one was set.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.client.account()
    }

    /// A client that acts for a merchant of this partner; see
    /// [`Client::for_merchant`](crate::Client::for_merchant). It shares this one's thread.
    ///
    /// # Errors
    /// Those of the async method.
    pub fn for_merchant(&self, merchant: AccountId) -> Result<Self, Error> {
        Ok(Self {
            client: self.client.for_merchant(merchant)?,
            ..self.clone()
        })
    }

    /// The same client, with another retry policy for its calls.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with(|options| options.retry(policy))
    }

    /// The same client, with another time limit for each request of its calls; see
    /// [`Sending::timeout`](crate::Sending::timeout).
    #[must_use]
    pub fn with_timeout(&self, limit: Duration) -> Self {
        self.with(|options| options.timeout(limit))
    }

    /// The same client, with another limit of the size of responses to its calls; see
    /// [`Sending::max_response_bytes`](crate::Sending::max_response_bytes).
    #[must_use]
    pub fn with_max_response_bytes(&self, limit: u64) -> Self {
        self.with(|options| options.max_response_bytes(limit))
    }

    /// The same client, with a header that goes with its calls; see [`Sending::header`](crate::Sending::header), also
    /// for headers that are refused.
    #[must_use]
    pub fn with_header(&self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.with(|options| options.header(name.as_ref(), value.as_ref()))
    }

    /// The same client, with a query parameter that is added to its calls; see
    /// [`Sending::query`](crate::Sending::query), also for names that are refused.
    #[must_use]
    pub fn with_query(&self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.with(|options| options.query(name.as_ref(), value.as_ref()))
    }

    fn with(&self, change: impl FnOnce(&mut CallOptions)) -> Self {
        let mut client = self.clone();
        change(&mut client.options);
        client
    }

    /// Sends a complete operation and gives the value of its answer.
    ///
    /// # Errors
    /// Those of a call, and that it is made from async code.
    pub fn send<O: Operation>(&self, operation: O) -> Result<O::Answer, Error> {
        let sending = self.client.send(operation).with(self.options.clone());
        self.worker.run(sending)
    }

    /// Checks that this client can work; see [`Client::check`](crate::Client::check).
    ///
    /// # Errors
    /// Those of the async method, and those of [`send`](Self::send).
    #[cfg(feature = "payments")]
    pub fn check(&self) -> Result<(), Error> {
        self.worker
            .run(self.client.check().with(self.options.clone()))
    }

    /// Sends a complete operation and gives status, headers and raw body beside the value.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    pub fn send_with_response<O: Operation>(&self, operation: O) -> Result<Response<O>, Error> {
        let sending = self.client.send_with_response(operation);
        self.worker.run(sending.with(self.options.clone()))
    }
}

impl Transport for Client {
    type Sent<T: Send + 'static> = Result<T, Error>;

    fn dispatch<O: Operation>(&self, operation: O) -> Result<O::Answer, Error> {
        self.send(operation)
    }

    fn dispatch_under<O: Operation>(
        &self,
        operation: O,
        policy: Option<RetryPolicy>,
    ) -> Result<O::Answer, Error> {
        match policy {
            Some(policy) => self.with_retry(policy).send(operation),
            None => self.send(operation),
        }
    }

    fn dispatch_with_response<O: Operation>(&self, operation: O) -> Result<Response<O>, Error> {
        self.send_with_response(operation)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("blocking::Client")
            .field("client", &self.client)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
