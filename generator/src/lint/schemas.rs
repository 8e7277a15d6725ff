//! Schemas that make worse code.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{Action, Finding, Fix, Rule, values};
use crate::{
    load::{Document, Node, Used, Value, unescape},
    lower::Report,
};

/// Findings about the schemas that become code.
pub(super) fn schemas(document: &Document, report: &Report) -> Vec<Finding> {
    let untyped_places: BTreeSet<&str> = (report.untyped.iter())
        .map(|entry| entry.pointer.as_str())
        .collect();
    let mut found = Vec::new();
    for used in document.used_schemas() {
        found.extend(regex_format(document, &used));
        found.extend(text_enum(document, &used));
        if !has_other_parts(document, &used) || untyped_places.contains(used.at.as_str()) {
            found.extend(untyped(document, &used));
        }
    }
    found
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.as_str()
}

/// A regular expression as the format: nothing knows such a format.
fn regex_format(document: &Document, used: &Used<'_>) -> Option<Finding> {
    let format = text(used.node, "format")?;
    let is_anchored = format.starts_with('^') || format.ends_with('$');
    let has_class = format.contains('[') && format.contains(']');
    let is_regex = is_anchored || format.contains('\\') || (has_class && !format.contains(' '));
    let bare = format
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    let pattern = bare.unwrap_or(format);
    if !is_regex || regex_syntax::Parser::new().parse(pattern).is_err() {
        return None;
    }
    let at = format!("{}/format", used.at);
    let why = "The format is a regular expression.";
    let what = format!(
        "the format `{format}` is a regular expression: the documentation has it as the name of a format"
    );
    let mut actions = vec![Action::remove(&at, why)];
    let (note, fix) = match text(used.node, "pattern") {
        None => {
            let update = json!({ "pattern": pattern });
            actions.push(Action::update(&used.at, why, update));
            ("make it the `pattern`:", Fix::Actions(actions))
        }
        Some(known) if known == pattern => ("the `pattern` has it already:", Fix::Actions(actions)),
        Some(_) => (
            "decide whether it or the `pattern` is right, and remove the `format` with an overlay",
            Fix::None,
        ),
    };
    let rule = Rule::RegexFormat;
    Some(Finding::new(document, rule, &used.at, what, note, fix))
}

/// A text whose values are only described.
fn text_enum(document: &Document, used: &Used<'_>) -> Option<Finding> {
    let node = used.node;
    let is_plain = ["enum", "format", "x-rust-type"]
        .iter()
        .all(|key| node.get(key).is_none());
    if text(node, "type") != Some("string") || !is_plain {
        return None;
    }
    let in_pattern = text(node, "pattern").and_then(values::in_pattern);
    let (values, source) = match in_pattern {
        Some(values) => (values, "pattern"),
        None => (values::in_words(used.docs?)?, "description"),
    };
    // Its example is one of them, or the list is of something else.
    let examples = ["example", "default"].map(|key| text(node, key));
    if (examples.iter().flatten()).any(|one| !values.iter().any(|value| value == one)) {
        return None;
    }
    let what = format!(
        "the values of this text are only in its {source}: the type is `String`, and a misspelled value compiles"
    );
    let fix = Fix::update(
        &used.at,
        &format!("The {source} lists the values."),
        json!({ "enum": values }),
    );
    let note = "check that the list is complete; unknown values are kept:";
    let rule = Rule::TextEnum;
    Some(Finding::new(document, rule, &used.at, what, note, fix))
}

/// Keywords without which a schema says nothing about its value.
const SAYS: [&str; 11] = [
    "properties",
    "additionalProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "enum",
    "not",
    "items",
    "x-rust-type",
    "pattern",
    "format",
];

/// An object of any shape, or any value. `additionalProperties: true` says that this is meant.
fn untyped(document: &Document, used: &Used<'_>) -> Option<Finding> {
    let node = used.node;
    if SAYS.iter().any(|key| node.get(key).is_some()) || is_part(&used.at) {
        return None;
    }
    let kind = match text(node, "type") {
        Some("object") => "an object of any shape: its members have no fields",
        None if ["nullable", "required"]
            .iter()
            .all(|key| node.get(key).is_none()) =>
        {
            "any JSON value: it has no type"
        }
        _ => return None,
    };
    let what = format!("this is {kind}");
    let is_object = text(node, "type") == Some("object");
    let example = node.get("example").and_then(schema_of);
    let (note, fix) = match example {
        Some(mut schema) if !is_object || schema.get("properties").is_some() => {
            if is_object && let Some(members) = schema.as_object_mut() {
                members.remove("type");
            }
            let why = "The example has these members and types.";
            (
                "check the types, which are those of the example; other members are kept:",
                Fix::update(&used.at, why, schema),
            )
        }
        _ if is_object => (
            "list its members, or say that any are meant, with `additionalProperties: true`:",
            Fix::Template(used.at.clone(), "{ properties: { … } }".to_owned()),
        ),
        _ => (
            "give it a type, or an exception, `x-lint-allow: [untyped]`:",
            Fix::Template(used.at.clone(), "{ type: … }".to_owned()),
        ),
    };
    Some(Finding::new(
        document,
        Rule::Untyped,
        &used.at,
        what,
        note,
        fix,
    ))
}

/// Returns whether schemas that are merged with this one may say more about it: `{ x-guaranteed: true }`.
fn has_other_parts(document: &Document, used: &Used<'_>) -> bool {
    let owner = used.at.rsplit_once("/properties/");
    let owner = owner.filter(|(_, name)| !name.contains('/'));
    used.is_base
        || owner.is_some_and(|(owner, _)| {
            let is_part = owner.rsplit('/').nth(1) == Some("allOf");
            let node = document.node(owner);
            is_part || node.is_some_and(|node| node.get("allOf").is_some())
        })
}

/// Returns whether other places say more about the value, or nothing about it matters.
fn is_part(at: &str) -> bool {
    let tokens: Vec<&str> = at.rsplit('/').collect();
    let last = tokens.first().copied().unwrap_or_default();
    let before = tokens.get(1).copied().unwrap_or_default();
    let of_other_media =
        last == "schema" && tokens.get(2) == Some(&"content") && !unescape(before).contains("json");
    last == "not" || last == "additionalProperties" || before == "allOf" || of_other_media
}

/// Deepest level of an example that is read.
const LEVELS: usize = 5;

/// Returns the schema of an example; `None` if a part of it has no certain type.
fn schema_of(example: &Node) -> Option<Json> {
    fn of(example: &Node, level: usize) -> Option<Json> {
        let simple = |name: &str| Some(json!({ "type": name }));
        match &example.value {
            Value::String(_) => simple("string"),
            Value::Bool(_) => simple("boolean"),
            Value::Number(number) if number.is_f64() => simple("number"),
            Value::Number(_) => simple("integer"),
            Value::Object(members) if level < LEVELS && !members.is_empty() => {
                let mut properties = Map::new();
                for (key, value) in members {
                    properties.insert(key.name.clone(), of(value, level + 1)?);
                }
                Some(json!({ "type": "object", "properties": properties }))
            }
            Value::Array(items) if level < LEVELS => {
                let mut schemas = items.iter().map(|item| of(item, level + 1));
                let first = schemas.next()??;
                let is_same = schemas.all(|schema| schema.as_ref() == Some(&first));
                is_same.then(|| json!({ "type": "array", "items": first }))
            }
            _ => None,
        }
    }
    of(example, 0)
}
