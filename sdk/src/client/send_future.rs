//! The future of a call.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use super::options::CallOptions;
use crate::{Error, RetryPolicy};

/// The future of a call. It resolves to the value of the response, or to the error. Nothing is sent before it is
/// polled.
///
/// Dropping it cancels the call; whether the request was carried out is then unknown.
///
/// Set the options of this call before you await it:
///
#[cfg_attr(feature = "insight", doc = "```no_run")]
#[cfg_attr(not(feature = "insight"), doc = "```ignore")]
/// # use std::time::Duration;
/// # async fn run(client: dintero::Client) -> Result<(), Box<dyn std::error::Error>> {
/// # use dintero::insight::CheckoutTransactionEvent;
/// # let kpis = client
/// #     .insight()
/// #     .list_checkout_transaction_event_kpis()
/// #     .event(CheckoutTransactionEvent::Capture)
/// #     .created_at_gte(dintero::Timestamp::parse("2026-01-01T00:00:00Z")?);
/// let kpis = kpis
///     .send()
///     .timeout(Duration::from_secs(5))
///     .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
///     .query("channel", "in_store")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "await the future to send the request"]
pub struct SendFuture<T>(Mutex<State<T>>);

// Never locked, only accessed through `&mut`. Makes the type `Sync` although the inner future is not.

type Running<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

enum State<T> {
    Waiting(Start<T>, CallOptions),
    Running(Running<T>),
    /// Only before the first poll.
    Gone,
}

type Start<T> = Box<dyn FnOnce(CallOptions) -> Running<T> + Send>;

impl<T> SendFuture<T> {
    pub(super) fn new<F>(start: impl FnOnce(CallOptions) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let start: Start<T> = Box::new(|options| Box::pin(start(options)));
        Self(Mutex::new(State::Waiting(start, CallOptions::default())))
    }

    /// Sets the retry policy of this call, instead of the client's. Has no effect once the call has been polled.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.set(|options| options.retry(policy))
    }

    /// Sets the time limit of each request of this call, instead of [the client's](crate::ClientBuilder::timeout).
    /// Token requests keep the client's limit. [`RetryPolicy::deadline`] limits the whole call.
    ///
    /// Zero makes the call fail before anything is sent. Has no effect once the call has been polled.
    pub fn timeout(self, limit: Duration) -> Self {
        self.set(|options| options.timeout(limit))
    }

    /// Sets the maximum response size in bytes, instead of [the client's](crate::ClientBuilder::max_response_bytes).
    ///
    /// Zero makes the call fail before anything is sent. Has no effect once the call has been polled.
    pub fn max_response_bytes(self, limit: u64) -> Self {
        self.set(|options| options.max_response_bytes(limit))
    }

    /// Sets a header of each request of this call. It replaces a header of this name that the client would send.
    /// `Debug` does not show its value.
    ///
    /// Headers that the client needs for itself (`Authorization`, `Host`, `Content-Length`, `Content-Type`, `Accept`,
    /// `User-Agent` and their like) and those that are parameters or credentials of the operation are rejected: the
    /// call fails with [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) before anything is sent. On an
    /// operation without `Idempotency-Key`, setting that header does not make retries safe.
    ///
    /// Has no effect once the call has been polled.
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.set(|options| options.header(name.as_ref(), value.as_ref()))
    }

    /// Adds a query parameter to each request of this call. Use it for parameters that this crate does not know. Name
    /// and value are percent-encoded. Calling it twice with one name adds both. Logs, errors and `Debug` don't show the
    /// value.
    ///
    /// A name that the operation or its credentials already send is rejected: the call fails with
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) before anything is sent. If the operation has a
    /// setter for the parameter, use that.
    ///
    /// Has no effect once the call has been polled.
    pub fn query(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.set(|options| options.query(name.as_ref(), value.as_ref()))
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn with(self, all: CallOptions) -> Self {
        self.set(|options| *options = all)
    }

    fn set(mut self, change: impl FnOnce(&mut CallOptions)) -> Self {
        if let State::Waiting(_, options) = self.state() {
            change(options);
        }
        self
    }

    fn state(&mut self) -> &mut State<T> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Future for SendFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let state = self.state();
        *state = match std::mem::replace(state, State::Gone) {
            State::Waiting(start, options) => State::Running(start(options)),
            other => other,
        };
        match state {
            State::Running(running) => running.as_mut().poll(context),
            State::Waiting(..) | State::Gone => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for SendFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendFuture").finish_non_exhaustive()
    }
}
