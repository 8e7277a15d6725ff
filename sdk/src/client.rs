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
use crate::rt::{Info, Operation, RawResponse, Request, Transport};
use crate::transport::Http;
use crate::{AccountId, Error, Response};
pub use builder::ClientBuilder;
use servers::Servers;

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
    http: Http,
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
        Sending::new(async move {
            let raw = inner.call(O::INFO, operation.request()).await?;
            O::answer(&raw).map_err(|error| error.of(&Call::from(&O::INFO)))
        })
    }

    /// Sends a complete operation and gives status, headers and raw body beside the value.
    pub fn send_with_response<O: Operation>(&self, operation: O) -> Sending<Response<O>> {
        let inner = Arc::clone(&self.0);
        Sending::new(async move {
            let raw = inner.call(O::INFO, operation.request()).await?;
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
        info: Info,
        request: Result<Request, Error>,
    ) -> Result<RawResponse, Error> {
        let response = match request {
            Ok(request) => self.carry(&info, request).await,
            Err(error) => Err(error),
        };
        response.map_err(|error| error.of(&Call::from(&info)))
    }

    async fn carry(&self, info: &Info, request: Request) -> Result<RawResponse, Error> {
        let account = self.account.as_ref();
        let resolved = request.resolve(&|name| servers::client_value(account, name))?;
        let mut url = self
            .servers
            .url(info.server.url, account, &resolved.path_and_query)?;
        let schemes = self.credentials.choose(info.security)?;

        let mut headers = self.headers.clone();
        let accept = if info.accept.is_empty() {
            "*/*"
        } else {
            info.accept
        };
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        headers.extend(resolved.headers);

        let token = match self.credentials.needs_token(schemes) {
            true => Some(self.token().await?),
            false => None,
        };
        let secret = token.as_ref().map(|token| &token.secret);
        self.credentials
            .apply(schemes, secret, &mut url, &mut headers)?;

        let method = info.method.clone();
        let response = self
            .http
            .exchange(method, url, headers, resolved.body)
            .await?;
        if let (StatusCode::UNAUTHORIZED, Some(token)) = (response.status, &token) {
            self.tokens.refused(token);
        }
        if !response.status.is_success() {
            let secrets = self.credentials.secrets().chain(secret);
            return Err(Error::status_of(response).hiding(secrets));
        }
        Ok(response)
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
            .http
            .exchange(Method::POST, url, headers, Some(body))
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
pub struct Sending<T>(Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>);

impl<T> Sending<T> {
    fn new(future: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        Self(Box::pin(future))
    }
}

impl<T> Future for Sending<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}
