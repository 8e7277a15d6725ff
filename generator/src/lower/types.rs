//! Shapes as Rust types: which of them are one, which way they travel, what they are called.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{
    agreed::{Agreed, Parts, Settled},
    graph::{Graph, Hint, Object, ObjectMember, ShapeId, ShapeKind, Value, ValueKind},
    lock::Lock,
    words,
};
use crate::model::{
    Field, Literal, Shape as FieldShape, Struct, Type, TypeKind, TypeRef, Union, Usage, Variant,
};

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// In a request.
    Out,
    /// In an answer.
    In,
}

/// Words too general to name a type without its owner.
const GENERAL: &[&str] = &[
    "Type",
    "Status",
    "Value",
    "Item",
    "Data",
    "Details",
    "Name",
    "Id",
    "Kind",
    "Code",
    "State",
    "Result",
    "Body",
    "Error",
    "Options",
    "Additional",
    "Config",
    "Configuration",
    "Object",
];

/// The types of a document.
#[derive(Debug)]
pub(crate) struct Types<'g, 'd> {
    graph: &'g Graph<'d>,
    /// The shape that stands for each shape.
    stands_for: Vec<ShapeId>,
    usage: Vec<Usage>,
    splits: Vec<bool>,
    names: Vec<String>,
    /// The module of another document that a type is of.
    origins: Vec<Option<String>>,
}

impl std::fmt::Debug for Graph<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Graph")
            .field("shapes", &self.shapes.len())
            .finish_non_exhaustive()
    }
}

impl<'g, 'd> Types<'g, 'd> {
    /// Decides everything; `roots` are the values that operations send and receive, `taken` names that are gone.
    pub(crate) fn settle(
        graph: &'g Graph<'d>,
        roots: &[(Value, Way)],
        agreed: &Agreed,
        taken: &mut BTreeSet<String>,
        old: &Lock,
        lock: &mut Lock,
    ) -> Result<Self, String> {
        let count = graph.shapes.len();
        let mut types = Self {
            graph,
            stands_for: unify(graph),
            usage: vec![Usage::default(); count],
            splits: vec![false; count],
            names: vec![String::new(); count],
            origins: vec![None; count],
        };
        for (value, way) in roots {
            types.travel(value, *way);
        }
        for (id, shape) in graph.shapes.iter().enumerate() {
            let ways = agreed.ways.get(&shape.parts).copied().unwrap_or_default();
            for (travels, way) in [(ways.sent, Way::Out), (ways.received, Way::In)] {
                if travels {
                    types.travel(&Value::shape(id), way);
                }
            }
        }
        // What no operation reaches can still be read.
        for (id, shape) in graph.shapes.iter().enumerate() {
            if shape.component.is_some()
                && agreed
                    .origin(graph.document.foreign(), &shape.parts)
                    .is_none()
                && types.usage[types.stands_for[id]] == Usage::default()
            {
                types.travel(&Value::shape(id), Way::In);
            }
        }
        types.split();
        types.name(agreed, taken, old, lock)?;
        Ok(types)
    }

    /// The types that a value becomes, and the ways of each.
    pub(crate) fn of(&self, value: &Value) -> Vec<(TypeRef, Usage)> {
        let usage = self.usage_of(value);
        if usage.sent && usage.received && self.value_splits(value) {
            let one_way = |sent| Usage {
                sent,
                received: !sent,
            };
            return vec![
                (self.reference(value, Way::In), one_way(false)),
                (self.reference(value, Way::Out), one_way(true)),
            ];
        }
        let way = if usage.received { Way::In } else { Way::Out };
        vec![(self.reference(value, way), usage)]
    }

    /// Which ways a value travels; one without types of the document goes both.
    fn usage_of(&self, value: &Value) -> Usage {
        match &value.kind {
            ValueKind::Simple(_) => Usage {
                sent: true,
                received: true,
            },
            ValueKind::List(inner) | ValueKind::Map(inner) => self.usage_of(inner),
            ValueKind::Shape(id) => self.usage[self.stands_for[*id]],
        }
    }

    /// Name and ways of every type, by the parts it is made of.
    pub(crate) fn settled(&self) -> Settled {
        let types = self.graph.shapes.iter().zip(&self.stands_for);
        Settled(
            types
                .map(|(shape, &id)| {
                    let value = (self.names[id].clone(), self.usage[id]);
                    (shape.parts.clone(), value)
                })
                .collect(),
        )
    }

