//! Schemas of JSON Schema 2020-12, of which OpenAPI 3.0 supports a part.

use std::collections::BTreeMap;

use super::{
    super::{Key, Node, Place, Value},
    Members, Notes,
    members::{flag, node, object, text},
};

/// One schema, whose own schemas are lifted after it.
pub(super) struct Schema<'a, 'n> {
    pub(super) notes: &'a mut Notes<'n>,
    pub(super) at: &'a str,
}

/// Keywords that affect validity but not the kind of values.
const CHECKS: &[&str] = &[
    "contains",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords that apply to values of one kind.
const OF_KIND: &[(&str, &[&str])] = &[
    (
        "string",
        &[
            "minLength",
            "maxLength",
            "pattern",
            "contentEncoding",
            "contentMediaType",
        ],
    ),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
        ],
    ),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "minProperties",
            "maxProperties",
        ],
    ),
];

/// Converts keywords that a schema of OpenAPI 3.0 can't have in this form. Returns whether there are any.
pub(in crate::load) fn as_later(schema: &mut Node) -> bool {
    if bare(schema) {
        return true;
    }
    let later = |key: &str| match (key, schema.get(key).map(|node| &node.value)) {
        ("items", Some(Value::Array(items))) => !items.is_empty(),
        ("type", Some(Value::Array(items))) => items.iter().all(|item| item.as_str().is_some()),
        ("type", Some(Value::String(text))) => text == "null",
        ("exclusiveMinimum" | "exclusiveMaximum", Some(Value::Number(_))) => true,
        _ => false,
    };
    let keys = ["type", "items", "exclusiveMinimum", "exclusiveMaximum"];
    let keys: Vec<&str> = keys.into_iter().filter(|key| later(key)).collect();
    let members = &mut schema.value;
    if keys.contains(&"type") {
        types(members);
    }
    if keys.contains(&"items")
        && let Some((
            key,
            Node {
                value: Value::Array(items),
                place,
            },
        )) = members.take("items")
    {
        members.put("items", (key, any_of(&place, items.into_iter())));
    }
    limits(members);
    !keys.is_empty()
}

/// Converts a schema that is `true` or `false`. Returns whether it was one.
fn bare(schema: &mut Node) -> bool {
    let place = schema.place.clone();
    match schema.value {
        Value::Bool(true) => schema.value = Value::Object(Vec::new()),
        Value::Bool(false) => {
            let any = node(&place, Value::Object(Vec::new()));
            *schema = object(&place, vec![("not", any)]);
        }
        _ => return false,
    }
    true
}

impl Schema<'_, '_> {
    pub(super) fn lift(&mut self, schema: &mut Node) {
        if bare(schema) || schema.as_object().is_none() {
            return;
        }
        let members = &mut schema.value;
        self.conditions(members);
        for name in ["$schema", "$comment", "$vocabulary", "$recursiveAnchor"] {
            members.take(name);
        }
        for name in CHECKS {
            if let Some((key, _)) = members.take(name) {
                let what = format!("`{name}` is not carried: values are not checked against it");
                let pointer = format!("{}/{name}", self.at);
                self.notes.lost(&key.place, &pointer, what);
            }
        }
        self.dynamic(members);
        types(members);
        limits(members);
        self.tuple(members);
        self.patterns(members);
        content(members);
        if let Some((key, examples)) = members.take("examples")
            && !members.has("example")
            && let Value::Array(items) = examples.value
            && let Some(first) = items.into_iter().next()
        {
            members.put("example", (key, first));
        }
    }

