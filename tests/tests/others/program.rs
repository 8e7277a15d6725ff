//! A generated crate, and the program that uses it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use generator::{Input, Report, Runtime, Target, generate_with_tests, load::Source, model::Type};
use serde_json::Value;

use super::root;

/// A program for one document.
pub(crate) struct Program {
    /// Of the document.
    pub(crate) name: String,
    /// The parts of the document that the crate has.
    pub(crate) supported: Value,
    pub(crate) unions: BTreeMap<String, Type>,
    pub(crate) report: Report,
    /// Of the generated crate.
    package: String,
}

impl Program {
    /// Generates the crate and the program.
    ///
    /// # Errors
    /// The document has mistakes.
    pub(crate) fn write(name: &str, document: &Path) -> Result<Self, String> {
        // `box` alone is a keyword.
        let package = format!("{}-api", name.replace('_', "-"));
        let folder = folder(name);
        let source = Source {
            name: document.file_name().unwrap().to_string_lossy().into_owned(),
            text: fs::read_to_string(document).unwrap(),
        };
        let sdk = root().join("sdk").display().to_string();
        let input = Input {
            document: source,
            overlays: Vec::new(),
            lock: None,
            target: Target::Crate {
                name: package.clone(),
                runtime: Runtime {
                    name: "dintero".to_owned(),
                    path: sdk.clone(),
                },
            },
        };
        let output = generate_with_tests(&input, &[]).map_err(|errors| {
            let lines = errors.iter().map(|error| format!("{error}\n"));
            format!("{name}:\n{}", lines.collect::<String>())
        })?;
        let mut files: BTreeMap<String, String> = (output.files.iter())
            .map(|(path, text)| (format!("api/{path}"), text.clone()))
            .collect();
        if let Some(manifest) = files.get_mut("api/Cargo.toml") {
            *manifest = manifest.replace("\n[workspace]\n", "");
        }
        let main = include_str!("../../others/main.rs");
        let ident = package.replace('-', "_");
        files.insert(
            "program/src/main.rs".into(),
            main.replace("the_api", &ident),
        );
        files.insert("program/src/calls.rs".into(), output.calls.unwrap());
        files.insert("program/src/unions.rs".into(), output.table.unwrap());
        files.insert(
            "program/Cargo.toml".into(),
            format!(
                "[package]\nname = \"{package}-program\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                 {package} = {{ path = \"../api\", default-features = false, features = [\"mock\"] }}\n\
                 dintero = {{ path = {sdk:?}, default-features = false, features = [\"insight\"] }}\n\
                 serde_json = \"1\"\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n"
            ),
        );
        let members = "[workspace]\nresolver = \"3\"\nmembers = [\"api\", \"program\"]\n";
        files.insert("Cargo.toml".into(), members.to_owned());
        files.insert(
            "Cargo.lock".into(),
            fs::read_to_string(root().join("Cargo.lock")).unwrap(),
        );
        // What did not change is not built again.
        for (path, text) in &files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if path.ends_with("Cargo.lock") && path.exists() {
                continue;
            }
            if fs::read_to_string(&path).ok().as_ref() != Some(text) {
                fs::write(path, text).unwrap();
            }
        }
        Ok(Self {
            name: name.to_owned(),
            supported: output.supported.unwrap(),
            unions: output.unions,
            report: output.report,
            package,
        })
    }

    /// Builds the crate and the program.
    ///
    /// # Errors
    /// One of them does not compile.
    pub(crate) fn compile(&self) -> Result<(), String> {
        let package = format!("{}-program", self.package);
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", &package])
            .current_dir(folder(&self.name))
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("{}:\n{said}", self.name)),
        }
    }

    /// Runs it, and returns its lines of JSON.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Vec<Value> {
        let binary = target().join(format!("debug/{}-program", self.package));
        let mut running = Command::new(binary)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = running.stdin.take().unwrap();
        let input = input.to_owned();
        // It writes while it reads.
        let writing = std::thread::spawn(move || pipe.write_all(input.as_bytes()));
        let output = running.wait_with_output().unwrap();
        let written = writing.join().unwrap();
        assert!(output.status.success(), "{}: the program failed", self.name);
        written.unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// Where the crate and the values of a document are.
pub(crate) fn folder(name: &str) -> PathBuf {
    root().join("target/others").join(name)
}

/// Where cargo builds.
fn target() -> PathBuf {
    root().join("target/generated")
}
