//! The contract of a document, for a server that checks requests and responses: a JSON text with operations and JSON
//! Schemas (2020-12). Descriptions and examples are left out.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::load::{Document, Node};
use crate::lower::{Children, Discriminators};
use crate::model::{Api, Operation, SchemeKind};

const SCHEMAS: &str = "#/components/schemas/";

/// Keywords of OpenAPI that say nothing about a value.
const SILENT: [&str; 10] = [
    "default",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "title",
    "xml",
];

/// Returns the contract of a document. `source` is its path, for the first line.
pub(crate) fn contract(api: &Api, document: &Document, source: &str) -> String {
    let mut text = format!(
        "{{\n\"@generated\": \"by `cargo xtask codegen` from {source}\",\n\"operations\": ["
    );
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    // An operation has all media types of its body.
    let operations = operations.filter(|operation| !operation.is_further());
    for (index, operation) in operations.enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{separator}\n{}",
            operation_json(api, document, operation)
        );
    }
    text.push_str("\n],\n\"schemas\": {");
    for (index, (name, schema)) in schemas(document).iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let name = Value::from(name.as_str());
        let _ = write!(text, "{separator}\n{name}: {schema}");
    }
    text.push_str("\n}\n}\n");
    text
}

/// The components. A parent whose `discriminator` selects its children is two of them, because the children extend only
/// its own part: under its name the one that also requires what the selected child does, and [`own_part`].
fn schemas(document: &Document) -> Vec<(String, Value)> {
    let discriminators = Discriminators::find(document);
    let all = document.root().at("/components/schemas");
    let all = all.and_then(Node::as_object).unwrap_or_default();
    let children_of = |name: &str| discriminators.children(&format!("/components/schemas/{name}"));
    let mut result = Vec::new();
    for (name, schema) in all {
        let name = name.name.as_str();
        let mut schema = json_schema(&schema.to_json());
        extend_own_parts(&mut schema, &|name| children_of(name).is_some());
        if let Some(children) = children_of(name) {
            result.push((name.to_owned(), selected_child(name, &children)));
            result.push((own_part(name), schema));
        } else {
            result.push((name.to_owned(), schema));
        }
    }
    result
}

/// The name of what a parent requires of all its children. No component of OpenAPI can have it.
fn own_part(name: &str) -> String {
    format!("{name}:own")
}

/// A value of a parent: as its own part, and as the child that the value says it is. A value that no child has is as in
/// the own part.
fn selected_child(name: &str, children: &Children) -> Value {
    let mut all = vec![json!({ "$ref": format!("#/schemas/{}", own_part(name)) })];
    for (child, values) in &children.by_pointer {
        let Some(child) = child.strip_prefix("/components/schemas/") else {
            continue;
        };
        all.push(json!({
            "if": {
                "properties": { children.tag.as_str(): { "enum": values } },
                "required": [children.tag],
            },
            "then": { "$ref": format!("#/schemas/{child}") },
        }));
    }
    json!({ "allOf": all })
}

/// Makes a component extend the own parts of its parents: the references to the parent select the child.
fn extend_own_parts(schema: &mut Value, is_parent: &dyn Fn(&str) -> bool) {
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        let target = part["$ref"].as_str();
        match target.and_then(|target| target.strip_prefix("#/schemas/")) {
            Some(name) if is_parent(name) => {
                *part = json!({ "$ref": format!("#/schemas/{}", own_part(name)) });
            }
            Some(_) => {}
            None => extend_own_parts(part, is_parent),
        }
    }
}

