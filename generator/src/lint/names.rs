//! Names that make worse code, and better ones.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Finding, Fix, Rule};
use crate::{
    load::Document,
    lower::{
        Lowered,
        ugly::{BadName, Fault, LONG, is_numbered, repeated},
        words,
    },
    model::{Api, TypeKind},
};

/// Findings about names.
pub(super) fn names(document: &Document, lowered: &Lowered) -> Vec<Finding> {
    let api = &lowered.api;
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let mut taken: BTreeSet<String> = api.types.keys().cloned().collect();
    for operation in operations.clone() {
        taken.insert(operation.name.clone());
        taken.insert(operation.type_name.clone());
    }
    let mut found = Vec::new();
    for bad in &lowered.bad_names {
        found.push(of_name(document, api, bad, &mut taken));
    }
    found.extend(members(document, api));
    found
}

fn of_name(document: &Document, api: &Api, bad: &BadName, taken: &mut BTreeSet<String>) -> Finding {
    let BadName {
        name, kind, place, ..
    } = bad;
    let rule = match bad.fault {
        Fault::NoId => Rule::OperationId,
        Fault::Inline => Rule::InlineType,
        Fault::Collision => Rule::CollidingName,
        Fault::Ugly => Rule::BadName,
    };
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let better = match *kind {
        "operation" => {
            let mut operations = operations.filter(|operation| operation.place == *place);
            let operation = operations.next();
            operation.map_or_else(Vec::new, |one| of_operation(&one.method, &one.path))
        }
        "type" if is_inline(place) => of_type(&bad.path),
        _ => Vec::new(),
    };
    let better = better
        .into_iter()
        .find(|better| is_good(better) && !taken.contains(better) && better != name);
    let what = format!("the {kind} `{name}` is badly named: {}", bad.why);
    let key = bad.key();
    let (note, fix) = match better {
        Some(better) => {
            taken.insert(better.clone());
            let reason = match bad.fault {
                Fault::NoId => "The operation has no `operationId`.".to_owned(),
                _ => format!("Instead of `{name}`: {}.", bad.why),
            };
            let note = "a suggestion; the name can't change after a release:";
            (note, Fix::update(place, &reason, json!({ key: better })))
        }
        None => (
            "choose a name:",
            Fix::Template(place.clone(), format!("{{ {key}: … }}")),
        ),
    };
    Finding::new(document, rule, place, what, note, fix)
}

/// Returns whether the name of the type at a place is of this place alone.
fn is_inline(place: &str) -> bool {
    let component = place.strip_prefix("/components/schemas/");
    component.is_none_or(|rest| rest.contains('/'))
}

fn is_good(name: &str) -> bool {
    name.len() <= LONG && repeated(name).is_none()
}

/// Returns names for a type that is named after its place: the first and last of the names around it, then others.
fn of_type(path: &[String]) -> Vec<String> {
    let [root, between @ .., last] = path else {
        return Vec::new();
    };
    let root = ["Output", "Body"]
        .iter()
        .find_map(|end| root.strip_suffix(end))
        .unwrap_or(root);
    let Some(parent) = between.last() else {
        return Vec::new();
    };
    let parent = words::singular(parent);
    let inner = words::joined(&parent, last);
    vec![
        words::joined(root, last),
        words::joined(root, &inner),
        inner,
    ]
}

/// Verbs that paths end in: `/transactions/{id}/capture`.
const VERBS: [&str; 36] = [
    "accept",
    "activate",
    "approve",
    "archive",
    "assign",
    "authorize",
    "cancel",
    "capture",
    "clone",
    "close",
    "complete",
    "confirm",
    "copy",
    "deactivate",
    "disable",
    "download",
    "enable",
    "export",
    "extend",
    "import",
    "pause",
    "publish",
    "refresh",
    "refund",
    "reject",
    "reset",
    "restart",
    "restore",
    "resume",
    "revoke",
    "search",
    "send",
    "start",
    "stop",
    "verify",
    "void",
];

