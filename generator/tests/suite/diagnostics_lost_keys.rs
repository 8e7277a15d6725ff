//! openapiv3 written back over every document in reach: a key that is lost is listed by `unread`, or is a default.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use generator::load::{Document, Library, Node, Source, escape, load};
use openapiv3::{ReferenceOr, Schema};
use serde_json::Value;

/// Keys whose value says what holds without them as well, wherever they stand in this list of values.
const DEFAULTS: &[(&str, &str)] = &[
    ("required", "false"),
    ("deprecated", "false"),
    ("nullable", "false"),
    ("readOnly", "false"),
    ("writeOnly", "false"),
    ("uniqueItems", "false"),
    ("exclusiveMinimum", "false"),
    ("exclusiveMaximum", "false"),
    ("allowEmptyValue", "false"),
    ("allowReserved", "false"),
    ("explode", "false"),
    ("explode", "true"),
    ("style", "\"simple\""),
    ("style", "\"form\""),
];

/// Keys that are generated from the tree, wherever openapiv3 leaves them.
const CARRIED: &[&str] = &[
    "/default",
    "/enum",
    "/example",
    "/exclusiveMaximum",
    "/exclusiveMinimum",
    "/format",
    "/maxItems",
    "/maxLength",
    "/maxProperties",
    "/maximum",
    "/minItems",
    "/minLength",
    "/minProperties",
    "/minimum",
    "/multipleOf",
    "/nullable",
    "/pattern",
    "/readOnly",
    "/required",
    "/uniqueItems",
    "/writeOnly",
];

/// Whether a pointer leads to one of these, or into it.
fn is_carried(pointer: &str) -> bool {
    let of_schema = CARRIED
        .iter()
        .any(|key| pointer.ends_with(key) || pointer.contains(&format!("{key}/")));
    let is_exploded = ["/encoding/", "/headers/"]
        .iter()
        .any(|owner| pointer.contains(owner));
    of_schema || (is_exploded && pointer.ends_with("/explode"))
}

fn source(path: &Path) -> Source {
    Source {
        name: path.display().to_string(),
        text: std::fs::read_to_string(path).expect("readable"),
    }
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = (std::fs::read_dir(folder).into_iter().flatten())
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "json" || end == "yaml" || end == "yml")
        })
        .collect();
    files.sort();
    files
}

