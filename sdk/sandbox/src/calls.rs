//! The newest requests of clients and the responses to them, for the dashboard.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use crate::server::{self, Inner};

/// How many are kept.
const KEPT: usize = 1_000;
/// How much of a body is kept.
const EXCERPT: usize = 16 * 1024;

/// A request and, once there is one, its response.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) number: u64,
    pub(crate) at: SystemTime,
    pub(crate) method: Method,
    /// With the query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Excerpt,
    /// None: the sandbox still works on it, or the client did not wait for it.
    pub(crate) response: Option<Responded>,
}

/// The response to a request.
#[derive(Clone, Debug)]
pub(crate) struct Responded {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Excerpt,
    pub(crate) took: Duration,
}

/// The start of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Excerpt {
    pub(crate) start: Bytes,
    pub(crate) length: usize,
}

impl Excerpt {
    fn of(body: &Bytes) -> Self {
        // A part of `Bytes` would keep all of it.
        let start = match body.get(..EXCERPT) {
            Some(start) => Bytes::copy_from_slice(start),
            None => body.clone(),
        };
        Self {
            start,
            length: body.len(),
        }
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.start.len() == self.length
    }
}

/// The newest calls.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    calls: VecDeque<Call>,
    count: u64,
}

impl Calls {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, call: Call) -> u64 {
        let mut ring = self.ring();
        ring.count += 1;
        let number = ring.count;
        if ring.calls.len() == KEPT {
            ring.calls.pop_front();
        }
        ring.calls.push_back(Call { number, ..call });
        number
    }

    fn end(&self, number: u64, response: Responded) {
        let mut ring = self.ring();
        if let Some(call) = ring.calls.iter_mut().rfind(|call| call.number == number) {
            call.response = Some(response);
        }
    }

    /// How many there were since the sandbox started.
    pub(crate) fn count(&self) -> u64 {
        self.ring().count
    }

    /// Returns the newest first.
    pub(crate) fn newest(&self, skip: usize, take: usize) -> Vec<Call> {
        let ring = self.ring();
        let calls = ring.calls.iter().rev().skip(skip).take(take);
        calls.cloned().collect()
    }

    pub(crate) fn get(&self, number: u64) -> Option<Call> {
        let ring = self.ring();
        let found = ring.calls.iter().find(|call| call.number == number);
        found.cloned()
    }

    pub(crate) fn len(&self) -> usize {
        self.ring().calls.len()
    }
}

/// Records a call.
pub(crate) async fn record(
    Extract(inner): Extract<Arc<Inner>>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, server::LIMIT).await else {
        return server::too_long();
    };
    let number = inner.calls.begin(Call {
        number: 0,
        at: inner.read(crate::state::State::now),
        method: parts.method.clone(),
        target: parts
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        headers: parts.headers.clone(),
        body: Excerpt::of(&body),
        response: None,
    });
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let (parts, body) = response.into_parts();
    // A body of unknown length is passed on as it is: it may break off on purpose.
    let (kept, body) = match body.size_hint().exact() {
        Some(_) => {
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            (Excerpt::of(&body), Body::from(body))
        }
        None => (Excerpt::default(), body),
    };
    let responded = Responded {
        status: parts.status,
        headers: parts.headers.clone(),
        body: kept,
        took: begun.elapsed(),
    };
    inner.calls.end(number, responded);
    Response::from_parts(parts, body)
}
