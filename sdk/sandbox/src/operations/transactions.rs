//! Transactions: capture, refund, void and extension.

use std::time::Duration;

use dintero::payments::{
    CaptureTransactionBody, ExtendAuthorizationBody, OrderLineRef, RefundTransactionBody,
    StoredSession, Transaction, TransactionEvent, TransactionEventCorrection,
    UpdateTransactionBody,
};
use dintero::{Amount, mock};
use serde::{Deserialize, Serialize};

use super::{Handler, Outcome};
use crate::delivery::{self, News};
use crate::plan::{self, Plan};
use crate::request::{Answer, Problem, Request};
use crate::state::{Job, State};
use crate::transaction::{Sums, add, error, event, releases_the_rest};

/// How long an operation that was accepted with 202 takes, unless it is planned otherwise.
const SETTLING: Duration = Duration::from_secs(2);

/// A capture, refund or void that got a response with status 202.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Initiated {
    pub(crate) transaction: String,
    /// The event that will be the outcome.
    event: TransactionEvent,
    /// Its error code, if it fails.
    fails: Option<String>,
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    if api != "payments" {
        return None;
    }
    Some(Handler::Now(match operation {
        "get_transaction" => get,
        "update_transaction" => update,
        "capture_transaction" => capture,
        "refund_transaction" => refund,
        "void_transaction" => void,
        "extend_authorization" => extend,
        _ => return None,
    }))
}

/// Returns a transaction of the caller's account.
pub(super) fn of_caller(state: &State, request: &Request) -> Result<Transaction, Problem> {
    of_account(state, &request.caller.account, request.id("id"))
}

/// Returns a transaction of an account.
pub(super) fn of_account(state: &State, account: &str, id: &str) -> Result<Transaction, Problem> {
    let found = state.store.get::<Transaction>(id);
    let own = found.filter(|one| {
        let own = one.account_id.as_ref();
        own.is_some_and(|own| own.as_str() == account)
    });
    own.ok_or_else(|| Problem::not_found("transaction", id))
}

/// Returns a transaction as responses have it: tokens of cards only on request.
pub(crate) fn shown(mut transaction: Transaction, includes: &[&str]) -> Transaction {
    if let Some(card) = &mut transaction.card {
        if !includes.contains(&"card.payment_token") {
            card.payment_token = None;
        }
        if !includes.contains(&"card.recurrence_token") {
            card.recurrence_token = None;
        }
    }
    if !includes.contains(&"session") {
        transaction.session = None;
    }
    transaction
}

fn get(state: &mut State, request: &Request) -> Outcome {
    let mut transaction = of_caller(state, request)?;
    let includes: Vec<&str> = request.query_values("includes").collect();
    if includes.contains(&"session")
        && let Some(id) = &transaction.session_id
        && let Some(session) = state.store.get::<StoredSession>(id.as_str())
    {
        transaction.session = super::sessions::converted(&session).ok().map(Box::new);
    }
    Answer::json(&shown(transaction, &includes))
}

fn update(state: &mut State, request: &Request) -> Outcome {
    let mut transaction = of_caller(state, request)?;
    let body = request.read::<UpdateTransactionBody>()?;
    if body.merchant_reference_2.is_some() {
        transaction.merchant_reference_2 = body.merchant_reference_2;
    }
    transaction.updated_at = Some(state.timestamp());
    state.store.put(transaction.id.as_str(), &transaction);
    Answer::json(&shown(transaction, &[]))
}

