//! Express checkouts: addresses, shipping options and discount codes, about which the merchant is asked.

use std::sync::Arc;
use std::time::Duration;

use dintero::Amount;
use dintero::payments::{OrderAddress, SessionOrderItem, StoredSession, StoredSessionOrder};
use serde_json::{Value, json};

use crate::contract::merchant_violation;
use crate::operations::sessions::{add_event, check_open, converted, cost};
use crate::operations::transactions::refused;
use crate::request::Problem;
use crate::server::{Inner, LIMIT};
use crate::state::State;

/// How long the merchant may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The schemas of the merchant's responses.
const ADDRESS: &str = "ShippingAddressResponse";
const DISCOUNTS: &str = "DiscountCodesResponse";
/// The ids of the item that makes an order cost its amount. Dintero does not document them.
const CORRECTION: &str = "correction";

/// Asks the merchant for shipping options after its server changed the session, if the session says where.
///
/// # Errors
/// The merchant's response is not as documented.
pub(crate) async fn after_update(
    inner: &Arc<Inner>,
    session: StoredSession,
) -> Result<StoredSession, Problem> {
    let has_address =
        (session.order.as_ref()).is_some_and(|order| order.shipping_address.is_some());
    match address_callback(&session) {
        Some(url) if has_address => {
            let answer = ask(inner, &url, &session, ADDRESS).await?;
            apply(inner, session.id.as_str(), answer).await
        }
        _ => Ok(session),
    }
}

/// Sets the shipping address of a session, and asks the merchant for shipping options.
///
/// # Errors
/// The session can't be changed, or the merchant's response is not as documented.
pub(crate) async fn set_shipping_address(
    inner: &Arc<Inner>,
    session: &str,
    address: OrderAddress,
) -> Result<StoredSession, Problem> {
    let session = change(inner, session, "SET_SHIPPING_ADDRESS", |session| {
        let order = session.order.get_or_insert_with(Default::default);
        order.shipping_address = Some(Box::new(address));
        Ok(())
    });
    let session = session.await?;
    match address_callback(&session) {
        Some(url) => {
            let answer = ask(inner, &url, &session, ADDRESS).await?;
            apply(inner, session.id.as_str(), answer).await
        }
        None => Ok(session),
    }
}

/// Chooses a shipping option of a session by its `id` or `line_id`; the amount of the order follows.
///
/// # Errors
/// The session can't be changed, or has no such option.
pub(crate) async fn set_shipping_option(
    inner: &Arc<Inner>,
    session: &str,
    option: &str,
) -> Result<StoredSession, Problem> {
    change(inner, session, "SET_SHIPPING_OPTION", |session| {
        let express = session.express.as_ref();
        let options = express
            .map(|express| express.shipping_options.as_slice())
            .unwrap_or_default();
        let chosen = options.iter().find(|one| {
            one.id.as_deref() == Some(option) || one.line_id.as_deref() == Some(option)
        });
        let chosen =
            chosen.ok_or_else(|| refused(&format!("there is no shipping option `{option}`")))?;
        let chosen: dintero::payments::OrderShipping = converted(chosen)?;
        let order = session.order.get_or_insert_with(Default::default);
        let minor = |option: Option<Amount>| option.map_or(0, Amount::minor_units);
        let old = minor(
            order
                .shipping_option
                .as_ref()
                .and_then(|option| option.amount),
        );
        let amount = minor(order.amount) - old + minor(chosen.amount);
        order.amount = Some(Amount::minor(amount));
        order.shipping_option = Some(Box::new(chosen));
        Ok(())
    })
    .await
}

/// Sets the discount codes of a session, and asks the merchant what they are worth.
///
/// # Errors
/// The session can't be changed, or the merchant's response is not as documented.
pub(crate) async fn set_discount_codes(
    inner: &Arc<Inner>,
    session: &str,
    codes: Vec<String>,
) -> Result<StoredSession, Problem> {
    let session = change(inner, session, "SET_DISCOUNT_CODES", |session| {
        let order = session.order.get_or_insert_with(Default::default);
        order.discount_codes = codes.into();
        Ok(())
    });
    let session = session.await?;
    let express = session.express.as_ref();
    let settings = express.and_then(|express| express.discount_codes.as_ref());
    match settings.and_then(|settings| settings.callback_url.clone()) {
        Some(url) => {
            let answer = ask(inner, &url, &session, DISCOUNTS).await?;
            apply(inner, session.id.as_str(), answer).await
        }
        None => Ok(session),
    }
}

