//! The settings of a client.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use super::headers::{self, Program};
use super::servers::{self, Called, PaymentsBase, PlainHosts, Servers};
use super::{Client, Inner};
use crate::auth::{self, ClientCredentials, Credentials, Source, TokenProvider};
use crate::observed::Observed;
use crate::retry::Budget;
use crate::transport::{Backend, Http, Settings, Throughput};
use crate::{AccountId, Error, Interceptor, RetryPolicy, Secret};

/// Sets up a [`Client`]. Every value is checked by [`build`](Self::build), which names the setting that is wrong.
#[derive(Clone, Default)]
#[must_use = "settings do nothing before `.build()`"]
pub struct ClientBuilder {
    pub(super) account: Option<AccountId>,
    pub(super) credentials: Credentials,
    base_url: Option<String>,
    servers: BTreeMap<String, String>,
    payments_base: PaymentsBase,
    pub(super) token_url: Option<String>,
    pub(super) token_audience: Option<String>,
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
    /// Connections of another client with the same settings of them.
    pub(super) backend: Option<Arc<Backend>>,
    /// Tokens of another client with the same settings of them and the same connections.
    pub(super) source: Option<Arc<Source>>,
    /// That of another client, whatever the settings.
    pub(super) budget: Option<Arc<Budget>>,
    #[cfg(feature = "mock")]
    mock: Option<crate::mock::MockBackend>,
}

/// Who calls.
impl ClientBuilder {
    /// Refuses production: an account that is none of the sandbox (`T…`), whether it is the client's or a call's, or stands in
    /// a URL or audience of the settings. For tests, which may get hold of the wrong settings. The client needs an
    /// [`account`](Self::account) then.
    pub fn sandbox_only(mut self) -> Self {
        self.sandbox_only = true;
        self
    }

    /// Makes a response an error when any place in it is not as documented, instead of only listing the place in `unread()` of
    /// the value. For tests that watch the API; a shop in production would take a payment that went through for a failed one.
    ///
    /// The error is of the kind [`Unread`](crate::ErrorKind::Unread) and keeps the value: [`Error::value`].
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The account to act for. It also decides between sandbox (`T…`) and production (`P…`).
    pub fn account(mut self, account: AccountId) -> Self {
        if self.account.as_ref() != Some(&account) {
            // A partner's right to act for one merchant is none for another.
            self.credentials.partner = None;
            self.source = None;
        }
        self.account = Some(account);
        self
    }

    /// Id and secret of an API client. The client fetches access tokens with them, and keeps each until shortly before
    /// it expires. Needs an [`account`](Self::account).
    pub fn client_credentials(mut self, id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.source = None;
        self.credentials.client = Some(ClientCredentials {
            id: id.into(),
            secret: secret.into(),
        });
        self
    }

    /// A fixed access token, without the word `Bearer`. It goes before a token fetched with client credentials, and is
    /// never renewed.
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials.bearer = Some(token.into());
        self
    }

    /// A source of access tokens of your own. It goes before client credentials where an operation takes a token, and
    /// after a fixed [`bearer_token`](Self::bearer_token).
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.source = None;
        self.credentials.provider = Some(Arc::new(provider));
        self
    }

    /// An API key, for every operation that takes one (header `x-api-key`).
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.credentials.key = Some(key.into());
        self
    }

    /// An API key for the operations whose document names this security scheme, before [`api_key`](Self::api_key).
    pub fn api_key_for(mut self, scheme: impl Into<String>, key: impl Into<Secret>) -> Self {
        self.credentials.keys.insert(scheme.into(), key.into());
        self
    }
}

/// Where calls go.
///
/// URLs are `https`, or `http` to a loopback address or a host of [`allow_plain_http`](Self::allow_plain_http). They may hold `{aid}` or `{account}`, which stand for the account.
impl ClientBuilder {
    /// Base URL instead of every one in Dintero's documents, and of the token endpoint's.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.source = None;
        self.base_url = Some(url.into());
        self
    }

    /// Base URL instead of one of Dintero's, given as their documents print it, such as
    /// `https://checkout.dintero.com/v1`. It goes before [`base_url`](Self::base_url).
    pub fn server(mut self, documented: impl AsRef<str>, url: impl Into<String>) -> Self {
        let documented = servers::trimmed(documented.as_ref()).to_owned();
        self.source = None;
        self.servers.insert(documented, url.into());
        self
    }

    /// Allows `http` without TLS to this host, by its name alone, such as `dintero-fake`: a stand-in for Dintero in another
    /// container. Credentials can be read on the way there, so it is for development only: the client needs an account of the
    /// sandbox, as with [`sandbox_only`](Self::sandbox_only), and refuses production accounts and Dintero's own hosts. Such
    /// requests go through no proxy. Call it again for another host.
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

    /// Base of the operations that the documents have at `https://checkout.dintero.com/v1`: sessions, transactions and the
    /// administration of the checkout. Default: [`PaymentsBase::Checkout`]. [`PaymentsBase::Account`] needs an
    /// [`account`](Self::account) and an access token.
    ///
    /// With a [`base_url`](Self::base_url) the newer base is below that, and a [`server`](Self::server) for
    /// `https://checkout.dintero.com/v1` goes before both.
    pub fn payments_base(mut self, base: PaymentsBase) -> Self {
        self.payments_base = base;
        self
    }

    /// Token endpoint, as a whole. Default: `/accounts/{aid}/auth/token` below the base URL that is used for
    /// `https://api.dintero.com/v1`.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.source = None;
        self.token_url = Some(url.into());
        self
    }

    /// What tokens are for; `{aid}` and `{account}` stand for the account. Default:
    /// `https://api.dintero.com/v1/accounts/{aid}`, whatever the base URL, since it is a name and no address.
    pub fn token_audience(mut self, audience: impl Into<String>) -> Self {
        self.source = None;
        self.token_audience = Some(audience.into());
        self
    }

    /// What the tokens are for that a partner gets for a merchant ([`Client::for_merchant`]): `{aid}` and `{account}`
    /// stand for the merchant's account, `{partner}` for the partner's.
    ///
    /// Default: `https://api.dintero.com/v1/accounts/{aid}`. Dintero's own pages disagree; the newest says that it is
    /// `https://api.dintero.com/v1/accounts/{partner}`.
    pub fn merchant_audience(mut self, audience: impl Into<String>) -> Self {
        self.merchant_audience = Some(audience.into());
        self
    }
}

