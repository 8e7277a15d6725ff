//! Fingerprints of schemas, to notice a change.

use std::collections::BTreeSet;

use super::{Node, Value, escape};
use crate::text_hash::TextHash;

const SCHEMAS: &str = "/components/schemas";

/// Keywords that don't affect which values are valid.
const WORDS: [&str; 7] = [
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
];

/// See [`Document::fingerprint`](super::Document::fingerprint).
pub(super) fn fingerprint(root: &Node, pointer: &str) -> Option<u64> {
    let mut print = Print {
        root,
        hash: TextHash::new(),
        seen: BTreeSet::new(),
        open: Vec::new(),
    };
    root.at(pointer)?;
    print.open.push(pointer.to_owned());
    while let Some(pointer) = print.open.pop() {
        if print.seen.insert(pointer.clone())
            && let Some(node) = root.at(&pointer)
        {
            print.text(&pointer);
            print.schema(node);
            print.children(&pointer, node);
        }
    }
    Some(print.hash.value())
}

struct Print<'d> {
    root: &'d Node,
    hash: TextHash,
    seen: BTreeSet<String>,
    open: Vec<String>,
}

impl Print<'_> {
    fn text(&mut self, text: &str) {
        self.hash.add(text);
    }

    fn schema(&mut self, node: &Node) {
        let Value::Object(members) = &node.value else {
            return self.value(node);
        };
        let mut members: Vec<_> = (members.iter())
            .map(|(key, node)| (key.name.as_str(), node))
            .filter(|(name, _)| {
                ["x-discriminator-value", "x-guaranteed", "x-or-single"].contains(name)
                    || !(WORDS.contains(name) || name.starts_with("x-"))
            })
            .collect();
        members.sort_by_key(|(name, _)| *name);
        for (name, node) in members {
            self.text(name);
            match name {
                "$ref" => {
                    let to = node.as_str().unwrap_or_default();
                    self.text(to);
                    self.open.extend(to.strip_prefix('#').map(str::to_owned));
                }
                "properties" => {
                    let mut properties: Vec<_> = node.as_object().into_iter().flatten().collect();
                    properties.sort_by_key(|(key, _)| &key.name);
                    for (key, schema) in properties {
                        self.text(&key.name);
                        self.schema(schema);
                    }
                    self.text("}");
                }
                "allOf" | "anyOf" | "oneOf" => {
                    let parts = node.as_array().into_iter().flatten();
                    parts.for_each(|part| self.schema(part));
                    self.text("]");
                }
                "items" | "additionalProperties" | "not" => self.schema(node),
                _ => self.value(node),
            }
        }
        self.text("}");
    }

    fn value(&mut self, node: &Node) {
        let mut json = node.to_json();
        json.sort_all_objects();
        self.text(&json.to_string());
    }

    /// A schema that names this one as its parent is one of the types its values can have.
    fn children(&mut self, pointer: &str, node: &Node) {
        if node.get("discriminator").is_none() {
            return;
        }
        let parent = format!("#{pointer}");
        let schemas = self.root.at(SCHEMAS).and_then(Node::as_object);
        for (key, schema) in schemas.into_iter().flatten() {
            let parts = schema.get("allOf").and_then(Node::as_array);
            let mut parts = parts.unwrap_or_default().iter();
            if parts.any(|part| part.get("$ref").and_then(Node::as_str) == Some(&parent)) {
                self.open.push(format!("{SCHEMAS}/{}", escape(&key.name)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Source, load};

    fn fingerprint(schemas: &str, pointer: &str) -> Option<u64> {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{{schemas}}}}}\n"
        );
        let source = Source {
            name: "a.yaml".to_owned(),
            text,
        };
        load(&source, &[]).unwrap().fingerprint(pointer)
    }

    #[test]
    fn what_is_valid_counts_and_what_is_said_does_not() {
        let of = |schemas| fingerprint(schemas, "/components/schemas/A");
        let first = "A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}, B: {type: string}";
        let said = "B: {type: string, description: Words.}, A: {properties: {b: {$ref: '#/components/schemas/B'}}, type: object, x-rust-name: C}";
        let inner = "A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}, B: {type: integer}";
        assert!(of(first).is_some());
        assert_eq!(of(first), of(said));
        assert_ne!(of(first), of(inner));
        assert_eq!(fingerprint(first, "/components/schemas/C"), None);
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let of = |name: &str| {
            let schemas = format!("A: {{type: object, properties: {{{name}: {{type: string}}}}}}");
            fingerprint(&schemas, "/components/schemas/A")
        };
        assert_ne!(of("title"), of("example"));
    }

    #[test]
    fn children_belong_to_their_parent() {
        let parent =
            "A: {type: object, discriminator: {propertyName: t}, properties: {t: {type: string}}}";
        let child = ", B: {allOf: [{$ref: '#/components/schemas/A'}]}";
        let of = |schemas: &str| fingerprint(schemas, "/components/schemas/A");
        assert_ne!(of(parent), of(&format!("{parent}{child}")));
    }
}
