//! The tree as openapiv3 reads it.

use openapiv3::{
    Callback, Components, Example, Header, Info, Link, MediaType, OpenAPI, Operation, Parameter,
    PathItem, ReferenceOr, RequestBody, Response, Responses, Schema, SecurityScheme, Server, Tag,
};
use serde::de::DeserializeOwned;
use serde_yaml::Value as Yaml;

use super::{
    Key, Node, Value, escape,
    table::{Kind, Want, shape},
    text::Texts,
};
use crate::diagnostic::{Diagnostic, overlay_remove};

/// Returns the document as openapiv3 reads it, without the schemas of its components: no later step needs these, and all
/// at once they take several times the memory of the document. Its errors name no place, so the smallest rejected part
/// is searched.
pub(super) fn typed(texts: &Texts, root: &Node) -> Result<OpenAPI, Vec<Diagnostic>> {
    let members = root.as_object().unwrap_or_default().iter();
    let members = members.map(|(key, node)| {
        let inner = match (key.name.as_str(), &node.value) {
            ("components", Value::Object(members)) => mapping(
                (members.iter())
                    .filter(|(key, node)| key.name != "schemas" || node.as_object().is_none())
                    .map(|(key, node)| (key, to_yaml(node))),
            ),
            _ => to_yaml(node),
        };
        (key, inner)
    });
    let whole = match &root.value {
        Value::Object(_) => mapping(members),
        _ => to_yaml(root),
    };
    serde_yaml::from_value(whole).map_err(|error| refused(texts, root, &error))
}

/// Returns a schema of the components as openapiv3 reads it.
pub(super) fn typed_schema(
    texts: &Texts,
    root: &Node,
    schema: &Node,
) -> Result<ReferenceOr<Schema>, Vec<Diagnostic>> {
    serde_yaml::from_value(to_yaml(schema)).map_err(|error| refused(texts, root, &error))
}

fn refused(texts: &Texts, root: &Node, error: &serde_yaml::Error) -> Vec<Diagnostic> {
    let mut refused = Vec::new();
    search(Want::Is(Kind::Root), root, String::new(), &mut refused);
    if refused.is_empty() {
        refused.push((root, String::new(), error.to_string()));
    }
    (refused.into_iter())
        .map(|(node, pointer, message)| {
            let what = format!("the OpenAPI reader rejects this: {message}");
            let help = match pointer.as_str() {
                "" => String::new(),
                _ => format!(
                    "correct it, or leave it out in an overlay:\n{}",
                    overlay_remove(&pointer)
                ),
            };
            texts.error(&node.place, pointer, what, help)
        })
        .collect()
}

fn mapping<'n>(members: impl Iterator<Item = (&'n Key, Yaml)>) -> Yaml {
    let members = members.map(|(key, value)| (Yaml::String(key.name.clone()), value));
    Yaml::Mapping(members.collect())
}

/// Returns a node without places, as serde_yaml has it.
pub(super) fn to_yaml(node: &Node) -> Yaml {
    match &node.value {
        Value::Null => Yaml::Null,
        Value::Bool(flag) => Yaml::Bool(*flag),
        Value::Number(number) => Yaml::Number(to_number(number)),
        Value::String(text) => Yaml::String(text.clone()),
        Value::Array(items) => Yaml::Sequence(items.iter().map(to_yaml).collect()),
        Value::Object(members) => mapping(members.iter().map(|(key, node)| (key, to_yaml(node)))),
    }
}

pub(super) fn to_number(number: &serde_json::Number) -> serde_yaml::Number {
    match (number.as_u64(), number.as_i64()) {
        (Some(value), _) => value.into(),
        (None, Some(value)) => value.into(),
        // A JSON number is a float if it is not an integer.
        (None, None) => number.as_f64().unwrap_or_default().into(),
    }
}

type Refused<'d> = Vec<(&'d Node, String, String)>;

