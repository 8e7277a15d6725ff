//! Leaves out parts of a document so that the rest can be generated: a rejected place removes the smallest part around it
//! that is optional, and everything that refers to that part.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Node, Value,
    check::{decoded, followed},
    escape,
    lift::{self, sent},
    table::METHODS,
    tree::{Index, tokens},
};
use crate::diagnostic::{Diagnostic, Mend};

/// A part that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// An operation.
    Operation,
    /// An optional property of a schema.
    Property,
    /// A component, such as a schema.
    Component,
    /// A media type of a body that has others.
    MediaType,
    /// An optional parameter.
    Parameter,
    /// A response to a call that failed: its body is any JSON.
    Response,
    /// A header of a response.
    Header,
    /// A callback of an operation.
    Callback,
    /// A link of a response.
    Link,
    /// An example.
    Example,
}

impl Part {
    /// Its name for users.
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Property => "property",
            Self::Component => "component",
            Self::MediaType => "media type",
            Self::Parameter => "parameter",
            Self::Response => "response",
            Self::Header => "header",
            Self::Callback => "callback",
            Self::Link => "link",
            Self::Example => "example",
        }
    }
}

/// A part of the document that the generated code does not have, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The kind of part.
    pub part: Part,
    /// `POST /files`, `Pet.photo` or `schemas/Photo`.
    pub name: String,
    /// The finding that removed it.
    pub why: String,
    /// The place of the finding: `file:line:column`.
    pub place: String,
    /// JSON pointer of that place.
    pub pointer: String,
}

/// Removes the rejected parts of a document. Returns `None` if a finding is about the whole document.
pub(super) fn leave_out(root: &mut Node, found: &[Diagnostic]) -> Option<Vec<LeftOut>> {
    let references = references(root);
    let index = Index::of(root);
    let mut guards = Guards::of(root);
    let mut cuts: BTreeMap<String, LeftOut> = BTreeMap::new();
    for finding in found {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open = vec![finding.pointer.clone()];
        while let Some(pointer) = open.pop() {
            if !seen.insert(pointer.clone()) {
                continue;
            }
            for unit in units((root, &index), &pointer)? {
                let (part, name) = named((root, &index), &unit);
                if part == Part::Component && !cuts.contains_key(&unit) {
                    match unit.strip_prefix(SCHEMES) {
                        Some(scheme) => open.extend(guards.lose(&super::unescape(scheme))),
                        None => open.extend(users(&references, &unit)),
                    }
                }
                // Without any media type, nothing could be sent.
                if part == Part::MediaType {
                    open.extend(emptied((root, &index), &unit, &cuts));
                }
                cuts.entry(unit).or_insert_with(|| LeftOut {
                    part,
                    name,
                    why: finding.what.clone(),
                    place: finding.place.to_string(),
                    pointer: finding.pointer.clone(),
                });
            }
        }
    }
    let mut all = Cut::default();
    cuts.keys().for_each(|unit| all.add(unit));
    let mut removed = BTreeSet::new();
    all.remove_from(root, "", &mut removed);
    guards.not_asked_for(root);

    let is_path = |unit: &str| unit.starts_with("/paths/") && unit.matches('/').count() == 2;
    let told = |unit: &str| {
        let around = unit.match_indices('/').map(|(end, _)| &unit[..end]);
        (around.into_iter()).any(|around| cuts.contains_key(around) && !is_path(around))
    };
    let has_inner = |unit: &str| {
        let inside = format!("{unit}/");
        let next = cuts.range(inside.clone()..).next();
        next.is_some_and(|(next, _)| next.starts_with(&inside))
    };
    let gone: Vec<LeftOut> = (cuts.iter())
        .filter(|(unit, _)| removed.contains(*unit) && !told(unit))
        .filter(|(unit, _)| !(is_path(unit) && has_inner(unit)))
        .map(|(_, left_out)| left_out.clone())
        .collect();
    (!gone.is_empty()).then_some(gone)
}

/// Parts to remove, as a tree of the steps that lead to them: many are removed in one pass.
#[derive(Default)]
struct Cut {
    whole: bool,
    inside: BTreeMap<String, Cut>,
}

impl Cut {
    fn add(&mut self, pointer: &str) {
        let steps = tokens(pointer).into_iter().flatten();
        let cut = steps.fold(self, |cut, step| {
            cut.inside.entry(step.into_owned()).or_default()
        });
        cut.whole = true;
    }

