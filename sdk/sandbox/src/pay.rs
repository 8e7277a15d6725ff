//! How customers pay: what follows from a choice on the checkout page, or from a test that chooses for them.

use dintero::checkout::CardToken;
use dintero::mock;
use dintero::payments::{
    Card, CardTokenId, PaymentOperationIntent, StoredSession, StoredSessionConfiguration,
    Transaction, TransactionId,
};
use dintero::{Amount, Timestamp};
use serde_json::{Value, json};

use crate::delivery::{self, News};
use crate::operations::sessions::{add_event, check_open, converted};
use crate::operations::transactions;
use crate::request::Problem;
use crate::state::State;
use crate::store::Record;
use crate::transaction;

impl Record for CardToken {
    const TABLE: &'static str = "card-tokens";
}

/// The choice of the customer, and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Choice {
    /// The payment is authorized (or captured, with `auto_capture`).
    Paid,
    /// The bank or the provider declines: the transaction is `FAILED`, and its event has this error code.
    Declined(String),
    /// The customer declines in the app of the wallet: the transaction is `DECLINED`.
    Rejected,
    /// The payment is under review.
    OnHold,
    /// A technical failure.
    Failed,
    /// The customer leaves. The session stays open.
    Cancelled,
}

/// Where the browser goes after a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Done {
    /// The session's `return_url` with Dintero's parameters; none if the session has no such URL.
    pub redirect: Option<String>,
    /// The transaction, if there is one.
    pub transaction: Option<String>,
}

/// Applies a choice to a session, with the first payment type that it offers if none is given.
///
/// # Errors
/// The session is unknown, expired, cancelled or paid, or the payment type is not one of its own.
pub(crate) fn pay(
    state: &mut State,
    session: &str,
    payment_product_type: Option<&str>,
    choice: Choice,
) -> Result<Done, Problem> {
    let mut session = (state.store.get::<StoredSession>(session))
        .ok_or_else(|| Problem::not_found("session", session))?;
    check_open(state, &session)?;
    let now = state.timestamp();
    if choice == Choice::Cancelled {
        add_event(&mut session, "CANCELLED", &now);
        session.updated_at = Some(now);
        state.store.put(session.id.as_str(), &session);
        tell(state, &session, None, Some("cancelled"));
        return Ok(done(&session, None, Some("cancelled")));
    }
    let offered = payment_types_of(&session);
    let product = match payment_product_type {
        None => offered.first(),
        Some(wanted) => offered.iter().find(|one| *one == wanted),
    };
    let Some(product) = product else {
        let what = match payment_product_type {
            None => "a payment type".to_owned(),
            Some(wanted) => format!("`{wanted}`"),
        };
        let message = format!("the session does not offer {what}");
        return Err(transactions::refused(&message));
    };
    let transaction = attempt(state, &mut session, product, &choice)?;
    let error = match transaction.status.as_str() {
        "FAILED" if choice == Choice::Failed => Some("failed"),
        "FAILED" | "DECLINED" => Some("authorization"),
        _ => None,
    };
    tell(state, &session, Some(&transaction), error);
    Ok(done(&session, Some(&transaction), error))
}

