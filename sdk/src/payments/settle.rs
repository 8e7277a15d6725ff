//! What comes of calls that are answered before they are carried out.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use http::StatusCode;

use super::{GetTransaction, Transaction, TransactionEvent, TransactionEventKind};
use crate::error::Call;
use crate::retry::jitter;
use crate::rt::{Operation, Settles, Unread};
use crate::{Client, Error, ErrorKind, Response};

/// The longest `Retry-After` that is waited for before the next read.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(30);
/// Where the doubling of waits ends.
const LONGEST_DELAY: Duration = Duration::from_secs(15);

/// What came of a capture, refund, void or longer authorization.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "it may have failed, or may still be open"]
#[non_exhaustive]
pub enum Settled {
    /// It was carried out.
    Done {
        /// The transaction after it.
        transaction: Box<Transaction>,
        /// The event that says so; none when the call was answered only after it was carried out.
        event: Option<Box<TransactionEvent>>,
    },
    /// It failed: nothing was captured, refunded or voided.
    Failed {
        /// The transaction after it.
        transaction: Box<Transaction>,
        /// The event that says so; its `error` says why.
        event: Box<TransactionEvent>,
    },
    /// No event told in time. It may still be carried out: wait again, and don't repeat the call.
    Pending {
        /// The transaction as last seen.
        transaction: Box<Transaction>,
    },
}

impl Settled {
    /// The transaction as last seen.
    #[must_use]
    pub fn transaction(&self) -> &Transaction {
        match self {
            Self::Done { transaction, .. }
            | Self::Failed { transaction, .. }
            | Self::Pending { transaction } => transaction,
        }
    }

    /// Whether it was carried out.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

/// Captures, refunds, voids and longer authorizations.
impl<O> Response<O>
where
    O: Settles<By = GetTransaction> + Operation<Answer = Transaction>,
{
    /// Waits until the call has been carried out or has failed.
    ///
    /// A call that was answered with 202 has only been accepted. This reads the transaction again and again, with
    /// growing pauses, until it has the event with this response's [`request_id`](Self::request_id). After any other
    /// status it is done at once, and nothing is sent.
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
    /// The transaction could not be read, or its events are not as documented, or the response has no request id. Whatever
    /// the error says of itself, the call had been accepted and may be carried out: don't repeat it.
    pub fn wait_until_settled(&self, client: &Client) -> WaitUntilSettled {
        WaitUntilSettled {
            client: client.clone(),
            call: Call::of::<O>(),
            transaction: Box::new(self.value().clone()),
            accepted: self.status() == StatusCode::ACCEPTED,
            request_id: self.request_id().map(str::to_owned),
            deadline: Duration::from_secs(60),
            first_delay: Duration::from_secs(1),
        }
    }
}

/// Waiting for what comes of a call; `.await` it.
#[derive(Clone)]
#[must_use = "nothing is waited for before it is awaited"]
pub struct WaitUntilSettled {
    client: Client,
    call: Call,
    transaction: Box<Transaction>,
    accepted: bool,
    request_id: Option<String>,
    deadline: Duration,
    first_delay: Duration,
}

impl WaitUntilSettled {
    /// How long to wait in all; 60 seconds unless set. After that it is [`Settled::Pending`], also if the last read was
    /// answered with 429; any other failure of it is the error.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// The pause before the transaction is read for the first time; 1 second unless set. Pauses double up to 15 seconds,
    /// and vary a little.
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
            let reason = "has no request id by which its outcome could be found";
            return Err(Error::without_trace(StatusCode::ACCEPTED, reason).of(&self.call));
        };
        let backend = self.client.backend();
        backend.ready().map_err(|error| error.of(&self.call))?;
        let begun = backend.now();
        let mut delay = self.first_delay;
        let mut trouble: Option<Error> = None;
        loop {
            self.transaction = match judge(self.transaction, &request_id) {
                Verdict::Settled(settled) => return Ok(settled),
                Verdict::Unread(places) => {
                    return Err(Error::not_as_documented(places).of(&self.call));
                }
                Verdict::Open(transaction) => transaction,
            };
            // At least half of the pause, so that it stays one.
            let pause = delay / 2 + jitter(delay / 2);
            let left = || self.deadline.saturating_sub(backend.now() - begun);
            if pause >= left() {
                if is_throttled(trouble.as_ref()) {
                    // Whoever calls again at once would be one call too many again.
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
            // Nothing is wrong with the transaction, nor with the connection.
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

/// What the events of a transaction say of the call with one id.
pub(crate) enum Verdict {
    /// One of them tells.
    Settled(Settled),
    /// One of them would tell, but could not be read as documented: these places.
    Unread(Vec<Unread>),
    /// They say nothing.
    Open(Box<Transaction>),
}

pub(crate) fn judge(transaction: Box<Transaction>, request_id: &str) -> Verdict {
    use TransactionEventKind::{InitiateCapture, InitiateRefund, InitiateVoid};
    let tells = |event: &&TransactionEvent| {
        let begins = matches!(
            event.event,
            Some(InitiateCapture | InitiateRefund | InitiateVoid)
        );
        !begins && event.correlation_request_id.as_deref() == Some(request_id)
    };
    let Some(event) = transaction.events.iter().rfind(tells).cloned() else {
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

/// Whether the last read was one too many for the server.
fn is_throttled(trouble: Option<&Error>) -> bool {
    trouble.is_some_and(|error| error.cause_kind() == ErrorKind::RateLimited)
}

/// Whether reading the transaction may well succeed a little later.
fn is_passing(error: &Error) -> bool {
    matches!(
        error.cause_kind(),
        ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::TooSlow
            | ErrorKind::Transport
            | ErrorKind::RateLimited
            | ErrorKind::Server
            // The response to another request says nothing of this one.
            | ErrorKind::Mismatch
    )
}
