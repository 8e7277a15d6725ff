//! What the documents under `spec/` cover: a table, and nothing twice.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::table;

/// Names a document of the provider.
const OFFICIAL: &str = "DINTERO_OFFICIAL_SPEC";
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];
/// Operations of the provider's older document that ours have not, and why.
const GONE: [(&str, &str); 5] = [
    (
        "post /examples/discount_code_callback_url",
        "sent by Dintero: an express callback",
    ),
    (
        "get /examples/session_url_callback",
        "sent by Dintero: a callback",
    ),
    (
        "post /examples/session_url_callback",
        "sent by Dintero: a callback",
    ),
    (
        "post /examples/shipping_address_callback_url",
        "sent by Dintero: an express callback",
    ),
    (
        "post /v2/accounts/{aid}/payout/fund-transfer",
        "replaced by /v2/accounts/{aid}/payout/fund-transfers",
    ),
];

fn read(path: &Path) -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn documents() -> BTreeMap<String, Value> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let paths = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let documents = paths.filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    documents
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                read(&path),
            )
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

#[test]
fn no_call_stands_in_two_documents() {
    let mut seen: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut rows =
        String::from("| document | operations | schemas | events |\n|---|---|---|---|\n");
    let mut total = [0; 3];
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
        for (method, server, path) in operations {
            let call = (method, format!("{server}{path}"));
            if let Some(other) = seen.insert(call.clone(), name.clone()) {
                panic!("{} {} stands in {other} and in {name}", call.0, call.1);
            }
        }
    }
    let _ = writeln!(rows, "| all | {} | {} | {} |", total[0], total[1], total[2]);
    table::publish("What the documents cover", &rows);
}

#[test]
fn whatever_the_providers_document_has() {
    let Some(path) = std::env::var_os(OFFICIAL) else {
        println!("not run: {OFFICIAL} names no document");
        return;
    };
    let ours: BTreeSet<(String, String)> = documents()
        .values()
        .flat_map(operations)
        .map(|(method, _, path)| (method, path))
        .collect();
    let missing: BTreeSet<String> = operations(&read(Path::new(&path)))
        .into_iter()
        .map(|(method, _, path)| (method, path))
        .filter(|call| !ours.contains(call))
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let known: BTreeSet<String> = GONE.iter().map(|(call, _)| (*call).to_owned()).collect();
    assert_eq!(missing, known);
}
