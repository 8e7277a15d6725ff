//! Pages for the browser: the checkout of a session, and the dashboard. They need no script.

mod checkout;
mod contract;
mod controls;
mod dashboard;
mod deliveries;
mod explain;
mod guard;
mod mask;
mod order;
mod parts;
mod records;
mod requests;
mod text;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};

use crate::request::Problem;
use crate::server::Inner;

/// The largest form.
const LIMIT: usize = 64 * 1024;

const STYLE: &str = include_str!("../templates/style.css");
const ICON: &str = include_str!("../templates/icon.svg");

/// Serves the pages.
pub(crate) fn router(inner: &Arc<Inner>) -> Router {
    let guard = middleware::from_fn_with_state(Arc::clone(inner), guard::check);
    Router::new()
        .merge(checkout::router())
        .merge(contract::router())
        .merge(dashboard::router())
        .merge(controls::router())
        .merge(records::router())
        .merge(deliveries::router())
        .merge(requests::router())
        .merge(crate::control::router())
        .route("/sandbox/style.css", get(style))
        .route("/sandbox/icon.svg", get(icon))
        .route_layer(guard)
        .with_state(Arc::clone(inner))
}

async fn style() -> Response {
    typed("text/css; charset=utf-8", STYLE.into())
}

async fn icon() -> Response {
    typed("image/svg+xml", ICON.into())
}

fn typed(media_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    let media_type = HeaderValue::from_static(media_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    response
}

/// A page with this status.
fn page(status: StatusCode, template: &impl Template) -> Response {
    let mut response = match template.render() {
        Ok(text) => typed("text/html; charset=utf-8", text.into()),
        // Only a value that can't be written does this, and ours are texts.
        Err(error) => {
            let text = format!("the page can't be written: {error}");
            let mut response = typed("text/plain; charset=utf-8", text.into());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return response;
        }
    };
    *response.status_mut() = status;
    response
}

/// A page that says why something can't be shown or done.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    tab: &'static str,
    title: String,
    message: String,
    help: &'static str,
}

fn problem(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status);
    let help = explain::response(problem.status, problem.code);
    page(
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        &ProblemPage {
            tab: "",
            title: format!("{} {}", problem.status, problem.code),
            message: problem.message.clone(),
            help: help.map_or("", |help| help.what_to_do),
        },
    )
}

/// Leads the browser to another page, which it gets with GET.
fn see_other(location: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// The fields of a form that was sent.
#[derive(Debug, Default)]
struct Form(Vec<(String, String)>);

impl Form {
    async fn read(request: Request) -> Result<Self, Problem> {
        let long = |_| Problem::new(413, "PayloadTooLarge", "the form is longer than 64 KiB");
        let body = to_bytes(request.into_body(), LIMIT).await.map_err(long)?;
        let fields = form_urlencoded::parse(&body).into_owned();
        Ok(Self(fields.collect()))
    }

    /// The value of a field; empty if it was not sent.
    fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// The value of a field, unless it is empty.
    fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|value| !value.is_empty())
    }
}

/// Reads a query as a form.
fn query(request: &Request) -> Form {
    let query = request.uri().query().unwrap_or_default();
    Form(
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
    )
}
