//! Documents in several files: references to other files of the folder of the document.
//!
//! A referenced schema, parameter, response, … becomes a component, once, however often it is referred to. Anything else,
//! such as a path item or a map of schemas, replaces its reference. So later steps read a single document, whose places
//! are those of the files. A reference that leads to no such file remains, and the check of references reports it.
//! A part of the document in a place without a meaning (`#/x-shared/Money`, `#/definitions/Money`) is as if in another file.

mod kinds;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use kinds::{
    Holds::{self, Data, Many, Mapping, One},
    Item,
};
pub use names::files_of;
use names::{escaped, is_reference, joined, name, unescaped};

use super::{
    Key, Node, Source, Value,
    check::decoded,
    escape,
    lift::{Version, version},
    read,
    text::Texts,
    tree::tokens,
};
use crate::diagnostic::Diagnostic;

/// Keywords whose values are values of the API.
const VALUES: [&str; 7] = [
    "const",
    "dataValue",
    "default",
    "enum",
    "example",
    "examples",
    "value",
];
/// Values that are copied because they have no place among the components.
const MOST_COPIES: usize = 1_000_000;
/// References that lead to each other.
const LONGEST: usize = 64;

/// A file and a pointer into it.
type Target = (String, String);

struct Bundle<'a> {
    texts: &'a Texts,
    /// The name of the document.
    own: &'a str,
    sources: BTreeMap<&'a str, (usize, &'a Source)>,
    /// The files read so far; `None`: it can't be read.
    files: BTreeMap<String, Option<Node>>,
    /// None: OpenAPI 3.0.
    version: Option<Version>,
    /// Where each target is in the document now.
    known: BTreeMap<Target, String>,
    /// Names of components, by the pointer of their section.
    taken: BTreeMap<String, BTreeSet<String>>,
    /// Components that are not copied yet.
    open: Vec<(Item, String, Target)>,
    copies: usize,
    notes: Vec<Diagnostic>,
    errors: Vec<Diagnostic>,
}

/// Replaces references to other files. The text of the first file has the number `first`.
///
/// # Errors
/// A file that is referred to is neither YAML nor JSON, or references are circular.
pub(super) fn bundle(
    texts: &Texts,
    root: &mut Node,
    files: &[Source],
    first: usize,
    notes: &mut Vec<Diagnostic>,
) -> Result<(), Vec<Diagnostic>> {
    let version = version(root);
    if files.is_empty() && !refers_outside(root, One(Item::Other), version) {
        return Ok(());
    }
    let own = root.place.file.to_string();
    let mut bundle = Bundle {
        texts,
        own: &own,
        sources: (files.iter().enumerate())
            .map(|(index, file)| (file.name.as_str(), (first + index, file)))
            .collect(),
        files: BTreeMap::new(),
        version,
        known: BTreeMap::new(),
        taken: BTreeMap::new(),
        open: Vec::new(),
        copies: 0,
        notes: Vec::new(),
        errors: Vec::new(),
    };
    bundle.absolute(root, &own);
    bundle.files.insert(own.clone(), Some(root.clone()));
    bundle.maps(root);
    bundle.components(root);
    bundle.walk(root, "", One(Item::Other), &mut Vec::new());
    while let Some((item, name, target)) = bundle.open.pop() {
        bundle.add(root, item, name, &target);
    }
    notes.append(&mut bundle.notes);
    match bundle.errors.is_empty() {
        true => Ok(()),
        false => Err(bundle.errors),
    }
}

/// Whether a reference within the document leads to a place whose kind only the reference says.
fn is_outside(pointer: &str, holds: Holds, version: Option<Version>) -> bool {
    let One(item) = holds else { return false };
    let mut held = One(Item::Other);
    for token in tokens(pointer).into_iter().flatten() {
        let of = held;
        held = held.member(&token);
        // A value of the API is not a schema.
        if matches!(of, One(_)) && held == Data && VALUES.contains(&&*token) {
            return false;
        }
    }
    let is_unknown = match tokens(pointer)
        .and_then(|mut steps| steps.next())
        .as_deref()
    {
        Some("$defs" | "definitions") => version.is_none(),
        _ => matches!(held, Data | One(Item::Other) | Many(Item::Other)),
    };
    (item == Item::Path || item.section(version == Some(Version::Swagger2)).is_some()) && is_unknown
}

/// The pointer of a reference within the document.
fn within(text: &str) -> Option<String> {
    decoded(text).filter(|pointer| text.starts_with('#') && pointer.starts_with('/'))
}

