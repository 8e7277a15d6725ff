//! The first page: how to connect, controls, and what happened.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::response::Response;
use axum::routing::get;
use dintero::payments::{StoredSession, Transaction};
use http::StatusCode;

use super::controls::{self, FAULTS, FaultChoice};
use super::deliveries::{DeliveryRow, deliveries};
use super::explain::{DECLINES, Decline};
use super::records::{Row, sessions, transactions};
use super::requests::{CallRow, calls};
use super::{page, query, see_other, text};
use crate::accounts::{Account, ApiClient, First};
use crate::delivery::Delivery;
use crate::server::Inner;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/", get(overview))
        .route("/sandbox", get(home))
        .route("/sandbox/", get(home))
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
    operations: Vec<&'static str>,
    faults: &'static [FaultChoice],
    waiting: Vec<(String, String)>,
    newest_sessions: Vec<Row>,
    newest_transactions: Vec<Row>,
    newest_deliveries: Vec<DeliveryRow>,
    newest_calls: Vec<CallRow>,
}

async fn home() -> Response {
    see_other("/")
}

async fn overview(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    let done = controls::done(query(&request).get("done"));
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
            operations: controls::operations(),
            faults: &FAULTS,
            waiting: controls::waiting(state),
            newest_sessions: sessions(state, 0, ROWS),
            newest_transactions: transactions(state, 0, ROWS),
            newest_deliveries: deliveries(state, 0, ROWS),
            newest_calls,
        }
    });
    page(StatusCode::OK, &overview)
}
