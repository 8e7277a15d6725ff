//! Faults on demand: of responses, of connections, and of callbacks and webhooks.

mod body;
mod connection;
mod respond;
mod text;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::contract;
use crate::plan::Plan;
use crate::state::State;
use crate::store::Record;
use crate::{Error, Sandbox};

pub(crate) use connection::{Connection, Listener};
pub(crate) use respond::respond;

/// The request header with the fault of the request itself.
pub(crate) const HEADER: &str = "dintero-sandbox-fault";
/// Faults of these are about the session's callbacks.
pub(crate) const CALLBACK: &str = "callback";
/// Faults of these are about webhooks.
pub(crate) const WEBHOOK: &str = "webhook";

/// The operations that can be planned to fail, or to be done later.
const PLANNED: [&str; 4] = [
    "payments.capture_transaction",
    "payments.pay_session",
    "payments.refund_transaction",
    "payments.void_transaction",
];
/// Operations that get tokens. A fault of any operation is not theirs.
const TOKENS: [&str; 2] = ["management.exchange_token", "payments.create_token"];

/// A fault, such as a status, a broken connection or a callback that is sent twice.
///
/// Also written as text, in the request header `dintero-sandbox-fault` and on the command line. Options follow after
/// semicolons:
///
/// | Text | Fault |
/// |---|---|
/// | `503`, `429; retry-after=1` | [`status`](Self::status), [`retry_after`](Self::retry_after) |
/// | `connection-reset` | [`connection_reset`](Self::connection_reset) |
/// | `no-response` | [`no_response`](Self::no_response) |
/// | `garbage` | [`garbage`](Self::garbage) |
/// | `timeout` | [`timeout`](Self::timeout) |
/// | `slow-response=3` | [`slow_response`](Self::slow_response), in seconds |
/// | `slow-body=3` | [`slow_body`](Self::slow_body), in seconds |
/// | `truncated-body` | [`truncated_body`](Self::truncated_body) |
/// | `malformed-chunk` | [`malformed_chunk`](Self::malformed_chunk) |
/// | `malformed-json` | [`malformed_json`](Self::malformed_json) |
/// | `wrong-content-type` | [`wrong_content_type`](Self::wrong_content_type) |
/// | `redirect=https://other.example/` | [`redirect`](Self::redirect) |
/// | `expired-token` | [`expired_token`](Self::expired_token) |
/// | `fails`, `later=5`, `later-fails=CODE` | [`outcome`](Self::outcome) |
/// | `late=30`, `twice`, `out-of-order`, `lost` | of callbacks and webhooks |
/// | `…; carried-out` | [`carried_out`](Self::carried_out) |
/// | `…; times=3` | [`times`](Self::times) |
/// | `…; call=2` | [`on_call`](Self::on_call) |
///
/// ```
/// # use dintero_sandbox::Fault;
/// # use std::time::Duration;
/// let fault = Fault::status(429).retry_after(Duration::from_secs(1)).times(2);
/// assert_eq!(fault, "429; retry-after=1; times=2".parse()?);
/// # Ok::<(), dintero_sandbox::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    retry_after: Option<u64>,
    carried_out: bool,
    times: u32,
    call: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Status(u16),
    ConnectionReset,
    NoResponse,
    Garbage,
    Timeout,
    SlowResponse(u64),
    SlowBody(u64),
    TruncatedBody,
    MalformedChunk,
    MalformedJson,
    WrongContentType,
    Redirect(String),
    ExpiredToken,
    Outcome(Plan),
    Late(u64),
    Twice,
    OutOfOrder,
    Lost,
}

impl Fault {
    fn of(kind: Kind) -> Self {
        Self {
            kind,
            retry_after: None,
            carried_out: false,
            times: 1,
            call: 1,
        }
    }

    /// The response has this status, 400 to 599; the request and is not carried out.
    pub fn status(status: u16) -> Self {
        Self::of(Kind::Status(status))
    }

    /// The connection is reset instead of a response, and the request is not carried out.
    pub fn connection_reset() -> Self {
        Self::of(Kind::ConnectionReset)
    }

    /// The connection is closed without a response, and the request is not carried out.
    pub fn no_response() -> Self {
        Self::of(Kind::NoResponse)
    }

    /// Bytes that are not HTTP come instead of a response, and the request is not carried out.
    pub fn garbage() -> Self {
        Self::of(Kind::Garbage)
    }

    /// There is no response for ten minutes, and the request is not carried out.
    pub fn timeout() -> Self {
        Self::of(Kind::Timeout)
    }

    /// The request is carried out at once, and the response comes after this time, in whole seconds.
    pub fn slow_response(after: Duration) -> Self {
        Self::of(Kind::SlowResponse(after.as_secs()))
    }

