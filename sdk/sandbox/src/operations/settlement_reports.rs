//! Which settlement reports are sent to whom.

use dintero::payments::{
    SettlementReportConfiguration as Configuration, SettlementReportConfigurationPage,
    UpdatedSettlementReportConfiguration,
};
use serde_json::{Value, json};

use super::records::{key, merged, of_account, page, typed};
use super::{Handler, Outcome};
use crate::request::{Answer, Problem, Request};
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
