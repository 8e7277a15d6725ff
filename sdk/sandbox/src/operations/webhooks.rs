//! Webhook subscriptions with their deliveries, and the secret of callbacks.

use dintero::checkout::{RecordId, SignatureV0, SignatureV0Signature};
use dintero::hooks::{
    Delivery as Listed, DeliveryDetails, DeliveryId, DeliveryOutcome, DeliveryRequest,
    DeliveryRequestHeaders, DeliveryResponse, Subscription, SubscriptionId, SubscriptionSecret,
};
use dintero::mock;
use serde_json::{Map, Value};

use super::records::{after, first};
use super::{Handler, Outcome};
use crate::accounts::{Account, CallbackSecret};
use crate::delivery::webhook::{Subscribed, ping};
use crate::delivery::{About, Delivery, DeliveryStatus, Mask, callable};
use crate::request::{Answer, Problem, Request};
use crate::state::State;

/// The documented default of `limit`.
const PAGE: usize = 10;

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("hooks", "create_subscription") => create,
        ("hooks", "list_subscriptions") => list,
        ("hooks", "get_subscription") => get,
        ("hooks", "delete_subscription") => delete,
        ("hooks", "ping_subscription") => send_ping,
        ("hooks", "list_deliveries") => deliveries,
        ("hooks", "get_delivery") => delivery,
        ("checkout", "get_signature_secret") => secret,
        ("checkout", "create_signature_secret") => create_secret,
        _ => return None,
    }))
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let invalid = |message: String| Problem::bad_request("ValidationError", message);
    let mut subscription = request.read::<Subscription>()?;
    let config = subscription.config.as_deref();
    let url = config.and_then(|config| config.url.as_deref());
    callable(url.unwrap_or_default()).map_err(|why| invalid(format!("config.url: {why}")))?;
    match config.and_then(|config| config.secret.as_deref()) {
        Some(SubscriptionSecret::Aws4HmacSha256(_)) => {
            return Err(Problem::unknown("signatures of the type AWS4-HMAC-SHA256"));
        }
        Some(SubscriptionSecret::HmacSha1(secret)) if secret.value.as_deref() == Some("") => {
            return Err(invalid("config.secret.value is empty".to_owned()));
        }
        _ => {}
    }
    if let Some(fields) = &subscription.fields {
        Mask::parse(fields).map_err(|why| invalid(format!("fields: {why}")))?;
    }
    let id = state.uuid();
    subscription.id = Some(SubscriptionId::new(&*id));
    subscription.created_at = Some(state.timestamp());
    subscription.created_by = Some(request.caller.name.clone());
    subscription.active.get_or_insert(true);
    let subscribed = Subscribed::new(&request.caller.account, subscription);
    state.store.put(&id, &subscribed);
    ping(state, &subscribed);
    Answer::json(&subscribed.subscription)
}

fn list(state: &mut State, request: &Request) -> Outcome {
    let with_deleted = request.query_value("include_deleted") == Some("true");
    let own = (state.store.iter::<Subscribed>())
        .map(|(_, one)| one)
        .filter(|one| one.account == request.caller.account);
    let own: Vec<Subscribed> = own.collect();
    let rest = after(request, own.iter().collect(), |one: &&Subscribed| {
        one.subscription.id.as_ref().map(|id| id.as_str())
    })?;
    let is_listed = |one: &&Subscribed| with_deleted || !one.is_deleted();
    let rest = rest.into_iter().filter(is_listed);
    let (page, _) = first(request, rest.collect(), PAGE);
    let page: Vec<&Subscription> = page.iter().map(|one| &one.subscription).collect();
    let answer = Answer::json(&page)?;
    let total = own.iter().filter(is_listed).count();
    Ok(match request.query_value("total") {
        Some("true") => answer.header("total-count", &total.to_string()),
        _ => answer,
    })
}

fn subscribed(state: &State, request: &Request) -> Result<Subscribed, Problem> {
    let id = request.id("hid");
    let found = state.store.get::<Subscribed>(id);
    let found = found.filter(|one| one.account == request.caller.account);
    found.ok_or_else(|| Problem::not_found("subscription", id))
}

/// One that was not deleted.
fn current(state: &State, request: &Request) -> Result<Subscribed, Problem> {
    let one = subscribed(state, request)?;
    match one.is_deleted() {
        false => Ok(one),
        true => Err(Problem::not_found("subscription", request.id("hid"))),
    }
}

fn get(state: &mut State, request: &Request) -> Outcome {
    Answer::json(&subscribed(state, request)?.subscription)
}

fn delete(state: &mut State, request: &Request) -> Outcome {
    let mut one = current(state, request)?;
    one.subscription.deleted_at = Some(state.timestamp());
    one.subscription.deleted_by = Some(request.caller.name.clone());
    state.store.put(request.id("hid"), &one);
    Answer::json(&one.subscription)
}

