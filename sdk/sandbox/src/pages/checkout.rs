//! The checkout of a session: the order, ways to pay, and outcomes to choose.

mod express;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State as Extract};
use axum::response::Response;
use axum::routing::get;
use dintero::payments::{StoredSession, Transaction};
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::explain::{DECLINES, Decline};
use super::order::Order;
use super::{Form, page, query, see_other, text};
use crate::operations::sessions;
use crate::pay::{self, Choice, Done};
use crate::request::Problem;
use crate::server::Inner;
use crate::state::State;
use express::ExpressView;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/v1/view/{session}", get(show).post(choose))
        .route("/v1/view/{session}/challenge", get(challenge))
        .merge(express::router())
}

/// The error code of a customer who fails the bank's check.
const UNVERIFIED: &str = "FAILED_VERIFICATION";

/// A way to pay.
#[derive(Debug)]
struct PaymentType {
    code: String,
    name: String,
    is_chosen: bool,
}

/// An outcome to choose.
#[derive(Debug)]
struct Outcome {
    value: &'static str,
    name: &'static str,
    meaning: &'static str,
}

const OUTCOMES: [Outcome; 7] = [
    Outcome {
        value: "paid",
        name: "Paid",
        meaning: "The amount is authorized, or captured if the session captures by itself.",
    },
    Outcome {
        value: "challenge",
        name: "3-D Secure step",
        meaning: "A second page asks the customer to confirm the payment.",
    },
    Outcome {
        value: "on_hold",
        name: "On hold",
        meaning: "The payment is under review, and is decided later.",
    },
    Outcome {
        value: "declined",
        name: "Declined by the bank",
        meaning: "The payment fails with the error below.",
    },
    Outcome {
        value: "rejected",
        name: "Declined by the customer",
        meaning: "The customer says no in the app of the bank or wallet.",
    },
    Outcome {
        value: "failed",
        name: "Technical failure",
        meaning: "The payment provider fails.",
    },
    Outcome {
        value: "expired",
        name: "Expired",
        meaning: "The customer waits until the session has expired.",
    },
];

#[derive(Template)]
#[template(path = "checkout.html")]
struct CheckoutPage {
    id: String,
    merchant: String,
    order: Order,
    expires_at: Option<String>,
    payment_types: Vec<PaymentType>,
    outcomes: &'static [Outcome],
    declines: &'static [Decline],
    express: Option<ExpressView>,
    /// Why there is no way to pay.
    missing: Option<&'static str>,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "challenge.html")]
struct ChallengePage {
    id: String,
    merchant: String,
    total: String,
    code: String,
    name: String,
    is_card: bool,
}

#[derive(Template)]
#[template(path = "closed.html")]
struct ClosedPage {
    title: &'static str,
    message: String,
    status: String,
    transaction: Option<String>,
    return_url: Option<String>,
    id: String,
}

async fn show(Extract(inner): Extract<Arc<Inner>>, Path(id): Path<String>) -> Response {
    // The document's event for a customer who opens the checkout.
    let visited = inner.change(|state| {
        let session = state.store.get::<StoredSession>(&id);
        let Some(mut session) = session.filter(|session| is_open(state, session)) else {
            return;
        };
        let is_visited = |name: &str| name == "VISITED";
        let names = session
            .events
            .iter()
            .filter_map(|event| event.name.as_ref());
        if !names.into_iter().any(|name| is_visited(name.as_str())) {
            let now = state.timestamp();
            sessions::add_event(&mut session, "VISITED", &now);
            state.store.put(&id, &session);
        }
    });
    match visited.await {
        Ok(()) => render(&inner, &id, None),
        Err(problem) => super::problem(&problem),
    }
}

fn is_open(state: &State, session: &StoredSession) -> bool {
    sessions::check_open(state, session).is_ok()
}

/// Renders the checkout, with what went wrong, or why there is none.
fn render(inner: &Inner, id: &str, problem: Option<Problem>) -> Response {
    let found = inner.read(|state| {
        let session = state.store.get::<StoredSession>(id)?;
        let closed = closed(state, &session);
        Some((session, closed, pay::payment_types(state, id)))
    });
    let (session, types) = match found {
        None => {
            let closed = ClosedPage {
                title: "Unknown session",
                message: "There is no session with this id. Without a state file, sessions are gone when the sandbox ends."
                    .to_owned(),
                status: "Unknown".to_owned(),
                transaction: None,
                return_url: None,
                id: id.to_owned(),
            };
            return page(StatusCode::NOT_FOUND, &closed);
        }
        Some((_, Some(closed), _)) => return page(StatusCode::OK, &closed),
        Some((session, None, types)) => (session, types),
    };
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| {
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST)
    });
    let configuration = session.configuration.as_ref();
    let default = configuration.and_then(|one| one.default_payment_type.as_ref());
    let default = default.map(|default| default.as_str());
    let chosen = types.iter().position(|code| Some(code.as_str()) == default);
    let chosen = chosen.unwrap_or_default();
    let payment_types = types.iter().enumerate().map(|(index, code)| PaymentType {
        name: text::payment_type(code),
        is_chosen: index == chosen,
        code: code.clone(),
    });
    let express = ExpressView::of(&session);
    let mut response = page(
        status,
        &CheckoutPage {
            id: id.to_owned(),
            merchant: merchant(&session),
            order: Order::of(&session),
            expires_at: session.expires_at.as_ref().map(text::time),
            payment_types: payment_types.collect(),
            outcomes: &OUTCOMES,
            declines: &DECLINES,
            missing: missing(&types, express.as_ref()),
            express,
            error: problem.map(|problem| problem.message),
        },
    );
    allow_return(&mut response, &session);
    response
}

