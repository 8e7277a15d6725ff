//! Access tokens: fetched by one caller at a time, used by all.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Error, Secret};

/// A token is not used in the last part of its life, so that it is still valid when the request arrives: a tenth of
/// it, but no more than this.
const LONGEST_MARGIN: Duration = Duration::from_secs(60);
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
    state: Mutex<State>,
    /// Held by the caller that fetches. When that caller is dropped, the next in the queue goes on.
    turn: tokio::sync::Mutex<()>,
}

/// A monotonic clock: setting the time of the machine does not concern it.
type Clock = Box<dyn Fn() -> Instant + Send + Sync>;

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    /// How many fetches have failed so far, and why the last did.
    failures: u64,
    failure: Option<Arc<Error>>,
}

/// A token in use.
pub(crate) struct Token {
    pub(crate) secret: Secret,
    until: Instant,
}

/// What a token endpoint gives.
pub(crate) struct Grant {
    pub(crate) secret: Secret,
    pub(crate) lifetime: Duration,
}

impl Tokens {
    pub(crate) fn new() -> Self {
        Self::with_clock(Box::new(Instant::now))
    }

    pub(crate) fn with_clock(clock: Clock) -> Self {
        Self {
            clock,
            state: Mutex::default(),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// The current token, or a new one. Callers that wait while another fetches share what comes of it, failure too.
    pub(crate) async fn get<F>(&self, fetch: impl FnOnce() -> F) -> Result<Arc<Token>, Arc<Error>>
    where
        F: Future<Output = Result<Grant, Error>>,
    {
        let failures = match self.current() {
            Ok(token) => return Ok(token),
            Err(failures) => failures,
        };
        let _turn = self.turn.lock().await;
        if let Ok(token) = self.current() {
            return Ok(token);
        }
        if let Some(failure) = self.failure_since(failures) {
            return Err(failure);
        }
        // The life of a token begins before the answer arrives.
        let asked = (self.clock)();
        let fetched = fetch().await;
        let mut state = self.state();
        match fetched {
            Ok(grant) => {
                let token = Arc::new(Token {
                    secret: grant.secret,
                    until: asked + usable(grant.lifetime),
                });
                state.current = Some(Arc::clone(&token));
                state.failure = None;
                Ok(token)
            }
            Err(error) => {
                let error = Arc::new(error);
                state.failures += 1;
                state.failure = Some(Arc::clone(&error));
                Err(error)
            }
        }
    }

    /// Forgets a token that was refused, unless a newer one has taken its place.
    pub(crate) fn refused(&self, token: &Arc<Token>) {
        let mut state = self.state();
        if state
            .current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, token))
        {
            state.current = None;
        }
    }

    /// The token, or else how many fetches have failed so far.
    fn current(&self) -> Result<Arc<Token>, u64> {
        let state = self.state();
        match &state.current {
            Some(token) if (self.clock)() < token.until => Ok(Arc::clone(token)),
            _ => Err(state.failures),
        }
    }

    fn failure_since(&self, failures: u64) -> Option<Arc<Error>> {
        let state = self.state();
        state.failure.clone().filter(|_| state.failures > failures)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        let secret = Secret::new(token);
        let plain = |byte: u8| byte.is_ascii_graphic();
        if secret.expose().is_empty() || !secret.expose().bytes().all(plain) {
            return Err("has an access_token that no header can carry");
        }
        let lifetime = lifetime(answer.get("expires_in"));
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
mod tests;
