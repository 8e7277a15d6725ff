//! Converts documents of other versions to OpenAPI 3.0, which all later steps read. Converted nodes keep their original
//! places.

mod json_schema;
mod members;
mod names;
mod openapi31;
mod openapi32;
mod parts;
mod streams;
mod swagger2;
#[cfg(test)]
mod tests;

pub(super) use self::json_schema::as_later;
use self::members::Members;
pub(super) use self::members::{object, text};
pub(crate) use self::{
    openapi32::{AS_IT_IS, sent},
    streams::IS_ITEM,
    swagger2::SEPARATOR,
};
use super::{
    Node, Value,
    table::{
        Kind,
        Want::{self, Is},
        shape,
    },
    text::Texts,
};
use crate::diagnostic::Diagnostic;

/// The supported versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Swagger2,
    /// 3.1 and 3.2.
    OpenApi31,
}

/// Returns the version of a document, unless it is OpenAPI 3.0 or unknown.
pub(super) fn version(root: &Node) -> Option<Version> {
    let says = |key: &str| {
        let node = root.get(key)?;
        match &node.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    };
    let is = |text: &str, version: &str| {
        text == version
            || text
                .strip_prefix(version)
                .is_some_and(|rest| rest.starts_with('.'))
    };
    if says("swagger").is_some_and(|text| is(&text, "2.0") || text == "2") {
        return Some(Version::Swagger2);
    }
    let openapi = says("openapi")?;
    (is(&openapi, "3.1") || is(&openapi, "3.2")).then_some(Version::OpenApi31)
}

/// Returns whether a document is converted.
pub(super) fn is_lifted(root: &Node) -> bool {
    version(root).is_some()
}

/// Converts the document to OpenAPI 3.0. Lost details are listed in `notes`.
pub(super) fn lift(texts: &Texts, root: &mut Node, notes: &mut Vec<Diagnostic>) {
    let mut notes = Notes { texts, notes };
    match version(root) {
        Some(Version::Swagger2) => {
            swagger2::lift(root, &mut notes);
            streams::lift(root, &mut notes);
        }
        Some(Version::OpenApi31) => openapi31::lift(root, &mut notes),
        None => streams::lift(root, &mut notes),
    }
    parts::lift(root, &mut notes);
}

/// Details that are lost.
struct Notes<'a> {
    texts: &'a Texts,
    notes: &'a mut Vec<Diagnostic>,
}

impl Notes<'_> {
    fn lost(&mut self, place: &super::Place, pointer: &str, what: impl Into<String>) {
        let found = self.texts.error(place, pointer, what, "");
        self.notes.push(found.into_warning());
    }
}

/// Visits an object and all objects in it that the table knows, the outer before the inner.
fn walk(
    kind: Kind,
    node: &mut Node,
    at: &mut String,
    visit: &mut dyn FnMut(Kind, &mut Node, &str),
) {
    visit(kind, node, at);
    let Value::Object(members) = &mut node.value else {
        return;
    };
    for (key, value) in members {
        if let Some(want) = want(kind, &key.name) {
            let length = at.len();
            at.push('/');
            at.push_str(&super::escape(&key.name));
            walk_value(want, value, at, visit);
            at.truncate(length);
        }
    }
}

/// Returns the type of the value of a key. Schemas of JSON Schema have schemas in more places than the table knows.
fn want(kind: Kind, key: &str) -> Option<Want> {
    let later = || match (kind, key) {
        (Kind::Schema, "prefixItems") => Some(Want::Many(Kind::Schema)),
        (Kind::Schema, "dependentSchemas" | "patternProperties") => Some(Want::Map(Kind::Schema)),
        (Kind::Schema, "else" | "then") => Some(Is(Kind::Schema)),
        _ => None,
    };
    shape(kind).want(key).or_else(later)
}

fn walk_value(
    want: Want,
    node: &mut Node,
    at: &mut String,
    visit: &mut dyn FnMut(Kind, &mut Node, &str),
) {
    let mut inner = |name: &str, kind: Kind, node: &mut Node| {
        let length = at.len();
        at.push('/');
        at.push_str(&super::escape(name));
        walk(kind, node, at, visit);
        at.truncate(length);
    };
    match (want, &mut node.value) {
        (Want::Many(kind), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                inner(&index.to_string(), kind, item);
            }
        }
        (Want::Map(kind), Value::Object(members)) => {
            for (key, value) in members {
                inner(&key.name, kind, value);
            }
        }
        (Is(kind), Value::Object(_)) => walk(kind, node, at, visit),
        // In later versions a schema may be `true` or `false`.
        (Is(Kind::Schema), Value::Bool(_)) => walk(Kind::Schema, node, at, visit),
        (Want::FlagOrSchema, Value::Object(_)) => walk(Kind::Schema, node, at, visit),
        _ => {}
    }
}

/// Changes the text of every reference in a tree, except in examples, defaults and extensions. `change` has the text and
/// the pointer of the object that has it.
fn references(root: &mut Node, change: &mut dyn FnMut(&str, &str) -> Option<String>) {
    walk(
        Kind::Root,
        root,
        &mut String::new(),
        &mut |kind, node, at| {
            let mut change = |text: &mut Node| {
                if let Value::String(text) = &mut text.value
                    && let Some(changed) = change(text, at)
                {
                    *text = changed;
                }
            };
            let texts: &[&str] = match kind {
                Kind::Schema => &["$ref", "$dynamicRef"],
                Kind::Discriminator => &["$ref", "defaultMapping"],
                _ => &["$ref"],
            };
            for name in texts {
                node.value.get_mut(name).map(&mut change);
            }
            if kind == Kind::Discriminator
                && let Some(mapping) = node.value.get_mut("mapping")
                && let Value::Object(members) = &mut mapping.value
            {
                members.iter_mut().for_each(|(_, value)| change(value));
            }
        },
    );
}
