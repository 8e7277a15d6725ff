//! Branches of a union that are values: those of an enum, each with a documentation of its own, and null.

use std::collections::HashSet;

use super::{Key, Node, Place, Value, added, decoded};
use crate::load::tree::Index;

/// Names of the values of an enum, in their order.
const NAMES: &str = "x-enum-varnames";
/// Descriptions of the values of an enum, in their order.
const DESCRIPTIONS: &str = "x-enum-descriptions";

/// Keywords with which a branch does more than to list values, or is named.
const MORE: [&str; 10] = [
    "$ref",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "properties",
    "items",
    "additionalProperties",
    "x-rust-name",
    "x-rust-type",
];
/// Keywords of a union that an enum can't have.
const OTHER: [&str; 5] = [
    "discriminator",
    "not",
    "properties",
    "items",
    "additionalProperties",
];

/// A value of the enum.
struct Listed {
    value: Node,
    title: String,
    description: String,
}

/// Returns the places of unions of which a reference names a branch.
pub(super) fn referred(root: &Node) -> HashSet<Place> {
    let mut holders = HashSet::new();
    collect(root, &mut holders);
    let index = Index::of(root);
    let holders = holders.iter().filter_map(|at| index.at(root, at));
    holders.map(|node| node.place.clone()).collect()
}

fn collect(node: &Node, holders: &mut HashSet<String>) {
    match &node.value {
        Value::Object(members) => {
            for (key, node) in members {
                let target = node.as_str().filter(|_| key.name == "$ref");
                if let Some(target) = target.and_then(decoded) {
                    let unions = target.match_indices("/oneOf/");
                    let unions = unions.chain(target.match_indices("/anyOf/"));
                    holders.extend(unions.map(|(end, _)| target[..end].to_owned()));
                }
                collect(node, holders);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, holders)),
        _ => {}
    }
}

/// `oneOf: [{const: 1, title: ONE}, …]` to `enum: [1, …]`. Titles and descriptions of the values are beside them.
pub(super) fn list(members: &mut Vec<(Key, Node)>, place: &Place) {
    let mut unions = (members.iter()).filter(|(key, _)| is_one_of(key, &["oneOf", "anyOf"]));
    let (Some((union, branches)), None) = (unions.next(), unions.next()) else {
        return;
    };
    if members.iter().any(|(key, _)| is_one_of(key, &OTHER)) {
        return;
    }
    let branches = branches.as_array().unwrap_or_default();
    let Some(mut all) = listed(branches) else {
        return;
    };
    let own = |name: &str| members.iter().find(|(key, _)| key.name == name);
    let of_branches = || branches.iter().filter_map(|branch| branch.get("type"));
    let own_type = own("type").map(|(_, node)| node);
    if !are_of(&all, of_branches().chain(own_type)) {
        return;
    }
    // A list beside the union allows some of its values.
    if let Some((_, allowed)) = own("enum") {
        let allowed = allowed.as_array().unwrap_or_default();
        let allowed: HashSet<String> = allowed.iter().map(text_of).collect();
        all.retain(|one| allowed.contains(&text_of(&one.value)));
        if all.is_empty() {
            return;
        }
    }
    let is_nullable = branches.iter().any(|branch| {
        let flag = branch.get("nullable");
        flag.and_then(Node::as_bool) == Some(true)
    });
    // A text is named by itself.
    let is_text = all.iter().all(|one| one.value.as_str().is_some());
    let names = texts(all.iter().map(|one| &one.title), place).filter(|_| !is_text);
    let descriptions = texts(all.iter().map(|one| &one.description), place);
    let values = all.into_iter().map(|one| one.value).collect();
    let new = [
        ("type", of_branches().next().map(|ty| ty.value.clone())),
        ("nullable", is_nullable.then_some(Value::Bool(true))),
        (NAMES, names),
        (DESCRIPTIONS, descriptions),
    ];
    let new = new.into_iter().filter(|(name, _)| own(name).is_none());
    let new: Vec<_> = (new.filter_map(|(name, value)| Some((name, value?))))
        .chain([("enum", Value::Array(values))])
        .map(|(name, value)| added(name, value, place))
        .collect();
    let union = union.name.clone();
    members.retain(|(key, _)| key.name != union && key.name != "enum");
    members.extend(new);
}

