//! Names of operations. Of a body of several media types, each is an operation with a name of its own.

use std::collections::BTreeSet;

use super::{
    Reader,
    payloads::{distinct_words, short},
};
use crate::lower::{
    lock::{self, Lock, LockedOperation, USUAL_BODY},
    site::Site,
    words,
};

/// The names of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) type_name: String,
    /// Its name in the lock.
    pub(crate) before: String,
    /// The lock's entry.
    pub(crate) locked: Option<LockedOperation>,
    /// Names that it had before.
    pub(crate) formerly: Vec<String>,
    /// The name is the document's, and may still be changed.
    pub(crate) is_open: bool,
    pub(super) version: Option<String>,
}

/// Names operations.
pub(super) struct Namer<'a> {
    old: &'a Lock,
    new: &'a mut Lock,
    /// Names of types.
    taken: &'a mut BTreeSet<String>,
    names: BTreeSet<String>,
    /// Keys of the operations in the document.
    present: BTreeSet<String>,
    /// The names that these have in the lock: no new operation gets one.
    kept: BTreeSet<String>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(
        old: &'a Lock,
        new: &'a mut Lock,
        taken: &'a mut BTreeSet<String>,
        present: BTreeSet<String>,
    ) -> Self {
        let of_present = old.operations().filter(|(key, _)| {
            let mut words = key.splitn(3, ' ');
            let (method, path) = (words.next(), words.next());
            present.contains(&[method, path].map(Option::unwrap_or_default).join(" "))
        });
        let kept = of_present.map(|(_, locked)| locked.name.clone()).collect();
        Self {
            old,
            new,
            taken,
            names: BTreeSet::new(),
            present,
            kept,
        }
    }

    /// Finds an operation in the lock. One whose path is gone may be this one, with a prefix before the path.
    fn locked(&self, method: &str, path: &str) -> Option<&'a LockedOperation> {
        let key = self.old.key(method, path, None);
        if self.new.is_doubled(method, path) {
            let locked = self.old.operation(&key);
            return locked.filter(|locked| locked.path == path);
        }
        self.old.operation(&key).or_else(|| {
            let (method, path) = key.split_once(' ')?;
            let mut moved = self.old.operations().filter(|(other, _)| {
                let other_path = other.strip_prefix(method).map(str::trim_start);
                let is_part =
                    |other: &str| other != path && (other.ends_with(path) || path.ends_with(other));
                !self.present.contains(*other)
                    && !lock::is_of_body(other)
                    && other_path.is_some_and(is_part)
            });
            let (_, only) = moved.next()?;
            moved.next().is_none().then_some(only)
        })
    }

    /// Returns the name of what the lock may have: one that no other operation has, or keeps.
    fn add(&mut self, wanted: &str, locked: Option<&LockedOperation>, is_given: bool) -> Name {
        let name = words::distinct_where(wanted, |name| {
            let is_kept = locked.is_none() && self.kept.contains(name);
            !is_kept && !self.names.contains(name)
        });
        self.names.insert(name.clone());
        let same = locked.filter(|locked| locked.name == name);
        let version = same.and_then(|locked| locked.version.clone());
        let called = same.and_then(|locked| locked.ty.clone());
        Name {
            type_name: free_type(&words::type_name(&name), called, self.taken),
            before: locked.map_or(&name, |locked| &locked.name).clone(),
            locked: locked.cloned(),
            formerly: lock::former(self.old.renamed_operations(), &name),
            is_open: !is_given && version.is_none(),
            version,
            name,
        }
    }

    /// Takes a name back that is not used.
    pub(super) fn drop(&mut self, name: &Name) {
        self.names.remove(&name.name);
        for end in FAMILY {
            self.taken.remove(&format!("{}{end}", name.type_name));
        }
    }

    /// Writes the name into the lock. `body`: the media type, and whether it is a further one.
    pub(super) fn keep(
        &mut self,
        name: &Name,
        method: &str,
        paths: (&str, &str),
        body: (Option<&str>, bool),
    ) {
        let names = (name.name.as_str(), name.type_name.as_str());
        (self.new).set_operation(method, paths, body, names, name.version.clone());
    }
}

/// Ends of the names of an operation's types.
const FAMILY: [&str; 5] = ["", "Builder", "Headers", "Output", "ErrorResponse"];

/// Names of types of operations in the lock: a later schema gets another one.
pub(in crate::lower) fn locked_types(old: &Lock) -> BTreeSet<String> {
    let families = old.operations().map(|(_, locked)| {
        let name = (locked.ty.clone()).unwrap_or_else(|| words::type_name(&locked.name));
        FAMILY.map(|end| format!("{name}{end}"))
    });
    let families = families.filter(|family| family.iter().all(|name| old.ty(name).is_none()));
    families.flatten().collect()
}

