//! Values in which one member or item is of another kind than its schema says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::schema::{Kind, Schemas, Site, Takes, escape};

/// Replaced values of a type, unless it has more places than that: each place is tried once at least.
const MOST: usize = 200;

/// What has to become of a value. The table in `sdk/src/rt/read.rs` says so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Becomes {
    /// It is kept and listed.
    Unread,
    /// It is read as this.
    Read(Value),
}

/// A place in a value that can be replaced.
struct Place<'v> {
    /// The whole value.
    value: &'v Value,
    pointer: String,
    path: String,
    candidates: Vec<(Value, Becomes)>,
}

/// A value with one replaced.
pub(crate) struct Replaced {
    pub(crate) value: Value,
    /// What is to be written.
    pub(crate) expected: Value,
    /// The path of what is listed.
    pub(crate) unread: Option<String>,
}

/// The places of a type, by their pointers without indexes and free names.
#[derive(Default)]
pub(crate) struct Places<'v>(BTreeMap<String, Place<'v>>);

impl<'v> Places<'v> {
    /// Adds those of a value that no other value had.
    pub(crate) fn add<'d>(&mut self, schemas: &'d Schemas, site: &Site<'d>, value: &'v Value) {
        let mut open = vec![Open {
            sites: vec![site.clone()],
            value,
            kind: String::new(),
            pointer: String::new(),
            path: "$".to_owned(),
        }];
        while let Some(at) = open.pop() {
            let said = schemas.said(&at.sites, at.value);
            let mut below = Vec::new();
            match at.value {
                Value::Object(object) => {
                    let known = said.members();
                    let guaranteed = said.guaranteed();
                    let additional: Vec<_> = said.additional().into_iter().collect();
                    let is_tag = |name: &str| {
                        said.told_by == Some(name) || said.tags.iter().any(|(tag, _)| *tag == name)
                    };
                    for (name, value) in object {
                        let sites = known.get(name.as_str()).unwrap_or(&additional);
                        if sites.is_empty() || is_tag(name) {
                            continue;
                        }
                        let kind = match known.contains_key(name.as_str()) {
                            true => name,
                            false => "*",
                        };
                        let inner = at.below(sites, value, kind, &escape(name), &step(name));
                        let is_guaranteed = guaranteed.contains(name.as_str());
                        below.push((inner, is_guaranteed, false));
                    }
                }
                Value::Array(list) => {
                    let sites = said.items();
                    for (index, value) in list.iter().enumerate() {
                        let (pointer, path) = (index.to_string(), format!("[{index}]"));
                        below.push((at.below(&sites, value, "[]", &pointer, &path), false, true));
                    }
                }
                _ => {}
            }
            for (inner, is_guaranteed, is_item) in below {
                let takes = schemas.takes(&inner.sites);
                if inner.sites.is_empty() || takes.is_any() {
                    continue;
                }
                if !is_guaranteed && !self.0.contains_key(&inner.kind) {
                    let place = Place {
                        value,
                        pointer: inner.pointer.clone(),
                        path: inner.path.clone(),
                        candidates: candidates(&takes, is_item),
                    };
                    self.0.insert(inner.kind.clone(), place);
                }
                open.push(inner);
            }
        }
    }

    /// Values with one of the places replaced: each place once, then again with other values.
    pub(crate) fn replaced(&self) -> Vec<Replaced> {
        let mut all = Vec::new();
        let rounds = self.0.values().map(|place| place.candidates.len());
        for round in 0..rounds.max().unwrap_or_default() {
            for (number, place) in self.0.values().enumerate() {
                let count = place.candidates.len();
                if round >= count || (round > 0 && all.len() >= MOST) {
                    continue;
                }
                // Not every place with the same value first.
                let (value, becomes) = &place.candidates[(round + number) % count];
                all.extend(place.with(value, becomes));
            }
        }
        all
    }
}

impl Place<'_> {
    fn with(&self, replacement: &Value, becomes: &Becomes) -> Option<Replaced> {
        let mut value = self.value.clone();
        *value.pointer_mut(&self.pointer)? = replacement.clone();
        let mut expected = value.clone();
        match becomes {
            Becomes::Unread => {}
            Becomes::Read(read) => *expected.pointer_mut(&self.pointer)? = read.clone(),
        }
        Some(Replaced {
            value,
            expected,
            unread: (*becomes == Becomes::Unread).then(|| self.path.clone()),
        })
    }
}

/// A part of a value that is still to be looked at.
struct Open<'d, 'v> {
    sites: Vec<Site<'d>>,
    value: &'v Value,
    kind: String,
    pointer: String,
    path: String,
}

impl<'d> Open<'d, '_> {
    fn below<'v>(
        &self,
        sites: &[Site<'d>],
        value: &'v Value,
        kind: &str,
        pointer: &str,
        path: &str,
    ) -> Open<'d, 'v> {
        Open {
            sites: sites.to_vec(),
            value,
            kind: format!("{}/{kind}", self.kind),
            pointer: format!("{}/{pointer}", self.pointer),
            path: format!("{}{path}", self.path),
        }
    }
}

/// A member as a step of a JSON path.
fn step(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name == "*" || (!name.is_empty() && name.chars().all(is_plain)) {
        return format!(".{name}");
    }
    let name = name.replace('\\', "\\\\").replace('\'', "\\'");
    format!("['{name}']")
}

/// Values that do not fit a place, and what becomes of them there.
fn candidates(takes: &Takes, is_item: bool) -> Vec<(Value, Becomes)> {
    let kinds = &takes.kinds;
    let takes_number = kinds.contains(&Kind::Number);
    let takes_whole = takes_number || kinds.contains(&Kind::Integer);
    let mut found = Vec::new();
    let unread = [
        (json!("no number"), kinds.contains(&Kind::Text)),
        (json!(true), kinds.contains(&Kind::Bool)),
        (json!(7), takes_whole),
        (
            json!({ "odd": 1, "id": [true] }),
            kinds.contains(&Kind::Object),
        ),
        (json!(["odd", { "id": 1 }]), kinds.contains(&Kind::List)),
        (json!(0.5), takes_number),
    ];
    for (value, fits) in unread {
        if !fits {
            found.push((value, Becomes::Unread));
        }
    }
    if takes.is_choice || takes.is_parent || kinds.len() > 1 {
        return found;
    }
    if takes.has_a_form || !kinds.contains(&Kind::Text) {
        // A list has no absent items, unless they may be `null`.
        match is_item {
            // It says that there is no value, and is written back.
            false => found.push((json!(""), Becomes::Read(json!("")))),
            true if takes.is_nullable => {}
            true => found.push((json!(""), Becomes::Unread)),
        }
    }
    if kinds.contains(&Kind::Object) && !takes.has_guaranteed {
        found.push((json!([]), Becomes::Read(json!({}))));
    }
    if takes_whole {
        found.push(match takes.is_money {
            true => (json!("5"), Becomes::Unread),
            false => (json!("5"), Becomes::Read(json!(5))),
        });
        found.push((json!(5.0), Becomes::Read(json!(5))));
    }
    found
}
