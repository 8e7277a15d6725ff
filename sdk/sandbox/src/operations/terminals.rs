//! Commands to payment terminals, such as the end of the day.

use std::time::Duration;

use dintero::checkout::{CreateTerminalOperationBody, TerminalOperation};
use dintero::management::Terminal;
use dintero::payments::Transaction;
use dintero::{Amount, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::records::{key, merged, of_account};
use super::{Handler, Outcome};
use crate::request::{Answer, Problem, Request};
use crate::shares;
use crate::state::{Job, State};
use crate::store::Record;

/// How long a terminal takes.
const WORKING: Duration = Duration::from_secs(5);

const END_OF_DAY: &str = "end_of_day";

impl Record for TerminalOperation {
    const TABLE: &'static str = "terminal-operations";
}

/// A command that was sent with an `Idempotency-Key`, under that key.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sent {
    body: Value,
    operation: String,
}

impl Record for Sent {
    const TABLE: &'static str = "terminal-commands";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("checkout", "create_terminal_operation") => create,
        ("checkout", "list_terminal_operations") => list,
        _ => return None,
    }))
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let account = &request.caller.account;
    let body = request.read::<CreateTerminalOperationBody>()?;
    let sent: Value = merged(&body, json!({}))?;
    let place = request
        .header("idempotency-key")
        .map(|text| key(account, text));
    let known = place
        .as_ref()
        .and_then(|place| state.store.get::<Sent>(place));
    if let Some(known) = known {
        if known.body != sent {
            let what = "another command with an `Idempotency-Key` that was used before";
            return Err(Problem::unknown(what));
        }
        let operation = state.store.get::<TerminalOperation>(&known.operation);
        return Answer::json(&operation.ok_or_else(|| Problem::internal("no operation"))?);
    }
    let terminal = sent["terminal_id"].as_str().unwrap_or_default();
    if !state.store.contains::<Terminal>(&key(account, terminal)) {
        let message = format!("body.terminal_id: there is no terminal `{terminal}`");
        return Err(Problem::bad_request("ValidationError", message));
    }
    let is_busy = |one: &TerminalOperation| is_of(one, terminal) && is(one, "PENDING");
    let operations = of_account::<TerminalOperation>(state, account);
    if operations.iter().any(is_busy) {
        let message = format!("the terminal {terminal} is busy with another operation");
        let answer = Problem::new(409, "Conflict", message).into_answer();
        return Ok(answer.header("retry-after", &WORKING.as_secs().to_string()));
    }
    let operation = start(state, account, &request.caller.name, sent.clone())?;
    if let Some(place) = place {
        let id = operation.id.as_ref().map_or("", |id| id.as_str());
        let sent = Sent {
            body: sent,
            operation: key(account, id),
        };
        state.store.put(&place, &sent);
    }
    Answer::json(&operation)
}

/// Closes the day of a terminal that is removed.
pub(super) fn close(state: &mut State, account: &str, by: &str, terminal: &str) {
    let command = json!({ "terminal_id": terminal, "operation": END_OF_DAY });
    // Made of members of the generated type.
    let _ = start(state, account, by, command);
}

fn start(
    state: &mut State,
    account: &str,
    by: &str,
    command: Value,
) -> Result<TerminalOperation, Problem> {
    let id = state.uuid();
    let now = state.timestamp();
    let operation: TerminalOperation = merged(
        &command,
        json!({
            "id": id,
            "account_id": account,
            "status": "PENDING",
            "created_at": now,
            "created_by": by,
            "updated_at": now,
            "updated_by": by,
        }),
    )?;
    let place = key(account, &id);
    state.store.put(&place, &operation);
    state.schedule(WORKING, Job::Command(place));
    Ok(operation)
}

