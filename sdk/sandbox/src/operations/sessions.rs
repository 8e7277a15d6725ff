//! Sessions, as merchants create, read, change and cancel them.

use std::sync::Arc;

use dintero::mock;
use dintero::payments::{
    PaymentOperationIntent, SessionCreated, SessionEvent, SessionEventId, StoredSession,
    StoredSessionOrder, SystemRequestHeaders, Transaction, UpdateSessionOptions,
};
use dintero::{Amount, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::list::{self, Filters};
use super::{Handler, Outcome, transactions};
use crate::express;
use crate::request::{Answer, Problem, Request};
use crate::server::Inner;
use crate::state::State;
use crate::store::Record;

impl Record for StoredSession {
    const TABLE: &'static str = "sessions";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(match (api, operation) {
        ("payments", "create_session") => {
            Handler::Waiting(|inner, request| Box::pin(create_with_profile(inner, request)))
        }
        ("payments", "create_payment_token_session") => {
            Handler::Waiting(|inner, request| Box::pin(create_for_token(inner, request)))
        }
        ("payments", "get_session") => Handler::Now(get),
        ("payments", "cancel_session") => Handler::Now(cancel),
        ("payments", "update_session") => {
            Handler::Waiting(|inner, request| Box::pin(update(inner, request)))
        }
        ("checkout", "create_session") => {
            Handler::Waiting(|inner, request| Box::pin(create(inner, request)))
        }
        ("checkout", "list_sessions") => Handler::Now(list),
        _ => return None,
    })
}

async fn create_with_profile(inner: Arc<Inner>, request: Request) -> Outcome {
    let body = request.read::<dintero::payments::CreateSessionBody>()?;
    let mut value = json_of(&body)?;
    let profile = take_text(&mut value, "profile_id").unwrap_or_default();
    created(&inner, &request, |state| {
        apply_profile(state, &request, &mut value, &profile)?;
        stored(state, &request, value)
    })
    .await
}

/// Adds the settings of a profile, of which the request may override parts.
fn apply_profile(
    state: &State,
    request: &Request,
    value: &mut Map<String, Value>,
    profile: &str,
) -> Result<(), Problem> {
    let Some(settings) = profile_settings(state, &request.caller.account, profile) else {
        let message = format!("the account has no profile `{profile}`");
        return Err(Problem::bad_request("InvalidProfile", message));
    };
    let configuration = value.entry("configuration").or_insert_with(|| json!({}));
    let mut merged = settings;
    merge(&mut merged, std::mem::take(configuration));
    *configuration = merged;
    let metadata = value.entry("metadata").or_insert_with(|| json!({}));
    metadata["session:profile_id"] = profile.into();
    Ok(())
}

/// The configuration of a profile.
fn profile_settings(state: &State, account: &str, profile: &str) -> Option<Value> {
    let found = super::profiles::profile(state, account, profile)?;
    serde_json::to_value(found.configuration).ok()
}

/// The configuration of the profile that every account has: card and Vipps.
pub(crate) fn default_settings() -> Value {
    json!({
        "payex": { "type": "payment_type", "creditcard": { "type": "payment_product_type", "enabled": true } },
        "vipps": { "enabled": true },
    })
}

async fn create(inner: Arc<Inner>, request: Request) -> Outcome {
    let body = request.read::<dintero::checkout::CreateSessionBody>()?;
    let value = json_of(&body)?;
    created(&inner, &request, |state| stored(state, &request, value)).await
}

async fn create_for_token(inner: Arc<Inner>, request: Request) -> Outcome {
    let body = request.read::<dintero::payments::CreatePaymentTokenSessionBody>()?;
    let mut value = json_of(&body)?;
    let mut session = match value.remove("session") {
        Some(Value::Object(session)) => session,
        _ => Map::new(),
    };
    let provider = value.remove("token_provider").unwrap_or_default();
    let Some(product) = provider["payment_product_type"].as_str().map(str::to_owned) else {
        return Err(transactions::refused(
            "`token_provider.payment_product_type` is missing",
        ));
    };
    let settings = offering(&product);
    session.remove("profile_id");
    session.insert("configuration".to_owned(), settings);
    if let Some(order) = session.get_mut("order") {
        order["amount"] = 0.into();
    }
    created(&inner, &request, |state| {
        let mut stored = stored(state, &request, session)?;
        stored.payment_operation = Some(PaymentOperationIntent::GeneratePaymentToken);
        add_event(&mut stored, "PAYMENT_TOKEN_FLOW_START", &state.timestamp());
        Ok(stored)
    })
    .await
}

