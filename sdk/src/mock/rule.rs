//! Which calls get which replies.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Mock;
use super::call::Call;
use super::reply::{Canned, Fault, Reply};
use crate::rt::Operation;

type Condition = Box<dyn Fn(&Call) -> bool + Send + Sync>;
/// Takes the call and how often the rule has replied before.
type Replies = Box<dyn Fn(&Call, u32) -> Canned + Send + Sync>;

/// A rule without its type.
pub(super) struct Rule {
    kind: TypeId,
    pub(super) name: &'static str,
    pub(super) place: &'static Location<'static>,
    expected: Option<Call>,
    conditions: Vec<Condition>,
    limit: Option<u32>,
    /// So often it has to be used.
    least: u32,
    pub(super) fallback: bool,
    used: AtomicU32,
    replies: Replies,
}

impl Rule {
    pub(super) fn is_for(&self, call: &Call) -> bool {
        call.is(self.kind)
    }

    /// The reply, if the rule is for this call and not used up.
    pub(super) fn reply(&self, call: &Call) -> Option<Canned> {
        if !self.is_for(call) || !self.fits(call) {
            return None;
        }
        let limit = self.limit.unwrap_or(u32::MAX);
        let claim = |used: u32| (used < limit).then_some(used + 1);
        let order = Ordering::Relaxed;
        let before = self.used.fetch_update(order, order, claim).ok()?;
        Some((self.replies)(call, before))
    }

    fn fits(&self, call: &Call) -> bool {
        let expected = self.expected.as_ref();
        expected.is_none_or(|expected| expected.equals(call))
            && self.conditions.iter().all(|condition| condition(call))
    }

    /// Why the rule did not reply to a call of its operation.
    pub(super) fn refusal(&self, call: &Call) -> String {
        let used = self.used.load(Ordering::Relaxed);
        let why = match &self.expected {
            _ if self.fits(call) => format!("used up by {used} requests"),
            Some(expected) => format!("expects {expected}"),
            None => "its condition does not hold".to_owned(),
        };
        format!("{}: {why}", self.place)
    }

    /// What is wrong at the end.
    pub(super) fn unmet(&self) -> Option<String> {
        let used = self.used.load(Ordering::Relaxed);
        (used < self.least).then(|| {
            let (name, place, least) = (self.name, self.place, self.least);
            format!("{place}: the rule for {name} replied to {used} of {least} requests")
        })
    }
}

/// A rule in the making: which calls of the operation `O` it is for. It comes into force with its reply.
///
/// Rules are asked in the order in which they came into force; the first that fits and is not used up replies.
#[must_use = "a rule does nothing before it has a reply"]
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

/// Which calls the rule is for.
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

    /// Only calls for which this holds. Operations have a method for each value, called like its setter.
    pub fn when(mut self, holds: impl Fn(&O) -> bool + Send + Sync + 'static) -> Self {
        let condition = move |call: &Call| call.operation().is_some_and(&holds);
        self.conditions.push(Box::new(condition));
        self
    }

    /// Only so many requests; [`verify`](Mock::verify) demands all of them. A call that is repeated is a request each
    /// time.
    pub fn times(mut self, exactly: u32) -> Self {
        self.limit = Some(exactly);
        self
    }

    /// [`verify`](Mock::verify) does not demand that the rule is used.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Only if no other rule fits, whatever their order: a reply that single tests override. It need not be used.
    pub fn fallback(mut self) -> Self {
        self.fallback = true;
        self.optional = true;
        self
    }
}

/// What they get. Each of these puts the rule into force.
impl<O: Operation> On<'_, O> {
    /// A success with this value.
    pub fn answer(self, answer: O::Answer) {
        self.reply(Reply::value(&answer));
    }

    /// A success with a value made of the operation.
    pub fn answer_with(self, answer: impl Fn(&O) -> O::Answer + Send + Sync + 'static) {
        self.reply_with(move |operation| Reply::value(&answer(operation)));
    }

    /// A failure as Dintero sends them.
    pub fn error(self, status: u16, code: &str, message: &str) {
        self.reply(Reply::error(status, code, message));
    }

    /// No proper answer.
    pub fn fault(self, fault: Fault) {
        self.reply(Reply::fault(fault));
    }

    /// This reply.
    pub fn reply(self, reply: Reply<O>) {
        self.replies([reply]);
    }

    /// A reply made of the operation; the function may keep a state of its own behind a lock.
    pub fn reply_with(self, reply: impl Fn(&O) -> Reply<O> + Send + Sync + 'static) {
        self.enforce(1, move |call, _| match call.operation() {
            Some(operation) => reply(operation).canned,
            None => Canned::Unsayable("the rule is for another operation".to_owned()),
        });
    }

    /// These replies, one after the other; then the last again and again, unless [`times`](Self::times) ends it.
    /// [`verify`](Mock::verify) demands each of them.
    pub fn replies(self, replies: impl IntoIterator<Item = Reply<O>>) {
        let replies: Vec<Canned> = replies.into_iter().map(|reply| reply.canned).collect();
        let count = u32::try_from(replies.len()).unwrap_or(u32::MAX);
        self.enforce(count, move |_, before| {
            let index = usize::try_from(before).unwrap_or(usize::MAX);
            let reply = replies.get(index).or(replies.last()).cloned();
            reply.unwrap_or_else(|| Canned::Unsayable("the rule has no reply".to_owned()))
        });
    }

    fn enforce(self, count: u32, replies: impl Fn(&Call, u32) -> Canned + Send + Sync + 'static) {
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
            replies: Box::new(replies),
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

/// The reply to a call, out of rules in order.
pub(super) fn choose(rules: &[Arc<Rule>], call: &Call) -> Option<Canned> {
    let (last, first): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.fallback);
    let mut rules = first.into_iter().chain(last);
    rules.find_map(|rule| rule.reply(call))
}
