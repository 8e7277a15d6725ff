//! Outcomes of operations whose response arrives before they are carried out.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use http::StatusCode;

use super::{GetTransaction, Transaction, TransactionEvent, TransactionEventKind};
use crate::retry::jitter;
use crate::rt::{Info, Operation, Settles, Unread};
use crate::{Client, Error, ErrorKind, Response};

/// The maximum `Retry-After` to honor before the next read.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(30);
/// The maximum of the doubled delay.
const LONGEST_DELAY: Duration = Duration::from_secs(15);

/// The outcome of a capture, refund, void or extended authorization.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "it may have failed, or may still be open"]
#[non_exhaustive]
pub enum Settled {
    /// It was carried out.
    Done {
        /// The transaction afterwards.
        transaction: Box<Transaction>,
        /// The event of the outcome; `None` if the response arrived after the operation was carried out.
        event: Option<Box<TransactionEvent>>,
    },
    /// It failed: nothing was captured, refunded or voided.
    Failed {
        /// The transaction afterwards.
        transaction: Box<Transaction>,
        /// The event of the failure; its `error` has the reason.
        event: Box<TransactionEvent>,
    },
    /// No event arrived in time. The operation may still be carried out: wait again, and don't retry it.
    Pending {
        /// The transaction as last read.
        transaction: Box<Transaction>,
    },
}

impl Settled {
    /// The transaction as last read.
    #[must_use]
    pub fn transaction(&self) -> &Transaction {
        match self {
            Self::Done { transaction, .. }
            | Self::Failed { transaction, .. }
            | Self::Pending { transaction } => transaction,
        }
    }

    /// Returns whether it was carried out.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

/// Captures, refunds, voids and extended authorizations.
impl<O> Response<O>
where
    O: Settles<By = GetTransaction> + Operation<Output = Transaction>,
{
    /// Waits until the operation has been carried out or has failed.
    ///
    /// Status 202 means that the operation was only accepted. This reads the transaction repeatedly, with growing
    /// delays, until it has the event with this response's [`request_id`](Self::request_id). After any other status it
    /// returns at once, and nothing is sent.
    ///
    /// ```no_run
    /// # async fn run(client: dintero::Client) -> Result<(), dintero::Error> {
    /// use std::time::Duration;
    /// use dintero::Amount;
    /// use dintero::payments::{Settled, TransactionId};
    ///
    /// let captured = client
    ///     .payments()
    ///     .capture_transaction(TransactionId::new("T12345678.aaaa"))
    ///     .amount(Amount::minor(29_990))
    ///     .send_with_response()
    ///     .await?;
    /// match captured.wait_until_settled(&client).deadline(Duration::from_secs(30)).await? {
    ///     Settled::Done { .. } => println!("captured"),
    ///     Settled::Failed { event, .. } => {
    ///         println!("not captured: {:?}", event.error.and_then(|error| error.message));
    ///     }
    ///     _ => println!("still open"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The transaction could not be read, or its events are not as documented, or the response has no request id.
    /// Whatever the kind of the error, the operation was accepted and may be carried out: don't retry it.
    pub fn wait_until_settled(&self, client: &Client) -> WaitUntilSettled {
        WaitUntilSettled {
            client: client.clone(),
            call: O::INFO,
            transaction: Box::new(self.value().clone()),
            accepted: self.status() == StatusCode::ACCEPTED,
            request_id: self.request_id().map(str::to_owned),
            deadline: Duration::from_secs(60),
            first_delay: Duration::from_secs(1),
            copy: TransactionEvent::clone,
        }
    }
}

/// How to copy an event. Compiled only for programs that wait, because it is a lot of code.
type CopyEvent = fn(&TransactionEvent) -> TransactionEvent;

/// A builder for waiting until an operation is settled; `.await` it.
#[derive(Clone)]
#[must_use = "await it to wait for the outcome"]
pub struct WaitUntilSettled {
    client: Client,
    call: &'static Info,
    transaction: Box<Transaction>,
    accepted: bool,
    request_id: Option<String>,
    deadline: Duration,
    first_delay: Duration,
    copy: CopyEvent,
}

impl WaitUntilSettled {
    /// Sets the time limit of the whole wait. Default: 60 seconds. After it the outcome is [`Settled::Pending`], also
    /// if the last read got status 429; any other error of the last read is returned.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// Sets the delay before the first read of the transaction. Default: 1 second. Delays double up to 15 seconds, with
    /// jitter.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    async fn run(mut self) -> Result<Settled, Error> {
        if !self.accepted {
            let (transaction, event) = (self.transaction, None);
            return Ok(Settled::Done { transaction, event });
        }
        let Some(request_id) = self.request_id.take() else {
            let reason = "has no request id, which is needed to find its outcome";
            return Err(Error::without_trace(StatusCode::ACCEPTED, reason).of(self.call));
        };
        let backend = self.client.backend();
        backend.ready().map_err(|error| error.of(self.call))?;
        let begun = backend.now();
        let mut delay = self.first_delay;
        let mut trouble: Option<Error> = None;
        loop {
            self.transaction = match judge(self.transaction, &request_id, self.copy) {
                Verdict::Settled(settled) => return Ok(settled),
                Verdict::Unread(places) => {
                    return Err(Error::not_as_documented(places).of(self.call));
                }
                Verdict::Open(transaction) => transaction,
            };
            // At least half of the delay, so that there is always one.
            let pause = delay / 2 + jitter(delay / 2);
            let left = || self.deadline.saturating_sub(backend.now() - begun);
            if pause >= left() {
                if is_throttled(trouble.as_ref()) {
                    // An immediate retry would exceed the rate limit again.
                    backend.wait(left()).await;
                }
                break;
            }
            backend.wait(pause).await;
            delay = (delay * 2).min(LONGEST_DELAY);

            let read = self
                .client
                .payments()
                .get_transaction(&self.transaction.id)
                .send();
            match tokio::time::timeout(left(), read).await {
                Err(_) => break,
                Ok(Ok(transaction)) => {
                    *self.transaction = transaction;
                    trouble = None;
                }
                Ok(Err(error)) if is_passing(&error) => {
                    let asked = error.retry_after().unwrap_or_default();
                    delay = delay.max(asked.min(LONGEST_RETRY_AFTER));
                    trouble = Some(error);
                }
                Ok(Err(error)) => return Err(error),
            }
        }
        match trouble {
            // Neither the transaction nor the connection failed.
            Some(error) if !is_throttled(Some(&error)) => Err(error),
            Some(_) | None => Ok(Settled::Pending {
                transaction: self.transaction,
            }),
        }
    }
}

