//! APIs of other companies, to which generated crates send.

use super::Server;
use crate::ClientBuilder;

/// The API of a generated crate. A client of it sends nothing of Dintero's.
#[derive(Debug)]
pub struct Service {
    /// Name and version of the crate: the start of the header `User-Agent`.
    pub agent: &'static str,
    /// The documented base URLs. They may get the credentials of the client.
    pub servers: &'static [&'static Server],
}

impl Service {
    /// Returns a builder of a client of the API.
    pub fn client(&'static self) -> ClientBuilder {
        ClientBuilder::of(self)
    }

    /// Returns whether this is one of the documented base URLs.
    pub(crate) fn has(&self, url: &str) -> bool {
        self.servers.iter().any(|server| server.url == url)
    }
}
