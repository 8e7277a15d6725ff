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
        Fault::Method | Fault::Ugly => Rule::BadName,
    };
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let better = match *kind {
        // An id in the words of its author says more than the path.
        "operation" if matches!(bad.fault, Fault::NoId | Fault::Method) => {
            let mut operations = operations.filter(|operation| operation.place == *place);
            let operation = operations.next();
            operation.map_or_else(Vec::new, |one| of_operation(&one.method, &one.path))
        }
        "type" if is_inline(place) => of_type(&bad.path),
        _ => Vec::new(),
    };
    let better = better.into_iter().find(|better| {
        // A name that is made of method and path may be a good one.
        let is_kept = bad.fault == Fault::NoId && better == name;
        is_good(better) && (is_kept || !taken.contains(better))
    });
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

/// Members that only hold others: their names say nothing about the content.
const WRAPPERS: [&str; 14] = [
    "Attribute",
    "Content",
    "Data",
    "Detail",
    "Field",
    "Item",
    "Option",
    "Payload",
    "Property",
    "Relationship",
    "Result",
    "Setting",
    "Type",
    "Value",
];

/// Returns names for a type that is named after its place, the shortest first: its last two names, or the first one
/// instead of a wrapper.
fn of_type(path: &[String]) -> Vec<String> {
    let [root, between @ .., last] = path else {
        return Vec::new();
    };
    let root = ["Output", "Body"]
        .iter()
        .find_map(|end| root.strip_suffix(end))
        .unwrap_or(root);
    let between: Vec<String> = between.iter().map(|name| words::singular(name)).collect();
    let is_variant = |name: &str| is_numbered(name, "Variant");
    let mut wrapped = between
        .iter()
        .filter(|name| !WRAPPERS.contains(&name.as_str()) && !is_variant(name));
    match (between.last(), wrapped.next_back()) {
        (None, _) => Vec::new(),
        (Some(parent), Some(last_parent)) if parent == last_parent => {
            let inner = words::joined(parent, last);
            vec![inner.clone(), words::joined(root, &inner)]
        }
        (_, Some(parent)) => vec![words::joined(root, &words::joined(parent, last))],
        (_, None) => vec![words::joined(root, last)],
    }
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
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
    };
    let parts: Vec<&str> = (path.split('/'))
        .filter(|part| !part.is_empty() && !is_version(part))
        .collect();
    let is_value = |part: &str| part.contains('{');
    let is_noun = |noun: &str| {
        noun.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !noun.starts_with('_')
    };
    let of_item = parts.last().is_some_and(|part| is_value(part));
    // The nouns, each with whether a value follows.
    let mut nouns: Vec<(String, bool)> = Vec::new();
    for part in parts {
        match nouns.last_mut() {
            Some((_, has_value)) if is_value(part) => *has_value = true,
            None if is_value(part) => return Vec::new(),
            _ => nouns.push((words::snake(part), false)),
        }
    }
    let Some(((last, _), owners)) = nouns.split_last() else {
        return Vec::new();
    };
    if !nouns.iter().all(|(noun, _)| is_noun(noun)) || path.contains('#') {
        return Vec::new();
    }
    let one = words::singular(last);
    let is_list = one != *last;
    let is_verb = VERBS.contains(&last.as_str()) && !of_item;
    let of_value = owners.last().is_some_and(|(_, has_value)| *has_value);
    let (verb, noun) = match (method, of_item, is_list) {
        ("POST" | "PUT", false, _) if is_verb => (last.as_str(), ""),
        _ if is_verb => return Vec::new(),
        // It may be an irregular plural, or another verb.
        (_, true, false) => return Vec::new(),
        ("POST", false, false) if of_value => return Vec::new(),
        ("GET", true, _) => ("get", one.as_str()),
        ("GET", false, true) => ("list", last.as_str()),
        ("GET", false, false) => ("get", last.as_str()),
        ("POST", false, _) => ("create", one.as_str()),
        ("PUT" | "PATCH", true, _) => ("update", one.as_str()),
        ("PUT" | "PATCH", false, _) => ("update", last.as_str()),
        ("DELETE", true, _) => ("delete", one.as_str()),
        ("DELETE", false, _) => ("delete", last.as_str()),
        _ => return Vec::new(),
    };
    // `list_photos` says too little of `/pets/{id}/photos`: the nouns from the last one with a value are part of it.
    let least = (owners.iter().rposition(|(_, has_value)| *has_value))
        .map_or(usize::from(is_verb), |at| owners.len() - at);
    if least > owners.len() {
        return Vec::new();
    }
    let names = (least..=owners.len()).map(|count| {
        let owners = owners.iter().skip(owners.len() - count);
        let mut all: Vec<String> = vec![verb.to_owned()];
        all.extend(owners.map(|(owner, _)| words::singular(owner)));
        all.extend(Some(noun.to_owned()).filter(|noun| !noun.is_empty()));
        all.join("_")
    });
    names.collect()
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
            ("GET", "/pets/{id}/photos", &["list_pet_photos"]),
            (
                "GET",
                "/shops/{shop}/pets/{id}/photos",
                &["list_pet_photos", "list_shop_pet_photos"],
            ),
            ("GET", "/util/ping", &["get_ping", "get_util_ping"]),
            ("POST", "/capture", &[]),
            ("GET", "/pets/{id}/status", &["get_pet_status"]),
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
            ("GET", "/people/{id}", &[]),
            ("POST", "/pets/{id}/feed", &[]),
            ("PUT", "/pets/{id}#again", &[]),
        ] {
            assert_eq!(of_operation(method, path), names, "{method} {path}");
        }
    }

    #[test]
    fn names_of_types() {
        let names = |path: &str| {
            let path: Vec<String> = path.split('.').map(str::to_owned).collect();
            of_type(&path)
        };
        assert_eq!(
            names("ListPetsOutput.Item.Owner.Address"),
            ["OwnerAddress", "ListPetsOwnerAddress"]
        );
        assert_eq!(names("Pet.Relationships.Owner"), ["PetOwner"]);
        assert_eq!(names("Pet.Owner.Data.Links"), ["PetOwnerLinks"]);
        assert_eq!(names("Pet.Owner.Variant1.Links"), ["PetOwnerLinks"]);
        assert!(names("Pet.Owner").is_empty());
    }
}
