//! `oneOf`, `anyOf` and the children of a discriminator.

use std::collections::BTreeSet;

use super::{
    discriminator::tag_values,
    facts,
    graph::{
        Graph, Hint, ShapeId, ShapeKind, Union, UnionVariant, Value, ValueKind, string_members,
    },
    site::{Site, component},
    words,
};
use crate::model::{JsonKind, TypeRef};

impl<'d> Graph<'d> {
    pub(super) fn union(
        &mut self,
        parts: &[Site<'d>],
        holder: &Site<'d>,
        keyword: &str,
        hint: Hint,
        named: Option<(&str, String)>,
        key: &[String],
    ) -> ValueKind {
        let branches = holder.items(keyword);
        // What stands beside the union belongs to each of its branches.
        let beside: Vec<Site<'d>> = (parts.iter())
            .filter(|part| part.at != holder.at || part.get("properties").is_some())
            .filter(|part| part.is_structural())
            .cloned()
            .collect();
        if let Some(texts) = self.plain_texts(&branches)
            && beside.is_empty()
        {
            if texts.is_empty() {
                return ValueKind::Simple(TypeRef::String);
            }
            let id = self.open_shape(parts, hint, named, key);
            return self.close(id, ShapeKind::StringEnum(string_members(texts)));
        }
        let tag = holder
            .get("discriminator")
            .and_then(|site| site.text("propertyName"))
            .map(str::to_owned);
        if let [only] = branches.as_slice()
            && tag.is_none()
        {
            let mut sites = vec![only.clone()];
            sites.extend(beside);
            return self.resolve(&sites, hint).kind;
        }
        let id = self.open_shape(parts, hint, named, key);
        let mut variants: Vec<UnionVariant> = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let name = self.branch_name(branch);
            let mut sites = vec![branch.clone()];
            sites.extend(beside.iter().cloned());
            let hint_name = if name.is_empty() {
                format!("variant {}", index + 1)
            } else {
                name.clone()
            };
            self.expanding.push(holder.at.clone());
            let value = self.resolve(&sites, Hint::Member(id, hint_name));
            self.expanding.pop();
            let name = if name.is_empty() {
                self.kind_name(&value)
            } else {
                name
            };
            let tags = tag
                .as_ref()
                .map(|_| tag_values(holder, &self.target(branch)))
                .unwrap_or_default();
            if variants
                .iter()
                .any(|known| known.value.kind == value.kind && known.tags == tags)
            {
                continue;
            }
            variants.push(self.variant(name, value, tags));
        }
        let names = words::all_distinct(
            variants.iter().map(|variant| variant.name.clone()),
            &["Unrecognized"],
        );
        for (variant, name) in variants.iter_mut().zip(names) {
            variant.name = name;
        }
        self.close(id, ShapeKind::Union(Union { tag, variants }))
    }

    /// A child whose parent is used in its place.
    pub(super) fn child_variant(&mut self, pointer: &str, tags: &[String]) -> UnionVariant {
        let name = component(pointer).unwrap_or_default();
        let name = words::variant(&name);
        let value = match self.reference_to(pointer) {
            Some(kind) => Value {
                kind,
                nullable: false,
            },
            None => Value {
                kind: ValueKind::Simple(TypeRef::JsonObject),
                nullable: false,
            },
        };
        self.variant(name, value, tags.to_vec())
    }

    fn variant(&self, name: String, value: Value, tags: Vec<String>) -> UnionVariant {
        let json = self.json_kind(&value);
        let required = self.always_there(&value);
        UnionVariant {
            name,
            value,
            tags,
            json,
            required,
        }
    }

    /// The values of branches that are all texts; an open text swallows the lists, since every enum is open.
    fn plain_texts(&self, branches: &[Site<'d>]) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for branch in branches {
            let branch = self.target(branch);
            let plain = branch.text("type") == Some("string")
                && branch.text("format").is_none()
                && ["allOf", "oneOf", "anyOf"]
                    .iter()
                    .all(|key| branch.get(key).is_none());
            if !plain {
                return None;
            }
            for text in branch.texts("enum") {
                if !texts.iter().any(|known| known == text) {
                    texts.push(text.to_owned());
                }
            }
        }
        Some(texts)
    }

