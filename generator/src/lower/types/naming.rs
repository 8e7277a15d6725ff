//! Names of types.

use std::collections::{BTreeMap, BTreeSet};

use super::Types;
use crate::lower::{
    agreed::Agreed,
    graph::{Hint, ShapeId},
    lineage::Lineage,
    lock::{self, Lock, LockedType},
    words,
};
use crate::{diagnostic::Diagnostic, model::Usage};

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

/// More levels than a name has.
const MOST_LEVELS: usize = 100;

/// The inputs of naming, besides the document.
#[derive(Debug)]
pub(crate) struct Names<'l> {
    pub(crate) old: &'l Lock,
    pub(crate) new: &'l mut Lock,
    pub(crate) lineage: &'l Lineage,
    /// The name that each shape had.
    pub(crate) bound: &'l [Option<String>],
    /// The types of other documents are not known yet, so the decisions here are not final.
    pub(crate) is_draft: bool,
    /// Names that types had before.
    pub(crate) aliases: BTreeMap<String, String>,
    /// Names with a number, and the names without it.
    pub(crate) numbered: BTreeMap<String, String>,
    /// Names that may still be changed.
    pub(crate) open: Vec<OpenName>,
}

/// A name that was not released.
#[derive(Debug)]
pub(crate) struct OpenName {
    pub(crate) name: String,
    /// The place of the type.
    pub(crate) place: String,
    /// Its name without a conflict.
    pub(crate) wanted: String,
    /// The names that it is made of, the outermost first; one, if the schema has a name.
    pub(crate) path: Vec<String>,
    /// The lock does not have it.
    pub(crate) is_new: bool,
}

