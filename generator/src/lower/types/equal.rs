//! Which shapes are one type.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use crate::lower::graph::{Graph, ObjectMember, ShapeId, ShapeKind, Value, ValueKind};

/// The shape that stands for each shape: equal ones that have no name of their own are one, and a list of texts is the
/// named list of the same texts. What `readOnly`, `writeOnly` and `nullable` say of members makes no other type, so that
/// one of them more renames nothing; the shape that stands for others allows what any of them does.
pub(crate) fn unify(graph: &mut Graph<'_>) -> Vec<ShapeId> {
    let stands_for = find(graph);
    for (id, &other) in stands_for.iter().enumerate() {
        let ShapeKind::Object(object) = graph.shapes[id].kind.clone() else {
            continue;
        };
        if let ShapeKind::Object(common) = &mut graph.shapes[other].kind {
            for member in &mut common.members {
                let mut same = object.members.iter();
                if let Some(same) = same.find(|same| same.wire == member.wire) {
                    member.read_only &= same.read_only;
                    member.write_only &= same.write_only;
                    member.value.nullable |= same.value.nullable;
                }
            }
        }
    }
    stands_for
}

fn find(graph: &Graph<'_>) -> Vec<ShapeId> {
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
            let members = object.members.iter();
            let mut parts: Vec<String> = members
                .map(|member| member_signature(member, stands_for))
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
                    kind_signature(&variant.value.kind, stands_for)
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

fn member_signature(member: &ObjectMember, stands_for: &[ShapeId]) -> String {
    format!(
        "{:?} {} {} {} {} {:?} {}",
        member.wire,
        kind_signature(&member.value.kind, stands_for),
        member.required,
        member.is_bare(),
        member.or_single,
        member.wanted,
        member.constraints,
    )
}

/// What stands in a list or map: `null` there takes an `Option`.
fn value_signature(value: &Value, stands_for: &[ShapeId]) -> String {
    let null = if value.nullable { "?" } else { "" };
    format!("{}{null}", kind_signature(&value.kind, stands_for))
}

fn kind_signature(kind: &ValueKind, stands_for: &[ShapeId]) -> String {
    match kind {
        ValueKind::Simple(simple) => format!("{simple:?}"),
        ValueKind::Shape(id) => format!("#{}", stands_for[*id]),
        ValueKind::List(inner) => format!("[{}]", value_signature(inner, stands_for)),
        ValueKind::Map(inner) => format!("{{{}}}", value_signature(inner, stands_for)),
    }
}
