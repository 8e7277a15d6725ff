//! Independent linters, run on the documents in `spec/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::process;

/// Checks that a document is valid OpenAPI.
const VALIDATOR: &str = "openapi-spec-validator==0.9.0";
/// Checks references, examples and what makes a document good to read.
const REDOCLY: &str = "@redocly/cli@2.77.0";
/// Checks much of the same in another way, and takes minutes for it.
const SPECTRAL: &str = "@stoplight/spectral-cli@6.16.3";

/// Returns the complaints; with `full` also those of Spectral.
pub(super) fn check(root: &Path, full: bool) -> Outcome<Vec<String>> {
    let documents = documents(root)?;
    let folder = root.join("target/counterparts/lint");

    let validator = python(&folder.join("python"))?;
    let redocly = npm(&folder.join("redocly"), REDOCLY, "redocly")?;
    let mut failed = Vec::new();
    let mut check = |command: &mut Command| match process::run(command.current_dir(root)) {
        Ok(()) => {}
        Err(failure) => failed.push(failure.to_string()),
    };
    check(Command::new(validator).args(&documents));
    check(
        Command::new(redocly)
            .args(["lint", "--config", "spec/lint/redocly.yaml"])
            .args(["--max-problems", "1000"])
            .args(&documents)
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
    );
    if full {
        let spectral = npm(&folder.join("spectral"), SPECTRAL, "spectral")?;
        // One at a time: it holds several copies of a document in memory.
        for document in &documents {
            check(
                Command::new(&spectral)
                    .args(["lint", "--ruleset", "spec/lint/spectral.yaml"])
                    .args(["--fail-severity", "warn"])
                    .arg(document),
            );
        }
    }
    Ok(failed)
}

/// The documents, as paths from the root.
fn documents(root: &Path) -> Outcome<Vec<String>> {
    let folder = root.join("spec");
    let entries =
        std::fs::read_dir(&folder).map_err(|error| Failure::file("list", &folder, &error))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|ext| ext == "yaml"))
        .map(|name| format!("spec/{name}"))
        .collect();
    names.sort();
    Ok(names)
}

/// Installs the validator in its own environment, which is recreated for another version.
fn python(folder: &Path) -> Outcome<PathBuf> {
    let wanted = folder.join(VALIDATOR);
    if !wanted.exists() {
        process::run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        let mut install = Command::new(folder.join("bin/python"));
        install.args(["-m", "pip", "install", "--quiet", VALIDATOR]);
        process::run(&mut install)?;
        done(&wanted)?;
    }
    Ok(folder.join("bin/openapi-spec-validator"))
}

/// A command of an npm package, in a folder of its own.
fn npm(folder: &Path, package: &str, command: &str) -> Outcome<PathBuf> {
    let wanted = folder.join(package.replace('/', "-"));
    if !wanted.exists() {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file("make", folder, &error))?;
        let mut install = Command::new("npm");
        install.args([
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]);
        process::run(install.arg("--prefix").arg(folder).arg(package))?;
        done(&wanted)?;
    }
    Ok(folder.join("node_modules/.bin").join(command))
}

/// Leaves a file behind, named after what is installed.
fn done(marker: &Path) -> Outcome {
    std::fs::write(marker, "").map_err(|error| Failure::file("write", marker, &error))
}