/// Completes a command.
pub(crate) fn complete(state: &mut State, place: &str) {
    let Some(operation) = state.store.get::<TerminalOperation>(place) else {
        return;
    };
    let (Some(account), Some(terminal)) = (&operation.account_id, &operation.terminal_id) else {
        return;
    };
    let mut result = json!({ "outcome": "accepted" });
    let kind = operation.operation.as_ref().map_or("", |it| it.as_str());
    if kind == END_OF_DAY {
        let batch = state.number(10_000_000_000).to_string();
        let closed = closed_day(state, account.as_str(), terminal.as_str());
        if let (Some(result), Value::Object(closed)) = (result.as_object_mut(), closed) {
            result.extend(closed);
            result.insert("batch_id".to_owned(), batch.into());
        }
    }
    let more = json!({ "status": "COMPLETED", "updated_at": state.timestamp(), "result": result });
    // Made of members of the generated type.
    if let Ok(done) = merged::<TerminalOperation>(&operation, more) {
        state.store.put(place, &done);
    }
}

/// The figures of the day that ends: captures and refunds at the terminal since the end of the day before.
fn closed_day(state: &State, account: &str, terminal: &str) -> Value {
    let mut before = of_account::<TerminalOperation>(state, account).into_iter();
    let before = before.rfind(|one| {
        let kind = one.operation.as_ref().map_or("", |kind| kind.as_str());
        is_of(one, terminal) && is(one, "COMPLETED") && kind == END_OF_DAY
    });
    let last = before.and_then(|before| before.updated_at);
    let (mut purchases, mut reversals) = ((0, 0), (0, 0));
    let mut start: Option<Timestamp> = last.clone();
    let transactions = state.store.iter::<Transaction>().map(|(_, one)| one);
    for one in transactions.filter(|one| is_at(one, account, terminal)) {
        for event in one.events.iter().filter(|event| shares::moves_money(event)) {
            let at = event.created_at.as_ref();
            if last.as_ref().zip(at).is_some_and(|(last, at)| at <= last) {
                continue;
            }
            if start.as_ref().zip(at).is_none_or(|(start, at)| at < start) {
                start = at.cloned();
            }
            let is_capture = event.event == Some("CAPTURE".into());
            let sum: &mut (i64, i64) = if is_capture {
                &mut purchases
            } else {
                &mut reversals
            };
            sum.0 += 1;
            sum.1 = sum
                .1
                .saturating_add(event.amount.map_or(0, Amount::minor_units));
        }
    }
    let mut closed = json!({
        "purchases_count": purchases.0,
        "purchases_amount": purchases.1,
        "reversals_count": reversals.0,
        "reversals_amount": reversals.1,
        "sale_amount": purchases.1,
        "tip_amount": 0,
    });
    if let Some(start) = start {
        closed["start_of_day_at"] = json!(start);
    }
    if let Some(last) = last {
        closed["last_end_of_day_at"] = json!(last);
    }
    closed
}

fn is_at(transaction: &Transaction, account: &str, terminal: &str) -> bool {
    let own = transaction.account_id.as_ref();
    let store = transaction.store.as_ref();
    let at = store.and_then(|store| store.terminal_id.as_ref());
    own.is_some_and(|own| own.as_str() == account) && at.is_some_and(|at| at.as_str() == terminal)
}

fn is_of(operation: &TerminalOperation, terminal: &str) -> bool {
    let own = operation.terminal_id.as_ref();
    own.is_some_and(|own| own.as_str() == terminal)
}

fn is(operation: &TerminalOperation, status: &str) -> bool {
    let own = operation.status.as_ref();
    own.is_some_and(|own| own.as_str() == status)
}

/// Newest first. The operation has no pages.
fn list(state: &mut State, request: &Request) -> Outcome {
    let mut operations = of_account::<TerminalOperation>(state, &request.caller.account);
    operations.reverse();
    operations.retain(|one| {
        let terminal = request.query_value("terminal_id");
        let id = request.query_value("operation_id");
        terminal.is_none_or(|terminal| is_of(one, terminal))
            && id.is_none_or(|id| one.id.as_ref().is_some_and(|own| own.as_str() == id))
    });
    Answer::json(&operations)
}
