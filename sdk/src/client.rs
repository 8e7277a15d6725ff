//! The client.

mod builder;
mod connection;
#[cfg(feature = "download")]
mod download;
mod environment;
#[cfg(feature = "event-stream")]
mod events;
mod headers;
mod merchant;
mod options;
pub(crate) mod own_headers;
mod send_future;
mod servers;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::pin;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use http::header::ACCEPT;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use reqwest::Url;

use crate::auth::Sources;
use crate::interceptor::About;
use crate::observed::Observed;
use crate::retry::{self, Budget, Progress, RetryPolicy, RetryState};
use crate::rt::{
    Content, Info, Operation, RawResponse, Request, Returned, Scheme, SchemeKind, Transport,
};
use crate::transport::{Backend, Begun, Outgoing, Purpose, Received};
use crate::{AccountId, Error, Response, Secret, trace};
pub use builder::ClientBuilder;
#[cfg(feature = "download")]
pub use download::{Chunks, Download};
#[cfg(feature = "event-stream")]
pub use events::EventStream;
#[cfg(feature = "mock")]
pub(crate) use merchant::{TOKEN_PATH, TOKEN_SERVER};
pub(crate) use options::CallOptions;
pub use send_future::SendFuture;
pub use servers::PaymentsBase;
use servers::Servers;

/// A client of Dintero's APIs.
///
/// Cheap to clone: clones share connections, token and settings.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = dintero::Client::builder()
///     .account("T12345678".parse()?)
///     .client_credentials("client id", "client secret")
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: ClientBuilder,
    /// `None` if tokens are not fetched.
    source: Option<Sources>,
    servers: Servers,
    /// Sent with every operation.
    headers: HeaderMap,
    observed: Observed,
    budget: Arc<Budget>,
    merchants: RwLock<BTreeMap<AccountId, Client>>,
}

/// Size of the largest block that allocators cache per thread (1,032 bytes by default in glibc). Larger blocks take a
/// lock, on which concurrent calls would contend.
#[cfg(test)]
const BLOCK: usize = 1024;

/// A complete request without credentials.
struct Prepared {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Content>,
    security: &'static [&'static Scheme],
    /// It can be retried although it may have been carried out.
    repeatable: bool,
    redirects: &'static [u16],
    /// Headers of the operation.
    needed: Vec<HeaderName>,
    /// Overrides the client's time limit of each request.
    timeout: Option<Duration>,
    /// Overrides the client's maximum response size in bytes.
    most: Option<u64>,
    streamed: bool,
    purpose: Purpose,
}

impl Prepared {
    /// Returns the idempotency key, by which the server recognizes a retry.
    fn key(&self) -> Option<&str> {
        self.headers.get(retry::KEY_HEADER)?.to_str().ok()
    }

    /// Adds everything known of the call to the error.
    fn failed(&self, call: &'static Info, progress: &Progress, error: Error) -> Error {
        error.of(call).with_key(self.key()).after(progress)
    }
}

/// The properties of an operation that a call needs.
struct Kind {
    info: &'static Info,
    repeatable: bool,
    purpose: Purpose,
}

impl Kind {
    fn of<O: Operation>(operation: &O, backend: &Backend) -> Self {
        Self {
            info: O::INFO,
            repeatable: operation.is_repeatable(),
            purpose: backend.purpose(operation),
        }
    }
}