    /// Converts schemas for some values: their properties are members that may be absent.
    fn conditions(&mut self, members: &mut Value) {
        // Of a part of a schema, the other parts may have the same properties, for all values.
        let is_part = members.has("$ref")
            || members.has("allOf")
            || self.at.rsplit('/').nth(1) == Some("allOf");
        let is_object = members.has("properties")
            || (members.get_mut("type")).is_some_and(|kind| kind.as_str() == Some("object"));
        if is_part || !is_object {
            return;
        }
        let mut found: Vec<(Key, Vec<Node>)> = Vec::new();
        for name in ["then", "else", "dependentSchemas"] {
            let Some((key, value)) = members.take(name) else {
                continue;
            };
            let mut has_properties = false;
            let mut schemas = match value.value {
                Value::Object(all) if name == "dependentSchemas" => {
                    all.into_iter().map(|(_, schema)| schema).collect()
                }
                _ => vec![value],
            };
            while let Some(mut schema) = schemas.pop() {
                let further = ["then", "else"].map(|name| schema.value.take(name));
                schemas.extend(further.into_iter().flatten().map(|(_, schema)| schema));
                let Some((_, properties)) = schema.value.take("properties") else {
                    continue;
                };
                let Value::Object(properties) = properties.value else {
                    continue;
                };
                has_properties = true;
                for (key, property) in properties {
                    match found.iter_mut().find(|(known, _)| known.name == key.name) {
                        Some((_, all)) => all.push(property),
                        None => found.push((key, vec![property])),
                    }
                }
            }
            let what = match has_properties {
                true => format!(
                    "`{name}`: its properties may be absent; values are not checked against it"
                ),
                false => format!("`{name}` is not carried: values are not checked against it"),
            };
            self.notes
                .lost(&key.place, &format!("{}/{name}", self.at), what);
        }
        for (key, schemas) in found {
            let place = key.place.clone();
            if !members.has("properties") {
                members.set("properties", node(&place, Value::Object(Vec::new())));
            }
            if let Some(properties) = members.get_mut("properties")
                && !properties.value.has(&key.name)
            {
                let name = key.name.clone();
                let schema = any_of(&place, schemas.into_iter());
                properties.value.put(&name, (key, schema));
            }
        }
    }

    /// References that depend on who refers: they mean the schema that they name by themselves.
    fn dynamic(&mut self, members: &mut Value) {
        for name in ["$dynamicRef", "$recursiveRef"] {
            let Some((key, target)) = members.take(name) else {
                continue;
            };
            let what =
                format!("`{name}` is read as a reference that means the same wherever it is");
            self.notes
                .lost(&key.place, &format!("{}/{name}", self.at), what);
            let Some(said) = target.as_str().filter(|_| !members.has("$ref")) else {
                continue;
            };
            let own = || {
                let mut steps = self.at.splitn(5, '/');
                let steps: Vec<&str> = steps.by_ref().take(4).collect();
                format!("#{}", steps.join("/"))
            };
            let meant = if said == "#" { own() } else { said.to_owned() };
            members.put("$ref", (key, text(&target.place, meant)));
        }
    }

    /// Converts a list whose items differ by position: each item may be any of them.
    fn tuple(&mut self, members: &mut Value) {
        let Some((key, prefix)) = members.take("prefixItems") else {
            return;
        };
        let Value::Array(first) = prefix.value else {
            return;
        };
        let count = first.len();
        let rest = members.take("items").map(|(_, items)| items);
        let is_closed = rest.as_ref().and_then(Node::as_bool) == Some(false);
        let most = members.get_mut("maxItems").and_then(|most| most.as_u64());
        let is_open = rest
            .as_ref()
            .is_none_or(|rest| rest.as_bool() == Some(true))
            && most.is_none_or(|most| most > count as u64);
        let what = match is_open {
            true => {
                "`prefixItems`: a list whose items differ by their position is read as a list of any of them; \
                 further items may be anything: one of another kind is kept as an item that is not read"
            }
            false => {
                "`prefixItems`: a list whose items differ by their position is read as a list of any of them"
            }
        };
        self.notes
            .lost(&key.place, &format!("{}/prefixItems", self.at), what);
        let rest = rest.filter(|rest| rest.as_bool().is_none());
        let items = any_of(&prefix.place, first.into_iter().chain(rest));
        members.set("items", items);
        if is_closed && !members.has("maxItems") {
            let most = Value::Number((count as u64).into());
            members.set("maxItems", node(&prefix.place, most));
        }
    }

