//! The first page: how to connect, what happened, and controls.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::response::Response;
use axum::routing::{get, post};
use dintero::payments::{StoredSession, Transaction};
use http::StatusCode;

use super::deliveries::{DeliveryRow, deliveries};
use super::explain::{DECLINES, Decline};
use super::records::{Row, sessions, transactions};
use super::requests::{CallRow, calls};
use super::{Form, page, problem, query, see_other, text};
use crate::accounts::{Account, ApiClient, First};
use crate::delivery::Delivery;
use crate::plan::{self, Plan};
use crate::request::Problem;
use crate::server::Inner;
use crate::state::State;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/", get(overview))
        .route("/sandbox", get(home))
        .route("/sandbox/", get(home))
        .route("/sandbox/clock", post(clock))
        .route("/sandbox/plan", post(plan_next))
}

/// How many rows of each kind the first page has.
const ROWS: usize = 5;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    tab: &'static str,
    done: &'static str,
    origin: String,
    account: String,
    client_id: String,
    client_secret: String,
    callback_secret: String,
    now: String,
    is_clock_fixed: bool,
    sessions: usize,
    transactions: usize,
    deliveries: usize,
    requests: u64,
    declines: &'static [Decline],
    newest_sessions: Vec<Row>,
    newest_transactions: Vec<Row>,
    newest_deliveries: Vec<DeliveryRow>,
    newest_calls: Vec<CallRow>,
}

async fn home() -> Response {
    see_other("/")
}

async fn overview(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    let done = match query(&request).get("done") {
        "clock" => "The clock was turned forward. What was due in the meantime happens now.",
        "plan" => "The outcome is planned. Requests that come next get it in this order.",
        _ => "",
    };
    let newest_calls = calls(&inner, 0, ROWS);
    let overview = inner.read(|state| {
        let first = state.store.get::<First>("first").unwrap_or_default();
        let client = state.store.get::<ApiClient>(&first.client_id);
        let account = state.store.get::<Account>(&first.account);
        let callback_secret = account.and_then(|account| account.callback_secret);
        OverviewPage {
            tab: "overview",
            done,
            origin: state.settings.origin.clone(),
            account: first.account,
            client_id: first.client_id,
            client_secret: client.map(|client| client.secret).unwrap_or_default(),
            callback_secret: callback_secret
                .map(|secret| secret.secret)
                .unwrap_or_default(),
            now: text::clock(state.now()),
            is_clock_fixed: state.is_clock_fixed(),
            sessions: state.store.len::<StoredSession>(),
            transactions: state.store.len::<Transaction>(),
            deliveries: state.store.len::<Delivery>(),
            requests: inner.calls.count(),
            declines: &DECLINES,
            newest_sessions: sessions(state, 0, ROWS),
            newest_transactions: transactions(state, 0, ROWS),
            newest_deliveries: deliveries(state, 0, ROWS),
            newest_calls,
        }
    });
    page(StatusCode::OK, &overview)
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
        state.advance(Duration::from_secs(count * unit));
        Ok(())
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
