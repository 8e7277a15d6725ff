//! `cargo xtask policy`: allowed dependencies, and features that build alone.

use std::path::Path;
use std::process::Command;

use crate::failure::Outcome;
use crate::tools::{self, Tool};
use crate::{process, workspace};

/// Licences, bans, sources and advisories.
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

/// Fails at any finding of either.
pub(crate) fn check() -> Outcome {
    let root = workspace::root();
    let deny = tools::install(&root, &DENY)?;
    process::run(
        Command::new(&deny)
            .args(["--locked", "check", "licenses", "bans", "sources"])
            .current_dir(&root),
    )?;
    check_advisories(&root, &deny)?;
    check_features(&root)
}

const NOT_CHECKED: &str = "\
warning: ADVISORIES WERE NOT CHECKED: there is no RustSec database here, and none can be fetched.
warning: Run `cargo xtask policy` where https://github.com/RustSec/advisory-db can be reached.";

/// Known vulnerabilities, where the database of them can be had: it is a Git repository, not a package. A machine without
/// the net does not fail for it, and does not pass either.
fn check_advisories(root: &Path, deny: &Path) -> Outcome {
    let with = |flags: &[&str]| {
        let mut command = Command::new(deny);
        command
            .args(flags)
            .args(["--locked", "check", "advisories"]);
        command.current_dir(root);
        command
    };
    let mut fetch = Command::new(deny);
    let fetch = fetch.args(["--locked", "fetch", "db"]).current_dir(root);
    let Err(why) = process::output(fetch) else {
        return process::run(&mut with(&[]));
    };
    eprintln!("{why}");
    // One that was fetched before is better than none.
    match process::output(&mut with(&["--offline"])) {
        Err(old) if !has_looked(&old.to_string()) => {
            eprintln!("{NOT_CHECKED}");
            Ok(())
        }
        outcome => {
            eprintln!(
                "warning: advisories as of the last time that the RustSec database could be fetched here"
            );
            outcome.map(drop)
        }
    }
}

/// Whether cargo-deny had a database: what it finds there it calls by a code.
fn has_looked(said: &str) -> bool {
    said.lines().any(|line| line.starts_with("error["))
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
