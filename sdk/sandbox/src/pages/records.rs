//! Sessions and transactions.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State as Extract};
use axum::response::Response;
use axum::routing::{get, post};
use dintero::payments::{StoredSession, Transaction, TransactionEvent};
use dintero::{Amount, Currency};
use http::StatusCode;

use super::deliveries::{DeliveryRow, of_session};
use super::order::Order;
use super::parts::{Badge, PER_PAGE, Pager};
use super::{Form, explain, mask, page, problem, see_other, text};
use crate::operations::sessions::is_expired;
use crate::pay;
use crate::request::Problem;
use crate::server::Inner;
use crate::state::State;
use crate::transaction::Sums;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/sandbox/sessions", get(list_sessions))
        .route("/sandbox/sessions/{id}", get(session))
        .route("/sandbox/transactions", get(list_transactions))
        .route("/sandbox/transactions/{id}", get(transaction))
        .route("/sandbox/transactions/{id}/review", post(review))
}

/// A session or a transaction in a list.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) created_at: String,
    pub(super) reference: String,
    pub(super) amount: String,
    pub(super) status: Badge,
    /// How it was paid.
    pub(super) method: String,
}

/// Returns the newest sessions first.
pub(super) fn sessions(state: &State, skip: usize, take: usize) -> Vec<Row> {
    let sessions = state
        .store
        .iter::<StoredSession>()
        .rev()
        .skip(skip)
        .take(take);
    sessions
        .map(|(id, session)| session_row(state, id, &session))
        .collect()
}

fn session_row(state: &State, id: &str, session: &StoredSession) -> Row {
    let transaction = session.transaction_id.as_ref();
    let transaction = transaction.and_then(|id| state.store.get::<Transaction>(id.as_str()));
    let status = match (&session.cancelled_at, &transaction) {
        (Some(_), _) => Badge::status("CANCELLED"),
        (None, Some(transaction)) => Badge::status(transaction.status.as_str()),
        (None, None) if is_expired(state, session) => Badge::status("EXPIRED"),
        (None, None) => Badge::status("OPEN"),
    };
    let order = Order::of(session);
    Row {
        id: id.to_owned(),
        created_at: session
            .created_at
            .as_ref()
            .map(text::time)
            .unwrap_or_default(),
        reference: order.reference,
        amount: order.total,
        status,
        method: String::new(),
    }
}

/// Returns the newest transactions first.
pub(super) fn transactions(state: &State, skip: usize, take: usize) -> Vec<Row> {
    let transactions = state
        .store
        .iter::<Transaction>()
        .rev()
        .skip(skip)
        .take(take);
    transactions
        .map(|(id, transaction)| transaction_row(id, &transaction))
        .collect()
}

fn transaction_row(id: &str, transaction: &Transaction) -> Row {
    let created_at = transaction.created_at.as_ref().map(text::time);
    let method = transaction.payment_product_type.as_ref();
    Row {
        id: id.to_owned(),
        created_at: created_at.unwrap_or_default(),
        reference: transaction.merchant_reference.clone().unwrap_or_default(),
        amount: text::money(transaction.amount, Some(&transaction.currency)),
        status: Badge::status(transaction.status.as_str()),
        method: method
            .map(|method| text::payment_type(method.as_str()))
            .unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "sessions.html")]
struct SessionsPage {
    tab: &'static str,
    rows: Vec<Row>,
    pager: Pager,
}

async fn list_sessions(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    let (rows, pager) = inner.read(|state| {
        let count = state.store.len::<StoredSession>();
        let (pager, skip) = Pager::of(&request, "/sandbox/sessions", count);
        (sessions(state, skip, PER_PAGE), pager)
    });
    let tab = "sessions";
    page(StatusCode::OK, &SessionsPage { tab, rows, pager })
}

#[derive(Template)]
#[template(path = "transactions.html")]
struct TransactionsPage {
    tab: &'static str,
    rows: Vec<Row>,
    pager: Pager,
}

async fn list_transactions(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    let (rows, pager) = inner.read(|state| {
        let count = state.store.len::<Transaction>();
        let (pager, skip) = Pager::of(&request, "/sandbox/transactions", count);
        (transactions(state, skip, PER_PAGE), pager)
    });
    let tab = "transactions";
    page(StatusCode::OK, &TransactionsPage { tab, rows, pager })
}

/// An event of a session.
#[derive(Debug)]
struct SessionEvent {
    name: String,
    at: String,
    error: String,
}

#[derive(Template)]
#[template(path = "session.html")]
struct SessionPage {
    tab: &'static str,
    row: Row,
    order: Order,
    is_open: bool,
    expires_at: Option<String>,
    transaction: Option<String>,
    return_url: Option<String>,
    callback_url: Option<String>,
    events: Vec<SessionEvent>,
    deliveries: Vec<DeliveryRow>,
    json: String,
}