    /// The types of other documents that operations of this one reach: parts, document, ways.
    pub(crate) fn foreign_ways(&self, agreed: &Agreed) -> Vec<(Parts, usize, Usage)> {
        let foreign = self.graph.document.foreign();
        let types = self.graph.shapes.iter().zip(&self.stands_for);
        types
            .filter_map(|(shape, &id)| {
                let origin = agreed.origin(foreign, &shape.parts)?;
                Some((shape.parts.clone(), origin, self.usage[id]))
            })
            .filter(|(_, _, usage)| *usage != Usage::default())
            .collect()
    }

    fn travel(&mut self, value: &Value, way: Way) {
        let id = match &value.kind {
            ValueKind::Simple(_) => return,
            ValueKind::List(inner) | ValueKind::Map(inner) => return self.travel(inner, way),
            ValueKind::Shape(id) => self.stands_for[*id],
        };
        let usage = &mut self.usage[id];
        let known = match way {
            Way::Out => std::mem::replace(&mut usage.sent, true),
            Way::In => std::mem::replace(&mut usage.received, true),
        };
        if known {
            return;
        }
        match &self.graph.shapes[id].kind {
            ShapeKind::Object(object) => {
                for member in members(object, way) {
                    self.travel(&member.value, way);
                }
                if let Some(value) = &object.additional {
                    self.travel(value, way);
                }
            }
            ShapeKind::Union(union) => {
                for variant in &union.variants {
                    self.travel(&variant.value, way);
                }
            }
            _ => {}
        }
    }