/// Finds the smallest parts that openapiv3 rejects. Returns whether there are any.
fn search<'d>(want: Want, node: &'d Node, pointer: String, refused: &mut Refused<'d>) -> bool {
    let mut inside = false;
    let mut child = |want, node, token: &str, refused: &mut Refused<'d>| {
        inside |= search(want, node, format!("{pointer}/{}", escape(token)), refused);
    };
    match (want, &node.value) {
        (Want::Is(_) | Want::FlagOrSchema, Value::Object(members)) => {
            let kind = match want {
                Want::Is(kind) => kind,
                _ => Kind::Schema,
            };
            if node.get("$ref").is_none() {
                for (key, inner) in members {
                    if let Some(want) = shape(kind).want(&key.name) {
                        child(want, inner, &key.name, refused);
                    }
                }
            }
            if inside {
                return true;
            }
            match try_kind(kind, node) {
                Ok(()) => false,
                Err(message) => {
                    refused.push((node, pointer, message));
                    true
                }
            }
        }
        (Want::Many(kind), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                child(Want::Is(kind), item, &index.to_string(), refused);
            }
            inside
        }
        (Want::Map(kind), Value::Object(members)) => {
            for (key, inner) in members {
                child(Want::Is(kind), inner, &key.name, refused);
            }
            inside
        }
        _ => false,
    }
}

fn try_kind(kind: Kind, node: &Node) -> Result<(), String> {
    fn read<T: DeserializeOwned>(node: &Node) -> Result<(), String> {
        serde_yaml::from_value::<T>(to_yaml(node))
            .map(drop)
            .map_err(|error| error.to_string())
    }
    match kind {
        Kind::Schema if node.get("$ref").is_some() => Ok(()),
        Kind::Schema => read::<Schema>(node),
        Kind::Parameter => read::<ReferenceOr<Parameter>>(node),
        Kind::PathItem => read::<ReferenceOr<PathItem>>(node),
        Kind::RequestBody => read::<ReferenceOr<RequestBody>>(node),
        Kind::Response => read::<ReferenceOr<Response>>(node),
        Kind::Header => read::<ReferenceOr<Header>>(node),
        Kind::Link => read::<ReferenceOr<Link>>(node),
        Kind::Example => read::<ReferenceOr<Example>>(node),
        Kind::Callback => read::<ReferenceOr<Callback>>(node),
        Kind::SecurityScheme => read::<ReferenceOr<SecurityScheme>>(node),
        Kind::Operation => read::<Operation>(node),
        Kind::Responses => read::<Responses>(node),
        Kind::MediaType => read::<MediaType>(node),
        Kind::Components => read::<Components>(node),
        Kind::Info => read::<Info>(node),
        Kind::Server => read::<Server>(node),
        Kind::Tag => read::<Tag>(node),
        Kind::Root => read::<OpenAPI>(node),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Source, read};
    use super::*;

    fn refused(text: &str) -> Vec<String> {
        let source = Source {
            name: "pets.yaml".to_owned(),
            text: text.to_owned(),
        };
        let texts = Texts::new([&source]);
        let root = read(&texts, 0, &source, &mut Vec::new()).unwrap();
        let schemas = root.at("/components/schemas").and_then(Node::as_object);
        let mut schemas = schemas.unwrap_or_default().iter();
        let found = typed(&texts, &root).err();
        let found = found
            .or_else(|| schemas.find_map(|(_, schema)| typed_schema(&texts, &root, schema).err()));
        let found = found.unwrap();
        (found.iter())
            .map(|d| format!("{} {}:{}", d.pointer, d.place.line, d.place.column))
            .collect()
    }

    /// No document that passes the check is known to be rejected, so the check is skipped here.
    #[test]
    fn the_smallest_refused_parts_are_named() {
        let text = "\
openapi: 3.0.3
info: { title: Pets, version: '1' }
paths:
  /pets:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
        - { name: kind, in: pathx, schema: { type: string } }
      responses: { '200': { description: pets, content: { application/json: { schema: { items: 3 } } } } }
components:
  schemas:
    Pet: { properties: { name: { maxLength: many } } }
";
        assert_eq!(
            refused(text),
            [
                "/paths/~1pets/get/parameters/1 8:11",
                "/paths/~1pets/get/responses/200/content/application~1json/schema 9:87",
                "/components/schemas/Pet/properties/name 12:32"
            ]
        );
    }

    #[test]
    fn a_refusal_of_the_whole_is_reported_as_such() {
        assert_eq!(refused("openapi: 3.0.3\npaths: {}\n"), [" 1:1"]);
    }
}
