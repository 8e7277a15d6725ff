//! Shapes as Rust types: which of them are one, their directions and their names.

mod build;
mod equal;
mod members;
mod naming;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    agreed::{Agreed, Parts, Settled},
    graph::{Graph, Object, ObjectMember, Shape, ShapeId, ShapeKind, Value, ValueKind},
};
use crate::{
    diagnostic::Diagnostic,
    model::{Literal, TypeRef, Usage},
};
pub(crate) use equal::{Unified, unify};
pub(crate) use members::settled;
pub(crate) use naming::{Names, OpenName};

/// The direction of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// In a request.
    Out,
    /// In a response.
    In,
}

/// The types of a document.
#[derive(Debug)]
pub(crate) struct Types<'g, 'd> {
    graph: &'g Graph<'d>,
    /// The representative of each shape.
    stands_for: Vec<ShapeId>,
    /// The values of each enum, where the document has it.
    values: Vec<Vec<String>>,
    /// The known values of an enum per place, if its places differ.
    known_to: BTreeMap<ShapeId, String>,
    usage: Vec<Usage>,
    names: Vec<String>,
    /// The contents of each type that represents others: fields or variants, with their names in the document and in Rust.
    identities: Vec<Vec<String>>,
    members: Vec<Vec<String>>,
    /// Members that were constants and can have more values now, with their former only value.
    grown: BTreeMap<(ShapeId, String), String>,
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
    /// Decides all types; `roots` are the values that operations send and receive, `taken` names that are gone.
    pub(crate) fn settle(
        graph: &'g Graph<'d>,
        unified: Unified,
        roots: &[(Value, Way)],
        agreed: &Agreed,
        taken: &mut BTreeSet<String>,
        names: &mut Names<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let count = graph.shapes.len();
        let mut types = Self {
            graph,
            stands_for: unified.stands_for,
            values: unified.values,
            known_to: BTreeMap::new(),
            usage: vec![Usage::default(); count],
            names: vec![String::new(); count],
            identities: vec![Vec::new(); count],
            members: vec![Vec::new(); count],
            grown: BTreeMap::new(),
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
        // A document without operations exists for its schemas.
        if roots.is_empty() && agreed.ways.is_empty() {
            for (id, _) in types.unreached(agreed).collect::<Vec<_>>() {
                types.travel(&Value::shape(id), Way::In);
            }
        }
        types.name(agreed, taken, names)?;
        Ok(types)
    }

    /// Schemas of this document that have a name, and are in nothing that is sent or received.
    pub(crate) fn unreached(&self, agreed: &Agreed) -> impl Iterator<Item = (ShapeId, &'g Shape)> {
        let foreign = self.graph.document.foreign();
        let shapes = self.graph.shapes.iter().enumerate();
        shapes.filter(move |(id, shape)| {
            shape.component.is_some()
                && agreed.origin(foreign, &shape.parts).is_none()
                && self.usage[self.stands_for[*id]] == Usage::default()
        })
    }

    /// Names of the types that are schemas with a name.
    pub(crate) fn components(&self) -> BTreeSet<String> {
        let shapes = self.graph.shapes.iter().zip(&self.names);
        let named = shapes.filter(|(shape, _)| shape.component.is_some());
        named.map(|(_, name)| name.clone()).collect()
    }

    /// The place of a shape that is sent or received.
    pub(crate) fn place_in_use(&self, id: ShapeId) -> Option<&str> {
        let is_used = self.stands_for[id] == id && self.usage[id] != Usage::default();
        let places = self
            .graph
            .shapes
            .get(id)
            .filter(|_| is_used)?
            .places
            .first()?;
        Some(places)
    }

    /// Returns the directions of a value; one without types of the document has both.
    pub(crate) fn usage_of(&self, value: &Value) -> Usage {
        match &value.kind {
            ValueKind::Simple(_) => Usage {
                sent: true,
                received: true,
            },
            ValueKind::List(inner) | ValueKind::Map(inner) => self.usage_of(inner),
            ValueKind::Shape(id) => self.usage[self.stands_for[*id]],
        }
    }

    /// Name and directions of every type, by its parts.
    pub(crate) fn settled(&self) -> Settled {
        let types = self.graph.shapes.iter().zip(&self.stands_for);
        let types = types.map(|(shape, &id)| {
            let value = (self.names[id].clone(), self.usage[id]);
            (shape.parts.clone(), value)
        });
        let own = (self.graph.shapes.iter().enumerate())
            .filter(|(id, _)| self.stands_for[*id] == *id && self.origins[*id].is_none())
            .filter_map(|(id, _)| Some((self.names[id].clone(), self.holds(id)?)));
        Settled {
            members: own.collect(),
            renamed: BTreeMap::new(),
            types: types.collect(),
            constants: self.graph.fixed.keys().cloned().collect(),
        }
    }

    /// The types of other documents that operations of this one reach: parts, document, directions.
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
                for member in &object.members {
                    // Every field has a type. Response-only members are part of the responses, whatever type holds them.
                    let way = if member.read_only { Way::In } else { way };
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

    /// The Rust type of a value.
    pub(crate) fn reference(&self, value: &Value) -> TypeRef {
        match &value.kind {
            ValueKind::Simple(simple) => simple.clone(),
            ValueKind::List(inner) => TypeRef::List(Box::new(self.inner(inner))),
            ValueKind::Map(inner) => TypeRef::Map(Box::new(self.inner(inner))),
            ValueKind::Shape(id) => TypeRef::Named(self.names[self.stands_for[*id]].clone()),
        }
    }

    fn inner(&self, value: &Value) -> TypeRef {
        let inner = self.reference(value);
        match value.nullable {
            true => TypeRef::Nullable(Box::new(inner)),
            false => inner,
        }
    }

    /// The only value of an enum with one member.
    pub(crate) fn only_value(&self, value: &Value) -> Option<Literal> {
        let ValueKind::Shape(id) = value.kind else {
            return None;
        };
        // The type may have values of other places.
        let [only] = self.values[id].as_slice() else {
            return None;
        };
        self.literal(value, only)
    }

    /// The value of a required member unless it is set: its only one, or the one that was its only one.
    pub(crate) fn default_of(&self, owner: ShapeId, member: &ObjectMember) -> Option<Literal> {
        let grown = || self.grown.get(&(owner, member.wire.clone()));
        self.only_value(&member.value)
            .or_else(|| self.literal(&member.value, &member.only.as_ref()?.to_string()))
            .or_else(|| self.literal(&member.value, grown()?))
    }

    /// Returns a value of a type.
    pub(crate) fn literal(&self, value: &Value, text: &str) -> Option<Literal> {
        match value.kind {
            ValueKind::Simple(TypeRef::String) => Some(Literal::String(text.to_owned())),
            ValueKind::Simple(TypeRef::Integer | TypeRef::Unsigned | TypeRef::Number) => {
                text.parse().ok().map(Literal::Integer)
            }
            ValueKind::Simple(TypeRef::Bool) => text.parse().ok().map(Literal::Bool),
            ValueKind::Shape(id) => {
                let id = self.stands_for[id];
                let mut all = self.identities[id].iter().zip(&self.members[id]);
                let is_enum = matches!(
                    self.graph.shapes[id].kind,
                    ShapeKind::StringEnum(_) | ShapeKind::IntegerEnum(_)
                );
                let (_, variant) = all.find(|(wire, _)| is_enum && *wire == text)?;
                Some(Literal::Variant(self.names[id].clone(), variant.clone()))
            }
            _ => None,
        }
    }

    /// The fields of an object that a value is: as the document and as Rust calls them.
    pub(crate) fn fields(&self, value: &Value) -> impl Iterator<Item = (&String, &String)> {
        let id = match value.kind {
            ValueKind::Shape(id) if self.object(value).is_some() => Some(self.stands_for[id]),
            _ => None,
        };
        let all = id.map(|id| self.identities[id].iter().zip(&self.members[id]));
        all.into_iter().flatten()
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
}

/// Texts one below the other, empty ones left out.
pub(crate) fn paragraphs(first: &str, second: &str) -> String {
    match (first.trim(), second.trim()) {
        ("", second) => second.to_owned(),
        (first, "") => first.to_owned(),
        (first, second) => format!("{first}\n\n{second}"),
    }
}
