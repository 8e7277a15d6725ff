//! Credentials of operations that describe them as a header parameter `Authorization` instead of `security`.

use super::super::{Key, Node, Place, Value, check::followed, escape, table::METHODS};

/// The scheme that is added where the document has none for the header.
const SCHEME: &str = "Authorization";

/// Adds to such operations the security schemes of the document that use this header, else one of its own. The parameter
/// itself has no meaning in OpenAPI.
pub(super) fn secure(root: &mut Node) {
    if root.get("security").is_some() {
        return;
    }
    let mut schemes: Vec<String> = Vec::new();
    let described = root.at("/components/securitySchemes");
    for (name, scheme) in described.and_then(Node::as_object).unwrap_or_default() {
        if uses_authorization(followed(root, scheme).unwrap_or(scheme)) {
            schemes.push(name.name.clone());
        }
    }
    let is_described = !schemes.is_empty();
    if !is_described {
        schemes.push(SCHEME.to_owned());
    }
    let mut found: Vec<(String, Node)> = Vec::new();
    for (path, item) in root
        .get("paths")
        .and_then(Node::as_object)
        .unwrap_or_default()
    {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            if operation.get("security").is_some() || operation.as_object().is_none() {
                continue;
            }
            let parameters = [operation, item]
                .into_iter()
                .filter_map(|of| of.get("parameters"));
            let parameters = parameters.filter_map(Node::as_array).flatten();
            let mut parameters = parameters.filter_map(|parameter| followed(root, parameter));
            let Some(parameter) = parameters.find(|parameter| is_authorization(parameter)) else {
                continue;
            };
            let mut alternatives: Vec<Node> = (schemes.iter())
                .map(|name| object(&parameter.place, vec![(name, Value::Array(Vec::new()))]))
                .collect();
            if parameter.get("required").and_then(Node::as_bool) != Some(true) {
                alternatives.push(object(&parameter.place, Vec::new()));
            }
            found.push((
                format!("/paths/{}/{method}", escape(&path.name)),
                node(&parameter.place, Value::Array(alternatives)),
            ));
        }
    }
    let Some(place) = found.first().map(|(_, security)| security.place.clone()) else {
        return;
    };
    for (pointer, security) in found {
        if let Some(operation) = root.at_mut(&pointer) {
            put(operation, "security", security);
        }
    }
    if !is_described {
        let text = |text: &str| Value::String(text.to_owned());
        let scheme = object(
            &place,
            vec![
                ("type", text("apiKey")),
                ("in", text("header")),
                ("name", text(SCHEME)),
            ],
        );
        let mut holder = root;
        for name in ["components", "securitySchemes"] {
            if holder.get(name).is_none() {
                put(holder, name, object(&place, Vec::new()));
            }
            match holder.at_mut(&format!("/{name}")) {
                Some(inner) => holder = inner,
                None => return,
            }
        }
        put(holder, SCHEME, scheme);
    }
}

/// Whether a security scheme sends its credentials in the header `Authorization`.
pub(crate) fn uses_authorization(scheme: &Node) -> bool {
    let text = |key: &str| scheme.get(key).and_then(Node::as_str).unwrap_or_default();
    match text("type") {
        "http" | "oauth2" | "openIdConnect" => true,
        "apiKey" => text("in") == "header" && text("name").eq_ignore_ascii_case(SCHEME),
        _ => false,
    }
}

fn is_authorization(parameter: &Node) -> bool {
    let text = |key: &str| {
        parameter
            .get(key)
            .and_then(Node::as_str)
            .unwrap_or_default()
    };
    text("in") == "header" && text("name").eq_ignore_ascii_case(SCHEME)
}

fn node(place: &Place, value: Value) -> Node {
    Node {
        value,
        place: place.clone(),
    }
}

fn object(place: &Place, members: Vec<(&str, Value)>) -> Node {
    let members = members.into_iter().map(|(name, value)| {
        let key = Key {
            name: name.to_owned(),
            place: place.clone(),
        };
        (key, node(place, value))
    });
    node(place, Value::Object(members.collect()))
}

fn put(holder: &mut Node, name: &str, value: Node) {
    if let Value::Object(members) = &mut holder.value {
        let key = Key {
            name: name.to_owned(),
            place: value.place.clone(),
        };
        members.push((key, value));
    }
}
