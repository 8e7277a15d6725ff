//! Responses with faults.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::body::Parts;
use super::connection::{Connection, Cut};
use super::{Fault, Kind};
use crate::request::{Answer, Problem};

/// How long a request without a response is kept.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

const GARBAGE: &[u8] = b"\x16\x03\x01 this is not HTTP\r\n\r\n";
const MALFORMED_CHUNK: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nnot a chunk\r\n";
const PAGE: &str = "<!doctype html><title>Welcome</title><p>Welcome</p>";

/// Returns the response of a request with a fault. `answer` is the one without it, if the request was carried out.
pub(crate) async fn respond(
    fault: Fault,
    answer: Option<Answer>,
    connection: Connection,
) -> Response {
    let whole = answer.unwrap_or_else(|| Answer::empty(500));
    let cut = |cut: Cut| {
        connection.cut(cut);
        Response::new(Body::empty())
    };
    match fault.kind {
        Kind::ConnectionReset => cut(Cut::Reset),
        Kind::NoResponse => cut(Cut::Close(Bytes::new())),
        Kind::Garbage => cut(Cut::Close(Bytes::from_static(GARBAGE))),
        Kind::MalformedChunk => cut(Cut::Close(Bytes::from_static(MALFORMED_CHUNK))),
        Kind::Timeout => {
            tokio::time::sleep(PATIENCE).await;
            cut(Cut::Close(Bytes::new()))
        }
        Kind::Status(status) => {
            let problem = Problem::new(status, "SandboxFault", "a fault that was asked for");
            let mut response = crate::server::response(problem.into_answer());
            if let Some(seconds) = fault.retry_after {
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
            }
            response
        }
        Kind::WrongContentType => {
            let page = Answer::bytes(200, "text/html; charset=utf-8", PAGE);
            crate::server::response(page)
        }
        Kind::Redirect(to) => {
            let mut answer = Answer::empty(307);
            if let Ok(to) = HeaderValue::from_str(&to) {
                answer.headers.insert(LOCATION, to);
            }
            crate::server::response(answer)
        }
        Kind::SlowResponse(seconds) => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            crate::server::response(whole)
        }
        Kind::SlowBody(seconds) => {
            let body = Parts::slow(&whole.body, Duration::from_secs(seconds));
            in_parts(whole, body)
        }
        Kind::TruncatedBody => {
            let body = Parts::broken(&whole.body);
            in_parts(whole, body)
        }
        Kind::MalformedJson => {
            let half = whole.body.slice(..whole.body.len() / 2);
            let mut headers = whole.headers;
            headers
                .entry(CONTENT_TYPE)
                .or_insert(HeaderValue::from_static("application/json"));
            with_body(whole.status, headers, Body::from(half))
        }
        Kind::ExpiredToken
        | Kind::Outcome(_)
        | Kind::Late(_)
        | Kind::Twice
        | Kind::OutOfOrder
        | Kind::Lost => crate::server::response(whole),
    }
}

fn in_parts(whole: Answer, body: Parts) -> Response {
    let mut headers = whole.headers;
    headers.insert(CONTENT_LENGTH, whole.body.len().into());
    with_body(whole.status, headers, Body::new(body))
}

fn with_body(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
