//! Brings a checked document into the single form that later steps read: values of the right type, `$ref` alone,
//! `const` as an enum, branches that only list values, too. Examples, defaults and extensions stay as they are.

mod authorization;
mod values;

use std::collections::HashSet;

pub(crate) use self::authorization::uses_authorization;
use crate::media_type::is_media_type;

use super::{
    Key, Node, Place, Value,
    check::{decoded, followed},
    escape,
    reading::{Reading, reading},
    scalars::scalars,
    table::{Kind, METHODS, Need, Want, shape},
    text::Texts,
};

/// Normalises a whole document.
pub(super) fn normalise(texts: &Texts, root: &mut Node) {
    for scalar in scalars(texts, root) {
        if let Some(node) = root.at_mut(&scalar.pointer) {
            node.value = Value::String(scalar.text);
        }
    }
    let kept = values::referred(root);
    Normalise { texts, kept }.object(Kind::Root, root);
    write_out_path_items(root);
    write_out_callbacks(root);
    authorization::secure(root);
}

/// Puts path items in the place of references to them: their operations are at that path, too.
fn write_out_path_items(root: &mut Node) {
    let mut found = Vec::new();
    for paths in ["paths", "x-webhooks"] {
        let items = root.get(paths).and_then(Node::as_object);
        for (path, item) in items.unwrap_or_default() {
            if let Some(target) = followed(root, item).filter(|_| item.get("$ref").is_some()) {
                found.push((format!("/{paths}/{}", escape(&path.name)), target.clone()));
            }
        }
    }
    for (pointer, item) in found {
        if let Some(node) = root.at_mut(&pointer) {
            *node = item;
        }
    }
}

/// Puts callbacks in the place of references to them: in an operation, openapiv3 knows no such references.
fn write_out_callbacks(root: &mut Node) {
    let mut found = Vec::new();
    for (path, item) in root
        .get("paths")
        .and_then(Node::as_object)
        .unwrap_or_default()
    {
        for method in METHODS {
            let callbacks = item
                .get(method)
                .and_then(|operation| operation.get("callbacks"));
            for (name, callback) in callbacks.and_then(Node::as_object).unwrap_or_default() {
                if let Some(target) =
                    followed(root, callback).filter(|_| callback.get("$ref").is_some())
                {
                    let (path, name) = (escape(&path.name), escape(&name.name));
                    found.push((
                        format!("/paths/{path}/{method}/callbacks/{name}"),
                        target.clone(),
                    ));
                }
            }
        }
    }
    for (pointer, callback) in found {
        if let Some(node) = root.at_mut(&pointer) {
            *node = callback;
        }
    }
}

struct Normalise<'t> {
    texts: &'t Texts,
    /// Unions whose branches are schemas that references name.
    kept: HashSet<Place>,
}

