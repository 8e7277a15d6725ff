//! Rules: which calls get which responses.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Mock;
use super::call::Call;
use super::response::{Canned, Fault, MockResponse};
use crate::rt::Operation;

type Condition = Box<dyn Fn(&Call) -> bool + Send + Sync>;
/// Takes the call and the number of earlier responses of the rule.
type Responses = Box<dyn Fn(&Call, u32) -> Canned + Send + Sync>;

/// A rule without its type parameter.
pub(super) struct Rule {
    kind: TypeId,
    pub(super) name: &'static str,
    pub(super) place: &'static Location<'static>,
    expected: Option<Call>,
    conditions: Vec<Condition>,
    limit: Option<u32>,
    /// The minimum number of uses.
    least: u32,
    pub(super) fallback: bool,
    used: AtomicU32,
    responses: Responses,
}

impl Rule {
    pub(super) fn is_for(&self, call: &Call) -> bool {
        call.is(self.kind)
    }

    /// Returns the response, if the rule matches this call and is not used up.
    pub(super) fn response(&self, call: &Call) -> Option<Canned> {
        if !self.is_for(call) || !self.fits(call) {
            return None;
        }
        let limit = self.limit.unwrap_or(u32::MAX);
        let claim = |used: u32| (used < limit).then_some(used + 1);
        let order = Ordering::Relaxed;
        let before = self.used.fetch_update(order, order, claim).ok()?;
        Some((self.responses)(call, before))
    }

    fn fits(&self, call: &Call) -> bool {
        let expected = self.expected.as_ref();
        expected.is_none_or(|expected| expected.equals(call))
            && self.conditions.iter().all(|condition| condition(call))
    }

    /// Returns why the rule did not respond to a call of its operation.
    pub(super) fn refusal(&self, call: &Call) -> String {
        let used = self.used.load(Ordering::Relaxed);
        let why = match &self.expected {
            _ if self.fits(call) => format!("used up by {used} requests"),
            Some(expected) => format!("expects {expected}"),
            None => "its condition is not met".to_owned(),
        };
        format!("{}: {why}", self.place)
    }

    /// Returns the problem of a rule that was not used often enough.
    pub(super) fn unmet(&self) -> Option<String> {
        let used = self.used.load(Ordering::Relaxed);
        (used < self.least).then(|| {
            let (name, place, least) = (self.name, self.place, self.least);
            format!("{place}: the rule for {name} responded to {used} of {least} requests")
        })
    }
}

/// A builder for a rule about calls of the operation `O`. The rule takes effect once it has a response.
///
/// Rules are tried in the order in which they took effect. The first that matches and is not used up responds.
#[must_use = "a rule has no effect until it has a response"]
pub struct On<'m, O> {
    mock: &'m Mock,
    place: &'static Location<'static>,
    expected: Option<Call>,
    conditions: Vec<Condition>,
    limit: Option<u32>,
    fallback: bool,
    optional: bool,
    of: PhantomData<fn(&O)>,
}

/// Conditions of the rule.
impl<'m, O: Operation> On<'m, O> {
    pub(super) fn new(
        mock: &'m Mock,
        place: &'static Location<'static>,
        expected: Option<Call>,
    ) -> Self {
        Self {
            mock,
            place,
            limit: None,
            expected,
            conditions: Vec::new(),
            fallback: false,
            optional: false,
            of: PhantomData,
        }
    }

    /// Restricts the rule to calls that meet this condition. An operation has a public field for each parameter, and
    /// `body`.
    pub fn when(mut self, holds: impl Fn(&O) -> bool + Send + Sync + 'static) -> Self {
        let condition = move |call: &Call| call.operation().is_some_and(&holds);
        self.conditions.push(Box::new(condition));
        self
    }

    /// Restricts the rule to this number of requests; [`verify`](Mock::verify) requires all of them. Each retry is a
    /// request.
    pub fn times(mut self, exactly: u32) -> Self {
        self.limit = Some(exactly);
        self
    }

    /// Makes the rule optional: [`verify`](Mock::verify) does not require that it is used.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Makes the rule a fallback: it responds only if no other rule matches, whatever their order, and is optional.
    /// Tests can override it.
    pub fn fallback(mut self) -> Self {
        self.fallback = true;
        self.optional = true;
        self
    }
}

/// The response. Each of these completes the rule.
///
/// They are named like the constructors of [`MockResponse`]; `_with` computes the response from the operation.
impl<O: Operation> On<'_, O> {
    /// Responds with this value and the status of a success.
    pub fn value(self, value: O::Output) {
        self.response(MockResponse::value(&value));
    }

    /// Responds with a value computed from the operation and the status of a success.
    pub fn value_with(self, value: impl Fn(&O) -> O::Output + Send + Sync + 'static) {
        self.response_with(move |operation| MockResponse::value(&value(operation)));
    }

    /// Responds with an error in Dintero's format.
    pub fn error(self, status: u16, code: &str, message: &str) {
        self.response(MockResponse::error(status, code, message));
    }

    /// Fails below HTTP, or with a response that can't be read.
    pub fn fault(self, fault: Fault) {
        self.response(MockResponse::fault(fault));
    }

    /// Responds with this response.
    pub fn response(self, response: MockResponse<O>) {
        self.responses([response]);
    }

    /// Responds with a response computed from the operation. The function may keep state behind a lock.
    pub fn response_with(self, response: impl Fn(&O) -> MockResponse<O> + Send + Sync + 'static) {
        self.enforce(1, move |call, _| match call.operation() {
            Some(operation) => response(operation).canned,
            None => Canned::Invalid("the rule is for another operation".to_owned()),
        });
    }

    /// Responds with each of these in order, then with the last one again, until the limit of [`times`](Self::times).
    /// [`verify`](Mock::verify) requires that each of them was used.
    pub fn responses(self, responses: impl IntoIterator<Item = MockResponse<O>>) {
        let responses: Vec<Canned> = responses
            .into_iter()
            .map(|response| response.canned)
            .collect();
        let count = u32::try_from(responses.len()).unwrap_or(u32::MAX);
        self.enforce(count, move |_, before| {
            let index = usize::try_from(before).unwrap_or(usize::MAX);
            let response = responses.get(index).or(responses.last()).cloned();
            response.unwrap_or_else(|| Canned::Invalid("the rule has no response".to_owned()))
        });
    }

    fn enforce(self, count: u32, responses: impl Fn(&Call, u32) -> Canned + Send + Sync + 'static) {
        let once = self.expected.is_some().then_some(count);
        let limit = self.limit.or(once);
        self.mock.enforce(Rule {
            kind: TypeId::of::<O>(),
            name: O::INFO.name,
            place: self.place,
            expected: self.expected,
            conditions: self.conditions,
            least: match self.optional {
                true => 0,
                false => limit.unwrap_or(count),
            },
            limit,
            fallback: self.fallback,
            used: AtomicU32::new(0),
            responses: Box::new(responses),
        });
    }
}

impl<O> fmt::Debug for On<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("On")
            .field("place", &self.place.to_string())
            .finish_non_exhaustive()
    }
}

/// Returns the response of the first matching rule.
pub(super) fn choose(rules: &[Arc<Rule>], call: &Call) -> Option<Canned> {
    let (last, first): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.fallback);
    let mut rules = first.into_iter().chain(last);
    rules.find_map(|rule| rule.response(call))
}