fn refers_outside(node: &Node, holds: Holds, version: Option<Version>) -> bool {
    if holds == Data {
        return false;
    }
    let text = node.get("$ref").and_then(Node::as_str);
    let is_one = |pointer: String| is_outside(&pointer, holds, version);
    match &node.value {
        _ if text.and_then(within).is_some_and(is_one) => true,
        Value::Array(items) => {
            let below = match holds {
                Many(item) => One(item),
                other => other,
            };
            (items.iter()).any(|item| refers_outside(item, below, version))
        }
        Value::Object(members) => (members.iter())
            .any(|(key, member)| refers_outside(member, holds.member(&key.name), version)),
        _ => false,
    }
}

/// Returns the pointer of the only schema that has an anchor of JSON Schema.
fn anchored(node: &Node, anchor: &str) -> Option<String> {
    let mut found = Vec::new();
    all_anchored(node, anchor, "", &mut found);
    found.pop().filter(|_| found.is_empty())
}

fn all_anchored(node: &Node, anchor: &str, pointer: &str, found: &mut Vec<String>) {
    let has = |key: &str| node.get(key).and_then(Node::as_str) == Some(anchor);
    if has("$anchor") || has("$dynamicAnchor") {
        found.push(pointer.to_owned());
    }
    let mut below = |step: &str, inner: &Node| {
        all_anchored(inner, anchor, &format!("{pointer}/{}", escape(step)), found);
    };
    match &node.value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, inner)| below(&index.to_string(), inner));
        }
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, inner)| below(&key.name, inner));
        }
        _ => {}
    }
}

