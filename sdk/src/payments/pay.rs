//! What came of paying with a token. The answer is 200 although nobody paid, so that it is easily taken for a success.

use super::{
    PaySessionResponse, TransactionEvent, TransactionEventError,
    TransactionEventErrorRetryPolicyRetryCode as RetryCode, TransactionStatus as Status,
};

const DO_NOT_RETRY: &str = "DO_NOT_RETRY";

/// What came of paying a session with a token.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "the payment may have failed"]
#[non_exhaustive]
pub enum PayOutcome<'a> {
    /// The amount is reserved or taken.
    Paid,
    /// It is being looked into, and becomes `AUTHORIZED` or `FAILED` later: read the transaction, or wait for its callback.
    OnHold,
    /// Nobody paid: it failed, was declined, or its reservation was released again.
    Failed(PayFailure<'a>),
    /// The response does not say, contradicts itself, or could not be read where it says so. Read the transaction before anything else: paying again could take
    /// the money twice.
    Unclear,
}

impl PaySessionResponse {
    /// What came of it. The status of the response does not say that.
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

/// Why nobody paid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PayFailure<'a> {
    events: &'a [TransactionEvent],
    /// Every event could be read.
    is_whole: bool,
}

impl<'a> PayFailure<'a> {
    /// The errors of the transaction's events, the first one first. May be empty.
    pub fn errors(&self) -> impl Iterator<Item = &'a TransactionEventError> + use<'a> {
        self.events
            .iter()
            .filter_map(|event| event.error.as_deref())
    }

    /// Whether Dintero leaves it open to try this card again. After `false` a further try gets cards blocked.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        !matches!(self.advice(), RetryAdvice::Never | RetryAdvice::Unread)
    }

    /// What Dintero says about trying again. `DO_NOT_RETRY` in any error outweighs everything else.
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
        // The longer wait is the safer one.
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

/// What Dintero says about trying to pay again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAdvice<'a> {
    /// Never with this card: further tries get cards blocked.
    Never,
    /// At once.
    Immediately,
    /// Later; with `retry_after` as it came, where there is one.
    Later(Option<&'a str>),
    /// Nothing.
    NotTold,
    /// It can't be told: an event or its error could not be read as documented. Taken for a no.
    Unread,
}

fn codes(error: &TransactionEventError) -> impl Iterator<Item = &RetryCode> {
    error
        .retry_policy
        .iter()
        .flat_map(|policy| &policy.retry_codes)
}
