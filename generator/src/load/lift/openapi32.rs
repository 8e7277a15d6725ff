//! Differences of OpenAPI 3.2 from 3.1.

use super::{
    super::{Key, Node, Value, table::Kind, unescape},
    Notes,
    members::{Members, flag, node, object, text},
    openapi31::write_out,
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

/// Converts what only OpenAPI 3.2 has, wherever it is. `is_32`: whether the document says that it is of that version.
pub(super) fn lift(root: &mut Node, is_32: bool, notes: &mut Notes<'_>) {
    move_methods(root);
    write_out(root, "mediaTypes", Kind::MediaType);
    name_parameters(root, notes);
    let mut at = String::new();
    walk(Kind::Root, root, &mut at, &mut |kind, node, at| {
        let forgotten: &[&str] = match kind {
            Kind::Tag => &["kind", "parent"],
            Kind::SecurityScheme => &["deprecated", "oauth2MetadataUrl"],
            Kind::Xml => &["nodeType"],
            Kind::Response => {
                let summary = node.value.take("summary").map(|(_, summary)| summary);
                // Earlier versions need a description, which is said if there is none.
                let is_needed = is_32 && !node.value.has("$ref");
                let empty = || is_needed.then(|| text(&node.place, ""));
                let described = match (summary, node.get("description").and_then(Node::as_str)) {
                    (Some(summary), Some(more)) if !more.is_empty() => summary
                        .as_str()
                        .map(|summary| text(&node.place, format!("{summary}\n\n{more}"))),
                    (Some(summary), _) => Some(summary),
                    (None, Some(_)) => None,
                    (None, None) => empty(),
                };
                if let Some(described) = described {
                    node.value.set("description", described);
                }
                &[]
            }
            Kind::Server if !node.value.has("x-rust-name") => {
                let name = node.get("name").and_then(Node::as_str);
                // Any other name makes no constant.
                if name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())) {
                    node.value.rename("name", "x-rust-name");
                }
                &[]
            }
            Kind::Parameter if has(node, "in", "cookie") && has(node, "style", "cookie") => {
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

/// A query string that is a form has a parameter for each property.
fn name_parameters(root: &mut Node, notes: &mut Notes<'_>) {
    let mut found = Vec::new();
    let mut at = String::new();
    walk(Kind::Root, root, &mut at, &mut |kind, node, at| {
        if matches!(kind, Kind::PathItem | Kind::Operation) && node.value.has("parameters") {
            found.push(format!("{at}/parameters"));
        }
    });
    for at in found {
        let Some(list) = root.at(&at).and_then(Node::as_array) else {
            continue;
        };
        if !list.iter().any(|one| is_query_string(target(root, one))) {
            continue;
        }
        let mut named = Vec::new();
        for (index, parameter) in list.iter().enumerate() {
            let Some(form) = Form::of(root, target(root, parameter)) else {
                named.push(parameter.clone());
                continue;
            };
            if let Some(more) = form.schema.get("additionalProperties")
                && !matches!(more.value, Value::Bool(false))
            {
                let what = "further members of the query string, which have no parameter";
                notes.lost(&more.place, &format!("{at}/{index}/content"), what);
            }
            named.extend(form.parameters(root));
        }
        if let Some(list) = root.at_mut(&at) {
            list.value = Value::Array(named);
        }
    }
    // Nothing refers to those any more.
    const SHARED: &str = "/components/parameters";
    let shared = root.at(SHARED).and_then(Node::as_object);
    let done: Vec<String> = (shared.unwrap_or_default().iter())
        .filter(|(_, one)| Form::of(root, one).is_some())
        .map(|(key, _)| key.name.clone())
        .collect();
    if let Some(shared) = root.at_mut(SHARED) {
        for name in done {
            shared.value.take(&name);
        }
    }
}

fn is_query_string(parameter: &Node) -> bool {
    has(parameter, "in", "querystring")
}

fn has(node: &Node, key: &str, text: &str) -> bool {
    node.get(key).and_then(Node::as_str) == Some(text)
}

/// A query string that is a form.
struct Form<'r> {
    media_type: &'r Node,
    schema: &'r Node,
    is_required: bool,
}

impl<'r> Form<'r> {
    /// Returns the form of a parameter; nothing if it is none, or has no properties of its own.
    fn of(root: &'r Node, parameter: &'r Node) -> Option<Self> {
        let [(key, media_type)] = parameter.get("content")?.as_object()? else {
            return None;
        };
        let schema = target(root, media_type.get("schema")?);
        let more = ["allOf", "oneOf", "anyOf"];
        let is_plain = schema
            .get("properties")
            .is_some_and(|node| node.as_object().is_some())
            && !more.iter().any(|key| schema.get(key).is_some());
        let required = parameter.get("required").map(|node| &node.value);
        (is_query_string(parameter) && is_form(&key.name) && is_plain).then_some(Self {
            media_type,
            schema,
            is_required: matches!(required, Some(Value::Bool(true))),
        })
    }

    /// Returns a parameter for each property.
    fn parameters(&self, root: &Node) -> Vec<Node> {
        let properties = self.schema.get("properties").and_then(Node::as_object);
        // Parameters have an order, and members of a map have none.
        let mut properties: Vec<&(Key, Node)> = properties.unwrap_or_default().iter().collect();
        properties.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        let parameters = properties.into_iter();
        parameters
            .map(|(key, schema)| self.parameter(root, key, schema))
            .collect()
    }

    fn parameter(&self, root: &Node, key: &Key, schema: &Node) -> Node {
        let required = self.schema.get("required").and_then(Node::as_array);
        let mut required = required.unwrap_or_default().iter();
        let is_named = required.any(|name| name.as_str() == Some(&key.name));
        let mut members = vec![
            ("name", text(&key.place, key.name.as_str())),
            ("in", text(&key.place, "query")),
            ("required", flag(&key.place, self.is_required && is_named)),
        ];
        let meant = target(root, schema);
        let described = meant.get("description").cloned();
        members.extend(described.map(|node| ("description", node)));
        let encoding = self.media_type.get("encoding");
        let encoding = encoding.and_then(|all| all.get(&key.name));
        let styles = ["style", "explode", "allowReserved"];
        let styles = styles
            .into_iter()
            .filter_map(|name| Some((name, encoding?.get(name)?.clone())));
        let styles: Vec<(&str, Node)> = styles.collect();
        let is_object = meant.get("properties").is_some() || has(meant, "type", "object");
        if is_object && styles.is_empty() {
            // As in a form.
            let media_type = object(&key.place, vec![("schema", schema.clone())]);
            let content = object(&key.place, vec![("application/json", media_type)]);
            members.push(("content", content));
        } else {
            members.extend(styles);
            members.push(("schema", schema.clone()));
        }
        object(&key.place, members)
    }
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