async fn session(Extract(inner): Extract<Arc<Inner>>, Path(id): Path<String>) -> Response {
    let found = inner.read(|state| {
        let session = state.store.get::<StoredSession>(&id)?;
        let row = session_row(state, &id, &session);
        Some((row, session, of_session(state, &id)))
    });
    let Some((row, session, deliveries)) = found else {
        return problem(&Problem::not_found("session", &id));
    };
    let event = |event: &dintero::payments::SessionEvent| SessionEvent {
        name: event
            .name
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        at: event
            .created_at
            .as_ref()
            .map(text::time)
            .unwrap_or_default(),
        error: event
            .details
            .as_ref()
            .and_then(|details| details.error.clone())
            .unwrap_or_default(),
    };
    let url = session.url.as_deref();
    page(
        StatusCode::OK,
        &SessionPage {
            tab: "sessions",
            order: Order::of(&session),
            is_open: row.status.text == "OPEN",
            expires_at: session.expires_at.as_ref().map(text::time),
            transaction: session.transaction_id.as_ref().map(ToString::to_string),
            return_url: url.and_then(|url| url.return_url.clone()),
            callback_url: url.and_then(|url| url.callback_url.clone()),
            events: session.events.iter().map(event).collect(),
            deliveries,
            json: mask::json(serde_json::to_value(&session).unwrap_or_default()),
            row,
        },
    )
}

/// An event of a transaction.
#[derive(Debug)]
struct Event {
    id: String,
    name: String,
    badge: Badge,
    at: String,
    amount: String,
    status: String,
    reference: String,
    /// The error, with what it means.
    error: String,
    meaning: &'static str,
    what_to_do: &'static str,
    /// The request that it is the outcome of.
    outcome_of: String,
}

impl Event {
    fn of(event: &TransactionEvent, currency: &Currency) -> Self {
        let error = event.error.as_deref();
        let codes = error.map(|error| {
            let kinds = error.type_.iter().map(ToString::to_string);
            error
                .code
                .clone()
                .into_iter()
                .chain(kinds)
                .collect::<Vec<_>>()
        });
        let codes = codes.unwrap_or_default();
        let known = codes.iter().find_map(|code| explain::declined(code));
        let message = error.and_then(|error| error.message.clone());
        let error = codes.first().cloned().into_iter().chain(message);
        let name = event
            .event
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let badge = match event.success {
            Some(false) => Badge::new("failed", "bad"),
            Some(true) if !name.starts_with("INITIATE_") => Badge::new("done", "good"),
            _ => Badge::new("accepted", "wait"),
        };
        Self {
            id: event
                .id
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            name,
            badge,
            at: event
                .created_at
                .as_ref()
                .map(text::time)
                .unwrap_or_default(),
            amount: event
                .amount
                .map(|amount| text::money(amount, Some(currency)))
                .unwrap_or_default(),
            status: event
                .transaction_status
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            reference: event.event_reference.clone().unwrap_or_default(),
            error: error.collect::<Vec<_>>().join(": "),
            meaning: known.map_or("", |known| known.meaning),
            what_to_do: known.map_or("", |known| known.what_to_do),
            outcome_of: event.correlation_request_id.clone().unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "transaction.html")]
struct TransactionPage {
    tab: &'static str,
    row: Row,
    session: Option<String>,
    captured: String,
    refunded: String,
    voided: String,
    uncaptured: String,
    unrefunded: String,
    events: Vec<Event>,
    deliveries: Vec<DeliveryRow>,
    json: String,
}

async fn transaction(Extract(inner): Extract<Arc<Inner>>, Path(id): Path<String>) -> Response {
    let found = inner.read(|state| {
        let transaction = state.store.get::<Transaction>(&id)?;
        let session = transaction.session_id.as_ref();
        let deliveries = session.map(|session| of_session(state, session.as_str()));
        Some((transaction, deliveries.unwrap_or_default()))
    });
    let Some((transaction, deliveries)) = found else {
        return problem(&Problem::not_found("transaction", &id));
    };
    let currency = &transaction.currency;
    let money = |amount: i64| text::money(Amount::minor(amount), Some(currency));
    let sums = Sums::of(&transaction);
    let was_authorized = !matches!(
        transaction.status.as_str(),
        "DECLINED" | "FAILED" | "INITIATED" | "ON_HOLD"
    );
    page(
        StatusCode::OK,
        &TransactionPage {
            tab: "transactions",
            row: transaction_row(&id, &transaction),
            session: transaction.session_id.as_ref().map(ToString::to_string),
            captured: money(sums.captured),
            refunded: money(sums.refunded),
            voided: money(sums.voided),
            uncaptured: money(if was_authorized { sums.uncaptured() } else { 0 }),
            unrefunded: money(sums.unrefunded()),
            events: transaction
                .events
                .iter()
                .map(|event| Event::of(event, currency))
                .collect(),
            deliveries,
            json: mask::json(serde_json::to_value(&transaction).unwrap_or_default()),
        },
    )
}

/// Ends the review of a transaction.
async fn review(
    Extract(inner): Extract<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let approve = match Form::read(request).await {
        Ok(form) => form.get("approve") == "yes",
        Err(error) => return problem(&error),
    };
    let reviewed = inner.change(|state| pay::review(state, &id, approve)).await;
    match reviewed.and_then(|reviewed| reviewed) {
        Ok(()) => see_other(&format!("/sandbox/transactions/{id}")),
        Err(error) => problem(&error),
    }
}