impl Bundle<'_> {
    fn is_swagger(&self) -> bool {
        self.version == Some(Version::Swagger2)
    }

    /// Returns a file of the folder.
    fn file(&mut self, name: &str) -> Option<&Node> {
        if !self.files.contains_key(name) {
            let &(index, source) = self.sources.get(name)?;
            let read = match read(self.texts, index, source, &mut self.notes) {
                Ok(mut node) => {
                    self.absolute(&mut node, name);
                    Some(node)
                }
                Err(found) => {
                    self.errors.extend(found);
                    None
                }
            };
            self.files.insert(name.to_owned(), read);
        }
        self.files.get(name)?.as_ref()
    }

    /// Makes all references in a file relative to the document. The kind of the file is unknown, so every `$ref` with a
    /// text counts: those in examples are never used.
    fn absolute(&self, node: &mut Node, file: &str) {
        let is_discriminator = node.get("propertyName").is_some();
        match &mut node.value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.absolute(item, file)),
            Value::Object(members) => {
                for (key, member) in members {
                    match (key.name.as_str(), &mut member.value) {
                        ("$ref", Value::String(text)) => *text = self.resolved(file, text),
                        ("mapping", Value::Object(targets)) if is_discriminator => {
                            for (_, target) in targets {
                                if let Value::String(text) = &mut target.value
                                    && is_reference(text)
                                {
                                    *text = self.resolved(file, text);
                                }
                            }
                        }
                        _ => self.absolute(member, file),
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns a reference relative to the document.
    fn resolved(&self, from: &str, text: &str) -> String {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        if file.contains("://") || file.starts_with('/') {
            return text.to_owned();
        }
        let file = match file {
            "" => from.to_owned(),
            file => joined(from, &unescaped(file)),
        };
        match (file == self.own, fragment) {
            (true, fragment) => format!("#{fragment}"),
            (false, "") => file,
            (false, fragment) => format!("{file}#{fragment}"),
        }
    }

    /// Returns the target of a reference to another file of the folder.
    fn target(&mut self, text: &str) -> Option<Target> {
        if text.starts_with('#') {
            return None;
        }
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let pointer = decoded(&format!("#{fragment}"))?;
        let target = (file.to_owned(), pointer);
        if let Some(place) = self.located(&target) {
            return Some(place);
        }
        // In parts of a document, references are often meant for the whole one.
        let is_known = self.file(&target.0).is_some();
        let target = (self.own.to_owned(), target.1);
        self.located(&target).filter(|_| is_known)
    }

    /// Returns the target of a reference to a place of the document without a meaning.
    fn outside(&mut self, text: &str, holds: Holds) -> Option<Target> {
        let pointer = within(text)?;
        let is_outside = is_outside(&pointer, holds, self.version);
        let target = (self.own.to_owned(), pointer);
        self.located(&target).filter(|_| is_outside)
    }

    /// Returns the place of a target. References on the way to it are followed.
    fn located(&mut self, (file, pointer): &Target) -> Option<Target> {
        let (mut file, mut pointer) = (file.clone(), pointer.clone());
        for _ in 0..LONGEST {
            let mut node = self.file(&file)?;
            if !pointer.is_empty() && !pointer.starts_with('/') {
                pointer = anchored(node, &pointer)?;
            }
            let mut way = String::new();
            let mut rest = tokens(&pointer)?;
            let elsewhere = loop {
                let Some(token) = rest.next() else {
                    return Some((file, way));
                };
                match (node.step(&token), node.get("$ref").and_then(Node::as_str)) {
                    (Some(next), _) => node = next,
                    (None, Some(text)) => {
                        let rest = std::iter::once(token).chain(rest);
                        let rest: String =
                            rest.map(|token| format!("/{}", escape(&token))).collect();
                        break (text.to_owned(), rest);
                    }
                    (None, None) => return None,
                }
                way = format!("{way}/{}", escape(&token));
            };
            let (text, rest) = elsewhere;
            let (to, fragment) = text.split_once('#').unwrap_or((&text, ""));
            pointer = decoded(&format!("#{fragment}"))? + &rest;
            file = match to {
                "" => self.own.to_owned(),
                to => to.to_owned(),
            };
        }
        None
    }

    /// Returns a copy of a target.
    fn found(&mut self, (file, pointer): &Target) -> Option<Node> {
        self.file(file)?.at(pointer).cloned()
    }

    /// Replaces references that stand for whole maps of the document: `paths`, the sections of the components.
    fn maps(&mut self, root: &mut Node) {
        let sections = [
            "paths",
            "webhooks",
            "definitions",
            "parameters",
            "responses",
            "components",
        ];
        let Value::Object(members) = &mut root.value else {
            return;
        };
        for (key, member) in members {
            if !sections.contains(&key.name.as_str()) {
                continue;
            }
            self.replace(member);
            if let ("components", Value::Object(members)) = (key.name.as_str(), &mut member.value) {
                members
                    .iter_mut()
                    .for_each(|(_, member)| self.replace(member));
            }
        }
    }

    fn replace(&mut self, node: &mut Node) {
        for _ in 0..LONGEST {
            let Some(text) = node.get("$ref").and_then(Node::as_str).map(str::to_owned) else {
                return;
            };
            let Some(target) = self.target(&text) else {
                return;
            };
            match self.found(&target) {
                Some(found) => put(node, found),
                None => return,
            }
        }
    }

    /// Notes the names of components, and the components that stand for a target elsewhere.
    fn components(&mut self, root: &Node) {
        let items = [
            Item::Schema,
            Item::Parameter,
            Item::Response,
            Item::RequestBody,
            Item::Header,
            Item::Link,
            Item::Callback,
            Item::SecurityScheme,
        ];
        let is_swagger = self.is_swagger();
        for section in items.iter().filter_map(|item| item.section(is_swagger)) {
            let at = format!("/{}", section.join("/"));
            let members = root.at(&at).and_then(Node::as_object).unwrap_or_default();
            for (key, node) in members {
                let pointer = format!("{at}/{}", escape(&key.name));
                let names = self.taken.entry(at.clone()).or_default();
                names.insert(key.name.clone());
                if let Some(text) = node.get("$ref").and_then(Node::as_str)
                    && let Some(target) = self.target(text)
                {
                    self.known.entry(target).or_insert(pointer);
                }
            }
        }
    }

    /// Replaces the references in a part of the document. `way` has the targets that were copied around it.
    fn walk(&mut self, node: &mut Node, pointer: &str, holds: Holds, way: &mut Vec<Target>) {
        let is_full = self.copies > MOST_COPIES && !self.errors.is_empty();
        if holds == Data || is_full {
            return;
        }
        let depth = way.len();
        if let Some((_, text)) = node.entry("$ref")
            && let Some(text) = text.as_str().map(str::to_owned)
            && let Some(target) = self.target(&text).or_else(|| self.outside(&text, holds))
        {
            self.reference(node, pointer, holds, target, way);
        }
        match &mut node.value {
            Value::Array(items) => {
                let below = match holds {
                    Many(item) => One(item),
                    other => other,
                };
                for (index, item) in items.iter_mut().enumerate() {
                    self.walk(item, &format!("{pointer}/{index}"), below, way);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    let inner = format!("{pointer}/{}", escape(&key.name));
                    if holds == Mapping {
                        self.mapping(member);
                    } else if key.name != "$ref" {
                        self.walk(member, &inner, holds.member(&key.name), way);
                    }
                }
            }
            _ => {}
        }
        way.truncate(depth);
    }

    /// Replaces one reference.
    fn reference(
        &mut self,
        node: &mut Node,
        pointer: &str,
        holds: Holds,
        target: Target,
        way: &mut Vec<Target>,
    ) {
        if target.0 == self.own && !is_outside(&target.1, holds, self.version) {
            set(node, &format!("#{}", escaped(&target.1)));
            return;
        }
        let is_itself = self
            .known
            .get(&target)
            .is_some_and(|known| known == pointer);
        if let One(item) = holds
            && !is_itself
            && let Some(place) = self.component(item, &target)
        {
            set(node, &format!("#{}", escaped(&place)));
            return;
        }
        // Copies of copies can be far more than the document has.
        let what = if way.contains(&target) {
            Some(format!("`{}` contains itself", target.0))
        } else if way.len() > LONGEST {
            let what = format!("more than {LONGEST} references to other files lead to each other");
            Some(what)
        } else if self.copies > MOST_COPIES {
            let what = "references to other files make a far larger document than there is";
            Some(what.to_owned())
        } else {
            None
        };
        if let Some(what) = what {
            let at = format!("{pointer}/$ref");
            let help = "only schemas, parameters, responses, request bodies and headers can refer to each other";
            self.errors
                .push(self.texts.error(&node.place, at, what, help));
            return;
        }
        let Some(mut found) = self.found(&target) else {
            return;
        };
        self.copies += size(&found);
        if holds == One(Item::Example) {
            found = example(found);
        }
        put(node, found);
        way.push(target);
        if let Some(text) = node.get("$ref").and_then(Node::as_str).map(str::to_owned)
            && let Some(target) = self.target(&text)
        {
            self.reference(node, pointer, holds, target, way);
        }
    }

    /// Returns the place of a target among the components, and adds it if it is new.
    fn component(&mut self, item: Item, target: &Target) -> Option<String> {
        let section = item.section(self.is_swagger())?;
        let section = format!("/{}", section.join("/"));
        if let Some(known) = self.known.get(target) {
            return known.starts_with(&section).then(|| known.clone());
        }
        let taken = self.taken.entry(section.clone()).or_default();
        let name = name(target, taken);
        taken.insert(name.clone());
        let place = format!("{section}/{}", escape(&name));
        self.known.insert(target.clone(), place.clone());
        self.open.push((item, name, target.clone()));
        Some(place)
    }

    /// Adds a component to the document.
    fn add(&mut self, root: &mut Node, item: Item, name: String, target: &Target) {
        let Some(section) = item.section(self.is_swagger()) else {
            return;
        };
        let Some(mut node) = self.found(target) else {
            return;
        };
        let pointer = format!("/{}/{}", section.join("/"), escape(&name));
        self.walk(&mut node, &pointer, One(item), &mut vec![target.clone()]);
        let mut around = root;
        for key in section {
            let place = around.place.clone();
            let Value::Object(members) = &mut around.value else {
                return;
            };
            let index = match members.iter().position(|(known, _)| known.name == *key) {
                Some(index) => index,
                None => {
                    let name = (*key).to_owned();
                    let value = Value::Object(Vec::new());
                    let place = place.clone();
                    let inner = Node { value, place };
                    let place = inner.place.clone();
                    members.push((Key { name, place }, inner));
                    members.len() - 1
                }
            };
            around = &mut members[index].1;
        }
        if let Value::Object(members) = &mut around.value {
            let place = node.place.clone();
            members.push((Key { name, place }, node));
        }
    }

    /// Replaces the target of a discriminator.
    fn mapping(&mut self, node: &mut Node) {
        let Some(text) = node.as_str().map(str::to_owned) else {
            return;
        };
        if !is_reference(&text) {
            return;
        }
        let Some(target) = self.target(&text) else {
            return;
        };
        let place = match target.0 == self.own {
            true => Some(target.1),
            false => self.component(Item::Schema, &target),
        };
        if let Some(place) = place {
            node.value = Value::String(format!("#{}", escaped(&place)));
        }
    }
}

/// Replaces a reference by its target; members next to it that the target lacks stay.
fn put(node: &mut Node, found: Node) {
    let old = std::mem::replace(node, found);
    if let (Value::Object(members), Value::Object(old)) = (&mut node.value, old.value) {
        for (key, member) in old {
            let is_new = members.iter().all(|(known, _)| known.name != key.name);
            if key.name != "$ref" && is_new {
                members.push((key, member));
            }
        }
    }
}

fn set(node: &mut Node, text: &str) {
    if let Value::Object(members) = &mut node.value {
        let mut members = members.iter_mut();
        if let Some((_, member)) = members.find(|(key, _)| key.name == "$ref") {
            member.value = Value::String(text.to_owned());
        }
    }
}

/// An example that is only its value, as files of examples often are.
fn example(node: Node) -> Node {
    let keys = ["value", "externalValue", "$ref", "summary", "description"];
    let members = node.as_object().unwrap_or_default();
    if members
        .iter()
        .any(|(key, _)| keys.contains(&key.name.as_str()))
    {
        return node;
    }
    let place = node.place.clone();
    let key = Key {
        name: "value".to_owned(),
        place: place.clone(),
    };
    Node {
        value: Value::Object(vec![(key, node)]),
        place,
    }
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.iter().map(|(_, node)| size(node)).sum::<usize>(),
        _ => 1,
    }
}
