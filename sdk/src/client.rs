//! The client.

mod builder;
mod connection;
#[cfg(feature = "download")]
mod download;
mod environment;
mod headers;
mod merchant;
pub(crate) mod own_headers;
mod sending;
mod servers;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use reqwest::Url;

use crate::auth::Source;
use crate::error::Call;
use crate::interceptor::About;
use crate::retry::{self, Budget, Course, Progress, RetryPolicy};
use crate::rt::{Info, Operation, RawResponse, Request, Scheme, SchemeKind, Transport};
use crate::transport::{Carrier, Outgoing, Purpose, Received};
use crate::wire::Wire;
use crate::{AccountId, Error, Response, trace};
pub use builder::ClientBuilder;
#[cfg(feature = "download")]
pub use download::Download;
#[cfg(feature = "mock")]
pub(crate) use merchant::{TOKEN_PATH, TOKEN_SERVER};
#[cfg(feature = "blocking")]
pub(crate) use sending::CallOptions;
pub use sending::Sending;
use servers::Servers;

/// Calls Dintero's APIs.
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
    /// None when tokens are not fetched.
    source: Option<Arc<Source>>,
    servers: Servers,
    /// Sent with every operation.
    headers: HeaderMap,
    wire: Wire,
    budget: Budget,
    merchants: Mutex<BTreeMap<AccountId, Client>>,
}

/// A request that is complete but for the credentials.
struct Prepared {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
    security: &'static [&'static Scheme],
    /// It can be sent again although it may have been carried out.
    repeatable: bool,
    about: Call,
    redirects: &'static [u16],
    /// Headers that belong to the operation.
    needed: Vec<HeaderName>,
    /// Time limit of each request, if it is not the client's.
    timeout: Option<Duration>,
    streamed: bool,
    purpose: Purpose,
}

impl Prepared {
    /// The value by which the server knows a repetition.
    fn key(&self) -> Option<&str> {
        self.headers.get(retry::KEY_HEADER)?.to_str().ok()
    }
}

/// All that a call has to know of its operation.
struct Kind {
    info: Info,
    settled_by: Option<&'static str>,
    request_id_header: Option<&'static str>,
    repeatable: bool,
    redirects: &'static [u16],
    purpose: Purpose,
}

impl Kind {
    fn of<O: Operation>(operation: &O, carrier: &Carrier) -> Self {
        Self {
            info: O::INFO,
            settled_by: O::SETTLED_BY,
            request_id_header: O::REQUEST_ID_HEADER,
            repeatable: operation.is_repeatable(),
            redirects: O::REDIRECTS,
            purpose: carrier.purpose(operation),
        }
    }

    fn call(&self) -> Call {
        Call {
            settled_by: self.settled_by,
            request_id_header: self.request_id_header,
            ..Call::from(&self.info)
        }
    }
}

impl Client {
    /// Starts a client with the default settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The account that the client acts for, if one was set.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.0.settings.account.as_ref()
    }

    /// What its requests go out by, with its clock.
    #[cfg(feature = "payments")]
    pub(crate) fn carrier(&self) -> &Carrier {
        &self.0.wire.http
    }

    /// The settings of this client, to change some and build another.
    ///
    /// The new client shares the connections of this one unless a setting of the connections themselves is changed, such
    /// as a time limit. So one pool serves many accounts:
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
        builder.http = Some(Arc::clone(&self.0.wire.http));
        builder
    }

    /// Sends a complete operation and gives the value of its answer.
    pub fn send<O: Operation>(&self, operation: O) -> Sending<O::Answer> {
        self.sending(operation, |raw| O::answer(&raw))
    }

    /// Sends a complete operation and gives status, headers and raw body beside the value.
    pub fn send_with_response<O: Operation>(&self, operation: O) -> Sending<Response<O>> {
        self.sending(operation, Response::read)
    }

    fn sending<O: Operation, T: 'static>(
        &self,
        operation: O,
        read: impl FnOnce(RawResponse) -> Result<T, Error> + Send + 'static,
    ) -> Sending<T> {
        let inner = Arc::clone(&self.0);
        Sending::new(move |options| async move {
            let kind = Kind::of(&operation, &inner.wire.http);
            let call = kind.call();
            let prepared = operation
                .request()
                .and_then(|request| inner.prepare(&kind, request, &options));
            let read = |received: Received| read(received.raw);
            let work = inner.call(&call, prepared, options.retry.as_ref(), read);
            trace::call(&call, work).await
        })
    }
}

impl Transport for Client {
    type Sent<T: Send + 'static> = Sending<T>;

    fn dispatch<O: Operation>(&self, operation: O) -> Sending<O::Answer> {
        self.send(operation)
    }

    fn dispatch_under<O: Operation>(
        &self,
        operation: O,
        policy: Option<RetryPolicy>,
    ) -> Sending<O::Answer> {
        let sending = self.send(operation);
        match policy {
            Some(policy) => sending.retry(policy),
            None => sending,
        }
    }

    fn dispatch_with_response<O: Operation>(&self, operation: O) -> Sending<Response<O>> {
        self.send_with_response(operation)
    }
}

