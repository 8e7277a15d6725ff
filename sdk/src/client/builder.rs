//! Builder of a client.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use super::headers::{self, Program};
use super::servers::{self, Called, PaymentsBase, PlainHosts, Servers};
use super::{Client, Inner};
use crate::auth::{self, ClientCredentials, Credentials, Sources, TokenProvider};
use crate::observed::Observed;
use crate::retry::Budget;
use crate::rt::Service;
use crate::transport::{Backend, Http, Settings, Throughput};
use crate::{AccountId, Error, Interceptor, RetryPolicy, Secret};

/// A builder for a [`Client`]. [`build`](Self::build) checks every value, and names the invalid setting in its error.
#[derive(Clone, Default)]
#[must_use = "call `.build()`"]
pub struct ClientBuilder {
    /// Another company's API.
    pub(super) service: Option<&'static Service>,
    pub(super) account: Option<AccountId>,
    pub(super) credentials: Credentials,
    base_url: Option<String>,
    servers: BTreeMap<String, String>,
    payments_base: PaymentsBase,
    pub(super) token_url: Option<String>,
    pub(super) token_audience: Option<String>,
    pub(super) token_scopes: Option<String>,
    pub(super) merchant_audience: Option<String>,
    pub(super) transport: Settings,
    pub(super) interceptors: Vec<Arc<dyn Interceptor>>,
    user_agent_suffix: Option<String>,
    system: Option<Program>,
    plugin: Option<Program>,
    pub(super) retry: RetryPolicy,
    pub(super) sandbox_only: bool,
    pub(super) plain_http: PlainHosts,
    pub(super) strict: bool,
    /// The backend of another client with the same connection settings.
    pub(super) backend: Option<Arc<Backend>>,
    /// The tokens of another client with the same token settings and connections.
    pub(super) source: Option<Sources>,
    /// The retry budget of another client, whatever the settings.
    pub(super) budget: Option<Arc<Budget>>,
    #[cfg(feature = "mock")]
    mock: Option<crate::mock::MockBackend>,
}

/// Account and credentials.
impl ClientBuilder {
    /// Returns a builder of a client of another company's API.
    pub(crate) fn of(service: &'static Service) -> Self {
        Self {
            service: Some(service),
            ..Self::default()
        }
    }

    /// Rejects every account outside the sandbox (`T…`): that of the client, that of a call, and those in a URL or
    /// audience of the settings. Use it in tests, which may run with the wrong settings. It requires an
    /// [`account`](Self::account).
    pub fn sandbox_only(mut self) -> Self {
        self.sandbox_only = true;
        self
    }

    /// Returns an error for a response if any place in it is not as documented, instead of only listing the place in
    /// `unread()` of the value. Use it in tests that watch the API. Don't use it in production, where a successful
    /// payment would look failed.
    ///
    /// The error has the kind [`Unread`](crate::ErrorKind::Unread). [`Error::value`] returns the value.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Sets the account to act for. It also selects sandbox (`T…`) or production (`P…`).
    pub fn account(mut self, account: AccountId) -> Self {
        if self.account.as_ref() != Some(&account) {
            // A partner's tokens for one merchant are not valid for another.
            self.credentials.partner = None;
            self.source = None;
        }
        self.account = Some(account);
        self
    }

    /// Sets id and secret of an API client. The client fetches access tokens with them, and keeps each until shortly
    /// before it expires. Dintero requires an [`account`](Self::account) for them. The client of another company's API
    /// fetches tokens from the OAuth 2 endpoints in its document.
    pub fn client_credentials(mut self, id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.source = None;
        self.credentials.client = Some(ClientCredentials {
            id: id.into(),
            secret: secret.into(),
        });
        self
    }

    /// Sets name and password of a user for operations with HTTP Basic authentication. Without it, these get the
    /// [client credentials](Self::client_credentials).
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.credentials.basic = Some(ClientCredentials {
            id: user.into(),
            secret: password.into(),
        });
        self
    }

    /// Sets a fixed access token, without the word `Bearer`. It takes precedence over client credentials, and is never
    /// renewed.
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials.bearer = Some(token.into());
        self
    }

    /// Sets your own source of access tokens. Where an operation takes a token, it takes precedence over client
    /// credentials; a fixed [`bearer_token`](Self::bearer_token) takes precedence over it.
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.source = None;
        self.credentials.provider = Some(Arc::new(provider));
        self
    }

    /// Sets an API key for every operation that takes one (header `x-api-key`).
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.credentials.key = Some(key.into());
        self
    }

    /// Sets an API key for the operations with this security scheme. It takes precedence over
    /// [`api_key`](Self::api_key). For a scheme of the header `Authorization`, it is the whole value of that header, and takes
    /// precedence over tokens.
    pub fn api_key_for(mut self, scheme: impl Into<String>, key: impl Into<Secret>) -> Self {
        self.credentials.keys.insert(scheme.into(), key.into());
        self
    }
}