impl Client {
    /// Returns a builder with the default settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns the account that the client acts for, if one was set.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.0.settings.account.as_ref()
    }

    /// Returns the backend, with its clock.
    #[cfg(feature = "payments")]
    pub(crate) fn backend(&self) -> &Backend {
        &self.0.observed.backend
    }

    /// Returns a builder with the settings of this client, to change some and build another client.
    ///
    /// The new client shares the connections of this one unless a setting of the connections is changed, such as a time
    /// limit. It shares the access token unless a setting of token requests is changed. It always shares the [retry
    /// budget](RetryPolicy#budget). So one pool serves many accounts:
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let first = dintero::Client::builder().account("T12345678".parse()?).client_credentials("id", "secret").build()?;
    /// let second = first
    ///     .to_builder()
    ///     .account("T87654321".parse()?)
    ///     .client_credentials("client id of T87654321", "its secret")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_builder(&self) -> ClientBuilder {
        let mut builder = self.0.settings.clone();
        builder.backend = Some(Arc::clone(&self.0.observed.backend));
        builder.source = self.0.source.clone();
        builder.budget = Some(Arc::clone(&self.0.budget));
        builder
    }

    /// Sends a complete operation. Returns the value of the response.
    pub fn send<O: Operation>(&self, operation: O) -> SendFuture<O::Output> {
        self.sending(operation, |asked, raw| O::output_for(asked, &raw))
    }

    /// Sends a complete operation. Returns the value with status, headers and raw body.
    pub fn send_with_response<O: Operation>(&self, operation: O) -> SendFuture<Response<O>> {
        self.sending(operation, Response::read_for)
    }

    pub(crate) fn sending<O: Operation, T: 'static>(
        &self,
        operation: O,
        read: impl FnOnce(Option<&str>, RawResponse) -> Result<T, Error> + Send + 'static,
    ) -> SendFuture<T> {
        let inner = Arc::clone(&self.0);
        SendFuture::new(move |options| {
            let kind = Kind::of(&operation, &inner.observed.backend);
            let prepared = operation
                .request()
                .and_then(|request| inner.prepare(&kind, request, &options));
            let asked: Option<Box<str>> = operation.requested_id().map(Into::into);
            // Built here, so that the future need not hold the operation.
            drop(operation);
            let call = kind.info;
            async move {
                let span = trace::Call::begin(call);
                let work = async {
                    let prepared = prepared.map_err(|error| error.of(call))?;
                    let progress = Progress::default();
                    let received = inner.call(call, &prepared, options.policy(), &progress);
                    let value = received.await.and_then(|received| {
                        let raw = RawResponse {
                            is_strict: inner.settings.strict,
                            ..received.raw
                        };
                        read(asked.as_deref(), raw)
                    });
                    value.map_err(|error| prepared.failed(call, &progress, error))
                };
                let outcome = span.within(work).await;
                span.end(outcome.as_ref().err());
                outcome
            }
        })
    }
}

impl Transport for Client {
    type Sent<T: Returned> = SendFuture<T>;

    fn dispatch<O: Operation>(&self, operation: O) -> SendFuture<O::Output> {
        self.send(operation)
    }

    fn dispatch_under<O: Operation>(
        &self,
        operation: O,
        policy: Option<RetryPolicy>,
    ) -> SendFuture<O::Output> {
        let sending = self.send(operation);
        match policy {
            Some(policy) => sending.retry(policy),
            None => sending,
        }
    }

    fn dispatch_with_response<O: Operation>(&self, operation: O) -> SendFuture<Response<O>> {
        self.send_with_response(operation)
    }
}

impl Inner {
    /// Sends a request with its retries. Returns the response, or the error of the last attempt.
    async fn call(
        &self,
        call: &'static Info,
        prepared: &Prepared,
        policy: Option<&RetryPolicy>,
        progress: &Progress,
    ) -> Result<Received, Error> {
        self.observed.backend.ready()?;
        let policy = policy.unwrap_or(&self.settings.retry);
        // Pinned here, so that neither of the two futures that await it holds a copy.
        let repeat = pin!(self.repeat(call, prepared, policy, progress));
        match policy.limit() {
            None => repeat.await,
            Some(limit) => tokio::time::timeout(limit, repeat)
                .await
                .unwrap_or_else(|_| Err(Error::deadline(limit, progress.response.take()))),
        }
    }