    /// Removes the parts that are there, and adds their pointers to `removed`.
    fn remove_from(&self, node: &mut Node, pointer: &str, removed: &mut BTreeSet<String>) {
        let mut keep = |name: &str, node: &mut Node| match self.inside.get(name) {
            None => true,
            Some(cut) => {
                let pointer = format!("{pointer}/{}", escape(name));
                cut.remove_from(node, &pointer, removed);
                if cut.whole {
                    removed.insert(pointer);
                }
                !cut.whole
            }
        };
        match &mut node.value {
            Value::Object(members) => members.retain_mut(|(key, node)| keep(&key.name, node)),
            Value::Array(items) => {
                let mut index = 0..;
                items.retain_mut(|item| {
                    let index = index.next().unwrap_or(usize::MAX);
                    keep(&index.to_string(), item)
                });
            }
            _ => {}
        }
    }
}

/// Applies the fixes that findings suggest, and returns the findings that have one.
pub(super) fn mend(root: &mut Node, found: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut mended = Vec::new();
    // The last first, so that no removal changes the positions of the others.
    for finding in found.iter().rev() {
        let done = match &finding.mend {
            None => false,
            Some(Mend::Remove(pointer)) => remove(root, pointer),
            Some(Mend::Set(pointer, value)) => match root.at_mut(pointer) {
                Some(node) => {
                    node.value = value.clone();
                    true
                }
                None => false,
            },
            Some(Mend::Put(pointer, key, value)) => put(root, pointer, key, value),
            Some(Mend::Add(pointer, key, value)) => add(root, pointer, key, value),
            Some(Mend::Rename(pointer, name)) => rename(root, pointer, name),
            Some(Mend::Later(pointer)) => root.at_mut(pointer).is_some_and(lift::as_later),
        };
        if done {
            mended.push(finding.clone().into_warning());
        }
    }
    mended.reverse();
    mended
}

/// Sets a member of an object.
fn put(root: &mut Node, pointer: &str, key: &str, value: &Value) -> bool {
    let Some(node) = root.at_mut(pointer) else {
        return false;
    };
    let place = node.place.clone();
    let Value::Object(members) = &mut node.value else {
        return false;
    };
    members.retain(|(known, _)| known.name != key);
    let name = key.to_owned();
    let key = super::Key {
        name,
        place: place.clone(),
    };
    let value = value.clone();
    members.push((key, Node { value, place }));
    true
}

/// Renames a key, unless the object has another of the new name.
fn rename(root: &mut Node, pointer: &str, name: &str) -> bool {
    let Some((owner, old)) = pointer.rsplit_once('/') else {
        return false;
    };
    let Some(Value::Object(members)) = root.at_mut(owner).map(|node| &mut node.value) else {
        return false;
    };
    if members.iter().any(|(key, _)| key.name == name) {
        return false;
    }
    let mut members = members.iter_mut();
    let found = members.find(|(key, _)| escape(&key.name) == old);
    found
        .map(|(key, _)| name.clone_into(&mut key.name))
        .is_some()
}

/// Adds an item to a list under a key of an object; creates the list if it is missing.
fn add(root: &mut Node, pointer: &str, key: &str, value: &Value) -> bool {
    let Some(node) = root.at_mut(pointer) else {
        return false;
    };
    let place = node.place.clone();
    let item = Node {
        value: value.clone(),
        place: place.clone(),
    };
    let Value::Object(members) = &mut node.value else {
        return false;
    };
    match members.iter_mut().find(|(k, _)| k.name == key) {
        Some((_, list)) => match &mut list.value {
            Value::Array(items) => items.push(item),
            _ => return false,
        },
        None => {
            let name = key.to_owned();
            let list = Node {
                value: Value::Array(vec![item]),
                place: place.clone(),
            };
            members.push((super::Key { name, place }, list));
        }
    }
    true
}

