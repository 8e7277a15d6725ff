//! Types of requests can't be made of JSON. How all types are shown follows from what stands in their code.

use std::fs;
use std::path::{Path, PathBuf};

use crate::source::api;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn name_in<'t>(line: &'t str, before: &str) -> Option<&'t str> {
    let rest = line.strip_prefix(before)?;
    rest.split([' ', '(', '<', ';', '{', ',', ')']).next()
}

/// `Debug` comes from the runtime, but for ids, enums and unions of types that have it from there.
#[test]
fn debug_is_the_runtimes() {
    let mut paths = Vec::new();
    files(&api(), &mut paths);
    let (mut types, mut derived) = (0, 0);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let at = path.display();
        assert!(!text.contains("Debug for "), "{at}");
        assert!(
            !text.contains(" fmt::") && !text.contains("::fmt::"),
            "{at}"
        );
        let macros = |name: &str, of: &str| {
            let (alone, more) = (format!("rt::{name}!({of});"), format!("rt::{name}!({of},"));
            text.lines()
                .any(|line| line == alone || line.starts_with(&more))
        };
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            if let Some(name) = name_in(line, "impl rt::Write for ") {
                types += 1;
                assert!(macros("data", name), "{at}: {name}");
            }
            if let Some(name) = name_in(line, "impl rt::Operation for ") {
                assert!(macros("operation", name), "{at}: {name}");
            }
            if !(line.starts_with("#[derive(") && line.contains("Debug")) {
                continue;
            }
            derived += 1;
            let item = lines[index..].iter().find(|line| line.starts_with("pub "));
            let item = item.unwrap();
            if let Some(name) = name_in(item, "pub struct ") {
                assert!(macros("id", name), "{at}: {item}");
            } else {
                let name = name_in(item, "pub enum ").unwrap();
                let known = macros("string_enum", name) || macros("integer_enum", name);
                let marker = item.ends_with("{}");
                let of_an_operation = name.ends_with("Answer") || name.ends_with("Failure");
                assert!(known || marker || of_an_operation, "{at}: {item}");
            }
        }
    }
    assert!(types > 1_000 && derived > 500, "{types} {derived}");
}

/// What a type writes, its members decide: none says of a text that it may be shown.
#[test]
fn no_type_calls_a_text_a_word() {
    let mut paths = Vec::new();
    files(&api(), &mut paths);
    let known = [
        "of(",
        "field(",
        "optional(",
        "constant(",
        "additional(",
        "into(",
    ];
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let at = path.display();
        assert!(!text.contains("Node::"), "{at}");
        for part in text.split("impl rt::Write for ").skip(1) {
            let body = part.split("\n}").next().unwrap();
            for call in body
                .split("object.")
                .skip(1)
                .chain(body.split("Object::").skip(1))
            {
                assert!(
                    known.iter().any(|known| call.starts_with(known)),
                    "{at}: {call}"
                );
            }
            for constant in body.split("object.constant(").skip(1) {
                let arguments = constant.split(");").next().unwrap();
                assert!(!arguments.contains("self"), "{at}: {arguments}");
            }
        }
    }
}