    /// Chooses the credentials of a request: documented for the operation and accepted by the base URL.
    fn security(&self, info: &Info) -> Result<&'static [&'static Scheme], Error> {
        let tokens = |schemes: &&&'static [&'static Scheme]| {
            let mut kinds = schemes.iter().map(|scheme| &scheme.kind);
            kinds.all(|kind| *kind == SchemeKind::Bearer)
        };
        let accepted = match info.security.iter().find(tokens) {
            Some(tokens) if self.servers.takes_tokens_only(info.server.url) => {
                std::slice::from_ref(tokens)
            }
            _ => info.security,
        };
        self.settings.credentials.choose(accepted)
    }

    fn prepare(
        &self,
        kind: &Kind,
        request: Request,
        options: &CallOptions,
    ) -> Result<Box<Prepared>, Error> {
        let info = kind.info;
        let account = self.settings.account.as_ref();
        let resolved = request.resolve(&|name| servers::client_value(account, name))?;
        if let Some(rule) = self.settings.sandbox_rule() {
            // A call can set another account than the client's.
            let path = resolved
                .path_and_query
                .split('?')
                .next()
                .unwrap_or_default();
            let accounts = path
                .split('/')
                .filter_map(|part| part.parse::<AccountId>().ok());
            for account in accounts {
                account.check_sandbox(rule)?;
            }
        }
        if let Some(body) = &resolved.body {
            body.check()?;
        }
        let security = self.security(info)?;
        let mut path_and_query = resolved.path_and_query;
        options.add_query(&mut path_and_query, security)?;
        let url = self
            .servers
            .url(info.server.url, account, &path_and_query)?;
        if !security.is_empty() {
            self.servers.check_trust(info.server.url)?;
        }
        let accept = if info.accept.is_empty() {
            "*/*"
        } else {
            info.accept
        };
        let keys = security.iter().filter_map(|scheme| match scheme.kind {
            SchemeKind::HeaderKey(name) => HeaderName::try_from(name).ok(),
            _ => None,
        });
        let needed: Vec<HeaderName> = resolved.headers.keys().cloned().chain(keys).collect();
        // A caller's header does not make a request safe to retry, because the server may not support it.
        let repeatable = kind.repeatable || retry::is_repeatable(info.method, &resolved.headers);
        let own = options.headers(&needed)?;
        let mut headers = copied(&self.headers, 1 + resolved.headers.len() + own.len());
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        headers.extend(resolved.headers);
        headers.extend(own);
        Ok(Box::new(Prepared {
            method: info.sent_method(),
            url,
            headers,
            body: resolved.body,
            security,
            repeatable,
            redirects: info.redirects,
            needed,
            timeout: options.limit(),
            most: options.most(),
            streamed: false,
            purpose: kind.purpose.clone(),
        }))
    }

    /// Sends until there is a success, or an error that is not retried.
    async fn repeat(
        &self,
        call: &'static Info,
        request: &Prepared,
        policy: &RetryPolicy,
        progress: &Progress,
    ) -> Result<Received, Error> {
        let begun = self.observed.backend.now();
        let mut retries = RetryState::new(policy, &self.budget, request.repeatable);
        let is_once = request
            .body
            .as_ref()
            .is_some_and(|body| !body.is_repeatable());
        let left = || {
            policy
                .limit()
                .map(|limit| limit.saturating_sub(self.observed.backend.now() - begun))
        };
        loop {
            // Boxed separately: see `BLOCK`.
            let error = match Box::pin(self.attempt(call, request, left(), progress)).await {
                Ok(response) => {
                    self.budget.earn();
                    return Ok(response);
                }
                Err(error) if is_once => return Err(error),
                Err(error) => error,
            };
            let Some(wait) = retries.next(&error, progress.has_other_token(), left()) else {
                return Err(error);
            };
            trace::retrying(call, &error, wait);
            if !wait.is_zero() {
                self.observed.backend.wait(wait).await;
            }
        }
    }

    async fn attempt(
        &self,
        call: &'static Info,
        request: &Prepared,
        left: Option<Duration>,
        progress: &Progress,
    ) -> Result<Received, Error> {
        let credentials = &self.settings.credentials;
        let granted;
        let source = match &self.source {
            Some(_) if !credentials.needs_token(request.security) => None,
            Some(Sources::One(source)) => Some(source),
            Some(Sources::Documented(grants)) => {
                let plain = &self.settings.plain_http;
                let check = |url: &Url| servers::check_url(url, plain);
                let account = self.settings.account.as_ref();
                let base = self.servers.url(call.server.url, account, "/")?;
                granted = grants.source(request.security, call, &base, check)?;
                Some(&granted)
            }
            None => None,
        };
        let token = match source {
            Some(source) => Some(source.token(left).await.map_err(Error::token)?),
            None => None,
        };
        let secret = token.as_ref().map(|token| &token.secret);
        let mut outgoing = self.outgoing(request, secret, &progress.response)?;

        let before = progress.begin();
        let about = About {
            info: call,
            number: progress.attempts(),
            is_token_request: false,
            needed: &request.needed,
        };
        let is_success = |status: StatusCode| {
            status.is_success() || request.redirects.contains(&status.as_u16())
        };
        let outcome = self
            .observed
            .exchange(&about, &mut outgoing, is_success)
            .await;
        let outcome = outcome.and_then(|received| {
            let status = received.raw.status;
            if status == StatusCode::UNAUTHORIZED
                && let (Some(source), Some(token)) = (source, &token)
            {
                progress.refused(source.refused(token));
            }
            if !is_success(status) {
                let secrets = credentials.secrets().chain(secret.cloned());
                return Err(Error::status_of(received.raw).hiding(secrets));
            }
            Ok(received)
        });
        progress.end(before, outcome.as_ref().err());
        outcome
    }

    /// Sends one attempt, with credentials.
    fn outgoing<'a>(
        &self,
        request: &Prepared,
        secret: Option<&Secret>,
        begun: &'a Begun,
    ) -> Result<Outgoing<'a>, Error> {
        let mut outgoing = Outgoing {
            method: request.method.clone(),
            url: request.url.clone(),
            // Room for the credentials, and for `Accept`, for which the HTTP library reserves room even if it is set.
            headers: copied(&request.headers, 2),
            body: request.body.clone(),
            timeout: request.timeout,
            most: request.most,
            streamed: request.streamed,
            begun: Some(begun),
            purpose: request.purpose.clone(),
        };
        let (url, headers) = (&mut outgoing.url, &mut outgoing.headers);
        let credentials = &self.settings.credentials;
        credentials.apply(request.security, secret, url, headers)?;
        Ok(outgoing)
    }
}