fn remove(root: &mut Node, pointer: &str) -> bool {
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        return false;
    };
    let name = super::unescape(last);
    match root.at_mut(parent).map(|node| &mut node.value) {
        Some(Value::Object(members)) => {
            let before = members.len();
            members.retain(|(key, _)| key.name != name);
            members.len() < before
        }
        Some(Value::Array(items)) => match name.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// Returns the smallest parts around a place that can be removed; `None` if there are none.
fn units(document: (&Node, &Index), pointer: &str) -> Option<Vec<String>> {
    let (root, index) = document;
    let parts: Vec<String> = tokens(pointer)?.map(|part| part.into_owned()).collect();
    let top = |count: usize| -> String {
        (parts.iter().take(count))
            .map(|part| format!("/{}", escape(part)))
            .collect()
    };
    if let Some(depth) = spared(document, &parts) {
        return Some(vec![top(depth)]);
    }
    let depth = match parts.first().map(String::as_str)? {
        "paths" if parts.len() > 2 && METHODS.contains(&parts[2].as_str()) => 3,
        "paths" if parts.len() > 1 => {
            let item = top(2);
            let operations: Vec<String> = (METHODS.iter())
                .map(|method| format!("{item}/{method}"))
                .filter(|operation| index.at(root, operation).is_some())
                .collect();
            return Some(match operations.is_empty() {
                true => vec![item],
                // An error of the path itself removes the path.
                false => operations.into_iter().chain([item]).collect(),
            });
        }
        "components" if parts.len() > 2 => 3,
        "x-webhooks" if parts.len() > 1 => 2,
        _ => return None,
    };
    // The innermost optional property.
    let optional = (depth + 1..parts.len())
        .rev()
        .filter(|&index| parts[index - 1] == "properties")
        .find(|&property| {
            let unit = index.at(root, &top(depth));
            unit.is_some_and(|unit| is_optional(unit, &parts[depth..=property]))
        });
    let media_type = match parts.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["paths", _, _, "requestBody", "content", _, ..] => Some(6),
        ["components", "requestBodies", _, "content", _, ..] => Some(5),
        _ => None,
    };
    let has_others = |count: &usize| media_types(document, &top(count - 1)).len() > 1;
    let media_type = media_type.filter(has_others);
    let optional = optional.map(|index| index + 1);
    Some(vec![top(optional.or(media_type).unwrap_or(depth))])
}

/// Returns the steps to the part around a place that an operation can do without: an optional parameter, what describes a
/// failure, and what is only listed.
fn spared((root, index): (&Node, &Index), parts: &[String]) -> Option<usize> {
    let steps: Vec<&str> = parts.iter().map(String::as_str).collect();
    let at = |count: usize| {
        let pointer: String = (parts.iter().take(count))
            .map(|part| format!("/{}", escape(part)))
            .collect();
        index.at(root, &pointer)
    };
    let spared = match steps[..] {
        ["paths", _, "parameters", _, ..] => 4,
        ["paths", _, _, "parameters" | "callbacks", _, ..] => 5,
        ["paths", _, _, "responses", _, "headers" | "links", _, ..] => 7,
        ["components", "responses", _, "headers" | "links", _, ..] => 5,
        ["paths", _, _, "responses", _, ..] => 5,
        _ => steps.len(),
    };
    // An example in a schema is any value, and no reference.
    let mut windows = steps.windows(4);
    let example = windows.position(|steps| match steps {
        ["content", media_type, "examples", _] => media_type.contains('/'),
        ["parameters" | "headers", owner, "examples", _] => *owner != "properties",
        _ => false,
    });
    if let Some(before) = example {
        return Some(before + 4);
    }
    let is_spared = match steps.get(..spared)? {
        [.., "parameters", _] => {
            let parameter = at(spared)?;
            is_optional_parameter(followed(root, parameter).unwrap_or(parameter))
        }
        ["paths", _, _, "responses", status] => {
            let all = at(4).and_then(Node::as_object).unwrap_or_default();
            let mut others = all.iter().filter(|(key, _)| key.name != *status);
            match *status {
                "default" => others.any(|(key, _)| key.name.starts_with('2')),
                _ => status.starts_with(['4', '5']) && others.next().is_some(),
            }
        }
        [.., "headers" | "links" | "callbacks", _] => true,
        _ => false,
    };
    is_spared.then_some(spared)
}

fn is_optional_parameter(node: &Node) -> bool {
    let location = node.get("in").and_then(Node::as_str);
    matches!(location, Some("query" | "header" | "cookie"))
        && node.get("required").and_then(Node::as_bool) != Some(true)
}

/// Returns the media types of a body.
fn media_types<'r>((root, index): (&'r Node, &Index), content: &str) -> Vec<&'r str> {
    let content = index.at(root, content).and_then(Node::as_object);
    let names = content.unwrap_or_default().iter();
    names.map(|(key, _)| key.name.as_str()).collect()
}

