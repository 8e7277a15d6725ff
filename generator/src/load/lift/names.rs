//! Names of schemas in JSON Schema: definitions inside of schemas, `$anchor` and `$id`; and `$self` of the document.
//! References by them become those of OpenAPI 3.0.

use std::collections::{BTreeMap, BTreeSet};

use fluent_uri::{Iri, IriRef};

use super::{
    super::{Key, Node, Value, check::decoded, escape},
    Members,
    members::node,
    references, walk,
};
use crate::load::table::Kind;

/// Moves definitions inside of schemas to `components`, and updates references to them and to schemas by other names.
/// `own` is the URI of the document.
pub(super) fn lift(root: &mut Node, own: Option<&str>) {
    let mut names = Names::default();
    if let Some(own) = own {
        names.identify("", own);
    }
    names.hoist(root);
    names.refer(root);
}

/// Schemas that have other names than their place under `components`. All pointers are those of the document as written,
/// except the new ones.
#[derive(Default)]
struct Names {
    /// The pointers of definitions, and their new ones.
    moved: BTreeMap<String, String>,
    /// The other direction.
    came: BTreeMap<String, String>,
    /// Names of definitions, and their new pointers; `None` for names of several definitions.
    bare: BTreeMap<String, Option<String>>,
    /// The URI of each schema with an `$id`, by its pointer, and that of the document.
    ids: BTreeMap<String, Iri<String>>,
    /// Their pointers, by the URI.
    by_id: BTreeMap<String, String>,
    /// The schemas that an anchor names. Anchors of schemas with different `$id` differ.
    anchors: BTreeMap<String, Vec<String>>,
}

impl Names {
    /// Moves definitions inside of schemas to `components`.
    fn hoist(&mut self, root: &mut Node) {
        let mut found: Vec<(String, Key, Node)> = Vec::new();
        let mut at = String::new();
        walk(Kind::Root, root, &mut at, &mut |kind, node, at| {
            if kind == Kind::Schema {
                self.take(node, at, &mut found);
            }
        });
        // Definitions of the whole document are not part of OpenAPI, but documents refer to them.
        self.defs(root, "", &mut found);
        let mut taken: BTreeSet<String> = (root.at("/components/schemas"))
            .and_then(Node::as_object)
            .map(|members| members.iter().map(|(key, _)| key.name.clone()).collect())
            .unwrap_or_default();
        let mut hoisted = Vec::new();
        while let Some((from, mut key, mut schema)) = found.pop() {
            let mut inner = Vec::new();
            walk(
                Kind::Schema,
                &mut schema,
                &mut from.clone(),
                &mut |kind, node, at| {
                    if kind == Kind::Schema {
                        self.take(node, at, &mut inner);
                    }
                },
            );
            found.extend(inner);
            let name = free(&key.name, &from, &taken);
            let target = format!("/components/schemas/{}", escape(&name));
            let bare = self.bare.entry(key.name.clone());
            bare.and_modify(|known| *known = None)
                .or_insert_with(|| Some(target.clone()));
            self.came.insert(target.clone(), from.clone());
            self.moved.insert(from, target);
            taken.insert(name.clone());
            key.name = name;
            hoisted.push((key, schema));
        }
        if hoisted.is_empty() {
            return;
        }
        // In the order of the text, not of the search.
        hoisted.sort_by(|one, other| one.0.place.cmp(&other.0.place));
        let place = root.place.clone();
        let empty = || node(&place, Value::Object(Vec::new()));
        if !root.value.has("components") {
            root.value.set("components", empty());
        }
        let Some(components) = root.value.get_mut("components") else {
            return;
        };
        if !components.value.has("schemas") {
            components.value.set("schemas", empty());
        }
        if let Some(schemas) = components.value.get_mut("schemas")
            && let Value::Object(members) = &mut schemas.value
        {
            members.extend(hoisted);
        }
    }

    /// Takes the definitions of a schema, and the names that it declares for itself.
    fn take(&mut self, schema: &mut Node, at: &str, found: &mut Vec<(String, Key, Node)>) {
        self.defs(schema, at, found);
        let mut own = |name: &str| {
            let (_, said) = schema.value.take(name)?;
            said.as_str().map(str::to_owned)
        };
        let (id, anchors) = (own("$id"), ["$anchor", "$dynamicAnchor"].map(&mut own));
        let mut anchors: Vec<String> = anchors.into_iter().flatten().collect();
        if let Some(id) = id {
            // Before JSON Schema 2019-09, this was an anchor.
            match id.strip_prefix('#') {
                Some("") => {}
                Some(anchor) => anchors.push(anchor.to_owned()),
                None => self.identify(at, &id),
            }
        }
        for anchor in anchors {
            let named = self.anchors.entry(anchor).or_default();
            if !named.iter().any(|known| known == at) {
                named.push(at.to_owned());
            }
        }
    }

    /// Records the `$id` of a schema, or the URI of the document.
    fn identify(&mut self, at: &str, id: &str) {
        let id = id.split('#').next().unwrap_or_default();
        if let Some(uri) = self.uri(self.resource(at), id) {
            let known = self.by_id.entry(uri.as_str().to_owned());
            known.or_insert_with(|| at.to_owned());
            self.ids.insert(at.to_owned(), uri);
        }
    }

    fn defs(&mut self, schema: &mut Node, at: &str, found: &mut Vec<(String, Key, Node)>) {
        for group in ["$defs", "definitions"] {
            let is_group = |node: &Node| node.as_object().is_some();
            if !schema.get(group).is_some_and(is_group) {
                continue;
            }
            if let Some((_, defs)) = schema.value.take(group)
                && let Value::Object(members) = defs.value
            {
                for (key, inner) in members {
                    let pointer = format!("{at}/{group}/{}", escape(&key.name));
                    found.push((pointer, key, inner));
                }
            }
        }
    }