fn send_ping(state: &mut State, request: &Request) -> Outcome {
    let one = current(state, request)?;
    ping(state, &one);
    Ok(Answer::empty(204))
}

fn is_of(delivery: &Delivery, id: &str) -> bool {
    matches!(&delivery.about, About::Webhook { subscription, .. } if subscription == id)
}

fn listed(delivery: &Delivery) -> Listed {
    let last = delivery.attempts.last();
    mock::value(|listed: &mut Listed| {
        listed.id = Some(DeliveryId::new(&*delivery.id));
        listed.event_delivery = Some(delivery.id.clone());
        listed.created_at = Some(delivery.created_at.clone());
        listed.status = last.and_then(|last| last.status).map(Into::into);
    })
}

fn deliveries(state: &mut State, request: &Request) -> Outcome {
    subscribed(state, request)?;
    let of_it: Vec<_> = (state.store.iter::<Delivery>())
        .filter(|(_, delivery)| is_of(delivery, request.id("hid")))
        .map(|(_, delivery)| listed(&delivery))
        .collect();
    Answer::json(&of_it)
}

fn delivery(state: &mut State, request: &Request) -> Outcome {
    subscribed(state, request)?;
    let id = request.id("delivery_id");
    let delivery = state.store.get::<Delivery>(id);
    let delivery = delivery.filter(|delivery| is_of(delivery, request.id("hid")));
    let delivery = delivery.ok_or_else(|| Problem::not_found("delivery", id))?;
    Answer::json(&details(&delivery))
}

/// A delivery as its last attempt left it.
fn details(delivery: &Delivery) -> DeliveryDetails {
    let last = delivery.attempts.last();
    let listed = listed(delivery);
    let object = |text: &str| serde_json::from_str(text).ok();
    mock::value(|details: &mut DeliveryDetails| {
        details.id = listed.id;
        details.event_delivery = listed.event_delivery;
        details.created_at = listed.created_at;
        details.status = listed.status;
        details.url = Some(delivery.url.clone());
        details.request = Some(Box::new(mock::value(|sent: &mut DeliveryRequest| {
            sent.body = delivery.body.as_deref().and_then(object);
            sent.headers = Some(Box::new(mock::value(
                |headers: &mut DeliveryRequestHeaders| {
                    if let About::Webhook { event, .. } = &delivery.about {
                        headers.event = Some(event.clone());
                    }
                    headers.event_delivery = Some(delivery.id.clone());
                    headers.event_signature = last.and_then(|last| last.signature.clone());
                },
            )));
        })));
        let Some(last) = last else {
            return;
        };
        if last.status.is_some() {
            details.response = Some(Box::new(mock::value(|response: &mut DeliveryResponse| {
                let headers = (last.headers.iter())
                    .map(|(name, value)| (name.clone(), Value::from(value.clone())));
                let headers: Map<String, Value> = headers.collect();
                response.headers = serde_json::from_value(headers.into()).ok();
                response.body = Some(last.body.clone());
            })));
        }
        details.details = Some(Box::new(mock::value(|outcome: &mut DeliveryOutcome| {
            outcome.delivery_at = Some(last.at.clone());
            outcome.delivery_duration = Some(last.duration.into());
            outcome.delivery_success = Some(delivery.status == DeliveryStatus::Delivered);
        })));
    })
}

fn account(state: &State, request: &Request) -> Result<Account, Problem> {
    let id = &request.caller.account;
    let account = state.store.get::<Account>(id);
    account.ok_or_else(|| Problem::not_found("account", id))
}

fn shown(secret: &CallbackSecret) -> SignatureV0 {
    mock::value(|shown: &mut SignatureV0| {
        shown.id = Some(RecordId::new(&*secret.id));
        shown.created_at = dintero::Timestamp::parse(&secret.created_at).ok();
        shown.created_by = Some(secret.created_by.clone());
        shown.signature = Some(Box::new(mock::value(|part: &mut SignatureV0Signature| {
            part.type_ = Some("v0-hmac-sha256".into());
            part.secret = Some(secret.secret.clone());
        })));
    })
}

fn secret(state: &mut State, request: &Request) -> Outcome {
    let secret = account(state, request)?.callback_secret;
    let missing = || Problem::not_found("secret of", &request.caller.account);
    Answer::json(&shown(&secret.ok_or_else(missing)?))
}

/// A new secret replaces the one before.
fn create_secret(state: &mut State, request: &Request) -> Outcome {
    let mut account = account(state, request)?;
    let secret = CallbackSecret {
        id: state.uuid(),
        created_at: state.timestamp().to_string(),
        created_by: request.caller.name.clone(),
        secret: state.text(32),
    };
    let answer = Answer::json(&shown(&secret));
    account.callback_secret = Some(secret);
    state.store.put(&account.id.clone(), &account);
    answer
}
