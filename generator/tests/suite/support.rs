//! Inputs of the generator, and what it returns.

use std::{fmt::Display, fs, path::Path};

use generator::{Input, Output, Runtime, Target, generate, load::Source};

/// Returns the input that generates a crate from a document.
pub(crate) fn crate_of(name: &str, text: impl Into<String>) -> Input {
    let package = name.replace(['_', '.'], "-");
    let runtime = Runtime {
        name: "runtime".to_owned(),
        path: "../runtime".to_owned(),
    };
    input(
        name,
        text,
        Target::Crate {
            name: package,
            runtime,
        },
    )
}

/// Returns the input that generates a module of another crate from a document.
pub(crate) fn module_of(name: &str, text: impl Into<String>) -> Input {
    input(
        name,
        text,
        Target::Module {
            name: name.to_owned(),
            package: "some_runtime".to_owned(),
            root: std::collections::BTreeSet::new(),
        },
    )
}

pub(crate) fn input(name: &str, text: impl Into<String>, target: Target) -> Input {
    Input {
        document: source(&format!("{name}.yaml"), text),
        overlays: Vec::new(),
        lock: None,
        target,
    }
}

pub(crate) fn source(name: &str, text: impl Into<String>) -> Source {
    Source {
        name: name.to_owned(),
        text: text.into(),
    }
}

/// Generates from an input without mistakes.
pub(crate) fn generated(input: &Input) -> Output {
    generate(input).unwrap_or_else(|errors| panic!("{}", lines(&errors)))
}

/// Returns each on a line.
pub(crate) fn lines<T: Display>(all: &[T]) -> String {
    all.iter().map(|one| format!("{one}\n")).collect()
}

/// Returns the file with objects and unions.
pub(crate) fn types(output: &Output) -> &str {
    output.files.get("src/types.rs").map_or("", String::as_str)
}

/// Returns the text of a file of this folder's neighbours.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(path),
    )
    .unwrap()
}

/// Returns a document with constructs of OpenAPI.
pub(crate) fn construct(name: &str) -> String {
    text(&format!("constructs/{name}.yaml"))
}

/// Returns all documents with constructs of OpenAPI, by name.
pub(crate) fn constructs() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/constructs");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let documents = names.into_iter().map(|name| (construct(&name), name));
    documents.map(|(text, name)| (name, text)).collect()
}