/// An operation adds several types; none of them may exist already.
fn free_type(wanted: &str, called: Option<String>, taken: &mut BTreeSet<String>) -> String {
    let clashes = |name: &str| {
        FAMILY
            .iter()
            .any(|end| taken.contains(&format!("{name}{end}")))
    };
    let call = format!("{wanted}Call");
    let numbered = (2_u32..).map(|number| format!("{call}{number}"));
    let candidates = (called.into_iter())
        .chain([wanted.to_owned(), call.clone()])
        .chain(numbered);
    let name = candidates
        .into_iter()
        .find(|name| !clashes(name))
        .unwrap_or_default();
    taken.extend(FAMILY.iter().map(|end| format!("{name}{end}")));
    name
}

impl<'d> Reader<'_, 'd> {
    /// Returns the name of the operation.
    pub(super) fn named(&mut self, method: &str, namer: &mut Namer<'_>) -> Name {
        let locked = namer.locked(method, self.path);
        let given = self.site.text("x-rust-name").map(words::snake);
        let name = match (&given, locked) {
            (Some(given), Some(locked)) => {
                let at = format!("{}/x-rust-name", self.site.at);
                self.check(given, locked, &at);
                given.clone()
            }
            (None, Some(locked)) => locked.name.clone(),
            (_, None) => self.name(method),
        };
        namer.add(&name, locked, given.is_some())
    }

    fn name(&self, method: &str) -> String {
        let given = self
            .site
            .text("x-rust-name")
            .or(self.operation.operation_id.as_deref());
        match given {
            Some(name) => words::snake(name),
            None => words::snake(&format!("{method} {}", self.path)),
        }
    }

    /// A released name changes only as the lock says.
    fn check(&mut self, given: &str, locked: &LockedOperation, at: &str) {
        let name = &locked.name;
        if given == name || locked.version.is_none() || self.is_decided(given, name) {
            return;
        }
        let line = self.old.operation_line(locked);
        self.refuse_at(
            at,
            &format!("`{name}` would become `{given}`"),
            &format!(
                "it was released: {line}. To keep the name, take this `x-rust-name` back; to rename it, add the line `renamed \
                 operation {name} {given}` to the lock"
            ),
        );
    }

    fn is_decided(&self, given: &str, name: &String) -> bool {
        lock::former(self.old.renamed_operations(), given).contains(name)
    }

    /// The lock's entry of a further media type of the body.
    pub(super) fn locked_body(&self, method: &str, media_type: &str) -> Option<&LockedOperation> {
        let path = self.locked_path.as_deref().unwrap_or(self.path);
        let locked = self
            .old
            .operation(&self.old.key(method, path, Some(media_type)))?;
        self.may_be(locked).then_some(locked)
    }

    /// Returns the media types that may have the operation's own name, the best first: the one that had it, or those that
    /// have no name in the lock.
    pub(super) fn first_bodies(
        &self,
        method: &str,
        base: &Name,
        content: &[(&'d str, Site<'d>)],
    ) -> Vec<(&'d str, Site<'d>)> {
        let of_lock = base.locked.as_ref();
        let recorded = of_lock.map(|locked| locked.body.as_deref().unwrap_or(USUAL_BODY));
        let is_recorded = |name: &str| recorded == Some(lock::space(name).as_str());
        let mut rest: Vec<(&'d str, Site<'d>)> = (content.iter())
            .filter(|(name, _)| is_recorded(name) || self.locked_body(method, name).is_none())
            .cloned()
            .collect();
        let mut all = Vec::new();
        while let Some(best) = self.choose_body(&rest) {
            rest.retain(|(name, _)| *name != best.0);
            match is_recorded(best.0) {
                true => all.insert(0, best),
                false => all.push(best),
            }
        }
        all
    }

    /// Returns the names of further media types of the body.
    pub(super) fn named_bodies(
        &mut self,
        method: &str,
        base: &Name,
        content: &[(&'d str, Site<'d>)],
        namer: &mut Namer<'_>,
    ) -> Vec<Name> {
        let is_new = |(name, _): &&(&'d str, Site<'d>)| self.locked_body(method, name).is_none();
        let new: Vec<&str> = (content.iter().filter(is_new))
            .map(|(name, _)| *name)
            .collect();
        let mut new_words = distinct_words(&new).into_iter();
        let mut names = Vec::new();
        for (media_type, media) in content {
            let locked = self.locked_body(method, media_type).cloned();
            let word = match &locked {
                Some(_) => short(media_type),
                None => new_words.next().unwrap_or_default(),
            };
            let given = media.text("x-rust-name").map(words::snake);
            let derived = || format!("{}_as_{word}", base.name.trim_start_matches("r#"));
            let wanted = match (&given, &locked) {
                (Some(given), Some(locked)) => {
                    self.check(given, locked, &format!("{}/x-rust-name", media.at));
                    given.clone()
                }
                (Some(given), None) => given.clone(),
                // It follows the operation, as long as it may.
                (None, Some(locked)) => {
                    let (derived, name) = (derived(), &locked.name);
                    let is_renamed = base.before != base.name
                        && (locked.version.is_none() || self.is_decided(&derived, name));
                    match is_renamed {
                        true => derived,
                        false => name.clone(),
                    }
                }
                (None, None) => derived(),
            };
            names.push(namer.add(&wanted, locked.as_ref(), given.is_some()));
        }
        names
    }
}
