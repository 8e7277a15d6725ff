//! `oneOf`, `anyOf` and the children of a discriminator.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    discriminator::{
        Children, distinguishing, own_texts, parts, read_as_well, sendable, tag_values,
    },
    facts,
    graph::{
        Graph, Hint, Shape, ShapeKind, Union, UnionVariant, Value, ValueKind, is_null_only,
        string_members, union_at,
    },
    site::{Site, component},
    words,
};
use crate::{load::Node, model::TypeRef};

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
        self.tagged = None;
        let mut referred = BTreeSet::new();
        let branches: Vec<Site<'d>> = (holder.items(keyword).into_iter())
            .filter(|branch| !is_null_only(&self.target(branch)))
            .filter(|branch| branch.reference().is_none_or(|to| referred.insert(to)))
            .collect();
        if branches.is_empty() {
            return ValueKind::Simple(TypeRef::Json);
        }
        // Keywords next to the union belong to each of its branches.
        let beside: Vec<Site<'d>> = (parts.iter())
            .filter(|part| {
                let other = if keyword == "oneOf" { "anyOf" } else { "oneOf" };
                part.at != holder.at
                    || part.get("properties").is_some()
                    || (!part.items(other).is_empty()
                        && !self.expanding.contains(&union_at(part, other)))
            })
            .filter(|part| part.is_structural())
            .cloned()
            .collect();
        if let Some(texts) = self.plain_texts(holder, &branches)
            && beside.is_empty()
        {
            self.list_limits(&branches);
            if texts.is_empty() {
                return ValueKind::Simple(TypeRef::String);
            }
            let id = self.open_shape(parts, hint, named, key);
            return self.close(id, ShapeKind::StringEnum(string_members(texts)));
        }
        if let Some(kind) = self.same_kind(holder, &branches)
            && beside.is_empty()
        {
            self.list_limits(&branches);
            return kind;
        }
        let discriminated = [holder].into_iter().chain(parts).find(|part| {
            let discriminator = part.get("discriminator");
            discriminator.is_some_and(|site| site.text("propertyName").is_some())
        });
        let tag = discriminated
            .and_then(|part| part.get("discriminator"))
            .and_then(|site| site.text("propertyName"))
            .map(str::to_owned);
        let has_default = discriminated
            .and_then(|part| part.get("discriminator"))
            .is_some_and(|site| site.text("defaultMapping").is_some());
        if let [only] = branches.as_slice()
            && tag.is_none()
        {
            let mut sites = vec![only.clone()];
            sites.extend(beside);
            return self.resolve(&sites, hint).kind;
        }
        let id = self.open_shape(parts, hint, named, key);
        let constants = self.distinguishing(&branches, tag.as_deref());
        let required = self.required_alone(&branches);
        let members = distinguishing(self.document, &branches);
        let values: Vec<Vec<String>> = (branches.iter())
            .map(|branch| match discriminated {
                Some(parent) => tag_values(self.document, parent, branch),
                None => Vec::new(),
            })
            .collect();
        let more = match &tag {
            Some(tag) => read_as_well(self.document, tag, &branches, &values, &[]),
            None => vec![Vec::new(); branches.len()],
        };
        let values = values.into_iter().zip(more);
        let mut variants: Vec<UnionVariant> = Vec::new();
        for ((index, branch), (mut tags, more)) in branches.iter().enumerate().zip(values) {
            let name = self.branch_name(branch);
            let sent = match &tag {
                Some(tag) => sendable(self.document, branch, tag, tags.clone(), &more),
                None => Vec::new(),
            };
            if branch.reference().is_none() {
                let members = members.get(index).cloned().unwrap_or_default();
                self.discriminators.add_branch(&branch.at, members);
                if let Some(tag) = tag.as_deref() {
                    self.discriminators.remember(&branch.at, tag, &sent);
                }
            }
            tags.extend(more);
            let mut own = [&constants, &required].into_iter();
            let name = match own.find_map(|names| names.get(index)?.as_deref()) {
                Some(text) if name.is_empty() => words::variant(text),
                _ => name,
            };
            let mut sites = vec![branch.clone()];
            sites.extend(beside.iter().cloned());
            if !beside.iter().any(|part| part.at == holder.at) && is_kind_of(holder, branch) {
                sites.push(holder.clone());
            }
            let hint_name = if name.is_empty() {
                format!("variant {}", index + 1)
            } else {
                name.clone()
            };
            self.expanding.push(union_at(holder, keyword));
            self.tagged = match (&tag, sent.as_slice()) {
                (Some(tag), [only]) if !beside.is_empty() => Some((tag.clone(), only.clone())),
                _ => None,
            };
            let value = self.resolve(&sites, Hint::Member(id, hint_name));
            self.tagged = None;
            self.expanding.pop();
            let name = if name.is_empty() {
                kind_name(&self.shapes, &value)
            } else {
                name
            };
            if let Some(known) = variants
                .iter_mut()
                .find(|known| known.value.kind == value.kind && known.tags == tags)
            {
                // One type under two names is neither of them.
                if known.name != name && !matches!(value.kind, ValueKind::Shape(_)) {
                    self.findings.ambiguous(
                        &branch.at,
                        format!("`{name}` is the same type as `{}`", known.name),
                    );
                    known.name = kind_name(&self.shapes, &value);
                }
                continue;
            }
            variants.push(UnionVariant {
                is_asked: branch.text("x-rust-name").is_some(),
                ..variant(branch.at.clone(), name, value, tags)
            });
        }
        let names = words::all_distinct(
            variants.iter().map(|variant| ("", variant.name.clone())),
            &["Unrecognized"],
        );
        for (variant, name) in variants.iter_mut().zip(names) {
            variant.name = name;
        }
        let tried = Vec::new();
        self.close(
            id,
            ShapeKind::Union(Union {
                tag,
                has_default,
                variants,
                tried,
            }),
        )
    }

    /// For each branch the texts that no other has, as a name: of the tag, else of the member that has them in most
    /// branches.
    fn distinguishing(&self, branches: &[Site<'d>], tag: Option<&str>) -> Vec<Option<String>> {
        /// A name of more is too long to read.
        const IN_A_NAME: usize = 3;
        let texts = |member: &str| -> Vec<Vec<String>> {
            let texts = branches.iter().map(|branch| {
                let own = own_texts(self.document, branch, member);
                match own.len() {
                    ..=IN_A_NAME => own,
                    _ => Vec::new(),
                }
            });
            texts.collect()
        };
        let is_distinct = |texts: &Vec<Vec<String>>| {
            let mut seen = BTreeSet::new();
            texts.iter().flatten().all(|text| seen.insert(text))
        };
        let named = |texts: Vec<Vec<String>>| {
            let names = texts.into_iter();
            names.map(|texts| (!texts.is_empty()).then(|| texts.join(" or ")))
        };
        if let Some(tag) = tag {
            return named(texts(tag)).collect();
        }
        let mut members: BTreeSet<&str> = BTreeSet::new();
        for branch in branches {
            let parts = parts(self.document, branch);
            let entries = parts.iter().flat_map(|part| part.entries("properties"));
            members.extend(entries.map(|(name, _)| name));
        }
        let found = members.into_iter().map(texts);
        let found = found.filter(is_distinct);
        // The first of the members that distinguish the same number of types.
        let count = |texts: &Vec<Vec<String>>| texts.iter().filter(|own| !own.is_empty()).count();
        let best = found.fold(Vec::new(), |best, texts| {
            match count(&texts) > count(&best) {
                true => texts,
                false => best,
            }
        });
        match count(&best) > 1 {
            true => named(best).collect(),
            false => Vec::new(),
        }
    }

    /// For each branch the only member that it requires and no other does.
    fn required_alone(&self, branches: &[Site<'d>]) -> Vec<Option<String>> {
        let required = branches.iter().map(|branch| {
            let parts = parts(self.document, branch);
            let names = parts.iter().flat_map(|part| part.texts("required"));
            names.collect::<BTreeSet<&str>>()
        });
        let required: Vec<BTreeSet<&str>> = required.collect();
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for name in required.iter().flatten() {
            *times.entry(name).or_default() += 1;
        }
        let alone = required.iter().map(|names| {
            let mut own = names.iter().filter(|name| times.get(**name) == Some(&1));
            let only = own.next()?;
            own.next().is_none().then(|| (*only).to_owned())
        });
        alone.collect()
    }

    /// The children of a parent that is used in their place.
    pub(super) fn children(&mut self, children: &Children) -> Vec<UnionVariant> {
        let document = self.document;
        let found = children.by_pointer.iter().filter_map(|(at, values)| {
            let site = Site::find(document, at)?;
            Some((site, values.clone()))
        });
        let (sites, values): (Vec<Site<'d>>, Vec<Vec<String>>) = found.unzip();
        let more = read_as_well(document, &children.tag, &sites, &values, &children.declared);
        let all = sites.iter().zip(values).zip(more);
        let variants = all.map(|((site, mut tags), more)| {
            tags.extend(more);
            let name = component(&site.at).unwrap_or_default();
            let kind =
                (self.reference_to(&site.at)).unwrap_or(ValueKind::Simple(TypeRef::JsonObject));
            let value = Value {
                kind,
                nullable: false,
            };
            variant(site.at.clone(), words::variant(&name), value, tags)
        });
        variants.collect()
    }

    /// A parent that is one of its children.
    pub(super) fn itself(&self, pointer: &str, kind: ValueKind, tags: &[String]) -> UnionVariant {
        let name = component(pointer).unwrap_or_default();
        let value = Value {
            kind,
            nullable: false,
        };
        variant(
            pointer.to_owned(),
            words::variant(&name),
            value,
            tags.to_vec(),
        )
    }

    /// Whether the branches of a union change the type that the schema has without them.
    pub(super) fn says_more(&self, parts: &[Site<'d>], holder: &Site<'d>, keyword: &str) -> bool {
        let types: Vec<&str> = parts.iter().filter_map(|part| part.text("type")).collect();
        let kinds = ["properties", "additionalProperties", "items", "enum"];
        let has_kind = |part: &Site<'d>| kinds.iter().any(|key| part.get(key).is_some());
        let is_typed = !types.is_empty() || parts.iter().any(has_kind);
        let is_limit = |(key, node): (&str, &Node)| match key {
            // Values that are listed have their type.
            "type" if types.is_empty() => parts.iter().any(|part| part.get("enum").is_some()),
            "type" => node.as_str().is_some_and(|own| types.contains(&own)),
            _ => is_typed && facts::is_limit(key, node),
        };
        let branches = holder.items(keyword).into_iter();
        let mut branches = branches.filter(|branch| !is_null_only(&self.target(branch)));
        branches.any(|branch| {
            !branch.items("allOf").is_empty()
                || ["x-rust-name", "x-rust-type"]
                    .iter()
                    .any(|key| branch.get(key).is_some())
                || !branch.keywords().all(is_limit)
        })
    }

    /// Lists what the branches of a union demand that its type does not say.
    pub(super) fn list_limits(&mut self, branches: &[Site<'d>]) {
        for branch in branches {
            let branch = self.target(branch);
            facts::list_constraints(std::slice::from_ref(&branch), &mut self.findings);
            if let Some(items) = branch.get("items") {
                let items = self.target(&items);
                facts::list_constraints(std::slice::from_ref(&items), &mut self.findings);
            }
            if let Some(not) = branch.get("not") {
                self.findings.constraint(&not.at, "`not`");
            }
        }
    }

    /// The values of branches that are all texts; an open text swallows the lists, since every enum is open.
    fn plain_texts(&self, holder: &Site<'d>, branches: &[Site<'d>]) -> Option<Vec<String>> {
        if holder.get("enum").is_some() {
            return None;
        }
        let mut texts = Vec::new();
        for branch in branches {
            let branch = self.target(branch);
            let plain = kind(holder, &branch) == Some("string")
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

    /// The type of branches that are all the same kind of scalars, or of lists of them, with other words or constraints.
    fn same_kind(&self, holder: &Site<'d>, branches: &[Site<'d>]) -> Option<ValueKind> {
        let mut kinds = branches.iter().map(|branch| {
            let branch = self.target(branch);
            let items = branch
                .get("items")
                .filter(|_| branch.text("type") == Some("array"));
            match items.map(|items| self.target(&items)) {
                Some(items) if !items.flag("nullable") && !says_more_than_kind(&branch) => {
                    let kind = scalar(&items, items.text("type"))?;
                    Some(ValueKind::List(Box::new(Value {
                        kind,
                        nullable: false,
                    })))
                }
                _ => scalar(&branch, kind(holder, &branch)),
            }
        });
        let first = kinds.next()??;
        let mut others = kinds.peekable();
        let are_same = others.peek().is_some() && others.all(|kind| kind.as_ref() == Some(&first));
        are_same.then_some(first)
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
}

/// Whether a schema lists its values, combines others, or has a type of the runtime.
fn says_more_than_kind(schema: &Site<'_>) -> bool {
    let more = ["enum", "not", "allOf", "oneOf", "anyOf", "x-rust-type"];
    more.iter().any(|key| schema.get(key).is_some())
}

/// The type of numbers, booleans and texts that are not listed.
fn scalar(schema: &Site<'_>, kind: Option<&str>) -> Option<ValueKind> {
    let kind = kind.filter(|kind| ["number", "integer", "boolean", "string"].contains(kind))?;
    let types = BTreeSet::from([kind]);
    let simple = || ValueKind::Simple(facts::simple(std::slice::from_ref(schema), &types));
    (!says_more_than_kind(schema)).then(simple)
}

/// Whether the schema that has a union says of what kind the values of a branch are, and the branch does not.
fn is_kind_of(holder: &Site<'_>, branch: &Site<'_>) -> bool {
    let of_holder = holder.text("type").is_some_and(|kind| kind != "object")
        || ["enum", "items"]
            .iter()
            .any(|key| holder.get(key).is_some());
    let own = ["$ref", "type", "allOf", "oneOf", "anyOf"];
    of_holder && own.iter().all(|key| branch.get(key).is_none())
}

/// The `type` of a branch, else that of the schema that has the union.
fn kind<'d>(holder: &Site<'d>, branch: &Site<'d>) -> Option<&'d str> {
    match is_kind_of(holder, branch) {
        true => holder.text("type"),
        false => branch.text("type"),
    }
}

fn variant(place: String, name: String, value: Value, tags: Vec<String>) -> UnionVariant {
    UnionVariant {
        place,
        name,
        is_asked: false,
        value,
        tags,
        kinds: Vec::new(),
        marks: Vec::new(),
    }
}

fn kind_name(shapes: &[Shape], value: &Value) -> String {
    let name = match &value.kind {
        ValueKind::Simple(TypeRef::String) => "String",
        ValueKind::Simple(TypeRef::Bool) => "Bool",
        ValueKind::Simple(TypeRef::Integer | TypeRef::Unsigned | TypeRef::Big) => "Integer",
        ValueKind::Simple(TypeRef::Number | TypeRef::Float) => "Number",
        ValueKind::Simple(TypeRef::Timestamp) => "Timestamp",
        ValueKind::Simple(TypeRef::Date) => "Date",
        ValueKind::Simple(TypeRef::Runtime(runtime)) => runtime.name(),
        ValueKind::Simple(_) => "Json",
        ValueKind::List(_) => "List",
        ValueKind::Map(_) => "Map",
        ValueKind::Shape(id) => match shapes.get(*id).map(|shape| &shape.kind) {
            Some(ShapeKind::StringEnum(_) | ShapeKind::IntegerEnum(_)) => "Enum",
            Some(ShapeKind::Union(_)) => "Union",
            _ => "Object",
        },
    };
    name.to_owned()
}