/// Base URLs.
///
/// URLs are `https`, or `http` to a loopback address or a host of [`allow_plain_http`](Self::allow_plain_http). `{aid}`
/// and `{account}` in them are replaced by the account.
impl ClientBuilder {
    /// Sets one base URL that replaces all documented ones, including that of Dintero's token endpoint.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.source = None;
        self.base_url = Some(url.into());
        self
    }

    /// Sets a base URL that replaces one of Dintero's, which is given as documented, such as
    /// `https://checkout.dintero.com/v1`. It takes precedence over [`base_url`](Self::base_url).
    pub fn server(mut self, documented: impl AsRef<str>, url: impl Into<String>) -> Self {
        let documented = servers::trimmed(documented.as_ref()).to_owned();
        self.source = None;
        self.servers.insert(documented, url.into());
        self
    }

    /// Allows `http` without TLS to this host name, such as `dintero-fake`: a fake of Dintero in another container.
    /// Credentials are sent in the clear, so use it for development only: it requires a sandbox account, as
    /// [`sandbox_only`](Self::sandbox_only) does, and rejects production accounts and Dintero's own hosts. Such
    /// requests bypass proxies. Call it again for another host.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = dintero::Client::builder()
    ///     .account("T12345678".parse()?)
    ///     .client_credentials("any", "thing")
    ///     .allow_plain_http("dintero-fake")
    ///     .base_url("http://dintero-fake:4010")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn allow_plain_http(mut self, host: impl Into<String>) -> Self {
        self.plain_http.add(host.into());
        self
    }

    /// Selects the base URL of the operations documented at `https://checkout.dintero.com/v1`: sessions, transactions
    /// and the administration of the checkout. Default: [`PaymentsBase::Checkout`]. [`PaymentsBase::Account`] requires
    /// an [`account`](Self::account) and an access token.
    ///
    /// With a [`base_url`](Self::base_url), the newer base is below that URL. A [`server`](Self::server) for
    /// `https://checkout.dintero.com/v1` takes precedence over both.
    pub fn payments_base(mut self, base: PaymentsBase) -> Self {
        self.payments_base = base;
        self
    }

    /// Sets the complete URL of the token endpoint. Default: `/accounts/{aid}/auth/token` below the base URL that
    /// replaces `https://api.dintero.com/v1`; for another company's API, the URL in its document, whatever the base URL
    /// unless it is relative to that.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.source = None;
        self.token_url = Some(url.into());
        self
    }

    /// Sets the audience of tokens; `{aid}` and `{account}` are replaced by the account. Default:
    /// `https://api.dintero.com/v1/accounts/{aid}`, whatever the base URL, because it is an identifier. Token requests of
    /// another company's API have no audience by default.
    pub fn token_audience(mut self, audience: impl Into<String>) -> Self {
        self.source = None;
        self.token_audience = Some(audience.into());
        self
    }

    /// Sets the scopes of tokens of another company's API. Default: those that the document requires for each operation, so
    /// that operations with different scopes get different tokens. Dintero's tokens have the scopes of the API client.
    pub fn token_scopes<S: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.source = None;
        let scopes: Vec<S> = scopes.into_iter().collect();
        let scopes: Vec<&str> = scopes.iter().map(AsRef::as_ref).collect();
        self.token_scopes = Some(scopes.join(" "));
        self
    }

    /// Sets the audience of a merchant's tokens that a partner gets ([`Client::for_merchant`]): `{aid}` and `{account}`
    /// are replaced by the merchant's account, `{partner}` by the partner's.
    ///
    /// Default: `https://api.dintero.com/v1/accounts/{aid}`. Dintero's pages disagree; the newest documents
    /// `https://api.dintero.com/v1/accounts/{partner}`.
    pub fn merchant_audience(mut self, audience: impl Into<String>) -> Self {
        self.merchant_audience = Some(audience.into());
        self
    }
}

