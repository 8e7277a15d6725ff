//! Payment profiles, which sessions are made from, and the configuration of the checkout.

use dintero::checkout::{
    CheckoutConfigurationSettings, GetCheckoutConfigurationResponse as Configuration,
    ListProfilesResponse as Profile, ProfileConfiguration, RecordId,
};
use serde_json::{Value, json};

use super::records::{key, merged, of_account, page, typed};
use super::{Handler, Outcome};
use crate::request::{Answer, Problem, Request};
use crate::state::State;
use crate::store::Record;

/// The profile that every account has.
const DEFAULT: &str = "default";

impl Record for Profile {
    const TABLE: &'static str = "profiles";
}

impl Record for Configuration {
    const TABLE: &'static str = "configurations";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("checkout", "list_profiles") => list,
        ("checkout", "create_profile") => create,
        ("checkout", "get_profile") => get,
        ("checkout", "update_profile") => update,
        ("checkout", "delete_profile") => delete,
        ("checkout", "get_checkout_configuration") => get_configuration,
        ("checkout", "update_checkout_configuration") => update_configuration,
        _ => return None,
    }))
}

/// Stores the configuration of a new account and its first profile.
pub(crate) fn prepare(state: &mut State, account: &str, name: &str, by: &str) {
    let now = state.timestamp();
    let merchant = json!({ "name": name, "logo_url": "https://example.com/logo.png" });
    let options: Vec<Value> = [
        ("payex.creditcard", &["NOK", "SEK", "DKK", "EUR"][..]),
        ("vipps", &["NOK"]),
    ]
    .iter()
    .map(|(kind, currencies)| json!({ "type": kind, "currencies": currencies }))
    .collect();
    let configuration = typed::<Configuration>(json!({
        "id": account,
        "created_at": now,
        "created_by": by,
        "updated_at": now,
        "gateways": {},
        "configuration": { "payment_options": options, "merchant": merchant },
    }));
    let profile = typed::<Profile>(json!({
        "id": DEFAULT,
        "profile_id": DEFAULT,
        "created_at": now,
        "created_by": by,
        "updated_at": now,
        "description": "The payment types of a new account",
        "merchant": merchant,
        "configuration": super::sessions::default_settings(),
    }));
    // A test reads both.
    if let (Ok(configuration), Ok(profile)) = (configuration, profile) {
        state.store.put(account, &configuration);
        state.store.put(&key(account, DEFAULT), &profile);
    }
}

/// Returns a profile by its id, or by the `profile_id` that it was given.
pub(crate) fn profile(state: &State, account: &str, id: &str) -> Option<Profile> {
    let by_id = state.store.get::<Profile>(&key(account, id));
    by_id.or_else(|| {
        let mut all = of_account::<Profile>(state, account).into_iter();
        all.find(|one| {
            one.profile_id
                .as_ref()
                .is_some_and(|own| own.as_str() == id)
        })
    })
}

fn known(state: &State, request: &Request) -> Result<Profile, Problem> {
    let id = request.id("profile_id");
    profile(state, &request.caller.account, id).ok_or_else(|| Problem::not_found("profile", id))
}

fn list(state: &mut State, request: &Request) -> Outcome {
    let profiles = of_account::<Profile>(state, &request.caller.account);
    let (profiles, _) = page(request, profiles, 10, |one| {
        one.id.as_ref().map(RecordId::as_str)
    })?;
    Answer::json(&profiles)
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<ProfileConfiguration>()?;
    let account = &request.caller.account;
    if let Some(id) = &body.profile_id {
        check_free(state, account, id.as_str())?;
    }
    let id = state.id(account);
    let now = state.timestamp();
    let created: Profile = merged(
        &body,
        json!({ "id": id, "created_at": now, "created_by": request.caller.name, "updated_at": now }),
    )?;
    state.store.put(&key(account, &id), &created);
    Answer::json(&created)
}

fn check_free(state: &State, account: &str, id: &str) -> Result<(), Problem> {
    if profile(state, account, id).is_none() {
        return Ok(());
    }
    let message = format!("body.profile_id: there is a profile `{id}` already");
    Err(Problem::bad_request("ValidationError", message))
}

fn get(state: &mut State, request: &Request) -> Outcome {
    Answer::json(&known(state, request)?)
}

/// Replaces the settings. Who created it and when stays.
fn update(state: &mut State, request: &Request) -> Outcome {
    let before = known(state, request)?;
    let body = request.read::<ProfileConfiguration>()?;
    let account = &request.caller.account;
    if let Some(id) = body
        .profile_id
        .as_ref()
        .filter(|id| before.profile_id.as_ref() != Some(*id))
    {
        check_free(state, account, id.as_str())?;
    }
    let profile_id = body.profile_id.as_ref().or(before.profile_id.as_ref());
    let mut more = json!({
        "id": before.id,
        "created_at": before.created_at,
        "created_by": before.created_by,
        "updated_at": state.timestamp(),
    });
    if let Some(profile_id) = profile_id {
        more["profile_id"] = profile_id.as_str().into();
    }
    let after: Profile = merged(&body, more)?;
    let id = before.id.as_ref().map_or("", RecordId::as_str);
    state.store.put(&key(account, id), &after);
    let settings: ProfileConfiguration = merged(&body, json!({ "profile_id": profile_id }))?;
    Answer::json(&settings)
}

fn delete(state: &mut State, request: &Request) -> Outcome {
    let mut found = known(state, request)?;
    let id = found.id.as_ref().map_or("", RecordId::as_str).to_owned();
    if id == DEFAULT {
        let message = "the profile `default` can't be deleted";
        return Err(Problem::bad_request("ValidationError", message));
    }
    state
        .store
        .remove::<Profile>(&key(&request.caller.account, &id));
    found.deleted_at = Some(state.timestamp());
    found.deleted_by = Some(request.caller.name.clone());
    Answer::json(&found)
}

fn configuration(state: &State, request: &Request) -> Result<Configuration, Problem> {
    let account = &request.caller.account;
    let found = state.store.get::<Configuration>(account);
    found.ok_or_else(|| Problem::not_found("checkout configuration of", account))
}

fn get_configuration(state: &mut State, request: &Request) -> Outcome {
    let mut found = configuration(state, request)?;
    if request
        .query_values("includes")
        .any(|part| part == "credentials")
    {
        found = merged(&found, json!({ "credentials": {} }))?;
    }
    Answer::json(&found)
}

fn update_configuration(state: &mut State, request: &Request) -> Outcome {
    let before = configuration(state, request)?;
    let body = request.read::<CheckoutConfigurationSettings>()?;
    let settings = serde_json::to_value(&body);
    let settings = settings.map_err(|error| Problem::internal(&error.to_string()))?;
    let mut after: Configuration = merged(&before, settings)?;
    after.updated_at = Some(state.timestamp());
    state.store.put(&request.caller.account, &after);
    Answer::json(&after)
}
