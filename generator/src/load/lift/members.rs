//! Removes and adds members of objects.

use super::super::{Key, Node, Place, Value};

pub(super) fn node(place: &Place, value: Value) -> Node {
    Node {
        value,
        place: place.clone(),
    }
}

pub(in crate::load) fn text(place: &Place, text: impl Into<String>) -> Node {
    node(place, Value::String(text.into()))
}

pub(super) fn flag(place: &Place, flag: bool) -> Node {
    node(place, Value::Bool(flag))
}

pub(in crate::load) fn object(place: &Place, members: Vec<(&str, Node)>) -> Node {
    let members = members.into_iter().map(|(name, node)| {
        let key = Key {
            name: name.to_owned(),
            place: node.place.clone(),
        };
        (key, node)
    });
    node(place, Value::Object(members.collect()))
}

/// Returns the members of an object; other values are left unchanged.
pub(super) trait Members {
    fn has(&self, name: &str) -> bool;
    fn get_mut(&mut self, name: &str) -> Option<&mut Node>;
    /// Removes and returns a member.
    fn take(&mut self, name: &str) -> Option<(Key, Node)>;
    /// Sets a member in its position, or at the end if it is new.
    fn set(&mut self, name: &str, node: Node);
    /// Adds a member at the end, under another name.
    fn put(&mut self, name: &str, member: (Key, Node));
    /// Renames a member and keeps its position.
    fn rename(&mut self, from: &str, to: &str);
}

impl Members for Value {
    fn has(&self, name: &str) -> bool {
        matches!(self, Self::Object(members) if members.iter().any(|(key, _)| key.name == name))
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        match self {
            Self::Object(members) => {
                let mut members = members.iter_mut();
                members.find_map(|(key, node)| (key.name == name).then_some(node))
            }
            _ => None,
        }
    }

    fn take(&mut self, name: &str) -> Option<(Key, Node)> {
        match self {
            Self::Object(members) => {
                let index = members.iter().position(|(key, _)| key.name == name)?;
                Some(members.remove(index))
            }
            _ => None,
        }
    }

    fn set(&mut self, name: &str, node: Node) {
        if let Some(known) = self.get_mut(name) {
            *known = node;
        } else if let Self::Object(members) = self {
            let key = Key {
                name: name.to_owned(),
                place: node.place.clone(),
            };
            members.push((key, node));
        }
    }

    fn put(&mut self, name: &str, (mut key, node): (Key, Node)) {
        if let Self::Object(members) = self {
            name.clone_into(&mut key.name);
            members.push((key, node));
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        if let Self::Object(members) = self
            && let Some((key, _)) = members.iter_mut().find(|(key, _)| key.name == from)
        {
            to.clone_into(&mut key.name);
        }
    }
}