impl Normalise<'_> {
    fn object(&self, kind: Kind, node: &mut Node) {
        let place = node.place.clone();
        let shape = shape(kind);
        let Value::Object(members) = &mut node.value else {
            return;
        };
        let is_reference = shape.referable && members.iter().any(|(key, _)| key.name == "$ref");
        members.retain_mut(|(key, value)| {
            if is_reference && key.name == "$ref" {
                if let Some(target) = value.as_str().and_then(decoded) {
                    value.value = Value::String(format!("#{target}"));
                }
                return true;
            }
            if (is_reference && kind != Kind::Schema)
                || (kind == Kind::Callback && key.name.starts_with("x-"))
            {
                return false;
            }
            let Some(want) = shape.want(&key.name) else {
                return true;
            };
            self.member(kind, want, key, value, shape.field(&key.name).is_none())
        });
        if is_reference {
            if members.len() > 1 {
                split_siblings(kind, members);
            }
            return;
        }
        for &(name, want, need) in shape.fields {
            if need == Need::Filled && !members.iter().any(|(key, _)| key.name == name) {
                let value = match want {
                    Want::TextMap => Value::Object(Vec::new()),
                    _ => Value::String(String::new()),
                };
                members.push(added(name, value, &place));
            }
        }
        match kind {
            Kind::Schema => {
                one_member_enum(members);
                if !self.kept.contains(&place) {
                    values::list(members, &place);
                    values::null_branch(members);
                }
            }
            Kind::Parameter => {
                let is_path = members
                    .iter()
                    .any(|(k, v)| k.name == "in" && v.as_str() == Some("path"));
                let required = members.iter_mut().find(|(key, _)| key.name == "required");
                match required {
                    Some((_, flag)) if is_path => flag.value = Value::Bool(true),
                    None if is_path => members.push(added("required", Value::Bool(true), &place)),
                    _ => {}
                }
            }
            Kind::RequestBody | Kind::Response => media_types(members),
            Kind::Header => {
                let typed =
                    |(key, _): &(Key, Node)| matches!(key.name.as_str(), "schema" | "content");
                let untyped = !members.iter().any(typed);
                members.extend(untyped.then(|| added("schema", Value::Object(Vec::new()), &place)));
            }
            _ => {}
        }
    }

    /// Normalises a member; returns whether it is kept.
    fn member(&self, kind: Kind, want: Want, key: &Key, node: &mut Node, free: bool) -> bool {
        if kind == Kind::Schema && key.name == "required" && node.as_bool().is_some() {
            return false;
        }
        match reading(self.texts, want, node, free) {
            Reading::Absent => return false,
            Reading::As(value) => node.value = value,
            Reading::AsIs | Reading::Wrong => {}
        }
        self.value(want, node);
        true
    }

    fn value(&self, want: Want, node: &mut Node) {
        match (want, &mut node.value) {
            (Want::Is(kind), Value::Object(_)) => self.object(kind, node),
            (Want::FlagOrSchema, Value::Object(_)) => self.object(Kind::Schema, node),
            (Want::Many(kind), Value::Array(items)) => self.items(Want::Is(kind), items),
            (Want::Texts, Value::Array(items)) => self.items(Want::Text, items),
            (Want::Map(kind), Value::Object(members)) => {
                members.retain_mut(|(key, node)| self.free_member(Want::Is(kind), key, node));
            }
            (Want::TextMap, Value::Object(members)) => members.retain_mut(|(key, node)| {
                key.name.starts_with("x-") || self.free_member(Want::Text, key, node)
            }),
            _ => {}
        }
    }

    fn free_member(&self, want: Want, key: &Key, node: &mut Node) -> bool {
        self.member(Kind::Example, want, key, node, true)
    }

    fn items(&self, want: Want, items: &mut [Node]) {
        for item in items {
            if let Reading::As(value) = reading(self.texts, want, item, false) {
                item.value = value;
            }
            self.value(want, item);
        }
    }
}

/// Removes keys of `content` that are not media types; without others, they are sent as they are.
fn media_types(members: &mut [(Key, Node)]) {
    for (_, content) in members.iter_mut().filter(|(key, _)| key.name == "content") {
        if let Value::Object(all) = &mut content.value
            && all.iter().any(|(key, _)| is_media_type(&key.name))
        {
            all.retain(|(key, _)| is_media_type(&key.name));
        }
    }
}

/// A member that the document does not have, at the place of the object it is added to.
fn added(name: &str, value: Value, place: &Place) -> (Key, Node) {
    let key = Key {
        name: name.to_owned(),
        place: place.clone(),
    };
    let node = Node {
        value,
        place: place.clone(),
    };
    (key, node)
}

/// `{ $ref, … }` to `{ allOf: [{ $ref }, { … }] }`: openapiv3, like JSON Reference, would drop the rest.
fn split_siblings(kind: Kind, members: &mut Vec<(Key, Node)>) {
    // The description is about the place, not about a part of the schema.
    let (own, rest): (Vec<_>, Vec<_>) = std::mem::take(members)
        .into_iter()
        .partition(|(key, _)| kind == Kind::Schema && key.name == "description");
    let (reference, mut siblings): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|(key, _)| key.name == "$ref");
    members.extend(own);
    one_member_enum(&mut siblings);
    let Some((first, _)) = reference.first() else {
        return;
    };
    let key = Key {
        name: "allOf".to_owned(),
        place: first.place.clone(),
    };
    let start = first.place.clone();
    let part = |members, place| Node {
        value: Value::Object(members),
        place,
    };
    let mut parts = vec![part(reference, start.clone())];
    if let Some((second, _)) = siblings.first() {
        let rest = second.place.clone();
        values::list(&mut siblings, &rest);
        values::null_branch(&mut siblings);
        parts.push(part(siblings, rest));
    }
    let node = Node {
        value: Value::Array(parts),
        place: start,
    };
    members.push((key, node));
}

/// `const: x` to `enum: [x]`, in its place.
fn one_member_enum(members: &mut Vec<(Key, Node)>) {
    if !members.iter().any(|(key, _)| key.name == "const") {
        return;
    }
    members.retain(|(key, _)| key.name != "enum");
    for (key, node) in members {
        if key.name == "const" {
            key.name = "enum".to_owned();
            let place = node.place.clone();
            let value = std::mem::replace(&mut node.value, Value::Null);
            let only = Node {
                value,
                place: place.clone(),
            };
            node.value = Value::Array(vec![only]);
        }
    }
}
