//! Decides which fields are boxed: types that contain themselves without a list or map in between need a box to have a
//! size, and an optional object would cost its whole size where it is. The rule ignores sizes, so that a new field in a
//! document changes no type but its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, Row, Shape, Type, TypeKind, TypeRef};

/// Boxes every use that closes a circle, and every optional object.
pub(crate) fn add_boxes(types: &mut BTreeMap<String, Type>) {
    open_endless(types);
    let edges: BTreeMap<String, BTreeSet<String>> = (types.iter())
        .map(|(name, ty)| {
            (
                name.clone(),
                uses(ty).filter_map(held).map(str::to_owned).collect(),
            )
        })
        .collect();
    let circles = circles(&edges);
    let objects: BTreeSet<String> = (types.iter())
        .filter(|(_, ty)| matches!(ty.kind, TypeKind::Struct(_) | TypeKind::Union(_)))
        .map(|(name, _)| name.clone())
        .collect();
    for (name, ty) in types.iter_mut() {
        if let TypeKind::Struct(object) = &mut ty.kind {
            let may_miss = |field: &&mut Field| field.shape == Shape::Optional;
            for field in object.fields.iter_mut().filter(may_miss) {
                if matches!(&field.ty, TypeRef::Named(name) if objects.contains(name)) {
                    field.ty = TypeRef::Boxed(Box::new(field.ty.clone()));
                }
            }
        }
        for used in uses_mut(ty) {
            let circular = held(used).is_some_and(|target| {
                let circle = circles.get(target);
                circle.is_some() && circle == circles.get(name.as_str())
            });
            if circular {
                *used = TypeRef::Boxed(Box::new(used.clone()));
            }
        }
    }
}

/// If a required object contains itself through required members, no value can end: the members that close such a circle
/// become optional. First those without which no value exists, then those that requests require: the requirements of
/// requests don't affect the type of a field.
fn open_endless(types: &mut BTreeMap<String, Type>) {
    open(types, |field| field.shape == Shape::Bare, |_| true);
    open(
        types,
        |field| field.shape == Shape::Bare || (field.required && !field.nullable),
        |field| field.shape != Shape::Bare,
    );
}

/// Opens circles of members that are `demanded`, at those that `may_open`.
fn open(
    types: &mut BTreeMap<String, Type>,
    demanded: impl Fn(&Field) -> bool,
    may_open: impl Fn(&Field) -> bool,
) {
    let targets = |ty: &Type| match &ty.kind {
        TypeKind::Struct(object) => (object.fields.iter())
            .filter(|field| demanded(field))
            .filter_map(|field| held(&field.ty).map(str::to_owned))
            .collect(),
        _ => BTreeSet::new(),
    };
    let edges: BTreeMap<String, BTreeSet<String>> = (types.iter())
        .map(|(name, ty)| (name.clone(), targets(ty)))
        .collect();
    let circles = circles(&edges);
    for (name, ty) in types.iter_mut() {
        let TypeKind::Struct(object) = &mut ty.kind else {
            continue;
        };
        for field in &mut object.fields {
            let closes = |target: &str| {
                let circle = circles.get(target);
                circle.is_some() && circle == circles.get(name.as_str())
            };
            if demanded(field) && may_open(field) && held(&field.ty).is_some_and(closes) {
                field.shape = Shape::Optional;
                if field.row != Row::ReadOnly {
                    field.row = Row::Optional;
                }
                field.required = false;
            }
        }
    }
}

/// Returns the type whose value is stored in the value itself.
fn held(ty: &TypeRef) -> Option<&str> {
    match ty {
        TypeRef::Named(name) => Some(name),
        TypeRef::Nullable(inner) => held(inner),
        _ => None,
    }
}

fn uses(ty: &Type) -> Box<dyn Iterator<Item = &TypeRef> + '_> {
    match &ty.kind {
        TypeKind::Struct(object) => Box::new(object.fields.iter().map(|field| &field.ty)),
        TypeKind::Union(union) => Box::new(union.variants.iter().map(|variant| &variant.ty)),
        _ => Box::new(std::iter::empty()),
    }
}

fn uses_mut(ty: &mut Type) -> Box<dyn Iterator<Item = &mut TypeRef> + '_> {
    match &mut ty.kind {
        TypeKind::Struct(object) => Box::new(object.fields.iter_mut().map(|field| &mut field.ty)),
        TypeKind::Union(union) => {
            Box::new(union.variants.iter_mut().map(|variant| &mut variant.ty))
        }
        _ => Box::new(std::iter::empty()),
    }
}

/// Returns a number for each type, the same for those that reach each other (Tarjan; without recursion, because chains can
/// be as long as the document).
fn circles(edges: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<&str, usize> {
    let mut circles: BTreeMap<&str, usize> = BTreeMap::new();
    // The order in which a type was visited, and the earliest type that it is known to reach.
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    for start in edges.keys() {
        if met.contains_key(start.as_str()) {
            continue;
        }
        let mut path = vec![Visit::new(edges, start, met.len())];
        met.insert(start, met.len());
        open.push(start);
        while let Some(visit) = path.last_mut() {
            if let Some(next) = visit.left.pop() {
                match met.get(next) {
                    None => {
                        path.push(Visit::new(edges, next, met.len()));
                        met.insert(next, met.len());
                        open.push(next);
                    }
                    Some(number) if !circles.contains_key(next) => {
                        visit.back = visit.back.min(*number);
                    }
                    Some(_) => {}
                }
                continue;
            }
            let (name, number, back) = (visit.name, visit.number, visit.back);
            path.pop();
            if let Some(holder) = path.last_mut() {
                holder.back = holder.back.min(back);
            }
            if back == number {
                while let Some(member) = open.pop() {
                    circles.insert(member, number);
                    if member == name {
                        break;
                    }
                }
            }
        }
    }
    circles
}

struct Visit<'e> {
    name: &'e str,
    left: Vec<&'e str>,
    number: usize,
    back: usize,
}

impl<'e> Visit<'e> {
    fn new(edges: &'e BTreeMap<String, BTreeSet<String>>, name: &'e str, number: usize) -> Self {
        let left = edges.get(name).into_iter().flatten();
        Self {
            name,
            left: left.map(String::as_str).collect(),
            number,
            back: number,
        }
    }
}