fn address_callback(session: &StoredSession) -> Option<String> {
    session
        .express
        .as_ref()?
        .shipping_address_callback_url
        .clone()
}

/// Sends the session to the merchant. There is no second attempt.
async fn ask(
    inner: &Inner,
    url: &str,
    session: &StoredSession,
    schema: &str,
) -> Result<Value, Problem> {
    let failed = |why: String| {
        Problem::bad_request(
            "ExpressCallbackFailed",
            format!("the callback to {url} failed: {why}"),
        )
    };
    let body = serde_json::to_vec(session).map_err(|error| failed(error.to_string()))?;
    let request = (inner.http.post(url))
        .header("content-type", "application/json")
        .timeout(PATIENCE)
        .body(body);
    let mut response = request
        .send()
        .await
        .map_err(|error| failed(error.to_string()))?;
    let status = response.status();
    let mut text = Vec::new();
    while let Some(chunk) = (response.chunk().await).map_err(|error| failed(error.to_string()))? {
        if text.len() + chunk.len() > LIMIT {
            return Err(failed(format!("the response is longer than {LIMIT} bytes")));
        }
        text.extend_from_slice(&chunk);
    }
    if status != 200 {
        return Err(failed(format!(
            "it has status {status}, and only 200 is accepted"
        )));
    }
    let answer: Value = serde_json::from_slice(&text)
        .map_err(|error| failed(format!("the response is not JSON: {error}")))?;
    match merchant_violation(schema, &answer) {
        Some(why) => Err(failed(format!("the response is not valid: {why}"))),
        None => Ok(answer),
    }
}

/// Takes over shipping options and order of a response.
async fn apply(inner: &Inner, session: &str, answer: Value) -> Result<StoredSession, Problem> {
    change(inner, session, "UPDATE_SESSION", |session| {
        let mut value = serde_json::to_value(&*session).unwrap_or_default();
        if !value["express"].is_object() {
            value["express"] = json!({});
        }
        value["express"]["shipping_options"] = answer["shipping_options"].clone();
        for (name, new) in answer["order"].as_object().into_iter().flatten() {
            value["order"][name] = new.clone();
        }
        *session = converted(&value)?;
        if answer["order"]["amount"].is_number()
            && let Some(order) = session.order.as_deref_mut()
        {
            correct(order)?;
        }
        Ok(())
    })
    .await
}

/// Makes items and shipping of an order cost its amount, by an item that the merchant did not send.
fn correct(order: &mut StoredSessionOrder) -> Result<(), Problem> {
    let is_own = |item: &SessionOrderItem| item.line_id.as_deref() == Some(CORRECTION);
    order.items.as_mut_vec().retain(|item| !is_own(item));
    let amount = order.amount.map_or(0, Amount::minor_units);
    let missing = amount.saturating_sub(cost(order)?);
    let is_partial = order.partial_payment == Some(true);
    if missing > 0 || (missing < 0 && !is_partial) {
        order.items.push(converted(&json!({
            "id": CORRECTION,
            "line_id": CORRECTION,
            "description": "Correction",
            "quantity": 1,
            "amount": missing,
        }))?);
    }
    Ok(())
}

async fn change(
    inner: &Inner,
    id: &str,
    event: &str,
    change: impl FnOnce(&mut StoredSession) -> Result<(), Problem>,
) -> Result<StoredSession, Problem> {
    let changed = inner.change(|state: &mut State| {
        let mut session = (state.store.get::<StoredSession>(id))
            .ok_or_else(|| Problem::not_found("session", id))?;
        check_open(state, &session)?;
        change(&mut session)?;
        let now = state.timestamp();
        session.updated_at = Some(now.clone());
        add_event(&mut session, event, &now);
        state.store.put(id, &session);
        Ok(session)
    });
    changed.await?
}
