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
    /// The values that mean the parent itself, if it is one of its types.
    pub(crate) own: Option<Vec<String>>,
    /// The values that the parent declares for all of them.
    pub(crate) declared: Vec<String>,
    /// Whether each of them has the tag.
    pub(crate) is_required: bool,
}

/// The discriminators of the document.
#[derive(Debug, Default)]
pub(crate) struct Discriminators {
    /// Parents whose children point back with `allOf`: tag and children, by pointer.
    parents: BTreeMap<String, Children>,
    /// Tag and values of a child, by pointer.
    tags: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Types of unions, by pointer, with the members that distinguish them.
    branches: BTreeMap<String, BTreeSet<String>>,
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
            let discriminator = discriminator(parent);
            let Some(tag) = (discriminator.as_ref()).and_then(|site| site.text("propertyName"))
            else {
                continue;
            };
            // A union already has its types.
            let is_union = |part: &Site<'_>| {
                !part.items("oneOf").is_empty() || !part.items("anyOf").is_empty()
            };
            if parts(document, parent).iter().any(is_union) {
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
                let requires = |part: &Site<'_>| part.texts("required").contains(&tag);
                let is_required = parts(document, parent).iter().any(requires);
                found.parents.insert(
                    parent.at.clone(),
                    Children {
                        tag: tag.to_owned(),
                        own: own_values(document, parent, &children, &declared, is_required),
                        by_pointer: children,
                        declared,
                        is_required,
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
            if branches.len() > 1 && branches.iter().any(|one| one.reference().is_some()) {
                let targets: Vec<Site<'_>> =
                    (branches.iter().map(|one| one.target(document))).collect();
                let members = distinguishing(document, &targets);
                for ((branch, target), members) in branches.iter().zip(targets).zip(members) {
                    if branch.reference().is_some() {
                        self.add_branch(&target.at, members);
                    }
                }
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

    /// A type of a union: the members of one value that distinguish it are constants.
    pub(crate) fn add_branch(&mut self, pointer: &str, members: BTreeSet<String>) {
        let known = self.branches.entry(pointer.to_owned()).or_default();
        known.extend(members);
    }

    pub(crate) fn is_branch(&self, pointer: &str) -> bool {
        self.branches.contains_key(pointer)
    }

    /// Whether a member of one value distinguishes a type of a union from another one.
    pub(crate) fn distinguishes(&self, pointer: &str, member: &str) -> bool {
        let members = self.branches.get(pointer);
        members.is_some_and(|members| members.contains(member))
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

/// Returns the discriminator of a schema: its own, or that of a part of it without a name.
fn discriminator<'d>(site: &Site<'d>) -> Option<Site<'d>> {
    site.get("discriminator").or_else(|| {
        let parts = site.items("allOf").into_iter();
        let mut inline = parts.filter(|part| part.reference().is_none());
        inline.find_map(|part| discriminator(&part))
    })
}

/// Returns the mapping of a schema, with those of its own parents that have the same tag.
fn mapping<'d>(document: &'d Document, site: &Site<'d>) -> Vec<(&'d str, Site<'d>)> {
    let tag_of = |site: &Site<'d>| site.text("propertyName");
    let Some(tag) = discriminator(site).and_then(|site| tag_of(&site)) else {
        return Vec::new();
    };
    let all = parts(document, site).into_iter();
    all.filter_map(|part| part.get("discriminator"))
        .filter(|site| tag_of(site) == Some(tag))
        .flat_map(|site| site.entries("mapping"))
        .collect()
}

/// Returns the values that mean a parent itself: those of the mapping, or without one its name; and those that it declares
/// and that no child has. A value without the tag, where that is optional, can't be a child's either.
fn own_values(
    document: &Document,
    parent: &Site<'_>,
    children: &[(String, Vec<String>)],
    declared: &[String],
    is_required: bool,
) -> Option<Vec<String>> {
    let discriminator = discriminator(parent)?;
    let name = component(&parent.at);
    let mapping = mapping(document, parent);
    let is_meant =
        |to: &str| to.strip_prefix('#') == Some(&parent.at) || Some(to) == name.as_deref();
    let mut own: Vec<String> = Vec::new();
    for (value, to) in &mapping {
        if to.node.as_str().is_some_and(is_meant) && !own.iter().any(|known| known == value) {
            own.push((*value).to_owned());
        }
    }
    let has_default = discriminator.text("defaultMapping").is_some();
    if !has_default {
        let is_free = |value: &String| !children.iter().any(|(_, values)| values.contains(value));
        if mapping.is_empty() {
            let given = EXTENSIONS.iter().find_map(|key| parent.text(key));
            let name = given.map(str::to_owned).or(name);
            own.extend(
                name.filter(|name| {
                    is_free(name) && (declared.is_empty() || declared.contains(name))
                }),
            );
        }
        let declared = declared.iter().filter(|value| is_free(value));
        for value in declared {
            if !own.contains(value) {
                own.push(value.clone());
            }
        }
    }
    (!own.is_empty() || !(has_default || is_required)).then_some(own)
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
                discriminator(&next).is_none() && extends(document, &next, parent, seen)
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
    let discriminator = discriminator(parent);
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
    for (value, to) in mapping(document, parent) {
        if to.node.as_str().is_some_and(is_meant) {
            add(value);
            is_mapped = true;
        }
    }
    let tag = discriminator
        .as_ref()
        .and_then(|site| site.text("propertyName"));
    let own_tag = |site: &Site<'_>| {
        let own = self::discriminator(site);
        tag.is_some() && own.as_ref().and_then(|site| site.text("propertyName")) == tag
    };
    if is_mapped {
        if own_tag(&child) {
            collect_children(document, &child, seen, values);
        }
        return;
    }
    if let Some(own) = EXTENSIONS.iter().find_map(|key| child.text(key)) {
        return add(own);
    }
    let Some(tag) = tag else {
        return;
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
        collect_children(document, &child, seen, values);
    }
}

fn collect_children(
    document: &Document,
    parent: &Site<'_>,
    seen: &mut BTreeSet<String>,
    values: &mut Vec<String>,
) {
    let root = Site::find(document, "").and_then(|root| root.get("components"));
    for (_, child) in root.iter().flat_map(|root| root.entries("schemas")) {
        if extends(document, &child, &parent.at, &mut BTreeSet::new()) {
            collect(document, parent, &child, seen, values);
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

/// Returns the members of each type of a union that have one value there and other ones in another type.
pub(crate) fn distinguishing(document: &Document, branches: &[Site<'_>]) -> Vec<BTreeSet<String>> {
    let texts: Vec<BTreeMap<&str, Vec<String>>> = (branches.iter())
        .map(|branch| {
            let parts = parts(document, branch);
            // Only these can have an `enum`.
            let may_have = |site: &Site<'_>| {
                let mut keys = ["enum", "$ref", "allOf"].iter();
                keys.any(|key| site.node.get(key).is_some())
            };
            let names: BTreeSet<&str> = (parts.iter())
                .flat_map(|part| part.entries("properties"))
                .filter(|(_, site)| may_have(site))
                .map(|(name, _)| name)
                .collect();
            let texts = names
                .into_iter()
                .map(|name| (name, own_texts(document, branch, name)));
            texts.filter(|(_, texts)| !texts.is_empty()).collect()
        })
        .collect();
    let differs = |index: usize, name: &str, text: &String| {
        let mut others = texts
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index);
        others.any(|(_, other)| other.get(name).is_some_and(|texts| !texts.contains(text)))
    };
    let members = texts.iter().enumerate().map(|(index, own)| {
        let own = own.iter().filter(
            |(name, texts)| matches!(texts.as_slice(), [only] if differs(index, name, only)),
        );
        own.map(|(name, _)| (*name).to_owned()).collect()
    });
    members.collect()
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