/// Returns the owner of a body that loses its last media type with this one.
fn emptied(
    document: (&Node, &Index),
    unit: &str,
    cuts: &BTreeMap<String, LeftOut>,
) -> Option<String> {
    let (content, _) = unit.rsplit_once('/')?;
    let mut all = (media_types(document, content).into_iter())
        .map(|media_type| format!("{content}/{}", escape(media_type)));
    let (owner, _) = content.rsplit_once("/content")?;
    let owner = owner.strip_suffix("/requestBody").unwrap_or(owner);
    let is_empty = all.all(|other| other == unit || cuts.contains_key(&other));
    is_empty.then(|| owner.to_owned())
}

/// Whether there is such a property, and no schema around it requires it.
fn is_optional(unit: &Node, path: &[String]) -> bool {
    let Some((property, around)) = path.split_last() else {
        return false;
    };
    let requires = |node: &Node| {
        let names = node.get("required").and_then(Node::as_array);
        (names.unwrap_or_default().iter()).any(|name| name.as_str() == Some(property))
    };
    let mut node = unit;
    for step in around {
        let parts = node.get("allOf").and_then(Node::as_array);
        if requires(node) || parts.unwrap_or_default().iter().any(requires) {
            return false;
        }
        match node.step(step) {
            Some(inner) => node = inner,
            None => return false,
        }
    }
    node.step(property).is_some()
}

/// Returns the kind of a part and its name for users.
fn named((root, index): (&Node, &Index), unit: &str) -> (Part, String) {
    let parts: Vec<_> = tokens(unit).into_iter().flatten().collect();
    let parameter = || {
        let parameter = index.at(root, unit);
        let parameter = parameter.map(|node| followed(root, node).unwrap_or(node));
        let name = parameter.and_then(|node| node.get("name")?.as_str());
        name.unwrap_or_default().to_owned()
    };
    match parts.iter().map(AsRef::as_ref).collect::<Vec<&str>>()[..] {
        ["paths", path, "parameters", _] => {
            (Part::Parameter, format!("{} of all of {path}", parameter()))
        }
        ["paths", path, method, "parameters", _] => (
            Part::Parameter,
            format!("{} of {}", parameter(), shown(method, path)),
        ),
        ["paths", path, method, "responses", status] => (
            Part::Response,
            format!("{status} of {}", shown(method, path)),
        ),
        ["paths", path, method, "responses", _, "headers", name] => {
            (Part::Header, format!("{name} of {}", shown(method, path)))
        }
        ["paths", path, method, "responses", _, "links", name] => {
            (Part::Link, format!("{name} of {}", shown(method, path)))
        }
        ["paths", path, method, "callbacks", name] => {
            (Part::Callback, format!("{name} of {}", shown(method, path)))
        }
        ["components", "responses", response, "headers", name] => {
            (Part::Header, format!("{name} of responses/{response}"))
        }
        ["components", "responses", response, "links", name] => {
            (Part::Link, format!("{name} of responses/{response}"))
        }
        ["paths", path, method, .., "examples", name] if METHODS.contains(&method) => {
            (Part::Example, format!("{name} of {}", shown(method, path)))
        }
        ["components", kind, component, .., "examples", name] => {
            (Part::Example, format!("{name} of {kind}/{component}"))
        }
        ["paths", path, method, "requestBody", "content", media_type] => (
            Part::MediaType,
            format!("{media_type} of {}", shown(method, path)),
        ),
        ["components", kind, name, "content", media_type] => {
            (Part::MediaType, format!("{media_type} of {kind}/{name}"))
        }
        ["paths", path, method] => (Part::Operation, shown(method, path)),
        ["paths", path] => (Part::Operation, format!("all of {path}")),
        ["components", kind, name] => (Part::Component, format!("{kind}/{name}")),
        ["components", "schemas", name, .., "properties", property] => {
            (Part::Property, format!("{name}.{property}"))
        }
        ["paths", path, method, .., "properties", property] => (
            Part::Property,
            format!("{property} of {}", shown(method, path)),
        ),
        _ => (Part::Component, unit.trim_start_matches('/').to_owned()),
    }
}

/// An operation by its method and path.
fn shown(key: &str, path: &str) -> String {
    let (method, path) = sent(key, path);
    format!("{method} {path}")
}

