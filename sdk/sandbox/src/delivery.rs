//! Requests to the merchant: callbacks of sessions and webhooks. Each is stored with its attempts.

mod callback;
mod fields;
mod send;
#[cfg(test)]
mod tests;
pub(crate) mod webhook;

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use dintero::Timestamp;
use dintero::payments::Transaction;
use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::faults::{self, Held};
use crate::state::{Job, State};
use crate::store::Record;

pub(crate) use callback::{session_callback, wants_event};
pub(crate) use fields::Mask;
pub(crate) use send::{deliver, replay};
pub(crate) use webhook::account_event;

/// A callback of a session or a webhook, with its attempts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    /// The value of the header `event-delivery`.
    pub id: String,
    /// The account that it belongs to.
    pub account: String,
    /// Its subject.
    pub about: About,
    /// `GET` or `POST`.
    pub method: String,
    /// The whole URL, with its query.
    pub url: String,
    /// The JSON text; absent for `GET`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// When it was created, by the clock of the sandbox.
    pub created_at: Timestamp,
    /// Whether it has arrived.
    pub status: DeliveryStatus,
    /// Why it is not sent, or not sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Requests so far, with the responses of the merchant.
    pub attempts: Vec<Attempt>,
    /// How many of the attempts were planned; the others were made in addition.
    pub(crate) planned: usize,
    /// The delivery that is sent after this one, because it was held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    releases: Option<String>,
}

/// The subject of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum About {
    /// The callback of a session.
    Callback {
        /// The id of the session.
        session: String,
    },
    /// An event for a webhook subscription.
    Webhook {
        /// The id of the subscription.
        subscription: String,
        /// `checkout_transaction`, `ping`, …
        event: String,
    },
}

/// Whether a delivery has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryStatus {
    /// It will be sent, or sent again.
    Waiting,
    /// The merchant accepted it.
    Delivered,
    /// It is not sent again.
    Failed,
}

impl fmt::Display for DeliveryStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        })
    }
}

/// One request of a delivery, and the response.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was sent, by the clock of the sandbox.
    pub at: Timestamp,
    /// How long it took, in milliseconds; 0 with a fixed clock.
    pub duration: u64,
    /// The value of `Dintero-Signature` or `event-signature`; absent without a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The status of the response; absent without a response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Names and values of the response's headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body of the response, at most its first 4,096 bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Why there is no response, or why the response is not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Record for Delivery {
    const TABLE: &'static str = "deliveries";
}

/// An attempt that is due.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Due {
    pub(crate) delivery: String,
    /// How many planned attempts there were before: another number means that this one was made.
    attempt: usize,
    /// Sent in addition, whatever came before, and without retries.
    again: bool,
}

/// The subject of a session's callback.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct News<'a> {
    /// The transaction, unless there is none.
    pub(crate) transaction: Option<&'a Transaction>,
    /// `cancelled`, `authorization` or `failed`; sent only with `report_error`.
    pub(crate) error: Option<&'a str>,
    /// `CAPTURE`, `REFUND` or `VOID`, and the id of the transaction's event; sent only with `report_event`.
    pub(crate) event: Option<(&'a str, &'a str)>,
}

/// How long a delivery waits for the next one before which it was held.
const HELD: Duration = Duration::from_secs(60);

/// Stores a delivery and plans its first attempt. One whose URL is not called is stored as failed.
fn enqueue(state: &mut State, mut delivery: Delivery, delay: Duration) {
    let operation = match delivery.about {
        About::Callback { .. } => faults::CALLBACK,
        About::Webhook { .. } => faults::WEBHOOK,
    };
    let sending = faults::of_delivery(state, operation);
    let refused = match sending.is_lost {
        true => Some("a fault that was asked for: it is not sent".to_owned()),
        false => callable(&delivery.url).err(),
    };
    if let Some(why) = refused {
        delivery.status = DeliveryStatus::Failed;
        delivery.error = Some(why);
        state.store.put(&delivery.id, &delivery);
        return;
    }
    let held = state.store.get::<Held>(operation);
    if let Some(Held(before)) = held {
        state.store.remove::<Held>(operation);
        delivery.releases = Some(before);
    }
    let mut delay = delay + sending.later;
    if sending.is_held {
        state.store.put(operation, &Held(delivery.id.clone()));
        delay += HELD;
    }
    state.store.put(&delivery.id, &delivery);
    for again in [false, true]
        .into_iter()
        .take(1 + usize::from(sending.is_repeated))
    {
        let due = Due {
            delivery: delivery.id.clone(),
            attempt: 0,
            again,
        };
        state.schedule(delay, Job::Deliver(due));
    }
}

/// Returns a URL of the merchant, if the sandbox calls it. Dintero itself calls public `https` addresses only. The
/// sandbox also calls `http` where no certificate can be had: on this machine and in private networks.
pub(crate) fn callable(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("`{text}` is not a URL: {error}"))?;
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_private = match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        Err(_) => {
            !host.contains('.') || host.ends_with(".localhost") || host.ends_with(".internal")
        }
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_private => Ok(url),
        _ => Err(format!(
            "`{text}` is not called: Dintero calls `https` addresses, and the sandbox also `http` on this machine and \
             in private networks"
        )),
    }
}
