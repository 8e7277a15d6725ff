//! Names of fields and variants. The lock binds them to their names in the document: a new member or value
//! takes no name away.

use std::collections::{BTreeMap, BTreeSet};

use super::{Types, naming::Names};
use crate::lower::{
    agreed::Agreed,
    graph::{ShapeId, ShapeKind, Value, ValueKind},
    lock::{Holds, Kind},
    words,
};
use crate::{
    diagnostic::Diagnostic,
    model::{TypeRef, Usage},
};

/// Fields that objects have by themselves.
const OWN_FIELDS: &[&str] = &["additional", "extra"];

/// An entry of a type that has a name.
struct Named {
    /// Its identity in the document and in the lock.
    identity: String,
    before: String,
    /// Its name if it is free.
    usual: String,
    /// An overlay requests that name.
    is_asked: bool,
}

/// Distinct names: those of the lock stay, the others change.
pub(crate) fn settled(
    usual: Vec<String>,
    locked: &[Option<String>],
    reserved: impl Fn(&BTreeSet<&str>) -> BTreeSet<String>,
) -> Vec<String> {
    let known: BTreeSet<&str> = locked.iter().flatten().map(String::as_str).collect();
    if known.is_empty() {
        return usual;
    }
    let mut taken = reserved(&known);
    taken.extend(known.into_iter().map(str::to_owned));
    let names = usual.into_iter().zip(locked);
    let names = names.map(|(usual, locked)| match locked {
        Some(locked) => locked.clone(),
        None => {
            let name = words::distinct(&usual, &taken);
            taken.insert(name.clone());
            name
        }
    });
    names.collect()
}

impl Types<'_, '_> {
    /// Names all entries of a type, and reports released names that would change.
    pub(super) fn name_members(
        &mut self,
        had: &BTreeMap<ShapeId, &str>,
        agreed: &Agreed,
        names: &Names<'_>,
    ) -> Vec<Diagnostic> {
        let mut errors = Vec::new();
        for id in 0..self.graph.shapes.len() {
            if self.stands_for[id] != id || self.usage[id] == Usage::default() {
                continue;
            }
            let all = self.in_shape(id, names);
            let name = &self.names[id];
            let old = match &self.origins[id] {
                Some(origin) => agreed.members.get(&format!("{origin}::{name}")),
                None => {
                    let locked = names.old.ty(had.get(&id).unwrap_or(&name.as_str()));
                    locked.and_then(|locked| locked.holds.as_ref())
                }
            };
            let renamed = |before: &str| {
                let owner = had.get(&id).map_or(name.as_str(), |had| *had);
                let renamed = names.old.renamed_members();
                let all = [name.as_str(), owner].map(|owner| format!("{owner}.{before}"));
                all.iter().find_map(|key| renamed.get(key)).cloned()
            };
            let before: Vec<Option<&str>> = (all.iter())
                .map(|one| old.and_then(|old| old.get(&one.before)))
                .collect();
            let locked: Vec<Option<String>> = (all.iter().zip(&before))
                .map(|(one, before)| {
                    let before = (*before)?;
                    let decided = renamed(before).unwrap_or_else(|| before.to_owned());
                    (!one.is_asked || one.usual == decided).then_some(decided)
                })
                .collect();
            let usual = all.iter().map(|one| one.usual.clone()).collect();
            let is_object = matches!(self.graph.shapes[id].kind, ShapeKind::Object(_));
            let members = settled(usual, &locked, |known| match is_object {
                true => methods(known),
                false => BTreeSet::from(["Unrecognized".to_owned()]),
            });
            if self.origins[id].is_none() {
                let is_released = (names.old.ty(name)).is_some_and(|old| old.version.is_some());
                for ((one, before), new) in all.iter().zip(before).zip(&members) {
                    let is_decided = before.is_none_or(|before| {
                        before == new || renamed(before).as_ref() == Some(new)
                    });
                    if is_released && !is_decided {
                        errors.push(self.would_change(
                            id,
                            one,
                            before.unwrap_or_default(),
                            new,
                            names,
                        ));
                    }
                }
            }
            if let (Some(old), ShapeKind::Object(object)) = (old, &self.graph.shapes[id].kind) {
                let new = object.members.iter();
                for member in new.filter(|one| one.required && old.get(&one.wire).is_none()) {
                    let was = |text: &String| names.old.has_constant(&member.wire, text);
                    if let Some(text) = old.constants().find(was) {
                        self.grown.insert((id, member.wire.clone()), text);
                    }
                }
            }
            self.identities[id] = all.into_iter().map(|one| one.identity).collect();
            self.members[id] = members;
        }
        errors
    }

