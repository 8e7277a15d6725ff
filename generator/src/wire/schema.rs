//! The members, items and values of a schema, with those of everything that it is composed of.

use std::collections::BTreeMap;

use crate::load::{Key, Node, Place, followed};

/// Keywords whose schemas are parts or alternatives of a schema.
const COMPOSED: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// A schema, or several that describe the same value.
#[derive(Default)]
pub(super) struct View<'d> {
    /// By name in JSON: the key of the first schema that has it, and the schemas of all.
    pub(super) members: BTreeMap<&'d str, (&'d Key, Vec<&'d Node>)>,
    /// Schemas of the items of a list.
    pub(super) items: Vec<&'d Node>,
    /// Schemas of members of any name.
    pub(super) others: Vec<&'d Node>,
    /// Values of an enum, as in JSON.
    pub(super) values: BTreeMap<String, &'d Place>,
    /// References that lead nowhere.
    pub(super) broken: Vec<&'d Node>,
}

impl<'d> View<'d> {
    pub(super) fn of(root: &'d Node, nodes: &[&'d Node], is_request: bool) -> Self {
        let mut view = Self::default();
        let mut known = Vec::new();
        for node in nodes {
            view.add(root, node, is_request, &mut known);
        }
        view
    }

    fn add(&mut self, root: &'d Node, node: &'d Node, is_request: bool, known: &mut Vec<usize>) {
        let Some(node) = followed(root, node) else {
            self.broken.push(node);
            return;
        };
        let identity = identity(node);
        if known.contains(&identity) {
            return;
        }
        known.push(identity);
        for list in COMPOSED {
            for part in node.get(list).and_then(Node::as_array).unwrap_or_default() {
                self.add(root, part, is_request, known);
            }
        }
        let members = node.get("properties").and_then(Node::as_object);
        for (key, member) in members.unwrap_or_default() {
            if is_of_other_direction(root, member, is_request) {
                continue;
            }
            let entry = self.members.entry(&key.name);
            entry.or_insert_with(|| (key, Vec::new())).1.push(member);
        }
        self.items.extend(node.get("items"));
        let others = node.get("additionalProperties");
        self.others
            .extend(others.filter(|others| others.as_object().is_some()));
        for value in node
            .get("enum")
            .and_then(Node::as_array)
            .unwrap_or_default()
        {
            let text = match value.as_str() {
                Some(text) => text.to_owned(),
                // Every schema may allow it; that is not a value to know.
                None if value.is_null() => continue,
                None => value.to_json().to_string(),
            };
            self.values.entry(text).or_insert(&value.place);
        }
    }
}

/// Whether a member is only in responses and this is a request, or the other way round.
fn is_of_other_direction(root: &Node, member: &Node, is_request: bool) -> bool {
    let word = if is_request { "readOnly" } else { "writeOnly" };
    let target = followed(root, member);
    let parts = member.get("allOf").and_then(Node::as_array);
    let nodes = std::iter::once(member)
        .chain(target)
        .chain(parts.unwrap_or_default());
    nodes
        .filter_map(|node| node.get(word))
        .any(|flag| flag.as_bool() == Some(true))
}

/// A number that no other node of a document has.
pub(super) fn identity(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}
