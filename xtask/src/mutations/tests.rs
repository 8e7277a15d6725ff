//! That nothing public is missing in a surface: what `diff` does not compare, the program does not use either.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::{BTreeMap, BTreeSet};

use generator::surface::describe_together;
use syn::{Fields, ImplItem, Item, TraitItem, Visibility};

use super::{few, make, shop};
use crate::codegen::{sdk_tree, settings, units};
use crate::{diff, workspace};

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// How a program names each public item of a file.
fn named(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut add = |before: &str, ident: &syn::Ident| {
        names.insert(format!("{before}{ident}"));
    };
    for item in syn::parse_file(text).unwrap().items {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                add("::", &item.ident);
                if let Fields::Named(fields) = &item.fields {
                    let public = fields.named.iter().filter(|field| is_public(&field.vis));
                    public.for_each(|field| add(".", field.ident.as_ref().unwrap()));
                }
            }
            Item::Enum(item) if is_public(&item.vis) => {
                add("::", &item.ident);
                item.variants
                    .iter()
                    .for_each(|variant| add("::", &variant.ident));
            }
            Item::Static(item) if is_public(&item.vis) => add("::", &item.ident),
            Item::Type(item) if is_public(&item.vis) => add("::", &item.ident),
            Item::Trait(item) => {
                for one in &item.items {
                    if let TraitItem::Fn(function) = one {
                        add(".", &function.sig.ident);
                    }
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                for one in &item.items {
                    if let ImplItem::Fn(function) = one
                        && is_public(&function.vis)
                    {
                        add(".", &function.sig.ident);
                    }
                }
            }
            _ => {}
        }
    }
    names
}

/// Everything that a program names.
fn words(program: &str) -> BTreeSet<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    let mut words = BTreeSet::new();
    for mark in [".", "::"] {
        for part in program.split(mark).skip(1) {
            let end = part.find(|c| !is_word(c)).unwrap_or(part.len());
            words.insert(format!("{mark}{}", &part[..end]));
        }
    }
    words
}

fn missing(files: &BTreeMap<String, String>, program: &str) -> Vec<String> {
    let words = words(program);
    // The compiler names a missing value by these; code can't use them.
    let files = files
        .iter()
        .filter(|(path, _)| !path.ends_with("required.rs"));
    let public =
        files.flat_map(|(path, text)| named(text).into_iter().map(move |name| (path, name)));
    let every = ["::Unrecognized", ".extra"];
    public
        .filter(|(_, name)| !every.contains(&name.as_str()) && !words.contains(name))
        .map(|(path, name)| format!("{path}: {name}"))
        .collect()
}

#[test]
fn a_program_uses_everything_public_of_the_small_documents() {
    let base = shop().unwrap();
    let program = base.surface.program("api");
    assert_eq!(missing(&base.files, &program), [""; 0]);
    // The test sees what is missing.
    let without = program.replace("created_after", "other");
    assert!(!missing(&base.files, &without).is_empty());
}

#[test]
fn a_program_uses_everything_public_of_the_sdk() {
    let root = workspace::root();
    let settings = settings::read(&root).unwrap();
    let described = describe_together(&diff::inputs(&root).unwrap(), &units(&settings)).unwrap();
    let program = described.surface.program("dintero");
    let files = sdk_tree(&root).unwrap().0.unwrap().files;
    let generated = files
        .into_iter()
        .filter(|(path, _)| path.starts_with("sdk/src/api/"));
    assert_eq!(missing(&generated.collect(), &program), [""; 0]);
}

#[test]
fn there_are_enough_changes() {
    let base = shop().unwrap();
    let all = make::all(&base.document);
    assert!(all.len() >= 150, "{}", all.len());
    let kinds: BTreeSet<&str> = all.iter().map(|one| one.kind).collect();
    assert!(kinds.len() >= 90, "{}", kinds.len());
    assert!((30..40).contains(&few(all).len()));
}