    fn would_change(
        &self,
        id: ShapeId,
        one: &Named,
        before: &str,
        new: &str,
        names: &Names<'_>,
    ) -> Diagnostic {
        let owner = &self.names[id];
        let shape = &self.graph.shapes[id];
        let place = match &shape.kind {
            ShapeKind::Object(object) => {
                let mut members = object.members.iter();
                let member = members.find(|member| member.wire == one.identity);
                member.map(|member| member.place.clone())
            }
            _ => shape.places.first().cloned(),
        };
        self.graph.document.error(
            &place.unwrap_or_default(),
            format!("`{owner}.{before}` would become `{owner}.{new}`"),
            format!(
                "it was released: {}. To keep the name, take this `x-rust-name` back; to rename it, add the line `renamed member \
                 {owner}.{before} {owner}.{new}` to the lock",
                names.old.type_line(owner)
            ),
        )
    }

    /// All entries of a shape that have a name.
    fn in_shape(&self, id: ShapeId, names: &Names<'_>) -> Vec<Named> {
        let plain = |identity: &str, usual: &str| Named {
            identity: identity.to_owned(),
            before: identity.to_owned(),
            usual: usual.to_owned(),
            is_asked: false,
        };
        match &self.graph.shapes[id].kind {
            ShapeKind::Open => Vec::new(),
            ShapeKind::Object(object) => {
                let usual = (object.members.iter()).map(|member| {
                    let name = member.wanted.as_deref().unwrap_or(&member.wire);
                    (&*member.wire, words::snake(name))
                });
                let usual = words::all_distinct(usual, OWN_FIELDS);
                let all = object.members.iter().zip(usual);
                all.map(|(member, usual)| Named {
                    is_asked: member.wanted.is_some(),
                    ..plain(&member.wire, &usual)
                })
                .collect()
            }
            ShapeKind::StringEnum(members) => (members.iter())
                .map(|one| plain(&one.wire, &one.variant))
                .collect(),
            ShapeKind::IntegerEnum(members) => (members.iter())
                .map(|one| plain(&one.wire.to_string(), &one.variant))
                .collect(),
            ShapeKind::Union(union) => {
                let mut all: Vec<Named> = (union.variants.iter())
                    .map(|variant| Named {
                        identity: self.identity(&variant.value, &|id| {
                            self.names[self.stands_for[id]].clone()
                        }),
                        before: self.identity(&variant.value, &|id| {
                            let before = names.bound[id].as_deref();
                            let before =
                                before.map(|name| name.rsplit("::").next().unwrap_or(name));
                            before
                                .unwrap_or(&self.names[self.stands_for[id]])
                                .to_owned()
                        }),
                        usual: variant.name.clone(),
                        is_asked: variant.is_asked,
                    })
                    .collect();
                // A type for several variants is selected by the values of their tags.
                let mut counts: BTreeMap<String, usize> = BTreeMap::new();
                for one in &all {
                    *counts.entry(one.identity.clone()).or_default() += 1;
                }
                for (one, variant) in all.iter_mut().zip(&union.variants) {
                    if counts.get(&one.identity) > Some(&1) {
                        let tags = match variant.tags.is_empty() {
                            true => variant.name.clone(),
                            false => variant.tags.join("|"),
                        };
                        one.identity = format!("{}|{tags}", one.identity);
                        one.before = format!("{}|{tags}", one.before);
                    }
                }
                all
            }
        }
    }

    /// Returns the identity of a variant: its type.
    fn identity(&self, value: &Value, name: &impl Fn(ShapeId) -> String) -> String {
        match &value.kind {
            ValueKind::Simple(TypeRef::Named(name)) => name.clone(),
            ValueKind::Simple(TypeRef::Runtime(runtime)) => runtime.name().to_owned(),
            ValueKind::Simple(simple) => format!("{simple:?}"),
            ValueKind::List(inner) => format!("[{}]", self.identity(inner, name)),
            ValueKind::Map(inner) => format!("{{{}}}", self.identity(inner, name)),
            ValueKind::Shape(id) => name(*id),
        }
    }

    /// Returns the contents of a type in the lock.
    pub(super) fn holds(&self, id: ShapeId) -> Option<Holds> {
        let shape = &self.graph.shapes[id];
        let mut holds = Holds::new(match &shape.kind {
            ShapeKind::Open => return None,
            ShapeKind::Object(_) => Kind::Members,
            ShapeKind::StringEnum(_) => Kind::Values,
            ShapeKind::IntegerEnum(_) => Kind::Numbers,
            ShapeKind::Union(_) => Kind::Variants,
        });
        for (identity, name) in self.identities[id].iter().zip(&self.members[id]) {
            holds.add(identity, name);
        }
        if let ShapeKind::Object(object) = &shape.kind {
            for constant in &object.constants {
                holds.add_constant(&constant.value.to_string());
            }
        }
        Some(holds)
    }
}

/// Names that the fields and setters of an object have, and those of setters that say `null`.
fn methods(fields: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = OWN_FIELDS.iter().map(|&name| name.to_owned()).collect();
    for field in fields {
        let setter = words::setter(field);
        all.insert(words::null_setter(&setter));
        all.insert(setter);
    }
    all
}