    fn split(&mut self) {
        loop {
            let mut changed = false;
            for id in 0..self.splits.len() {
                let both = self.usage[id].sent && self.usage[id].received;
                if !self.splits[id] && both && self.differs(id) {
                    self.splits[id] = true;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn differs(&self, id: ShapeId) -> bool {
        match &self.graph.shapes[id].kind {
            ShapeKind::Object(object) => {
                object.members.iter().any(|member| {
                    // A promise about answers is no demand on requests.
                    let promised = member.guaranteed && !member.required;
                    member.read_only
                        || member.write_only
                        || promised
                        || self.value_splits(&member.value)
                }) || object
                    .additional
                    .as_ref()
                    .is_some_and(|value| self.value_splits(value))
            }
            ShapeKind::Union(union) => union
                .variants
                .iter()
                .any(|variant| self.value_splits(&variant.value)),
            _ => false,
        }
    }

    fn value_splits(&self, value: &Value) -> bool {
        match &value.kind {
            ValueKind::Simple(_) => false,
            ValueKind::List(inner) | ValueKind::Map(inner) => self.value_splits(inner),
            ValueKind::Shape(id) => self.splits[self.stands_for[*id]],
        }
    }

    fn name(
        &mut self,
        agreed: &Agreed,
        taken: &mut BTreeSet<String>,
        old: &Lock,
        lock: &mut Lock,
    ) -> Result<(), String> {
        let mut groups: BTreeMap<ShapeId, Vec<ShapeId>> = BTreeMap::new();
        for (id, &stands_for) in self.stands_for.iter().enumerate() {
            groups.entry(stands_for).or_default().push(id);
        }
        for (&id, group) in &groups {
            let foreign = |id: &ShapeId| agreed.foreign.get(&self.graph.shapes[*id].parts);
            let Some((origin, name)) = group.iter().find_map(foreign) else {
                continue;
            };
            if taken.contains(name) {
                return Err(format!(
                    "`{name}` of the module `{origin}` and something of this document have one name"
                ));
            }
            self.origins[id] = Some(origin.clone());
            self.give(id, name.clone(), taken);
        }
        let unnamed =
            |id: &ShapeId| self.graph.shapes[*id].wanted.is_some() && self.names[*id].is_empty();
        let wanting: Vec<ShapeId> = groups.keys().copied().filter(unnamed).collect();
        for id in wanting {
            let wanted = self.graph.shapes[id].wanted.clone().unwrap_or_default();
            let name = words::type_name(&wanted);
            if taken.contains(&name) {
                return Err(format!(
                    "two types are called `{name}`; the second is at {}",
                    self.graph.shapes[id].places.join(", ")
                ));
            }
            self.give(id, name, taken);
        }
        let ambiguous = self.ambiguous();
        for pass in [true, false] {
            for (&id, group) in &groups {
                let shape = &self.graph.shapes[id];
                if !self.names[id].is_empty() || shape.component.is_some() != pass {
                    continue;
                }
                let places: Vec<String> = group
                    .iter()
                    .map(|&id| self.lock_key(id, &ambiguous))
                    .collect();
                let wanted = match &shape.component {
                    Some(component) => words::type_name(component),
                    None => self.call(id, group, taken),
                };
                let (place, name) = match old.type_name(&places) {
                    Some((place, locked)) if !taken.contains(&locked) => (place, locked),
                    _ => (
                        places.first().cloned().unwrap_or_default(),
                        self.free(id, &wanted, taken),
                    ),
                };
                if shape.component.is_none() || name != wanted {
                    lock.set_type(&place, &name);
                }
                self.give(id, name, taken);
            }
        }
        Ok(())
    }

    /// Places where several merged types stand, each of other parts.
    fn ambiguous(&self) -> BTreeSet<&'g str> {
        let mut seen: BTreeMap<&'g str, ShapeId> = BTreeMap::new();
        let mut ambiguous = BTreeSet::new();
        for (id, shape) in self.graph.shapes.iter().enumerate() {
            let known = shape
                .places
                .first()
                .map(|place| (place, *seen.entry(place).or_insert(id)));
            if let Some((place, first)) = known
                && first != id
            {
                ambiguous.insert(place.as_str());
            }
        }
        ambiguous
    }

    /// What the lock calls a type: its place, or the places of all its parts where the last one is not enough.
    fn lock_key(&self, id: ShapeId, ambiguous: &BTreeSet<&str>) -> String {
        let shape = &self.graph.shapes[id];
        match shape.places.first() {
            Some(place) if !ambiguous.contains(place.as_str()) || shape.component.is_some() => {
                place.clone()
            }
            _ => shape.parts.join("+"),
        }
    }

    fn give(&mut self, id: ShapeId, name: String, taken: &mut BTreeSet<String>) {
        taken.insert(name.clone());
        taken.insert(format!("{name}Builder"));
        if self.splits[id] {
            taken.insert(format!("{name}Input"));
            taken.insert(format!("{name}InputBuilder"));
        }
        self.names[id] = name;
    }

    fn free(&self, id: ShapeId, wanted: &str, taken: &BTreeSet<String>) -> String {
        let clashes = |name: &str| {
            taken.contains(name)
                || taken.contains(&format!("{name}Builder"))
                || (self.splits[id] && taken.contains(&format!("{name}Input")))
        };
        if !clashes(wanted) {
            return wanted.to_owned();
        }
        (2_u32..)
            .map(|number| format!("{wanted}{number}"))
            .find(|name| !clashes(name))
            .unwrap_or_default()
    }

    /// What to call a shape that has no name: after its member alone when several owners share it, else after both.
    fn call(&self, id: ShapeId, group: &[ShapeId], taken: &BTreeSet<String>) -> String {
        let hints: Vec<&Hint> = group
            .iter()
            .map(|&id| &self.graph.shapes[id].hint)
            .collect();
        let member = |hint: &&Hint| match hint {
            Hint::Member(_, member) => Some(words::type_name(member)),
            Hint::Name(_) => None,
        };
        if hints.len() > 1
            && let Some(shared) = hints.first().and_then(member)
            && hints
                .iter()
                .all(|hint| member(hint).as_ref() == Some(&shared))
            && !GENERAL.contains(&shared.as_str())
            && !taken.contains(&shared)
        {
            return shared;
        }
        match &self.graph.shapes[id].hint {
            Hint::Name(name) => words::type_name(name),
            Hint::Member(owner, member) => {
                words::joined(&self.names[self.stands_for[*owner]], &words::pascal(member))
            }
        }
    }

    /// The Rust type of a value that travels this way.
    pub(crate) fn reference(&self, value: &Value, way: Way) -> TypeRef {
        match &value.kind {
            ValueKind::Simple(simple) => simple.clone(),
            ValueKind::List(inner) => TypeRef::List(Box::new(self.inner(inner, way))),
            ValueKind::Map(inner) => TypeRef::Map(Box::new(self.inner(inner, way))),
            ValueKind::Shape(id) => TypeRef::Named(self.type_name(self.stands_for[*id], way)),
        }
    }

    fn inner(&self, value: &Value, way: Way) -> TypeRef {
        let inner = self.reference(value, way);
        match value.nullable {
            true => TypeRef::Nullable(Box::new(inner)),
            false => inner,
        }
    }

    fn type_name(&self, id: ShapeId, way: Way) -> String {
        match (self.splits[id], way) {
            (true, Way::Out) => format!("{}Input", self.names[id]),
            _ => self.names[id].clone(),
        }
    }

    /// The only value of an enum with one member.
    pub(crate) fn only_value(&self, value: &Value, way: Way) -> Option<Literal> {
        let ValueKind::Shape(id) = value.kind else {
            return None;
        };
        let id = self.stands_for[id];
        let variant = match &self.graph.shapes[id].kind {
            ShapeKind::StringEnum(members) => match members.as_slice() {
                [only] => only.variant.clone(),
                _ => return None,
            },
            ShapeKind::IntegerEnum(members) => match members.as_slice() {
                [only] => only.variant.clone(),
                _ => return None,
            },
            _ => return None,
        };
        Some(Literal::Variant(self.type_name(id, way), variant))
    }

    /// The object that a value is.
    pub(crate) fn object(&self, value: &Value) -> Option<&'g Object> {
        let ValueKind::Shape(id) = value.kind else {
            return None;
        };
        match &self.graph.shapes[self.stands_for[id]].kind {
            ShapeKind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Every type, by name.
    pub(crate) fn build(&self) -> BTreeMap<String, Type> {
        let mut types = BTreeMap::new();
        for (id, shape) in self.graph.shapes.iter().enumerate() {
            if self.stands_for[id] != id || self.usage[id] == Usage::default() {
                continue;
            }
            let ways = match (self.splits[id], self.usage[id]) {
                (true, _) => vec![
                    (
                        Way::In,
                        Usage {
                            sent: false,
                            received: true,
                        },
                    ),
                    (
                        Way::Out,
                        Usage {
                            sent: true,
                            received: false,
                        },
                    ),
                ],
                (false, usage) if usage.received => vec![(Way::In, usage)],
                (false, usage) => vec![(Way::Out, usage)],
            };
            for (way, usage) in ways {
                let kind = match &shape.kind {
                    ShapeKind::Object(object) => {
                        TypeKind::Struct(self.structure(object, way, usage))
                    }
                    ShapeKind::StringEnum(members) => TypeKind::StringEnum(members.clone()),
                    ShapeKind::IntegerEnum(members) => TypeKind::IntegerEnum(members.clone()),
                    ShapeKind::Union(union) => TypeKind::Union(Union {
                        tag: union.tag.clone(),
                        variants: (union.variants.iter())
                            .map(|variant| Variant {
                                name: variant.name.clone(),
                                ty: self.reference(&variant.value, way),
                                tags: variant.tags.clone(),
                                json: variant.json,
                                required: variant.required.clone(),
                            })
                            .collect(),
                    }),
                    ShapeKind::Open => continue,
                };
                let ty = Type {
                    docs: shape.docs.clone(),
                    deprecated: shape
                        .deprecated
                        .then(|| "the document marks it as deprecated".to_owned()),
                    must_use: None,
                    kind,
                    usage,
                    origin: self.origins[id].clone(),
                    place: shape.places.first().cloned().unwrap_or_default(),
                };
                types.insert(self.type_name(id, way), ty);
            }
        }
        types
    }

    fn structure(&self, object: &Object, way: Way, usage: Usage) -> Struct {
        // A type that travels both ways without splitting has no one-way members.
        let members: Vec<&ObjectMember> = members(object, way).collect();
        let names = words::all_distinct(
            members
                .iter()
                .map(|member| words::snake(member.wanted.as_deref().unwrap_or(&member.wire))),
            &["additional"],
        );
        let fields = (members.iter().zip(names))
            .map(|(member, name)| {
                let default = self
                    .only_value(&member.value, way)
                    .filter(|_| member.required && usage.sent);
                Field {
                    wire: member.wire.clone(),
                    name,
                    ty: self.reference(&member.value, way),
                    docs: paragraphs(&member.docs, &member.constraints),
                    shape: shape_of(member, usage),
                    required: member.required && usage.sent && default.is_none(),
                    default,
                    deprecated: member.deprecated.clone(),
                    sample: member.sample.clone(),
                    place: member.place.clone(),
                }
            })
            .collect();
        Struct {
            fields,
            constants: object.constants.clone(),
            additional: object
                .additional
                .as_ref()
                .map(|value| self.inner(value, way)),
            builder: usage.sent,
        }
    }
}

/// In answers only what is marked as guaranteed is bare, and missing lists are empty; in requests what is required is.
fn shape_of(member: &ObjectMember, usage: Usage) -> FieldShape {
    let several = matches!(member.value.kind, ValueKind::List(_) | ValueKind::Map(_));
    let nullable = member.value.nullable;
    if nullable && !member.required {
        return FieldShape::OptionalNullable;
    }
    if usage.received {
        return match () {
            () if nullable && usage.sent => FieldShape::NullOr,
            () if several && !nullable && (member.required || !usage.sent) => FieldShape::OrEmpty,
            () if member.guaranteed && !nullable => FieldShape::Bare,
            () => FieldShape::Optional,
        };
    }
    match (member.required, nullable) {
        (true, true) => FieldShape::NullOr,
        (true, false) => FieldShape::Bare,
        (false, _) => FieldShape::Optional,
    }
}

/// Texts one below the other, empty ones left out.
pub(crate) fn paragraphs(first: &str, second: &str) -> String {
    match (first.trim(), second.trim()) {
        ("", second) => second.to_owned(),
        (first, "") => first.to_owned(),
        (first, second) => format!("{first}\n\n{second}"),
    }
}

fn members(object: &Object, way: Way) -> impl Iterator<Item = &ObjectMember> {
    object.members.iter().filter(move |member| match way {
        Way::Out => !member.read_only,
        Way::In => !member.write_only,
    })
}

/// The shape that stands for each shape: equal ones that have no name of their own are one, and a list of texts is the
/// named list of the same texts.
fn unify(graph: &Graph<'_>) -> Vec<ShapeId> {
    let mut stands_for: Vec<ShapeId> = (0..graph.shapes.len()).collect();
    loop {
        let mut first: BTreeMap<String, ShapeId> = BTreeMap::new();
        let mut next = stands_for.clone();
        let is_enum = |id: ShapeId| {
            matches!(
                graph.shapes[id].kind,
                ShapeKind::StringEnum(_) | ShapeKind::IntegerEnum(_)
            )
        };
        for id in (0..graph.shapes.len())
            .filter(|&id| graph.shapes[id].component.is_some() && is_enum(id))
        {
            first.entry(signature(graph, &stands_for, id)).or_insert(id);
        }
        for (id, shape) in graph.shapes.iter().enumerate() {
            if shape.component.is_none() {
                next[id] = *first.entry(signature(graph, &stands_for, id)).or_insert(id);
            }
        }
        if next == stands_for {
            return next;
        }
        stands_for = next;
    }
}

/// Everything that makes two shapes the same type; what is said about them in words is not among it.
fn signature(graph: &Graph<'_>, stands_for: &[ShapeId], id: ShapeId) -> String {
    let shape = &graph.shapes[id];
    let mut text = format!("{:?} ", shape.wanted);
    // Writing to a String can't fail.
    let _ = match &shape.kind {
        ShapeKind::Open => write!(text, "open {id}"),
        ShapeKind::StringEnum(members) => {
            let wires: BTreeSet<&String> = members.iter().map(|member| &member.wire).collect();
            write!(text, "texts {wires:?}")
        }
        ShapeKind::IntegerEnum(members) => {
            let wires: BTreeSet<i64> = members.iter().map(|member| member.wire).collect();
            write!(text, "numbers {wires:?}")
        }
        ShapeKind::Object(object) => {
            let mut parts: Vec<String> = (object.members.iter())
                .map(|member| {
                    format!(
                        "{:?} {} {} {} {} {} {:?} {}",
                        member.wire,
                        value_signature(&member.value, stands_for),
                        member.required,
                        member.read_only,
                        member.write_only,
                        member.guaranteed,
                        member.wanted,
                        member.constraints,
                    )
                })
                .collect();
            parts.sort();
            let additional = object
                .additional
                .as_ref()
                .map(|value| value_signature(value, stands_for));
            write!(
                text,
                "object {parts:?} {:?} {additional:?}",
                object.constants
            )
        }
        ShapeKind::Union(union) => {
            let variants = (union.variants.iter()).map(|variant| {
                format!(
                    "{} {:?} {}",
                    variant.name,
                    variant.tags,
                    value_signature(&variant.value, stands_for)
                )
            });
            write!(
                text,
                "union {:?} {:?}",
                union.tag,
                variants.collect::<Vec<_>>()
            )
        }
    };
    text
}

fn value_signature(value: &Value, stands_for: &[ShapeId]) -> String {
    let null = if value.nullable { "?" } else { "" };
    match &value.kind {
        ValueKind::Simple(simple) => format!("{simple:?}{null}"),
        ValueKind::Shape(id) => format!("#{}{null}", stands_for[*id]),
        ValueKind::List(inner) => format!("[{}]{null}", value_signature(inner, stands_for)),
        ValueKind::Map(inner) => format!("{{{}}}{null}", value_signature(inner, stands_for)),
    }
}