/// A configuration that offers one payment type.
fn offering(product: &str) -> Value {
    match product.split_once('.') {
        None => json!({ product: { "enabled": true } }),
        Some((provider, kind)) => {
            json!({ provider: { kind: { "type": "payment_product_type", "enabled": true } } })
        }
    }
}

/// Returns a new session of the members of a request.
pub(super) fn stored(
    state: &mut State,
    request: &Request,
    mut value: Map<String, Value>,
) -> Result<StoredSession, Problem> {
    let account = &request.caller.account;
    let now = state.timestamp();
    // Not part of the stored session.
    for unstored in ["merchant", "token_provider", "profile_id"] {
        value.remove(unstored);
    }
    value.insert("id".to_owned(), state.id(account).into());
    let mut session: StoredSession = read(Value::Object(value))?;
    session.account_id = account.parse().ok();
    session.created_at = Some(now.clone());
    session.updated_at = Some(now.clone());
    session.configuration.get_or_insert_with(Default::default);
    session.initiating_system_request_headers = system_headers(request).map(Box::new);
    if let Some(order) = &session.order {
        check_order(request, order)?;
    }
    if let Some(expires_at) = &session.expires_at
        && expires_at.unix_seconds() <= now.unix_seconds()
    {
        return Err(transactions::refused("`expires_at` has passed already"));
    }
    add_event(&mut session, "INITIATED", &now);
    Ok(session)
}

/// Stores a new session. Its request is read and its response is written without the lock of the state: most requests of a
/// shop create a session.
async fn created(
    inner: &Inner,
    request: &Request,
    session: impl FnOnce(&mut State) -> Result<StoredSession, Problem>,
) -> Outcome {
    let stored = inner.change(|state| {
        let session = session(state)?;
        state.store.put(session.id.as_str(), &session);
        Ok::<_, Problem>(session)
    });
    let session = stored.await??;
    let includes = request.query_value("include_session") == Some("true");
    Answer::json(&mock::value(|created: &mut SessionCreated| {
        created.id = session.id.clone();
        created.url = Some(format!("{}/v1/view/{}", request.origin, session.id));
        created.session = includes.then(|| Box::new(session));
    }))
}

fn system_headers(request: &Request) -> Option<SystemRequestHeaders> {
    let name = request.header("dintero-system-name").map(str::to_owned);
    let version = request.header("dintero-system-version").map(str::to_owned);
    let plugin = request
        .header("dintero-system-plugin-name")
        .map(str::to_owned);
    let plugin_version = request
        .header("dintero-system-plugin-version")
        .map(str::to_owned);
    let agent = request.header("user-agent").map(str::to_owned);
    let is_named =
        name.is_some() || version.is_some() || plugin.is_some() || plugin_version.is_some();
    is_named.then(|| {
        mock::value(|headers: &mut SystemRequestHeaders| {
            headers.dintero_system_name = name;
            headers.dintero_system_version = version;
            headers.dintero_system_plugin_name = plugin;
            headers.dintero_system_plugin_version = plugin_version;
            headers.user_agent = agent;
        })
    })
}

/// Checks the sums of an order, as far as Dintero says so.
fn check_order(request: &Request, order: &StoredSessionOrder) -> Result<(), Problem> {
    let amount = order.amount.map_or(0, Amount::minor_units);
    if amount < 0 {
        return Err(transactions::refused("`order.amount` must not be negative"));
    }
    let mut toggles = request.headers.get_all("dintero-feature-toggles").iter();
    let is_strict = toggles.any(|value| {
        let mut toggles = value.as_bytes().split(|byte| *byte == b',');
        toggles.any(|toggle| toggle.trim_ascii() == b"strict-session-amounts")
    });
    if is_strict {
        let sum = cost(order)?;
        if sum != amount {
            let message = format!("`order.amount` is {amount}, but items and shipping cost {sum}");
            return Err(transactions::refused(&message));
        }
    }
    Ok(())
}

