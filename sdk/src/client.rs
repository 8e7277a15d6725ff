//! The client.

mod builder;
mod connection;
#[cfg(feature = "download")]
mod download;
mod environment;
mod headers;
pub(crate) mod own_headers;
mod sending;
mod servers;
mod wire;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use reqwest::Url;

use crate::auth::{Credentials, Grant, Token, Tokens};
use crate::error::Call;
use crate::interceptor::About;
use crate::retry::{self, Budget, Course, Progress, RetryPolicy};
use crate::rt::{Info, Operation, RawResponse, Request, Scheme, SchemeKind, Transport};
use crate::transport::{Outgoing, Received};
use crate::{AccountId, Error, Response, trace};
pub use builder::ClientBuilder;
#[cfg(feature = "download")]
pub use download::Download;
#[cfg(feature = "blocking")]
pub(crate) use sending::CallOptions;
pub use sending::Sending;
use servers::Servers;
use wire::Wire;

/// Where tokens come from unless a setting says otherwise.
const TOKEN_SERVER: &str = "https://api.dintero.com/v1";
const TOKEN_PATH: &str = "/accounts/{aid}/auth/token";

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
    wire: Wire,
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
    about: Call,
    redirects: &'static [u16],
    /// Headers that belong to the operation.
    needed: Vec<HeaderName>,
    /// Time limit of each request, if it is not the client's.
    timeout: Option<Duration>,
    streamed: bool,
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
    repeatable: bool,
    redirects: &'static [u16],
}

impl Kind {
    fn of<O: Operation>(operation: &O) -> Self {
        Self {
            info: O::INFO,
            settled_by: O::SETTLED_BY,
            repeatable: operation.is_repeatable(),
            redirects: O::REDIRECTS,
        }
    }

    fn call(&self) -> Call {
        Call {
            settled_by: self.settled_by,
            ..Call::from(&self.info)
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
            let kind = Kind::of(&operation);
            let call = kind.call();
            let work = async {
                let prepared = operation
                    .request()
                    .and_then(|request| inner.prepare(&kind, request, &options));
                let received = inner.call(&call, prepared, options.retry.as_ref()).await?;
                read(received.raw).map_err(|error| error.of(&call))
            };
            trace::call(&call, work).await
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
    /// An answer, or the error that says what became of the call.
    async fn call(
        &self,
        call: &Call,
        prepared: Result<Prepared, Error>,
        policy: Option<&RetryPolicy>,
    ) -> Result<Received, Error> {
        let prepared = prepared.map_err(|error| error.of(call))?;
        let policy = policy.unwrap_or(&self.retry);
        let progress = Progress::default();
        let repeat = self.repeat(&prepared, policy, &progress);
        let outcome = match policy.limit() {
            None => repeat.await,
            Some(limit) => tokio::time::timeout(limit, repeat)
                .await
                .unwrap_or_else(|_| Err(Error::deadline(limit))),
        };
        outcome.map_err(|error| error.of(call).with_key(prepared.key()).after(&progress))
    }

    fn prepare(
        &self,
        kind: &Kind,
        request: Request,
        options: &sending::CallOptions,
    ) -> Result<Prepared, Error> {
        let info = &kind.info;
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
        let security = self.credentials.choose(info.security)?;
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
        })
    }

    /// Sends until there is a success, or a failure that is not repeated.
    async fn repeat(
        &self,
        request: &Prepared,
        policy: &RetryPolicy,
        progress: &Progress,
    ) -> Result<Received, Error> {
        let begun = Instant::now();
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
                .map(|limit| limit.saturating_sub(begun.elapsed()));
            let Some(wait) = course.next(&error, fetched_token, left) else {
                return Err(error);
            };
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
        }
    }

    async fn attempt(&self, request: &Prepared, progress: &Progress) -> Result<Received, Error> {
        let token = match self.credentials.needs_token(request.security) {
            true => Some(self.token().await?),
            false => None,
        };
        let secret = token.as_ref().map(|token| &token.secret);
        let (mut url, mut headers) = (request.url.clone(), request.headers.clone());
        self.credentials
            .apply(request.security, secret, &mut url, &mut headers)?;

        let before = progress.begin();
        let outgoing = Outgoing {
            method: request.method.clone(),
            url,
            headers,
            body: request.body.clone(),
            timeout: request.timeout,
            streamed: request.streamed,
        };
        let about = About {
            operation: request.about.name,
            path: request.about.path,
            number: progress.attempts(),
            is_token_request: false,
            needed: &request.needed,
        };
        let is_answer = |status: StatusCode| {
            status.is_success() || request.redirects.contains(&status.as_u16())
        };
        let outcome = self.wire.exchange(&about, outgoing, is_answer).await;
        let outcome = outcome.and_then(|received| {
            let status = received.raw.status;
            if let (StatusCode::UNAUTHORIZED, Some(token)) = (status, &token) {
                self.tokens.refused(token);
            }
            if !is_answer(status) {
                let secrets = self.credentials.secrets().chain(secret);
                return Err(Error::status_of(received.raw).hiding(secrets));
            }
            Ok(received)
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
        let outgoing = Outgoing {
            method: Method::POST,
            url: request.url.clone(),
            headers,
            body: Some(request.body.clone()),
            timeout: None,
            streamed: false,
        };
        let about = About {
            operation: call.name,
            path: call.path,
            number: 1,
            is_token_request: true,
            needed: &[],
        };
        let exchange = self
            .wire
            .exchange(&about, outgoing, |status| status.is_success());
        let response = exchange.await.map_err(|error| error.of(&call))?.raw;
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
