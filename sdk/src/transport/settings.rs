//! Connection settings.

use std::fmt;
#[cfg(feature = "reqwest-013")]
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

#[cfg(feature = "reqwest-013")]
use super::pools::Home;
use crate::{Error, Secret};

/// Time limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// From connecting to the last byte of the response.
    pub(crate) request: Duration,
    pub(crate) connect: Duration,
    /// The maximum size of a response body in memory, in bytes.
    pub(crate) size: u64,
    /// The minimum throughput of a body.
    pub(crate) throughput: Option<Throughput>,
}

/// Bytes per second, averaged over each period of waiting for them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Throughput {
    pub(crate) per_second: u64,
    pub(crate) period: Duration,
}

/// Idle connections. Unset values have our defaults.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pooling {
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) max_idle: Option<usize>,
    /// The maximum age of a connection.
    pub(crate) age: Option<Duration>,
}

/// Shorter than the 60 seconds after which common load balancers (AWS) close an idle connection, and the 75 of nginx: a
/// request that meets such a close may or may not have been carried out.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);
/// The maximum idle time. The HTTP library adds it to the current time, which must not overflow.
const LONGEST_IDLE_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 3600);

/// All settings of connections.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) limits: Limits,
    pub(crate) pooling: Pooling,
    pub(crate) proxy: Proxy,
    /// PEM, one or more certificates each.
    pub(crate) roots: Vec<Vec<u8>>,
    pub(crate) identity: Option<Identity>,
    /// A user's HTTP client.
    #[cfg(feature = "reqwest-013")]
    pub(crate) own: Option<Own>,
}

/// A user's HTTP client, shared by all clients with these settings.
#[cfg(feature = "reqwest-013")]
#[derive(Clone)]
pub(crate) struct Own(Arc<Mutex<OwnState>>);

#[cfg(feature = "reqwest-013")]
struct OwnState {
    client: OwnClient,
    /// The runtime that owns its connections.
    home: Option<Home>,
}

#[cfg(feature = "reqwest-013")]
enum OwnClient {
    Builder(Box<reqwest::ClientBuilder>),
    /// Or the error of building it.
    Built(Result<reqwest::Client, String>),
}

#[cfg(feature = "reqwest-013")]
impl Own {
    pub(crate) fn new(builder: reqwest::ClientBuilder) -> Self {
        Self(Arc::new(Mutex::new(OwnState {
            client: OwnClient::Builder(Box::new(builder)),
            home: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, OwnState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn client(&self) -> Result<reqwest::Client, Error> {
        let mut state = self.state();
        let none = OwnClient::Built(Err(String::new()));
        let built = match std::mem::replace(&mut state.client, none) {
            OwnClient::Builder(builder) => {
                let client = never_again(*builder).build();
                client.map_err(|error| chain(&error.without_url()))
            }
            OwnClient::Built(built) => built,
        };
        state.client = OwnClient::Built(built.clone());
        built.map_err(|reason| {
            let reason = format!("can't be set up: {reason}");
            Error::configuration("http_client", reason)
        })
    }

    /// There is only one client, so its connections belong to a single runtime.
    fn check_home(&self, runtime: &Handle) -> Result<(), Error> {
        let mut state = self.state();
        match &state.home {
            Some(home) if home.id == runtime.id() => return Ok(()),
            Some(home) if !home.is_gone() => {
                return Err(Error::runtime(
                    "the connections of `http_client` belong to another tokio runtime, which still exists; build a \
                     client for this one",
                ));
            }
            Some(_) | None => {}
        }
        state.home = Some(Home::new(runtime)?);
        Ok(())
    }
}

/// Disables redirects and retries of the HTTP library.
fn never_again(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
        // A 307 would send a payment and its credentials to another host.
        .redirect(reqwest::redirect::Policy::none())
        // Whether a request may be retried depends on the operation, which this layer does not know.
        .retry(reqwest::retry::never())
}

/// The proxy of the requests.
#[derive(Clone)]
pub(crate) enum Proxy {
    /// The proxy of the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`), if there is one.
    Environment,
    /// None.
    No,
    /// This proxy. Its URL may contain a password.
    At(Secret),
}

/// The client certificate for TLS.
#[derive(Clone)]
#[cfg_attr(
    not(any(feature = "rustls", feature = "native-tls")),
    allow(dead_code, reason = "rejected without TLS")
)]
pub(crate) struct Identity {
    /// PEM, the client's own certificate first.
    pub(crate) certificates: Vec<u8>,
    /// PEM.
    pub(crate) key: Secret,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits {
                request: Duration::from_secs(60),
                connect: Duration::from_secs(10),
                size: 32 << 20,
                throughput: Some(Throughput {
                    per_second: 1024,
                    period: Duration::from_secs(20),
                }),
            },
            pooling: Pooling::default(),
            proxy: Proxy::Environment,
            roots: Vec::new(),
            identity: None,
            #[cfg(feature = "reqwest-013")]
            own: None,
        }
    }
}

impl Throughput {
    /// In each period.
    pub(super) fn bytes(self) -> u64 {
        (self.per_second as f64 * self.period.as_secs_f64()) as u64
    }
}

impl fmt::Display for Throughput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { per_second, period } = self;
        write!(
            f,
            "{per_second} bytes per second over {} s",
            period.as_secs_f64()
        )
    }
}

