//! Documents with random changes: what becomes code compiles.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so and fails"
)]

#[path = "../../generator/tests/suite/mutants/change.rs"]
mod change;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use generator::{Input, Runtime, Target, generate_tolerant, load::Source};
use serde_json::Value;

/// How many crates are compiled; `MUTANTS_COMPILED` sets another number.
const COUNT: usize = 12;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// Returns the documents that are changed.
fn documents() -> Vec<Value> {
    let folder = root().join("generator/tests/constructs");
    let mut paths: Vec<PathBuf> = (fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let documents = paths
        .iter()
        .map(|path| serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap());
    documents
        .filter(|document: &Value| document.get("openapi").is_some())
        .collect()
}

#[test]
fn changed_documents_compile() {
    let count = env::var("MUTANTS_COMPILED")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(COUNT);
    let folder = root().join("target/generated-mutants");
    let _ = fs::remove_dir_all(&folder);
    let documents = documents();
    let mut members = Vec::new();
    let mut seed = 0;
    while members.len() < count {
        seed += 1;
        // Not those of the test that only generates.
        let document = change::changed(&documents, seed + 1_000_000);
        let name = format!("mutant-{seed}");
        let input = Input {
            document: Source {
                name: "mutant.json".to_owned(),
                text: document.to_string(),
            },
            overlays: Vec::new(),
            lock: None,
            target: Target::Crate {
                name: name.clone(),
                runtime: Runtime {
                    name: "dintero".to_owned(),
                    path: root().join("sdk").display().to_string(),
                },
            },
        };
        let Ok(output) = generate_tolerant(&input) else {
            continue;
        };
        for (path, text) in &output.files {
            let path = folder.join(&name).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text.replace("\n[workspace]\n", "")).unwrap();
        }
        fs::write(folder.join(&name).join("mutant.json"), &input.document.text).unwrap();
        members.push(name);
    }
    let listed: Vec<String> = members.iter().map(|name| format!("{name:?}")).collect();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        listed.join(", ")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["clippy", "--quiet", "--workspace", "--no-default-features"])
        .args(["--keep-going", "--", "-D", "warnings"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", root().join("target/generated"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "crates in target/generated-mutants, each beside its document:\n{text}"
    );
    println!("{count} changed documents compile");
}