fn capture(state: &mut State, request: &Request) -> Outcome {
    let transaction = of_caller(state, request)?;
    let body = request.read::<CaptureTransactionBody>()?;
    let status = transaction.status.as_str();
    let can_be = [
        "AUTHORIZED",
        "PARTIALLY_CAPTURED",
        "PARTIALLY_CAPTURED_REFUNDED",
    ];
    if !can_be.contains(&status) {
        return Err(refused(&format!(
            "a transaction that is {status} can't be captured"
        )));
    }
    let amount = positive(body.amount)?;
    let left = Sums::of(&transaction).uncaptured();
    if amount > left {
        return Err(refused(&format!(
            "{amount} is more than the {left} that can still be captured"
        )));
    }
    check_items(&transaction, &body.items)?;
    let mut event = new_event(state, request, "CAPTURE", amount);
    event.event_reference = body.capture_reference;
    event.items = converted(&body.items)?;
    if !body.metadata.is_empty() {
        event.metadata = converted(&body.metadata)?;
    }
    carry_out(state, request, transaction, event)
}

fn refund(state: &mut State, request: &Request) -> Outcome {
    let transaction = of_caller(state, request)?;
    let body = request.read::<RefundTransactionBody>()?;
    let status = transaction.status.as_str();
    let can_be = [
        "CAPTURED",
        "PARTIALLY_CAPTURED",
        "PARTIALLY_REFUNDED",
        "PARTIALLY_CAPTURED_REFUNDED",
    ];
    if !can_be.contains(&status) {
        return Err(refused(&format!(
            "a transaction that is {status} can't be refunded"
        )));
    }
    let amount = positive(body.amount)?;
    let left = Sums::of(&transaction).unrefunded();
    if amount > left {
        return Err(refused(&format!(
            "{amount} is more than the {left} that can still be refunded"
        )));
    }
    check_items(&transaction, &body.items)?;
    let mut event = new_event(state, request, "REFUND", amount);
    event.event_reference = body.refund_reference;
    event.items = converted(&body.items)?;
    if !body.metadata.is_empty() {
        event.metadata = converted(&body.metadata)?;
    }
    carry_out(state, request, transaction, event)
}

fn void(state: &mut State, request: &Request) -> Outcome {
    let transaction = of_caller(state, request)?;
    let event = new_event(state, request, "VOID", voidable(&transaction)?);
    carry_out(state, request, transaction, event)
}

/// Returns the amount that a void releases.
pub(crate) fn voidable(transaction: &Transaction) -> Result<i64, Problem> {
    let sums = Sums::of(transaction);
    if sums.capturing > 0 {
        return Err(Problem::unknown("a void while a capture is in progress"));
    }
    let left = sums.uncaptured();
    match transaction.status.as_str() {
        "AUTHORIZED" if left > 0 => Ok(left),
        "PARTIALLY_CAPTURED" if left > 0 && releases_the_rest(transaction) => Ok(left),
        "PARTIALLY_CAPTURED" if left > 0 => Err(refused(
            "the rest of a partially captured transaction can't be voided with this payment type",
        )),
        "ON_HOLD" => Err(Problem::unknown(
            "the void of a transaction that is ON_HOLD",
        )),
        "PARTIALLY_CAPTURED_REFUNDED" => Err(Problem::unknown(
            "the void of a transaction that is PARTIALLY_CAPTURED_REFUNDED",
        )),
        status => Err(refused(&format!(
            "a transaction that is {status} can't be voided"
        ))),
    }
}

