//! The control API, in JSON below `/sandbox/api`: for the command line, and for tests in other languages.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::accounts::{Account, ApiClient, First};
use crate::delivery::{self, Delivery};
use crate::faults::{self, Fault, Rule};
use crate::operations::{sellers, settlements};
use crate::pay::{self, Choice};
use crate::request::{Answer, Problem};
use crate::server::{self, Inner};

/// The clock is not turned by more than a century at once.
const MAX_SECONDS: u64 = 100 * 366 * 86_400;

type Shared = Extract<Arc<Inner>>;
type Outcome = Result<Answer, Problem>;

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/sandbox/api", get(about))
        .route("/sandbox/api/settled", get(settled))
        .route("/sandbox/api/advance", post(advance))
        .route("/sandbox/api/settle", post(settle))
        .route("/sandbox/api/approvals/{id}/sign", post(sign))
        .route("/sandbox/api/deliveries", get(list_deliveries))
        .route("/sandbox/api/deliveries/{id}", get(show_delivery))
        .route("/sandbox/api/deliveries/{id}/replay", post(replay))
        .route(
            "/sandbox/api/faults",
            get(list_faults).post(add_fault).delete(clear_faults),
        )
        .route("/sandbox/api/sessions/{id}/pay", post(pay_session))
        .route("/sandbox/api/transactions/{id}/review", post(review))
}

fn response(outcome: Outcome) -> Response {
    server::response(outcome.unwrap_or_else(Problem::into_answer))
}

/// Reads a body. Its type must be that of JSON, which forms of other web sites can't have.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Problem> {
    check_type(headers)?;
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("the body can't be read: {error}");
        Problem::bad_request("ValidationError", message)
    })
}

fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let media_type = headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    if !media_type.is_some_and(|text| text.starts_with("application/json")) {
        let message = "send the header `content-type: application/json`";
        return Err(Problem::new(415, "UnsupportedMediaType", message));
    }
    Ok(())
}

async fn about(Extract(inner): Shared) -> Response {
    let about = inner.read(|state| {
        let first = state.store.get::<First>("first").unwrap_or_default();
        let client = state.store.get::<ApiClient>(&first.client_id);
        let partner_client = state.store.get::<ApiClient>(&first.partner_client_id);
        let account = state.store.get::<Account>(&first.account);
        let secret = account.and_then(|account| account.callback_secret);
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "url": state.settings.origin,
            "now": state.timestamp(),
            "account": first.account,
            "client_id": first.client_id,
            "client_secret": client.map(|client| client.secret),
            "callback_secret": secret.map(|secret| secret.secret),
            "partner": first.partner,
            "partner_client_id": first.partner_client_id,
            "partner_client_secret": partner_client.map(|client| client.secret),
        })
    });
    response(Answer::json(&about))
}

/// Responds once nothing is due.
/// Takes no body, but has its media type: see [`read`].
async fn settle(Extract(inner): Shared, headers: HeaderMap) -> Response {
    if let Err(problem) = check_type(&headers) {
        return response(Err(problem));
    }
    let settled = inner.change(settlements::settle_all).await;
    let shown = |ids: Vec<String>| Answer::json(&json!({ "settlements": ids }));
    response(settled.and_then(shown))
}

async fn sign(Extract(inner): Shared, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if let Err(problem) = check_type(&headers) {
        return response(Err(problem));
    }
    let signed = inner.change(|state| sellers::sign(state, &id)).await;
    response(
        signed
            .and_then(|signed| signed)
            .map(|()| Answer::empty(204)),
    )
}

async fn settled(Extract(inner): Shared) -> Response {
    inner.settled().await;
    response(Answer::json(&json!({})))
}

#[derive(Deserialize)]
struct Advance {
    seconds: u64,
}

async fn advance(Extract(inner): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = async {
        let Advance { seconds } = read(&headers, &body)?;
        if seconds > MAX_SECONDS {
            let message = format!("`seconds` is more than {MAX_SECONDS}");
            return Err(Problem::bad_request("ValidationError", message));
        }
        let now = inner.change(|state| {
            state.advance(Duration::from_secs(seconds))?;
            Ok(state.timestamp())
        });
        Answer::json(&json!({ "now": now.await?? }))
    };
    response(outcome.await)
}

