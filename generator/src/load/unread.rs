//! Finds keys that openapiv3 lost: the typed document is written back and compared with the tree, key by key.

use std::collections::BTreeSet;

use serde_yaml::Value as Yaml;

use super::{
    Key, Node, Value, escape,
    table::{Kind, Want, shape},
    text::Texts,
    typed::{to_number, typed_schema},
};
use crate::diagnostic::Diagnostic;

/// Lists every key that is missing in the typed document and is not a default. Keys in `ignored` are known already.
pub(super) fn unread(
    texts: &Texts,
    root: &Node,
    openapi: &openapiv3::OpenAPI,
    ignored: &BTreeSet<String>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let mut compare = Compare {
        texts,
        ignored,
        pointer: String::new(),
        lost: Vec::new(),
    };
    compare.whole(Want::Is(Kind::Root), root, serde_yaml::to_value(openapi));
    let schemas = root.at("/components/schemas").and_then(Node::as_object);
    for (key, schema) in schemas.unwrap_or_default() {
        let typed = typed_schema(texts, root, schema)?;
        compare.pointer = format!("/components/schemas/{}", escape(&key.name));
        compare.whole(Want::Is(Kind::Schema), schema, serde_yaml::to_value(&typed));
    }
    Ok(compare.lost)
}

struct Compare<'a> {
    texts: &'a Texts,
    ignored: &'a BTreeSet<String>,
    /// The kind of objects that are compared.
    pointer: String,
    lost: Vec<Diagnostic>,
}

impl Compare<'_> {
    fn whole(&mut self, want: Want, node: &Node, back: Result<Yaml, serde_yaml::Error>) {
        match back {
            Ok(back) => self.value(want, node, &back),
            Err(error) => self.report(
                &node.place,
                format!("the typed document can't be written back: {error}"),
            ),
        }
    }

    fn within(&mut self, token: &str, step: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escape(token));
        step(self);
        self.pointer.truncate(length);
    }

    fn value(&mut self, want: Want, node: &Node, back: &Yaml) {
        match (&node.value, back) {
            (Value::Object(members), Yaml::Mapping(back)) => {
                for (key, inner) in members {
                    let (want, owner) = member(want, &key.name);
                    if owner.is_some_and(|kind| is_carried(kind, &key.name)) {
                        continue;
                    }
                    self.within(&key.name, |compare| match back.get(key.name.as_str()) {
                        Some(back) => compare.value(want, inner, back),
                        None => compare.missing(owner, node, key, inner),
                    });
                }
            }
            (Value::Array(items), Yaml::Sequence(back)) => {
                let want = match want {
                    Want::Many(kind) => Want::Is(kind),
                    _ => Want::Any,
                };
                for (index, item) in items.iter().enumerate() {
                    self.within(&index.to_string(), |compare| match back.get(index) {
                        Some(back) => compare.value(want, item, back),
                        None => compare
                            .report(&item.place, "this is lost in the typed document".to_owned()),
                    });
                }
            }
            (value, back) if same(value, back) => {}
            (value, _) => {
                let what = format!(
                    "this is {}, and something else in the typed document",
                    value.kind()
                );
                self.report(&node.place, what);
            }
        }
    }

    fn missing(&mut self, owner: Option<Kind>, object: &Node, key: &Key, node: &Node) {
        let is_default = owner.is_some_and(|kind| is_default(kind, object, &key.name, node));
        if !is_default && !self.ignored.contains(&self.pointer) {
            let what = format!("`{}` is lost in the typed document", key.name);
            self.report(&key.place, what);
        }
    }

    fn report(&mut self, place: &super::Place, what: String) {
        let found = self.texts.error(place, self.pointer.clone(), what, "");
        self.lost.push(found.into_warning());
    }
}

/// Returns whether the generator reads this from the tree and not from the typed document, so that nothing is lost.
fn is_carried(kind: Kind, key: &str) -> bool {
    let keys: &[&str] = match kind {
        Kind::Schema => &[
            "default",
            "enum",
            "example",
            "exclusiveMaximum",
            "exclusiveMinimum",
            "format",
            "maxItems",
            "maxLength",
            "maxProperties",
            "maximum",
            "minItems",
            "minLength",
            "minProperties",
            "minimum",
            "multipleOf",
            "nullable",
            "pattern",
            "readOnly",
            "required",
            "uniqueItems",
            "writeOnly",
        ],
        Kind::Parameter => &[
            "allowEmptyValue",
            "allowReserved",
            "example",
            "explode",
            "style",
        ],
        Kind::Encoding => &["allowReserved", "contentType", "explode", "style"],
        // Whether a header is exploded is seen in its text.
        Kind::Header => &["example", "explode"],
        Kind::MediaType => &["example"],
        Kind::Example => &["value"],
        Kind::Discriminator => &["defaultMapping"],
        // Compared one by one.
        Kind::Components => &["schemas"],
        _ => &[],
    };
    keys.contains(&key)
}

/// Returns the type of a member, and the kind whose own key it is (none for free names).
fn member(want: Want, key: &str) -> (Want, Option<Kind>) {
    let kind = match want {
        Want::Is(kind) => kind,
        Want::FlagOrSchema => Kind::Schema,
        Want::Map(kind) => return (Want::Is(kind), None),
        _ => return (Want::Any, None),
    };
    let shape = shape(kind);
    let owner = shape.field(key).map(|_| kind);
    (shape.want(key).unwrap_or(Want::Any), owner)
}

fn same(value: &Value, back: &Yaml) -> bool {
    match (value, back) {
        (Value::Null, Yaml::Null) => true,
        (Value::Bool(flag), Yaml::Bool(back)) => flag == back,
        (Value::String(text), Yaml::String(back)) => text == back,
        (Value::Number(number), Yaml::Number(back)) => {
            // `1` may come back as `1.0`.
            to_number(number) == *back || (number.as_f64() == back.as_f64() && exact(number))
        }
        _ => false,
    }
}

/// Returns whether a float holds the number without rounding it.
fn exact(number: &serde_json::Number) -> bool {
    const LIMIT: u64 = 1 << 53;
    match (number.as_u64(), number.as_i64()) {
        (Some(value), _) => value <= LIMIT,
        (None, Some(value)) => value.unsigned_abs() <= LIMIT,
        (None, None) => true,
    }
}

/// Returns whether the value of a key is the default.
fn is_default(kind: Kind, object: &Node, key: &str, node: &Node) -> bool {
    match &node.value {
        Value::Bool(true) => key == "explode" && explodes(kind, object),
        Value::Bool(false) => key != "explode" || !explodes(kind, object),
        Value::String(text) => key == "style" && text == default_style(kind, object),
        Value::Array(items) => {
            items.is_empty() && !matches!(key, "security" | "enum" | "oneOf" | "anyOf")
        }
        Value::Object(members) => members.is_empty() && !matches!(key, "items" | "not" | "schema"),
        _ => false,
    }
}

fn default_style(kind: Kind, object: &Node) -> &'static str {
    let location = object.get("in").and_then(Node::as_str);
    match (kind, location) {
        (Kind::Header, _) | (_, Some("path" | "header")) => "simple",
        _ => "form",
    }
}

fn explodes(kind: Kind, object: &Node) -> bool {
    match object.get("style").and_then(Node::as_str) {
        Some(style) => style == "form",
        None => default_style(kind, object) == "form",
    }
}
