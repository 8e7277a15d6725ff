//! API keys, which work as `x-api-key` instead of an access token.

use dintero::checkout::{ApiKey as Read, ApiKeyId, CreateApiKeyBody, CreateApiKeyResponse};
use dintero::mock;
use serde_json::json;

use super::records::{after, first, key, merged, of_account};
use super::{Handler, Outcome};
use crate::auth::ApiKey;
use crate::request::{Answer, Problem, Request};
use crate::state::State;

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("checkout", "list_api_keys") => list,
        ("checkout", "create_api_key") => create,
        ("checkout", "delete_api_key") => delete,
        ("checkout", "rotate_api_key") => rotate,
        _ => return None,
    }))
}

fn list(state: &mut State, request: &Request) -> Outcome {
    let with_deleted = request.query_value("include_deleted") == Some("true");
    let keys = of_account::<ApiKey>(state, &request.caller.account).into_iter();
    let keys = keys.map(|key| key.read).collect();
    let mut keys = after(request, keys, |key| key.id.as_ref().map(ApiKeyId::as_str))?;
    keys.retain(|key| with_deleted || key.deleted_at.is_none());
    let (keys, _) = first(request, keys, 10);
    Answer::json(&keys)
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<CreateApiKeyBody>()?;
    if body.access_token.is_some() {
        return Err(Problem::unknown("API keys with an access token"));
    }
    let account = &request.caller.account;
    let value = match body.api_key {
        Some(value) => {
            if state
                .store
                .iter::<ApiKey>()
                .any(|(_, known)| known.key == value)
            {
                let message = "body.api_key: another API key has this value";
                return Err(Problem::bad_request("ValidationError", message));
            }
            value
        }
        None => new_value(state, account),
    };
    let id = state.uuid();
    let now = state.timestamp();
    let created = ApiKey {
        account: account.clone(),
        key: value,
        scopes: request.caller.scopes.clone(),
        read: mock::value(|key: &mut Read| {
            key.id = Some(ApiKeyId::new(&id));
            key.name = body.name;
            key.created_at = Some(now.clone());
            key.updated_at = Some(now);
        }),
    };
    state.store.put(&key(account, &id), &created);
    with_value(&created)
}

fn delete(state: &mut State, request: &Request) -> Outcome {
    let mut found = known(state, request)?;
    let now = state.timestamp();
    found.read.updated_at = Some(now.clone());
    found.read.deleted_at = Some(now);
    found.read.deleted_by = Some(request.caller.name.clone());
    store(state, request, &found);
    Answer::json(&found.read)
}

fn rotate(state: &mut State, request: &Request) -> Outcome {
    let mut found = known(state, request)?;
    found.key = new_value(state, &request.caller.account);
    found.read.updated_at = Some(state.timestamp());
    store(state, request, &found);
    with_value(&found)
}

/// Keys begin with the account, by which Dintero finds it.
fn new_value(state: &mut State, account: &str) -> String {
    format!("{account}.{}", state.text(40))
}

/// The value is in these responses only.
fn with_value(key: &ApiKey) -> Outcome {
    let answer: CreateApiKeyResponse = merged(&key.read, json!({ "api_key": key.key }))?;
    Answer::json(&answer)
}

fn known(state: &State, request: &Request) -> Result<ApiKey, Problem> {
    let id = request.id("api_key_id");
    let found = state.store.get::<ApiKey>(&key(&request.caller.account, id));
    found
        .filter(|found| found.read.deleted_at.is_none())
        .ok_or_else(|| Problem::not_found("API key", id))
}

fn store(state: &mut State, request: &Request, changed: &ApiKey) {
    let id = key(&request.caller.account, request.id("api_key_id"));
    state.store.put(&id, changed);
}