/// Returns names for an operation, from its method and the words of its path, the shortest first.
fn of_operation(method: &str, path: &str) -> Vec<String> {
    let path = path.split('#').next().unwrap_or_default();
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
    };
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && !is_version(part))
        .collect();
    let is_value = |part: &&str| part.contains('{');
    let nouns: Vec<String> = (parts.iter())
        .filter(|part| !is_value(part))
        .map(|part| words::snake(part))
        .collect();
    let is_plain = |noun: &String| {
        noun.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !noun.starts_with('_')
    };
    let (Some(last), true) = (nouns.last(), nouns.iter().all(is_plain)) else {
        return Vec::new();
    };
    let owners = nouns.get(..nouns.len() - 1).unwrap_or_default();
    let of_item = parts.last().is_some_and(is_value);
    if VERBS.contains(&last.as_str()) && !of_item {
        let Some(owner) = owners.last() else {
            return Vec::new();
        };
        return match method {
            "POST" | "PUT" => with_owners(last, &words::singular(owner), owners.split_last()),
            _ => Vec::new(),
        };
    }
    let one = words::singular(last);
    let is_list = one != *last;
    let (verb, noun) = match (method, of_item, is_list) {
        ("GET", true, _) => ("get", &one),
        ("GET", false, true) => ("list", last),
        ("GET", false, false) => ("get", last),
        ("POST", false, _) => ("create", &one),
        ("PUT" | "PATCH", true, _) => ("update", &one),
        ("PUT" | "PATCH", false, _) => ("update", last),
        ("DELETE", true, _) => ("delete", &one),
        ("DELETE", false, _) => ("delete", last),
        _ => return Vec::new(),
    };
    let owners: Vec<String> = owners.to_vec();
    let mut names = vec![format!("{verb}_{noun}")];
    let mut whole = noun.clone();
    for owner in owners.iter().rev() {
        whole = format!("{}_{whole}", words::singular(owner));
        names.push(format!("{verb}_{whole}"));
    }
    names
}

/// `capture_transaction`, then with the words before it.
fn with_owners(verb: &str, noun: &str, owners: Option<(&String, &[String])>) -> Vec<String> {
    let mut names = vec![format!("{verb}_{noun}")];
    let mut whole = noun.to_owned();
    for owner in owners.map_or(&[][..], |(_, rest)| rest).iter().rev() {
        whole = format!("{}_{whole}", words::singular(owner));
        names.push(format!("{verb}_{whole}"));
    }
    names
}

/// Fields, parameters and values of enums that got a number because another one has their name.
fn members(document: &Document, api: &Api) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |place: &str, owner: &str, kind: &str, name: &str, wire: &str, usual: &str| {
        let is_asked = document
            .node(place)
            .is_some_and(|node| node.get("x-rust-name").is_some());
        if is_asked || !is_numbered(name, usual) {
            return;
        }
        let what = format!(
            "the {kind} `{owner}.{name}` has a number because another is called `{usual}`: `{wire}` in the document"
        );
        let (note, fix) = match kind {
            "variant" => (
                "choose a name, and write it into the type's line of `names.lock`",
                Fix::None,
            ),
            _ => (
                "choose a name:",
                Fix::Template(place.to_owned(), "{ x-rust-name: … }".to_owned()),
            ),
        };
        let rule = Rule::CollidingName;
        found.push(Finding::new(document, rule, place, what, note, fix));
    };
    for (owner, ty) in api.types.iter().filter(|(_, ty)| ty.origin.is_none()) {
        match &ty.kind {
            TypeKind::Struct(object) => {
                for field in &object.fields {
                    let usual = words::snake(&field.wire);
                    say(
                        &field.place,
                        owner,
                        "field",
                        &field.name,
                        &field.wire,
                        &usual,
                    );
                }
            }
            TypeKind::StringEnum(values) => {
                for value in values {
                    let usual = words::variant(&value.wire);
                    say(
                        &ty.place,
                        owner,
                        "variant",
                        &value.variant,
                        &value.wire,
                        &usual,
                    );
                }
            }
            _ => {}
        }
    }
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        for param in &operation.params {
            let usual = words::snake(&param.wire);
            let owner = &operation.name;
            say(
                &param.place,
                owner,
                "parameter",
                &param.name,
                &param.wire,
                &usual,
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_operations() {
        for (method, path, names) in [
            ("GET", "/pets", &["list_pets"][..]),
            ("POST", "/v1/pets", &["create_pet"]),
            ("GET", "/pets/{id}", &["get_pet"]),
            ("PATCH", "/pets/{id}", &["update_pet"]),
            ("DELETE", "/pets/{id}", &["delete_pet"]),
            (
                "GET",
                "/pets/{id}/photos",
                &["list_photos", "list_pet_photos"],
            ),
            (
                "GET",
                "/pets/{id}/status",
                &["get_status", "get_pet_status"],
            ),
            (
                "POST",
                "/transactions/{id}/capture",
                &["capture_transaction"],
            ),
            ("GET", "/transactions/{id}/capture", &[]),
            ("POST", "/pets/{id}", &[]),
            ("GET", "/{id}", &[]),
            ("GET", "/pets2/{id}", &[]),
            ("HEAD", "/pets", &[]),
        ] {
            assert_eq!(of_operation(method, path), names, "{method} {path}");
        }
    }

    #[test]
    fn names_of_types() {
        let path = ["ListPetsOutput", "Items", "Item", "Owner"].map(str::to_owned);
        let names = of_type(&path);
        assert_eq!(names, ["ListPetsOwner", "ListPetsItemOwner", "ItemOwner"]);
        let path = ["Pet", "Owner"].map(str::to_owned);
        assert!(of_type(&path).is_empty());
    }
}
