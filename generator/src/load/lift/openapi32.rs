//! Differences of OpenAPI 3.2 from 3.1.

use std::collections::BTreeMap;

use super::{
    super::{Key, Node, Value, escape, table::Kind, unescape},
    Notes,
    members::{Members, flag, node, object, text},
    streams::target,
    walk,
};
use crate::media_type::{is_form, is_multipart};

/// Separates a path and the method of an operation that OpenAPI 3.0 has no key for.
const METHOD: &str = "#method=";

/// The key under which such an operation is read: its body, if it has one, means something.
const HOST: &str = "post";

/// Marks a cookie whose value is not encoded: the style `cookie`.
pub(crate) const AS_IT_IS: &str = "x-as-it-is";

/// Returns the method that is sent, and the path without it.
pub(crate) fn sent<'p>(key: &str, path: &'p str) -> (String, &'p str) {
    match path.rsplit_once(METHOD) {
        Some((path, method)) if key.eq_ignore_ascii_case(HOST) => (method.to_owned(), path),
        _ => (key.to_uppercase(), path),
    }
}

/// Before references to path items are written out.
pub(super) fn lift(root: &mut Node, notes: &mut Notes<'_>) {
    move_methods(root);
    write_out_media_types(root);
    name_parameters(root, notes);
    let mut at = String::new();
    walk(Kind::Root, root, &mut at, &mut |kind, node, at| {
        let forgotten: &[&str] = match kind {
            Kind::Tag => &["kind", "parent"],
            Kind::SecurityScheme => &["deprecated", "oauth2MetadataUrl"],
            Kind::Xml => &["nodeType"],
            Kind::Parameter if node.get("style").and_then(Node::as_str) == Some("cookie") => {
                node.value.rename("style", AS_IT_IS);
                &[]
            }
            Kind::MediaType if is_multipart_at(at) => {
                // The parts of a list have no names; what can't be built is said where bodies are read.
                if let Some((_, items)) = node.value.take("itemSchema") {
                    let list = vec![("type", text(&node.place, "array")), ("items", items)];
                    let list = object(&node.place, list);
                    node.value.set("schema", list);
                }
                &["itemEncoding", "prefixEncoding"]
            }
            Kind::Flows => {
                if let Some((key, _)) = node.value.take("deviceAuthorization") {
                    let what =
                        "the flow `deviceAuthorization`: its tokens are set as bearer tokens";
                    notes.lost(&key.place, &format!("{at}/deviceAuthorization"), what);
                }
                &[]
            }
            Kind::Example => {
                if let Some(value) = node.value.take("dataValue") {
                    node.value.put("value", value);
                }
                &["serializedValue"]
            }
            _ => &[],
        };
        for name in forgotten {
            node.value.take(name);
        }
    });
}

fn is_multipart_at(at: &str) -> bool {
    is_multipart(&unescape(at.rsplit('/').next().unwrap_or_default()))
}

/// Replaces references to media types under `components`.
fn write_out_media_types(root: &mut Node) {
    let Some(components) = root.value.get_mut("components") else {
        return;
    };
    let Some((
        _,
        Node {
            value: Value::Object(all),
            ..
        },
    )) = components.value.take("mediaTypes")
    else {
        return;
    };
    let all: BTreeMap<String, Node> = (all.into_iter())
        .map(|(key, media_type)| {
            let target = format!("#/components/mediaTypes/{}", escape(&key.name));
            (target, media_type)
        })
        .collect();
    walk(
        Kind::Root,
        root,
        &mut String::new(),
        &mut |kind, node, _| {
            // One may be another.
            for _ in 0..all.len() {
                let target = node.get("$ref").and_then(Node::as_str);
                match target.and_then(|target| all.get(target)) {
                    Some(media_type) if kind == Kind::MediaType => *node = media_type.clone(),
                    _ => break,
                }
            }
        },
    );
}

/// A query string that is a form has a parameter for each property.
fn name_parameters(root: &mut Node, notes: &mut Notes<'_>) {
    let mut found = Vec::new();
    walk(
        Kind::Root,
        root,
        &mut String::new(),
        &mut |kind, node, at| {
            if matches!(kind, Kind::PathItem | Kind::Operation) && node.value.has("parameters") {
                found.push(format!("{at}/parameters"));
            }
        },
    );
    for at in found {
        let Some(list) = root.at(&at).and_then(Node::as_array) else {
            continue;
        };
        let mut named = Vec::new();
        for (index, parameter) in list.iter().enumerate() {
            let target = target(root, parameter);
            let place = format!("{at}/{index}");
            match properties(root, target, &place, notes) {
                Some(properties) => named.extend(properties),
                None => named.push(parameter.clone()),
            }
        }
        if let Some(list) = root.at_mut(&at) {
            list.value = Value::Array(named);
        }
    }
    // Those that are referred to are not read any more.
    if let Some(components) = root.value.get_mut("components")
        && let Some(parameters) = components.value.get_mut("parameters")
        && let Value::Object(parameters) = &mut parameters.value
    {
        parameters.retain(|(_, parameter)| {
            parameter.get("in").and_then(Node::as_str) != Some("querystring")
        });
    }
}

