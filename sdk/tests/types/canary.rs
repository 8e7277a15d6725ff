//! Free text in any member of any type: `Debug` does not show it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::catalog::TYPES;
use crate::sample::{CANARY, Mode, Sampler};
use crate::source::{Shape, Source};

/// The catalog as it should be.
fn catalog(source: &Source) -> String {
    let mut all: BTreeMap<String, [Vec<&str>; 2]> = BTreeMap::new();
    for (name, module) in &source.modules {
        for ty in module.types.keys() {
            let [types, _] = all.entry(source.public(name, ty)).or_default();
            types.push(ty);
        }
        for call in module.operations.keys() {
            let [_, calls] = all.entry(name.clone()).or_default();
            calls.push(call);
        }
    }
    let mut text = String::new();
    for (module, mut names) in all {
        names.iter_mut().for_each(|names| names.sort_unstable());
        let [types, calls] = names.map(|names| wrapped(&names));
        let _ = writeln!(text, "    {module} {{\n{types}    }} [\n{calls}    ]");
    }
    text
}

fn wrapped(names: &[&str]) -> String {
    let mut text = String::new();
    let mut line = String::new();
    for name in names {
        if line.len() + name.len() > 110 {
            let _ = writeln!(text, "       {line}");
            line.clear();
        }
        let _ = write!(line, " {name}");
    }
    if !line.is_empty() {
        let _ = writeln!(text, "       {line}");
    }
    text
}

#[test]
fn the_catalog_is_complete() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/types/catalog.rs");
    let there = std::fs::read_to_string(&path).unwrap();
    let (head, _) = there.split_once("catalog! {\n").unwrap();
    let wanted = format!("{head}catalog! {{\n{}}}\n", catalog(&Source::read()));
    if std::env::var_os("DINTERO_WRITE_CATALOG").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    assert!(
        there == wanted,
        "sdk/tests/types/catalog.rs is stale; its head says how to write it"
    );
}

/// Newtypes over text that are no ids and still say nothing about a person.
const HARMLESS: [&str; 7] = [
    "CallbackRef",
    "ConnectionCallbackReference",
    "Country",
    "LogoColor",
    "LogoNames",
    "LogoWidth",
    "RedirectRef",
];

#[test]
fn only_ids_among_the_newtypes_are_shown() {
    let source = Source::read();
    let text = format!("{:?}", CANARY);
    let (mut shown, mut hidden) = (0, 0);
    for entry in TYPES {
        if !matches!(source.home(entry.module, entry.name), Some((_, Shape::Id))) {
            continue;
        }
        let debug = (entry.read)(&text).unwrap();
        let shows = CANARY.split(' ').any(|piece| debug.contains(piece));
        let may = entry.name.ends_with("Id") || HARMLESS.contains(&entry.name);
        assert!(
            may || !shows,
            "{}::{} shows what it holds: `x-personal` hides it",
            entry.module,
            entry.name
        );
        shown += usize::from(shows);
        hidden += usize::from(!shows);
    }
    assert!(shown > 40 && hidden >= 3, "{shown} {hidden}");
}

#[test]
fn debug_shows_no_free_text() {
    let source = Source::read();
    let mut planted = 0;
    for mode in [Mode::Valid, Mode::Canary] {
        let sampler = Sampler {
            source: &source,
            mode,
        };
        for entry in TYPES {
            let json = sampler.named(entry.module, entry.name, 0);
            if mode == Mode::Canary && json == CANARY {
                // An id or enum by itself: its `Debug` is meant to show it.
                continue;
            }
            let text = json.to_string();
            planted += text.matches(CANARY).count();
            let (module, name) = (entry.module, entry.name);
            let shown = (entry.read)(&text);
            let shown = shown.unwrap_or_else(|error| panic!("{module}::{name}: {error}\n{text}"));
            for piece in CANARY.split(' ') {
                assert!(!shown.contains(piece), "{module}::{name}: {shown}");
            }
        }
    }
    assert!(planted > 10_000, "{planted}");
}