impl Pooling {
    fn idle_timeout(self) -> Duration {
        let limit = self.idle_timeout.unwrap_or(IDLE_TIMEOUT);
        limit.min(LONGEST_IDLE_TIMEOUT)
    }
}

impl Settings {
    /// Builds the client for TLS, or for everything with `http_client`.
    pub(super) fn client(&self) -> Result<reqwest::Client, Error> {
        #[cfg(feature = "reqwest-013")]
        if let Some(own) = &self.own {
            self.check_own()?;
            return own.client();
        }
        let builder = match &self.proxy {
            Proxy::Environment => self.builder(),
            Proxy::No => self.builder().no_proxy(),
            Proxy::At(url) => self.builder().proxy(proxy(url)?),
        };
        let builder = self.with_certificates(builder)?;
        builder.build().map_err(|error| {
            let reason = format!(
                "the HTTP client can't be set up; missing certificate authorities on the machine are a frequent \
                 cause: {}",
                chain(&error.without_url())
            );
            Error::configuration("TLS", reason)
        })
    }

    /// Builds the client for plain HTTP, which bypasses proxies because they would see credentials in the clear.
    pub(super) fn direct(&self) -> Result<reqwest::Client, String> {
        let client = self.builder().no_proxy().build();
        client.map_err(|error| chain(&error.without_url()))
    }

    /// Checks that the current runtime may use the connections of a user's HTTP client.
    pub(super) fn check_home(&self, runtime: &Handle) -> Result<(), Error> {
        #[cfg(feature = "reqwest-013")]
        if let Some(own) = &self.own {
            return own.check_home(runtime);
        }
        let _ = runtime;
        Ok(())
    }

    /// Whether one client serves everything.
    pub(super) fn is_foreign(&self) -> bool {
        #[cfg(feature = "reqwest-013")]
        return self.own.is_some();
        #[cfg(not(feature = "reqwest-013"))]
        false
    }