/// Returns what items and shipping of an order cost, in minor units.
pub(crate) fn cost(order: &StoredSessionOrder) -> Result<i64, Problem> {
    let items = order.items.iter().filter_map(|item| item.amount);
    let shipping = order.shipping_option.as_ref();
    let shipping = shipping.and_then(|option| option.amount);
    let sum = Amount::checked_sum(items.chain(shipping));
    sum.map(Amount::minor_units)
        .map_err(|error| transactions::refused(&error.to_string()))
}

/// Returns a session of the caller's account.
fn of_caller(state: &State, request: &Request) -> Result<StoredSession, Problem> {
    let id = request.id("session_id");
    let session = state.store.get::<StoredSession>(id);
    let own = session.filter(|session| {
        let account = session.account_id.as_ref();
        account.is_some_and(|account| account.as_str() == request.caller.account)
    });
    own.ok_or_else(|| Problem::not_found("session", id))
}

fn get(state: &mut State, request: &Request) -> Outcome {
    Answer::json(&of_caller(state, request)?)
}

async fn update(inner: Arc<Inner>, request: Request) -> Outcome {
    let body = request.read::<UpdateSessionOptions>()?;
    if request.query_value("update_without_lock") != Some("true") {
        let message =
            "the session is not locked; lock it in the checkout, or set `update_without_lock`";
        return Err(transactions::refused(message));
    }
    let changed = json_of(&body)?;
    let has_options = changed
        .get("express")
        .is_some_and(|express| express.get("shipping_options").is_some());
    let session = inner
        .change(|state| {
            let session = of_caller(state, &request)?;
            check_open(state, &session)?;
            let mut value = json_of(&session)?;
            for part in ["order", "express", "customer"] {
                if let Some(new) = changed.get(part) {
                    merge(value.entry(part).or_insert_with(|| json!({})), new.clone());
                }
            }
            let mut session: StoredSession = read(Value::Object(value))?;
            if let Some(order) = &session.order {
                check_order(&request, order)?;
            }
            let now = state.timestamp();
            session.updated_at = Some(now.clone());
            add_event(&mut session, "UPDATE_SESSION", &now);
            state.store.put(session.id.as_str(), &session);
            Ok::<_, Problem>(session)
        })
        .await??;
    let is_forced = request.query_value("force_shipping_address_callback") == Some("true");
    let session = match !has_options || is_forced {
        true => express::after_update(&inner, session).await?,
        false => session,
    };
    Answer::json(&session)
}

/// Fails if a session can't be changed or paid any more.
pub(crate) fn check_open(state: &State, session: &StoredSession) -> Result<(), Problem> {
    let conflict = |message: String| Err(transactions::refused(&message));
    if session.cancelled_at.is_some() {
        return conflict(format!("session {} is cancelled", session.id));
    }
    if session.transaction_id.is_some() {
        return conflict(format!("session {} has a transaction already", session.id));
    }
    if is_expired(state, session) {
        return conflict(format!("session {} has expired", session.id));
    }
    Ok(())
}

/// Whether the time of a session is over.
pub(crate) fn is_expired(state: &State, session: &StoredSession) -> bool {
    let expires_at = session
        .expires_at
        .as_ref()
        .and_then(Timestamp::unix_seconds);
    let now = state.timestamp().unix_seconds();
    expires_at
        .zip(now)
        .is_some_and(|(expires_at, now)| expires_at <= now)
}

