//! Other companies' documents: the generator writes calls of every operation, which Prism judges, and every type of every
//! union is read from valid values, which hypothesis-jsonschema makes.
//!
//! `OTHER_APIS` names documents of the folder in `OPENAPI_CORPUS`, with commas between them, or `all`; without it only a
//! few small ones are tried, and no values are made.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod calls;
mod known;
mod program;
mod unions;

use std::env;
use std::path::{Path, PathBuf};

use program::Program;
use tests::table::publish;

/// The documents that are always tried.
const SAMPLE: [&str; 2] = ["oas3_petstore", "prog_propolis"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// Names and paths of the documents to be tried.
fn documents() -> Vec<(String, PathBuf)> {
    let wanted = env::var("OTHER_APIS").ok();
    let is_wanted = |name: &str| match wanted.as_deref() {
        Some("all") => true,
        Some(names) => names.split(',').any(|wanted| wanted == name),
        None => SAMPLE.contains(&name),
    };
    let mut documents = Vec::new();
    match env::var_os("OPENAPI_CORPUS") {
        Some(folder) => {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let extension = path.extension().unwrap_or_default().to_string_lossy();
                if ["json", "yaml", "yml"].contains(&&*extension) {
                    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                    documents.push((name, path));
                }
            }
        }
        None => println!("not run on other companies' documents: OPENAPI_CORPUS is not set"),
    }
    match env::var_os("DINTERO_OFFICIAL_SPEC") {
        Some(path) => documents.push(("official".to_owned(), path.into())),
        None => println!("not run on the official document: DINTERO_OFFICIAL_SPEC is not set"),
    }
    documents.retain(|(name, _)| is_wanted(name));
    documents.sort();
    documents
}

/// One test, because both parts run the same programs, and cargo builds one at a time.
#[tokio::test]
async fn other_documents_are_called_and_read_as_described() {
    let documents = documents();
    let with_values = env::var_os("OTHER_APIS").is_some();
    let (mut called, mut read) = (calls::Table::default(), unions::Table::default());
    for (name, path) in &documents {
        let program = Program::build(name, path);
        called.add(&program, path);
        if with_values {
            read.add(&program);
        }
    }
    let mut wrong = Vec::new();
    if !documents.is_empty() {
        publish(
            "Calls of other companies' operations against Prism",
            &called.text(),
        );
        wrong.extend(called.wrong);
        if with_values {
            publish("Types of unions read from valid values", &read.text());
            wrong.extend(read.wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
