//! The parts that one side has and the other lacks.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::{Found, operation};
use super::{Call, Wire, canonical};
use crate::load::{self, Place};

/// Kind of a part that one side lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A method at a path.
    Operation,
    /// A request that is sent to users of the API.
    Event,
    /// A parameter in path, query, header or cookie.
    Parameter,
    /// The body of a request.
    Body,
    /// A media type of a body.
    MediaType,
    /// A status of a response.
    Status,
    /// A header of a response.
    Header,
    /// A member of an object.
    Member,
    /// Values of an enum.
    Values,
}

impl Kind {
    /// All kinds, the largest parts first.
    pub const ALL: [Self; 9] = [
        Self::Operation,
        Self::Event,
        Self::Parameter,
        Self::Body,
        Self::MediaType,
        Self::Status,
        Self::Header,
        Self::Member,
        Self::Values,
    ];

    /// Returns the kind in plain words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Event => "event",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::MediaType => "media type",
            Self::Status => "status",
            Self::Header => "header",
            Self::Member => "member",
            Self::Values => "values",
        }
    }
}

/// A part of a document that another one lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its kind.
    pub kind: Kind,
    /// Its operation: `GET /v1/transactions/{id}`.
    pub operation: String,
    /// Its place in the operation: `response 200: items[].amount`; empty for an operation.
    pub path: String,
    /// The values of an enum.
    pub values: Vec<String>,
    /// Its place in the document that has it.
    pub place: Place,
    /// The nearest place around it in the document that lacks it.
    pub nearest: Option<Place>,
}

/// A published document compared with ours.
#[derive(Clone, Debug)]
pub struct Pairing {
    /// Number of its operations and events that ours have.
    pub matched: usize,
    /// The parts that ours lack.
    pub lacking_here: Vec<Missing>,
    /// The parts of our operations that it lacks.
    pub lacking_there: Vec<Missing>,
    /// Places that could not be compared, each with the reason.
    pub notes: Vec<(Place, &'static str)>,
}

/// Published documents compared with ours.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// One for each published document.
    pub documents: Vec<Pairing>,
    /// Our operations and events that no published document has, with the number of our document.
    pub ours_only: Vec<(usize, Missing)>,
}

/// Compares published documents with ours. An operation can be in any of ours. `known` are ours with overlays: their parts
/// are not lacking here, but not expected of a published document either.
#[must_use]
pub fn compare(theirs: &[Wire], ours: &[Wire], known: &[Wire]) -> Comparison {
    load::deep(|| compared(theirs, ours, known))
}

fn compared(theirs: &[Wire], ours: &[Wire], overlaid: &[Wire]) -> Comparison {
    let (index, overlaid_index) = (Index::of(ours), Index::of(overlaid));
    let mut used = BTreeSet::new();
    let mut known = BTreeSet::new();
    let mut documents = Vec::new();
    for their in theirs {
        let mut plain = Found::default();
        let mut there = Found::default();
        let mut operations = Vec::new();
        let mut matched = 0;
        for call in &their.calls {
            let with_overlays = overlaid_index.find(call, overlaid);
            let Some(((number, position), our, own)) = index.find(call, ours) else {
                if with_overlays.is_none() {
                    operations.push(of_call(call));
                }
                continue;
            };
            used.insert((number, position));
            matched += 1;
            operation(&mut plain, (their, call), (our, own));
            operation(&mut there, (our, own), (their, call));
        }
        let mut here = Found {
            accepted: plain.had.difference(&plain.places).cloned().collect(),
            missing: operations,
            notes: plain.notes,
            ..Found::default()
        };
        for call in &their.calls {
            if let Some((_, our, own)) = overlaid_index.find(call, overlaid) {
                operation(&mut here, (their, call), (our, own));
            }
        }
        // Several published documents may describe the same operation.
        let mut notes = std::mem::take(&mut here.notes);
        for (place, why) in there.notes.drain(..) {
            if !notes.contains(&(place.clone(), why)) {
                notes.push((place, why));
            }
        }
        let mut lacking_here = here.sorted();
        lacking_here.retain(|one| {
            let path = canonical(&one.operation);
            known.insert((one.kind, path, one.path.clone(), one.values.clone()))
        });
        documents.push(Pairing {
            matched,
            lacking_here,
            lacking_there: there.sorted(),
            notes,
        });
    }
    let mut ours_only = Vec::new();
    for (number, our) in ours.iter().enumerate() {
        for (position, call) in our.calls.iter().enumerate() {
            if !used.contains(&(number, position)) {
                ours_only.push((number, of_call(call)));
            }
        }
    }
    Comparison {
        documents,
        ours_only,
    }
}

/// Our operations by their identities.
#[derive(Default)]
struct Index {
    whole: BTreeMap<String, (usize, usize)>,
    /// Without the path of the server, for documents that have none.
    below: BTreeMap<String, (usize, usize)>,
}

impl Index {
    fn of(wires: &[Wire]) -> Self {
        let mut index = Self::default();
        for (number, wire) in wires.iter().enumerate() {
            for (position, call) in wire.calls.iter().enumerate() {
                index.whole.insert(whole(call), (number, position));
                index.below.entry(below(call)).or_insert((number, position));
            }
        }
        index
    }

    /// Returns the numbers of a document and of the operation in it, and both.
    fn find<'w>(
        &self,
        call: &Call,
        wires: &'w [Wire],
    ) -> Option<((usize, usize), &'w Wire, &'w Call)> {
        let whole = self.whole.get(&whole(call));
        let is_bare = call.base.as_deref().unwrap_or_default().is_empty();
        let found = whole.or_else(|| self.below.get(&below(call)).filter(|_| is_bare));
        let (number, position) = *found?;
        let wire = wires.get(number)?;
        Some(((number, position), wire, wire.calls.get(position)?))
    }
}

fn whole(call: &Call) -> String {
    let base = call.base.as_deref().unwrap_or_default();
    identity_of(call, base)
}

fn below(call: &Call) -> String {
    identity_of(call, "")
}

fn identity_of(call: &Call, base: &str) -> String {
    let event = if call.is_event { "event " } else { "" };
    let path = canonical(&format!("{base}{}", call.path));
    format!("{event}{} {path}", call.method)
}

/// An operation as it is shown.
pub(super) fn shown(call: &Call) -> String {
    let base = call.base.as_deref().unwrap_or_default();
    format!("{} {base}{}", call.method, call.path)
}

fn of_call(call: &Call) -> Missing {
    let kind = if call.is_event {
        Kind::Event
    } else {
        Kind::Operation
    };
    Missing {
        kind,
        operation: shown(call),
        path: String::new(),
        values: Vec::new(),
        place: call.place.clone(),
        nearest: None,
    }
}
