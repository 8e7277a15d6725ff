//! Finds the uses of each shape, and from them its earlier name.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    agreed::Agreed,
    graph::{Graph, Shape, ShapeId, ShapeKind, Value, ValueKind},
    lock::{self, Kind, Lock, LockedType, space},
    words,
};

/// A place where a type is used, by names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// By a named owner: an operation, a component.
    Root(Root),
    /// In another shape.
    In(ShapeId, String),
}

/// `list_transactions?status`, with the names of the lock and with the current ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Root {
    pub(crate) before: String,
    pub(crate) now: String,
}

impl Root {
    pub(crate) fn new(text: &str) -> Self {
        let text = space(text);
        Self {
            before: text.clone(),
            now: text,
        }
    }

    /// A part of an operation that may have had another name.
    pub(crate) fn of(before: &str, now: &str, part: &str) -> Self {
        Self {
            before: space(&format!("{before}{part}")),
            now: space(&format!("{now}{part}")),
        }
    }
}

/// The uses of all shapes.
#[derive(Debug)]
pub(crate) struct Lineage {
    uses: Vec<BTreeSet<Use>>,
}

impl Lineage {
    pub(crate) fn of(graph: &Graph<'_>, roots: &[(Root, Value)]) -> Self {
        let mut lineage = Self {
            uses: vec![BTreeSet::new(); graph.shapes.len()],
        };
        for (root, value) in roots {
            lineage.add(value, Use::Root(root.clone()));
        }
        for (id, shape) in graph.shapes.iter().enumerate() {
            if let Some(component) = &shape.component {
                let root = Root::new(&format!("#{component}"));
                lineage.add(&Value::shape(id), Use::Root(root));
            }
            match &shape.kind {
                ShapeKind::Object(object) => {
                    for member in &object.members {
                        let used = Use::In(id, space(&format!(".{}", member.wire)));
                        lineage.add(&member.value, used);
                    }
                    if let Some(value) = &object.additional {
                        lineage.add(value, Use::In(id, ".*".to_owned()));
                    }
                }
                ShapeKind::Union(union) => {
                    for variant in &union.variants {
                        let used = Use::In(id, space(&format!("|{}", variant.name)));
                        lineage.add(&variant.value, used);
                    }
                }
                _ => {}
            }
        }
        lineage
    }

    fn add(&mut self, value: &Value, used: Use) {
        match &value.kind {
            ValueKind::Simple(_) => {}
            ValueKind::List(inner) | ValueKind::Map(inner) => self.add(inner, used),
            ValueKind::Shape(id) => {
                self.uses[*id].insert(used);
            }
        }
    }

