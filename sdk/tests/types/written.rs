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
            let begins = [")", ",", " {"].map(|end| format!("rt::{name}!({of}{end}"));
            text.lines()
                .any(|line| begins.iter().any(|begin| line.starts_with(begin)))
        };
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            assert!(!line.contains("impl rt::Write"), "{at}: {line}");
            if let Some(name) = name_in(line, "rt::object!(").or(name_in(line, "rt::union!(")) {
                types += 1;
                assert!(!name.is_empty());
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
                let of_an_operation = name.ends_with("Output") || name.ends_with("ErrorResponse");
                assert!(known || of_an_operation, "{at}: {item}");
            }
        }
    }
    assert!(types > 1_000 && derived > 300, "{types} {derived}");
}

/// What a type writes, its members decide: none says of a text that it may be shown, but of an id.
#[test]
fn no_type_calls_a_text_a_word() {
    let mut paths = Vec::new();
    files(&api(), &mut paths);
    let known = [
        "object",
        "union",
        "string_enum",
        "integer_enum",
        "id",
        "operation",
        "headers",
        "builder",
        "call_builder",
        "hidden",
        "required",
    ];
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let at = path.display();
        assert!(!text.contains("Writer"), "{at}");
        for line in text.lines() {
            if let Some(table) = line.strip_prefix("rt::") {
                let name = table.split('!').next().unwrap();
                assert!(known.contains(&name), "{at}: {line}");
            }
        }
    }
}
