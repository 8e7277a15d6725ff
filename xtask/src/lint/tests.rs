//! Findings in a document that has every kind, and what `--fix` writes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::fs;
use std::path::Path;

use super::*;

const DOCUMENT: &str = include_str!("tests/worse.yaml");

fn options(folder: &Path, is_fixed: bool) -> Options {
    Options {
        fix: is_fixed,
        overlays: vec![folder.join("overlay.yaml")],
        ..Options::default()
    }
}

fn rules(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| line.starts_with('['));
    lines
        .filter_map(|line| line.get(1..)?.split(']').next())
        .collect()
}

#[test]
fn the_documents_of_the_sdk_have_no_findings() {
    let (text, count) = spec(&workspace::root(), false).unwrap();
    assert_eq!(count, 0, "{text}");
}

#[test]
fn a_document_with_every_kind_of_finding() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let document = folder.join("worse.yaml");
    fs::write(&document, DOCUMENT).unwrap();
    let (text, count) = one(&document, &Options::default()).unwrap();
    assert_eq!(
        rules(&text),
        [
            "operation-id",
            "operation-id",
            "inline-type",
            "colliding-name",
            "bad-name",
            "text-enum",
            "text-enum",
            "untyped",
            "untyped",
            "untyped",
            "regex-format",
        ],
        "{text}"
    );
    assert_eq!(count, 11);
    for part in [
        "the operation `get_orders` is badly named: it is made of method and path",
        "x-rust-name: list_orders",
        "worse.yaml:9:5",
        "at #/paths/~1orders/get",
        "x-rust-name: PositionCoordinates",
        "enum:\n             - open\n             - paid\n",
        "pattern: '^[0-9]{4}$'",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }

    // A fix that needs a decision is not written.
    let (text, count) = one(&document, &options(folder, true)).unwrap();
    assert!(text.contains("actions for 7 findings added"), "{text}");
    assert_eq!(
        rules(&text),
        ["operation-id", "colliding-name", "untyped", "untyped"],
        "{text}"
    );
    assert_eq!(count, 4);
    let overlay = fs::read_to_string(folder.join("overlay.yaml")).unwrap();
    assert!(overlay.starts_with("overlay: 1.0.0\n"), "{overlay}");
    assert!(overlay.contains("extends: worse.yaml\n"), "{overlay}");
    assert!(!overlay.contains('…'), "{overlay}");

    // The second time, there is nothing to add.
    let (again, _) = one(&document, &options(folder, true)).unwrap();
    assert!(!again.contains("added"), "{again}");
    let same = fs::read_to_string(folder.join("overlay.yaml")).unwrap();
    assert_eq!(same, overlay);

    // The code has what the actions say.
    let source = |name: &str| Source {
        name: name.to_owned(),
        text: fs::read_to_string(folder.join(name)).unwrap(),
    };
    let output = generator::generate(&Input {
        document: source("worse.yaml"),
        overlays: vec![source("overlay.yaml")],
        lock: None,
        target: Target::Crate {
            name: "worse".to_owned(),
            runtime: generator::Runtime {
                name: PACKAGE.to_owned(),
                path: "../sdk".to_owned(),
            },
        },
    })
    .unwrap();
    let code: String = output.files.into_values().collect();
    for part in [
        "pub fn list_orders(",
        "pub struct PositionCoordinates",
        "pub state: Option<",
        "pub weight: Option<",
    ] {
        assert!(code.contains(part), "{part} is missing");
    }
}

#[test]
fn an_overlay_keeps_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let document = folder.join("worse.yaml");
    fs::write(&document, DOCUMENT).unwrap();
    let old = "# Ours\noverlay: 1.0.0\ninfo: { title: t, version: '1' }\nactions:\n    # first\n    - target: $.info\n      description: why   # because\n      update: { x-a: 1 }\n";
    fs::write(folder.join("overlay.yaml"), old).unwrap();
    one(&document, &options(folder, true)).unwrap();
    let new = fs::read_to_string(folder.join("overlay.yaml")).unwrap();
    assert!(new.starts_with(old), "{new}");
    assert!(
        new.contains("\n    - target: $.paths['/orders'].get\n"),
        "{new}"
    );
}