/// Makes the transaction of a session, and stores both.
pub(crate) fn attempt(
    state: &mut State,
    session: &mut StoredSession,
    product: &str,
    choice: &Choice,
) -> Result<Transaction, Problem> {
    let now = state.timestamp();
    let mut transaction = new_transaction(state, session, product, &now)?;
    let amount = transaction.amount.minor_units();
    let request = state.uuid();
    let mut initialize = transaction::event("INITIALIZE", amount, true, &now);
    initialize.request_id = Some(request.clone());
    transaction::add(&mut transaction, initialize, &now);
    let mut authorize = transaction::event("AUTHORIZE", amount, true, &now);
    authorize.request_id = Some(request);
    let (status, happened) = match choice {
        Choice::Paid => ("AUTHORIZED", "AUTHORIZED"),
        // It is authorized later.
        Choice::OnHold => ("ON_HOLD", "COMPLETED"),
        Choice::Declined(code) => {
            authorize.success = Some(false);
            authorize.error = Some(Box::new(transaction::error(
                code,
                "the payment was declined",
            )));
            ("FAILED", "PAY_FAILED")
        }
        Choice::Rejected => {
            authorize.success = Some(false);
            ("DECLINED", "DECLINED")
        }
        Choice::Failed | Choice::Cancelled => {
            authorize.success = Some(false);
            let message = "the payment failed for technical reasons";
            authorize.error = Some(Box::new(transaction::error("FAILED", message)));
            ("FAILED", "FAILED")
        }
    };
    transaction.status = status.into();
    if *choice != Choice::OnHold {
        transaction::add(&mut transaction, authorize, &now);
    }
    let is_paid = *choice == Choice::Paid;
    if is_paid {
        save_card(state, session, &mut transaction, product);
        if captures_itself(session) && amount > 0 {
            let mut capture = transaction::event("CAPTURE", amount, true, &now);
            capture.request_id = Some(state.uuid());
            transaction::add(&mut transaction, capture, &now);
        }
    }
    session.transaction_id = Some(transaction.id.clone());
    session.updated_at = Some(now.clone());
    add_event(session, happened, &now);
    state.store.put(session.id.as_str(), session);
    state.store.put(transaction.id.as_str(), &transaction);
    transaction_event(state, &transaction);
    Ok(transaction)
}

fn captures_itself(session: &StoredSession) -> bool {
    let configuration = session.configuration.as_ref();
    configuration.and_then(|configuration| configuration.auto_capture) == Some(true)
}

fn new_transaction(
    state: &mut State,
    session: &StoredSession,
    product: &str,
    now: &Timestamp,
) -> Result<Transaction, Problem> {
    let account = session.account_id.clone();
    let id = state.id(account.as_ref().map_or("", |account| account.as_str()));
    let order = session.order.clone().unwrap_or_default();
    let customer = session.customer.as_ref();
    let customer = customer.map(|customer| {
        json!({
            "customer_id": customer.customer_id,
            "email": customer.email,
            "phone_number": customer.phone_number,
        })
    });
    let mut customer = customer.unwrap_or_default();
    if let Some(members) = customer.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    let urls = session.url.clone().unwrap_or_default();
    let mut transaction = mock::value(|transaction: &mut Transaction| {
        transaction.id = TransactionId::new(id);
        transaction.account_id = account;
        transaction.amount = order.amount.unwrap_or_else(|| Amount::minor(0));
        transaction.created_at = Some(now.clone());
        transaction.updated_at = Some(now.clone());
        transaction.session_id = Some(session.id.clone());
        transaction.status = "INITIATED".into();
        transaction.payment_product = Some(product.split('.').next().unwrap_or(product).into());
        transaction.payment_product_type = Some(product.into());
        transaction.payment_operation = session.payment_operation.clone();
        transaction.settlement_status = Some("NOT_SETTLED".into());
        transaction.version = Some(0);
        transaction.checkboxes = session.checkboxes.clone();
        transaction.initiating_system_request_headers =
            session.initiating_system_request_headers.clone();
        transaction.merchant_reference = order.merchant_reference;
        transaction.merchant_reference_2 = order.merchant_reference_2;
        transaction.items = order.items;
        transaction.billing_address = order.billing_address;
        transaction.shipping_address = order.shipping_address;
        transaction.shipping_option = order.shipping_option;
        transaction.store = order.store;
        transaction.payout_destination_id = order.payout_destination_id;
        let configuration = session.configuration.as_ref();
        transaction.channel = configuration.and_then(|configuration| configuration.channel.clone());
        transaction.url = Some(Box::new(mock::value(
            |url: &mut dintero::payments::TransactionUrl| {
                url.callback_url = urls.callback_url;
                url.return_url = urls.return_url;
            },
        )));
        if let Some(currency) = order.currency {
            transaction.currency = currency;
        }
    });
    if customer
        .as_object()
        .is_some_and(|members| !members.is_empty())
    {
        transaction.customer = Some(Box::new(converted(&customer)?));
    }
    if let Some(metadata) = &session.metadata {
        transaction.metadata = Some(Box::new(converted(metadata)?));
    }
    if product.ends_with("card") {
        let year = now
            .as_str()
            .get(..4)
            .and_then(|year| year.parse::<u32>().ok());
        transaction.card = Some(Box::new(mock::value(|card: &mut Card| {
            card.brand = Some("Visa".to_owned());
            card.masked_pan = Some("492500******0004".to_owned());
            card.type_ = Some("Credit".into());
            card.country = Some("NO".to_owned());
            card.expiry_date = year.map(|year| format!("12/{}", year + 2));
        })));
    }
    Ok(transaction)
}

