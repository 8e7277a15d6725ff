//! Access tokens: fetched by one caller at a time, used by all, renewed by one of them before they expire.

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
/// A renewal that takes longer is given up: its caller has a token that works.
pub(crate) const RENEWAL_LIMIT: Duration = Duration::from_secs(5);
/// So long after a failed renewal nobody tries another.
const RENEWAL_PAUSE: Duration = Duration::from_secs(10);
/// So long after a first failed request nobody sends another. It doubles from one failure to the next.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Where that doubling ends.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The longest `Retry-After` of a token endpoint that is kept to: one that asks for a year must not end the client.
const LONGEST_ASKED: Duration = Duration::from_secs(300);
/// A token that was fetched this short a time ago is kept though an endpoint refuses it: the next one would hardly fare
/// better. It doubles with each token that is refused so early.
const FIRST_TRUST: Duration = Duration::from_secs(5);
/// Where that doubling ends, so that a revoked token is replaced soon.
const LONGEST_TRUST: Duration = Duration::from_secs(60);
/// A token is used for so long whatever its answer says. A server that gives out dead tokens costs one fetch per second
/// then, not one per call.
const LEAST_USE: Duration = Duration::from_secs(1);
/// Lifetime of a token whose answer names none that makes sense.
const ASSUMED_LIFETIME: Duration = Duration::from_secs(300);
/// No token is used for longer.
const LONGEST_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);

/// The current token and the right to fetch the next.
pub(crate) struct Tokens {
    clock: Clock,
    /// Every call reads it, side by side with others; only a fetch and a refusal change it.
    state: RwLock<State>,
    /// Held by the caller that fetches. When that caller is dropped, the next in the queue goes on.
    turn: tokio::sync::Mutex<()>,
}

/// A monotonic clock: setting the time of the machine does not concern it.
pub(crate) type Clock = Box<dyn Fn() -> Instant + Send + Sync>;

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    /// How many fetches have failed so far, and why the last did.
    failures: u64,
    failure: Option<Arc<Error>>,
    /// How many requests have failed since the last token.
    streak: u32,
    /// Nobody sends a request before.
    not_before: Option<Instant>,
    /// When the current token may be renewed.
    renewable: Option<Instant>,
    /// How many tokens in a row were refused when they were new.
    doubts: u32,
}

/// Why there is no token.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Arc<Error>,
    /// For so long nobody sends a request.
    pub(crate) pause: Duration,
    /// It happened to an earlier caller: no request was sent for this one.
    pub(crate) is_remembered: bool,
}

/// What the state has for a caller.
enum Stock {
    Fresh(Arc<Token>),
    /// It works, and it is time to renew it.
    Ageing(Arc<Token>),
    /// Nothing; so many fetches have failed so far.
    Empty(u64),
}

/// A token in use.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    until: Instant,
    /// When it was asked for.
    asked: Instant,
    /// For so long after that it is kept though it is refused.
    trusted: Duration,
    /// It was refused in that time.
    doubted: AtomicBool,
}

/// What a token endpoint gives.
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

    /// The current token, or a new one. Callers that wait while another fetches share what comes of it, failure too, and
    /// so do those who come before the next request may be sent.
    ///
    /// A token that still works is renewed by one caller, who spends up to `patience` on it.
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
        // The life of a token begins before the answer arrives.
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

    /// A new token, or the old one: when another caller is at it, when it fails and when it takes too long.
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

    /// Forgets a token that was refused, unless it is too new or a newer one has taken its place. Whether there is
    /// another to try, or will be.
    pub(crate) fn refused(&self, token: &Arc<Token>) -> bool {
        if (self.clock)() < token.asked + token.trusted {
            // All calls to an endpoint that always refuses come here: they only read.
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

    /// The last failure, if no request may be sent yet; also one that came after so many.
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
    /// Puts a token that was asked for then into use.
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

    /// Counts a failure, and tells for how long nobody sends a request.
    fn fail(&mut self, error: &Error, now: Instant) -> Duration {
        let pause = match error.pause() {
            // The token that this one is made of is missing; its own pause is enough.
            Some(pause) => pause,
            None => {
                let step = doubled(FIRST_PAUSE, self.streak).min(LONGEST_PAUSE);
                self.streak = self.streak.saturating_add(1);
                let asked = error.retry_after().unwrap_or_default().min(LONGEST_ASKED);
                // Machines that failed together don't come back together.
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

/// For how long a token of this lifetime is used.
fn usable(lifetime: Duration) -> Duration {
    let lifetime = lifetime.min(LONGEST_LIFETIME);
    let margin = (lifetime / 10).min(LONGEST_MARGIN);
    (lifetime - margin).max(LEAST_USE)
}

impl Grant {
    /// Reads the answer of a token endpoint, or says what it lacks.
    pub(crate) fn read(body: &[u8]) -> Result<Self, &'static str> {
        let Ok(Value::Object(mut answer)) = serde_json::from_slice(body) else {
            return Err("is not a JSON object");
        };
        let token_type = answer.get("token_type").and_then(Value::as_str);
        if token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err("names another token type than Bearer");
        }
        let Some(Value::String(token)) = answer.remove("access_token") else {
            return Err("has no access_token");
        };
        let lifetime = lifetime(answer.get("expires_in"));
        Self::new(Secret::new(token), lifetime)
            .map_err(|_| "has an access_token that no header can carry")
    }

    /// A token, or what is wrong with it.
    pub(crate) fn new(secret: Secret, lifetime: Duration) -> Result<Self, &'static str> {
        let plain = |byte: u8| byte.is_ascii_graphic();
        if secret.expose().is_empty() || !secret.expose().bytes().all(plain) {
            return Err("is empty or holds characters that no header can carry");
        }
        Ok(Self { secret, lifetime })
    }
}

/// `expires_in`, in seconds: a number, or one in quotes.
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
