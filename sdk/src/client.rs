//! The client.

mod builder;
mod environment;
mod headers;
mod merchant;
mod servers;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::Url;

use crate::auth::Source;
use crate::error::Call;
use crate::retry::{self, Budget, Course, Progress, RetryPolicy};
use crate::rt::{Info, Operation, RawResponse, Request, Scheme, Transport};
use crate::transport::Http;
use crate::{AccountId, Error, Response};
pub use builder::ClientBuilder;
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
    http: Arc<Http>,
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
}

/// All that a call has to know of its operation's type.
struct Kind {
    info: Info,
    settled_by: Option<&'static str>,
    request_id_header: Option<&'static str>,
    repeatable: bool,
}

impl Kind {
    fn of<O: Operation>() -> Self {
        Self {
            info: O::INFO,
            settled_by: O::SETTLED_BY,
            request_id_header: O::REQUEST_ID_HEADER,
            repeatable: O::REPEATABLE,
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
        builder.http = Some(Arc::clone(&self.0.http));
        builder
    }

    /// Sends a complete operation and gives the value of its answer.
    pub fn send<O: Operation>(&self, operation: O) -> Sending<O::Answer> {
        let inner = Arc::clone(&self.0);
        Sending::new(move |policy| async move {
            let read = |raw| O::answer(&raw);
            inner
                .call(Kind::of::<O>(), operation.request(), policy, read)
                .await
        })
    }

    /// Sends a complete operation and gives status, headers and raw body beside the value.
    pub fn send_with_response<O: Operation>(&self, operation: O) -> Sending<Response<O>> {
        let inner = Arc::clone(&self.0);
        Sending::new(move |policy| async move {
            inner
                .call(Kind::of::<O>(), operation.request(), policy, Response::read)
                .await
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
    /// What is read of a success, or the error that says what became of the call.
    async fn call<T>(
        &self,
        kind: Kind,
        request: Result<Request, Error>,
        policy: Option<RetryPolicy>,
        read: impl FnOnce(RawResponse) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let info = kind.info;
        let policy = policy.as_ref().unwrap_or(&self.settings.retry);
        let progress = Progress::default();
        let prepared = request.and_then(|request| {
            let mut prepared = self.prepare(&info, request)?;
            prepared.repeatable |= kind.repeatable;
            Ok(prepared)
        });
        let outcome = match (prepared, policy.limit()) {
            (Err(error), _) => Err(error),
            (Ok(prepared), None) => self.repeat(&prepared, policy, &progress).await,
            (Ok(prepared), Some(limit)) => {
                let repeat = self.repeat(&prepared, policy, &progress);
                tokio::time::timeout(limit, repeat)
                    .await
                    .unwrap_or_else(|_| Err(Error::deadline(limit)))
            }
        };
        let call = Call {
            settled_by: kind.settled_by,
            request_id_header: kind.request_id_header,
            ..Call::from(&info)
        };
        let outcome = outcome.and_then(read);
        outcome.map_err(|error| error.of(&call).after(&progress))
    }

    fn prepare(&self, info: &Info, request: Request) -> Result<Prepared, Error> {
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
        headers.extend(resolved.headers);
        Ok(Prepared {
            repeatable: retry::is_repeatable(&info.method, &headers),
            method: info.method.clone(),
            url,
            headers,
            body: resolved.body,
            security,
        })
    }

    /// Sends until there is a success, or a failure that is not repeated.
    async fn repeat(
        &self,
        request: &Prepared,
        policy: &RetryPolicy,
        progress: &Progress,
    ) -> Result<RawResponse, Error> {
        let begun = Instant::now();
        let mut course = Course::new(policy, &self.budget, request.repeatable);
        let fetched_token = self.settings.credentials.needs_token(request.security);
        let left = || {
            policy
                .limit()
                .map(|limit| limit.saturating_sub(begun.elapsed()))
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
                tokio::time::sleep(wait).await;
            }
        }
    }

    async fn attempt(
        &self,
        request: &Prepared,
        left: Option<Duration>,
        progress: &Progress,
    ) -> Result<RawResponse, Error> {
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
        let (method, body) = (request.method.clone(), request.body.clone());
        let outcome = self.http.exchange(method, url, headers, body).await;
        let outcome = outcome.and_then(|response| {
            if response.status == StatusCode::UNAUTHORIZED
                && let (Some(source), Some(token)) = (source, &token)
            {
                source.refused(token);
            }
            if !response.status.is_success() {
                let secrets = credentials.secrets().chain(secret);
                return Err(Error::status_of(response).hiding(secrets));
            }
            Ok(response)
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

/// A call under way: a future that gives the answer or the error. Nothing is sent before it is polled.
///
/// When it is dropped, the call is given up; whether the request was carried out is not known then.
#[must_use = "nothing is sent before the future is awaited"]
pub struct Sending<T>(State<T>);

type Running<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

enum State<T> {
    Waiting(Start<T>, Option<RetryPolicy>),
    Running(Running<T>),
    /// Only while the call begins.
    Gone,
}

type Start<T> = Box<dyn FnOnce(Option<RetryPolicy>) -> Running<T> + Send>;

impl<T> Sending<T> {
    fn new<F>(start: impl FnOnce(Option<RetryPolicy>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let start: Start<T> = Box::new(|policy| Box::pin(start(policy)));
        Self(State::Waiting(start, None))
    }

    /// Another policy than the client's, for this call; before it is polled for the first time.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        if let State::Waiting(_, own) = &mut self.0 {
            *own = Some(policy);
        }
        self
    }
}

impl<T> Future for Sending<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0 = match std::mem::replace(&mut self.0, State::Gone) {
            State::Waiting(start, policy) => State::Running(start(policy)),
            other => other,
        };
        match &mut self.0 {
            State::Running(running) => running.as_mut().poll(context),
            State::Waiting(..) | State::Gone => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}
