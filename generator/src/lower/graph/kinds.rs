//! Enums and objects.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Graph,
    constants::{Fixed, only_value},
    shapes::{Hint, Object, ObjectMember, ShapeId, ShapeKind, Value, ValueKind},
};
use crate::{
    load::Node,
    lower::{
        facts, samples,
        site::{Site, component},
        words,
    },
    model::{Constant, ConstantValue, Member, Sent, TypeRef},
};

/// The properties of all objects together, those that they extend included, beyond those of the document.
pub(super) const MOST_EXTENDED: usize = 300_000;

/// Returns how many properties the schemas of a document have.
pub(super) fn properties(node: &Node) -> usize {
    let members = node.as_object().unwrap_or_default().iter();
    let of_members = members.map(|(key, member)| {
        let own = match key.name.as_str() {
            "properties" => member.as_object().map_or(0, <[_]>::len),
            _ => 0,
        };
        own + properties(member)
    });
    let items = node.as_array().unwrap_or_default().iter();
    of_members.chain(items.map(properties)).sum()
}

impl<'d> Graph<'d> {
    pub(super) fn enumeration(
        &mut self,
        parts: &[Site<'d>],
        types: &BTreeSet<&str>,
        hint: Hint,
        named: Option<(&str, String)>,
        key: &[String],
    ) -> ValueKind {
        let pointer = named.as_ref().map(|(pointer, _)| *pointer);
        if let Some(plain) = self.plain_value(parts, pointer) {
            return ValueKind::Simple(plain);
        }
        let values = facts::enum_values(parts);
        let at = || {
            parts
                .iter()
                .find_map(|part| part.get("enum"))
                .map_or(String::new(), |site| site.at)
        };
        if types.contains("boolean")
            || (!values.is_empty() && values.iter().all(|node| node.as_bool().is_some()))
        {
            self.findings.constraint(&at(), "an `enum` of booleans");
            return ValueKind::Simple(TypeRef::Bool);
        }
        let said = facts::said_of_values(parts);
        let is_integer = types.contains("integer");
        let mut known = BTreeSet::new();
        let whole = values.iter().map(|node| match is_integer {
            true => node.as_number().and_then(facts::whole_number),
            false => facts::integer(node),
        });
        let whole = whole.filter(|value| value.is_none_or(|value| known.insert(value)));
        let whole: Option<Vec<i64>> = whole.collect();
        if let Some(whole) = whole
            && !types.contains("string")
            && !whole.is_empty()
        {
            let said = |value: &i64| said.get(&value.to_string()).copied().unwrap_or_default();
            let name = |value: &i64| match said(value) {
                ("", _) => words::pascal(&value.to_string().replace('-', "minus ")),
                (name, _) => words::variant(name),
            };
            let names = whole.iter().map(|value| ("", name(value)));
            let names = words::all_distinct(names, &["Unrecognized"]);
            let members = whole
                .into_iter()
                .zip(names)
                .map(|(wire, variant)| Member {
                    wire,
                    variant,
                    docs: said(&wire).1.to_owned(),
                })
                .collect();
            let id = self.open_shape(parts, hint, named, key);
            return self.close(id, ShapeKind::IntegerEnum(members));
        }
        let are_numbers = values.iter().all(|node| node.as_number().is_some());
        let is_untyped = types.is_empty() && !values.is_empty() && are_numbers;
        if (is_integer || is_untyped)
            && !values.is_empty()
            && values.iter().all(|node| facts::has_no_fraction(node))
        {
            let what = match values.len() {
                1 => "the only value, a number beyond `i64`",
                _ => "an `enum` of numbers beyond `i64`",
            };
            self.findings.constraint(&at(), what);
            let types = BTreeSet::from(["integer"]);
            return ValueKind::Simple(facts::simple(parts, &types));
        }
        if types.contains("number") || is_integer || is_untyped {
            let what = match values.len() {
                0 => "an `enum` without a value",
                1 => "the only value, a number that is not whole",
                _ => "an `enum` of numbers that are not whole",
            };
            self.findings.constraint(&at(), what);
            return ValueKind::Simple(match values.is_empty() {
                true => facts::simple(parts, types),
                false => TypeRef::Number,
            });
        }
        // Documents write `1` or `true` for a string, and declare it by the type.
        let is_text = |node: &&Node| types.contains("string") || node.as_str().is_some();
        let texts: Option<Vec<String>> = values
            .iter()
            .map(|node| Some(*node).filter(is_text).and_then(facts::scalar_text))
            .collect();
        let Some(texts) =
            texts.filter(|texts| !texts.is_empty() && types.iter().all(|name| *name == "string"))
        else {
            let listed = parts.iter().flat_map(|part| part.items("enum")).count();
            let what = match (listed, values.len()) {
                (0, _) => "an empty `enum`",
                (_, 0) => "null is the only value",
                (_, 1) => "the only value is of another kind than the type",
                _ => "an `enum` whose values are of several kinds",
            };
            self.findings.constraint(&at(), what);
            return ValueKind::Simple(TypeRef::Json);
        };
        let mut members = string_members(texts);
        for (member, value) in members.iter_mut().zip(&values) {
            let said = said.get(&value.to_json().to_string());
            member.docs = said.map_or_else(String::new, |(_, docs)| (*docs).to_owned());
        }
        let id = self.open_shape(parts, hint, named, key);
        self.close(id, ShapeKind::StringEnum(members))
    }

    pub(super) fn object(
        &mut self,
        parts: &[Site<'d>],
        hint: Hint,
        named: Option<(&str, String)>,
        key: &[String],
    ) -> ValueKind {
        let files = self.files.take();
        let tagged = self.tagged.take();
        let mut order: Vec<&'d str> = Vec::new();
        let mut members: BTreeMap<&'d str, Vec<Site<'d>>> = BTreeMap::new();
        for part in parts {
            for (name, site) in part.entries("properties") {
                let sites = members.entry(name).or_default();
                if sites.is_empty() {
                    order.push(name);
                }
                sites.push(site);
            }
        }
        let required: BTreeSet<&str> = parts
            .iter()
            .flat_map(|part| part.texts("required"))
            .collect();
        for part in parts.iter().filter(|_| !order.is_empty()) {
            for name in part.texts("required") {
                if !members.contains_key(name) {
                    self.findings
                        .undescribed(&format!("{}/required", part.at), name);
                }
            }
        }
        let least = parts
            .iter()
            .filter_map(|part| part.node.get("minProperties")?.as_u64());
        let least = least.max().and_then(|least| usize::try_from(least).ok());
        let least = least.unwrap_or(0);
        let additional: Option<Site<'d>> = (parts.iter())
            .filter_map(|part| part.get("additionalProperties"))
            .find(|site| site.node.as_bool() != Some(false));
        if order.is_empty() {
            return match additional {
                Some(site)
                    if site
                        .node
                        .as_object()
                        .is_some_and(|members| !members.is_empty()) =>
                {
                    let sites = [site];
                    let mut value = self.inside(|graph| graph.resolve(&sites, hint));
                    if let (Some(files), [site]) = (&files, &sites) {
                        self.as_files(&mut value, site, files);
                    }
                    ValueKind::Map(Box::new(value))
                }
                _ => ValueKind::Simple(TypeRef::JsonObject),
            };
        }
        if !self.has_room(order.len(), parts) {
            return ValueKind::Simple(TypeRef::JsonObject);
        }
        let pointer = named.as_ref().map(|(pointer, _)| (*pointer).to_owned());
        let id = self.open_shape(parts, hint, named, key);
        // The tag of a child is fixed, whichever parent it was read from.
        let inline =
            (parts.iter().map(|part| part.at.as_str())).filter(|at| component(at).is_none());
        let tags: Vec<(String, String)> = (pointer.as_deref().into_iter().chain(inline))
            .flat_map(|at| self.discriminators.constants(at))
            .chain(tagged)
            .collect();
        let mut constants: Vec<Constant> = Vec::new();
        for (tag, text) in tags {
            let sites = members.get(tag.as_str()).map_or(&[][..], Vec::as_slice);
            if let Some(value) = self.constant_of_tag(sites, text) {
                let is_needed = required.contains(tag.as_str());
                constants.push(Constant {
                    is_needed,
                    guaranteed: is_guaranteed(sites, self.trusts_required && is_needed),
                    wire: tag,
                    value,
                    sent: Sent::Always,
                });
            }
        }
        // So is a member that is not required, but distinguishes the types of a union: a type writes its constants.
        let branches: Vec<&str> = (pointer.as_deref().into_iter())
            .chain(parts.iter().map(|part| part.at.as_str()))
            .filter(|at| self.discriminators.is_branch(at))
            .collect();
        let is_branch = !branches.is_empty();
        let mut resolved = Vec::new();
        for name in order {
            let sites = members.remove(name).unwrap_or_default();
            if constants.iter().any(|constant| constant.wire == name) {
                continue;
            }
            let is_required = required.contains(name);
            let mut unions = branches.iter();
            let is_constant = is_required
                || (unions.any(|at| self.discriminators.distinguishes(at, name))
                    && self.distinguishes(&sites));
            let constant = match is_constant {
                true => self.constant(&format!(".{name}"), &sites, is_branch),
                false => None,
            };
            match constant {
                Some(Fixed { value, sent, place }) => {
                    self.fixed.insert(place, format!("{name}={value}"));
                    let trusted = self.trusts_required && is_required && sent != Sent::InRequests;
                    constants.push(Constant {
                        wire: name.to_owned(),
                        value,
                        is_needed: is_required,
                        guaranteed: is_guaranteed(&sites, trusted),
                        sent,
                    });
                }
                None => {
                    let member = |graph: &mut Self| graph.member(id, name, &sites, is_required);
                    let mut member = self.inside(member);
                    if let Some(files) = &files {
                        self.as_file(&mut member, &sites, files);
                    }
                    resolved.push(member);
                }
            }
        }
        // Any object is open; additional members get a field only if they have a type.
        let additional = additional
            .filter(|site| (site.node.as_object()).is_some_and(|members| !members.is_empty()))
            .map(|site| {
                let hint = Hint::Member(id, "additional".to_owned());
                let sites = [site];
                let mut value = self.at_use(".*", |graph| {
                    graph.inside(|graph| graph.resolve(&sites, hint))
                });
                if let (Some(files), [site]) = (&files, &sites) {
                    self.as_files(&mut value, site, files);
                }
                value
            });
        self.close(
            id,
            ShapeKind::Object(Object {
                members: resolved,
                constants,
                additional,
                least,
            }),
        )
    }

    /// Counts the members of an object: schemas that extend each other can have far more than the document has. The error is
    /// about the whole document: without the one schema, the next would be too many.
    fn has_room(&mut self, members: usize, parts: &[Site<'d>]) -> bool {
        let was_full = self.is_full();
        self.members += members;
        if !was_full && self.is_full() {
            let at = parts.last().map_or("", |part| part.at.as_str());
            let mut error = self.document.error(
                at,
                format!(
                    "the schemas up to `{at}` have {MOST_EXTENDED} properties more than the document, counted with what \
                     they extend"
                ),
                "let fewer schemas extend each other with `allOf`, or leave some out with an overlay",
            );
            error.pointer.clear();
            self.errors.push(error);
        }
        !self.is_full()
    }

    /// Whether there is an error about that.
    pub(super) fn is_full(&self) -> bool {
        self.members >= self.most_members
    }

    /// Returns the value of a tag as the member writes it; `None` if the member can't have it.
    fn constant_of_tag(&self, sites: &[Site<'d>], text: String) -> Option<ConstantValue> {
        let parts = self.flat(sites).parts;
        let mut types = parts.iter().filter_map(|part| part.text("type"));
        let first = types.next().unwrap_or("string");
        if types.any(|name| name != first) {
            return None;
        }
        match first {
            "string" => Some(ConstantValue::Text(text)),
            "integer" => text.parse().ok().map(ConstantValue::Integer),
            "boolean" => text.parse().ok().map(ConstantValue::Bool),
            _ => None,
        }
    }

    /// Returns the possible values of a member, as text; empty: anything.
    fn allowed(&self, parts: &[Site<'d>], value: &Value) -> Vec<String> {
        let shape = match value.kind {
            ValueKind::Shape(id) => self.shapes.get(id).map(|shape| &shape.kind),
            ValueKind::Simple(_) => None,
            ValueKind::List(_) | ValueKind::Map(_) => return Vec::new(),
        };
        match shape {
            _ if value.nullable => Vec::new(),
            Some(ShapeKind::StringEnum(members)) => {
                members.iter().map(|member| member.wire.clone()).collect()
            }
            Some(ShapeKind::IntegerEnum(members)) => members
                .iter()
                .map(|member| member.wire.to_string())
                .collect(),
            Some(_) => Vec::new(),
            None => (facts::enum_values(parts).iter())
                .filter_map(|node| facts::scalar_text(node))
                .collect(),
        }
    }

    fn member(
        &mut self,
        owner: ShapeId,
        name: &str,
        sites: &[Site<'d>],
        required: bool,
    ) -> ObjectMember {
        let hint = Hint::Member(owner, name.to_owned());
        let value = self.at_use(&format!(".{name}"), |graph| graph.resolve(sites, hint));
        let parts = self.flat(sites).parts;
        // The description of the place is the member's; that of the referenced schema is the type's.
        let is_shape = matches!(value.kind, ValueKind::Shape(_));
        let inherited = || parts.iter().find_map(|part| part.text("description"));
        let docs = self
            .said(sites)
            .or_else(|| inherited().filter(|_| !is_shape));
        let mut constraints = only_documented(&value, &parts);
        constraints.push_str(&facts::constraints(&parts));
        let items: Vec<Site<'d>> = parts
            .iter()
            .filter_map(|part| part.get("items"))
            .map(|items| self.target(&items))
            .collect();
        let of_items = facts::constraints(&items);
        if !of_items.is_empty()
            && matches!(&value.kind, ValueKind::List(inner) if matches!(inner.kind, ValueKind::Simple(_)))
        {
            constraints = format!("{constraints} Each item: {of_items}")
                .trim()
                .to_owned();
        }
        let flag = |key: &str| parts.iter().any(|part| part.flag(key));
        let deprecated = (sites.iter().chain(&parts))
            .find(|site| site.flag("deprecated"))
            .map(facts::deprecation);
        let is_secret =
            |site: &Site<'d>| site.flag("x-personal") || site.text("format") == Some("password");
        let secret = sites.iter().chain(&parts).chain(&items).any(is_secret);
        ObjectMember {
            wire: name.to_owned(),
            wanted: sites
                .iter()
                .find_map(|site| site.text("x-rust-name"))
                .filter(|_| !is_shape)
                .map(str::to_owned),
            allowed: self.allowed(&parts, &value),
            only: only_value(&parts).filter(|_| matches!(value.kind, ValueKind::Simple(_))),
            form: facts::form(&parts).filter(|_| !value.nullable),
            required,
            read_only: flag("readOnly"),
            write_only: flag("writeOnly"),
            guaranteed: is_guaranteed(
                sites,
                self.trusts_required && required && !flag("writeOnly"),
            ),
            secret,
            or_single: self.may_be_single(&parts, &value),
            deprecated,
            docs: docs.unwrap_or_default().to_owned(),
            unconfirmed: all_unconfirmed(sites),
            constraints,
            sample: samples::sample(self, sites, &value, name, None),
            place: sites
                .last()
                .map_or_else(String::new, |site| site.at.clone()),
            value,
        }
    }

    /// `x-or-single`: one item may replace the list.
    fn may_be_single(&mut self, parts: &[Site<'d>], value: &Value) -> bool {
        const KEY: &str = "x-or-single";
        let Some(site) = parts.iter().find(|part| part.flag(KEY)) else {
            return false;
        };
        let is_list = matches!(value.kind, ValueKind::List(_));
        if !is_list {
            self.errors.push(self.document.error(
                &format!("{}/{KEY}", site.at),
                "only a list can come as one item",
                "put it on a property of the type `array`",
            ));
        }
        is_list
    }
}

/// Returns a sentence about the only value of a schema, if it has no type of its own.
pub(crate) fn only_documented(value: &Value, parts: &[Site<'_>]) -> String {
    match (&value.kind, only_value(parts)) {
        (ValueKind::Simple(_), Some(only)) => match only.to_string() {
            text if text.is_empty() => "Documented value: empty. ".to_owned(),
            text => format!("Documented value: {}. ", facts::code(&text)),
        },
        _ => String::new(),
    }
}

/// The facts of a member that are not confirmed, from all schemas that have it.
fn all_unconfirmed(sites: &[Site<'_>]) -> Option<String> {
    let mut texts: Vec<String> = sites.iter().filter_map(facts::unconfirmed).collect();
    texts.dedup();
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// `x-guaranteed: false` revokes the guarantee of a schema that this one extends.
fn is_guaranteed(sites: &[Site<'_>], by_default: bool) -> bool {
    let said = |value| {
        let mut all = sites.iter().filter_map(|site| site.bool("x-guaranteed"));
        all.any(|one| one == value)
    };
    (by_default || said(true)) && !said(false)
}

pub(crate) fn string_members(texts: Vec<String>) -> Vec<Member<String>> {
    let names = words::variants(&texts);
    (texts.into_iter().zip(names))
        .map(|(wire, variant)| Member {
            wire,
            variant,
            docs: String::new(),
        })
        .collect()
}