    /// The request is carried out, and the body of the response takes this time, in whole seconds.
    pub fn slow_body(time: Duration) -> Self {
        Self::of(Kind::SlowBody(time.as_secs()))
    }

    /// The request is carried out, and the connection breaks in the middle of the response's body.
    pub fn truncated_body() -> Self {
        Self::of(Kind::TruncatedBody)
    }

    /// The request is carried out, and the body of the response is sent in a chunk that is not one.
    pub fn malformed_chunk() -> Self {
        Self::of(Kind::MalformedChunk)
    }

    /// The request is carried out, and the body of the response lacks its end, but is complete as HTTP.
    pub fn malformed_json() -> Self {
        Self::of(Kind::MalformedJson)
    }

    /// A page in HTML comes with status 200, as from a proxy, and the request is not carried out.
    pub fn wrong_content_type() -> Self {
        Self::of(Kind::WrongContentType)
    }

    /// The request is redirected with status 307, and not carried out.
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::of(Kind::Redirect(to.into()))
    }

    /// The access token of the request is no longer valid, so that the status is 401 until there is a new one.
    pub fn expired_token() -> Self {
        Self::of(Kind::ExpiredToken)
    }

    /// A capture, a refund, a void or a payment with a saved card fails, or is accepted with 202 and done later.
    pub fn outcome(plan: Plan) -> Self {
        Self::of(Kind::Outcome(plan))
    }

    /// A callback or webhook is sent later, by the clock of the sandbox, in whole seconds.
    pub fn late(by: Duration) -> Self {
        Self::of(Kind::Late(by.as_secs()))
    }

    /// A callback or webhook is sent twice, with the same `event-delivery`.
    pub fn twice() -> Self {
        Self::of(Kind::Twice)
    }

    /// A callback or webhook is sent after the next one, or after 60 seconds if there is none.
    pub fn out_of_order() -> Self {
        Self::of(Kind::OutOfOrder)
    }

    /// A callback or webhook is not sent at all, and listed as failed.
    pub fn lost() -> Self {
        Self::of(Kind::Lost)
    }

    /// Adds the header `Retry-After` to the response of [`status`](Self::status), in whole seconds.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after.as_secs());
        self
    }

    /// The request is carried out, and its response is lost or replaced. Without this, the request never arrived as far
    /// as the sandbox is concerned.
    #[must_use]
    pub fn carried_out(mut self) -> Self {
        self.carried_out = true;
        self
    }

    /// How many requests have it. Default: 1.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// The request that has it first: 1 is the next one, which is the default, and 3 the third.
    #[must_use]
    pub fn on_call(mut self, call: u32) -> Self {
        self.call = call;
        self
    }

    fn is_of_delivery(&self) -> bool {
        matches!(
            self.kind,
            Kind::Late(_) | Kind::Twice | Kind::OutOfOrder | Kind::Lost
        )
    }

    /// Whether the request has its effect.
    pub(crate) fn carries_out(&self) -> bool {
        self.carried_out
            || matches!(
                self.kind,
                Kind::SlowResponse(_)
                    | Kind::SlowBody(_)
                    | Kind::TruncatedBody
                    | Kind::MalformedChunk
                    | Kind::MalformedJson
                    | Kind::ExpiredToken
                    | Kind::Outcome(_)
            )
    }

    /// The planned outcome, as a header.
    pub(crate) fn plan(&self) -> Option<String> {
        match &self.kind {
            Kind::Outcome(plan) => Some(text::of_plan(plan)),
            _ => None,
        }
    }

    pub(crate) fn expires_token(&self) -> bool {
        self.kind == Kind::ExpiredToken
    }

    /// Checks it for an operation; none: any.
    fn check(&self, operation: Option<&str>) -> Result<(), Error> {
        let wrong = |why: String| {
            Err(Error::new(format!(
                "the fault `{self}` can't be used: {why}"
            )))
        };
        if let Kind::Status(status) = self.kind
            && !(400..=599).contains(&status)
        {
            return wrong(format!("{status} is not a status from 400 to 599"));
        }
        if self.times == 0 || self.call == 0 {
            return wrong("`times` and `call` are at least 1".to_owned());
        }
        let is_delivery = matches!(operation, Some(CALLBACK | WEBHOOK));
        if let Some(name) = operation.filter(|_| !is_delivery)
            && !contract::operations()
                .iter()
                .any(|known| known.name == name)
        {
            return wrong(format!(
                "there is no operation `{name}`, such as `payments.get_session`"
            ));
        }
        if self.is_of_delivery() != is_delivery {
            return wrong(match is_delivery {
                true => "callbacks and webhooks can be `late`, `twice`, `out-of-order` or `lost`"
                    .to_owned(),
                false => format!(
                    "it is one of a `{CALLBACK}` or a `{WEBHOOK}`: name that as the operation"
                ),
            });
        }
        if let (Kind::Outcome(_), false) = (
            &self.kind,
            operation.is_some_and(|name| PLANNED.contains(&name)),
        ) {
            return wrong(format!("name one of the operations {}", PLANNED.join(", ")));
        }
        Ok(())
    }
}

