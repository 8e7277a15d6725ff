//! Which shapes are one type.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use crate::lower::graph::{Graph, ShapeId, ShapeKind, Value, ValueKind};

/// The shape that stands for each shape: equal ones that have no name of their own are one, and a list of texts is the
/// named list of the same texts.
pub(super) fn unify(graph: &Graph<'_>) -> Vec<ShapeId> {
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