/// Time limits, sizes, retries and headers.
impl ClientBuilder {
    /// Sets the time limit of one request, from connecting to the last byte of the response. A token request has its
    /// own limit. Default: 60 seconds.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.transport.limits.request = limit;
        self.backend = None;
        self
    }

    /// Sets the time limit for establishing a connection, TLS included. Default: 10 seconds.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.transport.limits.connect = limit;
        self.backend = None;
        self
    }

    /// Sets the maximum response size in bytes; also for the token endpoint. A larger response fails with
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge), before it is read if its size is announced. A call can have
    /// [its own](crate::SendFuture::max_response_bytes), and downloads have
    #[cfg_attr(
        feature = "download",
        doc = "[`max_bytes`](crate::Download::max_bytes)."
    )]
    #[cfg_attr(not(feature = "download"), doc = "`max_bytes`.")]
    ///
    /// A response and its values are in memory together while it is read, which takes up to three times its size.
    /// Default: 32 MiB.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.transport.limits.size = limit;
        self.backend = None;
        self
    }

    /// Sets the minimum throughput of a response body: bytes per second, averaged over each period of waiting for it. A
    /// body that is slower in a period, or does not arrive at all, fails with
    /// [`ErrorKind::TooSlow`](crate::ErrorKind::TooSlow) at the end of the period. A body that is complete before the
    /// first period ends never fails. Also applies to the token endpoint and to downloads, not to streams of events. Default: 1,024 bytes per
    /// second over 20 seconds.
    ///
    /// The time until the response starts does not count; [`timeout`](Self::timeout) limits it.
    pub fn min_throughput(mut self, bytes_per_second: u64, period: Duration) -> Self {
        self.transport.limits.throughput = Some(Throughput {
            per_second: bytes_per_second,
            period,
        });
        self.backend = None;
        self
    }

    /// Removes the minimum throughput. A response may then take as long as [`timeout`](Self::timeout) allows, a
    /// download any time.
    pub fn no_min_throughput(mut self) -> Self {
        self.transport.limits.throughput = None;
        self.backend = None;
        self
    }

    /// Sets the retry policy, which also limits the time of a whole call. A call can have [its
    /// own](crate::SendFuture::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the text after the SDK's name in `User-Agent`, such as `my-shop/1.4`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.source = None;
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Sets name and version of the system that takes the payments, such as `woocommerce` and `5.4`, at most 120
    /// characters each. Dintero stores them with the transactions (headers `Dintero-System-Name` and `-Version`).
    pub fn system(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.system = Some(Program {
            name: name.into(),
            version: version.into(),
        });
        self
    }

    /// Sets name and version of the plugin that connects that system with Dintero, at most 120 characters each (headers
    /// `Dintero-System-Plugin-Name` and `-Version`).
    pub fn plugin(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.plugin = Some(Program {
            name: name.into(),
            version: version.into(),
        });
        self
    }

    /// Sends requests to a [`Mock`](crate::mock::Mock) instead of the network.
    #[cfg(feature = "mock")]
    pub fn mock(mut self, mock: &crate::mock::Mock) -> Self {
        self.backend = None;
        self.mock = Some(mock.backend());
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// A setting is missing or invalid. The error names the setting, not its value.
    pub fn build(self) -> Result<Client, Error> {
        let account = self.account.as_ref();
        self.check_credentials()?;
        self.check_sandbox()?;
        for (setting, limit) in [
            ("timeout", self.transport.limits.request),
            ("connect_timeout", self.transport.limits.connect),
        ] {
            if limit.is_zero() {
                return Err(Error::configuration(setting, "is zero"));
            }
        }
        self.transport.check()?;
        let base =
            |setting: &str, url: &String| servers::base(setting, url, account, &self.plain_http);
        let every = self.base_url.as_ref();
        let every = every.map(|url| base("base_url", url)).transpose()?;
        let mut each = BTreeMap::new();
        for (documented, url) in &self.servers {
            let setting = format!("server {}", shown(documented));
            each.insert(documented.clone(), base(&setting, url)?);
        }
        let account_scoped = self.payments_base == PaymentsBase::Account
            && !self.servers.contains_key(servers::CHECKOUT);
        if account_scoped {
            let api = self.servers.get(servers::API).or(self.base_url.as_ref());
            let api = servers::trimmed(api.map_or(servers::API, String::as_str));
            let url = format!("{api}{}", servers::PAYMENTS);
            each.insert(servers::CHECKOUT.to_owned(), base("payments_base", &url)?);
        }
        let servers = Servers {
            every,
            each,
            account_scoped,
            service: self.service,
            called: Called::default(),
        };
        let headers = headers::collect(
            self.service,
            self.user_agent_suffix.as_deref(),
            self.system.as_ref(),
            self.plugin.as_ref(),
        )?;
        let backend = match &self.backend {
            Some(backend) => Arc::clone(backend),
            None => Arc::new(self.backend()?),
        };
        let observed = Observed {
            backend,
            interceptors: self.interceptors.clone().into(),
        };
        // Token requests use the backend of the client that first needed a token.
        let source = match self.source.as_ref().filter(|_| self.backend.is_some()) {
            Some(source) => Some(source.clone()),
            None => self.source(&observed, &servers, &headers)?,
        };
        let budget = self.budget.clone();
        Ok(Client(Arc::new(Inner {
            // `to_builder` fills these in, so that dropping this client closes its connections.
            settings: Self {
                backend: None,
                source: None,
                budget: None,
                ..self
            },
            source,
            observed,
            servers,
            headers,
            budget: budget.unwrap_or_else(|| Arc::new(Budget::new())),
            merchants: RwLock::default(),
        })))
    }

    /// Returns the setting that rejects production accounts, if any.
    pub(super) fn sandbox_rule(&self) -> Option<&'static str> {
        if self.sandbox_only {
            return Some("sandbox_only");
        }
        (!self.plain_http.is_empty()).then_some("allow_plain_http")
    }

    fn check_sandbox(&self) -> Result<(), Error> {
        self.plain_http.check()?;
        let Some(rule) = self.sandbox_rule() else {
            return Ok(());
        };
        let Some(account) = &self.account else {
            let reason = "requires an account, to check that it is a sandbox account";
            return Err(Error::configuration(rule, reason));
        };
        account.check_sandbox(rule)?;
        let settings = [
            ("base_url", &self.base_url),
            ("token_url", &self.token_url),
            ("token_audience", &self.token_audience),
            ("merchant_audience", &self.merchant_audience),
        ];
        for (setting, text) in settings {
            if let Some(text) = text {
                servers::check_sandbox(rule, setting, text)?;
            }
        }
        for (documented, url) in &self.servers {
            let setting = format!("server {}", shown(documented));
            servers::check_sandbox(rule, &setting, url)?;
        }
        Ok(())
    }

    fn backend(&self) -> Result<Backend, Error> {
        #[cfg(feature = "mock")]
        if let Some(mock) = &self.mock {
            return Ok(Backend::Mock(mock.clone(), self.transport.limits));
        }
        let http = Http::new(self.transport.clone())?;
        Ok(Backend::Http(Box::new(http)))
    }

    fn check_credentials(&self) -> Result<(), Error> {
        let Credentials {
            client,
            basic,
            bearer,
            key,
            keys,
            provider: _,
            partner: _,
        } = &self.credentials;
        let check = |setting: &str, secret: &Secret| {
            if secret.expose().trim().is_empty() {
                return Err(Error::configuration(setting, "is empty"));
            }
            auth::header(setting, secret).map(drop)
        };
        if let Some(client) = client {
            // Token requests of OAuth 2 encode it.
            let has_colon = client.id.contains(':') && self.service.is_none();
            if client.id.is_empty() || has_colon {
                let reason = "the id is empty or contains a colon";
                return Err(Error::configuration("client_credentials", reason));
            }
            if client.secret.expose().is_empty() {
                let reason = "the secret is empty";
                return Err(Error::configuration("client_credentials", reason));
            }
        }
        if let Some(user) = basic {
            // The first colon ends the name (RFC 7617, section 2).
            if user.id.contains(':') {
                let reason = "the user name contains a colon";
                return Err(Error::configuration("basic_auth", reason));
            }
            user.basic()?;
        }
        if let Some(token) = bearer {
            check("bearer_token", token)?;
        }
        if let Some(key) = key {
            check("api_key", key)?;
        }
        for (scheme, key) in keys {
            check(&format!("api_key_for {scheme}"), key)?;
        }
        Ok(())
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown_servers: Vec<_> = self.servers.keys().map(|url| shown(url)).collect();
        f.debug_struct("ClientBuilder")
            .field("account", &self.account)
            .field("credentials", &self.credentials)
            .field("base_url", &self.base_url.as_deref().map(shown))
            .field("servers", &shown_servers)
            .field("payments_base", &self.payments_base)
            .field("token_url", &self.token_url.as_deref().map(shown))
            .field("transport", &self.transport)
            .field("interceptors", &self.interceptors.len())
            .field("retry", &self.retry)
            .field("sandbox_only", &self.sandbox_only)
            .field("plain_http", &self.plain_http)
            .field("user_agent_suffix", &self.user_agent_suffix)
            .field("system", &self.system)
            .field("plugin", &self.plugin)
            .finish_non_exhaustive()
    }
}

/// Returns a URL of the settings without parts that may be secret: password, query and fragment.
fn shown(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (plain, rest) = url.split_at(end);
    let more = if rest.is_empty() { "" } else { "?…" };
    match plain.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}{more}"),
        None => format!("{plain}{more}"),
    }
}
