//! Webhooks: subscriptions, and events for them.

use std::time::Duration;

use dintero::hooks::{Subscription, SubscriptionSecret};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{About, Delivery, DeliveryStatus, Mask, enqueue};
use crate::state::State;
use crate::store::Record;

/// How many deliveries in a row fail before a subscription is deleted. Dintero documents that it is, but no number.
const MAX_FAILURES: u32 = 5;

/// A webhook subscription, under its id. A deleted one is kept, with `deleted_at`.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Subscribed {
    pub(crate) account: String,
    pub(crate) subscription: Subscription,
    /// How many deliveries failed since one was accepted.
    failures: u32,
}

impl Record for Subscribed {
    const TABLE: &'static str = "subscriptions";
}

impl Subscribed {
    pub(crate) fn new(account: &str, subscription: Subscription) -> Self {
        Self {
            account: account.to_owned(),
            subscription,
            failures: 0,
        }
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.subscription.deleted_at.is_some()
    }

    fn wants(&self, event: &str) -> bool {
        let subscription = &self.subscription;
        !self.is_deleted()
            && subscription.active != Some(false)
            && subscription
                .events
                .iter()
                .any(|wanted| wanted.as_str() == event)
    }

    pub(super) fn secret(&self) -> Option<&SubscriptionSecret> {
        self.subscription.config.as_ref()?.secret.as_deref()
    }

    /// Whether certificates are not verified.
    pub(super) fn is_insecure(&self) -> bool {
        let config = self.subscription.config.as_ref();
        config.and_then(|config| config.insecure_ssl) == Some(1)
    }
}

/// Sends an event to the subscriptions of an account that want it. The body, which is made only for these, gets
/// `account_id`, `event` and `event_delivery`.
pub(crate) fn account_event(
    state: &mut State,
    account: &str,
    event: &str,
    body: impl FnOnce() -> Value,
) {
    let wanting: Vec<Subscribed> = (state.store.iter::<Subscribed>())
        .map(|(_, one)| one)
        .filter(|one| one.account == account && one.wants(event))
        .collect();
    if wanting.is_empty() {
        return;
    }
    let body = body();
    for one in wanting {
        let id = state.uuid();
        let mut body = one.shown(body.clone());
        body["account_id"] = account.into();
        body["event"] = event.into();
        body["event_delivery"] = id.clone().into();
        send(state, &one, event, id, &body);
    }
}

/// Sends the event `ping`, whose body is the subscription.
pub(crate) fn ping(state: &mut State, one: &Subscribed) {
    let id = state.uuid();
    send(state, one, "ping", id, &json!(one.subscription));
}

fn send(state: &mut State, one: &Subscribed, event: &str, id: String, body: &Value) {
    let subscription = &one.subscription;
    let url = subscription
        .config
        .as_ref()
        .and_then(|config| config.url.clone());
    let delivery = Delivery {
        id,
        account: one.account.clone(),
        about: About::Webhook {
            subscription: subscription
                .id
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            event: event.to_owned(),
        },
        method: "POST".to_owned(),
        url: url.unwrap_or_default(),
        body: Some(body.to_string()),
        created_at: state.timestamp(),
        status: DeliveryStatus::Waiting,
        error: None,
        attempts: Vec::new(),
        planned: 0,
        releases: None,
    };
    enqueue(state, delivery, Duration::ZERO);
}

impl Subscribed {
    /// Applies `fields` and `exclude_fields`. The latter are members of the event's object, such as `customer_ip` of
    /// the transaction.
    fn shown(&self, mut body: Value) -> Value {
        let mask = self.subscription.fields.as_deref().map(Mask::parse);
        if let Some(Ok(mask)) = mask {
            mask.apply(&mut body);
        }
        for object in body
            .as_object_mut()
            .into_iter()
            .flat_map(|body| body.values_mut())
        {
            if let Value::Object(members) = object {
                members.retain(|name, _| {
                    !self
                        .subscription
                        .exclude_fields
                        .iter()
                        .any(|one| one == name)
                });
            }
        }
        body
    }
}

/// Counts deliveries that failed in a row, and deletes a subscription after too many.
pub(super) fn count(state: &mut State, subscription: &str, is_delivered: bool) {
    let Some(mut one) = state.store.get::<Subscribed>(subscription) else {
        return;
    };
    if is_delivered {
        if one.failures == 0 {
            return;
        }
        one.failures = 0;
    } else {
        one.failures += 1;
        if one.failures >= MAX_FAILURES && !one.is_deleted() {
            one.subscription.deleted_at = Some(state.timestamp());
        }
    }
    state.store.put(subscription, &one);
}
