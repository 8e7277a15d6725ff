//! Repeating calls, where that can't move money twice.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use http::{HeaderMap, Method};

use crate::transport::Begun;
use crate::{Error, ErrorKind};

/// With a key in this header the server carries a request out once, however often it arrives.
pub(crate) const KEY_HEADER: &str = "idempotency-key";

/// When a call is repeated, how often and after how long; and how long a call may take in all.
///
/// Which calls may be repeated at all is not a setting. These are, by every policy that repeats:
///
/// | What happened | Which calls |
/// |---|---|
/// | no connection, no token, 429 | all: nothing was done |
/// | 401 with a token that the client fetched more than 5 seconds ago | all, once, with a new token; not counted as a repetition |
/// | connection lost, time limit, response too slow, 408, 425, 500, 502, 503, 504 | those that only read, those with an `Idempotency-Key`, and those whose id makes them happen once (fund transfers) |
///
/// # Budget
/// A client, and all that were made of it by [`to_builder`](crate::Client::to_builder) and
/// [`for_merchant`](crate::Client::for_merchant), share a budget of 100 repetitions. Five successes earn one back. While it is
/// used up, calls fail without being repeated.
///
/// A token endpoint that fails is asked again after 0.25 seconds at most, 0.5, 1 and so on up to 30 seconds, or when its
/// `Retry-After` says, by one call for all. Calls in between wait for that as for a repetition, or fail.
///
/// A capture, refund or void that may have arrived is never repeated: see
/// [`may_have_been_sent`](crate::Error::may_have_been_sent); [`settled_by`](crate::Error::settled_by) names the call that
/// tells.
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
#[must_use = "a policy does nothing before a client or a call has it"]
pub struct RetryPolicy {
    retries: u32,
    first_delay: Duration,
    longest_delay: Duration,
    longest_retry_after: Duration,
    deadline: Option<Duration>,
    /// The deadline is somebody's own choice, and so meant for downloads too.
    has_own_deadline: bool,
}

impl Default for RetryPolicy {
    /// Two repetitions, waits of up to 0.5 and 1 second, `Retry-After` obeyed up to 30 seconds, two minutes in all.
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
    /// No repetition but the one after 401. The deadline is that of the default.
    pub fn none() -> Self {
        Self::default().retries(0)
    }

    /// How often a failed call is repeated at most. Answers of 429 have a count of their own, with the same limit.
    pub fn retries(mut self, most: u32) -> Self {
        self.retries = most;
        self
    }

    /// The longest wait before the first repetition. It doubles from one to the next; the wait itself is drawn between
    /// zero and that ("full jitter"), so that callers that failed together don't come back together.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// Where that doubling ends.
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// The longest `Retry-After` that is waited for. When a server asks for more, the call fails at once; see
    /// [`retry_after`](crate::Error::retry_after).
    pub fn longest_retry_after(mut self, delay: Duration) -> Self {
        self.longest_retry_after = delay;
        self
    }

    /// Time limit of the whole call: fetching a token, every attempt and the waits between them. It is no limit of one
    /// attempt; that is [`ClientBuilder::timeout`](crate::ClientBuilder::timeout). A download has as long from its first attempt
    /// to its last byte; an hour if no deadline is set.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self.has_own_deadline = true;
        self
    }

    /// No limit of the whole call.
    pub fn no_deadline(mut self) -> Self {
        self.deadline = None;
        self.has_own_deadline = true;
        self
    }

    pub(crate) fn limit(&self) -> Option<Duration> {
        self.deadline
    }

    /// Time limit of a whole download.
    #[cfg(feature = "download")]
    pub(crate) fn download_limit(&self) -> Option<Duration> {
        const LONGEST_DOWNLOAD: Duration = Duration::from_secs(3600);
        match self.has_own_deadline {
            true => self.deadline,
            false => Some(LONGEST_DOWNLOAD),
        }
    }

    /// The greatest wait before a repetition, by how many there were.
    fn ceiling(&self, repeated: u32) -> Duration {
        let factor = 2_u32.checked_pow(repeated).unwrap_or(u32::MAX);
        self.first_delay
            .saturating_mul(factor)
            .min(self.longest_delay)
    }
}

/// Whether a call may be repeated although it may have been carried out.
pub(crate) fn is_repeatable(method: &Method, headers: &HeaderMap) -> bool {
    method.is_safe() || headers.get(KEY_HEADER).is_some_and(|key| !key.is_empty())
}

/// One call, as far as it has come.
pub(crate) struct Course<'a> {
    policy: &'a RetryPolicy,
    budget: &'a Budget,
    repeatable: bool,
    failures: u32,
    throttled: u32,
    renewed: bool,
}

impl<'a> Course<'a> {
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

    /// How long to wait before the call is repeated; nothing when it is not. `other_token`: there is another than the one
    /// that was refused. `left` is what remains of its time.
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
        // Before the pause of a token endpoint is over, all that would come is the same failure.
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

/// A duration between zero and this.
pub(crate) fn jitter(most: Duration) -> Duration {
    // Every `RandomState` has keys of its own, out of the system's randomness; nothing secret hangs on them.
    share(most, RandomState::new().build_hasher().finish())
}

/// This much of the duration, of `u64::MAX` parts.
fn share(most: Duration, parts: u64) -> Duration {
    let seconds = most.as_secs_f64() * (parts as f64 / u64::MAX as f64);
    // Rounded, it may be a little more, and more than there can be.
    Duration::try_from_secs_f64(seconds).map_or(most, |share| share.min(most))
}

/// How much repeating a client, and all that were made of it, can afford: when most calls fail, repeating them all would
/// keep the server down.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 500;
    const PRICE: u32 = 5;

    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    /// Takes the price of a repetition, if there is as much.
    fn spend(&self) -> bool {
        let spent = |left: u32| left.checked_sub(Self::PRICE);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent)
            .is_ok()
    }

    /// A success gives a little back.
    pub(crate) fn earn(&self) {
        let earned = |left: u32| (left < Self::FULL).then_some(left + 1);
        // Full is as good as more.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, earned);
    }
}

/// What is known of a call from outside, whenever it is given up.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    attempts: AtomicU32,
    undecided: AtomicBool,
    other_token: AtomicBool,
    /// What is arriving of a response.
    pub(crate) response: Begun,
}

impl Progress {
    /// Counts an attempt, during which nobody knows. Gives what was known before it.
    pub(crate) fn begin(&self) -> bool {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        self.undecided.swap(true, Ordering::Relaxed)
    }

    /// The attempt has ended; did it prove that it did nothing?
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

    /// The token was refused; is there another?
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
