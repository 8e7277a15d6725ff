//! Planned outcomes of the next capture, refund, void or payment by token: it fails, or is done later.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::request::{Problem, Request};
use crate::state::State;
use crate::store::Record;

/// The request header that plans the outcome of the request itself: `fails`, `fails=<code>`, `later`,
/// `later=<seconds>`, `later-fails` or `later-fails=<code>`.
pub(crate) const HEADER: &str = "dintero-sandbox-outcome";
/// The error code of an event if no other is wanted.
pub(crate) const FAILED: &str = "SANDBOX_REFUSED";

/// An outcome other than the usual one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Plan {
    /// It is rejected, with this error code in the event.
    Fails(String),
    /// It is accepted with 202, and done after this time, or fails then with this code.
    Later {
        /// Two seconds if it is not set.
        after: Option<Duration>,
        /// The error code.
        fails: Option<String>,
    },
}

/// Planned outcomes, oldest first, under the event's name: `CAPTURE`, `REFUND`, `VOID`, `AUTHORIZE`.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Plans(Vec<Plan>);

impl Record for Plans {
    const TABLE: &'static str = "plans";
}

impl Plan {
    /// Reads a plan, as the header has it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, value) = match text.split_once('=') {
            Some((kind, value)) => (kind.trim(), Some(value.trim().to_owned())),
            None => (text.trim(), None),
        };
        let code = |value: Option<String>| value.unwrap_or_else(|| FAILED.to_owned());
        Some(match kind {
            "fails" => Self::Fails(code(value)),
            "later" => Self::Later {
                after: match value {
                    Some(value) => Some(Duration::from_secs(value.parse().ok()?)),
                    None => None,
                },
                fails: None,
            },
            "later-fails" => Self::Later {
                after: None,
                fails: Some(code(value)),
            },
            _ => return None,
        })
    }
}

/// Plans the outcome of the next request that leads to this event.
pub(crate) fn add(state: &mut State, event: &str, plan: Plan) {
    let mut plans = state.store.get::<Plans>(event).unwrap_or_default();
    plans.0.push(plan);
    state.store.put(event, &plans);
}

/// Takes the plan for a request: its own, or the oldest for its event.
pub(crate) fn take(
    state: &mut State,
    request: &Request,
    event: &str,
) -> Result<Option<Plan>, Problem> {
    if let Some(text) = request.header(HEADER) {
        let plan = Plan::parse(text).ok_or_else(|| {
            let message = format!("the header {HEADER} can't be read: `{text}`");
            Problem::bad_request("ValidationError", message)
        })?;
        return Ok(Some(plan));
    }
    Ok(next(state, event))
}

/// Takes the oldest plan for an event.
pub(crate) fn next(state: &mut State, event: &str) -> Option<Plan> {
    let mut plans = state.store.get::<Plans>(event)?;
    if plans.0.is_empty() {
        return None;
    }
    let plan = plans.0.remove(0);
    state.store.put(event, &plans);
    Some(plan)
}