/// Saves the card of a session that asks for it.
fn save_card(
    state: &mut State,
    session: &StoredSession,
    transaction: &mut Transaction,
    product: &str,
) {
    let is_token_session =
        session.payment_operation == Some(PaymentOperationIntent::GeneratePaymentToken);
    let configuration = serde_json::to_value(&session.configuration).unwrap_or_default();
    let wants = |setting: &str| {
        let pointer = format!("/{}/{setting}", product.replace('.', "/"));
        configuration.pointer(&pointer) == Some(&Value::Bool(true))
    };
    let (once, recurring) = (
        is_token_session || wants("generate_payment_token"),
        is_token_session || wants("generate_recurrence_token"),
    );
    let (Some(card), true) = (transaction.card.as_mut(), once || recurring) else {
        return;
    };
    let token = |state: &mut State| {
        let id = state.uuid();
        let text = state.text(40);
        let saved = mock::value(|saved: &mut CardToken| {
            saved.id = Some(CardTokenId::new(&id));
            saved.account_id = transaction.account_id.clone();
            saved.created_at = transaction.created_at.clone();
            saved.card_brand = Some("visa".into());
            saved.customer_id =
                (session.customer.as_ref()).and_then(|customer| customer.customer_id.clone());
            saved.masked_pan = card.masked_pan.clone();
            saved.pan_expiry_date = card.expiry_date.clone();
            saved.payment_product_type = Some(product.to_owned());
            saved.status = Some("ACTIVE".into());
            saved.token = Some(text.clone());
            saved.transaction_id = Some(transaction.id.clone());
            saved.type_ = Some("payment_token".into());
        });
        state.store.put(&id, &saved);
        (id, text)
    };
    if once {
        let (id, text) = token(state);
        card.payment_token_id = Some(CardTokenId::new(id));
        card.payment_token = Some(text);
    }
    if recurring {
        let (id, text) = token(state);
        card.recurrence_token_id = Some(CardTokenId::new(id));
        card.recurrence_token = Some(text);
    }
}

/// Ends the review of a transaction that is on hold.
///
/// # Errors
/// The transaction is unknown or not on hold.
pub(crate) fn review(state: &mut State, transaction: &str, approve: bool) -> Result<(), Problem> {
    let mut transaction = (state.store.get::<Transaction>(transaction))
        .ok_or_else(|| Problem::not_found("transaction", transaction))?;
    if transaction.status.as_str() != "ON_HOLD" {
        let message = format!("the transaction is {}, not ON_HOLD", transaction.status);
        return Err(transactions::refused(&message));
    }
    let now = state.timestamp();
    let amount = transaction.amount.minor_units();
    let mut event = transaction::event("AUTHORIZE", amount, approve, &now);
    event.request_id = Some(state.uuid());
    if !approve {
        event.error = Some(Box::new(transaction::error(
            "FAILED",
            "the review rejected the payment",
        )));
        transaction.status = "FAILED".into();
    }
    transaction::add(&mut transaction, event, &now);
    state.store.put(transaction.id.as_str(), &transaction);
    decided(state, &transaction, approve);
    Ok(())
}

/// Sends the callback and the events of a transaction that is no longer on hold.
pub(crate) fn decided(state: &mut State, transaction: &Transaction, approve: bool) {
    let now = state.timestamp();
    let session = transaction.session_id.as_ref();
    let session = session.and_then(|id| state.store.get::<StoredSession>(id.as_str()));
    if let Some(mut session) = session {
        add_event(
            &mut session,
            if approve { "AUTHORIZED" } else { "FAILED" },
            &now,
        );
        state.store.put(session.id.as_str(), &session);
        tell(
            state,
            &session,
            Some(transaction),
            (!approve).then_some("failed"),
        );
    }
    transaction_event(state, transaction);
}