    /// Rejects invalid limits.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let zero = |limit: Option<Duration>| limit.is_some_and(|limit| limit.is_zero());
        let throughput = self.limits.throughput;
        for (setting, is_wrong, reason) in [
            ("max_response_bytes", self.limits.size == 0, "is zero"),
            (
                "min_throughput",
                throughput.is_some_and(|least| least.bytes() == 0),
                "is less than one byte per period; `no_min_throughput` turns it off",
            ),
            (
                "pool_idle_timeout",
                zero(self.pooling.idle_timeout),
                "is zero; `pool_max_idle_per_host(0)` keeps no connections",
            ),
            ("connection_max_age", zero(self.pooling.age), "is zero"),
        ] {
            if is_wrong {
                return Err(Error::configuration(setting, reason));
            }
        }
        Ok(())
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        let builder = never_again(reqwest::Client::builder())
            .referer(false)
            .connect_timeout(self.limits.connect)
            .pool_idle_timeout(self.pooling.idle_timeout());
        let builder = match self.pooling.max_idle {
            Some(most) => builder.pool_max_idle_per_host(most),
            None => builder,
        };
        #[cfg(feature = "native-tls")]
        let builder = builder.tls_backend_native();
        builder
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    fn with_certificates(
        &self,
        mut builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, Error> {
        for pem in &self.roots {
            let found = reqwest::Certificate::from_pem_bundle(pem).unwrap_or_default();
            if found.is_empty() {
                let reason = "contains no certificate in PEM";
                return Err(Error::configuration("root_certificate", reason));
            }
            builder = builder.tls_certs_merge(found);
        }
        if let Some(Identity { certificates, key }) = &self.identity {
            #[cfg(feature = "native-tls")]
            let identity = reqwest::Identity::from_pkcs8_pem(certificates, key.expose().as_bytes());
            #[cfg(not(feature = "native-tls"))]
            let identity = {
                let pem = [certificates, &b"\n"[..], key.expose().as_bytes()].concat();
                let identity = reqwest::Identity::from_pem(&pem);
                drop(zeroize::Zeroizing::new(pem));
                identity
            };
            // The message of the library may quote the key.
            let identity = identity.map_err(|_| {
                let reason = "requires a certificate and its key, both in PEM (the key as PKCS #8)";
                Error::configuration("client_identity", reason)
            })?;
            builder = builder.identity(identity);
        }
        Ok(builder)
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    fn with_certificates(
        &self,
        builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, Error> {
        let reason = "this build has no TLS; enable the feature `rustls` or `native-tls`";
        if !self.roots.is_empty() {
            return Err(Error::configuration("root_certificate", reason));
        }
        if self.identity.is_some() {
            return Err(Error::configuration("client_identity", reason));
        }
        Ok(builder)
    }

    #[cfg(feature = "reqwest-013")]
    fn check_own(&self) -> Result<(), Error> {
        for (setting, is_set) in [
            ("proxy", !matches!(self.proxy, Proxy::Environment)),
            ("root_certificate", !self.roots.is_empty()),
            ("client_identity", self.identity.is_some()),
            ("pool_idle_timeout", self.pooling.idle_timeout.is_some()),
            ("pool_max_idle_per_host", self.pooling.max_idle.is_some()),
            ("connection_max_age", self.pooling.age.is_some()),
        ] {
            if is_set {
                let reason = "has no effect with `http_client`; configure it there";
                return Err(Error::configuration(setting, reason));
            }
        }
        Ok(())
    }
}

fn proxy(url: &Secret) -> Result<reqwest::Proxy, Error> {
    let wrong = |reason: &str| Error::configuration("proxy", reason);
    let parsed = reqwest::Url::parse(url.expose()).map_err(|_| wrong("is not an absolute URL"))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return Err(wrong("is neither an http nor an https URL"));
    }
    reqwest::Proxy::all(parsed).map_err(|_| wrong("is not a valid proxy"))
}

/// Returns an error and its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "environment",
            Self::No => "none",
            Self::At(_) => "set",
        })
    }
}

/// Shows which settings are set, without values: URLs may contain passwords.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("limits", &self.limits)
            .field("pooling", &self.pooling)
            .field("proxy", &self.proxy)
            .field("root_certificates", &self.roots.len())
            .field("client_identity", &self.identity.is_some())
            .field("http_client", &self.is_foreign())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Common load balancers close an idle connection after 60 seconds.
    #[test]
    fn idle_connections_are_closed_before_the_server_does() {
        assert_eq!(Pooling::default().idle_timeout(), Duration::from_secs(45));
        let long = Pooling {
            idle_timeout: Some(Duration::MAX),
            ..Pooling::default()
        };
        assert!(long.idle_timeout() < Duration::MAX / 2);
    }
}
