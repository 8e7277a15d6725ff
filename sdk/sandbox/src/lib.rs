#![doc = include_str!("../README.md")]

mod accounts;
mod auth;
mod calls;
mod contract;
mod control;
mod delivery;
mod express;
mod faults;
mod operations;
mod pages;
mod pay;
mod plan;
mod request;
mod sandbox;
mod server;
mod settings;
mod shares;
mod state;
mod store;
mod transaction;

use std::fmt;

pub use delivery::{About, Attempt, Delivery, DeliveryStatus};
pub use faults::{Fault, Faults};
pub use pay::{Choice, Done};
pub use plan::Plan;
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
