//! Access tokens: fetched by one caller at a time, shared by all, renewed by one caller before they expire.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::retry::jitter;
use crate::{Error, Secret};

/// A token is not used in the last part of its life, so that it is still valid when the request arrives: a tenth of
/// it, but no more than this.
const LONGEST_MARGIN: Duration = Duration::from_secs(60);
/// Before that part, one caller renews the token while the others go on with it: a tenth of its life again, but no more
/// than this.
const LONGEST_NOTICE: Duration = Duration::from_secs(240);
/// A renewal that takes longer is canceled, because its caller has a valid token.
pub(crate) const RENEWAL_LIMIT: Duration = Duration::from_secs(5);
/// The pause after a failed renewal.
const RENEWAL_PAUSE: Duration = Duration::from_secs(10);
/// The pause after the first failed request. It doubles with each failure.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Where that doubling ends.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The maximum `Retry-After` of a token endpoint to honor. A year must not disable the client.
const LONGEST_ASKED: Duration = Duration::from_secs(300);
/// A token younger than this is kept although an endpoint rejects it, because the next one would probably be rejected
/// too. It doubles with each token that is rejected so early.
const FIRST_TRUST: Duration = Duration::from_secs(5);
/// The maximum of that time, so that a revoked token is replaced soon.
const LONGEST_TRUST: Duration = Duration::from_secs(60);
/// The minimum time that a token is used, whatever its response says. Expired tokens then cost one request per second,
/// not one per call.
const LEAST_USE: Duration = Duration::from_secs(1);
/// The lifetime of a token whose response has no valid one.
const ASSUMED_LIFETIME: Duration = Duration::from_secs(300);
/// The maximum lifetime of a token.
const LONGEST_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);

/// The current token and the right to fetch the next.
pub(crate) struct Tokens {
    clock: Clock,
    /// Concurrent calls read it; only a fetch and a rejection change it.
    state: RwLock<State>,
    /// Held by the caller that fetches. If that caller is dropped, the next in the queue continues.
    turn: tokio::sync::Mutex<()>,
}

/// A monotonic clock, which is independent of the system time.
pub(crate) type Clock = Box<dyn Fn() -> Instant + Send + Sync>;

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    /// The number of failed fetches so far, and the last error.
    failures: u64,
    failure: Option<Arc<Error>>,
    /// The number of failed requests since the last token.
    streak: u32,
    /// The earliest time of the next request.
    not_before: Option<Instant>,
    /// When the current token may be renewed.
    renewable: Option<Instant>,
    /// The number of consecutive tokens that were rejected when new.
    doubts: u32,
}

/// A failed token request.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Arc<Error>,
    /// The pause before the next request.
    pub(crate) pause: Duration,
    /// The error of an earlier caller: no request was sent for this one.
    pub(crate) is_remembered: bool,
}

/// The state as a caller sees it.
enum Stock {
    Fresh(Arc<Token>),
    /// A valid token that is due for renewal.
    Ageing(Arc<Token>),
    /// No token, with the number of failed fetches so far.
    Empty(u64),
}

/// A valid token.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    until: Instant,
    /// The time of its request.
    asked: Instant,
    /// How long after that it is kept although it is rejected.
    trusted: Duration,
    /// Whether it was rejected in that time.
    doubted: AtomicBool,
}

/// The response of a token endpoint.
pub(crate) struct Grant {
    pub(crate) secret: Secret,
    pub(crate) lifetime: Duration,
}

impl Tokens {
    #[cfg(test)]
    pub(crate) fn new() -> Self {
        Self::with_clock(Box::new(Instant::now))
    }