/// An operation that another path has by reference is nowhere in the text that an overlay changes.
#[test]
fn actions_that_do_not_help_are_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let document = folder.join("worse.yaml");
    let text = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\nservers: [{ url: https://api.example.com }]\npaths:\n  /orders:\n    delete: { responses: { '204': { description: None. } } }\n  /bills: { $ref: '#/paths/~1orders' }\n  /pets:\n    delete: { responses: { '204': { description: None. } } }\n";
    fs::write(&document, text).unwrap();
    let (said, count) = one(&document, &options(folder, true)).unwrap();
    assert!(said.contains("actions for 2 findings added"), "{said}");
    // Both have the same name now.
    assert_eq!((rules(&said), count), (vec!["colliding-name"], 1), "{said}");
    let overlay = fs::read_to_string(folder.join("overlay.yaml")).unwrap();
    assert!(!overlay.contains("/bills"), "{overlay}");
}

#[test]
fn actions_that_are_not_needed_are_findings() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let document = folder.join("worse.yaml");
    let clean = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\nservers: [{ url: https://api.example.com }]\npaths:\n  /orders:\n    delete: { operationId: delete_orders, responses: { '204': { description: None. } } }\n";
    fs::write(&document, clean).unwrap();
    let overlay = "overlay: 1.0.0\ninfo: { title: t, version: '1' }\nactions:\n  - target: $.info\n    description: why\n    update: { title: T }\n  - target: $.paths['/order']\n    description: why\n    remove: true\n";
    fs::write(folder.join("overlay.yaml"), overlay).unwrap();
    let (text, count) = one(&document, &options(folder, false)).unwrap();
    assert_eq!(count, 2, "{text}");
    assert!(text.contains("overlay.yaml:4:13"), "{text}");
    assert!(text.contains("this action changes nothing"), "{text}");
    assert!(
        text.contains("did you mean `$.paths['/orders']`?"),
        "{text}"
    );
}

#[test]
fn exceptions_have_an_effect() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let document = folder.join("worse.yaml");
    let text = |allowed: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\nservers: [{{ url: https://api.example.com }}]\npaths:\n  /orders:\n    delete:\n      x-lint-allow: [{allowed}]\n      responses: {{ '204': {{ description: None. }} }}\n"
        )
    };
    for (allowed, expected) in [
        ("", &["operation-id"][..]),
        ("operation-id", &[]),
        ("operation-id, untyped", &["allow"]),
        ("operation-id, nonsense", &["allow"]),
    ] {
        fs::write(&document, text(allowed)).unwrap();
        let (said, _) = one(&document, &Options::default()).unwrap();
        assert_eq!(rules(&said), expected, "{said}");
    }
}

#[test]
fn other_companies_documents_are_fixed() {
    let Some(corpus) = std::env::var_os("OPENAPI_CORPUS") else {
        println!("not run: OPENAPI_CORPUS is not set");
        return;
    };
    let mut count = 0;
    for document in workspace::files(Path::new(&corpus)).unwrap() {
        let is_document = document.extension().is_some_and(|end| end != "md");
        // The others take too long.
        if !is_document || fs::metadata(&document).unwrap().len() > 150_000 {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        one(&document, &options(folder, true)).unwrap();
        let overlay = folder.join("overlay.yaml");
        if !overlay.exists() {
            continue;
        }
        count += 1;
        let written = fs::read_to_string(&overlay).unwrap();
        let (again, _) = one(&document, &options(folder, true)).unwrap();
        assert_eq!(fs::read_to_string(&overlay).unwrap(), written, "{again}");
        let read = |path: &Path| Source {
            name: path.display().to_string(),
            text: fs::read_to_string(path).unwrap(),
        };
        let input = Input {
            document: read(&document),
            overlays: vec![read(&overlay)],
            lock: None,
            target: Target::Crate {
                name: "fixed".to_owned(),
                runtime: generator::Runtime {
                    name: PACKAGE.to_owned(),
                    path: "../sdk".to_owned(),
                },
            },
        };
        let output = generator::generate_tolerant(&input);
        assert!(output.is_ok(), "{}: {:?}", document.display(), output.err());
    }
    assert!(count > 4, "{count} documents were fixed");
}
