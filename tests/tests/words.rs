//! What the documents under `spec/` say in words: everything that needs a sentence has one, none stands twice, and none is
//! taken from the provider's own document.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Names a document of the provider.
const OFFICIAL: &str = "DINTERO_OFFICIAL_SPEC";
/// As many words in a row are no accident.
const RUN: usize = 8;

fn read(path: &Path) -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Our documents, by name.
fn documents() -> BTreeMap<String, Value> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, read(&path))
        })
        .collect()
}

/// Every text under `summary` and `description`, with its JSON pointer.
fn texts(value: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                match value {
                    Value::String(text) if key == "summary" || key == "description" => {
                        found.push((pointer, text.clone()));
                    }
                    _ if matches!(key.as_str(), "example" | "examples" | "default" | "enum") => {}
                    _ => texts(value, &pointer, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn whatever_needs_a_sentence_has_one() {
    let mut silent = Vec::new();
    for (name, document) in documents() {
        let mut need = |pointer: String, value: &Value| {
            let said = value["description"].as_str().unwrap_or_default();
            if value.get("$ref").is_none() && said.trim().is_empty() {
                silent.push(format!("{name} {pointer}"));
            }
        };
        for kind in ["schemas", "parameters", "responses", "securitySchemes"] {
            for (key, value) in document["components"][kind]
                .as_object()
                .into_iter()
                .flatten()
            {
                need(format!("/components/{kind}/{key}"), value);
            }
        }
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if !operation.is_object() {
                    continue;
                }
                let place = format!("{method} {path}");
                need(place.clone(), operation);
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                for parameter in parameters {
                    need(format!("{place} {}", parameter["name"]), parameter);
                }
                for (status, response) in operation["responses"].as_object().unwrap() {
                    need(format!("{place} {status}"), response);
                }
            }
        }
    }
    assert_eq!(silent, [""; 0]);
}

#[test]
fn no_sentence_stands_twice() {
    let mut twice = Vec::new();
    for (name, document) in documents() {
        let mut found = Vec::new();
        texts(&document, "", &mut found);
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for (pointer, text) in found {
            if let Some(before) = known.insert(words(&text).join(" "), pointer.clone()) {
                twice.push(format!("{name} {before} and {pointer}: {text}"));
            }
        }
    }
    assert_eq!(twice, [""; 0]);
}

#[test]
fn no_sentence_is_the_providers() {
    let Some(path) = std::env::var_os(OFFICIAL) else {
        println!("not run: {OFFICIAL} does not name the provider's document");
        return;
    };
    let mut theirs = Vec::new();
    texts(&read(Path::new(&path)), "", &mut theirs);
    let runs: BTreeSet<Vec<String>> = (theirs.iter())
        .flat_map(|(_, text)| {
            words(text)
                .windows(RUN)
                .map(<[_]>::to_vec)
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(runs.len() > 1000, "only {} runs in {path:?}", runs.len());
    let mut taken = Vec::new();
    for (name, document) in documents() {
        let mut ours = Vec::new();
        texts(&document, "", &mut ours);
        for (pointer, text) in ours {
            let words = words(&text);
            let run = words.windows(RUN).find(|run| runs.contains(*run));
            taken.extend(run.map(|run| format!("{name} {pointer}: {}", run.join(" "))));
        }
    }
    assert_eq!(taken, [""; 0]);
}
