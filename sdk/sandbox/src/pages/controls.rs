//! Controls of the first page: the clock, outcomes and faults of the next requests, settlements.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::response::Response;
use axum::routing::post;

use super::{Form, problem, see_other};
use crate::contract;
use crate::faults::{self, Fault, Rule};
use crate::operations::{self as handlers, settlements};
use crate::plan::{self, Plan};
use crate::request::Problem;
use crate::server::Inner;
use crate::state::State;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/sandbox/clock", post(clock))
        .route("/sandbox/plan", post(plan_next))
        .route("/sandbox/faults", post(add_fault))
        .route("/sandbox/faults/clear", post(clear_faults))
        .route("/sandbox/settle", post(settle))
}

/// A fault to choose.
#[derive(Debug)]
pub(super) struct FaultChoice {
    /// As the request header has it.
    pub(super) value: &'static str,
    pub(super) name: &'static str,
}

const fn fault(value: &'static str, name: &'static str) -> FaultChoice {
    FaultChoice { value, name }
}

pub(super) const FAULTS: [FaultChoice; 18] = [
    fault("429; retry-after=1", "429, and retry after a second"),
    fault("500", "500"),
    fault("503", "503"),
    fault("500; carried-out", "500, though it was carried out"),
    fault("timeout", "no response for ten minutes"),
    fault("slow-response=5", "a response after five seconds"),
    fault("connection-reset", "the connection is reset"),
    fault(
        "connection-reset; carried-out",
        "the connection is reset, though it was carried out",
    ),
    fault("no-response", "the connection is closed"),
    fault("truncated-body", "the body of the response breaks off"),
    fault("malformed-json", "JSON without its end"),
    fault("wrong-content-type", "a page in HTML"),
    fault("garbage", "bytes that are not HTTP"),
    fault("expired-token", "the access token has expired"),
    fault("late=30", "callback or webhook: 30 seconds late"),
    fault("twice", "callback or webhook: sent twice"),
    fault("out-of-order", "callback or webhook: after the next one"),
    fault("lost", "callback or webhook: not sent"),
];

/// The operations that the sandbox knows, by name.
pub(super) fn operations() -> Vec<&'static str> {
    let known = contract::operations().iter();
    let mut names: Vec<_> = known
        .map(|operation| operation.name.as_str())
        .filter(|name| handlers::handler(name).is_some())
        .collect();
    names.sort_unstable();
    names
}

/// The faults that were not used up: the operation, and the fault as text.
pub(super) fn waiting(state: &State) -> Vec<(String, String)> {
    let rules = state.store.iter::<Rule>().map(|(_, rule)| rule);
    let operation = |rule: &Rule| {
        rule.operation
            .clone()
            .unwrap_or_else(|| "any operation".to_owned())
    };
    rules
        .map(|rule| (operation(&rule), rule.fault.to_string()))
        .collect()
}

/// Returns the message after a control was used.
pub(super) fn done(control: &str) -> &'static str {
    match control {
        "clock" => {
            "The clock was turned forward. Everything that was due in the meantime happens now."
        }
        "plan" => "The outcome is planned. Requests get planned outcomes in their order.",
        "fault" => "The fault is planned. It is listed below until it is used up.",
        "cleared" => "There are no more faults.",
        "settle" => "All captures and refunds are settled.",
        _ => "",
    }
}

/// Changes the state as a form says, and shows the first page again.
async fn change(
    inner: &Inner,
    request: Request,
    done: &str,
    change: impl FnOnce(&mut State, &Form) -> Result<(), Problem>,
) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return problem(&error),
    };
    match inner.change(|state| change(state, &form)).await {
        Ok(Ok(())) => see_other(&format!("/?done={done}")),
        Ok(Err(error)) | Err(error) => problem(&error),
    }
}

async fn clock(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    change(&inner, request, "clock", |state, form| {
        let unit = match form.get("unit") {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 3_600,
            "days" => 86_400,
            other => return Err(invalid(format!("`{other}` is not a unit of time"))),
        };
        // Longer than any period of a payment, and far from the end of representable times.
        let count = form
            .get("count")
            .parse::<u64>()
            .ok()
            .filter(|count| *count <= 36_500);
        let Some(count) = count else {
            return Err(invalid(
                "the clock is turned by a whole number, at most 36500".to_owned(),
            ));
        };
        state.advance(Duration::from_secs(count * unit))
    })
    .await
}

async fn plan_next(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    change(&inner, request, "plan", |state, form| {
        let event = form.get("event");
        if !["CAPTURE", "REFUND", "VOID", "AUTHORIZE"].contains(&event) {
            return Err(invalid(format!(
                "`{event}` is not an event with a planned outcome"
            )));
        }
        let code = form.get("code").to_owned();
        let plan = match form.get("outcome") {
            "fails" => Plan::Fails(code),
            "later" => Plan::Later {
                after: None,
                fails: None,
            },
            "later-fails" => Plan::Later {
                after: None,
                fails: Some(code),
            },
            other => return Err(invalid(format!("`{other}` is not an outcome"))),
        };
        plan::add(state, event, plan);
        Ok(())
    })
    .await
}

fn invalid(message: String) -> Problem {
    Problem::bad_request("ValidationError", message)
}

async fn add_fault(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    change(&inner, request, "fault", |state, form| {
        let wrong = |error: crate::Error| invalid(error.to_string());
        let fault: Fault = form.get("fault").parse().map_err(wrong)?;
        let operation = form.some("operation");
        faults::add(state, operation.as_deref(), fault).map_err(wrong)
    })
    .await
}

async fn clear_faults(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    change(&inner, request, "cleared", |state, _| {
        state.store.keep_newest::<Rule>(0);
        Ok(())
    })
    .await
}

async fn settle(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    change(&inner, request, "settle", |state, _| {
        settlements::settle_all(state);
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_can_be_read() {
        for choice in FAULTS {
            let fault: Fault = choice.value.parse().unwrap();
            assert_eq!(fault.to_string(), choice.value);
        }
    }
}
