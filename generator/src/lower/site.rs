//! A schema as the document writes it: a node of the tree and its JSON pointer.
//!
//! Schemas are read from the normalised tree, since the typed form loses keywords in unusual combinations
//! (`properties` next to `oneOf`, a bound of another type than the schema's).

use crate::load::{Document, Node, unescape};

/// A place in the document.
#[derive(Clone, Debug)]
pub(crate) struct Site<'d> {
    pub(crate) node: &'d Node,
    pub(crate) at: String,
}

/// Keywords that don't affect which values are valid.
const ANNOTATIONS: &[&str] = &[
    "description",
    "title",
    "example",
    "examples",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "nullable",
    "externalDocs",
    "xml",
    "allOf",
];

/// References that lead to each other in a row.
pub(crate) const LONGEST: usize = 1 << 20;

impl<'d> Site<'d> {
    /// Returns the place of a pointer; `None` if the pointer names nothing.
    pub(crate) fn find(document: &'d Document, pointer: &str) -> Option<Self> {
        Some(Self {
            node: document.node(pointer)?,
            at: pointer.to_owned(),
        })
    }

    pub(crate) fn get(&self, key: &str) -> Option<Site<'d>> {
        Some(Site {
            node: self.node.get(key)?,
            at: format!("{}/{}", self.at, escape(key)),
        })
    }

    pub(crate) fn items(&self, key: &str) -> Vec<Site<'d>> {
        let Some(list) = self.get(key) else {
            return Vec::new();
        };
        let nodes = list.node.as_array().unwrap_or_default();
        (nodes.iter().enumerate())
            .map(|(index, node)| Site {
                node,
                at: format!("{}/{index}", list.at),
            })
            .collect()
    }

    pub(crate) fn entries(&self, key: &str) -> Vec<(&'d str, Site<'d>)> {
        self.get(key).map(|map| map.members()).unwrap_or_default()
    }

    /// By name: in which order a document lists the members of a map means nothing, so nothing may depend on it.
    pub(crate) fn members(&self) -> Vec<(&'d str, Site<'d>)> {
        let members = self.node.as_object().unwrap_or_default();
        let mut members: Vec<_> = (members.iter())
            .map(|(key, node)| {
                let at = format!("{}/{}", self.at, escape(&key.name));
                (key.name.as_str(), Site { node, at })
            })
            .collect();
        members.sort_by_key(|(name, _)| *name);
        members
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'d str> {
        self.node.get(key)?.as_str()
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.bool(key) == Some(true)
    }

    pub(crate) fn bool(&self, key: &str) -> Option<bool> {
        self.node.get(key).and_then(Node::as_bool)
    }

    pub(crate) fn texts(&self, key: &str) -> Vec<&'d str> {
        let list = self.node.get(key).and_then(Node::as_array);
        list.unwrap_or_default()
            .iter()
            .filter_map(Node::as_str)
            .collect()
    }

    /// The pointer that a `$ref` of this document names.
    pub(crate) fn reference(&self) -> Option<&'d str> {
        self.text("$ref")?.strip_prefix('#')
    }

    /// Follows `$ref` to the first schema that is not a reference.
    pub(crate) fn target(&self, document: &'d Document) -> Self {
        let mut site = self.clone();
        // The loader rejects circles; the bound is for a document that was not checked.
        for _ in 0..LONGEST {
            match site.reference().and_then(|to| Self::find(document, to)) {
                Some(next) => site = next,
                None => break,
            }
        }
        site
    }

    /// Returns whether a schema constrains values in addition to its `allOf`.
    pub(crate) fn is_structural(&self) -> bool {
        self.keywords().next().is_some()
    }

    /// The keywords of a schema that constrain values, without `allOf`.
    pub(crate) fn keywords(&self) -> impl Iterator<Item = (&'d str, &'d Node)> + use<'d> {
        let members = self.node.as_object().unwrap_or_default();
        let members = members.iter().map(|(key, node)| (key.name.as_str(), node));
        members.filter(|(name, _)| !ANNOTATIONS.contains(name) && !name.starts_with("x-"))
    }
}

/// A member name as a JSON pointer writes it.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name of the component that a pointer names: `Card` for `/components/schemas/Card`.
pub(crate) fn component(pointer: &str) -> Option<String> {
    let rest = pointer.strip_prefix("/components/")?;
    let (_, name) = rest.split_once('/')?;
    (!name.contains('/')).then(|| unescape(name).into_owned())
}
