//! The HTTP server: routes of the documents, and what happens around each operation.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::extract::{ConnectInfo, Request as HttpRequest, State as Extract};
use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use percent_encoding::percent_decode_str;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

use crate::auth;
use crate::calls::{self, Calls};
use crate::contract::{self, Operation};
use crate::faults::{self, Connection, Fault};
use crate::operations::{self, Handler, Outcome};
use crate::pages;
use crate::request::{Answer, Problem, Request};
use crate::settings::Settings;
use crate::state::{Job, State};
use crate::store::Journal;

/// The largest body of a request.
pub(crate) const LIMIT: usize = 4 * 1024 * 1024;

/// How many requests to merchants are sent at the same time.
const MAX_SENDS: usize = 256;

/// The parts that all requests and jobs share.
pub(crate) struct Inner {
    /// Those of the state, without its lock.
    pub(crate) settings: Arc<Settings>,
    state: Mutex<State>,
    journal: Option<Journal>,
    /// A job was added, or the clock was turned.
    wake: Notify,
    /// A job was done.
    done: Notify,
    pub(crate) sends: Semaphore,
    /// Sends requests to merchants.
    pub(crate) http: reqwest::Client,
    pub(crate) address: OnceLock<SocketAddr>,
    pub(crate) calls: Calls,
}

impl Inner {
    pub(crate) fn new(state: State, journal: Option<Journal>, http: reqwest::Client) -> Self {
        Self {
            settings: Arc::clone(&state.settings),
            state: Mutex::new(state),
            journal,
            wake: Notify::new(),
            done: Notify::new(),
            sends: Semaphore::new(MAX_SENDS),
            http,
            address: OnceLock::new(),
            calls: Calls::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the state.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.lock())
    }

    /// Changes the state, and returns after the changes are in the state file.
    pub(crate) async fn change<T>(
        &self,
        change: impl FnOnce(&mut State) -> T,
    ) -> Result<T, Problem> {
        let (result, written) = {
            let mut state = self.lock();
            let result = change(&mut state);
            let changes = state.take_changes();
            let journal = self.journal.as_ref();
            (result, journal.and_then(|journal| journal.write(changes)))
        };
        self.wake.notify_one();
        if let Some(written) = written {
            let failed =
                |why: &str| Problem::internal(&format!("the state file can't be written: {why}"));
            match written.await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => return Err(failed(&why)),
                Err(_) => return Err(failed("its thread ended")),
            }
        }
        Ok(result)
    }

    /// Does jobs when they are due, forever.
    pub(crate) async fn work(self: Arc<Self>) {
        // They end with this task.
        let mut sending = JoinSet::new();
        loop {
            while sending.try_join_next().is_some() {}
            let (due, next) = {
                let mut state = self.lock();
                (state.take_due(), state.next_due())
            };
            match due {
                Some((id, job)) => self.run(id, job, &mut sending).await,
                None => match next {
                    Some(next) => drop(tokio::time::timeout(next, self.wake.notified()).await),
                    None => self.wake.notified().await,
                },
            }
        }
    }

    async fn run(self: &Arc<Self>, id: String, job: Job, sending: &mut JoinSet<()>) {
        match job {
            // A slow merchant does not delay the others.
            Job::Deliver(delivery) => {
                let inner = Arc::clone(self);
                sending.spawn(async move {
                    crate::delivery::deliver(Arc::clone(&inner), id, delivery).await;
                    inner.done.notify_waiters();
                });
            }
            job => {
                let done = self.change(|state| {
                    operations::run(state, job);
                    state.finished(&id);
                });
                // A broken state file is an error of the next request.
                let _ = done.await;
                self.done.notify_waiters();
            }
        }
    }

    /// Waits until no job is due.
    pub(crate) async fn settled(&self) {
        loop {
            let done = self.done.notified();
            if !self.lock().is_busy() {
                return;
            }
            done.await;
        }
    }
}

/// The operations at a path, by method.
type Routes = matchit::Router<Vec<&'static Operation>>;

static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    let mut paths: BTreeMap<String, Vec<&'static Operation>> = BTreeMap::new();
    for operation in contract::operations() {
        let path = route_of(&operation.path);
        paths.entry(path).or_default().push(operation);
    }
    let mut routes = Routes::new();
    for (path, operations) in paths {
        // A test finds a path that is rejected.
        let _ = routes.insert(path, operations);
    }
    routes
});

