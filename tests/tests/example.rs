//! Programs of the repository: every example is run by the tests, and some have to be the same as something else.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
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

/// An example that no test runs may have stopped working long ago.
#[test]
fn every_example_is_run_by_the_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = fs::read_to_string(root.join("sdk/Cargo.toml")).unwrap();
    let command = fs::read_to_string(root.join("xtask/src/test.rs")).unwrap();
    let apis = fs::read_to_string(root.join("spec/sdk.toml")).unwrap();
    let mut examples = 0;
    for entry in fs::read_dir(root.join("sdk/examples")).unwrap() {
        let folder = entry.unwrap().path();
        let main = folder.join("main.rs");
        if !main.exists() {
            continue;
        }
        examples += 1;
        let name = folder.file_name().unwrap().to_str().unwrap();
        let program = fs::read_to_string(&main).unwrap();
        assert!(
            program.contains("test]\n") || folder.join("tests.rs").exists(),
            "the example `{name}` has no test"
        );
        let mut tables = manifest.split("[[example]]").skip(1);
        let table = tables.find(|table| table.contains(&format!("name = \"{name}\"\n")));
        let table = table.unwrap_or_else(|| panic!("sdk/Cargo.toml has no example `{name}`"));
        let table = table.split("\n[").next().unwrap();
        assert!(
            table.contains("test = true"),
            "cargo does not run the tests of `{name}`: set `test = true`"
        );
        // Cargo passes over an example in silence when a feature of it is off.
        let features = table.split("required-features = [").nth(1).unwrap();
        for feature in features.split(']').next().unwrap().split(',') {
            let feature = feature.trim().trim_matches('"');
            let on = manifest
                .lines()
                .find(|line| line.starts_with("default = "))
                .unwrap();
            assert!(
                on.contains(&format!("\"{feature}\""))
                    || command.contains(&format!("\n    \"{feature}\",\n"))
                    || apis.contains(&format!("\nfeature = \"{feature}\"\n")),
                "`cargo xtask test` leaves out `{name}`: the feature `{feature}` is off"
            );
        }
    }
    assert!(examples >= 10, "{examples}");
}
