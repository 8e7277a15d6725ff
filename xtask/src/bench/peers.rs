//! Other generators: how each is installed, called and made into a crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::JoinHandle;

use super::{Figures, count};
use crate::measure::{check_cost, generation_cost, headline};
use crate::process;

/// A generator that others wrote.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peer {
    Oas3Gen,
    OpenapiToRust,
    OpenapiGenerator,
    Progenitor,
}

/// Quickest to install first.
const PEERS: [Peer; 4] = [
    Peer::OpenapiGenerator,
    Peer::Oas3Gen,
    Peer::OpenapiToRust,
    Peer::Progenitor,
];

/// Each peer, and why it could not be installed.
pub(crate) type Installed = Vec<(Peer, Result<(), String>)>;

/// Installs the peers into a folder, one after the other and out of everybody's way.
pub(crate) fn install(folder: PathBuf) -> JoinHandle<Installed> {
    std::thread::spawn(move || {
        PEERS
            .into_iter()
            .map(|peer| {
                let done = peer
                    .install(&folder)
                    .map_err(|why| format!("does not install: {why}"));
                (peer, done)
            })
            .collect()
    })
}

impl Peer {
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Oas3Gen => "oas3-gen",
            Self::OpenapiToRust => "openapi-to-rust",
            Self::OpenapiGenerator => "openapi-generator-cli",
            Self::Progenitor => "cargo-progenitor",
        }
    }

    fn version(self) -> &'static str {
        match self {
            Self::Oas3Gen => "0.29.0",
            Self::OpenapiToRust => "0.23.0",
            Self::OpenapiGenerator => "7.26.0",
            Self::Progenitor => "0.15.1",
        }
    }

    pub(crate) fn title(self) -> String {
        format!("{} {}", self.package(), self.version())
    }

    fn install(self, folder: &Path) -> Result<(), String> {
        let nice = |program: &str| {
            let mut command = Command::new("nice");
            command.args(["-n", "19", program]);
            command
        };
        let run = |command: &mut Command| -> Result<(), String> {
            process::output(command)
                .map(drop)
                .map_err(|failure| headline(&failure.to_string()))
        };
        if !matches!(self, Self::OpenapiGenerator) {
            // Cargo builds some packages again although this very version is there.
            let installed = fs::read_to_string(folder.join(".crates.toml")).unwrap_or_default();
            if installed.contains(&format!("\"{} {} (", self.package(), self.version())) {
                return Ok(());
            }
            let mut cargo = nice("cargo");
            cargo.args(["install", "--locked", "--root"]).arg(folder);
            cargo
                .arg(format!("{}@{}", self.package(), self.version()))
                .env_remove("CARGO_TARGET_DIR");
            return run(&mut cargo);
        }
        // The package holds a Java program; the Python around it only starts that.
        run(Command::new("java").arg("-version"))?;
        let venv = folder.join("venv");
        if !venv.join("bin/pip").exists() {
            run(nice("python3").args(["-m", "venv"]).arg(&venv))?;
        }
        let mut pip = Command::new("nice");
        pip.args(["-n", "19"])
            .arg(venv.join("bin/pip"))
            .args(["install", "--quiet"]);
        run(pip.arg(format!("{}=={}", self.package(), self.version())))
    }

    /// The command that generates a client, with the options that a user of the generator needs for a crate.
    pub(crate) fn command(self, installed: &Path, document: &Path, out: &Path) -> Command {
        let program = match self {
            Self::OpenapiGenerator => installed.join("venv/bin").join(self.package()),
            _ => installed.join("bin").join(self.package()),
        };
        let mut command = Command::new(program);
        match self {
            Self::Oas3Gen => {
                command
                    .args([
                        "--color",
                        "never",
                        "generate",
                        "client-mod",
                        "--workspace",
                        "-i",
                    ])
                    .arg(document)
                    .arg("-o")
                    .arg(out);
            }
            Self::OpenapiToRust => {
                command
                    .arg("generate")
                    .arg(document)
                    .arg("--output-dir")
                    .arg(out.join("src/generated"));
            }
            Self::OpenapiGenerator => {
                command.args([
                    "generate",
                    "-g",
                    "rust",
                    "--library",
                    "reqwest",
                    "--skip-validate-spec",
                    "-i",
                ]);
                command
                    .arg(document)
                    .arg("-o")
                    .arg(out)
                    .arg("--additional-properties");
                command
                    .arg("packageName=measured,packageVersion=0.1.0,supportMultipleResponses=true");
            }
            Self::Progenitor => {
                command.args([
                    "progenitor",
                    "-n",
                    "measured",
                    "-v",
                    "0.1.0",
                    "--interface",
                    "builder",
                    "-i",
                ]);
                command.arg(document).arg("-o").arg(out);
            }
        }
        command
    }

    /// Makes a crate of what was generated.
    pub(crate) fn complete(self, out: &Path) -> Result<(), String> {
        match self {
            Self::OpenapiToRust => wrap(out),
            _ => Ok(()),
        }
    }

    pub(crate) fn measure(
        self,
        installed: &Path,
        document: &Path,
        folder: &Path,
    ) -> Result<Figures, String> {
        let out = folder.join(self.package());
        let generation = generation_cost(&out, || self.command(installed, document, &out))
            .map_err(|why| format!("does not generate: {why}"))?;
        self.complete(&out)?;
        let counts = count::count(&out.join("src"))?;
        let check = check_cost(&out, &folder.join("peers-build"));
        Ok(Figures {
            generation,
            check,
            counts,
        })
    }
}

/// openapi-to-rust generates modules and a list of dependencies; this turns them into a crate.
fn wrap(out: &Path) -> Result<(), String> {
    let needed = out.join("src/generated/REQUIRED_DEPS.toml");
    let needed = fs::read_to_string(&needed)
        .map_err(|error| format!("can't read {}: {error}", needed.display()))?;
    let package = "[package]\nname = \"measured\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n";
    let write = |path: &str, text: &str| {
        fs::write(out.join(path), text).map_err(|error| format!("can't write {path}: {error}"))
    };
    write("Cargo.toml", &format!("{package}{needed}"))?;
    write("src/lib.rs", "pub mod generated;\n")
}