/// Returns a copy with room for more headers. A plain clone has none and would reallocate at the next header.
fn copied(headers: &HeaderMap, more: usize) -> HeaderMap {
    let mut copy = HeaderMap::with_capacity(headers.len() + more);
    let all = headers.iter();
    copy.extend(all.map(|(name, value)| (name.clone(), value.clone())));
    copy
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("account", &self.0.settings.account)
            .field("credentials", &self.0.settings.credentials)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Features make the futures larger.
    #[test]
    fn what_a_call_waits_in_fits_into_small_blocks() {
        let client = Client::builder()
            .base_url("http://127.0.0.1:1")
            .build()
            .unwrap();
        let call = &Info::USUAL;
        let prepared = Prepared {
            method: Method::GET,
            url: Url::parse("http://127.0.0.1:1").unwrap(),
            headers: HeaderMap::new(),
            body: None,
            security: &[],
            repeatable: true,
            redirects: &[],
            needed: Vec::new(),
            timeout: None,
            most: None,
            streamed: false,
            purpose: Purpose::default(),
        };
        let (inner, progress) = (&client.0, Progress::default());
        let attempt = inner.attempt(call, &prepared, None, &progress);
        let size = size_of_val(&attempt);
        assert!(size <= BLOCK, "an attempt: {size}");
        let call = inner.call(call, &prepared, None, &progress);
        // The outer future adds the call and pointers, and with `tracing` its span twice.
        let size = size_of_val(&call);
        assert!(size <= BLOCK / 2, "a call: {size}");
    }
}
