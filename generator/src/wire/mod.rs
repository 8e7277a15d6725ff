//! Documents as their requests and responses, whatever their wording: operations by method and path, parameters, bodies,
//! statuses, members of JSON, values. Names of schemas and operations don't count, so a document that describes the same
//! API in other words is equal.

mod compare;
mod schema;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::load::{Library, METHODS, Node, Place, Source, escape, followed, sent};
pub use compare::{Comparison, Kind, Missing, Pairing, compare};

/// A document to compare.
#[derive(Clone, Debug)]
pub struct Wire {
    /// Name of its text: `spec/insight.yaml`.
    pub name: String,
    /// Its version of OpenAPI, as stated: `OpenAPI 3.1.0`, `Swagger 2.0`.
    pub format: String,
    /// Its title.
    pub title: String,
    /// The version of its API, as stated.
    pub version: String,
    /// Warnings about its text.
    pub notes: Vec<Diagnostic>,
    root: Node,
    calls: Vec<Call>,
}

/// Identities in a published document that differ from ours.
#[derive(Clone, Debug, Default)]
pub struct Aliases {
    /// Beginnings of paths, after the host, and ours: `/v1/accounts/{aid}/payments` and `/v1`.
    pub bases: BTreeMap<String, String>,
    /// Paths, as written, of requests that are sent to users of the API, and our names of them under `x-webhooks`.
    pub events: BTreeMap<String, String>,
}

/// An operation.
#[derive(Clone, Debug)]
struct Call {
    /// `GET`
    method: String,
    /// Path of the server; `None` if the document has no servers.
    base: Option<String>,
    /// Path below the server, or the name of an event.
    path: String,
    is_event: bool,
    /// JSON pointer.
    pointer: String,
    place: Place,
}

impl Wire {
    /// Returns the number of operations, without events.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.calls.iter().filter(|call| !call.is_event).count()
    }
}

/// Reads documents that may refer to each other, with their overlays. They are not checked: every part that can be read
/// counts.
///
/// # Errors
/// The first document that can't be read, with all mistakes found in it.
pub fn read(
    documents: &[(Source, Vec<Source>)],
    aliases: &Aliases,
) -> Result<Vec<Wire>, Vec<Diagnostic>> {
    let library = Library::read((documents.iter()).map(|(one, overlays)| (one, &overlays[..])));
    let all = documents.iter().enumerate();
    all.map(|(number, (source, _))| {
        let (root, notes) = library.unchecked(number)?;
        Ok(wire(source, root, notes, aliases))
    })
    .collect()
}

fn wire(source: &Source, root: Node, notes: Vec<Diagnostic>, aliases: &Aliases) -> Wire {
    let info = |key: &str| {
        let value = root.at(&format!("/info/{key}")).map(Node::to_json);
        match value {
            Some(serde_json::Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        }
    };
    Wire {
        name: source.name.clone(),
        format: format_of(&source.text),
        title: info("title"),
        version: info("version"),
        notes,
        calls: calls(&root, aliases),
        root,
    }
}

/// The version of OpenAPI that a text states, before it is converted.
fn format_of(text: &str) -> String {
    for (key, name) in [("openapi", "OpenAPI"), ("swagger", "Swagger")] {
        let lines = text.lines().filter_map(|line| line.strip_prefix(key));
        let quoted = [format!("\"{key}\""), format!("'{key}'")];
        let members = quoted.iter().flat_map(|quoted| text.split(quoted).skip(1));
        let stated = lines.chain(members).find_map(|rest| {
            let value = rest.trim_start().strip_prefix(':')?;
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let version = |letter: &char| letter.is_ascii_digit() || *letter == '.';
            let version: String = value.chars().take_while(version).collect();
            (!version.is_empty()).then_some(version)
        });
        if let Some(version) = stated {
            return format!("{name} {version}");
        }
    }
    String::new()
}

fn calls(root: &Node, aliases: &Aliases) -> Vec<Call> {
    let mut calls = Vec::new();
    for list in ["paths", "x-webhooks"] {
        let items = root.get(list).and_then(Node::as_object).unwrap_or_default();
        for (path, item) in items {
            let Some(item) = followed(root, item) else {
                continue;
            };
            for (method, operation) in item.as_object().unwrap_or_default() {
                if !METHODS.contains(&method.name.as_str()) {
                    continue;
                }
                let event = aliases.events.get(&path.name);
                let (sent_as, sent_to) = sent(&method.name, &path.name);
                let is_event = list == "x-webhooks" || event.is_some();
                let base = [operation, item, root]
                    .into_iter()
                    .find_map(|place| place.at("/servers/0/url").and_then(Node::as_str))
                    .map(path_of_server);
                let (base, shown) = match (event, base) {
                    (Some(name), _) => (None, name.clone()),
                    _ if is_event => (None, path.name.clone()),
                    (None, Some(base)) => renamed(base, sent_to, aliases),
                    (None, None) => (None, sent_to.to_owned()),
                };
                calls.push(Call {
                    method: sent_as,
                    base,
                    path: shown,
                    is_event,
                    pointer: format!("/{list}/{}/{}", escape(&path.name), method.name),
                    place: method.place.clone(),
                });
            }
        }
    }
    calls
}

/// The path of a server without a slash at its end: `/v1` of `https://api.example.com/v1/`.
fn path_of_server(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => url,
    };
    path.trim_end_matches('/').to_owned()
}

/// The base and path under which we know an operation.
fn renamed(base: String, path: &str, aliases: &Aliases) -> (Option<String>, String) {
    let whole = format!("{base}{path}");
    for (theirs, ours) in &aliases.bases {
        let rest = beginning(&whole, theirs);
        if let Some(rest) = rest {
            return (Some(ours.clone()), rest);
        }
    }
    (Some(base), path.to_owned())
}

/// Returns the rest of a path that begins with another one, whatever the names of their parameters.
fn beginning(whole: &str, start: &str) -> Option<String> {
    let count = start.trim_matches('/').split('/').count();
    let parts: Vec<&str> = whole.trim_start_matches('/').split('/').collect();
    let (head, rest) = parts.split_at_checked(count)?;
    let same = canonical(&head.join("/")) == canonical(start.trim_matches('/'));
    (same && !rest.is_empty()).then(|| format!("/{}", rest.join("/")))
}

/// A path without the names of its parameters and without a slash at its end.
fn canonical(path: &str) -> String {
    let mut text = String::new();
    let mut rest = path.trim_end_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        text.push_str("{}");
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The names of the parameters of a path, in their order.
fn parameters_of(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()).collect()
}