    /// Returns the uses of a shape as the next lock has them; `name` returns the names of existing owners.
    pub(crate) fn now<'n>(
        &self,
        id: ShapeId,
        name: impl Fn(ShapeId) -> Option<&'n str>,
    ) -> BTreeSet<String> {
        let uses = self.uses[id].iter();
        uses.filter_map(|used| match used {
            Use::Root(root) => Some(root.now.clone()),
            Use::In(owner, part) => Some(format!("{}{part}", name(*owner)?)),
        })
        .collect()
    }

    /// The uses of a shape as the lock has them.
    fn before(&self, id: ShapeId, bound: &[Option<String>]) -> Vec<String> {
        let uses = self.uses[id].iter();
        uses.filter_map(|used| match used {
            Use::Root(root) => Some(root.before.clone()),
            Use::In(owner, part) => Some(format!("{}{part}", bound[*owner].as_ref()?)),
        })
        .collect()
    }

    /// Returns how many uses of a shape have that name in the lock; the component of that name is certain.
    pub(crate) fn weight(
        &self,
        id: ShapeId,
        name: &str,
        bound: &[Option<String>],
        lock: &Lock,
    ) -> usize {
        let uses = self.before(id, bound);
        let mut weight = 0;
        for used in &uses {
            if lock.at(used) == Some(name) {
                weight += if used.starts_with('#') { 1_000_000 } else { 1 };
            }
        }
        weight
    }

    /// Returns the name that each shape had; `module::Name` for one of another document. Starts at the operations, because a
    /// nested shape is known by its owner; shapes without a known use are then matched by their contents.
    pub(crate) fn bind(
        &self,
        graph: &Graph<'_>,
        agreed: &Agreed,
        lock: &Lock,
    ) -> Vec<Option<String>> {
        let foreign = |shape: &Shape| {
            let (module, name) = agreed.foreign.get(&shape.parts)?;
            Some(format!("{module}::{name}"))
        };
        let fixed: Vec<Option<String>> = graph.shapes.iter().map(foreign).collect();
        let mut bound = fixed.clone();
        let mut found: BTreeMap<ShapeId, String> = BTreeMap::new();
        // Each round adds a type, unless two types contend for a name and swap places forever.
        for _ in 0..graph.shapes.len().min(200) {
            let mut next = fixed.clone();
            for (id, name) in next.iter_mut().enumerate() {
                if name.is_none() {
                    *name = self
                        .voted(id, &bound, lock)
                        .or_else(|| found.get(&id).cloned());
                }
            }
            if next != bound {
                bound = next;
                continue;
            }
            let moved = self.moved(graph, &bound, lock);
            if moved.is_empty() {
                break;
            }
            found.extend(moved);
        }
        bound
    }

    /// Returns the name that most uses of a shape have in the lock.
    fn voted(&self, id: ShapeId, bound: &[Option<String>], lock: &Lock) -> Option<String> {
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for used in self.before(id, bound) {
            if let Some(name) = lock.at(&used) {
                *votes.entry(name).or_default() +=
                    if used.starts_with('#') { 1_000_000 } else { 1 };
            }
        }
        // Of several the first by name.
        let most = votes.into_iter().rev().max_by_key(|(_, votes)| *votes);
        most.map(|(name, _)| name.to_owned())
    }

    /// Returns the shapes with the contents of a type that is no longer used. An enum or a small object may match by chance:
    /// then the use must have the same name, too.
    fn moved(
        &self,
        graph: &Graph<'_>,
        bound: &[Option<String>],
        lock: &Lock,
    ) -> BTreeMap<ShapeId, String> {
        let present: BTreeSet<&str> = bound.iter().flatten().map(String::as_str).collect();
        let mut gone: BTreeMap<String, Vec<(&String, &LockedType)>> = BTreeMap::new();
        for (name, locked) in lock.types() {
            if let Some(holds) = &locked.holds
                && !present.contains(name.as_str())
            {
                gone.entry(holds.digest()).or_default().push((name, locked));
            }
        }
        let mut candidates: BTreeMap<&str, Vec<ShapeId>> = BTreeMap::new();
        for (id, shape) in graph.shapes.iter().enumerate() {
            if bound[id].is_none()
                && let Some(holds) = holds(shape)
                && let Some((holds, _)) = gone.get_key_value(&holds)
            {
                candidates.entry(holds).or_default().push(id);
            }
        }
        let mut moved = BTreeMap::new();
        for (holds, ids) in candidates {
            let (Some([(name, locked)]), [id]) = (gone.get(holds).map(Vec::as_slice), &*ids) else {
                continue;
            };
            let parts: BTreeSet<&str> = locked.uses.iter().map(|used| part(used)).collect();
            // Another variant of the same union counts as the same: its name is the schema's.
            let is_variant = |owner: ShapeId| {
                let of_union = bound[owner].as_ref().map(|name| format!("{name}|"));
                let mut uses = locked.uses.iter();
                of_union.is_some_and(|union| uses.any(|used| used.starts_with(&union)))
            };
            let same_part = self.uses[*id].iter().any(|used| match used {
                Use::Root(root) => parts.contains(part(&root.before)),
                Use::In(owner, used) => {
                    parts.contains(part(used)) || (used.starts_with('|') && is_variant(*owner))
                }
            });
            let is_big = matches!(&graph.shapes[*id].kind, ShapeKind::Object(object) if object.members.len() > 2);
            if same_part || is_big {
                moved.insert(*id, (*name).clone());
            }
        }
        moved
    }
}

/// Returns the part of a use after the owner: `.status` of `Transaction.status`.
fn part(used: &str) -> &str {
    let start = used.rfind(['.', '|', '?', '/', ':']);
    start.map_or(used, |start| &used[start..])
}

/// Returns the contents of a shape as the lock has them.
pub(crate) fn holds(shape: &Shape) -> Option<String> {
    match &shape.kind {
        ShapeKind::Open => None,
        ShapeKind::Object(object) => {
            let mut holds = lock::Holds::new(Kind::Members);
            for member in &object.members {
                holds.add(&member.wire, &member.wire);
            }
            for constant in &object.constants {
                holds.add_constant(&constant.value.to_string());
            }
            Some(holds.digest())
        }
        ShapeKind::StringEnum(members) => {
            let texts: Vec<String> = (members.iter())
                .map(|member| lock::word(&member.wire))
                .collect();
            Some(lock::digest(Kind::Values, texts.iter().map(String::as_str)))
        }
        ShapeKind::IntegerEnum(members) => {
            let numbers: Vec<String> = members.iter().map(|one| one.wire.to_string()).collect();
            Some(lock::digest(
                Kind::Numbers,
                numbers.iter().map(String::as_str),
            ))
        }
        ShapeKind::Union(union) => Some(lock::digest(
            Kind::Variants,
            union.variants.iter().map(|variant| variant.name.as_str()),
        )),
    }
}

/// Returns the name of a parameter in uses.
pub(crate) fn parameter(wire: &str, wanted: Option<&str>, in_path: bool) -> String {
    match in_path {
        true => format!("/{}", words::snake(wanted.unwrap_or(wire))),
        false => format!("?{wire}"),
    }
}
