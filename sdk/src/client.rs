//! The client.

mod builder;
mod environment;
mod headers;
mod servers;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::Url;

use crate::auth::{Credentials, Grant, Token, Tokens};
use crate::error::Call;
use crate::retry::{self, Budget, Course, Progress, RetryPolicy};
use crate::rt::{Info, Operation, RawResponse, Request, Scheme, Transport};
use crate::transport::{Carrier, Origin};
use crate::{AccountId, Error, Response};
pub use builder::ClientBuilder;
use servers::Servers;

/// Where tokens come from unless a setting says otherwise.
pub(crate) const TOKEN_SERVER: &str = "https://api.dintero.com/v1";
pub(crate) const TOKEN_PATH: &str = "/accounts/{aid}/auth/token";

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
    account: Option<AccountId>,
    credentials: Credentials,
    tokens: Tokens,
    token_request: Option<TokenRequest>,
    servers: Servers,
    /// Sent with every operation.
    headers: HeaderMap,
    carrier: Carrier,
    retry: RetryPolicy,
    budget: Budget,
    sandbox_only: bool,
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
    origin: Origin,
}

/// All that a call has to know of its operation beside the request.
struct Kind {
    info: Info,
    settled_by: Option<&'static str>,
    repeatable: bool,
    origin: Origin,
}

impl Kind {
    fn of<O: Operation>(operation: &O, carrier: &Carrier) -> Self {
        Self {
            info: O::INFO,
            settled_by: O::SETTLED_BY,
            repeatable: O::REPEATABLE,
            origin: carrier.origin(operation),
        }
    }
}

/// How a token is asked for.
#[derive(Debug)]
struct TokenRequest {
    url: Url,
    /// What errors show of the URL.
    path: &'static str,
    body: Bytes,
}

impl Client {
    /// Starts a client with the default settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The account that the client acts for, if one was set.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.0.account.as_ref()
    }

    /// Sends a complete operation and gives the value of its answer.
    pub fn send<O: Operation>(&self, operation: O) -> Sending<O::Answer> {
        let inner = Arc::clone(&self.0);
        Sending::new(move |policy| async move {
            let kind = Kind::of(&operation, &inner.carrier);
            let raw = inner.call(kind, operation.request(), policy).await?;
            O::answer(&raw).map_err(|error| error.of(&Call::from(&O::INFO)))
        })
    }

    /// Sends a complete operation and gives status, headers and raw body beside the value.
    pub fn send_with_response<O: Operation>(&self, operation: O) -> Sending<Response<O>> {
        let inner = Arc::clone(&self.0);
        Sending::new(move |policy| async move {
            let kind = Kind::of(&operation, &inner.carrier);
            let raw = inner.call(kind, operation.request(), policy).await?;
            Response::read(raw).map_err(|error| error.of(&Call::from(&O::INFO)))
        })
    }
}

impl Transport for Client {
    type Sent<T: Send + 'static> = Sending<T>;

    fn dispatch<O: Operation>(&self, operation: O) -> Sending<O::Answer> {
        self.send(operation)
    }

    fn dispatch_with_response<O: Operation>(&self, operation: O) -> Sending<Response<O>> {
        self.send_with_response(operation)
    }
}

impl Inner {
    /// A success, or the error that says what became of the call.
    async fn call(
        &self,
        kind: Kind,
        request: Result<Request, Error>,
        policy: Option<RetryPolicy>,
    ) -> Result<RawResponse, Error> {
        let info = kind.info;
        let policy = policy.as_ref().unwrap_or(&self.retry);
        let progress = Progress::default();
        let prepared = request.and_then(|request| {
            let mut prepared = self.prepare(&info, request)?;
            prepared.repeatable |= kind.repeatable;
            prepared.origin = kind.origin;
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
            ..Call::from(&info)
        };
        outcome.map_err(|error| error.of(&call).after(&progress))
    }

    fn prepare(&self, info: &Info, request: Request) -> Result<Prepared, Error> {
        let account = self.account.as_ref();
        let resolved = request.resolve(&|name| servers::client_value(account, name))?;
        if self.sandbox_only {
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
            security: self.credentials.choose(info.security)?,
            origin: Origin::default(),
        })
    }

    /// Sends until there is a success, or a failure that is not repeated.
    async fn repeat(
        &self,
        request: &Prepared,
        policy: &RetryPolicy,
        progress: &Progress,
    ) -> Result<RawResponse, Error> {
        let begun = self.carrier.now();
        let mut course = Course::new(policy, &self.budget, request.repeatable);
        let fetched_token = self.credentials.needs_token(request.security);
        loop {
            let error = match self.attempt(request, progress).await {
                Ok(response) => {
                    self.budget.earn();
                    return Ok(response);
                }
                Err(error) => error,
            };
            let left = policy
                .limit()
                .map(|limit| limit.saturating_sub(self.carrier.now() - begun));
            let Some(wait) = course.next(&error, fetched_token, left) else {
                return Err(error);
            };
            if !wait.is_zero() {
                self.carrier.wait(wait).await;
            }
        }
    }

    async fn attempt(&self, request: &Prepared, progress: &Progress) -> Result<RawResponse, Error> {
        let token = match self.credentials.needs_token(request.security) {
            true => Some(self.token().await?),
            false => None,
        };
        let secret = token.as_ref().map(|token| &token.secret);
        let (mut url, mut headers) = (request.url.clone(), request.headers.clone());
        self.credentials
            .apply(request.security, secret, &mut url, &mut headers)?;

        let before = progress.begin();
        let (method, body) = (request.method.clone(), request.body.clone());
        let outcome = self
            .carrier
            .exchange(&request.origin, method, url, headers, body)
            .await;
        let outcome = outcome.and_then(|response| {
            if let (StatusCode::UNAUTHORIZED, Some(token)) = (response.status, &token) {
                self.tokens.refused(token);
            }
            if !response.status.is_success() {
                let secrets = self.credentials.secrets().chain(secret);
                return Err(Error::status_of(response).hiding(secrets));
            }
            Ok(response)
        });
        progress.end(before, outcome.as_ref().err());
        outcome
    }

    async fn token(&self) -> Result<Arc<Token>, Error> {
        let token = self.tokens.get(|| self.fetch_token()).await;
        token.map_err(Error::token)
    }

    async fn fetch_token(&self) -> Result<Grant, Error> {
        let (Some(client), Some(request)) = (&self.credentials.client, &self.token_request) else {
            let reason = "missing, so no token can be fetched";
            return Err(Error::configuration("client_credentials", reason));
        };
        let call = Call {
            name: "auth.token",
            method: Method::POST,
            path: request.path,
            scopes: &[],
            settled_by: None,
        };
        let json = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::new();
        if let Some(agent) = self.headers.get(USER_AGENT) {
            headers.insert(USER_AGENT, agent.clone());
        }
        headers.insert(ACCEPT, json.clone());
        headers.insert(CONTENT_TYPE, json);
        headers.insert(http::header::AUTHORIZATION, client.basic()?);
        let (url, body) = (request.url.clone(), request.body.clone());
        let response = self
            .carrier
            .exchange(&Origin::default(), Method::POST, url, headers, Some(body))
            .await;
        let response = response.map_err(|error| error.of(&call))?;
        if !response.status.is_success() {
            let secrets = self.credentials.secrets();
            return Err(Error::status_of(response).hiding(secrets).of(&call));
        }
        Grant::read(&response.body)
            .map_err(|reason| Error::useless_token(response.status, reason).of(&call))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("account", &self.0.account)
            .field("credentials", &self.0.credentials)
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