    pub(super) fn with_clock(clock: Clock) -> Self {
        Self {
            clock,
            state: RwLock::default(),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// Returns the current token, or a new one. Callers that wait while another fetches share the result, including an
    /// error. So do callers during the pause after it.
    ///
    /// A token that is still valid is renewed by one caller, which spends up to `patience` on it.
    pub(crate) async fn get<F>(
        &self,
        patience: Duration,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<Token>, Failure>
    where
        F: Future<Output = Result<Grant, Error>>,
    {
        let failures = match self.stock() {
            Stock::Fresh(token) => return Ok(token),
            Stock::Ageing(token) => return Ok(self.renew(token, patience, fetch).await),
            Stock::Empty(failures) => failures,
        };
        if let Some(failure) = self.failure(None) {
            return Err(failure);
        }
        let _turn = self.turn.lock().await;
        if let Stock::Fresh(token) | Stock::Ageing(token) = self.stock() {
            return Ok(token);
        }
        if let Some(failure) = self.failure(Some(failures)) {
            return Err(failure);
        }
        // The lifetime of a token starts with its request, before the response arrives.
        let asked = (self.clock)();
        let fetched = fetch().await;
        let mut state = self.change();
        match fetched {
            Ok(grant) => Ok(state.keep(asked, grant)),
            Err(error) => {
                let pause = state.fail(&error, (self.clock)());
                let error = Arc::new(error);
                state.failure = Some(Arc::clone(&error));
                Err(Failure {
                    error,
                    pause,
                    is_remembered: false,
                })
            }
        }
    }

    /// Returns a new token, or the old one if another caller renews it, or if the renewal fails or takes too long.
    async fn renew<F>(
        &self,
        old: Arc<Token>,
        patience: Duration,
        fetch: impl FnOnce() -> F,
    ) -> Arc<Token>
    where
        F: Future<Output = Result<Grant, Error>>,
    {
        let Ok(_turn) = self.turn.try_lock() else {
            return old;
        };
        if let Stock::Fresh(token) = self.stock() {
            return token;
        }
        let asked = (self.clock)();
        let fetched = tokio::time::timeout(patience, fetch()).await;
        let mut state = self.change();
        match fetched {
            Ok(Ok(grant)) => state.keep(asked, grant),
            Ok(Err(error)) => {
                let now = (self.clock)();
                let pause = state.fail(&error, now);
                state.failure = Some(Arc::new(error));
                state.renewable = Some(now + pause.max(RENEWAL_PAUSE));
                old
            }
            Err(_) => {
                state.renewable = Some((self.clock)() + RENEWAL_PAUSE);
                old
            }
        }
    }

    /// Drops a rejected token, unless it is too new or already replaced. Returns whether another one is or will be
    /// available.
    pub(crate) fn refused(&self, token: &Arc<Token>) -> bool {
        if (self.clock)() < token.asked + token.trusted {
            // All calls to an endpoint that always rejects reach this point, so it only reads.
            token.doubted.store(true, Ordering::Relaxed);
            return !self.state().is_current(token);
        }
        let mut state = self.change();
        if state.is_current(token) {
            state.doubts = match token.doubted.load(Ordering::Relaxed) {
                true => state.doubts.saturating_add(1),
                false => 0,
            };
            state.current = None;
        }
        true
    }

    fn stock(&self) -> Stock {
        let now = (self.clock)();
        let state = self.state();
        match &state.current {
            Some(token) if now < token.until => {
                let token = Arc::clone(token);
                match state.renewable {
                    Some(from) if from <= now => Stock::Ageing(token),
                    _ => Stock::Fresh(token),
                }
            }
            _ => Stock::Empty(state.failures),
        }
    }

    /// Returns the last error during the pause after it, or if it came after `since` failures.
    fn failure(&self, since: Option<u64>) -> Option<Failure> {
        let now = (self.clock)();
        let state = self.state();
        let pause = state
            .not_before
            .map(|then| then.saturating_duration_since(now));
        let pause = pause.unwrap_or_default();
        let is_new = since.is_some_and(|failures| state.failures > failures);
        let error = state.failure.clone().filter(|_| is_new || !pause.is_zero());
        error.map(|error| Failure {
            error,
            pause,
            is_remembered: true,
        })
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Stores a token that was requested at this time.
    fn keep(&mut self, asked: Instant, grant: Grant) -> Arc<Token> {
        let token = Arc::new(Token {
            secret: grant.secret,
            until: asked + usable(grant.lifetime),
            asked,
            trusted: doubled(FIRST_TRUST, self.doubts).min(LONGEST_TRUST),
            doubted: AtomicBool::new(false),
        });
        self.current = Some(Arc::clone(&token));
        self.renewable = Some(token.until - (grant.lifetime / 10).min(LONGEST_NOTICE));
        self.failure = None;
        self.streak = 0;
        self.not_before = None;
        token
    }

    fn is_current(&self, token: &Arc<Token>) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|current| Arc::ptr_eq(current, token))
    }

    /// Counts a failure. Returns the pause before the next request.
    fn fail(&mut self, error: &Error, now: Instant) -> Duration {
        let pause = match error.pause() {
            // The token to exchange is missing; its own pause is enough.
            Some(pause) => pause,
            None => {
                let step = doubled(FIRST_PAUSE, self.streak).min(LONGEST_PAUSE);
                self.streak = self.streak.saturating_add(1);
                let asked = error.retry_after().unwrap_or_default().min(LONGEST_ASKED);
                // Jitter, so that machines that failed together don't retry together.
                (step / 2 + jitter(step / 2)).max(asked)
            }
        };
        self.failures += 1;
        self.not_before = Some(now + pause);
        pause
    }
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times))
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

/// Returns how long a token of this lifetime is used.
fn usable(lifetime: Duration) -> Duration {
    let lifetime = lifetime.min(LONGEST_LIFETIME);
    let margin = (lifetime / 10).min(LONGEST_MARGIN);
    (lifetime - margin).max(LEAST_USE)
}

impl Grant {
    /// Reads the response of a token endpoint. The error says what is missing.
    pub(crate) fn read(body: &[u8]) -> Result<Self, &'static str> {
        let Ok(Value::Object(mut answer)) = serde_json::from_slice(body) else {
            return Err("is not a JSON object");
        };
        let token_type = answer.get("token_type").and_then(Value::as_str);
        if token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err("has a token type other than Bearer");
        }
        let Some(Value::String(token)) = answer.remove("access_token") else {
            return Err("has no access_token");
        };
        let lifetime = lifetime(answer.get("expires_in"));
        Self::new(Secret::new(token), lifetime)
            .map_err(|_| "has an access_token with characters that are not allowed in a header")
    }

    /// Returns a valid token, or the reason why it is invalid.
    pub(crate) fn new(secret: Secret, lifetime: Duration) -> Result<Self, &'static str> {
        let plain = |byte: u8| byte.is_ascii_graphic();
        if secret.expose().is_empty() || !secret.expose().bytes().all(plain) {
            return Err("is empty or contains characters that are not allowed in a header");
        }
        Ok(Self { secret, lifetime })
    }
}

/// Reads `expires_in`, in seconds: a number, or a number in quotes.
fn lifetime(expires_in: Option<&Value>) -> Duration {
    let seconds = match expires_in {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    match seconds {
        Some(seconds) if seconds.is_nan() => ASSUMED_LIFETIME,
        // `as` stops at the bounds of the type.
        Some(seconds) => Duration::from_secs(seconds as u64),
        None => ASSUMED_LIFETIME,
    }
}

#[cfg(test)]
pub(super) mod tests;
