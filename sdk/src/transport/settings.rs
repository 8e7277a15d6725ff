//! How connections are made.

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
    /// From the first byte out to the last byte in, connecting included.
    pub(crate) request: Duration,
    pub(crate) connect: Duration,
}

/// Everything that decides what connections are like.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) limits: Limits,
    pub(crate) proxy: Proxy,
    /// PEM, one or more certificates each.
    pub(crate) roots: Vec<Vec<u8>>,
    pub(crate) identity: Option<Identity>,
    /// A client that somebody else has set up.
    #[cfg(feature = "reqwest-013")]
    pub(crate) own: Option<Own>,
}

/// A client that somebody else has set up, shared by all clients of these settings.
#[cfg(feature = "reqwest-013")]
#[derive(Clone)]
pub(crate) struct Own(Arc<Mutex<OwnState>>);

#[cfg(feature = "reqwest-013")]
struct OwnState {
    client: OwnClient,
    /// Whose its connections are.
    home: Option<Home>,
}

#[cfg(feature = "reqwest-013")]
enum OwnClient {
    Builder(Box<reqwest::ClientBuilder>),
    /// Or why there is none.
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

    /// There is one client only, so its connections can be those of one runtime only.
    fn check_home(&self, runtime: &Handle) -> Result<(), Error> {
        let mut state = self.state();
        match &state.home {
            Some(home) if home.id == runtime.id() => return Ok(()),
            Some(home) if !home.is_gone() => {
                return Err(Error::runtime(
                    "the connections of `http_client` belong to another tokio runtime, which is still there; build a \
                     client for this one",
                ));
            }
            Some(_) | None => {}
        }
        state.home = Some(Home::new(runtime)?);
        Ok(())
    }
}

/// Sends each request once, to the place that was asked.
fn never_again(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
        // A 307 would carry a payment, and its credentials, to another place.
        .redirect(reqwest::redirect::Policy::none())
        // Whether a request may be repeated depends on the operation, which this layer does not know.
        .retry(reqwest::retry::never())
}

/// Which proxy calls go through.
#[derive(Clone)]
pub(crate) enum Proxy {
    /// That of the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`), if there is one.
    Environment,
    /// None.
    No,
    /// This one. Its URL may hold a password.
    At(Secret),
}

/// What the client shows of itself while TLS is negotiated.
#[derive(Clone)]
#[cfg_attr(
    not(any(feature = "rustls", feature = "native-tls")),
    allow(dead_code, reason = "refused without TLS")
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
            },
            proxy: Proxy::Environment,
            roots: Vec::new(),
            identity: None,
            #[cfg(feature = "reqwest-013")]
            own: None,
        }
    }
}

impl Settings {
    /// The client for TLS, or for everything if somebody else has set it up.
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
                "the HTTP client can't be set up; a machine without certificates of authorities is a frequent \
                 cause: {}",
                chain(&error.without_url())
            );
            Error::configuration("TLS", reason)
        })
    }

    /// The client for plain HTTP, which goes to loopback addresses only: a proxy would carry credentials away in the
    /// clear.
    pub(super) fn direct(&self) -> Result<reqwest::Client, String> {
        let client = self.builder().no_proxy().build();
        client.map_err(|error| chain(&error.without_url()))
    }

    /// Whether the present runtime may use the connections of a client that somebody else has set up.
    pub(super) fn check_home(&self, runtime: &Handle) -> Result<(), Error> {
        #[cfg(feature = "reqwest-013")]
        if let Some(own) = &self.own {
            return own.check_home(runtime);
        }
        let _ = runtime;
        Ok(())
    }

    /// Whether one client is for everything.
    pub(super) fn is_foreign(&self) -> bool {
        #[cfg(feature = "reqwest-013")]
        return self.own.is_some();
        #[cfg(not(feature = "reqwest-013"))]
        false
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        let builder = never_again(reqwest::Client::builder())
            .referer(false)
            .connect_timeout(self.limits.connect);
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
                let reason = "holds no certificate in PEM";
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
            // What the library says of it may quote the key.
            let identity = identity.map_err(|_| {
                let reason = "needs a certificate and its key, both in PEM (the key as PKCS #8)";
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
        ] {
            if is_set {
                let reason = "has no effect beside `http_client`: set it up there";
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
    reqwest::Proxy::all(parsed).map_err(|_| wrong("can't be used"))
}

/// An error and its causes in one line.
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

/// Shows what is set, not to what: URLs may hold passwords.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("limits", &self.limits)
            .field("proxy", &self.proxy)
            .field("root_certificates", &self.roots.len())
            .field("client_identity", &self.identity.is_some())
            .field("http_client", &self.is_foreign())
            .finish()
    }
}