/// Pointers of what the tree has and the typed document has not. Written without any help of the loader's own comparison.
fn lost(tree: &Value, typed: Option<&Value>, at: &str, out: &mut Vec<String>) {
    let Some(typed) = typed else {
        let key = at.rsplit('/').next().unwrap_or("");
        let written = tree.to_string();
        let is_default = DEFAULTS
            .iter()
            .any(|(name, value)| *name == key && *value == written);
        let is_empty = matches!(tree, Value::Array(items) if items.is_empty())
            || matches!(tree, Value::Object(o) if o.is_empty());
        if !is_default && !is_empty {
            out.push(at.to_owned());
        }
        return;
    };
    match (tree, typed) {
        (Value::Object(members), Value::Object(typed)) => {
            for (key, value) in members {
                lost(value, typed.get(key), &format!("{at}/{}", escape(key)), out);
            }
        }
        (Value::Array(items), Value::Array(typed)) => {
            for (index, value) in items.iter().enumerate() {
                lost(value, typed.get(index), &format!("{at}/{index}"), out);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        _ => out.push(at.to_owned()),
    }
}

fn lost_of(document: &Document) -> Vec<String> {
    let mut typed = serde_json::to_value(&document.openapi).expect("writable");
    // The generator reads these one by one and keeps none.
    let schemas = document.node("/components/schemas").map(Node::to_json);
    if let Some(Value::Object(schemas)) = schemas {
        for (name, schema) in schemas {
            let read: ReferenceOr<Schema> = serde_json::from_value(schema).expect("readable");
            typed["components"]["schemas"][name] = serde_json::to_value(read).expect("writable");
        }
    }
    let mut out = Vec::new();
    lost(&document.root().to_json(), Some(&typed), "", &mut out);
    out
}

/// Fails when a key of the document is lost and not listed; gives how many are.
fn check(document: &Document, name: &str) -> usize {
    let listed: BTreeSet<&str> = document
        .unread()
        .iter()
        .map(|found| found.pointer.as_str())
        .collect();
    let lost = lost_of(document);
    for pointer in &lost {
        assert!(
            listed.contains(pointer.as_str()) || is_carried(pointer),
            "{name}: {pointer} is lost, and nobody says so"
        );
    }
    lost.len()
}

#[test]
fn the_documents_of_this_repository() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let sources: Vec<(Source, Vec<Source>)> = (documents(&spec).iter())
        .map(|path| {
            let file = path.file_name().expect("a name");
            let overlays = Some(spec.join("overlays").join(file))
                .filter(|path| path.exists())
                .map(|path| source(&path))
                .into_iter()
                .collect();
            // What documents call each other.
            let name = file.to_string_lossy().into_owned();
            let document = source(path);
            (Source { name, ..document }, overlays)
        })
        .collect();
    let library = Library::read(
        sources
            .iter()
            .map(|(document, overlays)| (document, overlays.as_slice())),
    );
    for (number, (Source { name, .. }, _)) in sources.iter().enumerate() {
        match library.document(number) {
            Ok(document) => println!("{name}: {} lost keys, all listed", check(&document, name)),
            Err(found) => panic!(
                "{}",
                found.iter().map(|d| format!("{d}\n\n")).collect::<String>()
            ),
        }
    }
}

#[test]
fn the_published_payments_document() {
    let Ok(file) = std::env::var("DINTERO_OFFICIAL_SPEC") else {
        println!("not run: DINTERO_OFFICIAL_SPEC is not set");
        return;
    };
    match load(&source(Path::new(&file)), &[]) {
        Ok(document) => println!("{file}: {} lost keys, all listed", check(&document, &file)),
        Err(found) => panic!(
            "{}",
            found.iter().map(|d| format!("{d}\n\n")).collect::<String>()
        ),
    }
}

#[test]
fn a_corpus_of_documents() {
    let Ok(folder) = std::env::var("OPENAPI_CORPUS") else {
        println!("not run: OPENAPI_CORPUS is not set");
        return;
    };
    let mut read = 0;
    for path in documents(Path::new(&folder)) {
        let name = path.display().to_string();
        match load(&source(&path), &[]) {
            Ok(document) => {
                read += 1;
                println!("{name}: {} lost keys, all listed", check(&document, &name));
            }
            // Other versions, references to other hosts.
            Err(found) => println!("{name}: refused: {}", found[0].what),
        }
    }
    assert!(read > 0, "no document of the corpus was read");
}

/// A document with everything that is known to be lost, so that the comparison has something to find.
#[test]
fn what_is_known_to_be_lost() {
    let text = "\
openapi: 3.0.3
info: { title: Pets, version: '1' }
paths:
  /pets:
    get:
      parameters: [{ name: limit, in: query, explode: false, schema: { type: integer, minimum: 0.5, xml: { name: limit } } }]
      requestBody: { content: { multipart/form-data: { schema: {}, encoding: { a: { explode: false, contentType: a/b } } } } }
      responses:
        '200': { description: pets, headers: { x-count: { schema: { type: integer, enum: [1, 2.5] }, explode: true, allowReserved: true } } }
components:
  schemas:
    A: { type: integer, maximum: 18446744073709551615, uniqueItems: true }
    B: { type: object, oneOf: [{ type: string, xml: { attribute: true } }], enum: [], externalDocs: { url: a, more: b } }
    C: { type: string, contentEncoding: base64, examples: [a] }
";
    let document = load(
        &Source {
            name: "pets.yaml".to_owned(),
            text: text.to_owned(),
        },
        &[],
    )
    .expect("good");
    check(&document, "pets.yaml");
    let listed: Vec<&str> = document
        .unread()
        .iter()
        .map(|found| found.pointer.as_str())
        .collect();
    insta::assert_snapshot!(listed.join("\n"));
}
