//! Outcomes of paying with a token. The status is 200 even if the payment failed.

use super::{
    PaySessionResponse, RetryCode, TransactionEvent, TransactionEventError,
    TransactionStatus as Status,
};

const DO_NOT_RETRY: &str = "DO_NOT_RETRY";

/// The outcome of paying a session with a token.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "the payment may have failed"]
#[non_exhaustive]
pub enum PayOutcome<'a> {
    /// The amount is reserved or taken.
    Paid,
    /// It is under review, and becomes `AUTHORIZED` or `FAILED` later: read the transaction, or wait for its callback.
    OnHold,
    /// Not paid: the payment failed, was declined, or its reservation was released.
    Failed(PayFailure<'a>),
    /// The response has no outcome, is inconsistent, or its outcome could not be read. Read the transaction first:
    /// paying again could take the money twice.
    Unclear,
}

impl PaySessionResponse {
    /// Returns the outcome of the payment, which the status of the response does not contain.
    ///
    /// ```no_run
    /// # fn run(answer: dintero::payments::PaySessionResponse) {
    /// use dintero::payments::PayOutcome;
    ///
    /// match answer.outcome() {
    ///     PayOutcome::Paid => println!("paid"),
    ///     PayOutcome::OnHold => println!("under review"),
    ///     PayOutcome::Failed(failure) if failure.may_retry() => println!("failed: {:?}", failure.advice()),
    ///     PayOutcome::Failed(_) => println!("failed, and this card must not be tried again"),
    ///     _ => println!("read transaction {} first", answer.id),
    /// }
    /// # }
    /// ```
    pub fn outcome(&self) -> PayOutcome<'_> {
        match (self.success, &self.status) {
            (Some(true), Status::Authorized | Status::Captured | Status::PartiallyCaptured) => {
                PayOutcome::Paid
            }
            (Some(true), Status::OnHold) => PayOutcome::OnHold,
            (_, Status::Failed | Status::Declined | Status::AuthorizationVoided) => {
                PayOutcome::Failed(PayFailure {
                    events: &self.events,
                    is_whole: !self.extra.is_unread("events")
                        && self.events.unread_items().is_empty(),
                })
            }
            _ => PayOutcome::Unclear,
        }
    }
}

/// The reason why the payment failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PayFailure<'a> {
    events: &'a [TransactionEvent],
    /// Whether every event could be read.
    is_whole: bool,
}

impl<'a> PayFailure<'a> {
    /// Returns the errors of the transaction's events, in order. May be empty.
    pub fn errors(&self) -> impl Iterator<Item = &'a TransactionEventError> + use<'a> {
        self.events
            .iter()
            .filter_map(|event| event.error.as_deref())
    }

    /// Returns whether Dintero allows trying this card again. After `false`, another attempt gets cards blocked.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        !matches!(self.advice(), RetryAdvice::Never | RetryAdvice::Unread)
    }

    /// Returns Dintero's advice about trying again. `DO_NOT_RETRY` in any error takes precedence.
    #[must_use]
    pub fn advice(&self) -> RetryAdvice<'a> {
        let forbids = |error: &TransactionEventError| {
            let mut types = error.type_.iter();
            types.any(|one| one.as_str() == DO_NOT_RETRY)
                || codes(error).any(|code| *code == RetryCode::DoNotRetry)
        };
        if self.errors().any(forbids) {
            return RetryAdvice::Never;
        }
        let is_read = |event: &TransactionEvent| {
            let error = event.error.as_deref();
            !event.extra.is_unread("error") && error.is_none_or(|error| error.unread().is_empty())
        };
        if !self.is_whole || !self.events.iter().all(is_read) {
            return RetryAdvice::Unread;
        }
        // The longer delay is safer.
        let later = |error: &&TransactionEventError| {
            codes(error).any(|code| *code == RetryCode::RetryAfterDelay)
        };
        let delayed: Option<&'a TransactionEventError> = self.errors().filter(later).last();
        if let Some(error) = delayed {
            let policy = error.retry_policy.as_ref();
            return RetryAdvice::Later(policy.and_then(|policy| policy.retry_after.as_deref()));
        }
        let mut all = self.errors().flat_map(codes);
        if all.any(|code| *code == RetryCode::RetryImmediately) {
            return RetryAdvice::Immediately;
        }
        RetryAdvice::NotTold
    }
}

/// Dintero's advice about trying to pay again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAdvice<'a> {
    /// Never with this card: further attempts get cards blocked.
    Never,
    /// At once.
    Immediately,
    /// Later; with `retry_after` as received, if there is one.
    Later(Option<&'a str>),
    /// No advice.
    NotTold,
    /// Unknown: an event or its error could not be read as documented. Treat it as a no.
    Unread,
}

fn codes(error: &TransactionEventError) -> impl Iterator<Item = &RetryCode> {
    error
        .retry_policy
        .iter()
        .flat_map(|policy| &policy.retry_codes)
}