impl Types<'_, '_> {
    pub(super) fn name(
        &mut self,
        agreed: &Agreed,
        taken: &mut BTreeSet<String>,
        names: &mut Names<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
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
                return Err(self.clash(format!(
                    "`{name}` of the module `{origin}` and a type of this document have the same name"
                )));
            }
            self.origins[id] = Some(origin.clone());
            self.give(id, name.clone(), taken);
        }
        let owners = self.owners(&groups, names);
        let had: BTreeMap<ShapeId, &str> = (owners.iter())
            .map(|(name, id)| (*id, name.as_str()))
            .collect();
        for (&id, group) in &groups {
            let mut wanted = group
                .iter()
                .filter_map(|&id| self.graph.shapes[id].wanted.as_deref());
            let Some(wanted) = wanted.next().filter(|_| self.names[id].is_empty()) else {
                continue;
            };
            let name = words::type_name(wanted);
            if taken.contains(&name) {
                return Err(self.clash(format!(
                    "two types are called `{name}`; the second is at {}",
                    self.graph.shapes[id].places.join(", ")
                )));
            }
            self.give(id, name, taken);
        }
        for (&id, &name) in &had {
            if self.names[id].is_empty() && !taken.contains(name) {
                self.give(id, name.to_owned(), taken);
            }
        }
        // A type that had a name keeps it.
        let before: BTreeSet<String> = names.old.types().map(|(name, _)| name.clone()).collect();
        let mut avoided: BTreeSet<String> = taken.union(&before).cloned().collect();
        for pass in [true, false] {
            for (&id, group) in &groups {
                let shape = &self.graph.shapes[id];
                if !self.names[id].is_empty() || shape.component.is_some() != pass {
                    continue;
                }
                let wanted = match &shape.component {
                    Some(component) => words::type_name(component),
                    None => self.call(id, group, &avoided),
                };
                let name = free(&wanted, &avoided);
                if name != wanted {
                    names.numbered.insert(name.clone(), wanted);
                }
                self.give(id, name.clone(), taken);
                avoided.insert(format!("{name}Builder"));
                avoided.insert(name);
            }
        }
        let of_members = self.name_members(&had, agreed, names);
        let (used, mut errors) = self.record(&groups, &had, agreed, names);
        errors.extend(of_members);
        for (id, known_to) in used {
            self.known_to.insert(id, known_to);
        }
        match errors.is_empty() || names.is_draft {
            true => Ok(()),
            false => Err(errors),
        }
    }

    fn clash(&self, what: String) -> Vec<Diagnostic> {
        let help = "give one of them another `x-rust-name` with an overlay";
        vec![self.graph.document.error("", what, help)]
    }

    /// Returns the group for each name of the lock: of several, the one whose uses have it most often.
    fn owners(
        &self,
        groups: &BTreeMap<ShapeId, Vec<ShapeId>>,
        names: &Names<'_>,
    ) -> BTreeMap<String, ShapeId> {
        let mut owners: BTreeMap<String, (usize, ShapeId)> = BTreeMap::new();
        for (&id, group) in groups {
            for name in group.iter().filter_map(|&id| names.bound[id].as_ref()) {
                let weight = (group.iter())
                    .map(|&id| names.lineage.weight(id, name, names.bound, names.old))
                    .sum();
                let owner = owners.entry(name.clone()).or_insert((weight, id));
                if weight > owner.0 {
                    *owner = (weight, id);
                }
            }
        }
        let owners = owners.into_iter().filter(|(name, _)| !name.contains("::"));
        owners.map(|(name, (_, id))| (name, id)).collect()
    }

    /// Writes the next lock. Returns the findings about enums whose places know different values, and the released names that
    /// would change.
    fn record(
        &self,
        groups: &BTreeMap<ShapeId, Vec<ShapeId>>,
        had: &BTreeMap<ShapeId, &str>,
        agreed: &Agreed,
        names: &mut Names<'_>,
    ) -> (Vec<(ShapeId, String)>, Vec<Diagnostic>) {
        let (mut known_to, mut errors) = (Vec::new(), Vec::new());
        let present: BTreeSet<&str> = (groups.keys())
            .filter(|&&id| self.usage[id] != Usage::default())
            .map(|&id| self.names[id].as_str())
            .collect();
        let owner = |id: ShapeId| {
            let id = self.stands_for[id];
            (self.usage[id] != Usage::default()).then(|| self.names[id].as_str())
        };
        for (&id, group) in groups {
            if self.usage[id] == Usage::default() {
                continue;
            }
            let own: Vec<ShapeId> = (group.iter().copied())
                .filter(|&id| !agreed.foreign.contains_key(&self.graph.shapes[id].parts))
                .collect();
            let uses = |ids: &[ShapeId]| -> BTreeSet<String> {
                let uses = ids.iter().map(|&id| names.lineage.now(id, owner));
                uses.flatten().collect()
            };
            let name = &self.names[id];
            let shape = &self.graph.shapes[id];
            if let Some(text) = self.known(group, |id| uses(&[id])) {
                known_to.push((id, text));
            }
            let mut locked = LockedType {
                uses: uses(&own),
                ..LockedType::default()
            };
            if let Some(origin) = &self.origins[id] {
                if !locked.uses.is_empty() {
                    names.new.set_type(&format!("{origin}::{name}"), locked);
                }
                continue;
            }
            locked.holds = self.holds(id);
            locked.version = (names.old.ty(name)).and_then(|locked| locked.version.clone());
            let place = shape.places.first().cloned().unwrap_or_default();
            if locked.version.is_none() {
                let wanted = names.numbered.get(name).unwrap_or(name).clone();
                names.open.push(OpenName {
                    name: name.clone(),
                    place: place.clone(),
                    wanted,
                    path: self.path(id),
                    is_new: names.old.ty(name).is_none(),
                });
            }
            names.new.set_type(name, locked);
            for before in group.iter().filter_map(|&id| names.bound[id].as_deref()) {
                let released = names
                    .old
                    .ty(before)
                    .is_some_and(|old| old.version.is_some());
                if before == name.as_str() || !released {
                    continue;
                }
                if lock::former(names.old.renamed_types(), name)
                    .iter()
                    .any(|one| one == before)
                {
                    continue;
                }
                let line = names.old.type_line(before);
                let what = match had.get(&id) {
                    Some(_) => format!("`{before}` would become `{name}`"),
                    None => format!(
                        "`{before}` would become `{name}` where it differs from the other places now"
                    ),
                };
                errors.push(self.graph.document.error(
                    &place,
                    what,
                    format!(
                        "it was released: {line}. To keep the name, say `x-rust-name: {before}` here with an overlay, or take \
                         the one that says otherwise away; to rename it, add the line `renamed type {before} {name}` to the lock"
                    ),
                ));
            }
            let given_away = names.old.ty(name).is_some_and(|old| old.version.is_some())
                && !group
                    .iter()
                    .any(|&id| names.bound[id].as_ref() == Some(name));
            if given_away {
                errors.push(self.graph.document.error(
                    &place,
                    format!("`{name}` was the name of another type"),
                    format!(
                        "it was released: {}. Give this type another `x-rust-name` with an overlay",
                        names.old.type_line(name)
                    ),
                ));
            }
        }
        for name in &present {
            for before in lock::former(names.old.renamed_types(), name) {
                if !present.contains(before.as_str()) {
                    names.aliases.insert(before, (*name).to_owned());
                }
            }
        }
        errors.sort_by(|a, b| a.what.cmp(&b.what));
        errors.dedup_by(|a, b| a.what == b.what);
        (known_to, errors)
    }

    /// Returns the values of an enum by place, if its places differ.
    fn known(
        &self,
        group: &[ShapeId],
        uses: impl Fn(ShapeId) -> BTreeSet<String>,
    ) -> Option<String> {
        let mut places: BTreeMap<&[String], BTreeSet<String>> = BTreeMap::new();
        for &id in group {
            let uses = uses(id);
            if !uses.is_empty() {
                places.entry(&self.values[id]).or_default().extend(uses);
            }
        }
        if places.len() < 2 {
            return None;
        }
        let all: BTreeSet<&String> = places.keys().copied().flatten().collect();
        let mut lines = Vec::new();
        for (values, uses) in &places {
            let values: BTreeSet<&String> = values.iter().collect();
            let missing: Vec<String> = (all.difference(&values))
                .map(|value| format!("`{value}`"))
                .collect();
            if !missing.is_empty() {
                let uses: Vec<String> = uses.iter().map(|used| format!("`{used}`")).collect();
                lines.push(format!(
                    "- {}: all but {}",
                    uses.join(", "),
                    missing.join(", ")
                ));
            }
        }
        (!lines.is_empty()).then(|| {
            format!(
                "Not every place is documented with every value:\n\n{}",
                lines.join("\n")
            )
        })
    }

    fn give(&mut self, id: ShapeId, name: String, taken: &mut BTreeSet<String>) {
        taken.insert(name.clone());
        taken.insert(format!("{name}Builder"));
        self.names[id] = name;
    }

    /// Returns the names of the types around a shape up to one with a name, and those of the members that lead to it.
    fn path(&self, id: ShapeId) -> Vec<String> {
        let (mut path, mut id) = (Vec::new(), id);
        loop {
            let shape = &self.graph.shapes[id];
            let is_named = shape.component.is_some() || shape.wanted.is_some();
            match &shape.hint {
                Hint::Member(owner, member) if !is_named && path.len() < MOST_LEVELS => {
                    path.push(words::pascal(member));
                    id = *owner;
                }
                _ => break,
            }
        }
        path.push(self.names[self.stands_for[id]].clone());
        path.reverse();
        path
    }

    /// Returns the name of an unnamed shape: its member's alone if several owners share it, else of both.
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
            && !is_general(&shared)
            && !taken.contains(&shared)
        {
            return shared;
        }
        // A member's name is more specific than the operation's.
        let in_object = hints.iter().find(|hint| match hint {
            Hint::Member(owner, _) => !self.names[self.stands_for[*owner]].is_empty(),
            Hint::Name(_) => false,
        });
        match in_object.unwrap_or(&&self.graph.shapes[id].hint) {
            Hint::Name(name) => words::type_name(name),
            Hint::Member(owner, member) => {
                words::joined(&self.names[self.stands_for[*owner]], &words::pascal(member))
            }
        }
    }
}

/// Whether a name needs that of its owner.
fn is_general(name: &str) -> bool {
    let number = name.strip_prefix("Variant");
    GENERAL.contains(&name)
        || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
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
