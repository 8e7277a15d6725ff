//! Accounts of merchants below a partner.

use dintero::management::{ExtendedAccount, RecordId, UpdateAccountBody};
use serde_json::{Value, json};

use super::records::{key, merged, of_account, page};
use super::{Handler, Outcome};
use crate::accounts::{self, Account};
use crate::request::{Answer, Problem, Request};
use crate::state::State;

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    if api != "management" {
        return None;
    }
    Some(Handler::Now(match operation {
        "list_accounts" => list,
        "create_account" => create,
        "get_account" => get,
        "update_account" => update,
        _ => return None,
    }))
}

/// Returns the account of the partner that sends the request.
fn partner(request: &Request) -> Result<&str, Problem> {
    let own = &request.caller.account;
    match own.ends_with("00000") {
        true => Ok(own),
        false => Err(Problem::forbidden(format!(
            "{own} is not the account of a partner"
        ))),
    }
}

fn list(state: &mut State, request: &Request) -> Outcome {
    let mut accounts = of_account::<ExtendedAccount>(state, partner(request)?);
    accounts.retain(|account| is_wanted(account, request));
    let (accounts, _) = page(request, accounts, 10, |account| {
        account.id.as_ref().map(RecordId::as_str)
    })?;
    Answer::json(&accounts)
}

fn is_wanted(account: &ExtendedAccount, request: &Request) -> bool {
    let account = serde_json::to_value(account).unwrap_or_default();
    let one_of = |name: &str, has: &dyn Fn(&str) -> bool| {
        let mut wanted = request.query_values(name).peekable();
        wanted.peek().is_none() || wanted.any(has)
    };
    // The stages of all connections or services.
    let is_at = |member: &str, stage: &str| {
        let all = account[member].as_object();
        all.is_some_and(|all| all.values().any(|one| one["progression"] == stage))
    };
    let search = request.query_value("search").unwrap_or_default();
    let id = account["account_id"].as_str().unwrap_or_default();
    id.contains(search)
        && one_of("progression", &|stage| account["progression"] == stage)
        && one_of("connections", &|name| {
            account["connections"].get(name).is_some()
        })
        && one_of("connections_progression", &|stage| {
            is_at("connections", stage)
        })
        && one_of("services", &|name| account["services"].get(name).is_some())
        && one_of("services_progression", &|stage| is_at("services", stage))
        && one_of("account_manager", &|email| {
            account["account_manager"]["email"] == email
        })
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let partner = partner(request)?;
    let body = request.read::<ExtendedAccount>()?;
    let id = next_id(state, partner)?;
    let company = body.company.as_ref();
    let name = company.and_then(|company| company.business_name.clone());
    let now = state.timestamp();
    let mut more = server_side();
    more["id"] = state.uuid().into();
    more["account_id"] = id.clone().into();
    more["partner_id"] = partner.into();
    more["active"] = true.into();
    more["created_at"] = now.as_str().into();
    more["created_by"] = request.caller.name.clone().into();
    more["updated_at"] = now.as_str().into();
    let created: ExtendedAccount = merged(&body, more)?;
    state.store.put(&key(partner, &id), &created);
    let account = Account {
        id,
        name: name.unwrap_or_default(),
        partner: Some(partner.to_owned()),
        callback_secret: None,
    };
    accounts::open(state, &account, &request.caller.name);
    Answer::json(&created)
}

/// The next account of a partner: its three digits, and five of the account.
fn next_id(state: &State, partner: &str) -> Result<String, Problem> {
    let digits = partner.get(..4).unwrap_or_default();
    let mut ids = (1..100_000).map(|number| format!("{digits}{number:05}"));
    ids.find(|id| !state.store.contains::<Account>(id))
        .ok_or_else(|| Problem::internal(&format!("{partner} has 99,999 accounts")))
}

/// Members that requests can't set.
fn server_side() -> Value {
    json!({ "deleted_at": null, "deleted_by": null, "statistics": null })
}

fn known(state: &State, request: &Request) -> Result<ExtendedAccount, Problem> {
    let id = request.id("aid");
    let found = state
        .store
        .get::<ExtendedAccount>(&key(partner(request)?, id));
    found.ok_or_else(|| Problem::not_found("account", id))
}

fn get(state: &mut State, request: &Request) -> Outcome {
    Answer::json(&known(state, request)?)
}

/// Replaces what the partner sets.
fn update(state: &mut State, request: &Request) -> Outcome {
    let before = known(state, request)?;
    let body = request.read::<UpdateAccountBody>()?;
    let mut more = server_side();
    more["id"] = json!(before.id);
    more["account_id"] = request.id("aid").into();
    more["partner_id"] = json!(before.partner_id);
    more["active"] = json!(before.active);
    more["created_at"] = json!(before.created_at);
    more["created_by"] = json!(before.created_by);
    more["updated_at"] = json!(state.timestamp());
    let after: ExtendedAccount = merged(&body, more)?;
    let partner = partner(request)?;
    state.store.put(&key(partner, request.id("aid")), &after);
    if let Some(mut account) = state.store.get::<Account>(request.id("aid")) {
        let company = after.company.as_ref();
        let name = company.and_then(|company| company.business_name.clone());
        account.name = name.unwrap_or(account.name);
        state.store.put(request.id("aid"), &account);
    }
    Answer::json(&after)
}
