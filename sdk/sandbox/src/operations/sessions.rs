//! Sessions, as merchants create and read them.

use dintero::mock;
use dintero::payments::{CreateSessionBody, SessionCreated, StoredSession};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Handler, Outcome};
use crate::request::{Answer, Problem, Request};
use crate::state::State;
use crate::store::Record;

impl Record for StoredSession {
    const TABLE: &'static str = "sessions";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("payments", "create_session") => create,
        ("payments", "get_session") => get,
        _ => return None,
    }))
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<CreateSessionBody>()?;
    let session: StoredSession = convert(&body, &state.id(&request.caller.account))?;
    state.store.put(session.id.as_str(), &session);
    Answer::json(&mock::value(|created: &mut SessionCreated| {
        created.id = session.id.clone();
        created.url = Some(format!("{}/v1/view/{}", request.origin, session.id));
    }))
}

fn get(state: &mut State, request: &Request) -> Outcome {
    let id = request.id("session_id");
    let session = state.store.get::<StoredSession>(id);
    Answer::json(&session.ok_or_else(|| Problem::not_found("session", id))?)
}

/// Reads a value as another type with the same members and an id.
fn convert<T: DeserializeOwned>(value: &impl Serialize, id: &str) -> Result<T, Problem> {
    let wrong = |error: serde_json::Error| Problem::internal(&error.to_string());
    let mut value = serde_json::to_value(value).map_err(wrong)?;
    value["id"] = id.into();
    serde_json::from_value(value).map_err(wrong)
}