impl Inner {
    /// What is read of an answer, or the error that says what became of the call.
    async fn call<T>(
        &self,
        call: &Call,
        prepared: Result<Prepared, Error>,
        policy: Option<&RetryPolicy>,
        read: impl FnOnce(Received) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let prepared = prepared.map_err(|error| error.of(call))?;
        let policy = policy.unwrap_or(&self.settings.retry);
        let progress = Progress::default();
        // Pinned here: it is large, and would lie in each of the two that wait for it.
        let repeat = pin!(self.repeat(&prepared, policy, &progress));
        let outcome = match policy.limit() {
            None => repeat.await,
            Some(limit) => tokio::time::timeout(limit, repeat)
                .await
                .unwrap_or_else(|_| Err(Error::deadline(limit))),
        };
        let outcome = outcome.and_then(read);
        outcome.map_err(|error| error.of(call).with_key(prepared.key()).after(&progress))
    }

    fn prepare(
        &self,
        kind: &Kind,
        request: Request,
        options: &sending::CallOptions,
    ) -> Result<Prepared, Error> {
        let info = &kind.info;
        let account = self.settings.account.as_ref();
        let resolved = request.resolve(&|name| servers::client_value(account, name))?;
        if self.settings.sandbox_only {
            // A call can name another account than the client's.
            let path = resolved
                .path_and_query
                .split('?')
                .next()
                .unwrap_or_default();
            let accounts = path
                .split('/')
                .filter_map(|part| part.parse::<AccountId>().ok());
            for account in accounts {
                account.check_sandbox()?;
            }
        }
        let url = self
            .servers
            .url(info.server.url, account, &resolved.path_and_query)?;
        let security = self.settings.credentials.choose(info.security)?;
        if !security.is_empty() {
            self.servers.check_trust(info.server.url)?;
        }
        let mut headers = self.headers.clone();
        let accept = if info.accept.is_empty() {
            "*/*"
        } else {
            info.accept
        };
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        let keys = security.iter().filter_map(|scheme| match scheme.kind {
            SchemeKind::HeaderKey(name) => HeaderName::try_from(name).ok(),
            _ => None,
        });
        let needed: Vec<HeaderName> = resolved.headers.keys().cloned().chain(keys).collect();
        // The caller's headers make nothing safe to repeat: the server may not know them.
        let repeatable = kind.repeatable || retry::is_repeatable(&info.method, &resolved.headers);
        headers.extend(resolved.headers);
        headers.extend(options.headers(&needed)?);
        Ok(Prepared {
            method: info.method.clone(),
            url,
            headers,
            body: resolved.body,
            security,
            repeatable,
            about: kind.call(),
            redirects: kind.redirects,
            needed,
            timeout: options.limit(),
            streamed: false,
            purpose: kind.purpose.clone(),
        })
    }

    /// Sends until there is a success, or a failure that is not repeated.
    async fn repeat(
        &self,
        request: &Prepared,
        policy: &RetryPolicy,
        progress: &Progress,
    ) -> Result<Received, Error> {
        let begun = self.wire.http.now();
        let mut course = Course::new(policy, &self.budget, request.repeatable);
        let fetched_token = self.settings.credentials.needs_token(request.security);
        let left = || {
            policy
                .limit()
                .map(|limit| limit.saturating_sub(self.wire.http.now() - begun))
        };
        loop {
            let error = match self.attempt(request, left(), progress).await {
                Ok(response) => {
                    self.budget.earn();
                    return Ok(response);
                }
                Err(error) => error,
            };
            let Some(wait) = course.next(&error, fetched_token, left()) else {
                return Err(error);
            };
            if !wait.is_zero() {
                self.wire.http.wait(wait).await;
            }
        }
    }

    async fn attempt(
        &self,
        request: &Prepared,
        left: Option<Duration>,
        progress: &Progress,
    ) -> Result<Received, Error> {
        let credentials = &self.settings.credentials;
        let source = self.source.as_ref();
        let source = source.filter(|_| credentials.needs_token(request.security));
        let token = match source {
            Some(source) => Some(source.token(left).await.map_err(Error::token)?),
            None => None,
        };
        let secret = token.as_ref().map(|token| &token.secret);
        let (mut url, mut headers) = (request.url.clone(), request.headers.clone());
        credentials.apply(request.security, secret, &mut url, &mut headers)?;

        let before = progress.begin();
        let outgoing = Outgoing {
            method: request.method.clone(),
            url,
            headers,
            body: request.body.clone(),
            timeout: request.timeout,
            streamed: request.streamed,
            purpose: request.purpose.clone(),
        };
        let about = About {
            operation: request.about.name,
            path: request.about.path,
            number: progress.attempts(),
            is_token_request: false,
            request_id_header: request.about.request_id_header,
            needed: &request.needed,
        };
        let is_answer = |status: StatusCode| {
            status.is_success() || request.redirects.contains(&status.as_u16())
        };
        let outcome = self.wire.exchange(&about, outgoing, is_answer).await;
        let outcome = outcome.and_then(|received| {
            let status = received.raw.status;
            if status == StatusCode::UNAUTHORIZED
                && let (Some(source), Some(token)) = (source, &token)
            {
                source.refused(token);
            }
            if !is_answer(status) {
                let secrets = credentials.secrets().chain(secret);
                return Err(Error::status_of(received.raw).hiding(secrets));
            }
            Ok(received)
        });
        progress.end(before, outcome.as_ref().err());
        outcome
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("account", &self.0.settings.account)
            .field("credentials", &self.0.settings.credentials)
            .finish_non_exhaustive()
    }
}
