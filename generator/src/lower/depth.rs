//! Limits how deep types nest. To prove that a type is `Send`, the compiler visits all types in it, and fails at
//! a depth of 128: about four levels for each type, and a few dozen for the task that sends the request.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Type, TypeKind, TypeRef};

/// Maximum number of nested types that the compiler visits.
const DEEPEST: usize = 14;

/// Hides some of the types that nest deeper than that from the compiler. Others stay as they are.
pub(crate) fn cut(types: &mut BTreeMap<String, Type>) {
    if ways(types, usize::MAX).deepest <= DEEPEST {
        return;
    }
    let cut = ways(types, DEEPEST).cut;
    for (name, ty) in types.iter_mut() {
        for used in held_mut(ty) {
            hide(used, &|target| {
                cut.contains(&(name.clone(), target.to_owned()))
            });
        }
    }
}

#[derive(Default)]
struct Ways {
    /// The number of types on the longest path.
    deepest: usize,
    /// A type and a type in it.
    cut: BTreeSet<(String, String)>,
}

/// Visits all types, depth first. A use that would make a path longer than `limit` is cut; if there is a limit, so is every
/// use that closes a circle: the rest has no circles, so no path is longer than the counted ones.
fn ways(types: &BTreeMap<String, Type>, limit: usize) -> Ways {
    let mut ways = Ways::default();
    let mut heights: BTreeMap<&str, usize> = BTreeMap::new();
    for start in types.keys() {
        if heights.contains_key(start.as_str()) {
            continue;
        }
        // Without recursion: paths can be as long as the document.
        let mut path: Vec<(&str, Vec<&str>, usize)> = vec![(start, holds(types, start), 1)];
        let mut on_path: BTreeSet<&str> = BTreeSet::from([start.as_str()]);
        while let Some((here, open, height)) = path.last_mut() {
            if let Some(target) = open.pop() {
                let known = heights.get(target).copied();
                match known {
                    Some(below) if below >= limit => {
                        ways.cut.insert((here.to_string(), target.to_owned()));
                    }
                    Some(below) => *height = (*height).max(below + 1),
                    None if on_path.contains(target) => {
                        if limit < usize::MAX {
                            ways.cut.insert((here.to_string(), target.to_owned()));
                        }
                    }
                    None => {
                        on_path.insert(target);
                        path.push((target, holds(types, target), 1));
                        ways.deepest = ways.deepest.max(path.len());
                    }
                }
                continue;
            }
            let (name, height) = (*here, *height);
            path.pop();
            on_path.remove(name);
            heights.insert(name, height);
            ways.deepest = ways.deepest.max(height);
            if let Some((holder, _, above)) = path.last_mut() {
                match height >= limit {
                    true => drop(ways.cut.insert((holder.to_string(), name.to_owned()))),
                    false => *above = (*above).max(height + 1),
                }
            }
        }
    }
    ways
}

/// Returns the types in a type, directly or in lists and maps.
fn holds<'t>(types: &'t BTreeMap<String, Type>, name: &str) -> Vec<&'t str> {
    let used: Vec<&TypeRef> = match types.get(name).map(|ty| &ty.kind) {
        Some(TypeKind::Struct(object)) => (object.fields.iter().map(|field| &field.ty))
            .chain(&object.additional)
            .collect(),
        Some(TypeKind::Union(union)) => union.variants.iter().map(|variant| &variant.ty).collect(),
        _ => Vec::new(),
    };
    let names: BTreeSet<&str> = used.into_iter().filter_map(named).collect();
    names
        .into_iter()
        .filter(|name| types.contains_key(*name))
        .collect()
}

fn held_mut(ty: &mut Type) -> Vec<&mut TypeRef> {
    match &mut ty.kind {
        TypeKind::Struct(object) => (object.fields.iter_mut().map(|field| &mut field.ty))
            .chain(&mut object.additional)
            .collect(),
        TypeKind::Union(union) => (union.variants.iter_mut())
            .map(|variant| &mut variant.ty)
            .collect(),
        _ => Vec::new(),
    }
}

fn named(ty: &TypeRef) -> Option<&str> {
    match ty {
        TypeRef::Named(name) => Some(name),
        TypeRef::List(inner)
        | TypeRef::OneOrList(inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner)
        | TypeRef::Boxed(inner) => named(inner),
        _ => None,
    }
}

fn hide(ty: &mut TypeRef, is_cut: &impl Fn(&str) -> bool) {
    match ty {
        TypeRef::Named(name) if is_cut(name) => *ty = TypeRef::Deep(Box::new(ty.clone())),
        TypeRef::Boxed(inner) => match &**inner {
            TypeRef::Named(name) if is_cut(name) => *ty = TypeRef::Deep(inner.clone()),
            _ => hide(inner, is_cut),
        },
        TypeRef::List(inner)
        | TypeRef::OneOrList(inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner) => hide(inner, is_cut),
        _ => {}
    }
}
