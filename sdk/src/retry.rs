//! Retries, where they can't move money twice.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use http::{HeaderMap, Method};

use crate::transport::Begun;
use crate::{Error, ErrorKind};

/// With a key in this header the server executes a request at most once, however often it arrives.
pub(crate) const KEY_HEADER: &str = "idempotency-key";

/// When, how often and after what delay a request is retried, and how long a call may take in total.
///
/// Which calls may be retried is not a setting. Every policy that retries follows this table:
///
/// | Failure | Retried |
/// |---|---|
/// | no connection, no token, 429 | all calls: nothing was done |
/// | 401 with a token that the client fetched more than 5 seconds ago | all calls, once, with a new token; not counted as a retry |
/// | connection lost, time limit, response too slow, 408, 425, 500, 502, 503, 504 | calls that only read, calls with an `Idempotency-Key`, and calls that are idempotent by their id (fund transfers) |
///
/// # Budget
/// A client and all clients made from it with [`to_builder`](crate::Client::to_builder) and
/// [`for_merchant`](crate::Client::for_merchant) share a budget of 100 retries. Five successes restore one retry. While
/// the budget is empty, calls fail without a retry.
///
/// After a failed token request, the next one is sent after at most 0.25 seconds, then 0.5, 1 and so on up to 30
/// seconds, or when the `Retry-After` of the token endpoint says. One call sends it for all. Calls in between wait for
/// it as for a retry, or fail.
///
/// A capture, refund or void that may have arrived is never retried: see
/// [`may_have_been_sent`](crate::Error::may_have_been_sent). [`settled_by`](crate::Error::settled_by) names the
/// operation that returns the outcome.
///
/// ```
/// # fn main() -> Result<(), dintero::Error> {
/// use std::time::Duration;
/// use dintero::{Client, RetryPolicy};
///
/// let patient = RetryPolicy::default()
///     .retries(5)
///     .deadline(Duration::from_secs(300));
/// let client = Client::builder().api_key("key").retry(patient).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "pass the policy to a client or a call"]
pub struct RetryPolicy {
    retries: u32,
    first_delay: Duration,
    longest_delay: Duration,
    longest_retry_after: Duration,
    deadline: Option<Duration>,
    /// The deadline was set explicitly, so it applies to downloads too.
    has_own_deadline: bool,
}

impl Default for RetryPolicy {
    /// Two retries after delays of up to 0.5 and 1 second, `Retry-After` honored up to 30 seconds, two minutes in
    /// total.
    fn default() -> Self {
        Self {
            retries: 2,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(8),
            longest_retry_after: Duration::from_secs(30),
            deadline: Some(Duration::from_secs(120)),
            has_own_deadline: false,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy without retries, except the one after 401. The deadline is the default one.
    pub fn none() -> Self {
        Self::default().retries(0)
    }

    /// Sets the maximum number of retries of a failed call. Responses with status 429 are counted separately, with the
    /// same limit.
    pub fn retries(mut self, most: u32) -> Self {
        self.retries = most;
        self
    }

    /// Sets the maximum delay before the first retry. It doubles with each retry. The delay is drawn between zero and
    /// this maximum ("full jitter"), so that callers that failed together don't retry together.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// Sets the maximum that the doubled delay can reach.
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// Sets the maximum `Retry-After` to honor. If a server asks for more, the call fails at once; see
    /// [`retry_after`](crate::Error::retry_after).
    pub fn longest_retry_after(mut self, delay: Duration) -> Self {
        self.longest_retry_after = delay;
        self
    }

    /// Sets the time limit of the whole call: fetching a token, every attempt and the delays between them.
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout) limits a single attempt. For a download, the deadline
    /// covers the time from the first attempt to the last byte; it is one hour if no deadline was set.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self.has_own_deadline = true;
        self
    }

    /// Removes the time limit of the whole call.
    pub fn no_deadline(mut self) -> Self {
        self.deadline = None;
        self.has_own_deadline = true;
        self
    }

    pub(crate) fn limit(&self) -> Option<Duration> {
        self.deadline
    }

    /// Returns the time limit of a whole download.
    #[cfg(feature = "download")]
    pub(crate) fn download_limit(&self) -> Option<Duration> {
        const LONGEST_DOWNLOAD: Duration = Duration::from_secs(3600);
        match self.has_own_deadline {
            true => self.deadline,
            false => Some(LONGEST_DOWNLOAD),
        }
    }

    /// Returns the maximum delay before a retry, by the number of earlier ones.
    fn ceiling(&self, repeated: u32) -> Duration {
        let factor = 2_u32.checked_pow(repeated).unwrap_or(u32::MAX);
        self.first_delay
            .saturating_mul(factor)
            .min(self.longest_delay)
    }
}

/// Whether a call may be retried although it may have been carried out.
pub(crate) fn is_repeatable(method: &Method, headers: &HeaderMap) -> bool {
    method.is_safe() || headers.get(KEY_HEADER).is_some_and(|key| !key.is_empty())
}

