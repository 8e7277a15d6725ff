//! Which schemas are told apart by a member, and by which of its values.

use std::collections::BTreeMap;

use super::site::{Site, component};
use crate::load::{Document, Node};

/// The children of a parent.
#[derive(Clone, Debug)]
pub(crate) struct Children {
    /// The member that tells which.
    pub(crate) tag: String,
    /// Each child by pointer, with the values of the tag that mean it.
    pub(crate) by_pointer: Vec<(String, Vec<String>)>,
}

/// What the document says about discriminators.
#[derive(Debug, Default)]
pub(crate) struct Discriminators {
    /// Parents whose children point back with `allOf`: tag and children, by pointer.
    parents: BTreeMap<String, Children>,
    /// Tag and values of a child, by pointer.
    tags: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Discriminators {
    /// Reads them off the document.
    pub(crate) fn find(document: &Document) -> Self {
        let mut found = Self::default();
        let Some(root) = Site::find(document, "") else {
            return found;
        };
        let schemas = root
            .get("components")
            .map(|site| site.entries("schemas"))
            .unwrap_or_default();
        for (_, parent) in &schemas {
            let Some(tag) = parent
                .get("discriminator")
                .and_then(|site| site.text("propertyName"))
            else {
                continue;
            };
            if !parent.items("oneOf").is_empty() || !parent.items("anyOf").is_empty() {
                continue;
            }
            let mut children = Vec::new();
            for (_, child) in &schemas {
                let extends = child
                    .items("allOf")
                    .iter()
                    .any(|part| part.reference() == Some(&parent.at));
                if extends {
                    children.push((child.at.clone(), tag_values(parent, child)));
                }
            }
            if !children.is_empty() {
                for (child, values) in &children {
                    found.remember(child, tag, values);
                }
                found.parents.insert(
                    parent.at.clone(),
                    Children {
                        tag: tag.to_owned(),
                        by_pointer: children,
                    },
                );
            }
        }
        found.walk(document, root.node);
        found
    }

    /// Finds the unions, wherever they stand.
    fn walk(&mut self, document: &Document, node: &Node) {
        for element in node.as_array().unwrap_or_default() {
            self.walk(document, element);
        }
        let members = node.as_object().unwrap_or_default();
        if members.iter().any(|(key, _)| key.name == "discriminator") {
            self.union(document, node);
        }
        for (key, member) in members {
            let name = key.name.as_str();
            if !name.starts_with("x-")
                && !["example", "examples", "default", "enum"].contains(&name)
            {
                self.walk(document, member);
            }
        }
    }

    fn union(&mut self, document: &Document, node: &Node) {
        // Where the union itself stands does not matter, its branches are references.
        let site = Site {
            node,
            at: String::new(),
        };
        let Some(tag) = site
            .get("discriminator")
            .and_then(|site| site.text("propertyName"))
        else {
            return;
        };
        for keyword in ["oneOf", "anyOf"] {
            for part in site.items(keyword) {
                if let Some(child) = part.reference().and_then(|to| Site::find(document, to)) {
                    let values = tag_values(&site, &child);
                    self.remember(&child.at, tag, &values);
                }
            }
        }
    }

    fn remember(&mut self, child: &str, tag: &str, values: &[String]) {
        let known = self
            .tags
            .entry(child.to_owned())
            .or_default()
            .entry(tag.to_owned())
            .or_default();
        for value in values {
            if !known.contains(value) {
                known.push(value.clone());
            }
        }
    }

    /// The children of a parent, if it has any.
    pub(crate) fn children(&self, pointer: &str) -> Option<Children> {
        self.parents.get(pointer).cloned()
    }

    /// Tags of a child that can have one value only.
    pub(crate) fn constants(&self, pointer: &str) -> Vec<(String, String)> {
        let tags = self.tags.get(pointer);
        tags.into_iter()
            .flatten()
            .filter_map(|(tag, values)| match values.as_slice() {
                [value] => Some((tag.clone(), value.clone())),
                _ => None,
            })
            .collect()
    }
}

/// The values of the tag that mean `child`: those the mapping gives, else its own word, else its name.
pub(crate) fn tag_values(parent: &Site<'_>, child: &Site<'_>) -> Vec<String> {
    let mapping = parent
        .get("discriminator")
        .map(|site| site.entries("mapping"))
        .unwrap_or_default();
    let name = component(&child.at).unwrap_or_default();
    let mapped: Vec<String> = (mapping.iter())
        .filter(|(_, target)| {
            let target = target.node.as_str().unwrap_or_default();
            target.strip_prefix('#') == Some(child.at.as_str()) || target == name
        })
        .map(|(value, _)| (*value).to_owned())
        .collect();
    if !mapped.is_empty() {
        return mapped;
    }
    let own = child.text("x-discriminator-value").map(str::to_owned);
    vec![own.unwrap_or(name)]
}
