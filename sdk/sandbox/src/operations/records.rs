//! Records that belong to an account, pages of them, and values that share members.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::request::{Problem, Request};
use crate::state::State;
use crate::store::Record;

/// Returns the id under which a record of an account is stored.
pub(crate) fn key(account: &str, id: &str) -> String {
    format!("{account}/{id}")
}

/// Returns the records of an account, in the order of insertion.
pub(crate) fn of_account<T: Record>(state: &State, account: &str) -> Vec<T> {
    let prefix = key(account, "");
    state
        .store
        .iter_below(&prefix)
        .map(|(_, one)| one)
        .collect()
}

/// Returns the page of a list that a request asks for with `limit` and `starting_after`, the id of the last item of the
/// page before; and whether more follow.
pub(crate) fn page<T>(
    request: &Request,
    items: Vec<T>,
    default: usize,
    id: impl Fn(&T) -> Option<&str>,
) -> Result<(Vec<T>, bool), Problem> {
    Ok(first(request, after(request, items, id)?, default))
}

/// Returns the items after the last one of the page before. If some are left out of the list, leave them out afterwards:
/// the last one may have been deleted since.
pub(crate) fn after<T>(
    request: &Request,
    mut items: Vec<T>,
    id: impl Fn(&T) -> Option<&str>,
) -> Result<Vec<T>, Problem> {
    if let Some(after) = request.query_value("starting_after") {
        let last = items.iter().position(|item| id(item) == Some(after));
        let last = last.ok_or_else(|| unknown_cursor("starting_after", after))?;
        items.drain(..=last);
    }
    Ok(items)
}

/// Returns the first items, as many as `limit`, and whether more follow.
pub(crate) fn first<T>(request: &Request, mut items: Vec<T>, default: usize) -> (Vec<T>, bool) {
    let limit = request
        .query_value("limit")
        .and_then(|text| text.parse().ok());
    let limit = limit.unwrap_or(default);
    let has_more = items.len() > limit;
    items.truncate(limit);
    (items, has_more)
}

/// The error for a cursor that no page returned.
pub(crate) fn unknown_cursor(parameter: &str, given: &str) -> Problem {
    let message = format!("query.{parameter}: nothing in this list has the cursor `{given}`");
    Problem::bad_request("ValidationError", message)
}

/// Reads a value as another type with the same members. Members of `more` are added, or replace those of the value;
/// those that are null are removed.
pub(crate) fn merged<T: DeserializeOwned>(
    value: &impl Serialize,
    more: Value,
) -> Result<T, Problem> {
    let wrong = |error: serde_json::Error| Problem::internal(&error.to_string());
    let mut value = serde_json::to_value(value).map_err(wrong)?;
    if let (Some(members), Value::Object(more)) = (value.as_object_mut(), more) {
        members.extend(more);
        members.retain(|_, value| !value.is_null());
    }
    serde_json::from_value(value).map_err(wrong)
}

/// Reads JSON that the sandbox made as a generated type.
pub(crate) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| Problem::internal(&error.to_string()))
}

/// Returns the rows as comma-separated values (RFC 4180), with a line of names.
pub(crate) fn csv(columns: &[&str], rows: &[Value]) -> String {
    let mut text = columns.join(",");
    text.push_str("\r\n");
    for row in rows {
        let cells = columns.iter().map(|column| match &row[*column] {
            Value::Null => String::new(),
            Value::String(cell) if cell.contains(['"', ',', '\r', '\n']) => {
                format!("\"{}\"", cell.replace('"', "\"\""))
            }
            Value::String(cell) => cell.clone(),
            other => other.to_string(),
        });
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text
}
