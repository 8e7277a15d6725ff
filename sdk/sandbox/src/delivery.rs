//! Requests to the merchant: callbacks of sessions and webhooks.

use std::sync::Arc;

use dintero::payments::{StoredSession, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::server::Inner;
use crate::state::State;

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

/// What a session's callback is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct News<'a> {
    /// The transaction, unless there is none.
    pub(crate) transaction: Option<&'a Transaction>,
    /// `cancelled`, `authorization` or `failed`; sent only with `report_error`.
    pub(crate) error: Option<&'a str>,
    /// `CAPTURE`, `REFUND` or `VOID`, and the id of the transaction's event; sent only with `report_event`.
    pub(crate) event: Option<(&'a str, &'a str)>,
}

/// Sends the callback of a session, if its `callback_url` asks for this one.
pub(crate) fn session_callback(state: &mut State, session: &StoredSession, news: News<'_>) {
    let _ = (state, session, news);
}

/// Sends an event to the subscriptions of an account that want it. The body gets `account_id`, `event` and
/// `event_delivery`.
pub(crate) fn account_event(state: &mut State, account: &str, event: &str, body: Value) {
    let _ = (state, account, event, body);
}

/// Sends a request to the merchant, and plans the next attempt if that fails.
pub(crate) async fn deliver(inner: Arc<Inner>, job: String, delivery: Delivery) {
    let _ = delivery;
    let _ = inner.change(|state| state.finished(&job)).await;
}
