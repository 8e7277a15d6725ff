//! Settlements that the merchant notes in transactions.

use dintero::checkout::AddSettlementEventsBody;
use dintero::payments::{
    SettlementStatus, Transaction, TransactionEvent, TransactionSettlements,
    TransactionSettlementsEvent,
};
use dintero::{Amount, mock};

use super::{Handler, Outcome, transactions};
use crate::pay;
use crate::request::{Answer, Problem, Request};
use crate::shares::{self, Shares};
use crate::state::State;
use crate::transaction;

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    match (api, operation) {
        ("checkout", "add_settlement_events") => Some(Handler::Now(add)),
        _ => None,
    }
}

/// A transaction, and the settlements of its events.
type Noted = (Transaction, Vec<TransactionSettlementsEvent>);

/// Notes all of them or, if one is invalid, none.
fn add(state: &mut State, request: &Request) -> Outcome {
    let account = &request.caller.account;
    let mut all = Shares::of(state, account);
    let mut noted: Vec<Noted> = Vec::new();
    let body = request.read::<AddSettlementEventsBody>()?;
    for (index, one) in body.transactions.into_iter().enumerate() {
        let place = format!("body.transactions.{index}");
        let id = one.id.as_ref().map_or("", |id| id.as_str());
        if noted.iter().any(|(known, _)| known.id.as_str() == id) {
            return Err(refused(
                &place,
                "id",
                "the transaction is in the list twice",
            ));
        }
        let found = transactions::of_account(state, account, id)
            .map_err(|problem| refused(&place, "id", &problem.message))?;
        let settlements = one.settlements.map(|all| all.events.into_vec());
        let settlements = settlements.unwrap_or_default();
        for (index, settlement) in settlements.iter().enumerate() {
            let place = format!("{place}.settlements.events.{index}");
            let event = paid_event(&found, settlement, &place)?;
            if all.has(id, event) {
                let message = "the event was settled already";
                return Err(refused(&place, "event_correlation_id", message));
            }
            for mut share in shares::of_event(&found, event) {
                share.settlement = settlement.settlement_id.as_ref().map(ToString::to_string);
                all.add(share);
            }
        }
        noted.push((found, settlements));
    }
    let mut changed = Vec::new();
    for (found, settlements) in noted {
        for share in all.of_transaction(found.id.as_str()) {
            state.store.put(&share.key(account), share);
        }
        changed.push(noted_in(state, found, settlements, &all));
    }
    let shown: Vec<Transaction> = changed.iter().map(pay::public).collect();
    Answer::json(&shown)
}

fn refused(place: &str, member: &str, message: &str) -> Problem {
    Problem::bad_request("ValidationError", format!("{place}.{member}: {message}"))
}

/// Returns the capture or refund that a settlement pays out.
fn paid_event<'t>(
    transaction: &'t Transaction,
    settlement: &TransactionSettlementsEvent,
    place: &str,
) -> Result<&'t TransactionEvent, Problem> {
    let Some(id) = &settlement.event_correlation_id else {
        let what = "which event is settled without `event_correlation_id`";
        return Err(Problem::unknown(what));
    };
    let is_it = |event: &&TransactionEvent| {
        let own = event.id.as_ref();
        shares::moves_money(event) && own.is_some_and(|own| own.as_str() == id)
    };
    let event = transaction.events.iter().find(is_it).ok_or_else(|| {
        let message = format!("the transaction has no capture or refund with the id `{id}`");
        refused(place, "event_correlation_id", &message)
    })?;
    let minor = |amount: Option<Amount>| amount.map_or(0, Amount::minor_units);
    let is_refund = event.event == Some("REFUND".into());
    let (paid, other) = match is_refund {
        true => (settlement.refund, settlement.capture),
        false => (settlement.capture, settlement.refund),
    };
    if minor(paid) != minor(event.amount) || minor(other) != 0 {
        let what = "settlements of a part of an event, or of another amount";
        return Err(Problem::unknown(what));
    }
    Ok(event)
}

fn noted_in(
    state: &mut State,
    mut found: Transaction,
    settlements: Vec<TransactionSettlementsEvent>,
    all: &Shares,
) -> Transaction {
    if settlements.is_empty() {
        return found;
    }
    let now = state.timestamp();
    let status: SettlementStatus =
        shares::settlement_status(&found, all.of_transaction(found.id.as_str())).into();
    let amounts = settlements.iter().filter_map(|one| one.amount);
    let amount = amounts.fold(0_i64, |sum, one| sum.saturating_add(one.minor_units()));
    let mut event = transaction::event("SETTLEMENT", amount, true, &now);
    event.settlements = Some(Box::new(mock::value(|of: &mut TransactionSettlements| {
        of.events = settlements.into();
        of.settlement_status = Some(status.clone());
    })));
    transaction::add(&mut found, event, &now);
    found.settlement_status = Some(status);
    state.store.put(found.id.as_str(), &found);
    found
}