/// Returns the parameters of a query string that is a form; nothing if it is not one.
fn properties(root: &Node, parameter: &Node, at: &str, notes: &mut Notes<'_>) -> Option<Vec<Node>> {
    if parameter.get("in").and_then(Node::as_str) != Some("querystring") {
        return None;
    }
    let [(key, media_type)] = parameter.get("content")?.as_object()? else {
        return None;
    };
    let schema = target(root, media_type.get("schema")?);
    let properties = schema.get("properties").and_then(Node::as_object)?;
    let has_more = ["allOf", "oneOf", "anyOf"];
    if !is_form(&key.name) || has_more.iter().any(|key| schema.get(key).is_some()) {
        return None;
    }
    if let Some(more) = schema.get("additionalProperties")
        && !matches!(more.value, Value::Bool(false))
    {
        let what = "further members of the query string, which have no parameter";
        notes.lost(&more.place, &format!("{at}/content"), what);
    }
    let required = schema.get("required").and_then(Node::as_array);
    let required: Vec<&str> = (required.unwrap_or_default().iter())
        .filter_map(Node::as_str)
        .collect();
    let is_sent = parameter
        .get("required")
        .is_some_and(|node| matches!(node.value, Value::Bool(true)));
    // Parameters have an order, and members of a map have none.
    let mut properties: Vec<&(Key, Node)> = properties.iter().collect();
    properties.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    let parameters = properties.into_iter().map(|(key, schema)| {
        let is_required = is_sent && required.contains(&key.name.as_str());
        let encoding = media_type
            .get("encoding")
            .and_then(|all| all.get(&key.name));
        let mut members = vec![
            ("name", text(&key.place, key.name.as_str())),
            ("in", text(&key.place, "query")),
            ("required", flag(&key.place, is_required)),
        ];
        let described = target(root, schema).get("description").cloned();
        members.extend(described.map(|node| ("description", node)));
        let asked = |name: &str| encoding.and_then(|encoding| encoding.get(name)).cloned();
        for name in ["style", "explode", "allowReserved"] {
            members.extend(asked(name).map(|node| (name, node)));
        }
        let styled = ["style", "explode", "allowReserved"]
            .iter()
            .any(|name| asked(name).is_some());
        let kind = target(root, schema);
        let is_object = kind.get("properties").is_some()
            || kind.get("type").and_then(Node::as_str) == Some("object");
        if is_object && !styled {
            // As in a form.
            let media_type = object(&key.place, vec![("schema", schema.clone())]);
            let content = object(&key.place, vec![("application/json", media_type)]);
            members.push(("content", content));
        } else {
            members.push(("schema", schema.clone()));
        }
        object(&key.place, members)
    });
    Some(parameters.collect())
}

/// An operation with another method has a path of its own, which says the method.
fn move_methods(root: &mut Node) {
    let Some(Node {
        value: Value::Object(paths),
        ..
    }) = root.value.get_mut("paths")
    else {
        return;
    };
    let mut moved = Vec::new();
    for (path, item) in paths.iter_mut() {
        let mut operations: Vec<(Key, Node)> = item.value.take("query").into_iter().collect();
        if let Some((key, _)) = operations.first_mut() {
            key.name = "QUERY".to_owned();
        }
        if let Some((_, additional)) = item.value.take("additionalOperations")
            && let Value::Object(additional) = additional.value
        {
            operations.extend(additional);
        }
        let Value::Object(members) = &item.value else {
            continue;
        };
        let shared: Vec<(Key, Node)> = (members.iter())
            .filter(|(key, _)| ["parameters", "servers"].contains(&key.name.as_str()))
            .cloned()
            .collect();
        for (mut key, operation) in operations {
            let path = Key {
                name: format!("{}{METHOD}{}", path.name, key.name),
                ..path.clone()
            };
            key.name = HOST.to_owned();
            let mut members = shared.clone();
            members.push((key, operation));
            moved.push((path, node(&item.place, Value::Object(members))));
        }
    }
    paths.extend(moved);
}