impl IntoFuture for WaitUntilSettled {
    type Output = Result<Settled, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for WaitUntilSettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitUntilSettled")
            .field("operation", &self.call.name)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// The events of a transaction about the request with one id.
enum Verdict {
    /// One of them has the outcome.
    Settled(Settled),
    /// One of them may have the outcome, but could not be read as documented at these places.
    Unread(Vec<Unread>),
    /// None of them has the outcome.
    Open(Box<Transaction>),
}

fn judge(transaction: Box<Transaction>, request_id: &str, copy: CopyEvent) -> Verdict {
    use TransactionEventKind::{InitiateCapture, InitiateRefund, InitiateVoid};
    let tells = |event: &&TransactionEvent| {
        let begins = matches!(
            event.event,
            Some(InitiateCapture | InitiateRefund | InitiateVoid)
        );
        !begins && event.correlation_request_id.as_deref() == Some(request_id)
    };
    let Some(event) = transaction.events.iter().rfind(tells).map(copy) else {
        return Verdict::Open(transaction);
    };
    let deciding = ["event", "success", "error"];
    if deciding.iter().any(|name| event.extra.is_unread(name)) {
        return Verdict::Unread(event.unread());
    }
    let event = Box::new(event);
    if event.success == Some(false) || event.error.is_some() {
        return Verdict::Settled(Settled::Failed { transaction, event });
    }
    Verdict::Settled(Settled::Done {
        transaction,
        event: Some(event),
    })
}

/// Returns whether the last read was rate limited.
fn is_throttled(trouble: Option<&Error>) -> bool {
    trouble.is_some_and(|error| error.cause_kind() == ErrorKind::RateLimited)
}

/// Returns whether a later read of the transaction may succeed.
fn is_passing(error: &Error) -> bool {
    matches!(
        error.cause_kind(),
        ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::TooSlow
            | ErrorKind::Transport
            | ErrorKind::RateLimited
            | ErrorKind::Server
            // The response to another request does not have this outcome.
            | ErrorKind::Mismatch
    )
}
