//! Agreement between documents that share schemas: a shared type has one name, and is sent and received as in all of
//! them, whichever of them a program uses.

use std::collections::{BTreeMap, BTreeSet};

use super::lock::Holds;
use crate::{load::unescape, model::Usage};

/// The places of all schemas that a type is made of. The same in every document that has the type.
pub(crate) type Parts = Vec<String>;

/// Facts about a document's types that are known before it is lowered.
#[derive(Clone, Debug, Default)]
pub struct Agreed {
    /// Directions of types in other documents.
    pub(crate) ways: BTreeMap<Parts, Usage>,
    /// Types of other documents: the module that each is of, and its name there.
    pub(crate) foreign: BTreeMap<Parts, (String, String)>,
    /// The contents of types of other documents, by `module::Name`.
    pub(crate) members: BTreeMap<String, Holds>,
    /// Renamed members of other documents, by module.
    pub(crate) renamed: BTreeMap<String, BTreeMap<String, String>>,
    /// By number of the document: how far it is from those that refer to no other.
    pub(crate) ranks: Vec<usize>,
    /// Places of members that are constants in other documents.
    pub(crate) constants: BTreeSet<String>,
}

/// The results for the types of a document.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    pub(crate) types: BTreeMap<Parts, (String, Usage)>,
    /// The contents of the document's own types.
    pub(crate) members: BTreeMap<String, Holds>,
    /// Renamed members.
    pub(crate) renamed: BTreeMap<String, String>,
    /// Places of members that became constants.
    pub(crate) constants: BTreeSet<String>,
}

impl Agreed {
    /// Nothing yet.
    #[must_use]
    pub(crate) fn ranked(ranks: &[usize]) -> Self {
        Self {
            ranks: ranks.to_vec(),
            ..Self::default()
        }
    }

    /// Returns the document of a type with some of these parts, if none of them is this document's own: of several, the one
    /// that refers to the others.
    pub(crate) fn origin(
        &self,
        foreign: &BTreeMap<String, usize>,
        parts: &[String],
    ) -> Option<usize> {
        let mut origins = Vec::new();
        for part in parts {
            let rest = part.strip_prefix("/components/schemas/")?;
            let name = rest.split('/').next().unwrap_or(rest);
            origins.push(*foreign.get(&*unescape(name))?);
        }
        let rank = |document: &usize| self.ranks.get(*document).copied();
        origins.into_iter().max_by_key(rank)
    }

    /// Copies the results of another document for types that this one shares.
    pub(crate) fn take(
        &mut self,
        foreign: &BTreeMap<String, usize>,
        origin: usize,
        module: &str,
        settled: &Settled,
    ) {
        self.constants.extend(settled.constants.iter().cloned());
        (self.renamed).insert(module.to_owned(), settled.renamed.clone());
        for (parts, (name, usage)) in &settled.types {
            if self.origin(foreign, parts) == Some(origin) && *usage != Usage::default() {
                self.add_ways(parts, *usage);
                if let Some(members) = settled.members.get(name) {
                    (self.members).insert(format!("{module}::{name}"), members.clone());
                }
                self.foreign
                    .insert(parts.clone(), (module.to_owned(), name.clone()));
            }
        }
    }

    /// Adds the uses of this document's types in another document.
    pub(crate) fn add_ways(&mut self, parts: &Parts, usage: Usage) {
        let known = self.ways.entry(parts.clone()).or_default();
        known.sent |= usage.sent;
        known.received |= usage.received;
    }
}
