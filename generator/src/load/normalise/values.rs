//! Enums whose values are branches of a union, each with a documentation of its own.

use super::{Key, Node, Place, Value, added};

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

/// `oneOf: [{const: 1, title: ONE}, …]` to `enum: [1, …]`. Titles and descriptions of the values are beside them.
pub(super) fn list(members: &mut Vec<(Key, Node)>, place: &Place) {
    let is_union = |name: &str| name == "oneOf" || name == "anyOf";
    let mut unions = members.iter().filter(|(key, _)| is_union(&key.name));
    let (Some((union, branches)), None) = (unions.next(), unions.next()) else {
        return;
    };
    let has_other = (members.iter()).any(|(key, _)| OTHER.contains(&key.name.as_str()));
    let union = union.name.clone();
    let Some(mut all) = branches.as_array().and_then(listed).filter(|_| !has_other) else {
        return;
    };
    // Types of the branches, and that of the union.
    let branches = branches.as_array().unwrap_or_default();
    let of_union = members.iter().find(|(key, _)| key.name == "type");
    let of_branches = branches.iter().filter_map(|branch| branch.get("type"));
    let of_branches: Vec<Node> = of_branches.cloned().collect();
    let of_union = of_union.map(|(_, node)| node);
    let mut types: Vec<&str> = (of_branches.iter().chain(of_union))
        .filter_map(Node::as_str)
        .collect();
    types.sort_unstable();
    types.dedup();
    if types.len() > 1 || !are_of_one_kind(&all, types.first().copied()) {
        return;
    }
    let of_branch = of_branches
        .into_iter()
        .next()
        .filter(|_| of_union.is_none());
    let is_nullable = branches.iter().any(|branch| {
        let flag = branch.get("nullable");
        flag.and_then(Node::as_bool) == Some(true)
    });
    // A list beside the union allows some of its values.
    if let Some((_, allowed)) = members.iter().find(|(key, _)| key.name == "enum") {
        let allowed = allowed.as_array().unwrap_or_default();
        all.retain(|one| allowed.iter().any(|value| same(value, &one.value)));
        if all.is_empty() {
            return;
        }
    }
    members.retain(|(key, _)| key.name != union && key.name != "enum");
    let has = |members: &[(Key, Node)], name: &str| members.iter().any(|(key, _)| key.name == name);
    let text = |text: &str| Node {
        value: Value::String(text.to_owned()),
        place: place.clone(),
    };
    // A text is named by itself.
    let is_text = all.iter().all(|one| one.value.as_str().is_some());
    let names: Vec<Node> = all.iter().map(|one| text(&one.title)).collect();
    let descriptions: Vec<Node> = all.iter().map(|one| text(&one.description)).collect();
    let says = |all: &[Node]| {
        let mut texts = all.iter().filter_map(Node::as_str);
        texts.any(|text| !text.is_empty())
    };
    if !is_text && says(&names) && !has(members, NAMES) {
        members.push(added(NAMES, Value::Array(names), place));
    }
    if says(&descriptions) && !has(members, DESCRIPTIONS) {
        members.push(added(DESCRIPTIONS, Value::Array(descriptions), place));
    }
    if let Some(ty) = of_branch {
        members.push(added("type", ty.value, place));
    }
    if is_nullable && !has(members, "nullable") {
        members.push(added("nullable", Value::Bool(true), place));
    }
    let values = all.into_iter().map(|one| one.value).collect();
    members.push(added("enum", Value::Array(values), place));
}

/// Returns the values of branches that list values; nothing if one of them does more.
fn listed(branches: &[Node]) -> Option<Vec<Listed>> {
    let mut all: Vec<Listed> = Vec::new();
    for branch in branches {
        if MORE.iter().any(|key| branch.get(key).is_some()) {
            return None;
        }
        let values = branch.get("enum").and_then(Node::as_array)?;
        let text = |key| {
            let text = branch.get(key).and_then(Node::as_str);
            text.unwrap_or_default().to_owned()
        };
        for value in values {
            if all.iter().any(|known| same(&known.value, value)) {
                return None;
            }
            // The title is that of one value.
            let title = if values.len() == 1 {
                text("title")
            } else {
                String::new()
            };
            all.push(Listed {
                value: value.clone(),
                title,
                description: text("description"),
            });
        }
        if values.is_empty() {
            return None;
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Whether all values are texts, whole numbers or truth values, as the type says.
fn are_of_one_kind(all: &[Listed], ty: Option<&str>) -> bool {
    let are = |is: fn(&Value) -> bool| all.iter().all(|one| is(&one.value.value));
    match ty {
        Some("string") => are(|value| matches!(value, Value::String(_))),
        Some("integer" | "number") => is_whole(&are),
        Some("boolean") => are(|value| matches!(value, Value::Bool(_))),
        Some(_) => false,
        None => {
            are(|value| matches!(value, Value::String(_)))
                || is_whole(&are)
                || are(|value| matches!(value, Value::Bool(_)))
        }
    }
}

fn is_whole(are: &dyn Fn(fn(&Value) -> bool) -> bool) -> bool {
    are(|value| matches!(value, Value::Number(number) if number.is_i64()))
}

fn same(one: &Node, other: &Node) -> bool {
    one.to_json() == other.to_json()
}
