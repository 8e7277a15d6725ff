//! The schemas of a document that become code.

use std::collections::BTreeMap;

use super::{
    Document, Node, escape,
    table::{Kind, METHODS, Want, shape},
};

/// A schema that operations or webhooks reach.
pub(crate) struct Used<'d> {
    pub(crate) node: &'d Node,
    /// JSON pointer.
    pub(crate) at: String,
    /// Other schemas extend it, and nothing consists of it.
    pub(crate) is_base: bool,
    /// Its description, else that of the parameter or list that consists of it.
    pub(crate) docs: Option<&'d str>,
}

impl Document {
    /// Returns the operations with their JSON pointers.
    pub(crate) fn operations(&self) -> Vec<(&Node, String)> {
        let mut found = Vec::new();
        let paths = self.root.get("paths").and_then(Node::as_object);
        for (path, item) in paths.unwrap_or_default() {
            for method in METHODS {
                let at = format!("/paths/{}/{method}", escape(&path.name));
                found.extend(item.get(method).map(|node| (node, at)));
            }
        }
        found
    }

    /// Returns the schemas that operations and webhooks reach, each once, without those of other documents. A document
    /// without operations exists for its schemas: all of them.
    pub(crate) fn used_schemas(&self) -> Vec<Used<'_>> {
        let mut visit = Visit {
            document: self,
            known: BTreeMap::new(),
            open: Vec::new(),
            found: Vec::new(),
        };
        let members = self.root.as_object().unwrap_or_default();
        for (key, node) in members {
            if let ("paths" | "x-webhooks", Some(want)) =
                (key.name.as_str(), shape(Kind::Root).want(&key.name))
            {
                visit.value(want, node, &format!("/{}", key.name), None);
            }
        }
        if visit.found.is_empty()
            && let Some(node) = self.root.get("components")
        {
            visit.value(Want::Is(Kind::Components), node, "/components", None);
        }
        while let Some((kind, at)) = visit.open.pop() {
            if let Some(node) = self.node(&at) {
                visit.object(kind, node, &at, None);
            }
        }
        let mut found = visit.found;
        for used in &mut found {
            used.is_base = visit.known.get(&used.at) == Some(&true);
        }
        found.sort_by(|a, b| a.node.place.cmp(&b.node.place));
        found.dedup_by(|a, b| a.node.place == b.node.place);
        found
    }
}

struct Visit<'d> {
    document: &'d Document,
    /// References that were followed, each with whether it was only extended.
    known: BTreeMap<String, bool>,
    open: Vec<(Kind, String)>,
    found: Vec<Used<'d>>,
}

impl<'d> Visit<'d> {
    fn value(&mut self, want: Want, node: &'d Node, at: &str, around: Option<&'d str>) {
        let inner = |key: &str| format!("{at}/{}", escape(key));
        match want {
            Want::Is(kind) => self.object(kind, node, at, around),
            Want::FlagOrSchema if node.as_bool().is_none() => {
                self.object(Kind::Schema, node, at, around);
            }
            Want::Many(kind) => {
                let items = node.as_array().unwrap_or_default();
                for (index, item) in items.iter().enumerate() {
                    self.object(kind, item, &inner(&index.to_string()), None);
                }
            }
            Want::Map(kind) => {
                for (key, node) in node.as_object().unwrap_or_default() {
                    self.object(kind, node, &inner(&key.name), None);
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, kind: Kind, node: &'d Node, at: &str, around: Option<&'d str>) {
        // Nothing is generated for these.
        if matches!(kind, Kind::Callback | Kind::Link | Kind::Example) {
            return;
        }
        if let Some(to) = node.get("$ref").and_then(Node::as_str) {
            let to = to.strip_prefix('#').unwrap_or(to);
            let around = at.rsplit('/').nth(1);
            let extends = kind == Kind::Schema && around == Some("allOf");
            match self.known.get_mut(to) {
                Some(is_base) => *is_base &= extends,
                None => {
                    self.known.insert(to.to_owned(), extends);
                    self.open.push((kind, to.to_owned()));
                }
            }
            return;
        }
        let own = node.get("description").and_then(Node::as_str);
        if kind == Kind::Schema {
            let name = at.strip_prefix("/components/schemas/");
            let name = name.and_then(|rest| rest.split('/').next()).unwrap_or("");
            if (self.document.foreign).contains_key(&*super::unescape(name)) {
                return;
            }
            self.found.push(Used {
                node,
                at: at.to_owned(),
                is_base: false,
                docs: own.or(around),
            });
        }
        for (key, inner) in node.as_object().unwrap_or_default() {
            let Some(want) = shape(kind).want(&key.name) else {
                continue;
            };
            let around = match (kind, key.name.as_str()) {
                (Kind::Parameter, "schema") => own,
                (Kind::Schema, "items") => own.or(around),
                _ => None,
            };
            self.value(want, inner, &format!("{at}/{}", escape(&key.name)), around);
        }
    }
}
