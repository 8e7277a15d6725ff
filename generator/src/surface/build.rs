//! Builds the surface of a model.

use std::collections::BTreeMap;

use super::operation;
use super::{Facts, Item, Kind, Member, PartKind, Spot, Surface};
use crate::emit::Options;
use crate::emit::builders;
use crate::emit::context::Context;
use crate::emit::slots::Slot;
use crate::emit::unions;
use crate::load::{Document, Node};
use crate::model::{
    Api, Field, Literal, Row, Scheme, SchemeKind, Sent, Server, Struct, Type, TypeKind, TypeRef,
    Union,
};

/// The model of a document, and the modules that define its types.
pub(crate) struct Part<'a> {
    pub(crate) api: &'a Api,
    pub(crate) document: &'a Document,
    /// By name of a type: the module of the document that defines it, if that is another one.
    pub(crate) makers: BTreeMap<String, String>,
    /// Whether it is a crate of its own: a trait adds its groups to clients.
    pub(crate) is_crate: bool,
}

impl<'a> Part<'a> {
    /// Returns a part that defines all of its types.
    pub(crate) fn alone(api: &'a Api, document: &'a Document, is_crate: bool) -> Self {
        Self {
            api,
            document,
            makers: BTreeMap::new(),
            is_crate,
        }
    }

    fn maker<'m>(&'m self, name: &str) -> &'m str {
        self.makers.get(name).unwrap_or(&self.api.module)
    }
}

