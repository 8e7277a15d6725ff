//! Changes of a document, of every kind that documents of services see.

mod bodies;
mod edit;
mod extensions;
mod facts;
mod members;
mod operations;
mod parameters;
mod responses;
mod schemas;
mod security;
mod site;
mod unions;

use serde_json::Value;

pub(super) use edit::{each, move_schema, push, remove, replace, reverse, set};

/// A changed document.
pub(super) struct Mutation {
    pub(super) kind: &'static str,
    /// JSON pointer.
    pub(super) site: String,
    pub(super) document: Value,
}

/// Changes one place; `false` if it can't.
type Edit = fn(&mut Value, &str) -> bool;
/// Whether a place is one.
type Site = fn(&Value, &str, &Value) -> bool;

/// A kind of change, how many places are tried, which, and how they are changed.
struct Kind(&'static str, usize, Site, Edit);

/// All kinds, by what they change. `cargo xtask mutations` tries some of each.
const KINDS: [&[Kind]; 10] = [
    members::KINDS,
    schemas::KINDS,
    parameters::KINDS,
    operations::KINDS,
    facts::KINDS,
    security::KINDS,
    responses::KINDS,
    unions::KINDS,
    bodies::KINDS,
    extensions::KINDS,
];

/// All changes of a document.
pub(super) fn all(base: &Value) -> Vec<Mutation> {
    let mut places: Vec<(String, &Value)> = Vec::new();
    walk(base, "", &mut places);
    let mut mutations = Vec::new();
    for Kind(kind, count, site, edit) in KINDS.into_iter().flatten() {
        let sites: Vec<&str> = (places.iter())
            .filter(|(at, value)| site(base, at, value))
            .map(|(at, _)| at.as_str())
            .collect();
        // Spread over the document.
        let count = (*count).min(sites.len());
        for number in 0..count {
            let Some(site) = sites.get((2 * number + 1) * sites.len() / (2 * count)) else {
                continue;
            };
            let mut document = base.clone();
            if edit(&mut document, site) && document != *base {
                mutations.push(Mutation {
                    kind,
                    site: (*site).to_owned(),
                    document,
                });
            }
        }
    }
    mutations
}

fn walk<'v>(value: &'v Value, at: &str, places: &mut Vec<(String, &'v Value)>) {
    places.push((at.to_owned(), value));
    let escape = |key: &str| generator::load::escape(key).into_owned();
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                walk(inner, &format!("{at}/{}", escape(key)), places);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                walk(inner, &format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
}