    /// Converts properties whose names match a pattern: a map whose values may be any of them.
    fn patterns(&mut self, members: &mut Value) {
        let Some((key, patterns)) = members.take("patternProperties") else {
            return;
        };
        let Value::Object(patterns) = patterns.value else {
            return;
        };
        let what = "`patternProperties` is read without the patterns: each further member may be any of these values";
        self.notes
            .lost(&key.place, &format!("{}/patternProperties", self.at), what);
        let others = members.take("additionalProperties").map(|(_, node)| node);
        let others = others.filter(|node| node.as_object().is_some());
        let kinds = patterns.into_iter().map(|(_, schema)| schema);
        members.set(
            "additionalProperties",
            any_of(&key.place, kinds.chain(others)),
        );
    }
}

/// `type` as a list, and the type `null`.
fn types(members: &mut Value) {
    let Some(types) = members.get_mut("type") else {
        return;
    };
    let place = types.place.clone();
    let mut names: Vec<String> = match &types.value {
        Value::String(name) if name == "null" => vec![name.clone()],
        Value::Array(items) => {
            let names = items.iter().filter_map(Node::as_str).map(str::to_owned);
            let names: Vec<String> = names.collect();
            if names.len() != items.len() {
                return; // The check says that it is wrong.
            }
            names
        }
        _ => return,
    };
    let all = names.len();
    names.retain(|name| name != "null");
    let is_nullable = names.len() < all;
    let mut kinds: Vec<String> = Vec::new();
    for name in names {
        if !kinds.contains(&name) {
            kinds.push(name);
        }
    }
    if kinds.iter().any(|kind| kind == "number") {
        kinds.retain(|kind| kind != "integer");
    }
    match kinds.as_slice() {
        [] => {
            members.take("type");
            if is_nullable && !members.has("enum") && !members.has("const") {
                let null = node(&place, Value::Null);
                members.set("enum", node(&place, Value::Array(vec![null])));
            }
        }
        [kind] => members.set("type", text(&place, kind)),
        _ => either(members, &kinds, &place),
    }
    if is_nullable {
        members.set("nullable", flag(&place, true));
    }
}

/// Returns a schema that allows the values of each of several schemas.
fn any_of(place: &Place, schemas: impl Iterator<Item = Node>) -> Node {
    let mut kinds: Vec<Node> = Vec::new();
    for schema in schemas {
        let is_new = |known: &Node| known.to_json() != schema.to_json();
        if kinds.iter().all(is_new) {
            kinds.push(schema);
        }
    }
    match (kinds.len(), kinds.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            kinds.push(last);
            object(place, vec![("anyOf", node(place, Value::Array(kinds)))])
        }
        (_, None) => object(place, Vec::new()),
    }
}

/// Converts several kinds of values to a union of schemas, each with the keywords of its kind.
fn either(members: &mut Value, kinds: &[String], place: &Place) {
    members.take("type");
    let limits = members.take("enum");
    let only = members.take("const");
    let format = members.take("format");
    let of_kind = |kind: &str| match kind {
        "integer" => "number".to_owned(),
        other => other.to_owned(),
    };
    let mut own: BTreeMap<String, Vec<(Key, Node)>> = BTreeMap::new();
    for (kind, names) in OF_KIND {
        for name in *names {
            if let Some(member) = members.take(name) {
                own.entry((*kind).to_owned()).or_default().push(member);
            }
        }
    }
    let is_number = |format: &Node| {
        let known = [
            "int32", "int64", "uint32", "uint64", "float", "double", "decimal",
        ];
        format
            .as_str()
            .is_some_and(|format| known.contains(&format))
    };
    let mut branches = Vec::new();
    for kind in kinds {
        let group = of_kind(kind);
        let mut branch = object(place, vec![("type", text(place, kind))]);
        let valid = |node: &Node| is_of(node, &group);
        if let Some((
            key,
            Node {
                value: Value::Array(values),
                place,
            },
        )) = &limits
        {
            let fitting: Vec<Node> = values
                .iter()
                .filter(|value| valid(value))
                .cloned()
                .collect();
            if fitting.is_empty() {
                continue;
            }
            let list = node(place, Value::Array(fitting));
            branch.value.put("enum", (key.clone(), list));
        }
        if let Some((key, value)) = &only {
            if !valid(value) {
                continue;
            }
            branch.value.put("const", (key.clone(), value.clone()));
        }
        if let Some((key, value)) = &format
            && (group == "number") == is_number(value)
            && matches!(group.as_str(), "number" | "string")
        {
            branch.value.put("format", (key.clone(), value.clone()));
        }
        for (key, value) in own.get(&group).into_iter().flatten() {
            let name = key.name.clone();
            branch.value.put(&name, (key.clone(), value.clone()));
        }
        branches.push(branch);
    }
    match (branches.len(), branches.pop()) {
        (
            1,
            Some(Node {
                value: Value::Object(more),
                ..
            }),
        ) => {
            for (key, value) in more {
                members.set(&key.name.clone(), value);
            }
        }
        (_, Some(last)) => {
            branches.push(last);
            let branches = node(place, Value::Array(branches));
            if !members.has("anyOf") && !members.has("oneOf") {
                members.set("anyOf", branches);
                return;
            }
            // Keywords that the union next to it already has.
            let part = object(place, vec![("anyOf", branches)]);
            match members.get_mut("allOf").map(|parts| &mut parts.value) {
                Some(Value::Array(parts)) => parts.push(part),
                _ => members.set("allOf", node(place, Value::Array(vec![part]))),
            }
        }
        (_, None) => {}
    }
}