fn operation_json(api: &Api, document: &Document, operation: &Operation) -> Value {
    let node = document.node(&operation.place);
    let node = node.map(Node::to_json).unwrap_or_default();
    let root = document.root();
    let url = api.servers.get(operation.server);
    let base = url.map(|server| path_of(&server.url)).unwrap_or_default();
    let item = operation.place.rsplit_once('/').map(|(item, _)| item);
    let item = item.and_then(|item| document.node(item)).map(Node::to_json);
    let shared = item.as_ref().and_then(|item| item["parameters"].as_array());
    let own = node["parameters"].as_array();
    let mut parameters: Vec<Value> = Vec::new();
    for parameter in own.into_iter().chain(shared).flatten() {
        let parameter = parameter_json(root, &resolved(root, parameter));
        let is_same =
            |known: &Value| known["name"] == parameter["name"] && known["in"] == parameter["in"];
        if !parameters.iter().any(is_same) {
            parameters.push(parameter);
        }
    }
    let mut result = json!({
        "name": operation.full_name,
        "method": operation.method,
        "path": format!("{base}{}", operation.path),
        "security": security(api, operation),
    });
    if !operation.scopes.is_empty() {
        result["scopes"] = json!(operation.scopes);
    }
    if !parameters.is_empty() {
        result["parameters"] = parameters.into();
    }
    let body = resolved(root, &node["requestBody"]);
    if let Some(content) = body["content"].as_object() {
        result["body"] = json!({
            "required": body["required"].as_bool().unwrap_or_default(),
            "content": contents(content),
        });
    }
    let mut responses = Map::new();
    for (status, response) in node["responses"].as_object().into_iter().flatten() {
        let response = resolved(root, response);
        let content = response["content"].as_object();
        responses.insert(status.clone(), content.map(contents).unwrap_or_default());
    }
    result["responses"] = responses.into();
    result
}

fn parameter_json(root: &Node, parameter: &Value) -> Value {
    let content = parameter["content"].as_object();
    let inner = content.and_then(|content| content.values().next());
    let schema = inner.map_or(&parameter["schema"], |media| &media["schema"]);
    let mut result = json!({
        "name": parameter["name"],
        "in": parameter["in"],
        "schema": json_schema(schema),
        // Decides how the text of the parameter is read.
        "kind": resolved(root, schema)["type"],
    });
    for key in ["required", "style", "explode"] {
        if !parameter[key].is_null() {
            result[key] = parameter[key].clone();
        }
    }
    if inner.is_some() {
        result["json"] = true.into();
    }
    result
}

/// Schemas by media type; a media type without one has an empty schema.
fn contents(content: &Map<String, Value>) -> Value {
    let schemas = content.iter().map(|(media, value)| {
        let schema = match &value["schema"] {
            Value::Null => json!({}),
            schema => json_schema(schema),
        };
        (media.clone(), schema)
    });
    Value::Object(schemas.collect())
}

/// Alternatives, each a list of `bearer`, `basic`, `header:x-api-key` and the like.
fn security(api: &Api, operation: &Operation) -> Vec<Vec<String>> {
    let name = |scheme: &usize| {
        Some(match &api.schemes.get(*scheme)?.kind {
            SchemeKind::Bearer | SchemeKind::ClientCredentials(_) => "bearer".to_owned(),
            SchemeKind::Basic => "basic".to_owned(),
            SchemeKind::HeaderKey(name) => format!("header:{name}"),
            SchemeKind::QueryKey(name) => format!("query:{name}"),
            SchemeKind::CookieKey(name) => format!("cookie:{name}"),
            #[allow(unreachable_patterns, reason = "kinds that no document of ours has")]
            _ => return None,
        })
    };
    (operation.security.iter())
        .map(|together| together.iter().filter_map(name).collect())
        .collect()
}

/// The path of a URL, without a trailing slash.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("", |start| &rest[start..])
}

/// The value itself, or the component that it refers to.
fn resolved(root: &Node, value: &Value) -> Value {
    let mut value = value.clone();
    // A chain of references is as long as the number of components at most; the document is checked already.
    while let Some(pointer) = value["$ref"].as_str() {
        let node = pointer
            .strip_prefix('#')
            .and_then(|pointer| root.at(pointer));
        match node {
            Some(node) => value = node.to_json(),
            None => return Value::Null,
        }
    }
    value
}