/// `anyOf: [{$ref}, {type: object, nullable: true}]` to `anyOf: [{$ref}, {nullable: true}]`: beside a schema with a name or
/// members, an object of which nothing is said but that it may be null is how generators for OData and others say null.
pub(super) fn null_branch(members: &mut [(Key, Node)]) {
    let unions = (members.iter_mut()).filter(|(key, _)| is_one_of(key, &["oneOf", "anyOf"]));
    for (_, union) in unions {
        let Value::Array(branches) = &mut union.value else {
            continue;
        };
        let [first, second] = branches.as_mut_slice() else {
            continue;
        };
        let (null, other) = match (is_bare(first), is_bare(second)) {
            (true, false) => (first, second),
            (false, true) => (second, first),
            _ => continue,
        };
        let is_schema = ["$ref", "allOf", "properties"]
            .iter()
            .any(|key| other.get(key).is_some());
        if let (true, Value::Object(members)) = (is_schema, &mut null.value) {
            members.retain(|(key, _)| key.name != "type");
        }
    }
}

/// Whether a branch says that it is an object or null, and nothing else.
fn is_bare(branch: &Node) -> bool {
    let members = branch.as_object().unwrap_or_default();
    branch.get("type").and_then(Node::as_str) == Some("object")
        && branch.get("nullable").and_then(Node::as_bool) == Some(true)
        && (members.iter()).all(|(key, node)| match key.name.as_str() {
            "type" | "nullable" | "title" | "description" | "example" | "deprecated" => true,
            "default" => node.is_null(),
            name => name.starts_with("x-") && !MORE.contains(&name),
        })
}

/// Returns the values of branches that list values; nothing if one of them does more.
fn listed(branches: &[Node]) -> Option<Vec<Listed>> {
    let mut all: Vec<Listed> = Vec::new();
    let mut known = HashSet::new();
    for branch in branches {
        let values = branch.get("enum").and_then(Node::as_array)?;
        if values.is_empty() || MORE.iter().any(|key| branch.get(key).is_some()) {
            return None;
        }
        let text = |key| {
            let text = branch.get(key).and_then(Node::as_str);
            text.unwrap_or_default().to_owned()
        };
        for value in values {
            if !known.insert(text_of(value)) {
                return None;
            }
            all.push(Listed {
                value: value.clone(),
                // A title of several values is not a name.
                title: if values.len() == 1 {
                    text("title")
                } else {
                    String::new()
                },
                description: text("description"),
            });
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Whether all values are of one kind, and of the types in the document.
fn are_of<'n>(all: &[Listed], mut types: impl Iterator<Item = &'n Node>) -> bool {
    let kind = |one: &Listed| match &one.value.value {
        Value::String(_) => &["string"][..],
        Value::Number(number) if number.is_i64() => &["integer", "number"],
        Value::Bool(_) => &["boolean"],
        _ => &[],
    };
    let kinds = all.first().map_or(&[][..], kind);
    !kinds.is_empty()
        && all.iter().all(|one| kind(one) == kinds)
        && types.all(|ty| ty.as_str().is_some_and(|ty| kinds.contains(&ty)))
}

/// Returns a list of texts; nothing if all of them are empty.
fn texts<'t>(all: impl Iterator<Item = &'t String> + Clone, place: &Place) -> Option<Value> {
    let node = |text: &String| Node {
        value: Value::String(text.clone()),
        place: place.clone(),
    };
    let has_text = all.clone().any(|text| !text.is_empty());
    has_text.then(|| Value::Array(all.map(node).collect()))
}

fn is_one_of(key: &Key, names: &[&str]) -> bool {
    names.contains(&key.name.as_str())
}

fn text_of(value: &Node) -> String {
    value.to_json().to_string()
}
