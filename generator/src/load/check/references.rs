//! Checks that references lead to an object of the right kind in this document, and not in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        Node, Place,
        table::{Kind, Rest, Want, shape},
        tree::{Index, escape, tokens},
    },
    Check,
};
use crate::diagnostic::{Mend, overlay_merge, overlay_remove, overlay_set};

/// A `$ref` as found.
#[derive(Debug)]
pub(super) struct Reference {
    /// The kind of object that the reference replaces.
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) place: Place,
    /// Of the `$ref` itself.
    pub(super) pointer: String,
}

/// A value of a discriminator as found.
#[derive(Debug)]
pub(super) struct Mapping {
    pub(super) tag: String,
    /// A reference, or the name of a schema.
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) pointer: String,
}

pub(super) fn check(check: &mut Check<'_>, root: &Node) {
    let tree = &(root, Index::of(root));
    let mut targets: BTreeMap<String, Kind> = BTreeMap::new();
    for reference in &std::mem::take(&mut check.references) {
        if let Some(target) = one(check, tree, reference) {
            targets.insert(target, reference.kind);
        }
    }
    circles(check, tree, &targets);
    mappings(check, root);
}

/// The pointer that a reference within the document names, with percent escapes undone.
pub(in super::super) fn decoded(text: &str) -> Option<String> {
    let fragment = text.strip_prefix('#')?;
    if !fragment.contains('%') {
        return Some(fragment.to_owned());
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let value = digit(rest.next())? * 16 + digit(rest.next())?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Checks one reference; returns its target if it is valid.
fn one(
    check: &mut Check<'_>,
    (root, index): &(&Node, Index),
    reference: &Reference,
) -> Option<String> {
    let Reference {
        kind,
        text,
        place,
        pointer,
    } = reference;
    let name = shape(*kind).name;
    let mut report = |what: String, help: String| {
        let found = check.texts.error(place, pointer.clone(), what, help);
        check.findings.errors.push(found);
        None
    };
    let parent = pointer.strip_suffix("/$ref").unwrap_or(pointer);
    let Some(target) = decoded(text) else {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let (what, first) = if text.contains("://") {
            (
                "leads to another host; only files in the folder of the document are read",
                "",
            )
        } else if file.is_empty() {
            return report(
                format!("`$ref: {text}` has an invalid percent escape"),
                "write the character itself, or escape it as UTF-8".to_owned(),
            );
        } else if check.texts.has(file) {
            let last = fragment.rsplit('/').next().unwrap_or_default();
            return report(
                format!("`$ref: {text}` leads to nothing"),
                format!("`{file}` has no `{last}` there, or more than one"),
            );
        } else if file.starts_with("../") || file.starts_with('/') {
            (
                "leads out of the folder of the document; only files in it are read",
                "move the file into it; or ",
            )
        } else {
            (
                "leads to another file, which is not in the folder of the document",
                "put the file there; or ",
            )
        };
        let help = match shape(*kind).referable {
            true => format!(
                "{first}copy {name} into the document: remove the reference in an overlay, and say what it stood for:\n{}\n{}",
                overlay_remove(pointer),
                overlay_merge(parent, "{ … }"),
            ),
            false => format!(
                "{first}leave it out. In an overlay:\n{}",
                overlay_remove(parent)
            ),
        };
        return report(format!("`$ref: {text}` {what}"), help);
    };
    if tokens(&target).is_none() || target.is_empty() {
        return report(
            format!("`$ref: {text}` names nothing in this document"),
            "a reference reads `#/components/…/Name`".to_owned(),
        );
    }
    if index.at(root, &target).is_none() {
        let (around, last) = target.rsplit_once('/').unwrap_or(("", &target));
        let last = super::super::unescape(last);
        let names = root
            .at(around)
            .and_then(Node::as_object)
            .unwrap_or_default();
        let help = match check.names.nearest(&last, names) {
            Some(near) => {
                let value = format!("'#{around}/{}'", escape(near));
                format!(
                    "did you mean `{near}`? In an overlay:\n{}",
                    overlay_set(pointer, &value)
                )
            }
            None => format!(
                "add {name} there, or point elsewhere. In an overlay:\n{}",
                overlay_set(pointer, "'#/components/…'")
            ),
        };
        return report(format!("`$ref: {text}` leads to nothing"), help);
    }
    let found = kind_at(&target);
    if found != Some(*kind) {
        let what = match found {
            Some(found) => format!(
                "`$ref: {text}` leads to {}, not to {name}",
                shape(found).name
            ),
            None => format!("`$ref: {text}` leads to something that is not {name}"),
        };
        let help = format!(
            "point at {name}. In an overlay:\n{}",
            overlay_set(pointer, "'#/components/…'")
        );
        return report(what, help);
    }
    Some(target)
}

/// Returns the kind of object at a pointer, by the table.
fn kind_at(pointer: &str) -> Option<Kind> {
    let mut want = Want::Is(Kind::Root);
    for token in tokens(pointer)? {
        want = match want {
            Want::Is(kind) => step(kind, &token)?,
            Want::FlagOrSchema => step(Kind::Schema, &token)?,
            Want::Many(kind) | Want::Map(kind) => Want::Is(kind),
            _ => return None,
        };
    }
    match want {
        Want::Is(kind) => Some(kind),
        Want::FlagOrSchema => Some(Kind::Schema),
        _ => None,
    }
}

fn step(kind: Kind, token: &str) -> Option<Want> {
    let shape = shape(kind);
    match shape.rest {
        Rest::Closed => shape.field(token),
        _ => shape.want(token),
    }
}

/// Reports targets that only refer to each other, or that contain themselves through `allOf`: they have no meaning.
fn circles(
    check: &mut Check<'_>,
    (root, index): &(&Node, Index),
    targets: &BTreeMap<String, Kind>,
) {
    let edges = |pointer: &str| {
        let mut out = Vec::new();
        if let Some(node) = index.at(root, pointer) {
            must(node, pointer.to_owned(), &mut out);
        }
        out.retain(|(target, _)| targets.contains_key(target));
        out
    };
    let mut done: BTreeSet<String> = BTreeSet::new();
    for start in targets.keys() {
        if done.contains(start) {
            continue;
        }
        // Depth first without recursion: chains can be as long as the document.
        let mut path: Vec<(String, Vec<(String, String)>)> = vec![(start.clone(), edges(start))];
        let mut on_path: BTreeSet<String> = BTreeSet::from([start.clone()]);
        while let Some((here, open)) = path.last_mut() {
            let Some((target, reference)) = open.pop() else {
                on_path.remove(here);
                done.insert(here.clone());
                path.pop();
                continue;
            };
            if on_path.contains(&target) {
                let names: Vec<&str> = (path.iter().map(|(name, _)| name.as_str()))
                    .skip_while(|name| **name != *target)
                    .chain([target.as_str()])
                    .collect();
                report_circle(check, root, &names, &reference);
            } else if !done.contains(&target) {
                on_path.insert(target.clone());
                let open = edges(&target);
                path.push((target, open));
            }
        }
    }
}

fn report_circle(check: &mut Check<'_>, root: &Node, names: &[&str], reference: &str) {
    let names: Vec<String> = names.iter().map(|name| format!("`#{name}`")).collect();
    let what = format!(
        "references in a circle that never reach a schema: {}",
        names.join(" -> ")
    );
    let place = root.at(reference).map_or(&root.place, |node| &node.place);
    let around = reference.strip_suffix("/$ref").unwrap_or(reference);
    let help = format!(
        "take one of them out. In an overlay:\n{}",
        overlay_remove(around)
    );
    let found = check.texts.error(place, reference, what, help);
    check.findings.errors.push(found);
}

/// Returns the references that an object consists of: its own and those of its `allOf`, as target and pointer of the `$ref`.
fn must(node: &Node, pointer: String, out: &mut Vec<(String, String)>) {
    if let Some(text) = node.get("$ref").and_then(Node::as_str)
        && let Some(target) = decoded(text)
    {
        out.push((target, format!("{pointer}/$ref")));
    }
    let parts = node
        .get("allOf")
        .and_then(Node::as_array)
        .unwrap_or_default();
    for (index, part) in parts.iter().enumerate() {
        must(part, format!("{pointer}/allOf/{index}"), out);
    }
}

/// Checks that discriminator mappings name schemas, by name or by reference.
fn mappings(check: &mut Check<'_>, root: &Node) {
    let schemas = root.at("/components/schemas");
    let named = schemas.and_then(Node::as_object).unwrap_or_default();
    for mapping in std::mem::take(&mut check.mappings) {
        let Mapping {
            tag,
            text,
            place,
            pointer,
        } = mapping;
        let known = schemas.is_some_and(|all| all.get(&text).is_some())
            || decoded(&text)
                .is_some_and(|to| kind_at(&to) == Some(Kind::Schema) && root.at(&to).is_some());
        if known {
            continue;
        }
        let last = text.rsplit('/').next().unwrap_or(&text);
        let near = check.names.nearest(last, named);
        let value = format!("'#/components/schemas/{}'", near.map_or("…".into(), escape));
        let question = near.map_or("in an overlay:".to_owned(), |near| {
            format!("did you mean `{near}`? In an overlay:")
        });
        let what = format!(
            "the discriminator value `{tag}` leads to `{text}`, which is not a schema of this document"
        );
        let help = format!("{question}\n{}", overlay_set(&pointer, &value));
        // With what is left of it, values would be sent with a wrong tag.
        let (discriminator, _) = pointer.rsplit_once("/mapping/").unwrap_or_default();
        let mend = Mend::Remove(discriminator.to_owned());
        let found = check.texts.error(&place, pointer, what, help);
        check.findings.errors.push(found.mended_by(mend));
    }
}
