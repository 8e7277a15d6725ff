//! Checks many small crates, each with a program, by one run of cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use generator::{Input, Target};
use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::process;

/// A crate with generated modules, and a program that uses it.
pub(crate) struct Crate {
    number: usize,
    files: BTreeMap<String, String>,
}

/// By number of a crate: the first error.
pub(crate) struct Checked {
    pub(crate) libraries: BTreeMap<usize, String>,
    pub(crate) programs: BTreeMap<usize, String>,
}

impl Crate {
    pub(crate) fn new(
        number: usize,
        modules: &BTreeMap<String, String>,
        program: &str,
        inputs: &[Input],
    ) -> Self {
        let mut files = library(modules, inputs);
        let program = program.replacen('\n', &format!("\nuse m{number:03} as api;\n"), 1);
        files.insert("program.rs".to_owned(), program);
        let manifest = format!(
            "[package]\nname = \"m{number:03}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [[bin]]\nname = \"p{number:03}\"\npath = \"program.rs\"\n\n\
             [dependencies]\ndintero.workspace = true\n"
        );
        files.insert("Cargo.toml".to_owned(), manifest);
        Self { number, files }
    }
}

/// The files of a crate with these modules, without its manifest.
pub(super) fn library(
    modules: &BTreeMap<String, String>,
    inputs: &[Input],
) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = (modules.iter())
        .map(|(path, text)| (format!("src/{path}"), text.clone()))
        .collect();
    let mut lib = String::from(
        "#![allow(warnings)]\npub use dintero::rt;\n#[derive(Clone)]\npub struct Client;\n",
    );
    if modules.contains_key("ids.rs") {
        lib.push_str("pub mod ids;\n");
    }
    for input in inputs {
        if let Target::Module { name, .. } = &input.target {
            let _ = writeln!(lib, "pub mod {name};");
        }
    }
    files.insert("src/lib.rs".to_owned(), lib);
    files
}

/// Where the crates are, below the repository.
pub(crate) const FOLDER: &str = "target/mutations";

/// Checks crates in a folder; all folders share the built runtime.
pub(crate) fn check(root: &Path, folder: &str, crates: &[Crate]) -> Outcome<Checked> {
    let folder = root.join(folder);
    let mut members = BTreeSet::new();
    for one in crates {
        let name = format!("m{:03}", one.number);
        let own = folder.join(&name);
        // Files of earlier runs would be compiled as well.
        if own.join("src").exists() {
            fs::remove_dir_all(own.join("src"))
                .map_err(|error| Failure::file("remove", &own, &error))?;
        }
        for (path, text) in &one.files {
            write(&own.join(path), text)?;
        }
        members.insert(name);
    }
    let members: Vec<String> = members.iter().map(|name| format!("\"{name}\"")).collect();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[workspace.dependencies]\n{}",
        members.join(", "),
        runtime(root)
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    copy_lock(root, &folder)?;
    let mut cargo = process::cargo();
    cargo
        .args(["check", "--workspace", "--keep-going", "--quiet"])
        .arg("--message-format=json")
        .env("CARGO_TARGET_DIR", root.join(FOLDER).join("target"))
        .env_remove("CARGO_MANIFEST_DIR")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .current_dir(&folder);
    let shown = process::shown(&cargo);
    let output = cargo
        .output()
        .map_err(|error| Failure::Mistake(format!("error: can't run `{shown}`: {error}")))?;
    let mut checked = Checked {
        libraries: BTreeMap::new(),
        programs: BTreeMap::new(),
    };
    let mut seen = BTreeSet::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let name = message
            .pointer("/target/name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let number = name
            .get(1..)
            .and_then(|number| number.parse::<usize>().ok());
        let Some(number) = number else { continue };
        let is_program = name.starts_with('p');
        if !is_program && !name.starts_with('m') {
            continue;
        }
        if message["reason"] == "compiler-artifact" && is_program {
            seen.insert(number);
        }
        let is_error = message.pointer("/message/level") == Some(&Value::from("error"));
        if message["reason"] != "compiler-message" || !is_error {
            continue;
        }
        let text = message
            .pointer("/message/rendered")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let first: Vec<&str> = text.lines().take(6).map(str::trim_end).collect();
        let errors = match is_program {
            true => &mut checked.programs,
            false => &mut checked.libraries,
        };
        errors.entry(number).or_insert_with(|| first.join("\n    "));
    }
    // A crate without a result and without an error was not compiled at all.
    for one in crates {
        let number = one.number;
        let known = seen.contains(&number)
            || checked.programs.contains_key(&number)
            || checked.libraries.contains_key(&number);
        if !known {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Failure::Mistake(format!(
                "error: `{shown}` did not compile m{number:03}\n{}",
                said.trim_end()
            )));
        }
    }
    Ok(checked)
}

/// The end of a manifest: the runtime with all that generated code of any document uses, and the profile.
pub(super) fn runtime(root: &Path) -> String {
    format!(
        "dintero = {{ path = {:?}, default-features = false, features = [\"event-stream\", \"multipart\"] }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\n",
        root.join("sdk").to_string_lossy()
    )
}

/// The same versions as everywhere else.
pub(super) fn copy_lock(root: &Path, folder: &Path) -> Outcome {
    let lock = folder.join("Cargo.lock");
    if !lock.exists() {
        fs::copy(root.join("Cargo.lock"), &lock)
            .map_err(|error| Failure::file("write", &lock, &error))?;
    }
    Ok(())
}

/// Writes what changed.
pub(super) fn write(path: &Path, text: &str) -> Outcome {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| Failure::file("make", folder, &error))?;
    fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
}
