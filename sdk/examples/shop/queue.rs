//! Captures, refunds and voids that survive a restart, and are never sent twice.

use std::collections::HashSet;
use std::io;

use dintero::payments::{
    CaptureTransaction, RefundTransaction, Settled, Transaction, TransactionEvent,
    TransactionEventKind, TransactionId, VoidTransaction,
};
use dintero::{Client, Error, ErrorKind};
use serde::{Deserialize, Serialize};

use crate::store::Store;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    /// Unique. Captures and refunds send it as their reference, which comes back in the event.
    pub(crate) id: String,
    pub(crate) order: String,
    pub(crate) step: Step,
    pub(crate) state: State,
}

/// A complete operation. The SDK stores its name with it, so one is never read as another.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Step {
    Capture(CaptureTransaction),
    Refund(RefundTransaction),
    Void(VoidTransaction),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    /// Never sent, or Dintero certainly did not carry it out and may yet.
    Waiting,
    /// It may have been sent. Only the transaction has the outcome.
    Sent,
    Done,
    Failed(String),
}

enum Outcome {
    Done(Box<Transaction>),
    Failed(String),
    NotSent(Error),
    Unknown,
}

/// Does what is open, job after job; one `run` at a time.
pub(crate) async fn run(store: &Store, client: &Client) -> io::Result<()> {
    let open = |state: &State| matches!(state, State::Waiting | State::Sent);
    let jobs = store.read().jobs.clone();
    let mut blocked = HashSet::new();
    for job in jobs.into_iter().filter(|job| open(&job.state)) {
        // A refund must wait for the capture before it.
        if blocked.contains(&job.order) {
            continue;
        }
        let outcome = if job.state == State::Sent {
            look_up(client, &job).await
        } else {
            // Stored before it is sent: after a crash, the next run must read the transaction first.
            set(store, &job, State::Sent, None)?;
            send(client, &job).await
        };
        let (state, transaction) = match outcome {
            Outcome::Done(transaction) => (State::Done, Some(*transaction)),
            Outcome::Failed(why) => (State::Failed(why), None),
            Outcome::NotSent(error) => {
                eprintln!("{} waits: {error}", job.id);
                (State::Waiting, None)
            }
            Outcome::Unknown => (State::Sent, None),
        };
        if open(&state) {
            blocked.insert(job.order.clone());
        }
        set(store, &job, state, transaction)?;
    }
    Ok(())
}

fn set(store: &Store, job: &Job, state: State, read: Option<Transaction>) -> io::Result<()> {
    store.change(|data| {
        for stored in &mut data.jobs {
            if stored.id == job.id {
                stored.state = state.clone();
            }
        }
        if let (Some(read), Some(order)) = (read, data.orders.get_mut(&job.order)) {
            order.keep(read);
        }
    })
}

async fn send(client: &Client, job: &Job) -> Outcome {
    // After 202 Dintero has only accepted it, and an event of the transaction has the outcome.
    macro_rules! send {
        ($operation:expr) => {
            match client.send_with_response($operation.clone()).await {
                Ok(response) => Ok(response.wait_until_settled(client).await),
                Err(error) => Err(error),
            }
        };
    }
    let sent = match &job.step {
        Step::Capture(capture) => send!(capture),
        Step::Refund(refund) => send!(refund),
        Step::Void(void) => send!(void),
    };
    match sent {
        Ok(Ok(Settled::Done { transaction, .. })) => Outcome::Done(transaction),
        Ok(Ok(Settled::Failed { event, .. })) => Outcome::Failed(why(&event)),
        // It was accepted. Still open, or the transaction could not be read: the next run looks again.
        Ok(_) => Outcome::Unknown,
        Err(error) if error.call_succeeded() || error.settled_by().is_some() => {
            eprintln!("{} is unclear: {error}", job.id);
            look_up(client, job).await
        }
        Err(error) if !error.may_have_been_sent() || error.kind() == ErrorKind::RateLimited => {
            Outcome::NotSent(error)
        }
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// Reads the outcome of a job that may have been sent. A missing event may still arrive, so nothing is sent: the next
/// run checks again, and a person decides with [`again`] when to give it another attempt.
async fn look_up(client: &Client, job: &Job) -> Outcome {
    let read = client.payments().get_transaction(job.step.transaction_id());
    let transaction = match read.send().await {
        Ok(transaction) => transaction,
        Err(error) => {
            eprintln!("{} can't be looked up: {error}", job.id);
            return Outcome::Unknown;
        }
    };
    let kind = job.step.kind();
    let mut events = transaction.events.iter().rev();
    let ours = events.find(|event| {
        // A void has no reference, and there is one at most.
        event.event.as_ref() == Some(&kind)
            && (kind == TransactionEventKind::Void
                || event.event_reference.as_deref() == Some(&job.id))
    });
    match ours.map(|event| (event.success, why(event))) {
        Some((Some(true), _)) => Outcome::Done(Box::new(transaction)),
        Some((Some(false), why)) => Outcome::Failed(why),
        _ => Outcome::Unknown,
    }
}

/// Dintero's reason. `Debug` of what was received hides texts; the fields have them.
fn why(event: &TransactionEvent) -> String {
    let error = event.error.as_ref();
    let text = error.map(|error| [error.code.as_deref(), error.message.as_deref()]);
    let text = text.into_iter().flatten().flatten();
    text.collect::<Vec<_>>().join(": ")
}

/// A person has looked: the job was not carried out and is to be sent again. Whether there was such a job.
pub(crate) fn again(store: &Store, id: &str) -> io::Result<bool> {
    store.change(|data| {
        let mut jobs = data.jobs.iter_mut();
        let job = jobs.find(|job| job.id == id && job.state == State::Sent);
        job.map(|job| job.state = State::Waiting).is_some()
    })
}

impl Step {
    fn transaction_id(&self) -> &TransactionId {
        match self {
            Self::Capture(call) => &call.transaction_id,
            Self::Refund(call) => &call.transaction_id,
            Self::Void(call) => &call.transaction_id,
        }
    }

    fn kind(&self) -> TransactionEventKind {
        match self {
            Self::Capture(_) => TransactionEventKind::Capture,
            Self::Refund(_) => TransactionEventKind::Refund,
            Self::Void(_) => TransactionEventKind::Void,
        }
    }
}
