//! `cargo xtask policy`: dependencies that may be used, and features that stand alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Licences, bans and sources; advisories need a database from the net.
const DENY: (&str, &str) = ("cargo-deny", "0.20.2");
/// Each feature alone, none, and all.
const HACK: (&str, &str) = ("cargo-hack", "0.6.46");

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    let root = workspace::root();
    let deny = install(&root, DENY)?;
    process::run(
        Command::new(deny)
            .args(["--locked", "check", "licenses", "bans", "sources"])
            .current_dir(&root),
    )?;
    let hack = install(&root, HACK)?;
    process::run(
        Command::new(hack)
            .args(["hack", "--locked", "check", "--package", "dintero"])
            .arg("--each-feature")
            .arg("--target-dir")
            .arg(root.join("target/features"))
            .env("RUSTFLAGS", "--deny=warnings")
            .current_dir(&root),
    )
}

/// The program, of exactly this version. Cargo does nothing if it is there already.
fn install(root: &Path, (name, version): (&str, &str)) -> Outcome<PathBuf> {
    let tools = root.join("target/tools");
    process::run(
        process::cargo()
            .args(["install", "--locked", "--quiet", "--version", version])
            .arg("--root")
            .arg(&tools)
            .arg("--target-dir")
            .arg(tools.join("build"))
            .arg(name),
    )?;
    let program = tools.join("bin").join(name);
    if program.is_file() {
        Ok(program)
    } else {
        Err(Failure::Mistake(format!(
            "error: {} is not there although it was installed",
            program.display()
        )))
    }
}
