//! What the documents under `spec/` cover: a table, and nothing twice.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;
use tests::table;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];
fn documents() -> BTreeMap<String, Value> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let paths = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let documents = paths.filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    documents
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, serde_yaml::from_str(&text).unwrap())
        })
        .collect()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Method, server and path of each.
fn operations(document: &Value) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item).filter(|(key, _)| METHODS.contains(&key.as_str()))
        {
            let servers = [operation, item, document].map(|place| &place["servers"][0]["url"]);
            let server = servers.into_iter().find_map(Value::as_str).unwrap();
            let server = server.trim_end_matches('/').to_owned();
            found.push((method.clone(), server, path.clone()));
        }
    }
    found
}

/// What the pages for people say of each document and of all.
fn said(counted: &BTreeMap<String, usize>, total: usize) {
    let page = |name: &str| {
        let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        std::fs::read_to_string(root.join(name)).unwrap()
    };
    let coverage = page("spec/COVERAGE.md");
    let mut known = 0;
    for (document, operations) in counted {
        let section = coverage.split_once(&format!("(`{document}`)\n"));
        let section = section.unwrap_or_else(|| panic!("spec/COVERAGE.md lacks a section whose heading ends with (`{document}`) and whose text begins: All {operations} known operations"));
        let words: Vec<&str> = section.1.split_whitespace().take(5).collect();
        let (some, all) = match words.as_slice() {
            ["All", all, ..] => (*all, *all),
            [some, "of", "the", all, ..] => (*some, *all),
            _ => panic!("COVERAGE.md does not count the operations of {document}: {words:?}"),
        };
        assert_eq!(some.parse(), Ok(*operations), "{document} in COVERAGE.md");
        known += all.parse::<usize>().unwrap();
    }
    let count = format!("{total} of the {known} known operations");
    for name in ["spec/COVERAGE.md", "README.md"] {
        assert!(page(name).contains(&count), "{name} does not say: {count}");
    }
}

#[test]
fn no_call_stands_in_two_documents() {
    let mut seen: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut rows =
        String::from("| document | operations | schemas | events |\n|---|---|---|---|\n");
    let mut total = [0; 3];
    let mut counted = BTreeMap::new();
    for (name, document) in documents() {
        let operations = operations(&document);
        let counts = [
            operations.len(),
            members(&document["components"]["schemas"]).count(),
            members(&document["x-webhooks"]).count(),
        ];
        let _ = writeln!(
            rows,
            "| {name} | {} | {} | {} |",
            counts[0], counts[1], counts[2]
        );
        total = [0, 1, 2].map(|column| total[column] + counts[column]);
        counted.insert(name.clone(), counts[0]);
        for (method, server, path) in operations {
            let call = (method, format!("{server}{path}"));
            if let Some(other) = seen.insert(call.clone(), name.clone()) {
                panic!("{} {} stands in {other} and in {name}", call.0, call.1);
            }
        }
    }
    let _ = writeln!(rows, "| all | {} | {} | {} |", total[0], total[1], total[2]);
    table::publish("What the documents cover", &rows);
    said(&counted, total[0]);
}