fn is_of(value: &Node, kind: &str) -> bool {
    matches!(
        (&value.value, kind),
        (Value::String(_), "string")
            | (Value::Number(_), "number")
            | (Value::Bool(_), "boolean")
            | (Value::Array(_), "array")
            | (Value::Object(_), "object")
    )
}

/// Converts exclusive limits: in JSON Schema they are numbers, in OpenAPI 3.0 booleans next to the inclusive limit.
fn limits(members: &mut Value) {
    type Row = (&'static str, &'static str, fn(f64, f64) -> bool);
    let rows: [Row; 2] = [
        ("exclusiveMinimum", "minimum", |limit, open| limit > open),
        ("exclusiveMaximum", "maximum", |limit, open| limit < open),
    ];
    for (exclusive, inclusive, is_stricter) in rows {
        let Some(Value::Number(number)) = members.get_mut(exclusive).map(|node| node.value.clone())
        else {
            continue;
        };
        let limit = members.get_mut(inclusive).and_then(|node| node.as_f64());
        let open = number.as_f64().unwrap_or_default();
        if limit.is_some_and(|limit| is_stricter(limit, open)) {
            members.take(exclusive);
            continue;
        }
        if let Some((key, node)) = members.take(exclusive) {
            let place = key.place.clone();
            members.take(inclusive);
            members.put(inclusive, (key, node));
            members.set(exclusive, flag(&place, true));
        }
    }
}

/// Converts strings that hold bytes.
fn content(members: &mut Value) {
    let encoding = members.take("contentEncoding");
    let media_type = members.take("contentMediaType");
    if members.has("format") {
        return;
    }
    let said = |member: &Option<(Key, Node)>| -> Option<String> {
        let text = member.as_ref()?.1.as_str()?;
        Some(text.to_ascii_lowercase())
    };
    let format = match (said(&encoding).as_deref(), said(&media_type)) {
        (Some("base64"), _) => "byte",
        (Some("binary"), None) => "binary",
        (None | Some("binary" | "8bit" | "7bit"), Some(media_type)) => {
            let is_text = media_type.starts_with("text/")
                || ["json", "xml", "yaml", "javascript", "form"]
                    .iter()
                    .any(|word| media_type.contains(word));
            // Text has no format.
            if is_text { "" } else { "binary" }
        }
        _ => return,
    };
    if let Some(node) = media_type.as_ref().map(|(_, node)| node)
        && format != "byte"
        && node.as_str() != Some("application/octet-stream")
    {
        // For multipart bodies.
        members.set("x-media-type", node.clone());
    }
    if let Some((key, node)) = encoding.or(media_type).filter(|_| !format.is_empty()) {
        members.put("format", (key, text(&node.place, format)));
        if !members.has("type") {
            members.set("type", text(&node.place, "string"));
        }
    }
}
