//! Which shapes are one type.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::Way;
use crate::lower::graph::{
    Graph, Object, ObjectMember, Shape, ShapeId, ShapeKind, Value, ValueKind, string_members,
};
use crate::lower::{agreed::Agreed, words};
use crate::model::{ConstantValue, Member, Sent};

/// Returns the representative of each shape. Without a lock, equal shapes without a name are one, and a list of texts is
/// the named list of the same texts. With a lock, shapes that were one stay one: an enum then has the values of all its places;
/// equal shapes become one only if an overlay names both alike or both are made of one schema.
/// `readOnly`, `writeOnly` and `nullable` of members make no separate type, so that a new one renames nothing; the
/// representative allows the values of all its shapes.
pub(crate) fn unify(
    graph: &mut Graph<'_>,
    bound: &[Option<String>],
    agreed: &Agreed,
    (is_first, roots): (bool, &[(Value, Way)]),
) -> Unified {
    let reached = reached(graph, roots, agreed);
    let stands_for = find(graph, bound, agreed, (is_first, &reached));
    let values = graph.shapes.iter().map(values).collect();
    for (id, &other) in stands_for.iter().enumerate() {
        if id == other {
            continue;
        }
        match graph.shapes[id].kind.clone() {
            ShapeKind::Object(object) => {
                if let ShapeKind::Object(common) = &mut graph.shapes[other].kind {
                    join(common, object);
                }
            }
            ShapeKind::StringEnum(more) => {
                if let ShapeKind::StringEnum(common) = &mut graph.shapes[other].kind {
                    let new = (more.into_iter())
                        .filter(|member| !common.iter().any(|one| one.wire == member.wire));
                    let all: Vec<Member<String>> = common.iter().cloned().chain(new).collect();
                    if all.len() > common.len() {
                        let texts = all.iter().map(|member| member.wire.clone()).collect();
                        *common = string_members(texts);
                        for (member, old) in common.iter_mut().zip(all) {
                            member.docs = old.docs;
                        }
                    }
                }
            }
            ShapeKind::IntegerEnum(more) => {
                if let ShapeKind::IntegerEnum(common) = &mut graph.shapes[other].kind {
                    for member in more {
                        if !common.iter().any(|one| one.wire == member.wire) {
                            common.push(member);
                        }
                    }
                    let names = common.iter().map(|member| ("", member.variant.clone()));
                    let names = words::all_distinct(names, &["Unrecognized"]);
                    for (member, name) in common.iter_mut().zip(names) {
                        member.variant = name;
                    }
                }
            }
            ShapeKind::Open | ShapeKind::Union(_) => {}
        }
    }
    Unified { stands_for, values }
}

/// Returns for each shape whether it is part of a value that is sent or received, or of one in another document.
fn reached(graph: &Graph<'_>, roots: &[(Value, Way)], agreed: &Agreed) -> Vec<bool> {
    let in_other = |shape: &Shape| agreed.ways.contains_key(&shape.parts);
    let is_all = roots.is_empty() && agreed.ways.is_empty();
    let mut reached: Vec<bool> = (graph.shapes.iter())
        .map(|shape| is_all || in_other(shape))
        .collect();
    let mut open: Vec<ShapeId> = (0..reached.len()).filter(|&id| reached[id]).collect();
    let mut values: Vec<&Value> = roots.iter().map(|(value, _)| value).collect();
    loop {
        while let Some(value) = values.pop() {
            match &value.kind {
                ValueKind::Simple(_) => {}
                ValueKind::List(inner) | ValueKind::Map(inner) => values.push(inner),
                ValueKind::Shape(id) if reached[*id] => {}
                ValueKind::Shape(id) => {
                    reached[*id] = true;
                    open.push(*id);
                }
            }
        }
        let Some(id) = open.pop() else {
            return reached;
        };
        match &graph.shapes[id].kind {
            ShapeKind::Object(object) => {
                values.extend(object.members.iter().map(|member| &member.value));
                values.extend(&object.additional);
            }
            ShapeKind::Union(union) => {
                values.extend(union.variants.iter().map(|variant| &variant.value));
            }
            ShapeKind::Open | ShapeKind::StringEnum(_) | ShapeKind::IntegerEnum(_) => {}
        }
    }
}

