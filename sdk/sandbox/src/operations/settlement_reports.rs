//! Which settlement reports are sent to whom, and settlements that are reported at once, for tests.

use std::collections::BTreeSet;

use dintero::Timestamp;
use dintero::mock;
use dintero::payments::{
    SettlementReportConfiguration as Configuration, SettlementReportConfigurationPage,
    SettlementStatus, TestReportOptions, TestReportResponse, Transaction,
    UpdatedSettlementReportConfiguration,
};
use serde_json::{Value, json};

use super::records::{key, merged, of_account, page, typed};
use super::settlements::settle;
use super::{Handler, Outcome};
use crate::request::{Answer, Problem, Request};
use crate::shares;
use crate::state::State;
use crate::store::Record;

impl Record for Configuration {
    const TABLE: &'static str = "settlement-reports";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    if api != "payments" {
        return None;
    }
    Some(Handler::Now(match operation {
        "list_settlement_report_configurations" => list,
        "create_settlement_report_configuration" => create,
        "get_settlement_report_configuration" => get,
        "update_settlement_report_configuration" => update,
        "delete_settlement_report_configuration" => delete,
        "generate_settlement_test_report" => test_report,
        _ => return None,
    }))
}

fn id_of(configuration: &Configuration) -> Option<&str> {
    configuration.id.as_ref().map(|id| id.as_str())
}

fn list(state: &mut State, request: &Request) -> Outcome {
    let all = of_account::<Configuration>(state, &request.caller.account);
    let (items, has_more) = page(request, all, 100, id_of)?;
    let mut answer = json!({});
    if let Some(last) = items.last().filter(|_| has_more) {
        answer["starting_after"] = id_of(last).into();
    }
    let mut answer = typed::<SettlementReportConfigurationPage>(answer)?;
    answer.items = items.into();
    Answer::json(&answer)
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<Configuration>()?;
    let id = state.uuid();
    let now = state.timestamp();
    let more = server_side(request, &id, json!(now), json!(now));
    let created: Configuration = merged(&body, more)?;
    state
        .store
        .put(&key(&request.caller.account, &id), &created);
    Answer::json(&created)
}

/// Members that requests can't set.
fn server_side(request: &Request, id: &str, created_at: Value, updated_at: Value) -> Value {
    json!({
        "id": id,
        "account_id": request.caller.account,
        "created_at": created_at,
        "updated_at": updated_at,
        "last_send_at": null,
        "last_modified_at": null,
    })
}

fn known(state: &State, request: &Request) -> Result<Configuration, Problem> {
    let id = request.id("id");
    let found = state.store.get(&key(&request.caller.account, id));
    found.ok_or_else(|| Problem::not_found("configuration", id))
}

fn get(state: &mut State, request: &Request) -> Outcome {
    Answer::json(&known(state, request)?)
}

fn update(state: &mut State, request: &Request) -> Outcome {
    let before = known(state, request)?;
    let body = request.read::<UpdatedSettlementReportConfiguration>()?;
    let id = request.id("id");
    let now = state.timestamp();
    let more = server_side(request, id, json!(before.created_at), json!(now));
    let after: Configuration = merged(&body, more)?;
    state.store.put(&key(&request.caller.account, id), &after);
    Answer::json(&after)
}

fn delete(state: &mut State, request: &Request) -> Outcome {
    let found = known(state, request)?;
    let id = key(&request.caller.account, request.id("id"));
    state.store.remove::<Configuration>(&id);
    Answer::json(&found)
}

fn test_report(state: &mut State, request: &Request) -> Outcome {
    let options = match request.body.is_empty() {
        true => None,
        false => Some(request.read::<TestReportOptions>()?),
    };
    let account = &request.caller.account;
    let (ids, number, range) = options.map_or((Vec::new(), None, None), |options| {
        let ids = options.transaction_ids.into_vec();
        (ids, options.number_of_transactions, options.date_range)
    });
    if !ids.is_empty() && number.is_some() {
        return Err(Problem::unknown(
            "test reports with both `transaction_ids` and `number_of_transactions`",
        ));
    }
    let week = std::time::Duration::from_secs(7 * 24 * 60 * 60);
    let since = Timestamp::from(state.now() - week);
    let (from, to) = match &range {
        Some(range) => (
            range.start_date.as_ref().map(|day| day.as_str().to_owned()),
            range.end_date.as_ref().map(|day| day.as_str().to_owned()),
        ),
        None => (None, None),
    };
    let is_in_range = |one: &Transaction| {
        let Some(created) = &one.created_at else {
            return false;
        };
        let day = created.as_str().get(..10).unwrap_or_default();
        match (&from, &to) {
            (Some(from), Some(to)) => day >= from.as_str() && day <= to.as_str(),
            _ => number.is_some() || *created >= since,
        }
    };
    let mut chosen: BTreeSet<String> = BTreeSet::new();
    let limit = number.and_then(|number| usize::try_from(number).ok());
    let transactions = state.store.iter::<Transaction>();
    for (id, one) in transactions {
        let is_wanted = if ids.is_empty() {
            is_in_range(&one)
        } else {
            ids.contains(&one.id)
        };
        let is_own = one
            .account_id
            .as_ref()
            .is_some_and(|own| own.as_str() == account);
        let unsettled = one.events.iter().any(shares::moves_money)
            && one.settlement_status != Some(SettlementStatus::Settled)
            && one.settlement_status != Some(SettlementStatus::PendingSettlement);
        if is_wanted && is_own && unsettled && limit.is_none_or(|limit| chosen.len() < limit) {
            chosen.insert(id.to_owned());
        }
    }
    let (settlements, is_any) = settle(state, account, |one| chosen.contains(one.id.as_str()));
    let (status, message) = match is_any {
        true => (
            201,
            format!("{} settlements were created", settlements.len()),
        ),
        false => (200, "there was nothing to settle".to_owned()),
    };
    let answer = mock::value(|answer: &mut TestReportResponse| answer.message = Some(message));
    Answer::status(status, &answer)
}
