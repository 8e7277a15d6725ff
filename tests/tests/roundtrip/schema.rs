//! What a document says about a value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::vary::is_new;

const PREFIX: &str = "/components/schemas/";

/// Names, and values of discriminators that go with each.
type Tags = Vec<(String, Vec<String>)>;

/// The schemas of a document.
pub(crate) struct Schemas {
    document: Value,
    /// By parent whose children point back at it: the member that tells which, and each child with its tags.
    parents: BTreeMap<String, (String, Tags)>,
    /// By child: members that tell what it is, and their values.
    tags: BTreeMap<String, Tags>,
}

/// A schema as it is written.
#[derive(Clone)]
pub(crate) struct Site<'d> {
    pub(crate) at: String,
    node: &'d Value,
}

/// Everything that is said about a value.
#[derive(Default)]
pub(crate) struct Said<'d> {
    pub(crate) parts: Vec<Site<'d>>,
    names: Vec<&'d str>,
    /// The member that told which of several schemas it is.
    pub(crate) told_by: Option<&'d str>,
    /// Members that have one of these values, because the schema is one of several.
    pub(crate) tags: Vec<(&'d str, &'d [String])>,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Text,
    Bool,
    Integer,
    Number,
    List,
    Object,
    Any,
}

/// What a place takes.
#[derive(Debug, Default)]
pub(crate) struct Takes {
    pub(crate) kinds: BTreeSet<Kind>,
    /// An object that is none without some member.
    pub(crate) has_guaranteed: bool,
    pub(crate) is_nullable: bool,
    pub(crate) is_money: bool,
    /// A time, a day or a currency.
    pub(crate) has_a_form: bool,
    /// One of several schemas.
    pub(crate) is_choice: bool,
    /// One of those that extend a schema.
    pub(crate) is_parent: bool,
}

impl Takes {
    pub(crate) fn is_any(&self) -> bool {
        self.kinds.contains(&Kind::Any)
    }
}

impl Schemas {
    pub(crate) fn new(document: Value) -> Self {
        let mut parents = BTreeMap::new();
        let mut tags: BTreeMap<String, Tags> = BTreeMap::new();
        let all: Vec<_> = members(&document["components"]["schemas"]).collect();
        for &(name, parent) in &all {
            let Some(tag) = tag_of(parent) else { continue };
            if branches(parent).next().is_some() {
                continue;
            }
            let back = format!("#{PREFIX}{}", escape(name));
            let children: Tags = (all.iter())
                .filter(|(_, child)| items(&child["allOf"]).any(|part| part["$ref"] == back))
                .map(|(child, _)| ((*child).clone(), tag_values(&document, parent, child)))
                .collect();
            for (child, values) in &children {
                let of_child = tags.entry(child.clone()).or_default();
                of_child.push((tag.to_owned(), values.clone()));
            }
            if !children.is_empty() {
                parents.insert(name.clone(), (tag.to_owned(), children));
            }
        }
        let mut unions = Vec::new();
        find_unions(&document, &mut unions);
        for union in unions {
            let tag = tag_of(union).unwrap_or_default();
            for child in branches(union).filter_map(reference) {
                let values = tag_values(&document, union, &child);
                let of_child = tags.entry(child).or_default();
                if !of_child.iter().any(|(known, _)| known == tag) {
                    of_child.push((tag.to_owned(), values));
                }
            }
        }
        Self {
            document,
            parents,
            tags,
        }
    }

    pub(crate) fn root(&self) -> &Value {
        &self.document
    }