/// The retries of one call so far.
pub(crate) struct RetryState<'a> {
    policy: &'a RetryPolicy,
    budget: &'a Budget,
    repeatable: bool,
    failures: u32,
    throttled: u32,
    renewed: bool,
}

impl<'a> RetryState<'a> {
    pub(crate) fn new(policy: &'a RetryPolicy, budget: &'a Budget, repeatable: bool) -> Self {
        Self {
            policy,
            budget,
            repeatable,
            failures: 0,
            throttled: 0,
            renewed: false,
        }
    }

    /// Returns the delay before the next retry; `None` if there is none. `other_token`: a token other than the rejected
    /// one is available. `left` is the remaining time of the call.
    pub(crate) fn next(
        &mut self,
        error: &Error,
        other_token: bool,
        left: Option<Duration>,
    ) -> Option<Duration> {
        if error.kind() == ErrorKind::Unauthorized && other_token && !self.renewed {
            self.renewed = true;
            return Some(Duration::ZERO);
        }
        let kind = error.cause_kind();
        let transient = match kind {
            ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::TooSlow
            | ErrorKind::Transport
            | ErrorKind::RateLimited => true,
            ErrorKind::Server | ErrorKind::Rejected => {
                let status = error.status().map(|status| status.as_u16());
                matches!(status, Some(408 | 425 | 500 | 502 | 503 | 504))
            }
            _ => false,
        };
        let is_undone = kind == ErrorKind::RateLimited || !error.may_have_been_sent();
        if !transient || !(is_undone || self.repeatable) {
            return None;
        }
        let count = match kind {
            ErrorKind::RateLimited => &mut self.throttled,
            _ => &mut self.failures,
        };
        if *count >= self.policy.retries {
            return None;
        }
        let mut wait = jitter(self.policy.ceiling(*count));
        *count += 1;
        let asked = error.retry_after();
        let most = match asked {
            Some(_) => self.policy.longest_retry_after,
            None => self.policy.longest_delay,
        };
        // Until the backoff of the token endpoint is over, a retry would return the same error.
        if let Some(asked) = error.pause().or(asked) {
            if asked > most {
                return None;
            }
            wait = wait.max(asked);
        }
        let in_time = left.is_none_or(|left| wait < left);
        (in_time && self.budget.spend()).then_some(wait)
    }
}

/// Returns a random duration between zero and this.
pub(crate) fn jitter(most: Duration) -> Duration {
    // Every `RandomState` has its own keys from the system's randomness. Nothing secret depends on them.
    share(most, RandomState::new().build_hasher().finish())
}

/// Returns the fraction `part / u64::MAX` of the duration.
fn share(most: Duration, parts: u64) -> Duration {
    let seconds = most.as_secs_f64() * (parts as f64 / u64::MAX as f64);
    // Rounding can exceed the duration, and even the maximum of the type.
    Duration::try_from_secs_f64(seconds).map_or(most, |share| share.min(most))
}

/// The retry budget of a client and all clients made from it. If most calls fail, retrying all of them would keep the
/// server down.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 500;
    const PRICE: u32 = 5;

    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    /// Takes the cost of a retry, if the budget covers it.
    fn spend(&self) -> bool {
        let spent = |left: u32| left.checked_sub(Self::PRICE);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent)
            .is_ok()
    }

    /// Returns the share that a success restores.
    pub(crate) fn earn(&self) {
        let earned = |left: u32| (left < Self::FULL).then_some(left + 1);
        // The budget never exceeds its maximum.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, earned);
    }
}

/// The state of a call that remains known when the call is dropped or times out.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    attempts: AtomicU32,
    undecided: AtomicBool,
    other_token: AtomicBool,
    /// The response that is being received.
    pub(crate) response: Begun,
}

impl Progress {
    /// Counts an attempt, during which the outcome is unknown. Returns what was known before it.
    pub(crate) fn begin(&self) -> bool {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        self.undecided.swap(true, Ordering::Relaxed)
    }

    /// Records whether the attempt proved that nothing was carried out.
    pub(crate) fn end(&self, before: bool, error: Option<&Error>) {
        let undone = error.is_some_and(|error| {
            let refused = matches!(
                error.kind(),
                ErrorKind::RateLimited | ErrorKind::Unauthorized
            );
            refused || !error.may_have_been_sent()
        });
        self.undecided.store(before || !undone, Ordering::Relaxed);
    }

    /// Records whether another token is available after one was rejected.
    pub(crate) fn refused(&self, other_token: bool) {
        self.other_token.store(other_token, Ordering::Relaxed);
    }

    pub(crate) fn has_other_token(&self) -> bool {
        self.other_token.load(Ordering::Relaxed)
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    pub(crate) fn is_undecided(&self) -> bool {
        self.undecided.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;