/// A schema of OpenAPI 3.0 as a JSON Schema. References are to `#/schemas`.
fn json_schema(schema: &Value) -> Value {
    let Some(keywords) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(name) = (keywords.get("$ref").and_then(Value::as_str))
        .and_then(|target| target.strip_prefix(SCHEMAS))
    {
        return json!({ "$ref": format!("#/schemas/{name}") });
    }
    let mut result = Map::new();
    for (keyword, value) in keywords {
        let converted = match keyword.as_str() {
            "properties" => each(value),
            "items" | "not" | "additionalProperties" => json_schema(value),
            "allOf" | "anyOf" | "oneOf" => match value.as_array() {
                Some(parts) => parts.iter().map(json_schema).collect(),
                None => continue,
            },
            "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => continue,
            name if SILENT.contains(&name) || name.starts_with("x-") => continue,
            _ => value.clone(),
        };
        result.insert(keyword.clone(), converted);
    }
    for (limit, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if keywords.get(exclusive) == Some(&Value::Bool(true))
            && let Some(value) = result.remove(limit)
        {
            result.insert(exclusive.to_owned(), value);
        }
    }
    let result = Value::Object(result);
    if keywords.get("nullable") == Some(&Value::Bool(true)) {
        // `enum` and `allOf` of a nullable schema reject null by themselves.
        return json!({ "anyOf": [{ "type": "null" }, result] });
    }
    result
}

fn each(schemas: &Value) -> Value {
    let schemas = schemas.as_object().into_iter().flatten();
    let schemas = schemas.map(|(name, schema)| (name.clone(), json_schema(schema)));
    Value::Object(schemas.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_openapi_become_those_of_json_schema() {
        let schema = json!({
            "type": "object",
            "description": "left out",
            "required": ["a"],
            "properties": {
                "a": { "type": "string", "nullable": true, "enum": ["x"] },
                "b": { "type": "number", "minimum": 0, "exclusiveMinimum": true },
                "description": { "$ref": "#/components/schemas/B" },
            },
        });
        assert_eq!(
            json_schema(&schema),
            json!({
                "type": "object",
                "required": ["a"],
                "properties": {
                    "a": { "anyOf": [{ "type": "null" }, { "type": "string", "enum": ["x"] }] },
                    "b": { "type": "number", "exclusiveMinimum": 0 },
                    "description": { "$ref": "#/schemas/B" },
                },
            })
        );
    }

    #[test]
    fn a_value_is_checked_as_the_child_that_it_says_it_is() {
        let text = r##"
            openapi: 3.0.3
            info: {title: Pets, version: "1"}
            paths: {}
            components:
              schemas:
                Owner:
                  type: object
                  properties:
                    pet: {$ref: "#/components/schemas/Pet"}
                Pet:
                  type: object
                  required: [kind]
                  properties: {kind: {type: string}}
                  discriminator:
                    propertyName: kind
                    mapping: {cat: "#/components/schemas/Cat"}
                Cat:
                  allOf:
                    - $ref: "#/components/schemas/Pet"
                    - {type: object, required: [lives], properties: {lives: {type: integer}}}
                Siamese:
                  allOf:
                    - allOf: [{$ref: "#/components/schemas/Pet"}]
                    - {type: object, required: [eyes]}
                  x-discriminator-value: siamese
        "##;
        let document = crate::load::load(
            &crate::load::Source {
                name: "pets.yaml".to_owned(),
                text: text.to_owned(),
            },
            &[],
        )
        .unwrap();
        let schemas: Map<String, Value> = schemas(&document).into_iter().collect();
        let is_valid = |value: Value| {
            let schema = json!({ "schemas": schemas, "$ref": "#/schemas/Owner" });
            jsonschema::is_valid(&schema, &json!({ "pet": value }))
        };
        assert!(is_valid(json!({ "kind": "cat", "lives": 9 })));
        assert!(is_valid(json!({ "kind": "siamese", "eyes": 2 })));
        assert!(is_valid(json!({ "kind": "dog" })), "a kind of tomorrow");
        assert!(!is_valid(json!({ "kind": "cat" })));
        assert!(!is_valid(json!({ "kind": "cat", "lives": "nine" })));
        assert!(!is_valid(json!({ "kind": "siamese", "lives": 9 })));
        assert!(!is_valid(json!({ "lives": 9 })));
    }

    #[test]
    fn the_path_of_a_url() {
        assert_eq!(path_of("https://api.example/v1"), "/v1");
        assert_eq!(path_of("https://api.example"), "");
    }
}