/// How calls are made.
impl ClientBuilder {
    /// Time limit of one request, from connecting to the last byte of the answer. Fetching a token is a request of its
    /// own. Default: 60 seconds.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.transport.limits.request = limit;
        self.backend = None;
        self
    }

    /// Time limit for making a connection, TLS included. Default: 10 seconds.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.transport.limits.connect = limit;
        self.backend = None;
        self
    }

    /// The largest response to accept, in bytes; also from the token endpoint. A larger one fails with
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge), before it is read where its size is announced. A call can have
    /// [its own](crate::SendFuture::max_response_bytes), and downloads have
    #[cfg_attr(
        feature = "download",
        doc = "[`max_bytes`](crate::Download::max_bytes)."
    )]
    #[cfg_attr(not(feature = "download"), doc = "`max_bytes`.")]
    ///
    /// A response is held in memory while it is read, with its values besides: up to three times its size. Default: 32 MiB.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.transport.limits.size = limit;
        self.backend = None;
        self
    }

    /// How fast the body of a response has to arrive: so many bytes per second on average, over each period of waiting for
    /// it. A body that is slower in one of them, or does not arrive at all, fails with
    /// [`ErrorKind::TooSlow`](crate::ErrorKind::TooSlow) at its end; one that is complete before the first is over never does.
    /// Applies to the token endpoint and to downloads, too. Default: 1,024 bytes per second over 20 seconds.
    ///
    /// The time until the response begins does not count; [`timeout`](Self::timeout) limits that.
    pub fn min_throughput(mut self, bytes_per_second: u64, period: Duration) -> Self {
        self.transport.limits.throughput = Some(Throughput {
            per_second: bytes_per_second,
            period,
        });
        self.backend = None;
        self
    }

    /// The body of a response may arrive as slowly as [`timeout`](Self::timeout) allows; a download, for ever.
    pub fn no_min_throughput(mut self) -> Self {
        self.transport.limits.throughput = None;
        self.backend = None;
        self
    }

    /// When calls are repeated, and how long one may take in all. A call can have
    /// [its own](crate::SendFuture::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// What follows the SDK's own name in `User-Agent`, such as `my-shop/1.4`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.source = None;
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// The system that takes the payments, such as `woocommerce` and `5.4`, at most 120 characters each. Dintero keeps
    /// it with the transactions (headers `Dintero-System-Name` and `-Version`).
    pub fn system(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.system = Some(Program {
            name: name.into(),
            version: version.into(),
        });
        self
    }

    /// The plugin that connects that system with Dintero, at most 120 characters each (headers
    /// `Dintero-System-Plugin-Name` and `-Version`).
    pub fn plugin(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.plugin = Some(Program {
            name: name.into(),
            version: version.into(),
        });
        self
    }

    /// Calls go to a [`Mock`](crate::mock::Mock) instead of the network.
    #[cfg(feature = "mock")]
    pub fn mock(mut self, mock: &crate::mock::Mock) -> Self {
        self.backend = None;
        self.mock = Some(mock.backend());
        self
    }

    /// The client.
    ///
    /// # Errors
    /// A setting is missing or can't be used; the error names it, not its value.
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
            called: Called::default(),
        };
        let headers = headers::collect(
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
        // They go out by the connections that they were first asked for by.
        let source = match self.source.as_ref().filter(|_| self.backend.is_some()) {
            Some(source) => Some(Arc::clone(source)),
            None => self.source(&observed, &servers, &headers)?,
        };
        let budget = self.budget.clone();
        Ok(Client(Arc::new(Inner {
            // Clients made of these settings get these by hand, so that this one's drop closes its own connections.
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

    /// The setting by which production is refused, if there is one.
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
            let reason = "needs an account, to see that it is one of the sandbox";
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
            if client.id.is_empty() || client.id.contains(':') {
                let reason = "the id is empty or holds a colon";
                return Err(Error::configuration("client_credentials", reason));
            }
            if client.secret.expose().is_empty() {
                let reason = "the secret is empty";
                return Err(Error::configuration("client_credentials", reason));
            }
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

/// A URL of the settings without what may be secret: a password, a query, a fragment.
fn shown(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (plain, rest) = url.split_at(end);
    let more = if rest.is_empty() { "" } else { "?…" };
    match plain.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}{more}"),
        None => format!("{plain}{more}"),
    }
}
