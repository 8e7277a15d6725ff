//! API clients, and the grants that give them scopes.

use dintero::management::{
    ApiClientId, AuthClient, ClientWithSecret, Grant, UpdateClientBody, UpdateGrantBody,
};
use serde_json::json;

use super::records::{key, merged, of_account};
use super::{Handler, Outcome};
use crate::accounts::{AUDIENCE, ApiClient, client_by_id, store_client, update_scopes};
use crate::request::{Answer, Problem, Request};
use crate::state::State;

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    if api != "management" {
        return None;
    }
    Some(Handler::Now(match operation {
        "list_clients" => list,
        "create_client" => create,
        "get_client" => get,
        "update_client" => update,
        "rotate_client_secret" => rotate,
        "list_grants" => list_grants,
        "create_grant" => create_grant,
        "update_grant" => update_grant,
        "delete_grant" => delete_grant,
        _ => return None,
    }))
}

fn list(state: &mut State, request: &Request) -> Outcome {
    if request.query_value("status").is_some() {
        return Err(Problem::unknown("the values of `status` for clients"));
    }
    let search = request
        .query_value("search")
        .unwrap_or_default()
        .to_lowercase();
    let account = &request.caller.account;
    let clients: Vec<AuthClient> = (state.store.iter::<ApiClient>())
        .filter(|(_, client)| client.account == *account)
        .map(|(_, client)| client.read)
        .filter(|client| {
            let id = client.client_id.as_ref().map(|id| id.as_str().to_owned());
            let mut texts = [&id, &client.name, &client.description]
                .into_iter()
                .flatten();
            texts.any(|text| text.to_lowercase().contains(&search))
        })
        .collect();
    Answer::json(&clients)
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<AuthClient>()?;
    let now = state.timestamp();
    let read: AuthClient = merged(
        &body,
        json!({
            "id": state.uuid(),
            "client_id": state.uuid(),
            "created_at": now,
            "created_by": request.caller.name,
            "updated_at": now,
            "deleted_at": null,
            "deleted_by": null,
        }),
    )?;
    let client = ApiClient {
        secret: state.text(43),
        account: request.caller.account.clone(),
        scopes: Vec::new(),
        read,
    };
    store_client(state, &client);
    with_secret(&client)
}

fn get(state: &mut State, request: &Request) -> Outcome {
    Answer::json(&known(state, request)?.read)
}

fn update(state: &mut State, request: &Request) -> Outcome {
    let mut client = known(state, request)?;
    let body = request.read::<UpdateClientBody>()?;
    if body.name.is_some() {
        client.read.name = body.name;
    }
    if body.description.is_some() {
        client.read.description = body.description;
    }
    client.read.updated_at = Some(state.timestamp());
    store_client(state, &client);
    Answer::json(&client.read)
}

fn rotate(state: &mut State, request: &Request) -> Outcome {
    let mut client = known(state, request)?;
    client.secret = state.text(43);
    client.read.updated_at = Some(state.timestamp());
    store_client(state, &client);
    with_secret(&client)
}

fn known(state: &State, request: &Request) -> Result<ApiClient, Problem> {
    let id = request.id("id");
    client_by_id(state, &request.caller.account, id).ok_or_else(|| Problem::not_found("client", id))
}

/// The secret is in these responses only.
fn with_secret(client: &ApiClient) -> Outcome {
    let secret = json!({ "client_secret": client.secret });
    Answer::json(&merged::<ClientWithSecret>(&client.read, secret)?)
}

fn list_grants(state: &mut State, request: &Request) -> Outcome {
    let wanted = |name: &str, value: Option<&str>| {
        request
            .query_value(name)
            .is_none_or(|wanted| value == Some(wanted))
    };
    let grants = of_account::<Grant>(state, &request.caller.account).into_iter();
    let grants: Vec<Grant> = grants
        .filter(|grant| wanted("audience", grant.audience.as_deref()))
        .filter(|grant| {
            wanted(
                "client_id",
                grant.client_id.as_ref().map(ApiClientId::as_str),
            )
        })
        .collect();
    Answer::json(&grants)
}

fn create_grant(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<Grant>()?;
    let account = &request.caller.account;
    let client = body.client_id.as_ref().map_or("", ApiClientId::as_str);
    if client_by_id(state, account, client).is_none() {
        let message = format!("body.client_id: the account has no client with the id `{client}`");
        return Err(Problem::bad_request("ValidationError", message));
    }
    if body.audience.as_deref() != Some(&format!("{AUDIENCE}{account}")) {
        return Err(Problem::unknown(format!(
            "grants for other audiences than `{AUDIENCE}{account}`"
        )));
    }
    let kind = body.type_.as_ref().map_or("any", |kind| kind.as_str());
    if body.oidc.is_some() || !["any", "client_credentials"].contains(&kind) {
        return Err(Problem::unknown("grants for logins of persons"));
    }
    let id = state.uuid();
    let now = state.timestamp();
    let grant: Grant = merged(
        &body,
        json!({
            "id": id,
            "type": kind,
            "created_at": now,
            "created_by": request.caller.name,
            "updated_at": now,
            "deleted_at": null,
            "deleted_by": null,
        }),
    )?;
    state.store.put(&key(account, &id), &grant);
    update_scopes(state, account, client);
    Answer::json(&grant)
}

fn update_grant(state: &mut State, request: &Request) -> Outcome {
    let mut grant = known_grant(state, request)?;
    grant.scope = request.read::<UpdateGrantBody>()?.scope;
    grant.updated_at = Some(state.timestamp());
    let account = &request.caller.account;
    state.store.put(&key(account, request.id("id")), &grant);
    let client = grant.client_id.as_ref().map_or("", ApiClientId::as_str);
    update_scopes(state, account, client);
    Answer::json(&grant)
}

fn delete_grant(state: &mut State, request: &Request) -> Outcome {
    let mut grant = known_grant(state, request)?;
    let account = &request.caller.account;
    state.store.remove::<Grant>(&key(account, request.id("id")));
    let client = grant.client_id.as_ref().map_or("", ApiClientId::as_str);
    update_scopes(state, account, client);
    grant.deleted_at = Some(state.timestamp());
    grant.deleted_by = Some(request.caller.name.clone());
    Answer::json(&grant)
}

fn known_grant(state: &State, request: &Request) -> Result<Grant, Problem> {
    let id = request.id("id");
    let found = state.store.get::<Grant>(&key(&request.caller.account, id));
    found.ok_or_else(|| Problem::not_found("grant", id))
}