/// Sends the callback of a session, and the event `checkout_authorization`.
fn tell(
    state: &mut State,
    session: &StoredSession,
    transaction: Option<&Transaction>,
    error: Option<&str>,
) {
    let news = News {
        transaction,
        error,
        event: None,
    };
    delivery::session_callback(state, session, news);
    let account = session
        .account_id
        .as_ref()
        .map_or("", |account| account.as_str());
    delivery::account_event(state, account, "checkout_authorization", || {
        let order = session.order.as_ref();
        let mut authorization = json!({ "session_id": session.id });
        let members = [
            ("transaction_id", transaction.map(|one| one.id.to_string())),
            (
                "merchant_reference",
                order.and_then(|order| order.merchant_reference.clone()),
            ),
            ("error", error.map(str::to_owned)),
        ];
        for (name, value) in members {
            if let Some(value) = value {
                authorization[name] = value.into();
            }
        }
        let mut body = json!({ "authorization": authorization });
        if let Some(transaction) = transaction {
            body["transaction"] = serde_json::to_value(public(transaction)).unwrap_or_default();
        }
        body
    });
}

/// Sends the event `checkout_transaction` of a transaction that is new or changed.
pub(crate) fn transaction_event(state: &mut State, transaction: &Transaction) {
    let account = transaction
        .account_id
        .as_ref()
        .map_or("", |account| account.as_str());
    delivery::account_event(
        state,
        account,
        "checkout_transaction",
        || json!({ "transaction": public(transaction) }),
    );
}

/// A transaction as others see it: without tokens of cards.
pub(crate) fn public(transaction: &Transaction) -> Transaction {
    transactions::shown(transaction.clone(), &[])
}

fn done(session: &StoredSession, transaction: Option<&Transaction>, error: Option<&str>) -> Done {
    let url = session
        .url
        .as_ref()
        .and_then(|url| url.return_url.as_deref());
    let redirect = url.map(|url| {
        let order = session.order.as_ref();
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(error) = error {
            query.append_pair("error", error);
        }
        if let Some(reference) = order.and_then(|order| order.merchant_reference.as_deref()) {
            query.append_pair("merchant_reference", reference);
        }
        if let (Some(transaction), None) = (transaction, error) {
            query.append_pair("transaction_id", transaction.id.as_str());
        }
        with_query(url, &query.finish())
    });
    Done {
        redirect,
        transaction: transaction.map(|transaction| transaction.id.to_string()),
    }
}

/// Adds parameters to a URL, before its fragment.
pub(crate) fn with_query(url: &str, query: &str) -> String {
    let (url, fragment) = url
        .split_once('#')
        .map_or((url, None), |(url, rest)| (url, Some(rest)));
    let separator = match url.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    let fragment = fragment.map(|fragment| format!("#{fragment}"));
    format!("{url}{separator}{query}{}", fragment.unwrap_or_default())
}

/// Returns the payment types that a session offers: `payex.creditcard`, `vipps`, …
pub(crate) fn payment_types(state: &State, session: &str) -> Vec<String> {
    let session = state.store.get::<StoredSession>(session);
    session
        .map(|session| payment_types_of(&session))
        .unwrap_or_default()
}

fn payment_types_of(session: &StoredSession) -> Vec<String> {
    let configuration: Option<&StoredSessionConfiguration> = session.configuration.as_deref();
    let configuration = serde_json::to_value(configuration).unwrap_or_default();
    let mut types = Vec::new();
    for (provider, settings) in configuration.as_object().into_iter().flatten() {
        let Some(settings) = settings
            .as_object()
            .filter(|_| provider != "active_payment_types")
        else {
            continue;
        };
        let is_enabled = |settings: &Value| settings["enabled"] == true;
        if settings.get("enabled") == Some(&Value::Bool(true)) {
            types.push(provider.clone());
        }
        let kinds = settings.iter().filter(|(_, settings)| is_enabled(settings));
        types.extend(kinds.map(|(kind, _)| format!("{provider}.{kind}")));
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_to_any_url() {
        assert_eq!(with_query("https://a/b", "x=1"), "https://a/b?x=1");
        assert_eq!(with_query("https://a/b?", "x=1"), "https://a/b?x=1");
        assert_eq!(with_query("https://a/b?y=2", "x=1"), "https://a/b?y=2&x=1");
        assert_eq!(with_query("https://a/b#c", "x=1"), "https://a/b?x=1#c");
    }
}
