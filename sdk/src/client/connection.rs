//! Connection settings and interceptors.

use std::sync::Arc;
use std::time::Duration;

use super::ClientBuilder;
#[cfg(feature = "reqwest-013")]
use crate::transport::Own;
use crate::transport::{Identity, Proxy};
use crate::{Interceptor, Secret};

/// Connections.
impl ClientBuilder {
    /// Sets the proxy for everything except loopback addresses: an `http` or `https` URL, which may contain user name
    /// and password. Default: the environment variables `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`. A proxy sees only
    /// the hosts of the requests.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.transport.proxy = Proxy::At(url.into());
        self.backend = None;
        self
    }

    /// Disables proxies, whatever the environment variables say.
    pub fn no_proxy(mut self) -> Self {
        self.transport.proxy = Proxy::No;
        self.backend = None;
        self
    }

    /// Adds certificate authorities to those of the system: one or more certificates in PEM. Use it for a proxy that
    /// inspects TLS, or a test server.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.transport.roots.push(pem.into());
        self.backend = None;
        self
    }

    /// Sets the client certificate (mutual TLS) for a gateway that requires one: the certificate followed by its chain,
    /// and its key, both in PEM, the key as PKCS #8.
    pub fn client_identity(
        mut self,
        certificates: impl Into<Vec<u8>>,
        key: impl Into<Secret>,
    ) -> Self {
        self.transport.identity = Some(Identity {
            certificates: certificates.into(),
            key: key.into(),
        });
        self.backend = None;
        self
    }

    /// Sets how long an idle connection is kept. Default: 45 seconds.
    ///
    /// It should be shorter than the idle timeout of the server or the load balancer in front of it. A capture that is
    /// sent just as the server closes the connection may or may not have been carried out, and is not retried. AWS load
    /// balancers close after 60 seconds, nginx after 75.
    pub fn pool_idle_timeout(mut self, limit: Duration) -> Self {
        self.transport.pooling.idle_timeout = Some(limit);
        self.backend = None;
        self
    }

    /// Sets the maximum number of idle connections per host; 0 keeps none. It does not limit concurrent calls. Default:
    /// no limit.
    pub fn pool_max_idle_per_host(mut self, most: usize) -> Self {
        self.transport.pooling.max_idle = Some(most);
        self.backend = None;
        self
    }

    /// Sets the age at which a connection gets no more requests, so that a busy client notices DNS changes. Requests in
    /// progress are not interrupted. Connections are replaced together, up to a quarter of this time earlier. Default:
    /// no limit.
    pub fn connection_max_age(mut self, limit: Duration) -> Self {
        self.transport.pooling.age = Some(limit);
        self.backend = None;
        self
    }

    /// Sets your own HTTP client for all requests, including those to loopback addresses, for settings that are missing
    /// here. It has its own proxy, TLS and connect timeout; the client's [`timeout`](Self::timeout) still applies.
    ///
    /// Whatever the builder says, redirects are not followed, because payments and API keys would be sent to their
    /// targets. `reqwest` does not retry either, because a retried capture takes the money twice; see
    /// [`RetryPolicy`](crate::RetryPolicy). Its default headers are sent with every request, including downloads from
    /// other hosts.
    ///
    /// Only one HTTP client can be built from it, so its connections belong to the tokio runtime that uses it first.
    /// While that runtime exists, a request from another one fails with
    /// [`ErrorKind::Runtime`](crate::ErrorKind::Runtime). A client without `http_client` has connections for each
    /// runtime.
    ///
    #[cfg_attr(any(feature = "rustls", feature = "native-tls"), doc = "```")]
    #[cfg_attr(
        not(any(feature = "rustls", feature = "native-tls")),
        doc = "```ignore"
    )]
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let http = reqwest::Client::builder().local_address(std::net::IpAddr::from([127, 0, 0, 1]));
    /// let client = dintero::Client::builder().http_client(http).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "reqwest-013")]
    pub fn http_client(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.transport.own = Some(Own::new(builder));
        self.backend = None;
        self
    }

    /// Adds an interceptor, which runs around every request, after the ones added before. See [`Interceptor`].
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.source = None;
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Builds a client for code that is not async; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// The errors of [`build`](Self::build), and a thread that can't be started.
    #[cfg(feature = "blocking")]
    pub fn build_blocking(mut self) -> Result<crate::blocking::Client, crate::Error> {
        // A connection is driven by the runtime that opened it.
        self.backend = None;
        crate::blocking::Client::new(self.build()?)
    }
}
