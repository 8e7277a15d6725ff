//! What types are called.

use std::collections::{BTreeMap, BTreeSet};

use super::Types;
use crate::lower::{
    agreed::Agreed,
    graph::{Hint, ShapeId},
    lock::Lock,
    words,
};
use crate::model::Usage;

/// Words too general to name a type without its owner.
const GENERAL: &[&str] = &[
    "Type",
    "Status",
    "Value",
    "Item",
    "Data",
    "Details",
    "Name",
    "Id",
    "Kind",
    "Code",
    "State",
    "Result",
    "Body",
    "Error",
    "Options",
    "Additional",
    "Config",
    "Configuration",
    "Object",
];

impl<'g> Types<'g, '_> {
    pub(super) fn name(
        &mut self,
        agreed: &Agreed,
        taken: &mut BTreeSet<String>,
        old: &Lock,
        lock: &mut Lock,
    ) -> Result<(), String> {
        let mut groups: BTreeMap<ShapeId, Vec<ShapeId>> = BTreeMap::new();
        for (id, &stands_for) in self.stands_for.iter().enumerate() {
            groups.entry(stands_for).or_default().push(id);
        }
        for (&id, group) in &groups {
            let foreign = |id: &ShapeId| agreed.foreign.get(&self.graph.shapes[*id].parts);
            let Some((origin, name)) = group.iter().find_map(foreign) else {
                continue;
            };
            if taken.contains(name) {
                return Err(format!(
                    "`{name}` of the module `{origin}` and something of this document have one name"
                ));
            }
            self.origins[id] = Some(origin.clone());
            self.give(id, name.clone(), taken);
        }
        let unnamed =
            |id: &ShapeId| self.graph.shapes[*id].wanted.is_some() && self.names[*id].is_empty();
        let wanting: Vec<ShapeId> = groups.keys().copied().filter(unnamed).collect();
        for id in wanting {
            let wanted = self.graph.shapes[id].wanted.clone().unwrap_or_default();
            let name = words::type_name(&wanted);
            if taken.contains(&name) {
                return Err(format!(
                    "two types are called `{name}`; the second is at {}",
                    self.graph.shapes[id].places.join(", ")
                ));
            }
            self.give(id, name, taken);
        }
        let ambiguous = self.ambiguous();
        for pass in [true, false] {
            for (&id, group) in &groups {
                let shape = &self.graph.shapes[id];
                if !self.names[id].is_empty() || shape.component.is_some() != pass {
                    continue;
                }
                let places: Vec<String> = group
                    .iter()
                    .map(|&id| self.lock_key(id, &ambiguous))
                    .collect();
                let wanted = match &shape.component {
                    Some(component) => words::type_name(component),
                    None => self.call(id, group, taken),
                };
                let (place, name) = match old.type_name(&places) {
                    Some((place, locked)) if !taken.contains(&locked) => (place, locked),
                    _ => (
                        places.first().cloned().unwrap_or_default(),
                        free(&wanted, taken),
                    ),
                };
                let becomes_a_type = self.usage[id] != Usage::default();
                if becomes_a_type && (shape.component.is_none() || name != wanted) {
                    lock.set_type(&place, &name);
                }
                self.give(id, name, taken);
            }
        }
        Ok(())
    }

    /// Places where several merged types stand, each of other parts.
    fn ambiguous(&self) -> BTreeSet<&'g str> {
        let mut seen: BTreeMap<&'g str, ShapeId> = BTreeMap::new();
        let mut ambiguous = BTreeSet::new();
        for (id, shape) in self.graph.shapes.iter().enumerate() {
            let known = shape
                .places
                .first()
                .map(|place| (place, *seen.entry(place).or_insert(id)));
            if let Some((place, first)) = known
                && first != id
            {
                ambiguous.insert(place.as_str());
            }
        }
        ambiguous
    }

    /// What the lock calls a type: its place, or the places of all its parts where the last one is not enough.
    fn lock_key(&self, id: ShapeId, ambiguous: &BTreeSet<&str>) -> String {
        let shape = &self.graph.shapes[id];
        match shape.places.first() {
            Some(place) if !ambiguous.contains(place.as_str()) || shape.component.is_some() => {
                place.clone()
            }
            _ => shape.parts.join("+"),
        }
    }

    fn give(&mut self, id: ShapeId, name: String, taken: &mut BTreeSet<String>) {
        taken.insert(name.clone());
        taken.insert(format!("{name}Builder"));
        self.names[id] = name;
    }

    /// What to call a shape that has no name: after its member alone when several owners share it, else after both.
    fn call(&self, id: ShapeId, group: &[ShapeId], taken: &BTreeSet<String>) -> String {
        let hints: Vec<&Hint> = group
            .iter()
            .map(|&id| &self.graph.shapes[id].hint)
            .collect();
        let member = |hint: &&Hint| match hint {
            Hint::Member(_, member) => Some(words::type_name(member)),
            Hint::Name(_) => None,
        };
        if hints.len() > 1
            && let Some(shared) = hints.first().and_then(member)
            && hints
                .iter()
                .all(|hint| member(hint).as_ref() == Some(&shared))
            && !GENERAL.contains(&shared.as_str())
            && !taken.contains(&shared)
        {
            return shared;
        }
        match &self.graph.shapes[id].hint {
            Hint::Name(name) => words::type_name(name),
            Hint::Member(owner, member) => {
                words::joined(&self.names[self.stands_for[*owner]], &words::pascal(member))
            }
        }
    }
}

fn free(wanted: &str, taken: &BTreeSet<String>) -> String {
    let clashes = |name: &str| taken.contains(name) || taken.contains(&format!("{name}Builder"));
    if !clashes(wanted) {
        return wanted.to_owned();
    }
    (2_u32..)
        .map(|number| format!("{wanted}{number}"))
        .find(|name| !clashes(name))
        .unwrap_or_default()
}