const NO_TYPES: &str = "The session offers no way to pay. Its `configuration` must enable a payment type, for example \
    {\"payex\": {\"creditcard\": {\"enabled\": true}}}.";

/// Returns what the session, or the customer, lacks for a payment.
fn missing(types: &[String], express: Option<&ExpressView>) -> Option<&'static str> {
    match types.is_empty() {
        true => Some(NO_TYPES),
        false => express.and_then(|express| express.missing),
    }
}

/// Returns why a session can't be paid, as far as its document lists reasons.
fn closed(state: &State, session: &StoredSession) -> Option<ClosedPage> {
    if is_open(state, session) {
        return None;
    }
    let id = session.transaction_id.as_ref().map(ToString::to_string);
    let transaction = id
        .as_ref()
        .and_then(|id| state.store.get::<Transaction>(id));
    let status = match (&session.cancelled_at, &transaction) {
        (Some(_), _) => "CANCELLED".to_owned(),
        (None, Some(transaction)) => transaction.status.to_string(),
        (None, None) => "EXPIRED".to_owned(),
    };
    let (title, message) = match status.as_str() {
        "CANCELLED" => (
            "Cancelled session",
            "The shop cancelled this session. It can no longer be paid.",
        ),
        "EXPIRED" => (
            "Expired session",
            "The time to pay is over. The shop must create a new session.",
        ),
        "ON_HOLD" => (
            "Payment on hold",
            "The payment of this session is under review.",
        ),
        "DECLINED" => (
            "Declined payment",
            "The payment of this session was declined.",
        ),
        "FAILED" => ("Failed payment", "The payment of this session failed."),
        "INITIATED" => (
            "Payment in progress",
            "The payment of this session has begun.",
        ),
        _ => ("Paid session", "This session is paid already."),
    };
    let return_url = session.url.as_ref().and_then(|url| url.return_url.clone());
    let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    Some(ClosedPage {
        title,
        message: message.to_owned(),
        status,
        transaction: id,
        return_url: return_url.filter(is_web),
        id: session.id.to_string(),
    })
}

fn merchant(session: &StoredSession) -> String {
    let configuration = session.configuration.as_ref();
    let merchant = configuration.and_then(|configuration| configuration.merchant.as_ref());
    let name = merchant.and_then(|merchant| merchant.name.clone());
    name.unwrap_or_else(|| "The shop".to_owned())
}

