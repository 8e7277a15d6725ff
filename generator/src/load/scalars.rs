//! Values of strings that are written without quotes: `enum: [1.10, 1e3]` under `type: string`. They are read as written,
//! because a number does not keep its zeros.

use super::{
    Node, Place, Value,
    check::followed,
    escape,
    reading::written,
    table::{Kind, Want, shape},
    text::Texts,
};

/// Maximum nesting of references and `allOf`; no usable schema goes deeper.
const DEPTH: usize = 32;

/// A value that is read as a string.
pub(super) struct Scalar {
    pub(super) pointer: String,
    pub(super) place: Place,
    /// `enum`
    pub(super) key: String,
    /// `a number`
    pub(super) kind: &'static str,
    pub(super) text: String,
}

/// Finds all such values of a document that is not normalised yet.
pub(super) fn scalars(texts: &Texts, root: &Node) -> Vec<Scalar> {
    let mut search = Search {
        texts,
        root,
        found: Vec::new(),
    };
    search.object(Kind::Root, root, String::new(), &[]);
    search.found
}

struct Search<'a> {
    texts: &'a Texts,
    root: &'a Node,
    found: Vec<Scalar>,
}

impl<'a> Search<'a> {
    fn inside(&mut self, want: Want, node: &'a Node, pointer: String, company: &[&'a Node]) {
        match (want, &node.value) {
            (Want::Is(kind), Value::Object(_)) => self.object(kind, node, pointer, company),
            (Want::FlagOrSchema, Value::Object(_)) => {
                self.object(Kind::Schema, node, pointer, company);
            }
            (Want::Many(kind), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.inside(Want::Is(kind), item, format!("{pointer}/{index}"), company);
                }
            }
            (Want::Map(kind), Value::Object(members)) => {
                for (key, inner) in members {
                    let pointer = format!("{pointer}/{}", escape(&key.name));
                    self.inside(Want::Is(kind), inner, pointer, company);
                }
            }
            _ => {}
        }
    }

    /// `company`: schemas that apply to the same value, because this one is a part of their `allOf`.
    fn object(&mut self, kind: Kind, node: &'a Node, pointer: String, company: &[&'a Node]) {
        let mut schemas: Vec<&'a Node> = Vec::new();
        match kind {
            Kind::Schema => {
                schemas.extend(company);
                schemas.push(node);
            }
            Kind::Parameter | Kind::Header | Kind::MediaType => schemas.extend(node.get("schema")),
            _ => {}
        }
        for (key, inner) in node.as_object().unwrap_or_default() {
            let name = key.name.as_str();
            let pointer = format!("{pointer}/{}", escape(name));
            match (kind, name) {
                (Kind::Schema, "enum") => {
                    for (index, item) in inner.as_array().unwrap_or_default().iter().enumerate() {
                        self.value(&schemas, item, format!("{pointer}/{index}"), name);
                    }
                }
                (Kind::Schema, "const" | "default" | "example")
                | (Kind::Parameter | Kind::Header | Kind::MediaType, "example") => {
                    self.value(&schemas, inner, pointer, name);
                }
                (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => {
                    for (key, example) in inner.as_object().unwrap_or_default() {
                        if let Some(value) = example.get("value") {
                            let pointer = format!("{pointer}/{}/value", escape(&key.name));
                            self.value(&schemas, value, pointer, "example");
                        }
                    }
                }
                _ => {
                    let Some(want) = shape(kind).want(name) else {
                        continue;
                    };
                    let company: &[_] = if (kind, name) == (Kind::Schema, "allOf") {
                        &schemas
                    } else {
                        &[]
                    };
                    self.inside(want, inner, pointer, company);
                }
            }
        }
    }

    fn value(&mut self, schemas: &[&'a Node], node: &'a Node, pointer: String, key: &str) {
        match &node.value {
            Value::Number(_) | Value::Bool(_) if self.is_text(schemas, DEPTH) => {
                let text = written(self.texts, node).unwrap_or_else(|| node.to_json().to_string());
                self.found.push(Scalar {
                    pointer,
                    place: node.place.clone(),
                    key: key.to_owned(),
                    kind: node.value.kind(),
                    text,
                });
            }
            Value::Array(items) => {
                let of_items = self.within(schemas, &["items"]);
                for (index, item) in items.iter().enumerate().filter(|_| !of_items.is_empty()) {
                    self.value(&of_items, item, format!("{pointer}/{index}"), key);
                }
            }
            Value::Object(members) => {
                for (member, inner) in members {
                    let of_member = self.within(schemas, &["properties", &member.name]);
                    if !of_member.is_empty() {
                        let pointer = format!("{pointer}/{}", escape(&member.name));
                        self.value(&of_member, inner, pointer, key);
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns whether the schemas of a value say that it is a string.
    fn is_text(&self, schemas: &[&'a Node], depth: usize) -> bool {
        let said = |node: &'a Node| node.get("type").and_then(Node::as_str) == Some("string");
        self.parts(schemas, depth).into_iter().any(said)
    }

    /// The schemas at a path inside of all parts.
    fn within(&self, schemas: &[&'a Node], way: &[&str]) -> Vec<&'a Node> {
        let parts = self.parts(schemas, DEPTH).into_iter();
        parts
            .filter_map(|part| way.iter().try_fold(part, |node, key| node.get(key)))
            .collect()
    }

    /// Returns the parts of the schemas: references followed, `allOf` resolved.
    fn parts(&self, schemas: &[&'a Node], depth: usize) -> Vec<&'a Node> {
        let mut parts = Vec::new();
        for schema in schemas {
            let Some(target) = followed(self.root, schema) else {
                continue;
            };
            parts.push(target);
            // Next to a reference, too.
            if !std::ptr::eq(target, *schema) {
                parts.push(schema);
            }
            let Some(depth) = depth.checked_sub(1) else {
                continue;
            };
            let all: Vec<&'a Node> = [target, schema]
                .into_iter()
                .filter_map(|node| node.get("allOf")?.as_array())
                .flatten()
                .collect();
            parts.extend(self.parts(&all, depth));
        }
        parts
    }
}
