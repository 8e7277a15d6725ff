//! Shapes as the types of the model.

use std::collections::BTreeMap;

use super::{Types, paragraphs};
use crate::{
    lower::graph::{Object, ObjectMember, ShapeId, ShapeKind},
    model::{Field, Member, Row, Shape, Struct, Type, TypeKind, TypeRef, Union, Usage, Variant},
};

impl Types<'_, '_> {
    /// Every type, by name.
    pub(crate) fn build(&self) -> BTreeMap<String, Type> {
        let mut types = BTreeMap::new();
        for (id, shape) in self.graph.shapes.iter().enumerate() {
            if self.stands_for[id] != id || self.usage[id] == Usage::default() {
                continue;
            }
            let kind = match &shape.kind {
                ShapeKind::Object(object) => TypeKind::Struct(self.structure(id, object)),
                ShapeKind::StringEnum(members) => {
                    TypeKind::StringEnum(called(members, &self.members[id]))
                }
                ShapeKind::IntegerEnum(members) => {
                    TypeKind::IntegerEnum(called(members, &self.members[id]))
                }
                ShapeKind::Union(union) => TypeKind::Union(Union {
                    tag: union.tag.clone(),
                    variants: (union.variants.iter().zip(&self.members[id]))
                        .map(|(variant, name)| Variant {
                            name: name.clone(),
                            ty: self.reference(&variant.value),
                            tags: variant.tags.clone(),
                            kinds: variant.kinds.clone(),
                            marks: variant.marks.clone(),
                            place: variant.place.clone(),
                        })
                        .collect(),
                    tried: union.tried.clone(),
                }),
                ShapeKind::Open => continue,
            };
            let ty = Type {
                docs: match self.known_to.get(&id) {
                    Some(known_to) => paragraphs(&shape.docs, known_to),
                    None => shape.docs.clone(),
                },
                unconfirmed: shape.unconfirmed.clone(),
                deprecated: shape
                    .deprecated
                    .then(|| "the document marks it as deprecated".to_owned()),
                must_use: None,
                kind,
                usage: self.usage[id],
                origin: self.origins[id].clone(),
                place: shape.places.first().cloned().unwrap_or_default(),
            };
            types.insert(self.names[id].clone(), ty);
        }
        types
    }

    fn structure(&self, id: ShapeId, object: &Object) -> Struct {
        let usage = self.usage[id];
        let fields = (object.members.iter().zip(&self.members[id]))
            .map(|(member, name)| self.field(id, member, name.clone(), usage))
            .collect();
        Struct {
            fields,
            constants: object.constants.clone(),
            additional: object.additional.as_ref().map(|value| self.inner(value)),
            least: object.least,
            builder: usage.sent,
        }
    }

    fn field(&self, owner: ShapeId, member: &ObjectMember, name: String, usage: Usage) -> Field {
        let ty = match self.reference(&member.value) {
            TypeRef::List(item) if member.or_single => TypeRef::OneOrList(item),
            ty => ty,
        };
        let shape = match member.is_bare() {
            true => Shape::Bare,
            false => Shape::of(&ty),
        };
        let row = match () {
            () if member.read_only => Row::ReadOnly,
            () if shape == Shape::Bare => Row::Guaranteed,
            () if member.required => Row::Required,
            () if member.write_only => Row::WriteOnly,
            () => Row::Optional,
        };
        let demanded = member.required && usage.sent && !member.read_only;
        let default = self.default_of(owner, member).filter(|_| demanded);
        Field {
            wire: member.wire.clone(),
            name,
            setter: None,
            ty,
            docs: paragraphs(&member.docs, &member.constraints),
            unconfirmed: member.unconfirmed.clone(),
            shape,
            row,
            secret: member.secret || member.write_only,
            nullable: member.value.nullable,
            required: demanded && default.is_none(),
            default,
            deprecated: member.deprecated.clone(),
            sample: member.sample.clone(),
            place: member.place.clone(),
        }
    }
}

/// The values of an enum under their final names.
fn called<T: Clone>(members: &[Member<T>], names: &[String]) -> Vec<Member<T>> {
    let members = members.iter().zip(names);
    let called = members.map(|(member, name)| Member {
        variant: name.clone(),
        ..member.clone()
    });
    called.collect()
}
