//! Callbacks and webhooks: what was sent, and what the merchant responded.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State as Extract};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::Value;

use super::parts::{Badge, PER_PAGE, Pager};
use super::{mask, page, problem, query, see_other, text};
use crate::delivery::{About, Attempt, Delivery, DeliveryStatus, replay};
use crate::request::Problem;
use crate::server::Inner;
use crate::state::State;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/sandbox/deliveries", get(list))
        .route("/sandbox/deliveries/{id}", get(show))
        .route("/sandbox/deliveries/{id}/again", post(again))
}

/// How long a page waits for the merchant.
const SHORT: Duration = Duration::from_secs(1);
/// How many of the newest are searched for those of a session.
const SEARCHED: usize = 2_000;

/// A delivery in a list.
#[derive(Debug)]
pub(super) struct DeliveryRow {
    pub(super) id: String,
    /// `callback`, or the event of a webhook.
    pub(super) name: String,
    /// Without the query.
    pub(super) target: String,
    pub(super) status: Badge,
    pub(super) attempts: usize,
    pub(super) created_at: String,
    /// Why it has not arrived.
    pub(super) error: String,
}

impl DeliveryRow {
    fn of(delivery: &Delivery) -> Self {
        let last = delivery.attempts.last();
        let address = delivery.url.split('?').next().unwrap_or_default();
        let error = match delivery.status {
            DeliveryStatus::Delivered => None,
            _ => (delivery.error.as_ref()).or_else(|| last.and_then(|last| last.error.as_ref())),
        };
        Self {
            id: delivery.id.clone(),
            name: match &delivery.about {
                About::Callback { .. } => "callback".to_owned(),
                About::Webhook { event, .. } => event.clone(),
            },
            target: format!("{} {address}", delivery.method),
            status: Badge::new(
                delivery.status.to_string(),
                match delivery.status {
                    DeliveryStatus::Delivered => "good",
                    DeliveryStatus::Waiting => "wait",
                    DeliveryStatus::Failed => "bad",
                },
            ),
            attempts: delivery.attempts.len(),
            created_at: text::time(&delivery.created_at),
            error: error.cloned().unwrap_or_default(),
        }
    }
}

/// Returns the newest deliveries first.
pub(super) fn deliveries(state: &State, skip: usize, take: usize) -> Vec<DeliveryRow> {
    let deliveries = state.store.iter::<Delivery>().rev().skip(skip).take(take);
    deliveries.map(|(_, one)| DeliveryRow::of(&one)).collect()
}

/// Returns the callbacks of a session, the newest first.
pub(super) fn of_session(state: &State, id: &str) -> Vec<DeliveryRow> {
    let newest = state.store.iter::<Delivery>().rev().take(SEARCHED);
    let is_of_it = |delivery: &Delivery| match &delivery.about {
        About::Callback { session } => session == id,
        About::Webhook { .. } => false,
    };
    let its = newest.filter(|(_, delivery)| is_of_it(delivery));
    its.map(|(_, delivery)| DeliveryRow::of(&delivery))
        .collect()
}

#[derive(Template)]
#[template(path = "deliveries.html")]
struct DeliveriesPage {
    tab: &'static str,
    rows: Vec<DeliveryRow>,
    pager: Pager,
}

async fn list(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    let (rows, pager) = inner.read(|state| {
        let count = state.store.len::<Delivery>();
        let (pager, skip) = Pager::of(&request, "/sandbox/deliveries", count);
        (deliveries(state, skip, PER_PAGE), pager)
    });
    let tab = "deliveries";
    page(StatusCode::OK, &DeliveriesPage { tab, rows, pager })
}

/// A request of a delivery.
#[derive(Debug)]
struct AttemptView {
    at: String,
    badge: Badge,
    took: u64,
    signature: String,
    error: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl AttemptView {
    fn of(attempt: &Attempt) -> Self {
        let kind = if attempt.error.is_none() {
            "good"
        } else {
            "bad"
        };
        let status = attempt.status.map(|status| status.to_string());
        Self {
            at: text::time(&attempt.at),
            badge: Badge::new(status.unwrap_or_else(|| "no response".to_owned()), kind),
            took: attempt.duration,
            signature: attempt.signature.clone().unwrap_or_default(),
            error: attempt.error.clone().unwrap_or_default(),
            headers: (attempt.headers.iter())
                .map(|(name, value)| (name.clone(), mask::header(name, value)))
                .collect(),
            body: attempt.body.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "delivery.html")]
struct DeliveryPage {
    tab: &'static str,
    is_again: bool,
    row: DeliveryRow,
    url: String,
    session: Option<String>,
    subscription: Option<String>,
    body: Option<String>,
    attempts: Vec<AttemptView>,
}

async fn show(
    Extract(inner): Extract<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some(delivery) = inner.read(|state| state.store.get::<Delivery>(&id)) else {
        return problem(&Problem::not_found("delivery", &id));
    };
    let (session, subscription) = match &delivery.about {
        About::Callback { session } => (Some(session.clone()), None),
        About::Webhook { subscription, .. } => (None, Some(subscription.clone())),
    };
    let body = delivery
        .body
        .as_deref()
        .map(|body| match serde_json::from_str::<Value>(body) {
            Ok(value) => mask::json(value),
            Err(_) => body.to_owned(),
        });
    page(
        StatusCode::OK,
        &DeliveryPage {
            tab: "deliveries",
            is_again: !query(&request).get("again").is_empty(),
            row: DeliveryRow::of(&delivery),
            url: mask::target(&delivery.url),
            session,
            subscription,
            body,
            attempts: delivery.attempts.iter().map(AttemptView::of).collect(),
        },
    )
}

async fn again(Extract(inner): Extract<Arc<Inner>>, Path(id): Path<String>) -> Response {
    match inner.change(|state| replay(state, &id)).await {
        Ok(true) => {
            // Most merchants have responded by the time the page is shown.
            let _ = tokio::time::timeout(SHORT, inner.settled()).await;
            see_other(&format!("/sandbox/deliveries/{id}?again=yes"))
        }
        Ok(false) => problem(&Problem::not_found("delivery that can be sent", &id)),
        Err(error) => problem(&error),
    }
}