/// A fault that waits for its requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// Absent: any, except those that get tokens.
    pub(crate) operation: Option<String>,
    pub(crate) fault: Fault,
    /// How many requests there were.
    pub(crate) seen: u32,
}

impl Record for Rule {
    const TABLE: &'static str = "faults";
}

impl Rule {
    fn is_for(&self, operation: &str) -> bool {
        match &self.operation {
            Some(own) => own == operation,
            None => ![CALLBACK, WEBHOOK].contains(&operation) && !TOKENS.contains(&operation),
        }
    }
}

/// Adds a fault for the next request of an operation; none: of any.
pub(crate) fn add(state: &mut State, operation: Option<&str>, fault: Fault) -> Result<(), Error> {
    fault.check(operation)?;
    let id = state.text(8);
    let rule = Rule {
        operation: operation.map(str::to_owned),
        fault,
        seen: 0,
    };
    state.store.put(&id, &rule);
    Ok(())
}

/// Returns the fault for this request. Rules are tried in the order in which they were added; after the one that
/// applies, the others don't count the request.
pub(crate) fn take(state: &mut State, operation: &str) -> Option<Fault> {
    if state.store.len::<Rule>() == 0 {
        return None;
    }
    let rules: Vec<(String, Rule)> = (state.store.iter::<Rule>())
        .filter(|(_, rule)| rule.is_for(operation))
        .map(|(id, rule)| (id.to_owned(), rule))
        .collect();
    for (id, mut rule) in rules {
        rule.seen += 1;
        let last = rule.fault.call.saturating_add(rule.fault.times - 1);
        if rule.seen >= last {
            state.store.remove::<Rule>(&id);
        } else {
            state.store.put(&id, &rule);
        }
        if rule.seen >= rule.fault.call {
            return Some(rule.fault);
        }
    }
    None
}

/// Returns the fault that the request header asks for.
pub(crate) fn of_header(operation: &str, text: &str) -> Result<Fault, Error> {
    let fault: Fault = text.parse()?;
    if (fault.times, fault.call) != (1, 1) {
        let message = format!(
            "the header {HEADER} is about its own request: `times` and `call` can't be used"
        );
        return Err(Error::new(message));
    }
    fault.check(Some(operation))?;
    Ok(fault)
}

/// A delivery that is sent after the next one, under `callback` or `webhook`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Held(pub(crate) String);

impl Record for Held {
    const TABLE: &'static str = "held";
}

/// How a delivery is sent, other than usual.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    pub(crate) later: Duration,
    pub(crate) is_repeated: bool,
    pub(crate) is_held: bool,
    pub(crate) is_lost: bool,
}

/// Returns the fault of a delivery.
pub(crate) fn of_delivery(state: &mut State, operation: &str) -> Sending {
    let mut sending = Sending::default();
    match take(state, operation).map(|fault| fault.kind) {
        Some(Kind::Late(seconds)) => sending.later = Duration::from_secs(seconds),
        Some(Kind::Twice) => sending.is_repeated = true,
        Some(Kind::OutOfOrder) => sending.is_held = true,
        Some(Kind::Lost) => sending.is_lost = true,
        _ => {}
    }
    sending
}

/// Faults of a sandbox, from [`Sandbox::faults`].
#[derive(Clone, Copy, Debug)]
pub struct Faults<'s> {
    sandbox: &'s Sandbox,
}

impl<'s> Faults<'s> {
    pub(crate) fn new(sandbox: &'s Sandbox) -> Self {
        Self { sandbox }
    }

    /// Adds a fault for the next request of an operation, named as in the errors of the crate `dintero`:
    /// `payments.capture_transaction`. `None` is any operation, except those that get access tokens. `"callback"` and
    /// `"webhook"` are the requests to the merchant.
    ///
    /// Several faults are used up in the order in which they were added.
    ///
    /// # Errors
    /// The operation is unknown, or the fault is not one of it.
    pub async fn next<'o>(
        &self,
        operation: impl Into<Option<&'o str>>,
        fault: Fault,
    ) -> Result<(), Error> {
        let operation = operation.into();
        let added = self
            .sandbox
            .inner
            .change(|state| add(state, operation, fault))
            .await;
        added.map_err(|problem| Error::new(problem.message))?
    }

    /// Removes the faults that were not used up.
    ///
    /// # Errors
    /// The state file can't be written.
    pub async fn clear(&self) -> Result<(), Error> {
        let cleared = self
            .sandbox
            .inner
            .change(|state| state.store.keep_newest::<Rule>(0))
            .await;
        cleared.map_err(|problem| Error::new(problem.message))
    }
}
