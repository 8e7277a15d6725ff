//! Types that contain themselves without a list or map in between need a box to have a size.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Type, TypeKind, TypeRef};

/// Boxes every use that closes a circle.
pub(crate) fn box_cycles(types: &mut BTreeMap<String, Type>) {
    let edges: BTreeMap<String, BTreeSet<String>> = (types.iter())
        .map(|(name, ty)| {
            (
                name.clone(),
                uses(ty).filter_map(held).map(str::to_owned).collect(),
            )
        })
        .collect();
    let reaches: BTreeMap<&String, BTreeSet<&str>> = edges
        .keys()
        .map(|name| (name, reachable(&edges, name)))
        .collect();
    for (name, ty) in types.iter_mut() {
        for used in uses_mut(ty) {
            let circular = held(used)
                .and_then(|target| reaches.get(&target.to_owned()))
                .is_some_and(|reached| reached.contains(name.as_str()));
            if circular {
                *used = TypeRef::Boxed(Box::new(used.clone()));
            }
        }
    }
}

/// The type whose value lies inside the value itself.
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

fn reachable<'e>(edges: &'e BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<&'e str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&'e str> = edges
        .get(from)
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    while let Some(name) = open.pop() {
        if reached.insert(name) {
            open.extend(edges.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    reached
}
