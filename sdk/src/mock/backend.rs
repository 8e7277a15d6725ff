//! The backend of a mock, with its clock.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::call::Call;
use super::response::{Canned, Fault, MockResponse};
use super::rule::{self, Rule};
use super::token::FetchToken;
use crate::Error;
use crate::rt::{Operation, RawResponse};
use crate::transport::{Limits, Outgoing};

/// The state that a mock, its clones and its clients share.
#[derive(Clone)]
pub(crate) struct MockBackend(Arc<Shared>);

struct Shared {
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rules: Vec<Arc<Rule>>,
    attempts: Vec<Attempt>,
    tokens: u32,
    unmatched: Vec<String>,
    waits: Vec<Duration>,
    /// The time that has passed on the clock.
    elapsed: Duration,
}

/// One recorded request.
struct Attempt {
    call: Arc<Call>,
    request: http::Request<Bytes>,
}

impl MockBackend {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            begun: Instant::now(),
            state: Mutex::default(),
        }))
    }

    pub(super) fn enforce(&self, rule: Rule) {
        self.state().rules.push(Arc::new(rule));
    }

    /// Responds to a request by the rules.
    pub(crate) fn exchange(
        &self,
        outgoing: &Outgoing<'_>,
        body: Bytes,
        limits: Limits,
    ) -> Result<RawResponse, Error> {
        let Outgoing {
            method,
            url,
            headers,
            body: _,
            timeout,
            streamed: _,
            begun: _,
            purpose,
            most: _,
        } = outgoing;
        let fetches_token = purpose.call.is_none();
        let call = purpose.call.clone();
        let call = call.unwrap_or_else(|| Arc::new(Call::of(&FetchToken)));
        let mut request = http::Request::new(body);
        *request.method_mut() = method.clone();
        *request.headers_mut() = headers.clone();
        *request.uri_mut() = http::Uri::try_from(url.as_str())
            .map_err(|error| Error::invalid_request("path", error.to_string()))?;
        let rules = {
            let mut state = self.state();
            let call = Arc::clone(&call);
            state.attempts.push(Attempt { call, request });
            state.rules.clone()
        };
        // Without the lock, because a user's conditions may access the mock.
        let reply = match rule::choose(&rules, &call) {
            Some(reply) => reply,
            None if fetches_token => self.own_token(),
            None => return Err(self.unmatched(&rules, &call)),
        };
        match reply {
            Canned::Response(response) => Ok(response),
            Canned::Invalid(reason) => {
                let reason = format!("invalid response in the rule: {reason}");
                Err(Error::configuration("mock", reason))
            }
            Canned::Fault(fault) => {
                match fault {
                    Fault::Timeout => self.advance(timeout.unwrap_or(limits.request)),
                    Fault::ConnectTimeout => self.advance(limits.connect),
                    _ => {}
                }
                fault.happen()
            }
        }
    }

    fn own_token(&self) -> Canned {
        let mut state = self.state();
        state.tokens += 1;
        MockResponse::<FetchToken>::value(&format!("mock-token-{}", state.tokens)).canned
    }

    fn unmatched(&self, rules: &[Arc<Rule>], call: &Call) -> Error {
        let name = call.info.name;
        let mut text = format!("no rule responds to {name}; it sends {call}");
        let (same, other): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.is_for(call));
        for rule in &same {
            text += "; ";
            text += &rule.refusal(call);
        }
        if same.is_empty() {
            let mut names: Vec<&str> = other.iter().map(|rule| rule.name).collect();
            names.sort_unstable();
            names.dedup();
            text += &match names.as_slice() {
                [] => "; the mock has no rules".to_owned(),
                names => format!("; there are rules for {}", names.join(", ")),
            };
        }
        self.state().unmatched.push(text.clone());
        Error::configuration("mock", text)
    }

    /// Returns the operations of this type that were sent. A retried operation is listed once.
    pub(super) fn calls<O: Operation>(&self) -> Vec<O> {
        let state = self.state();
        let mut seen: Vec<&Arc<Call>> = Vec::new();
        for attempt in &state.attempts {
            if !seen.iter().any(|call| Arc::ptr_eq(call, &attempt.call)) {
                seen.push(&attempt.call);
            }
        }
        let calls = seen.into_iter().filter_map(|call| call.operation());
        calls.cloned().collect()
    }

    pub(super) fn attempts<O: Operation>(&self) -> usize {
        let state = self.state();
        let mut calls = state.attempts.iter().map(|attempt| &attempt.call);
        calls
            .by_ref()
            .filter(|call| call.operation::<O>().is_some())
            .count()
    }

    pub(super) fn requests(&self) -> Vec<http::Request<Bytes>> {
        let state = self.state();
        let attempts = state.attempts.iter();
        attempts.map(|attempt| attempt.request.clone()).collect()
    }

    pub(super) fn waits(&self) -> Vec<Duration> {
        self.state().waits.clone()
    }

    /// Returns every unmatched request and every rule that was not used often enough.
    pub(super) fn problems(&self) -> Vec<String> {
        let state = self.state();
        let unmet = state.rules.iter().filter_map(|rule| rule.unmet());
        state.unmatched.iter().cloned().chain(unmet).collect()
    }

    /// Records the delay and advances the clock, without waiting.
    pub(crate) fn wait(&self, time: Duration) {
        self.state().waits.push(time);
        self.advance(time);
    }

    pub(super) fn advance(&self, time: Duration) {
        let mut state = self.state();
        state.elapsed = state.elapsed.saturating_add(time);
    }

    /// Returns the time of the clock, which only [`wait`](Self::wait) and [`advance`](Self::advance) move.
    pub(crate) fn now(&self) -> Instant {
        let elapsed = self.state().elapsed;
        self.0.begun.checked_add(elapsed).unwrap_or(self.0.begun)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = &self.0.state;
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MockBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("MockBackend")
            .field("rules", &state.rules.len())
            .field("requests", &state.attempts.len())
            .finish_non_exhaustive()
    }
}
