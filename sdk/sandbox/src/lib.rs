//! A local, stateful sandbox of Dintero's payment APIs, with a checkout page.

mod accounts;
mod auth;
mod contract;
mod delivery;
mod operations;
mod pay;
mod request;
mod sandbox;
mod server;
mod settings;
mod state;
mod store;

use std::fmt;

pub use sandbox::{Builder, Sandbox};

/// Why a sandbox can't be started or used.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
