//! Programs of the repository that have to be the same as something else.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    reason = "a test that can't go on says so and fails"
)]

use std::fs;
use std::path::Path;

use serde_json::Value;

#[test]
fn the_embedded_answer_is_the_example_of_the_document() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let document: Value =
        serde_yaml::from_str(&fs::read_to_string(root.join("spec/insight.yaml")).unwrap()).unwrap();
    let embedded: Value = serde_json::from_str(
        &fs::read_to_string(root.join("sdk/examples/kpis/answer.json")).unwrap(),
    )
    .unwrap();
    let operation = &document["paths"]["/accounts/{aid}/insight/kpi/checkout"]["get"];
    let example = &operation["responses"]["200"]["content"]["application/json"]["example"];
    assert!(example.is_array());
    assert_eq!(&embedded, example);
}

#[test]
fn the_program_that_is_measured_is_the_one_of_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let measured = fs::read_to_string(root.join("tests/program/src/bin/ours.rs")).unwrap();
    let (_, shown) = readme.split_once("```rust,no_run\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let (_, measured) = measured.split_once("\n\n").unwrap();
    // The README has longer lines than rustfmt makes.
    let letters = |text: &str| text.replace(char::is_whitespace, "").replace(",)", ")");
    assert_eq!(letters(measured), letters(shown));
}