    /// Updates references to moved and named schemas.
    fn refer(&self, root: &mut Node) {
        if self.moved.is_empty() && self.ids.is_empty() && self.anchors.is_empty() {
            return;
        }
        references(root, &mut |text, at| {
            let at = replaced(&self.came, at).unwrap_or_else(|| at.to_owned());
            Some(format!("#{}", self.target(text, &at)?.replace('%', "%25")))
        });
    }

    /// Returns the pointer that a reference means, if it is not that of its text. `at` is the pointer of the reference.
    fn target(&self, text: &str, at: &str) -> Option<String> {
        let (id, fragment) = text.split_once('#').unwrap_or((text, ""));
        let own = self.resource(at);
        let resource = match id {
            "" => own,
            _ if self.ids.is_empty() => return None,
            _ => self.by_id.get(self.uri(own, id)?.as_str())?,
        };
        let fragment = match fragment.contains('%') {
            true => decoded(&format!("#{fragment}"))?,
            false => fragment.to_owned(),
        };
        let pointer = if fragment.is_empty() {
            resource.to_owned()
        } else if !fragment.starts_with('/') {
            self.anchor(&fragment, resource, at)?.to_owned()
        } else {
            let inside = format!("{resource}{fragment}");
            // No schema has `components`: from a schema with an `$id`, too, this is the document.
            let of_document = ["/components/", "/paths/", "/x-"];
            if of_document.iter().any(|start| fragment.starts_with(start)) {
                fragment
            } else if let Some(now) = replaced(&self.moved, &inside) {
                return Some(now);
            } else if let Some(now) = self.bare(&fragment) {
                return Some(now);
            } else {
                inside
            }
        };
        let now = replaced(&self.moved, &pointer).unwrap_or(pointer);
        (!now.is_empty()).then_some(now)
    }

    /// A definition that is referred to as if it were one of the whole document: `/$defs/Line/properties/tax`.
    fn bare(&self, pointer: &str) -> Option<String> {
        let groups = ["/$defs/", "/definitions/"];
        let bare = groups
            .iter()
            .find_map(|group| pointer.strip_prefix(group))?;
        let (name, rest) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
        let now = self.bare.get(name)?.as_ref()?;
        Some(format!("{now}{rest}"))
    }

    /// Returns the schema that an anchor names: in the schema with that `$id`; if there are several, in the component that
    /// refers to it.
    fn anchor(&self, name: &str, resource: &str, at: &str) -> Option<&str> {
        let named = self.anchors.get(name)?;
        let mut known: Vec<&str> = named.iter().map(String::as_str).collect();
        let keep = |known: &mut Vec<&str>, is_near: &dyn Fn(&str) -> bool| {
            if known.len() > 1 && known.iter().any(|pointer| is_near(pointer)) {
                known.retain(|pointer| is_near(pointer));
            }
        };
        keep(&mut known, &|pointer| self.resource(pointer) == resource);
        keep(&mut known, &|pointer| component(pointer) == component(at));
        match known.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Returns the pointer of the schema with an `$id` that a place is in; empty for the document.
    fn resource<'a>(&'a self, at: &'a str) -> &'a str {
        if self.ids.is_empty() {
            return "";
        }
        prefixes(at)
            .find(|(pointer, _)| self.ids.contains_key(*pointer))
            .map_or("", |(pointer, _)| pointer)
    }

    /// Resolves a URI without fragment against that of a schema with an `$id`.
    fn uri(&self, resource: &str, text: &str) -> Option<Iri<String>> {
        let reference = IriRef::parse(text).ok()?;
        match self.ids.get(resource) {
            Some(base) => reference.resolve_against(base).ok(),
            // The document has no URI.
            None => {
                let base = Iri::parse("document:///").ok()?;
                reference.resolve_against(&base).ok()
            }
        }
    }
}

/// A pointer and the pointers of all that it is in, the longest first, each with the rest of the pointer.
fn prefixes(pointer: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut end = Some(pointer.len());
    std::iter::from_fn(move || {
        let (before, rest) = pointer.split_at(end?);
        end = before.rfind('/');
        Some((before, rest))
    })
}

/// Returns a pointer with the new start that its longest known start has.
fn replaced(starts: &BTreeMap<String, String>, pointer: &str) -> Option<String> {
    if starts.is_empty() {
        return None;
    }
    prefixes(pointer)
        .find_map(|(before, rest)| starts.get(before).map(|start| format!("{start}{rest}")))
}

/// Returns the pointer of the component that a place is in.
fn component(pointer: &str) -> Option<&str> {
    let (end, _) = pointer
        .match_indices('/')
        .nth(3)
        .unwrap_or((pointer.len(), ""));
    let own = pointer.get(..end)?;
    own.starts_with("/components/").then_some(own)
}

/// Returns a name for a definition that no component has.
fn free(name: &str, from: &str, taken: &BTreeSet<String>) -> String {
    let is_free = |name: &String| !taken.contains(name);
    let own = name.to_owned();
    if is_free(&own) {
        return own;
    }
    let holder = from
        .strip_prefix("/components/schemas/")
        .and_then(|rest| rest.split('/').next())
        .unwrap_or("Inner");
    let long = format!("{holder}-{name}");
    if is_free(&long) {
        return long;
    }
    let mut numbered = (2..).map(|number| format!("{long}-{number}"));
    numbered.find(is_free).unwrap_or(long)
}