    fn branch_name(&self, branch: &Site<'d>) -> String {
        let given = branch.text("x-rust-name").map(str::to_owned);
        let referred = || branch.reference().and_then(component);
        let titled = || {
            branch
                .text("title")
                .map(str::to_owned)
                .filter(|title| title.len() < 40)
        };
        given
            .or_else(referred)
            .or_else(titled)
            .map(|name| words::variant(&name))
            .unwrap_or_default()
    }

    fn kind_name(&self, value: &Value) -> String {
        let name = match &value.kind {
            ValueKind::Simple(TypeRef::String) => "String",
            ValueKind::Simple(TypeRef::Bool) => "Bool",
            ValueKind::Simple(TypeRef::Integer) => "Integer",
            ValueKind::Simple(TypeRef::Number | TypeRef::Float) => "Number",
            ValueKind::Simple(TypeRef::Timestamp) => "Timestamp",
            ValueKind::Simple(TypeRef::Date) => "Date",
            ValueKind::Simple(TypeRef::Runtime(name)) => name,
            ValueKind::Simple(_) => "Json",
            ValueKind::List(_) => "List",
            ValueKind::Map(_) => "Map",
            ValueKind::Shape(id) => match self.shapes.get(*id).map(|shape| &shape.kind) {
                Some(ShapeKind::StringEnum(_) | ShapeKind::IntegerEnum(_)) => "Enum",
                Some(ShapeKind::Union(_)) => "Union",
                _ => "Object",
            },
        };
        name.to_owned()
    }

    fn json_kind(&self, value: &Value) -> JsonKind {
        match &value.kind {
            ValueKind::Simple(TypeRef::String | TypeRef::Timestamp | TypeRef::Date) => {
                JsonKind::String
            }
            ValueKind::Simple(TypeRef::Bool) => JsonKind::Bool,
            ValueKind::Simple(TypeRef::Integer) => JsonKind::Integer,
            ValueKind::Simple(TypeRef::Number | TypeRef::Float) => JsonKind::Number,
            ValueKind::Simple(TypeRef::JsonObject) | ValueKind::Map(_) => JsonKind::Object,
            ValueKind::Simple(TypeRef::Runtime(name)) => match facts::runtime_type(name) {
                Some(TypeRef::Integer) => JsonKind::Integer,
                Some(TypeRef::String) => JsonKind::String,
                _ => JsonKind::Any,
            },
            ValueKind::Simple(_) => JsonKind::Any,
            ValueKind::List(_) => JsonKind::Array,
            ValueKind::Shape(id) => self.shape_json(*id),
        }
    }

    fn shape_json(&self, id: ShapeId) -> JsonKind {
        match self.shapes.get(id).map(|shape| &shape.kind) {
            Some(ShapeKind::StringEnum(_)) => JsonKind::String,
            Some(ShapeKind::IntegerEnum(_)) => JsonKind::Integer,
            Some(ShapeKind::Union(union)) => {
                let kinds: BTreeSet<u8> = union
                    .variants
                    .iter()
                    .map(|variant| variant.json as u8)
                    .collect();
                match union.variants.first() {
                    Some(first) if kinds.len() == 1 => first.json,
                    _ => JsonKind::Any,
                }
            }
            _ => JsonKind::Object,
        }
    }

    fn always_there(&self, value: &Value) -> Vec<String> {
        let ValueKind::Shape(id) = value.kind else {
            return Vec::new();
        };
        match self.shapes.get(id).map(|shape| &shape.kind) {
            Some(ShapeKind::Object(object)) => (object.members.iter())
                .filter(|member| member.required)
                .map(|member| member.wire.clone())
                .collect(),
            _ => Vec::new(),
        }
    }
}