    pub(crate) fn at(&self, pointer: &str) -> Option<Site<'_>> {
        let node = self.document.pointer(pointer)?;
        let at = pointer.to_owned();
        Some(Site { at, node })
    }

    /// Everything that these schemas together say about a value, whatever it shows to be of several.
    pub(crate) fn said<'d>(&'d self, sites: &[Site<'d>], value: &Value) -> Said<'d> {
        let mut said = Said::default();
        for site in sites {
            if let Some(name) = site.at.strip_prefix(PREFIX)
                && !name.contains('/')
            {
                let all = self.document["components"]["schemas"].as_object();
                let name = all.and_then(|all| all.get_key_value(&unescape(name)));
                said.names.extend(name.map(|(name, _)| name.as_str()));
            }
            self.flatten(site, &mut said);
        }
        self.choose(&mut said, value);
        for name in &said.names {
            let tags = self.tags.get(*name).into_iter().flatten();
            (said.tags).extend(tags.map(|(tag, values)| (tag.as_str(), values.as_slice())));
        }
        said
    }

    fn flatten<'d>(&'d self, site: &Site<'d>, said: &mut Said<'d>) {
        if (said.parts.iter()).any(|part| std::ptr::eq(part.node, site.node)) {
            return;
        }
        if let Some(to) = site.node["$ref"].as_str() {
            let Some((pointer, name)) = to
                .strip_prefix('#')
                .and_then(|pointer| Some((pointer, pointer.strip_prefix(PREFIX)?)))
            else {
                return;
            };
            if !said.names.contains(&name)
                && let Some(target) = self.at(pointer)
            {
                said.names.push(name);
                self.flatten(&target, said);
            }
            return;
        }
        for (index, node) in items(&site.node["allOf"]).enumerate() {
            let at = format!("{}/allOf/{index}", site.at);
            self.flatten(&Site { at, node }, said);
        }
        said.parts.push(site.clone());
    }

    /// Adds what is said by those of several schemas that the value is of.
    fn choose<'d>(&'d self, said: &mut Said<'d>, value: &Value) {
        let mut seen: Vec<&'d str> = Vec::new();
        let mut done = 0;
        loop {
            let parent = (said.names.iter().copied())
                .filter(|name| !seen.contains(name))
                .find_map(|name| Some((name, self.parents.get(name)?)));
            if let Some((name, (tag, children))) = parent {
                seen.push(name);
                // A child has its parent among its parts.
                if !children
                    .iter()
                    .any(|(child, _)| said.names.contains(&child.as_str()))
                {
                    let told = value[tag].as_str().unwrap_or_default();
                    let child = children
                        .iter()
                        .find(|(_, values)| values.iter().any(|v| v == told));
                    said.told_by = Some(tag);
                    let site = child.and_then(|(child, _)| Some((child, self.named(child)?)));
                    if let Some((child, site)) = site {
                        said.names.push(child);
                        self.flatten(&site, said);
                    }
                }
                continue;
            }
            let Some(part) = said.parts.get(done).cloned() else {
                return;
            };
            done += 1;
            let keyword = ["oneOf", "anyOf"]
                .into_iter()
                .find(|key| part.node.get(*key).is_some());
            let Some(keyword) = keyword else { continue };
            let kinds: Vec<Site<'d>> = (items(&part.node[keyword]).enumerate())
                .map(|(index, node)| Site {
                    at: format!("{}/{keyword}/{index}", part.at),
                    node,
                })
                .collect();
            let kind = match tag_of(part.node) {
                Some(tag) => {
                    said.told_by = Some(tag);
                    let told = value[tag].as_str().unwrap_or_default();
                    kinds.into_iter().find(|kind| {
                        let child = reference(kind.node).unwrap_or_default();
                        (tag_values(&self.document, part.node, &child).iter())
                            .any(|value| value == told)
                    })
                }
                None => {
                    let beside: BTreeSet<&str> = said.members().into_keys().collect();
                    kinds
                        .into_iter()
                        .find(|kind| self.fits(std::slice::from_ref(kind), &beside, value))
                }
            };
            if let Some(kind) = kind {
                self.flatten(&kind, said);
            }
        }
    }

    /// What kinds of values a place takes.
    pub(crate) fn takes(&self, sites: &[Site<'_>]) -> Takes {
        let mut said = Said::default();
        for site in sites {
            self.flatten(site, &mut said);
        }
        let mut takes = Takes {
            is_parent: (said.names.iter()).any(|name| self.parents.contains_key(*name)),
            ..Takes::default()
        };
        let types = said.types();
        for part in &said.parts {
            let node = part.node;
            let mut members = members(&node["properties"]);
            takes.has_guaranteed |= members.any(|(_, member)| member["x-guaranteed"] == true);
            takes.is_nullable |= node["nullable"] == true;
            takes.is_money |= node["x-rust-type"] == "rt::Amount";
            takes.has_a_form |= ["rt::Currency", "rt::AccountId"]
                .iter()
                .any(|named| node["x-rust-type"] == *named)
                || (node["type"] == "string"
                    && (node["format"] == "date-time" || node["format"] == "date"));
            let kinds = ["oneOf", "anyOf"].into_iter().flat_map(|keyword| {
                let at = format!("{}/{keyword}", part.at);
                let kinds = items(&node[keyword]).enumerate();
                kinds.map(move |(index, node)| Site {
                    at: format!("{at}/{index}"),
                    node,
                })
            });
            let mut kinds = kinds.peekable();
            takes.is_choice |= kinds.peek().is_some();
            for kind in kinds.filter(|_| types.is_empty()) {
                takes.kinds.extend(self.takes(&[kind]).kinds);
            }
            if types.is_empty() && node.get("properties").is_some() {
                takes.kinds.insert(Kind::Object);
            }
        }
        takes
            .kinds
            .extend(types.into_iter().map(|named| match named {
                "string" => Kind::Text,
                "boolean" => Kind::Bool,
                "integer" => Kind::Integer,
                "number" => Kind::Number,
                "array" => Kind::List,
                _ => Kind::Object,
            }));
        if takes.kinds.is_empty() {
            takes.kinds.insert(Kind::Any);
        }
        // Money is a whole number whatever the document calls it.
        if takes.is_money && takes.kinds.remove(&Kind::Number) {
            takes.kinds.insert(Kind::Integer);
        }
        takes
    }

    fn named(&self, name: &str) -> Option<Site<'_>> {
        self.at(&format!("{PREFIX}{}", escape(name)))
    }

    /// Whether a value may be of these schemas; members called like those of `beside` are others' business.
    fn fits(&self, sites: &[Site<'_>], beside: &BTreeSet<&str>, value: &Value) -> bool {
        let said = self.said(sites, value);
        if value.is_null() {
            return said.nullable();
        }
        let kind = match value {
            Value::Object(_) => "object",
            Value::Array(_) => "array",
            Value::String(_) => "string",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            _ => "integer",
        };
        let is_kind = |named: &str| named == kind || (named == "number" && kind == "integer");
        if !said.types().iter().all(|named| is_kind(named)) {
            return false;
        }
        if let Some(values) = said.values()
            && !values.contains(value)
            && !is_new(value)
        {
            return false;
        }
        match value {
            Value::Object(object) => {
                let known = said.members();
                let additional = said.additional();
                let required = said.required();
                required.iter().all(|name| object.contains_key(*name))
                    && object
                        .iter()
                        .all(|(name, value)| match known.get(name.as_str()) {
                            Some(sites) => self.fits(sites, &BTreeSet::new(), value),
                            None => {
                                beside.contains(name.as_str())
                                    || additional.is_some()
                                    || known.is_empty()
                            }
                        })
            }
            Value::Array(list) => {
                let sites = said.items();
                list.iter()
                    .all(|item| self.fits(&sites, &BTreeSet::new(), item))
            }
            _ => true,
        }
    }
}