/// Names of parameters don't matter, but two paths may differ in nothing else.
fn route_of(path: &str) -> String {
    let segments = path.split('/').enumerate().map(|(index, segment)| {
        if segment.starts_with('{') {
            format!("{{p{index}}}")
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The place that a request is for.
struct Target {
    /// As in the documents.
    path: String,
    /// The account in the newer base URL of payments.
    account: Option<String>,
}

impl Target {
    /// A client may use the address alone as its base URL.
    fn of(path: &str) -> Self {
        let path = match path.starts_with("/v1/") || path.starts_with("/v2/") {
            true => path.to_owned(),
            false => format!("/v1{path}"),
        };
        let below_account = path
            .strip_prefix("/v1/accounts/")
            .and_then(|rest| rest.split_once('/'));
        let payments = below_account
            .and_then(|(account, rest)| Some((account, rest.strip_prefix("payments/")?)));
        match payments {
            Some((account, rest)) => Self {
                path: format!("/v1/{rest}"),
                account: Some(account.to_owned()),
            },
            None => Self {
                path,
                account: None,
            },
        }
    }
}

/// Serves the operations of the documents. Pages have routes of their own.
pub(crate) fn router(inner: &Arc<Inner>) -> Router {
    let recorded = middleware::from_fn_with_state(Arc::clone(inner), calls::record);
    let operations: Router = Router::new()
        .fallback(operation)
        .layer(recorded)
        .with_state(Arc::clone(inner));
    let files: Router = Router::new()
        .route("/reports/{id}", get(operations::reports::file))
        .with_state(Arc::clone(inner));
    pages::router(inner)
        .merge(files)
        .fallback_service(operations)
}

async fn operation(Extract(inner): Extract<Arc<Inner>>, request: HttpRequest) -> Response {
    let target = Target::of(request.uri().path());
    let path = &target.path;
    let method = request.method();
    let problem = match ROUTES.at(path) {
        Ok(found) => match found.value.iter().find(|one| one.method == method.as_str()) {
            Some(operation) => return serve(inner, operation, &target, request).await,
            None => {
                let message = format!("{path} has no operation with the method {method}");
                Problem::new(405, "MethodNotAllowed", message)
            }
        },
        Err(_) => {
            let message = format!("no document has the operation {method} {path}");
            Problem::new(404, "NotFound", message)
        }
    };
    response(problem.into_answer())
}

async fn serve(
    inner: Arc<Inner>,
    operation: &'static Operation,
    target: &Target,
    request: HttpRequest,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, LIMIT).await {
        Ok(body) => body,
        Err(_) => return too_long(),
    };
    let (id, has_rules) = {
        let mut state = inner.lock();
        (state.uuid(), state.store.len::<faults::Rule>() > 0)
    };
    let fault = match fault(&inner, operation, &mut parts, has_rules).await {
        Ok(fault) => fault,
        Err(problem) => return response(finished(&inner, operation, Err(problem), &id)),
    };
    let answer = match fault.as_ref().is_none_or(Fault::carries_out) {
        false => None,
        true => {
            let outcome = match prepared(&inner, operation, target, &parts, body, &id) {
                Ok(request) => perform(Arc::clone(&inner), request).await,
                Err(problem) => Err(problem),
            };
            Some(finished(&inner, operation, outcome, &id))
        }
    };
    match (fault, answer) {
        (None, Some(answer)) => response(answer),
        (None, None) => response(Answer::empty(500)),
        (Some(fault), answer) => {
            let connection = parts.extensions.get::<ConnectInfo<Connection>>();
            let connection = connection.map(|ConnectInfo(one)| one.clone());
            faults::respond(fault, answer, connection.unwrap_or_default()).await
        }
    }
}

/// Returns the fault of a request, and changes what the request needs for it.
async fn fault(
    inner: &Inner,
    operation: &Operation,
    parts: &mut http::request::Parts,
    has_rules: bool,
) -> Result<Option<Fault>, Problem> {
    let fault = match parts.headers.get(faults::HEADER) {
        Some(text) => {
            let text = text.to_str().unwrap_or_default();
            let fault = faults::of_header(&operation.name, text);
            Some(fault.map_err(|why| Problem::bad_request("ValidationError", why.to_string()))?)
        }
        None if !has_rules => None,
        None => (inner.change(|state| faults::take(state, &operation.name))).await?,
    };
    let Some(fault) = fault else {
        return Ok(None);
    };
    if fault.expires_token() {
        inner
            .change(|state| auth::revoke(state, &parts.headers))
            .await?;
    }
    if let Some(plan) = fault
        .plan()
        .and_then(|plan| HeaderValue::from_str(&plan).ok())
    {
        parts.headers.insert(crate::plan::HEADER, plan);
    }
    Ok(Some(fault))
}

/// The response to a body that is too long.
pub(crate) fn too_long() -> Response {
    let message = format!("the body is longer than {LIMIT} bytes");
    response(Problem::new(413, "PayloadTooLarge", message).into_answer())
}

/// Returns the request, if its sender may send it and the document allows it.
fn prepared(
    inner: &Inner,
    operation: &'static Operation,
    target: &Target,
    parts: &http::request::Parts,
    body: Bytes,
    id: &str,
) -> Result<Request, Problem> {
    let path = (operation.path.split('/').zip(target.path.split('/')))
        .filter_map(|(name, value)| {
            let name = name.strip_prefix('{')?.strip_suffix('}')?;
            let value = percent_decode_str(value).decode_utf8_lossy();
            Some((name.to_owned(), value.into_owned()))
        })
        .collect();
    let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let caller = inner.read(|state| auth::caller(state, operation, &parts.headers))?;
    let request = Request {
        operation,
        path,
        query: query.into_owned().collect(),
        headers: parts.headers.clone(),
        body,
        caller,
        origin: inner.settings.origin.clone(),
        id: id.to_owned(),
    };
    check_account(&request, target.account.as_deref())?;
    check_type(&request)?;
    let violations = operation.violations(&request);
    if !violations.is_empty() {
        return Err(Problem::invalid(&violations));
    }
    Ok(request)
}

/// The account in the path is that of the credentials. A partner manages accounts below its own. Tokens are also given
/// for other credentials than a token, and have rules of their own.
fn check_account(request: &Request, of_base: Option<&str>) -> Result<(), Problem> {
    let own = &request.caller.account;
    let names = ["oid", "aid", "account_id"];
    let of_path = names.iter().find_map(|name| request.path_value(name));
    let Some(account) = of_path.or(of_base) else {
        return Ok(());
    };
    // A partner's account without its zeros: `T184`.
    let is_short = account.len() == 4 && own.strip_prefix(account) == Some("00000");
    if own.is_empty() || account == own || is_short {
        return Ok(());
    }
    let message = format!("the credentials are of account {own}, not of {account}");
    Err(Problem::forbidden(message))
}

/// Bodies are JSON. A request that says nothing about its body is believed to be, too.
fn check_type(request: &Request) -> Result<(), Problem> {
    let Some(given) = request.headers.get(http::header::CONTENT_TYPE) else {
        return Ok(());
    };
    let given = String::from_utf8_lossy(given.as_bytes());
    let media_type = given.split(';').next().unwrap_or_default().trim();
    let is_json = media_type.eq_ignore_ascii_case("application/json");
    if is_json || request.body.is_empty() || !request.operation.takes_json() {
        return Ok(());
    }
    let message = format!("the body is `{media_type}`: send `content-type: application/json`");
    Err(Problem::new(415, "UnsupportedMediaType", message))
}

async fn perform(inner: Arc<Inner>, request: Request) -> Outcome {
    let operation = request.operation;
    match operations::handler(&operation.name) {
        None => Err(Problem::unknown(format!(
            "the operation {}",
            operation.name
        ))),
        Some(Handler::Now(handler)) => {
            let changed = inner.change(|state| handler(state, &request)).await;
            changed.and_then(|outcome| outcome)
        }
        Some(Handler::Waiting(handler)) => handler(inner, request).await,
    }
}

/// Returns the response, which the document allows if that is checked.
fn finished(inner: &Inner, operation: &Operation, outcome: Outcome, id: &str) -> Answer {
    let mut answer = outcome.unwrap_or_else(|problem| problem.into_answer_of(operation));
    // Status 501 is the sandbox's own.
    let is_own = answer.status == StatusCode::NOT_IMPLEMENTED;
    if !is_own && inner.settings.checks_responses {
        let media_type = answer.headers.get(http::header::CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let status = answer.status.as_u16();
        if let Some(why) = operation.response_violation(status, media_type, &answer.body) {
            let message = format!(
                "the sandbox made an invalid response to {}: {why}",
                operation.name
            );
            answer = Problem::internal(&message).into_answer_of(operation);
        }
    }
    answer
        .header("request-id", id)
        .header("event-request-id", id)
}

pub(crate) fn response(answer: Answer) -> Response {
    let mut response = Response::new(axum::body::Body::from(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if response.status() == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        response
            .headers_mut()
            .insert(http::header::WWW_AUTHENTICATE, scheme);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_route_of_its_own() {
        let operations = contract::operations();
        assert!(operations.len() > 300, "{}", operations.len());
        for operation in operations {
            let found = ROUTES.at(&operation.path).unwrap();
            let same = found
                .value
                .iter()
                .filter(|one| one.method == operation.method);
            let names: Vec<_> = same.map(|one| &one.name).collect();
            assert_eq!(names, [&operation.name]);
        }
    }

    #[test]
    fn base_urls_of_clients() {
        for (path, documented, account) in [
            ("/v1/transactions/x", "/v1/transactions/x", None),
            ("/transactions/x", "/v1/transactions/x", None),
            ("/v2/accounts/T1/payout", "/v2/accounts/T1/payout", None),
            (
                "/v1/accounts/T1/payments/transactions/x",
                "/v1/transactions/x",
                Some("T1"),
            ),
            (
                "/accounts/T1/payments/transactions/x",
                "/v1/transactions/x",
                Some("T1"),
            ),
            (
                "/v1/accounts/T1/settlements",
                "/v1/accounts/T1/settlements",
                None,
            ),
        ] {
            let target = Target::of(path);
            assert_eq!(
                (&*target.path, target.account.as_deref()),
                (documented, account)
            );
        }
    }
}
