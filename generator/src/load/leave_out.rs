//! Leaves out parts of a document so that the rest can be generated: a rejected place removes the smallest part around it
//! that is optional, and everything that refers to that part.

use std::collections::{BTreeMap, BTreeSet};

use super::{Node, Value, check::decoded, escape, lift::sent, table::METHODS, tree::tokens};
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
}

impl Part {
    /// Its name for users.
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Property => "property",
            Self::Component => "component",
            Self::MediaType => "media type",
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
    let mut cuts: BTreeMap<String, LeftOut> = BTreeMap::new();
    for finding in found {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open = vec![finding.pointer.clone()];
        while let Some(pointer) = open.pop() {
            if !seen.insert(pointer.clone()) {
                continue;
            }
            for unit in units(root, &pointer)? {
                let (part, name) = named(&unit);
                if part == Part::Component && !cuts.contains_key(&unit) {
                    let users = if unit.starts_with("/components/securitySchemes/") {
                        secured(root, &unit)
                    } else {
                        users(&references, &unit)
                    };
                    open.extend(users);
                }
                // Without any media type, nothing could be sent.
                if part == Part::MediaType {
                    open.extend(emptied(root, &unit, &cuts));
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
    let units: BTreeSet<String> = cuts.keys().cloned().collect();
    let mut gone = Vec::new();
    // Nested parts first: they are inside the parts that are removed later.
    for (unit, left_out) in cuts.into_iter().rev() {
        let inside = |other: &String| {
            unit.strip_prefix(other.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let is_path = |unit: &str| unit.starts_with("/paths/") && unit.matches('/').count() == 2;
        let told = units.iter().any(|other| inside(other) && !is_path(other));
        let operations = format!("{unit}/");
        let empty = is_path(&unit) && units.iter().any(|other| other.starts_with(&operations));
        if remove(root, &unit) && !told && !empty {
            gone.push(left_out);
        }
        if let Some(scheme) = unit.strip_prefix("/components/securitySchemes/") {
            not_asked_for(root, &super::unescape(scheme));
        }
    }
    gone.reverse();
    (!gone.is_empty()).then_some(gone)
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
            Some(Mend::Add(pointer, key, value)) => add(root, pointer, key, value),
        };
        if done {
            mended.push(finding.clone().into_warning());
        }
    }
    mended.reverse();
    mended
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
fn units(root: &Node, pointer: &str) -> Option<Vec<String>> {
    let parts: Vec<String> = tokens(pointer)?.map(|part| part.into_owned()).collect();
    let top = |count: usize| -> String {
        (parts.iter().take(count))
            .map(|part| format!("/{}", escape(part)))
            .collect()
    };
    let depth = match parts.first().map(String::as_str)? {
        "paths" if parts.len() > 2 && METHODS.contains(&parts[2].as_str()) => 3,
        "paths" if parts.len() > 1 => {
            let item = top(2);
            let operations: Vec<String> = (METHODS.iter())
                .map(|method| format!("{item}/{method}"))
                .filter(|operation| root.at(operation).is_some())
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
        .find(|&index| is_optional(root, &parts, depth, index));
    let media_type = match parts.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["paths", _, _, "requestBody", "content", _, ..] => Some(6),
        ["components", "requestBodies", _, "content", _, ..] => Some(5),
        _ => None,
    };
    let has_others = |count: &usize| media_types(root, &top(count - 1)).len() > 1;
    let media_type = media_type.filter(has_others);
    let optional = optional.map(|index| index + 1);
    Some(vec![top(optional.or(media_type).unwrap_or(depth))])
}

/// Returns the media types of a body.
fn media_types<'r>(root: &'r Node, content: &str) -> Vec<&'r str> {
    let content = root.at(content).and_then(Node::as_object);
    let names = content.unwrap_or_default().iter();
    names.map(|(key, _)| key.name.as_str()).collect()
}

/// Returns the owner of a body that loses its last media type with this one.
fn emptied(root: &Node, unit: &str, cuts: &BTreeMap<String, LeftOut>) -> Option<String> {
    let (content, _) = unit.rsplit_once('/')?;
    let mut all = (media_types(root, content).into_iter())
        .map(|media_type| format!("{content}/{}", escape(media_type)));
    let (owner, _) = content.rsplit_once("/content")?;
    let owner = owner.strip_suffix("/requestBody").unwrap_or(owner);
    let is_empty = all.all(|other| other == unit || cuts.contains_key(&other));
    is_empty.then(|| owner.to_owned())
}

/// Whether no schema around a property requires it.
fn is_optional(root: &Node, parts: &[String], depth: usize, index: usize) -> bool {
    let mut node = root;
    for (at, part) in parts[..index].iter().enumerate() {
        let requires = |node: &Node| {
            let names = node.get("required").and_then(Node::as_array);
            (names.unwrap_or_default().iter()).any(|name| name.as_str() == Some(&parts[index]))
        };
        let own_parts = node.get("allOf").and_then(Node::as_array);
        if at >= depth && (requires(node) || own_parts.unwrap_or_default().iter().any(requires)) {
            return false;
        }
        match node.step(part) {
            Some(inner) => node = inner,
            None => return false,
        }
    }
    node.step(&parts[index]).is_some()
}

/// Returns the kind of a part and its name for users.
fn named(unit: &str) -> (Part, String) {
    let parts: Vec<_> = tokens(unit).into_iter().flatten().collect();
    match parts.iter().map(AsRef::as_ref).collect::<Vec<&str>>()[..] {
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

/// Returns the operations that accept nothing without a security scheme.
fn secured(root: &Node, unit: &str) -> Vec<String> {
    let name = super::unescape(unit.rsplit('/').next().unwrap_or_default());
    let requires = |owner: &Node| {
        let list = owner.get("security").and_then(Node::as_array)?;
        Some(!list.is_empty() && list.iter().all(|one| one.get(&name).is_some()))
    };
    let by_default = requires(root).unwrap_or(false);
    operations(root)
        .filter(|(_, operation)| requires(operation).unwrap_or(by_default))
        .map(|(pointer, _)| pointer)
        .collect()
}

/// Removes the alternatives that need a security scheme; the operations that accept nothing else are removed before.
fn not_asked_for(root: &mut Node, scheme: &str) {
    let owners = operations(root).map(|(pointer, _)| pointer);
    let owners: Vec<String> = std::iter::once(String::new()).chain(owners).collect();
    for owner in owners {
        let list = root.at_mut(&format!("{owner}/security"));
        if let Some(Value::Array(list)) = list.map(|node| &mut node.value) {
            list.retain(|one| one.get(scheme).is_none());
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