impl<'d> Said<'d> {
    fn types(&self) -> BTreeSet<&'d str> {
        let types = self
            .parts
            .iter()
            .filter_map(|part| part.node["type"].as_str());
        types.collect()
    }

    fn nullable(&self) -> bool {
        self.parts.iter().any(|part| part.node["nullable"] == true)
    }

    /// The values that it can have, where they are listed.
    pub(crate) fn values(&self) -> Option<&'d Vec<Value>> {
        self.parts
            .iter()
            .find_map(|part| part.node["enum"].as_array())
    }

    /// The members of an object.
    pub(crate) fn members(&self) -> BTreeMap<&'d str, Vec<Site<'d>>> {
        let mut found: BTreeMap<&str, Vec<Site<'_>>> = BTreeMap::new();
        for part in &self.parts {
            for (name, node) in members(&part.node["properties"]) {
                let at = format!("{}/properties/{}", part.at, escape(name));
                found.entry(name).or_default().push(Site { at, node });
            }
        }
        found
    }

    /// Members that the schemas require.
    pub(crate) fn required(&self) -> BTreeSet<&'d str> {
        let lists = self.parts.iter().map(|part| &part.node["required"]);
        lists.flat_map(items).filter_map(Value::as_str).collect()
    }

    /// Members without which there is no value.
    pub(crate) fn guaranteed(&self) -> BTreeSet<&'d str> {
        let properties = (self.parts.iter()).flat_map(|part| members(&part.node["properties"]));
        let guaranteed = properties.filter(|(_, schema)| schema["x-guaranteed"] == true);
        guaranteed.map(|(name, _)| name.as_str()).collect()
    }

    /// What members beyond those named are, where they may be.
    pub(crate) fn additional(&self) -> Option<Site<'d>> {
        self.parts.iter().find_map(|part| {
            let node = part.node.get("additionalProperties")?;
            let at = format!("{}/additionalProperties", part.at);
            (*node != false).then_some(Site { at, node })
        })
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> Vec<Site<'d>> {
        let items = self.parts.iter().filter_map(|part| {
            let node = part.node.get("items")?;
            let at = format!("{}/items", part.at);
            Some(Site { at, node })
        });
        items.collect()
    }
}

/// The values of a discriminator that mean a child.
fn tag_values(document: &Value, parent: &Value, child: &str) -> Vec<String> {
    let to = format!("#{PREFIX}{}", escape(child));
    let mapped: Vec<String> = members(&parent["discriminator"]["mapping"])
        .filter(|(_, target)| **target == to || **target == child)
        .map(|(value, _)| value.clone())
        .collect();
    if !mapped.is_empty() {
        return mapped;
    }
    let own = &document["components"]["schemas"][child]["x-discriminator-value"];
    vec![own.as_str().unwrap_or(child).to_owned()]
}

fn find_unions<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    if tag_of(value).is_some() && branches(value).next().is_some() {
        found.push(value);
    }
    for (key, member) in members(value) {
        if !key.starts_with("x-")
            && !["example", "examples", "default", "enum"].contains(&key.as_str())
        {
            find_unions(member, found);
        }
    }
    items(value).for_each(|item| find_unions(item, found));
}

fn tag_of(schema: &Value) -> Option<&str> {
    schema.get("discriminator")?["propertyName"].as_str()
}

fn branches(schema: &Value) -> impl Iterator<Item = &Value> {
    items(&schema["oneOf"]).chain(items(&schema["anyOf"]))
}

/// The name of the schema that one refers to.
fn reference(schema: &Value) -> Option<String> {
    let to = schema["$ref"].as_str()?.strip_prefix('#')?;
    to.strip_prefix(PREFIX).map(unescape)
}

pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> + Clone {
    value.as_object().into_iter().flatten()
}

pub(crate) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
