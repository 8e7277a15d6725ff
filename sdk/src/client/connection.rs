//! Settings of connections, and of those who watch them.

use std::sync::Arc;
use std::time::Duration;

use super::ClientBuilder;
#[cfg(feature = "reqwest-013")]
use crate::transport::Own;
use crate::transport::{Identity, Proxy};
use crate::{Interceptor, Secret};

/// How connections are made.
impl ClientBuilder {
    /// The proxy for everything but loopback addresses: an `http` or `https` URL, which may hold user name and
    /// password. Default: what the environment says (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`). A proxy sees the hosts
    /// that are called, and nothing else.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.transport.proxy = Proxy::At(url.into());
        self.backend = None;
        self
    }

    /// No proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.transport.proxy = Proxy::No;
        self.backend = None;
        self
    }

    /// Trusts these authorities too, beside those of the system: one or more certificates in PEM. For a proxy that looks
    /// into TLS, or a test server.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.transport.roots.push(pem.into());
        self.backend = None;
        self
    }

    /// A certificate of the client's own (mutual TLS), for a gateway that asks for one: the certificate, with those
    /// that lead to its authority behind it, and its key, both in PEM, the key as PKCS #8.
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

    /// For how long a connection is kept that nothing goes through. Default: 45 seconds.
    ///
    /// It should be shorter than the server's own time, or that of what stands before the server: a capture that is sent just
    /// as the server closes the connection may or may not have been carried out, and is not repeated. Load balancers of AWS
    /// close after 60 seconds, nginx after 75.
    pub fn pool_idle_timeout(mut self, limit: Duration) -> Self {
        self.transport.pooling.idle_timeout = Some(limit);
        self.backend = None;
        self
    }

    /// How many connections are kept for each host while nothing goes through them; 0: none. More are made when more calls
    /// are under way. Default: no limit.
    pub fn pool_max_idle_per_host(mut self, most: usize) -> Self {
        self.transport.pooling.max_idle = Some(most);
        self.backend = None;
        self
    }

    /// The age at which a connection gets no more requests, so that a change of the host's addresses (DNS) is noticed
    /// however busy the client is. Requests that are under way are not disturbed. Connections are replaced together, up to a
    /// quarter of this time earlier. Default: no limit.
    pub fn connection_max_age(mut self, limit: Duration) -> Self {
        self.transport.pooling.age = Some(limit);
        self.backend = None;
        self
    }

    /// An HTTP client of your own for all requests, those to loopback addresses too: for settings that are missing here.
    /// It has its own proxy, TLS and time limit for connecting; the client's [`timeout`](Self::timeout) holds nevertheless.
    ///
    /// Whatever the builder says, redirects are not followed, since payments and API keys would go where they lead, and
    /// nothing is sent again by `reqwest` itself, since a repeated capture takes the money twice: that is for
    /// [`RetryPolicy`](crate::RetryPolicy). Headers that it sends by default go with everything, downloads from other hosts
    /// too.
    ///
    /// Only one HTTP client can be built of it, so its connections belong to the tokio runtime that uses it first. As long as
    /// that runtime is there, a request from another one is [`ErrorKind::Runtime`](crate::ErrorKind::Runtime). A client
    /// without `http_client` has connections for each runtime.
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

    /// Code that runs around every request, after those that were given before. See [`Interceptor`].
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.source = None;
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// The client, for code that is not async; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and that no thread can be started.
    #[cfg(feature = "blocking")]
    pub fn build_blocking(mut self) -> Result<crate::blocking::Client, crate::Error> {
        // Connections are driven by the runtime that made them.
        self.backend = None;
        crate::blocking::Client::new(self.build()?)
    }
}