/// A member of both objects is required if both require it; a member of only one of them is optional.
fn join(common: &mut Object, object: Object) {
    for constant in &mut common.constants {
        let mut same = object.constants.iter();
        if let Some(same) = same.find(|same| same.wire == constant.wire) {
            constant.guaranteed &= same.guaranteed;
            if constant.sent != same.sent {
                constant.sent = Sent::Always;
            }
        }
    }
    for member in &mut common.members {
        let mut same = object.members.iter();
        if let Some(same) = same.find(|same| same.wire == member.wire) {
            member.read_only &= same.read_only;
            member.write_only &= same.write_only;
            member.value.nullable |= same.value.nullable;
            member.required &= same.required;
            member.guaranteed &= same.guaranteed;
        } else {
            member.required = false;
            member.guaranteed = false;
        }
    }
    let is_new =
        |member: &ObjectMember| common.members.iter().all(|known| known.wire != member.wire);
    let mut new: Vec<ObjectMember> = object.members.into_iter().filter(is_new).collect();
    for member in &mut new {
        member.required = false;
        member.guaranteed = false;
    }
    common.members.extend(new);
}

/// Returns whether two objects that were one type can stay one: their common members are equal and most of one of them.
fn are_alike(graph: &Graph<'_>, stands_for: &[ShapeId], id: ShapeId, other: ShapeId) -> bool {
    let (ShapeKind::Object(one), ShapeKind::Object(two)) =
        (&graph.shapes[id].kind, &graph.shapes[other].kind)
    else {
        return false;
    };
    let additional = |object: &Object| {
        (object.additional.as_ref()).map(|value| value_signature(value, stands_for))
    };
    let signature = |member: &ObjectMember| {
        let kind = kind_signature(&member.value.kind, stands_for);
        format!("{kind} {} {:?}", member.or_single, member.wanted)
    };
    let mut common = 0;
    for member in &one.members {
        if let Some(same) = two.members.iter().find(|same| same.wire == member.wire) {
            if signature(member) != signature(same) {
                return false;
            }
            common += 1;
        }
    }
    constants(one) == constants(two)
        && additional(one) == additional(two)
        && common * 2 >= one.members.len().min(two.members.len())
}

/// Required members don't distinguish the types.
fn constants(object: &Object) -> Vec<(&String, &ConstantValue)> {
    let constants = object.constants.iter();
    constants
        .map(|constant| (&constant.wire, &constant.value))
        .collect()
}

/// The result of [`unify`].
#[derive(Debug)]
pub(crate) struct Unified {
    /// The representative of each shape.
    pub(crate) stands_for: Vec<ShapeId>,
    /// The values of each enum, where the document has it.
    pub(crate) values: Vec<Vec<String>>,
}

fn values(shape: &Shape) -> Vec<String> {
    match &shape.kind {
        ShapeKind::StringEnum(members) => members.iter().map(|one| one.wire.clone()).collect(),
        ShapeKind::IntegerEnum(members) => members.iter().map(|one| one.wire.to_string()).collect(),
        ShapeKind::Object(object) => object.members.iter().map(|one| one.wire.clone()).collect(),
        ShapeKind::Union(_) | ShapeKind::Open => Vec::new(),
    }
}

fn is_enum(shape: &Shape) -> bool {
    matches!(
        shape.kind,
        ShapeKind::StringEnum(_) | ShapeKind::IntegerEnum(_)
    )
}

/// Names in an overlay for types that already had a name, if it does not name them differently.
fn wanted<'g>(
    graph: &'g Graph<'_>,
    bound: &'g [Option<String>],
) -> BTreeMap<&'g str, Vec<&'g str>> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (shape, name) in graph.shapes.iter().zip(bound) {
        if let (Some(name), Some(one)) = (name, &shape.wanted) {
            let all = wanted.entry(name).or_default();
            if !all.contains(&one.as_str()) {
                all.push(one);
            }
        }
    }
    wanted
}

