//! Transactions.

use serde::{Deserialize, Serialize};

use super::Handler;

/// A capture, refund or void that was answered with 202.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Initiated {
    pub(crate) transaction: String,
}

pub(super) fn handler(_api: &str, _operation: &str) -> Option<Handler> {
    None
}