/// Returns the surface of all parts together.
pub(crate) fn build(parts: &[Part<'_>]) -> Surface {
    let mut surface = Surface::default();
    let mut numbers: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    // Types come first, because everything else names them.
    for part in parts {
        for name in part.api.types.keys() {
            let key = (part.maker(name), name.as_str());
            let path = format!("{}::{name}", part.api.module);
            let next = surface.items.len();
            let number = *numbers.entry(key).or_insert(next);
            if number == next {
                surface.items.push(blank(&path));
            }
            surface.paths.insert(path, number);
        }
    }
    for part in parts {
        let maker = Maker {
            part,
            numbers: &numbers,
        };
        for (name, ty) in &part.api.types {
            let Some(number) = maker.number(name) else {
                continue;
            };
            // All documents share an identifier; the first one describes it.
            let is_made = part.maker(name) == part.api.module;
            let is_first = matches!(ty.kind, TypeKind::Id { .. });
            let Some(item) = surface.items.get_mut(number) else {
                continue;
            };
            if is_made || (is_first && item.kind == Kind::Constant) {
                let path = match is_made {
                    true => format!("{}::{name}", part.api.module),
                    false => item.path.clone(),
                };
                *item = maker.ty(path, ty);
            }
        }
        for (old, new) in &part.api.aliases {
            let taken = part.api.types.contains_key(old);
            if let Some(number) = maker.number(new).filter(|_| !taken) {
                let path = format!("{}::{old}", part.api.module);
                surface.paths.insert(path, number);
            }
        }
        maker.rest(&mut surface);
    }
    surface
}

fn blank(path: &str) -> Item {
    Item {
        kind: Kind::Constant,
        path: path.to_owned(),
        call: String::new(),
        facts: Facts::new(),
        members: Vec::new(),
        docs: String::new(),
        deprecated: None,
        at: Spot::default(),
        is_named: false,
    }
}

/// Describes the items of one document.
pub(super) struct Maker<'a, 'p> {
    pub(super) part: &'p Part<'a>,
    numbers: &'p BTreeMap<(&'p str, &'p str), usize>,
}

impl<'a> Maker<'a, '_> {
    fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(&(self.part.maker(name), name)).copied()
    }

    pub(super) fn spot(&self, pointer: &str) -> Spot {
        Spot {
            place: Some(self.part.document.place(pointer)),
            pointer: pointer.to_owned(),
        }
    }

    /// Adds the facts in the document about a value that the Rust type does not show.
    pub(super) fn schema_facts(&self, pointer: &str, facts: &mut Facts) {
        let node = self.part.document.node(pointer);
        let node = node.map(|node| node.get("schema").unwrap_or(node));
        let Some(node) = node else { return };
        if let Some(default) = node.get("default")
            && !facts.contains_key("value unless set")
        {
            facts.insert("default", default.to_json().to_string());
        }
        if let Some(format) = node.get("format").and_then(Node::as_str) {
            facts.insert("format", format.to_owned());
        }
    }

    fn is_named(&self, pointer: &str) -> bool {
        let node = self.part.document.node(pointer);
        node.is_some_and(|node| node.get("x-rust-name").is_some())
    }

    /// Returns a type as in code, with numbers for items.
    pub(super) fn text(&self, ty: &TypeRef) -> String {
        let of = |name: &str, inner: &TypeRef| format!("{name}<{}>", self.text(inner));
        match ty {
            TypeRef::String => "String".to_owned(),
            TypeRef::Bool => "bool".to_owned(),
            TypeRef::Integer => "i64".to_owned(),
            TypeRef::Unsigned => "u64".to_owned(),
            TypeRef::Big => "rt::BigInteger".to_owned(),
            TypeRef::Number => "rt::Number".to_owned(),
            TypeRef::Float => "f64".to_owned(),
            TypeRef::Timestamp => "rt::Timestamp".to_owned(),
            TypeRef::Date => "rt::Date".to_owned(),
            TypeRef::Bytes => "rt::Bytes".to_owned(),
            TypeRef::File => "rt::File".to_owned(),
            TypeRef::Json => "rt::Json".to_owned(),
            TypeRef::JsonObject => "rt::JsonObject".to_owned(),
            TypeRef::Named(name) => match self.number(name) {
                Some(number) => format!("{{{number}}}"),
                None => name.clone(),
            },
            TypeRef::Runtime(runtime) => format!("rt::{}", runtime.name()),
            TypeRef::List(item) => of("rt::List", item),
            TypeRef::OneOrList(item) => of("rt::OneOrList", item),
            TypeRef::Map(value) => of("rt::Map", value),
            TypeRef::Nullable(inner) => of("Option", inner),
            TypeRef::Boxed(inner) => of("Box", inner),
            TypeRef::Deep(inner) => of("rt::Deep", inner),
        }
    }

    /// Returns the type of a field, wrapper included.
    pub(super) fn field_text(&self, shape: crate::model::Shape, ty: &TypeRef) -> String {
        let inner = self.text(ty);
        match shape {
            crate::model::Shape::Optional => format!("Option<{inner}>"),
            _ => inner,
        }
    }

    /// Returns the main type that a setter accepts.
    pub(super) fn takes(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::List(item) | TypeRef::OneOrList(item) => format!("Vec<{}>", self.text(item)),
            TypeRef::Map(value) => format!("Vec<(String, {})>", self.text(value)),
            TypeRef::Boxed(inner) | TypeRef::Deep(inner) => self.takes(inner),
            ty => self.text(ty),
        }
    }

    /// Adds the setters of a builder, and its methods that set `null`.
    pub(super) fn setters(&self, slots: &[Slot<'_>], members: &mut Vec<Member>) {
        for slot in slots {
            let at = members_spot(members, &slot.field).unwrap_or_default();
            let mut setter = member(PartKind::Setter, &slot.setter.name, at.clone());
            setter.ty = self.takes(slot.ty);
            setter.takes = setter.ty.clone();
            setter.required = slot.required;
            let nulls = slot.setter.null.iter();
            for former in &slot.setter.formerly {
                let mut old = setter.clone();
                old.name.clone_from(&former.name);
                old.required = false;
                old.deprecated = Some(format!("is called `{}` now", setter.name));
                members.push(old);
            }
            for null in nulls.chain(
                slot.setter
                    .formerly
                    .iter()
                    .filter_map(|old| old.null.as_ref()),
            ) {
                members.push(member(PartKind::Method, null, at.clone()));
            }
            members.push(setter);
        }
    }

    fn ty(&self, path: String, ty: &Type) -> Item {
        let mut item = blank(&path);
        item.docs.clone_from(&ty.docs);
        item.deprecated.clone_from(&ty.deprecated);
        item.at = self.spot(&ty.place);
        item.is_named = self.is_named(&ty.place);
        if let Some(why) = &ty.must_use {
            item.facts.insert("must be used", why.clone());
        }
        let at = item.at.clone();
        match &ty.kind {
            TypeKind::Struct(object) => {
                item.kind = Kind::Struct;
                self.object(object, &mut item);
            }
            TypeKind::StringEnum(members) => {
                item.kind = Kind::TextEnum;
                item.members = (members.iter())
                    .map(|one| variant(&one.variant, &one.wire, &one.docs, &at))
                    .collect();
            }
            TypeKind::IntegerEnum(members) => {
                item.kind = Kind::NumberEnum;
                item.members = (members.iter())
                    .map(|one| variant(&one.variant, &one.wire.to_string(), &one.docs, &at))
                    .collect();
            }
            TypeKind::Union(union) => {
                item.kind = Kind::Union;
                let name = path.rsplit("::").next().unwrap_or_default();
                self.union(name, union, &mut item);
            }
            TypeKind::Id { personal } => {
                item.kind = Kind::Id;
                let shown = if *personal { "hidden" } else { "shown" };
                item.facts.insert("`Debug`", shown.to_owned());
            }
        }
        item
    }

    fn object(&self, object: &Struct, item: &mut Item) {
        for field in &object.fields {
            item.members.push(self.field(field));
        }
        let at = item.at.clone();
        let additional = builders::additional(object);
        if let Some(map) = &additional {
            let mut field = member(PartKind::Field, "additional", at.clone());
            field.ty = self.text(map);
            item.members.push(field);
        }
        if !builders::has_guaranteed(object) {
            item.members
                .push(member(PartKind::Trait, "Default", at.clone()));
        }
        let constants = object.constants.iter().map(|constant| {
            let way = match constant.sent {
                Sent::Always => "",
                Sent::InResponses => "in responses ",
                Sent::InRequests => "in requests ",
            };
            format!("`{}`: `{}` {way}", constant.wire, constant.value)
        });
        // A member with a default was sent without a setter, too.
        let defaults = object.fields.iter().filter_map(|field| {
            let default = self.written(field.default.as_ref()?)?;
            Some(format!("`{}`: `{default}` ", field.wire))
        });
        let mut written: Vec<String> = constants.chain(defaults).collect();
        written.sort();
        if !written.is_empty() {
            item.facts.insert("constant members", written.concat());
        }
        if object.builder {
            item.members.push(member(PartKind::Trait, "builder", at));
            let slots = builders::slots(object, additional.as_ref());
            self.setters(&slots, &mut item.members);
        }
    }

    /// Returns a value as it is sent.
    pub(super) fn written(&self, literal: &Literal) -> Option<String> {
        Some(match literal {
            Literal::String(text) => text.clone(),
            Literal::Integer(number) => number.to_string(),
            Literal::Bool(flag) => flag.to_string(),
            Literal::Variant(ty, variant) => match &self.part.api.types.get(ty)?.kind {
                TypeKind::StringEnum(members) => {
                    let member = members.iter().find(|member| member.variant == *variant);
                    member?.wire.clone()
                }
                TypeKind::IntegerEnum(members) => {
                    let member = members.iter().find(|member| member.variant == *variant);
                    member?.wire.to_string()
                }
                _ => return None,
            },
        })
    }

    fn field(&self, field: &Field) -> Member {
        let mut one = member(PartKind::Field, &field.name, self.spot(&field.place));
        one.ty = self.field_text(field.shape, &field.ty);
        one.docs = format!("{}\u{0}{:?}", field.docs, field.sample);
        one.deprecated.clone_from(&field.deprecated);
        one.facts.insert("wire name", field.wire.clone());
        let sent = match field.row {
            Row::ReadOnly => "never sent",
            _ => "sent",
        };
        one.facts.insert("in requests", sent.to_owned());
        if let Some(default) = &field.default {
            one.facts.insert("value unless set", literal(default));
        }
        self.schema_facts(&field.place, &mut one.facts);
        one
    }

    fn union(&self, name: &str, union: &Union, item: &mut Item) {
        let at = item.at.clone();
        for variant in &union.variants {
            let mut one = member(PartKind::Holder, &variant.name, at.clone());
            one.ty = self.text(&variant.ty);
            if !variant.tags.is_empty() {
                one.facts.insert("told by", variant.tags.join(", "));
            }
            item.members.push(one);
        }
        if let Some(tag) = &union.tag {
            item.facts.insert("told apart by", tag.clone());
        }
        let order = union
            .tried
            .iter()
            .filter_map(|index| union.variants.get(*index));
        let order: Vec<&str> = order.map(|variant| variant.name.as_str()).collect();
        if union.tag.is_none() {
            item.facts.insert("tried in the order", order.join(", "));
        }
        for variant in unions::convertible(name, union) {
            let ty = self.text(unions::unboxed(&variant.ty));
            let mut one = member(PartKind::From, &format!("From<{ty}>"), at.clone());
            one.ty = ty;
            item.members.push(one);
        }
        let mut texts = union.variants.iter();
        if texts.by_ref().any(|one| one.ty == TypeRef::String)
            && !texts.any(|one| one.ty == TypeRef::String)
        {
            let mut one = member(PartKind::From, "From<&str>", at);
            one.ty = "&str".to_owned();
            item.members.push(one);
        }
    }

    /// Adds groups, operations and constants.
    fn rest(&self, surface: &mut Surface) {
        let api = self.part.api;
        let options = match self.part.is_crate {
            true => Options::own_crate("runtime"),
            false => Options::module("runtime"),
        };
        let context = Context::new(api, &options);
        let mut add = |item: Item, former: Vec<String>| {
            let number = surface.items.len();
            surface.paths.insert(item.path.clone(), number);
            for path in former {
                surface.paths.entry(path).or_insert(number);
            }
            surface.items.push(item);
        };
        for group in &api.groups {
            let mut item = blank(&format!("{}::{}", api.module, group.type_name));
            item.kind = Kind::Group;
            item.docs.clone_from(&group.docs);
            item.at = self.spot("");
            let owner = match self.part.is_crate {
                true => format!(
                    "{}::{}",
                    api.module,
                    crate::emit::root::trait_name(&context)
                ),
                false => "Client".to_owned(),
            };
            let name = format!("{owner}::{}", group.name);
            item.members
                .push(member(PartKind::Attach, &name, self.spot("")));
            add(item, Vec::new());
            for operation in &group.operations {
                let item = operation::describe(self, &context, group, operation);
                let former = operation
                    .formerly
                    .iter()
                    .map(|(method, _)| format!("{}::{}::{method}", api.module, group.type_name));
                add(item, former.collect());
            }
        }
        for server in &api.servers {
            let item = self.server(server);
            add(item, Vec::new());
        }
        for scheme in &api.schemes {
            let item = self.scheme(scheme);
            add(item, Vec::new());
        }
    }

    fn server(&self, server: &Server) -> Item {
        let mut item = blank(&format!(
            "{}::servers::{}",
            self.part.api.module, server.constant
        ));
        item.docs.clone_from(&server.docs);
        item.at = self.spot("/servers");
        item.facts.insert("base URL", server.url.clone());
        item
    }

    fn scheme(&self, scheme: &Scheme) -> Item {
        let mut item = blank(&format!(
            "{}::schemes::{}",
            self.part.api.module, scheme.constant
        ));
        item.docs.clone_from(&scheme.docs);
        let name = crate::load::escape(&scheme.name);
        item.at = self.spot(&format!("/components/securitySchemes/{name}"));
        item.facts.insert("credentials", self::scheme(scheme));
        item
    }
}

