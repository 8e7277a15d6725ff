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
//! Settings, builders, errors and requests are those of the async [`Client`](crate::Client), but `.send()` returns the
//! result itself, and `.pages()` and `.items()` are iterators. The options that `SendFuture` sets for one call are set for
//! all calls of a copy of the client by [`Client::with_header`], [`Client::with_query`], [`Client::with_timeout`],
//! [`Client::with_max_response_bytes`] and [`Client::with_retry`].

mod pages;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::client::CallOptions;
use crate::rt::{Operation, Returned, Transport};
use crate::{AccountId, ClientBuilder, Error, Response, RetryPolicy};
use worker::Worker;

#[cfg(feature = "download")]
mod download;
#[cfg(feature = "download")]
pub use download::Download;

#[cfg(feature = "event-stream")]
mod events;
#[cfg(feature = "event-stream")]
pub use events::EventStream;

/// A client of Dintero's APIs that blocks until the response arrives. Built by
/// [`ClientBuilder::build_blocking`](crate::ClientBuilder::build_blocking).
///
/// Cheap to clone: clones share connections, token, settings and one worker thread. The thread ends when the last clone
/// is dropped.
///
/// On a thread that runs tokio's async code, a call fails with
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) before anything is sent, because it would block the
/// other tasks. Use [`dintero::Client`](crate::Client) or `spawn_blocking` there.
///
/// In a process that was forked after the client was built, as application servers do, a call fails with
/// [`ErrorKind::Runtime`](crate::ErrorKind::Runtime), because the thread stays in the parent. Build a client in each
/// process.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    worker: Arc<Worker>,
    options: CallOptions,
}

impl Client {
    /// Returns a builder with the default settings. Call [`ClientBuilder::build_blocking`].
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

    /// Returns the account that the client acts for, if one was set.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.client.account()
    }

    /// Returns a client that acts for a merchant of this partner; see
    /// [`Client::for_merchant`](crate::Client::for_merchant). It shares the worker thread.
    ///
    /// # Errors
    /// Those of the async method.
    pub fn for_merchant(&self, merchant: AccountId) -> Result<Self, Error> {
        Ok(Self {
            client: self.client.for_merchant(merchant)?,
            ..self.clone()
        })
    }

    /// Returns the client with another retry policy for its calls.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with(|options| options.retry(policy))
    }

    /// Returns the client with another time limit for each request; see
    /// [`SendFuture::timeout`](crate::SendFuture::timeout).
    #[must_use]
    pub fn with_timeout(&self, limit: Duration) -> Self {
        self.with(|options| options.timeout(limit))
    }

    /// Returns the client with another maximum response size; see
    /// [`SendFuture::max_response_bytes`](crate::SendFuture::max_response_bytes).
    #[must_use]
    pub fn with_max_response_bytes(&self, limit: u64) -> Self {
        self.with(|options| options.max_response_bytes(limit))
    }

    /// Returns the client with a header added to its calls; see [`SendFuture::header`](crate::SendFuture::header), also
    /// for rejected headers.
    #[must_use]
    pub fn with_header(&self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.with(|options| options.header(name.as_ref(), value.as_ref()))
    }

    /// Returns the client with a query parameter added to its calls; see
    /// [`SendFuture::query`](crate::SendFuture::query), also for rejected names.
    #[must_use]
    pub fn with_query(&self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.with(|options| options.query(name.as_ref(), value.as_ref()))
    }

    fn with(&self, change: impl FnOnce(&mut CallOptions)) -> Self {
        let mut client = self.clone();
        change(&mut client.options);
        client
    }

    /// Sends a complete operation. Returns the value of the response.
    ///
    /// # Errors
    /// The errors of a call, and a call from async code.
    pub fn send<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
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

    /// Sends a complete operation. Returns the value with status, headers and raw body.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    pub fn send_with_response<O: Operation>(&self, operation: O) -> Result<Response<O>, Error> {
        let sending = self.client.send_with_response(operation);
        self.worker.run(sending.with(self.options.clone()))
    }
}

impl Transport for Client {
    type Sent<T: Returned> = Result<T, Error>;

    fn dispatch<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
        self.send(operation)
    }

    fn dispatch_under<O: Operation>(
        &self,
        operation: O,
        policy: Option<RetryPolicy>,
    ) -> Result<O::Output, Error> {
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
