//! Generated crates compile, without a warning of rustc, clippy or rustdoc: one for each construct of OpenAPI, one for
//! the official payments document and one for each document of other companies in reach.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use generator::{Input, Runtime, Target, generate, load::Source};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// Writes a crate as a member of a workspace; the manifest of a crate of its own declares one itself.
fn write(folder: &Path, name: &str, document: &Path) {
    let input = Input {
        document: Source {
            name: document.file_name().unwrap().to_string_lossy().into_owned(),
            text: fs::read_to_string(document).unwrap(),
        },
        overlays: Vec::new(),
        lock: None,
        target: Target::Crate {
            name: name.to_owned(),
            runtime: Runtime {
                name: "dintero".to_owned(),
                path: root().join("sdk").display().to_string(),
            },
        },
    };
    let output = generate(&input).unwrap_or_else(|errors| {
        panic!(
            "{}",
            errors
                .iter()
                .map(|error| format!("{error}\n"))
                .collect::<String>()
        )
    });
    for (path, text) in &output.files {
        let path = folder.join(name).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = match path.ends_with("Cargo.toml") {
            true => text.replace("\n[workspace]\n", ""),
            false => text.clone(),
        };
        fs::write(path, text).unwrap();
    }
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", root().join("target/generated"))
        .env("RUSTDOCFLAGS", "-D warnings")
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo {arguments:?} failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn generated_crates_compile_without_a_warning() {
    let folder = root().join("target/generated-crates");
    let _ = fs::remove_dir_all(&folder);
    let mut documents: Vec<(String, PathBuf)> =
        fs::read_dir(root().join("generator/tests/constructs"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                (
                    path.file_stem()
                        .unwrap()
                        .to_string_lossy()
                        .replace('_', "-"),
                    path,
                )
            })
            .collect();
    match env::var_os("DINTERO_OFFICIAL_SPEC") {
        Some(path) => documents.push(("official".to_owned(), path.into())),
        None => println!("not run on the official document: DINTERO_OFFICIAL_SPEC is not set"),
    }
    documents.sort();
    for (name, document) in &documents {
        write(&folder, name, document);
    }
    let members: Vec<String> = documents
        .iter()
        .map(|(name, _)| format!("{name:?}"))
        .collect();
    fs::write(
        folder.join("Cargo.toml"),
        format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
            members.join(", ")
        ),
    )
    .unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    cargo(
        &folder,
        &["clippy", "--quiet", "--workspace", "--", "-D", "warnings"],
    );
    cargo(&folder, &["doc", "--quiet", "--workspace", "--no-deps"]);
    println!(
        "{} generated crates compile without a warning",
        documents.len()
    );
}