/// Browsers check the policy against where a form leads in the end, which may be an app.
fn allow_return(response: &mut Response, session: &StoredSession) {
    let url = session
        .url
        .as_ref()
        .and_then(|url| url.return_url.as_deref());
    let Some((scheme, _)) = url.and_then(|url| url.split_once("://")) else {
        return;
    };
    let is_scheme = scheme
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !is_scheme || matches!(scheme, "http" | "https") {
        return;
    }
    let policy = super::guard::policy(scheme);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The second page of a payment.
async fn challenge(
    Extract(inner): Extract<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let code = query(&request).get("payment_type").to_owned();
    let found = inner.read(|state| {
        let session = state.store.get::<StoredSession>(&id)?;
        let is_offered = pay::payment_types(state, &id).contains(&code);
        (is_open(state, &session) && is_offered).then_some(session)
    });
    let Some(session) = found else {
        return render(&inner, &id, None);
    };
    let mut response = page(
        StatusCode::OK,
        &ChallengePage {
            merchant: merchant(&session),
            total: Order::of(&session).total,
            name: text::payment_type(&code),
            is_card: code.ends_with(".creditcard"),
            code,
            id,
        },
    );
    allow_return(&mut response, &session);
    response
}

/// Does what the customer chose.
async fn choose(
    Extract(inner): Extract<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(problem) => return render(&inner, &id, Some(problem)),
    };
    let payment_type = form.get("payment_type").to_owned();
    let choice = match form.get("outcome") {
        _ if form.some("cancel").is_some() => Choice::Cancelled,
        "paid" => Choice::Paid,
        "challenge" => {
            let payment_type = utf8_percent_encode(&payment_type, NON_ALPHANUMERIC);
            return see_other(&format!(
                "/v1/view/{id}/challenge?payment_type={payment_type}"
            ));
        }
        "on_hold" => Choice::OnHold,
        "declined" => Choice::Declined(form.get("decline_code").to_owned()),
        "unverified" => Choice::Declined(UNVERIFIED.to_owned()),
        "rejected" => Choice::Rejected,
        "failed" => Choice::Failed,
        "expired" => {
            let expired = inner.change(|state| expire(state, &id)).await;
            return render(&inner, &id, expired.err());
        }
        other => {
            let message = format!("`{other}` is not one of the outcomes");
            return render(
                &inner,
                &id,
                Some(Problem::bad_request("ValidationError", message)),
            );
        }
    };
    if let Choice::Declined(code) = &choice
        && super::explain::declined(code).is_none()
    {
        let message = format!("`{code}` is not one of the documented errors");
        return render(
            &inner,
            &id,
            Some(Problem::bad_request("ValidationError", message)),
        );
    }
    let done = inner.change(|state| {
        let session = state.store.get::<StoredSession>(&id);
        let session = session.filter(|session| is_open(state, session));
        let express = session.as_ref().and_then(ExpressView::of);
        match express.and_then(|express| express.missing) {
            Some(missing) if choice != Choice::Cancelled => {
                Err(Problem::bad_request("ValidationError", missing))
            }
            _ => pay::pay(state, &id, Some(&payment_type), choice),
        }
    });
    let done = done.await;
    match done.and_then(|done| done) {
        Ok(Done {
            redirect: Some(url),
            ..
        }) => see_other(&utf8_percent_encode(&url, CONTROLS).to_string()),
        Ok(Done { redirect: None, .. }) => see_other(&format!("/v1/view/{id}")),
        Err(problem) => render(&inner, &id, Some(problem)),
    }
}

/// Ends the time of a session.
fn expire(state: &mut State, id: &str) {
    let session = state.store.get::<StoredSession>(id);
    if let Some(mut session) = session.filter(|session| is_open(state, session)) {
        session.expires_at = Some(state.timestamp());
        state.store.put(id, &session);
    }
}