/// Returns how a scheme sends credentials, as text.
pub(super) fn scheme(scheme: &Scheme) -> String {
    let kind = match &scheme.kind {
        SchemeKind::Bearer => "bearer token".to_owned(),
        SchemeKind::ClientCredentials(url) => format!("bearer token of `{url}`"),
        SchemeKind::Basic => "user name and password".to_owned(),
        SchemeKind::HeaderKey(name) => format!("key in the header `{name}`"),
        SchemeKind::QueryKey(name) => format!("key in the query parameter `{name}`"),
        SchemeKind::CookieKey(name) => format!("key in the cookie `{name}`"),
        SchemeKind::Authorization(name) => format!("`Authorization` of the scheme {name}"),
    };
    format!("{} ({kind})", scheme.name)
}

pub(super) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => format!("{text:?}"),
        Literal::Integer(number) => number.to_string(),
        Literal::Bool(value) => value.to_string(),
        Literal::Variant(_, variant) => variant.clone(),
    }
}

pub(super) fn member(part: PartKind, name: &str, at: Spot) -> Member {
    Member {
        part,
        name: name.to_owned(),
        ty: String::new(),
        takes: String::new(),
        required: false,
        facts: Facts::new(),
        docs: String::new(),
        deprecated: None,
        at,
    }
}

fn variant(name: &str, wire: &str, docs: &str, at: &Spot) -> Member {
    let mut one = member(PartKind::Variant, name, at.clone());
    one.docs = docs.to_owned();
    one.facts.insert("wire name", wire.to_owned());
    one
}

/// Returns the place of the field with a name.
fn members_spot(members: &[Member], field: &str) -> Option<Spot> {
    let mut fields = members.iter().filter(|one| one.part == PartKind::Field);
    fields
        .find(|one| one.name == field)
        .map(|one| one.at.clone())
}