fn find(
    graph: &Graph<'_>,
    bound: &[Option<String>],
    agreed: &Agreed,
    (is_first, reached): (bool, &[bool]),
) -> Vec<ShapeId> {
    let is_foreign = |id: ShapeId| agreed.foreign.contains_key(&graph.shapes[id].parts);
    let wanted = wanted(graph, bound);
    let present: BTreeSet<&str> = bound.iter().flatten().map(String::as_str).collect();
    let mut stands_for: Vec<ShapeId> = (0..graph.shapes.len()).collect();
    loop {
        // Shapes that have a name, or had one, come first.
        let mut first: BTreeMap<String, Vec<Vec<ShapeId>>> = BTreeMap::new();
        let mut equal: BTreeMap<String, Vec<ShapeId>> = BTreeMap::new();
        let mut next = stands_for.clone();
        let key = |id: ShapeId| {
            let shape = &graph.shapes[id];
            let name = match (&bound[id], &shape.wanted) {
                (Some(name), own) => {
                    let several = wanted.get(name.as_str()).is_some_and(|all| all.len() > 1);
                    let own = own.as_deref().filter(|_| several);
                    Some(format!("had {name} {own:?}"))
                }
                // It may request a name that is already in use.
                (None, Some(name)) => {
                    let had = (wanted.iter()).find(|(_, all)| all.as_slice() == [name.as_str()]);
                    let had = had.map(|(had, _)| *had);
                    let called = words::type_name(name);
                    let had = had.or_else(|| present.get(called.as_str()).copied());
                    Some(match had {
                        Some(had) => format!("had {had} {:?}", None::<&str>),
                        None => format!("wants {name}"),
                    })
                }
                (None, None) => None,
            };
            let holds = match &shape.kind {
                ShapeKind::StringEnum(_) if name.is_some() => "texts".to_owned(),
                ShapeKind::IntegerEnum(_) if name.is_some() => "numbers".to_owned(),
                ShapeKind::Object(_)
                    if name.as_ref().is_some_and(|name| name.starts_with("had ")) =>
                {
                    "members".to_owned()
                }
                _ => signature(graph, &stands_for, id),
            };
            match &bound[id] {
                // Shapes that are one type in another document are one here.
                Some(name) if is_foreign(id) => Some(format!("of {name}")),
                // Contents of this shape may be that type if they are equal.
                Some(name) if name.contains("::") => {
                    let mut all = (0..graph.shapes.len()).filter(|&other| is_foreign(other));
                    let own = signature(graph, &stands_for, id);
                    let same = all.any(|other| {
                        bound[other].as_ref() == Some(name)
                            && signature(graph, &stands_for, other) == own
                    });
                    same.then(|| format!("of {name}"))
                }
                _ => name.map(|name| format!("{name}: {holds}")),
            }
        };
        let alike = |id: ShapeId| {
            let wanted = &graph.shapes[id].wanted;
            format!("{wanted:?} {}", signature(graph, &stands_for, id))
        };
        let ids = |named: bool| {
            let all = graph.shapes.iter().enumerate();
            let of_kind = all.filter(move |(_, shape)| shape.component.is_some() == named);
            of_kind.map(|(id, _)| id)
        };
        for id in ids(true).filter(|&id| is_enum(&graph.shapes[id])) {
            if let Some(key) = key(id) {
                first.entry(key).or_insert_with(|| vec![vec![id]]);
            }
            equal.entry(alike(id)).or_default().push(id);
        }
        let mut later = Vec::new();
        for id in ids(false) {
            match key(id) {
                Some(key) => {
                    let is_open = !key.starts_with("of ");
                    let same = first.entry(key).or_default();
                    let is_object =
                        is_open && matches!(graph.shapes[id].kind, ShapeKind::Object(_));
                    let fits = |group: &&mut Vec<ShapeId>| {
                        !is_object
                            || group
                                .iter()
                                .all(|&other| are_alike(graph, &stands_for, id, other))
                    };
                    match same.iter_mut().find(fits) {
                        Some(group) => group.push(id),
                        None => same.push(vec![id]),
                    }
                    let group = same.iter().find(|group| group.contains(&id));
                    next[id] = group.map_or(id, |group| group[0]);
                    equal.entry(alike(id)).or_default().push(next[id]);
                }
                None => later.push(id),
            }
        }
        // A shape that is not sent or received has no entry in the lock, so the next run would not merge it.
        later.retain(|&id| reached[id]);
        for id in later {
            let equal = equal.entry(alike(id)).or_default();
            let mut same = equal.iter();
            let same = same.find(|&&other| is_first || have_part(graph, id, other));
            next[id] = same.copied().unwrap_or(id);
            equal.push(next[id]);
        }
        if next == stands_for {
            return next;
        }
        stands_for = next;
    }
}

/// Whether two shapes are made of one schema, at least in part.
fn have_part(graph: &Graph<'_>, id: ShapeId, other: ShapeId) -> bool {
    let parts = &graph.shapes[other].parts;
    graph.shapes[id]
        .parts
        .iter()
        .any(|part| parts.contains(part))
}

/// Everything that makes two shapes the same type, without descriptions.
fn signature(graph: &Graph<'_>, stands_for: &[ShapeId], id: ShapeId) -> String {
    let shape = &graph.shapes[id];
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = match &shape.kind {
        ShapeKind::Open => write!(text, "open {id}"),
        ShapeKind::StringEnum(members) => {
            let wires: BTreeSet<&String> = members.iter().map(|member| &member.wire).collect();
            write!(text, "texts {wires:?}")
        }
        ShapeKind::IntegerEnum(members) => {
            // Numbers with other names mean something else.
            let named = members.iter().map(|member| (member.wire, &member.variant));
            write!(text, "numbers {:?}", named.collect::<BTreeSet<_>>())
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
                constants(object)
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

/// Returns the contents of a list or map: `null` in it needs an `Option`.
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