fn extend(state: &mut State, request: &Request) -> Outcome {
    let mut transaction = of_caller(state, request)?;
    let body: ExtendAuthorizationBody = match request.body.is_empty() {
        true => mock::value(|_| {}),
        false => request.read()?,
    };
    let product = transaction.payment_product_type.as_ref();
    let product = product.map_or("", |product| product.as_str()).to_owned();
    let status = transaction.status.to_string();
    let now = state.timestamp();
    let conflict = |message: &str| Problem::new(409, "Conflict", message);
    let old = transaction.amount.minor_units();
    match (&*product, &*status) {
        ("dintero.external", "ON_HOLD") => {}
        ("klarna.klarna" | "klarna.billie", "AUTHORIZED" | "PARTIALLY_CAPTURED")
        | (
            "dintero_psp.creditcard"
            | "dintero_psp.vipps"
            | "dintero_psp.googlepay"
            | "dintero_psp.applepay"
            | "dintero_psp.clicktopay",
            "AUTHORIZED",
        ) => {}
        _ => {
            let message =
                format!("the authorization of {product} can't be changed while it is {status}");
            return Err(conflict(&message));
        }
    }
    if let Some(amount) = body.amount {
        let amount = positive(Some(amount))?;
        let is_final = body.final_authorization == Some(true);
        if product.starts_with("dintero_psp.") && amount <= old && !is_final {
            return Err(refused(
                "the amount must grow, unless `final_authorization` is true",
            ));
        }
        let sums = Sums::of(&transaction);
        let gone = sums.authorized - sums.uncaptured();
        if amount < gone {
            return Err(refused(&format!(
                "the amount is less than the {gone} that were captured or voided"
            )));
        }
        if !transaction.items.is_empty() && body.items.is_empty() {
            return Err(refused(
                "`items` is required, because the transaction has items",
            ));
        }
        if !body.items.is_empty() {
            let amounts = body.items.iter().filter_map(|item| item.amount);
            let sum = Amount::checked_sum(amounts).map_err(|error| refused(&error.to_string()))?;
            let sum = sum.minor_units();
            if sum != amount {
                return Err(refused(&format!(
                    "the items add up to {sum}, not to {amount}"
                )));
            }
            transaction.items = converted(&body.items)?;
        }
        transaction.amount = Amount::minor(amount);
    }
    let mut event = new_event(
        state,
        request,
        "AUTHORIZE",
        transaction.amount.minor_units(),
    );
    event.event_reference = body.reference;
    add(&mut transaction, event, &now);
    state.store.put(transaction.id.as_str(), &transaction);
    match &*status {
        "ON_HOLD" => crate::pay::decided(state, &transaction, true),
        _ => super::pay::transaction_event(state, &transaction),
    }
    Answer::json(&shown(transaction, &[]))
}

/// Does what a request asks for: now, later, or not, as it was planned.
fn carry_out(
    state: &mut State,
    request: &Request,
    mut transaction: Transaction,
    event: TransactionEvent,
) -> Outcome {
    let kind = event
        .event
        .as_ref()
        .map_or("", |kind| kind.as_str())
        .to_owned();
    let plan = plan::take(state, request, &kind)?;
    let amount = event.amount.map_or(0, Amount::minor_units);
    let now = state.timestamp();
    let later = match plan {
        None => None,
        Some(Plan::Fails(code)) => {
            let failed = outcome(event, Some(&code));
            let id = add_outcome(&mut transaction, failed, &now);
            store(state, &transaction, &kind, &id);
            let message = format!("the {} was rejected: {code}", kind.to_lowercase());
            return Err(Problem::bad_request("OperationFailed", message));
        }
        Some(Plan::Later { after, fails }) => Some((after.unwrap_or(SETTLING), fails)),
    };
    let Some((after, fails)) = later else {
        let id = add(&mut transaction, event, &now);
        store(state, &transaction, &kind, &id);
        return Answer::json(&shown(transaction, &[]));
    };
    let mut initiated = crate::transaction::event(&format!("INITIATE_{kind}"), amount, true, &now);
    initiated.request_id = event.request_id.clone();
    initiated.created_by = event.created_by.clone();
    add(&mut transaction, initiated, &now);
    state.store.put(transaction.id.as_str(), &transaction);
    let mut outcome = event;
    outcome.correlation_request_id = outcome.request_id.take();
    let initiated = Initiated {
        transaction: transaction.id.to_string(),
        event: outcome,
        fails,
    };
    state.schedule(after, Job::Complete(Box::new(initiated)));
    Answer::status(202, &shown(transaction, &[]))
}

