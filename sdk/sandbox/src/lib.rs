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

/// Returns the operations of Dintero's documents, such as `payments.capture_transaction`, and whether the sandbox knows
/// them. Others have status 501.
#[must_use]
pub fn operations() -> Vec<(&'static str, bool)> {
    let operations = contract::operations().iter();
    operations
        .map(|operation| {
            (
                &*operation.name,
                operations::handler(&operation.name).is_some(),
            )
        })
        .collect()
}

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
