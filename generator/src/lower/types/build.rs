//! Shapes as the types of the model.

use std::collections::BTreeMap;

use super::{Types, Way, members, paragraphs};
use crate::{
    lower::{
        graph::{Object, ObjectMember, ShapeKind, ValueKind},
        words,
    },
    model::{Field, Shape, Struct, Type, TypeKind, Union, Usage, Variant},
};

impl Types<'_, '_> {
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
fn shape_of(member: &ObjectMember, usage: Usage) -> Shape {
    let several = matches!(member.value.kind, ValueKind::List(_) | ValueKind::Map(_));
    let nullable = member.value.nullable;
    if nullable && !member.required {
        return Shape::OptionalNullable;
    }
    if usage.received {
        return match () {
            () if nullable && usage.sent => Shape::NullOr,
            () if several && !nullable && (member.required || !usage.sent) => Shape::OrEmpty,
            () if member.guaranteed && !nullable => Shape::Bare,
            () => Shape::Optional,
        };
    }
    match (member.required, nullable) {
        (true, true) => Shape::NullOr,
        (true, false) => Shape::Bare,
        (false, _) => Shape::Optional,
    }
}
