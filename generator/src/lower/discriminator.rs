//! Finds the schemas that a property distinguishes, and its value for each.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    facts,
    graph::is_null_only,
    site::{Site, component},
};
use crate::load::{Document, Node};

/// The children of a parent.
#[derive(Clone, Debug)]
pub(crate) struct Children {
    /// The property that distinguishes them.
    pub(crate) tag: String,
    /// Each child by pointer, with the values of the tag that mean it.
    pub(crate) by_pointer: Vec<(String, Vec<String>)>,
    /// The values that mean the parent itself.
    pub(crate) own: Vec<String>,
    /// The values that the parent declares for all of them.
    pub(crate) declared: Vec<String>,
}

/// The discriminators of the document.
#[derive(Debug, Default)]
pub(crate) struct Discriminators {
    /// Parents whose children point back with `allOf`: tag and children, by pointer.
    parents: BTreeMap<String, Children>,
    /// Tag and values of a child, by pointer.
    tags: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Types of unions, by pointer.
    branches: BTreeSet<String>,
}

impl Discriminators {
    /// Reads them from the document.
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
                if extends(document, child, &parent.at, &mut BTreeSet::new()) {
                    children.push((child.at.clone(), tag_values(document, parent, child)));
                }
            }
            if !children.is_empty() {
                for (child, values) in &children {
                    found.remember(child, tag, values);
                }
                let declared = own_texts(document, parent, tag);
                found.parents.insert(
                    parent.at.clone(),
                    Children {
                        tag: tag.to_owned(),
                        own: own_values(parent, &children, &declared),
                        by_pointer: children,
                        declared,
                    },
                );
            }
        }
        found.walk(document, root.node);
        found
    }

    /// Finds the unions anywhere in the document.
    fn walk(&mut self, document: &Document, node: &Node) {
        for element in node.as_array().unwrap_or_default() {
            self.walk(document, element);
        }
        let members = node.as_object().unwrap_or_default();
        if members.iter().any(|(key, _)| key.name == "discriminator") {
            self.union(document, node);
        }
        // The place of the union does not matter, its branches are references.
        let site = Site {
            node,
            at: String::new(),
        };
        for keyword in ["oneOf", "anyOf"] {
            let branches: Vec<Site<'_>> = (site.items(keyword).into_iter())
                .filter(|branch| !is_null_only(&branch.target(document)))
                .collect();
            let is_several = branches.len() > 1;
            for branch in branches
                .iter()
                .filter(|branch| is_several && branch.reference().is_some())
            {
                self.add_branch(&branch.target(document).at);
            }
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
        // The place of the union does not matter, its branches are references.
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
            let parts = site.items(keyword);
            let values: Vec<Vec<String>> = (parts.iter())
                .map(|part| tag_values(document, &site, part))
                .collect();
            let more = read_as_well(document, tag, &parts, &values, &[]);
            for ((part, values), more) in parts.iter().zip(values).zip(more) {
                if part.reference().is_some() {
                    let values = sendable(document, part, tag, values, &more);
                    self.remember(&part.target(document).at, tag, &values);
                }
            }
        }
    }

    pub(crate) fn remember(&mut self, child: &str, tag: &str, values: &[String]) {
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

    /// A type of a union: its members of one value are constants.
    pub(crate) fn add_branch(&mut self, pointer: &str) {
        self.branches.insert(pointer.to_owned());
    }

    pub(crate) fn is_branch(&self, pointer: &str) -> bool {
        self.branches.contains(pointer)
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

/// Returns the values that mean a parent itself: those of the mapping, or without one its name; and those that it declares
/// and that no child has.
fn own_values(
    parent: &Site<'_>,
    children: &[(String, Vec<String>)],
    declared: &[String],
) -> Vec<String> {
    let Some(discriminator) = parent.get("discriminator") else {
        return Vec::new();
    };
    let name = component(&parent.at);
    let mapping = discriminator.entries("mapping");
    let is_meant =
        |to: &str| to.strip_prefix('#') == Some(&parent.at) || Some(to) == name.as_deref();
    let mapped = (mapping.iter())
        .filter(|(_, to)| to.node.as_str().is_some_and(is_meant))
        .map(|(value, _)| (*value).to_owned());
    let mut own: Vec<String> = mapped.collect();
    // The default has the other values.
    if discriminator.text("defaultMapping").is_some() {
        return own;
    }
    let is_free = |value: &str| {
        !children
            .iter()
            .any(|(_, values)| values.iter().any(|one| one == value))
    };
    if mapping.is_empty() {
        let given = EXTENSIONS.iter().find_map(|key| parent.text(key));
        let name = given.map(str::to_owned).or(name);
        own.extend(
            name.filter(|name| is_free(name) && (declared.is_empty() || declared.contains(name))),
        );
    }
    for value in declared {
        if is_free(value) && !own.contains(value) {
            own.push(value.clone());
        }
    }
    own
}

/// Returns the values of the tag that a type of a union sends: of several that its own schema has, each.
pub(crate) fn sendable(
    document: &Document,
    child: &Site<'_>,
    tag: &str,
    mut values: Vec<String>,
    more: &[String],
) -> Vec<String> {
    if let [only] = values.as_slice()
        && own_texts(document, child, tag).contains(only)
    {
        values.extend(more.iter().cloned());
    }
    values
}

/// Returns whether `child` extends `parent`, directly or through others; a child of another parent in between belongs to that
/// parent.
fn extends(
    document: &Document,
    child: &Site<'_>,
    parent: &str,
    seen: &mut BTreeSet<String>,
) -> bool {
    if !seen.insert(child.at.clone()) {
        return false;
    }
    child.items("allOf").iter().any(|part| {
        let Some(to) = part.reference() else {
            return extends(document, part, parent, seen);
        };
        let next = Site::find(document, to);
        to == parent
            || next.is_some_and(|next| {
                next.get("discriminator").is_none() && extends(document, &next, parent, seen)
            })
    })
}

/// Extensions with the value of the tag that means a schema.
const EXTENSIONS: [&str; 2] = ["x-discriminator-value", "x-ms-discriminator-value"];

/// Returns the values of the tag that mean `child`: those of the mapping, else of an extension, else its own constant, else
/// its possible tags, else its name. A child that is a union itself, or the parent of others, has the values of those. That
/// of the `defaultMapping` has none: it has all that mean no other.
pub(crate) fn tag_values(document: &Document, parent: &Site<'_>, child: &Site<'_>) -> Vec<String> {
    let mut values = Vec::new();
    collect(document, parent, child, &mut BTreeSet::new(), &mut values);
    values
}

fn collect(
    document: &Document,
    parent: &Site<'_>,
    child: &Site<'_>,
    seen: &mut BTreeSet<String>,
    values: &mut Vec<String>,
) {
    let mut aliases = vec![child.at.clone()];
    aliases.extend(child.reference().map(str::to_owned));
    let child = child.target(document);
    aliases.push(child.at.clone());
    if !seen.insert(child.at.clone()) && component(&child.at).is_some() {
        return;
    }
    let discriminator = parent.get("discriminator");
    let mapping = discriminator.as_ref().map(|site| site.entries("mapping"));
    let mut add = |value: &str| {
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    };
    let names: Vec<String> = aliases.iter().filter_map(|at| component(at)).collect();
    let is_meant = |to: &str| {
        aliases.iter().any(|at| to.strip_prefix('#') == Some(at))
            || names.iter().any(|name| name == to)
    };
    let default = discriminator.as_ref();
    let default = default.and_then(|site| site.text("defaultMapping"));
    if default.is_some_and(is_meant) {
        return;
    }
    let mut is_mapped = false;
    for (value, to) in mapping.iter().flatten() {
        if to.node.as_str().is_some_and(is_meant) {
            add(value);
            is_mapped = true;
        }
    }
    if is_mapped {
        return;
    }
    if let Some(own) = EXTENSIONS.iter().find_map(|key| child.text(key)) {
        return add(own);
    }
    let tag = discriminator
        .as_ref()
        .and_then(|site| site.text("propertyName"));
    let Some(tag) = tag else {
        return;
    };
    let own_tag = |site: &Site<'_>| {
        let own = site.get("discriminator");
        own.as_ref().and_then(|site| site.text("propertyName")) == Some(tag)
    };
    let texts = own_texts(document, &child, tag);
    match texts.as_slice() {
        [only] => return add(only),
        // Declared for all children, at the parent.
        texts if names.iter().any(|name| texts.contains(name)) => {}
        [_, ..] => return texts.iter().for_each(|text| add(text)),
        [] => {}
    }
    let branches: Vec<Site<'_>> = ["oneOf", "anyOf"]
        .iter()
        .flat_map(|keyword| child.items(keyword))
        .collect();
    if !branches.is_empty() {
        let parent = if own_tag(&child) { &child } else { parent };
        for branch in &branches {
            collect(document, parent, branch, seen, values);
        }
        return;
    }
    if let Some(name) = names.first() {
        add(name);
    }
    if own_tag(&child) {
        let root = Site::find(document, "").and_then(|root| root.get("components"));
        for (_, other) in root.iter().flat_map(|root| root.entries("schemas")) {
            if extends(document, &other, &child.at, &mut BTreeSet::new()) {
                collect(document, &child, &other, seen, values);
            }
        }
    }
}

/// Returns further values of the tag that only one of the children can have: its own ones, if a mapping has others.
/// Those that the parent declares for all children are none of them.
pub(crate) fn read_as_well(
    document: &Document,
    tag: &str,
    children: &[Site<'_>],
    values: &[Vec<String>],
    declared: &[String],
) -> Vec<Vec<String>> {
    let own: Vec<Vec<String>> = (children.iter().zip(values))
        .map(|(child, values)| {
            let own = own_texts(document, child, tag);
            match values.is_empty() || own == declared {
                true => Vec::new(),
                false => own,
            }
        })
        .collect();
    let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
    for text in own.iter().chain(values).flatten() {
        *holders.entry(text).or_default() += 1;
    }
    (own.iter())
        .map(|own| {
            let only_here = |text: &&String| holders.get(text.as_str()) == Some(&1);
            own.iter().filter(only_here).cloned().collect()
        })
        .collect()
}

/// The values that a member of an object can have by the document, as text; empty: any.
pub(crate) fn own_texts(document: &Document, site: &Site<'_>, member: &str) -> Vec<String> {
    let mut own = Parts::default();
    for part in parts(document, site) {
        if let Some(site) = part.get("properties").and_then(|all| all.get(member)) {
            own.add(document, &site);
        }
    }
    let values = facts::enum_values(&own.sites);
    values
        .iter()
        .filter_map(|node| facts::scalar_text(node))
        .collect()
}

/// The plain schemas that a schema consists of.
pub(crate) fn parts<'d>(document: &'d Document, site: &Site<'d>) -> Vec<Site<'d>> {
    let mut parts = Parts::default();
    parts.add(document, site);
    parts.sites
}

#[derive(Default)]
struct Parts<'d> {
    sites: Vec<Site<'d>>,
    seen: HashSet<*const Node>,
}

impl<'d> Parts<'d> {
    fn add(&mut self, document: &'d Document, site: &Site<'d>) {
        let site = site.target(document);
        if !self.seen.insert(site.node) {
            return;
        }
        let of = site.items("allOf");
        self.sites.push(site);
        for part in of {
            self.add(document, &part);
        }
    }
}
