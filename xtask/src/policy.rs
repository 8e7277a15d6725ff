//! `cargo xtask policy`: dependencies that may be used, and features that stand alone.

use std::path::Path;
use std::process::Command;

use crate::failure::Outcome;
use crate::tools::{self, Tool};
use crate::{process, workspace};

/// Licences, bans and sources; advisories need a database from the net.
const DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
};
/// Each feature alone, none, and all.
const HACK: Tool = Tool {
    name: "cargo-hack",
    version: "0.6.46",
};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    check()
}

/// Fails at whatever either of them finds.
pub(crate) fn check() -> Outcome {
    let root = workspace::root();
    check_dependencies(&root)?;
    check_features(&root)
}

fn check_dependencies(root: &Path) -> Outcome {
    let deny = tools::install(root, &DENY)?;
    process::run(
        Command::new(deny)
            .args(["--locked", "check", "licenses", "bans", "sources"])
            .current_dir(root),
    )
}

fn check_features(root: &Path) -> Outcome {
    let hack = tools::install(root, &HACK)?;
    process::run(
        Command::new(hack)
            .args(["hack", "--locked", "check", "--quiet"])
            .args(["--package", "dintero", "--each-feature", "--target-dir"])
            .arg(root.join("target/features"))
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTFLAGS", "--deny=warnings")
            .current_dir(root),
    )
}