fn cancel(state: &mut State, request: &Request) -> Outcome {
    let mut session = of_caller(state, request)?;
    if session.cancelled_at.is_some() {
        return Err(transactions::refused(&format!(
            "session {} is cancelled already",
            session.id
        )));
    }
    let now = state.timestamp();
    if let Some(id) = &session.transaction_id
        && let Some(mut transaction) = state.store.get::<Transaction>(id.as_str())
    {
        let status = transaction.status.to_string();
        if !matches!(&*status, "INITIATED" | "AUTHORIZED") {
            let message = format!("the transaction of the session is {status}");
            return Err(transactions::refused(&message));
        }
        let amount = match &*status {
            "AUTHORIZED" => transactions::voidable(&transaction)?,
            _ => transaction.amount.minor_units(),
        };
        let mut event = crate::transaction::event("VOID", amount, true, &now);
        event.request_id = Some(request.id.clone());
        event.created_by = Some(request.caller.name.clone());
        let event = crate::transaction::add(&mut transaction, event, &now);
        transactions::store(state, &transaction, "VOID", &event);
    }
    session.cancelled_at = Some(now.clone());
    session.cancelled_by = Some(request.caller.name.clone());
    session.updated_at = Some(now.clone());
    add_event(&mut session, "CANCELLED", &now);
    state.store.put(session.id.as_str(), &session);
    Answer::json(&session)
}

fn list(state: &mut State, request: &Request) -> Outcome {
    let filters = Filters::of(request)?;
    let account = &request.caller.account;
    list::page(state, request, |session: &StoredSession| {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let order = session.order.as_ref();
        let store = order
            .and_then(|order| order.store.as_ref())
            .and_then(|store| store.id.as_ref());
        let plugin = session.initiating_system_request_headers.as_ref();
        let plugin = plugin.and_then(|headers| headers.dintero_system_plugin_name.as_deref());
        let operation = session
            .payment_operation
            .as_ref()
            .map(|operation| operation.as_str());
        let transaction = session.transaction_id.as_ref().map(|id| id.as_str());
        session
            .account_id
            .as_ref()
            .is_some_and(|own| own.as_str() == account)
            && filters.one_of("id", &[session.id.as_str()])
            && filters.one_of("transaction_id", &[&text(transaction)])
            && filters.one_of("store_id", &[&text(store.map(|id| id.as_str()))])
            && filters.one_of(
                "initiating_system.dintero_system_plugin_name",
                &[&text(plugin)],
            )
            && filters.one_of("payment_operation", &[&text(operation)])
            && filters.during("created_at", session.created_at.iter())
            && filters.contains("search", || {
                let references = order.map(|order| {
                    let second = order.merchant_reference_2.as_deref();
                    [order.merchant_reference.as_deref(), second]
                });
                let customer = session.customer.as_ref();
                let email = customer.and_then(|customer| customer.email.as_deref());
                let phone = customer.and_then(|customer| customer.phone_number.as_deref());
                let mut texts = vec![
                    session.id.to_string(),
                    text(transaction),
                    text(email),
                    text(phone),
                ];
                texts.extend(references.into_iter().flatten().map(text));
                texts
            })
    })
}

/// Adds an event to a session.
pub(crate) fn add_event(session: &mut StoredSession, name: &str, now: &Timestamp) {
    let id = (session.events.len() + 1).to_string();
    session.events.push(mock::value(|event: &mut SessionEvent| {
        event.id = Some(SessionEventId::new(id));
        event.name = Some(name.into());
        event.created_at = Some(now.clone());
    }));
}

fn json_of(value: &impl Serialize) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(value) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Problem::internal("not an object")),
        Err(error) => Err(Problem::internal(&error.to_string())),
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| Problem::internal(&error.to_string()))
}

fn take_text(value: &mut Map<String, Value>, name: &str) -> Option<String> {
    match value.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Adds the members of `new` to those of `old`, objects member by member.
pub(super) fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in new {
                merge(old.entry(name).or_insert(Value::Null), value);
            }
        }
        (old, new) => *old = new,
    }
}

/// Reads a value as another type with the same members.
pub(crate) fn converted<T: DeserializeOwned>(value: &impl Serialize) -> Result<T, Problem> {
    let wrong = |error: serde_json::Error| Problem::internal(&error.to_string());
    read(serde_json::to_value(value).map_err(wrong)?)
}
