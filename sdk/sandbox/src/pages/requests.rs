//! Requests of clients and their responses, with errors explained.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State as Extract};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde_json::Value;

use super::explain::{self, Explanation};
use super::parts::{Badge, PER_PAGE, Pager};
use super::{mask, page, problem, text};
use crate::calls::Call;
use crate::request::Problem;
use crate::server::Inner;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/sandbox/requests", get(list))
        .route("/sandbox/requests/{number}", get(show))
}

/// A request in a list.
#[derive(Debug)]
pub(super) struct CallRow {
    pub(super) number: u64,
    pub(super) at: String,
    pub(super) method: String,
    pub(super) target: String,
    pub(super) status: Badge,
    pub(super) took: String,
    /// The message of an error.
    pub(super) error: String,
}

impl CallRow {
    fn of(call: &Call) -> Self {
        let response = call.response.as_ref();
        let status = match response {
            None => Badge::new("no response", "wait"),
            Some(response) if response.status.as_u16() >= 400 => {
                Badge::new(response.status.as_str(), "bad")
            }
            Some(response) => Badge::new(response.status.as_str(), "good"),
        };
        let took = response.map(|response| {
            let micros = response.took.as_micros();
            format!("{}.{} ms", micros / 1000, micros / 100 % 10)
        });
        Self {
            number: call.number,
            at: text::clock(call.at),
            method: call.method.to_string(),
            target: mask::target(&call.target),
            status,
            took: took.unwrap_or_default(),
            error: error(call).map(|error| error.message).unwrap_or_default(),
        }
    }
}

/// The error of a response.
struct ErrorBody {
    code: String,
    message: String,
    /// Places and what is wrong there.
    places: Vec<(String, String)>,
}

fn error(call: &Call) -> Option<ErrorBody> {
    let response = call.response.as_ref()?;
    if response.status.as_u16() < 400 {
        return None;
    }
    let body: Value = serde_json::from_slice(&response.body.start).unwrap_or_default();
    let error = &body["error"];
    let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let places = error["errors"].as_array().into_iter().flatten();
    Some(ErrorBody {
        code: string(&error["code"]),
        message: string(&error["message"]),
        places: places
            .map(|one| (string(&one["path"]), string(&one["message"])))
            .collect(),
    })
}

/// Returns the newest requests first.
pub(super) fn calls(inner: &Inner, skip: usize, take: usize) -> Vec<CallRow> {
    inner
        .calls
        .newest(skip, take)
        .iter()
        .map(CallRow::of)
        .collect()
}

#[derive(Template)]
#[template(path = "requests.html")]
struct RequestsPage {
    tab: &'static str,
    rows: Vec<CallRow>,
    pager: Pager,
}

async fn list(Extract(inner): Extract<Arc<Inner>>, request: Request) -> Response {
    let (pager, skip) = Pager::of(&request, "/sandbox/requests", inner.calls.len());
    let rows = calls(&inner, skip, PER_PAGE);
    let tab = "requests";
    page(StatusCode::OK, &RequestsPage { tab, rows, pager })
}

#[derive(Template)]
#[template(path = "request.html")]
struct RequestPage {
    tab: &'static str,
    row: CallRow,
    code: String,
    places: Vec<(String, String)>,
    explanation: Option<Explanation>,
    request_headers: Vec<(String, String)>,
    request_body: Option<String>,
    has_response: bool,
    response_headers: Vec<(String, String)>,
    response_body: Option<String>,
}

async fn show(Extract(inner): Extract<Arc<Inner>>, Path(number): Path<String>) -> Response {
    let found = number
        .parse()
        .ok()
        .and_then(|number| inner.calls.get(number));
    let Some(call) = found else {
        return problem(&Problem::not_found("recent request", &number));
    };
    let error = error(&call);
    let response = call.response.as_ref();
    let status = response.map(|response| response.status.as_u16());
    let code = error
        .as_ref()
        .map(|error| error.code.clone())
        .unwrap_or_default();
    page(
        StatusCode::OK,
        &RequestPage {
            tab: "requests",
            row: CallRow::of(&call),
            explanation: status.and_then(|status| explain::response(status, &code)),
            code,
            places: error.map(|error| error.places).unwrap_or_default(),
            request_headers: mask::headers(&call.headers),
            request_body: mask::body(&call.body),
            has_response: response.is_some(),
            response_headers: response
                .map(|one| mask::headers(&one.headers))
                .unwrap_or_default(),
            response_body: response.and_then(|one| mask::body(&one.body)),
        },
    )
}