/// Completes a request that got a response with status 202.
pub(super) fn complete(state: &mut State, initiated: Initiated) {
    let Some(mut transaction) = state.store.get::<Transaction>(&initiated.transaction) else {
        return;
    };
    let now = state.timestamp();
    let mut event = outcome(initiated.event, initiated.fails.as_deref());
    event.created_at = Some(now.clone());
    event.request_id = Some(state.uuid());
    let kind = event
        .event
        .as_ref()
        .map_or("", |kind| kind.as_str())
        .to_owned();
    let id = add_outcome(&mut transaction, event, &now);
    store(state, &transaction, &kind, &id);
}

/// Adds an outcome. One that failed has what is left to do: no event is needed to put the transaction right, because a
/// failure changes nothing.
fn add_outcome(
    transaction: &mut Transaction,
    event: TransactionEvent,
    now: &dintero::Timestamp,
) -> String {
    let is_failed = event.success == Some(false);
    let id = add(transaction, event, now);
    if is_failed {
        let sums = Sums::of(transaction);
        let correction = mock::value(|correction: &mut TransactionEventCorrection| {
            correction.status = Some(transaction.status.to_string());
            let remaining = |amount: i64| Some(Amount::minor(amount));
            correction.remaining_capture_amount = remaining(sums.uncaptured());
            correction.remaining_refund_amount = remaining(sums.unrefunded());
            correction.remaining_void_amount = remaining(voidable(transaction).unwrap_or(0));
        });
        if let Some(last) = transaction.events.last_mut() {
            last.correction = Some(Box::new(correction));
        }
    }
    id
}

fn outcome(mut event: TransactionEvent, fails: Option<&str>) -> TransactionEvent {
    if let Some(code) = fails {
        event.success = Some(false);
        event.error = Some(Box::new(error(code, "rejected by the sandbox, as planned")));
    }
    event
}

/// Stores a transaction and sends its new event to the merchant.
pub(crate) fn store(state: &mut State, transaction: &Transaction, kind: &str, event: &str) {
    state.store.put(transaction.id.as_str(), transaction);
    // That of its session.
    let url = transaction.url.as_ref();
    let url = url.and_then(|url| url.callback_url.as_deref());
    let is_wanted = url.is_some_and(|url| delivery::wants_event(url, kind));
    let session = transaction.session_id.as_ref().filter(|_| is_wanted);
    let session = session.and_then(|id| state.store.get::<StoredSession>(id.as_str()));
    if let Some(session) = session {
        let news = News {
            transaction: Some(transaction),
            error: None,
            event: Some((kind, event)),
        };
        delivery::session_callback(state, &session, news);
    }
    super::pay::transaction_event(state, transaction);
}

/// The event of a request, as if it succeeds.
fn new_event(state: &mut State, request: &Request, kind: &str, amount: i64) -> TransactionEvent {
    let mut event = event(kind, amount, true, &state.timestamp());
    event.request_id = Some(request.id.clone());
    event.created_by = Some(request.caller.name.clone());
    event
}

pub(crate) fn refused(message: &str) -> Problem {
    Problem::bad_request("InvalidRequest", message)
}

fn positive(amount: Option<Amount>) -> Result<i64, Problem> {
    let amount = amount.map_or(0, Amount::minor_units);
    if amount <= 0 {
        return Err(refused("`amount` must be more than zero"));
    }
    Ok(amount)
}

/// Lines are required for one provider, and unique.
fn check_items(transaction: &Transaction, items: &[OrderLineRef]) -> Result<(), Problem> {
    let product = transaction.payment_product.as_ref();
    if items.is_empty() && product.is_some_and(|product| product.as_str() == "instabank") {
        return Err(refused("`items` is required for instabank"));
    }
    for (index, item) in items.iter().enumerate() {
        if items[..index].iter().any(|one| one.line_id == item.line_id) {
            let id = item.line_id.as_deref().unwrap_or_default();
            return Err(refused(&format!("`items` has the line_id {id} twice")));
        }
    }
    Ok(())
}

fn converted<T: serde::de::DeserializeOwned>(value: &impl Serialize) -> Result<T, Problem> {
    super::sessions::converted(value)
}