/// Every reference of the document: its target and its place.
fn references(root: &Node) -> BTreeMap<String, Vec<String>> {
    fn look(node: &Node, pointer: &str, out: &mut BTreeMap<String, Vec<String>>) {
        match &node.value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    look(item, &format!("{pointer}/{index}"), out);
                }
            }
            Value::Object(members) => {
                for (key, inner) in members {
                    let here = format!("{pointer}/{}", escape(&key.name));
                    if let Some(target) = inner.as_str().and_then(decoded) {
                        out.entry(target).or_default().push(here);
                    } else {
                        look(inner, &here, out);
                    }
                }
            }
            _ => {}
        }
    }
    let mut out = BTreeMap::new();
    look(root, "", &mut out);
    out
}

/// Returns the places that refer to a part or to its inside.
fn users(references: &BTreeMap<String, Vec<String>>, unit: &str) -> Vec<String> {
    let inside = format!("{unit}/");
    let exact = references.get(unit).into_iter().flatten();
    let deeper = (references.range(inside.clone()..))
        .take_while(|(target, _)| target.starts_with(&inside))
        .flat_map(|(_, places)| places);
    exact.chain(deeper).cloned().collect()
}

const SCHEMES: &str = "/components/securitySchemes/";

/// The security schemes that operations ask for.
struct Guards {
    /// Each operation that asks for any, and the alternatives that it accepts.
    operations: Vec<(String, Vec<Vec<String>>)>,
    /// The operations that a scheme is asked for by.
    by_scheme: BTreeMap<String, BTreeSet<usize>>,
    lost: BTreeSet<String>,
}

impl Guards {
    fn of(root: &Node) -> Self {
        let alternatives = |owner: &Node| -> Option<Vec<Vec<String>>> {
            let list = owner.get("security").and_then(Node::as_array)?;
            let names = |one: &Node| {
                let names = one.as_object().unwrap_or_default().iter();
                names.map(|(key, _)| key.name.clone()).collect()
            };
            Some(list.iter().map(names).collect())
        };
        let by_default = alternatives(root).unwrap_or_default();
        let operations: Vec<(String, Vec<Vec<String>>)> = operations(root)
            .map(|(at, one)| (at, alternatives(one).unwrap_or_else(|| by_default.clone())))
            .filter(|(_, alternatives)| !alternatives.is_empty())
            .collect();
        let mut by_scheme: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (number, (_, alternatives)) in operations.iter().enumerate() {
            for scheme in alternatives.iter().flatten() {
                by_scheme.entry(scheme.clone()).or_default().insert(number);
            }
        }
        Self {
            operations,
            by_scheme,
            lost: BTreeSet::new(),
        }
    }

    /// Loses a scheme; returns the operations that accept nothing without it and those that were lost before.
    fn lose(&mut self, scheme: &str) -> Vec<String> {
        self.lost.insert(scheme.to_owned());
        let is_lost = |one: &Vec<String>| one.iter().any(|scheme| self.lost.contains(scheme));
        let numbers = self.by_scheme.get(scheme).into_iter().flatten();
        (numbers.filter_map(|number| self.operations.get(*number)))
            .filter(|(_, alternatives)| alternatives.iter().all(is_lost))
            .map(|(operation, _)| operation.clone())
            .collect()
    }

    /// Removes the alternatives that need a lost scheme, of what was not removed.
    fn not_asked_for(&self, root: &mut Node) {
        if self.lost.is_empty() {
            return;
        }
        let forget = |owner: &mut Node| {
            let list = owner.at_mut("/security").map(|node| &mut node.value);
            if let Some(Value::Array(list)) = list {
                list.retain(|one| {
                    let names = one.as_object().unwrap_or_default();
                    !names.iter().any(|(key, _)| self.lost.contains(&key.name))
                });
            }
        };
        forget(root);
        let paths = root.at_mut("/paths").map(|node| &mut node.value);
        if let Some(Value::Object(paths)) = paths {
            for (_, item) in paths {
                for method in METHODS {
                    if let Some(operation) = item.at_mut(&format!("/{method}")) {
                        forget(operation);
                    }
                }
            }
        }
    }
}

/// Returns the operations of the document, each with its pointer.
fn operations(root: &Node) -> impl Iterator<Item = (String, &Node)> {
    let paths = root.get("paths").and_then(Node::as_object);
    (paths.unwrap_or_default().iter()).flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| {
            let pointer = format!("/paths/{}/{method}", escape(&path.name));
            Some((pointer, item.get(method)?))
        })
    })
}