async fn list_deliveries(Extract(inner): Shared) -> Response {
    let all: Vec<Delivery> = inner.read(|state| state.store.iter().map(|(_, one)| one).collect());
    response(Answer::json(&all))
}

async fn show_delivery(Extract(inner): Shared, Path(id): Path<String>) -> Response {
    let found = inner.read(|state| state.store.get::<Delivery>(&id));
    let found = found.ok_or_else(|| Problem::not_found("delivery", &id));
    response(found.and_then(|delivery| Answer::json(&delivery)))
}

async fn replay(Extract(inner): Shared, Path(id): Path<String>) -> Response {
    let planned = inner.change(|state| delivery::replay(state, &id)).await;
    response(match planned {
        Ok(true) => Answer::status(202, &json!({ "id": id })),
        Ok(false) => Err(Problem::not_found("delivery that can be sent:", &id)),
        Err(problem) => Err(problem),
    })
}

#[derive(Serialize, Deserialize)]
struct Planned {
    /// Absent: any operation.
    operation: Option<String>,
    fault: String,
}

async fn list_faults(Extract(inner): Shared) -> Response {
    let all: Vec<Planned> = inner.read(|state| {
        let rules = state.store.iter::<Rule>().map(|(_, rule)| rule);
        rules
            .map(|rule| Planned {
                operation: rule.operation,
                fault: rule.fault.to_string(),
            })
            .collect()
    });
    response(Answer::json(&all))
}

async fn add_fault(Extract(inner): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = async {
        let planned: Planned = read(&headers, &body)?;
        let wrong = |why: crate::Error| Problem::bad_request("ValidationError", why.to_string());
        let fault: Fault = planned.fault.parse().map_err(wrong)?;
        let added = inner.change(|state| faults::add(state, planned.operation.as_deref(), fault));
        added.await?.map_err(wrong)?;
        Answer::json(&planned)
    };
    response(outcome.await)
}

async fn clear_faults(Extract(inner): Shared) -> Response {
    let cleared = inner
        .change(|state| state.store.keep_newest::<Rule>(0))
        .await;
    response(cleared.map(|()| Answer::empty(204)))
}

#[derive(Deserialize)]
struct Pay {
    /// `paid`, `declined`, `rejected`, `on-hold`, `failed` or `cancelled`.
    outcome: String,
    /// Of `declined`.
    code: Option<String>,
    /// Absent: the first that the session offers.
    payment_type: Option<String>,
}

impl Pay {
    fn choice(&self) -> Result<Choice, Problem> {
        Ok(match &*self.outcome {
            "paid" => Choice::Paid,
            "declined" => {
                let code = self.code.clone();
                Choice::Declined(code.unwrap_or_else(|| crate::plan::FAILED.to_owned()))
            }
            "rejected" => Choice::Rejected,
            "on-hold" => Choice::OnHold,
            "failed" => Choice::Failed,
            "cancelled" => Choice::Cancelled,
            other => {
                let message = format!(
                    "`{other}` is not an outcome: use `paid`, `declined`, `rejected`, `on-hold`, `failed` or `cancelled`"
                );
                return Err(Problem::bad_request("ValidationError", message));
            }
        })
    }
}

async fn pay_session(
    Extract(inner): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = async {
        let body: Pay = read(&headers, &body)?;
        let choice = body.choice()?;
        let paid = inner.change(|state| pay::pay(state, &id, body.payment_type.as_deref(), choice));
        let done = paid.await??;
        Answer::json(&json!({ "redirect": done.redirect, "transaction_id": done.transaction }))
    };
    response(outcome.await)
}

#[derive(Deserialize)]
struct Review {
    approve: bool,
}

async fn review(
    Extract(inner): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = async {
        let Review { approve } = read(&headers, &body)?;
        let reviewed = inner.change(|state| pay::review(state, &id, approve));
        reviewed.await??;
        Answer::json(&json!({}))
    };
    response(outcome.await)
}
