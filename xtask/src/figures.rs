//! `cargo xtask figures`: the cost of the crate for users and maintainers, and its coverage.

mod coverage;
mod crate_cost;
pub(crate) mod docs;
mod program;
mod resources;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::measure::{cpu_seconds, median, package_cost};
use crate::{bench, codegen, process, workspace};

/// CPU seconds of `cargo check` of the crate alone, with default features and with all.
const CHECK_GOALS: [f64; 2] = [3.3, 9.5];
/// CPU seconds in which all documents become code.
const GENERATION_GOAL: f64 = 0.6;
/// The same in a debug build, as `cargo xtask codegen` runs it.
const DEBUG_GENERATION_GOAL: f64 = 1.5;
const GENERATIONS: usize = 5;
/// Letters of a public name.
const LONGEST_NAME: usize = 40;
/// MB of documentation with all features.
const DOCS_GOAL: f64 = 60.0;

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    use lexopt::prelude::*;
    let mut only_large = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("large") => only_large = true,
            other => return Err(other.unexpected().into()),
        }
    }
    match only_large {
        true => print!("{}", large()?),
        false => print!("{}", report()?),
    }
    Ok(())
}

/// The rows of large documents alone.
fn large() -> Outcome<String> {
    let root = workspace::root();
    let released = bench::build_generator(&root, &root.join("target/bench"))?;
    let mut text = String::from("| figure | value | goal |\n|---|---|---|\n");
    for [what, value, goal] in resources::rows(&released, &root.join("target/figures"))? {
        let _ = writeln!(text, "| {what} | {value} | {goal} |");
    }
    Ok(text)
}

/// The tables.
pub(crate) fn report() -> Outcome<String> {
    let root = workspace::root();
    let folder = root.join("target/figures");
    let coverage = coverage::count(&root)?;
    let (places, values) = codegen::untyped()?;

    let mut text = String::from(
        "CPU seconds are user + system.\n\n| figure | value | goal |\n|---|---|---|\n",
    );
    let mut row = |what: &str, value: String, goal: &str| {
        let _ = writeln!(text, "| {what} | {value} | {goal} |");
    };
    eprintln!("measuring the generation of all documents");
    let released = bench::build_generator(&root, &root.join("target/bench"))?;
    let seconds = generation(&root, &released)?;
    row(
        "generating all documents, release build, CPU seconds",
        format!("{seconds:.2}"),
        &at_most(seconds, GENERATION_GOAL),
    );
    let seconds = generation(&root, &debug_build(&root)?)?;
    row(
        "the same as `cargo xtask codegen`, a debug build",
        format!("{seconds:.2}"),
        &at_most(seconds, DEBUG_GENERATION_GOAL),
    );
    for [what, value, goal] in resources::rows(&released, &folder)? {
        row(&what, value, &goal);
    }
    for (features, what, goal) in [
        (&[][..], "default", CHECK_GOALS[0]),
        (&["--all-features"][..], "all", CHECK_GOALS[1]),
    ] {
        eprintln!("measuring `cargo check` with {what} features");
        let seconds = check(&root, &folder, features)?;
        row(
            &format!("`cargo check` of `dintero` alone, {what} features, CPU seconds"),
            format!("{seconds:.1}"),
            &at_most(seconds, goal),
        );
    }
    for [what, value, goal] in crate_cost::rows(&root, &folder)? {
        row(&what, value, &goal);
    }
    eprintln!("measuring the documentation with all features");
    let [without, with] = docs::size(&root, &folder)?;
    row(
        "documentation with all features as on docs.rs, without pages of the source, MB",
        format!("{without:.0}"),
        &at_most(without, DOCS_GOAL),
    );
    row(
        "the same by `cargo doc`, with them, MB",
        format!("{with:.0}"),
        "",
    );
    for (what, value) in docs::found(&root, &folder)? {
        row(&what, value, "≤ 10");
    }
    let echoes = docs::echoes(&root)?;
    row(
        "lines of generated documentation that only repeat a name",
        echoes.len().to_string(),
        "0",
    );
    let long = long_names(&root)?;
    row(
        &format!(
            "types, operations and constants whose names have more than {LONGEST_NAME} letters"
        ),
        long.len().to_string(),
        "0",
    );
    row(
        "operations covered, of those known",
        format!("{} of {}", coverage.covered, coverage.known),
        "",
    );
    row(
        "places that the documents leave untyped",
        format!("{}, in {values} members of types", places.len()),
        "",
    );
    let _ = writeln!(text, "\n{}", program::report(&root, &folder)?);
    let _ = writeln!(text, "{}", coverage.table);
    let _ = writeln!(
        text,
        "Untyped, because the document has no more to say there:\n"
    );
    for place in places {
        let _ = writeln!(text, "- {}", place.replace('|', "\\|"));
    }
    Ok(text)
}

/// The generator reads all documents and compares what they become with what is there.
fn generation(root: &Path, generator: &Path) -> Outcome<f64> {
    let mut times = Vec::new();
    for _ in 0..GENERATIONS {
        let mut command = Command::new(generator);
        command.args(["codegen", "--check"]).current_dir(root);
        times.push(cpu_seconds(&command).map_err(mistake)?);
    }
    Ok(median(times))
}

/// Builds this program as `cargo xtask` does.
fn debug_build(root: &Path) -> Outcome<PathBuf> {
    let target = root.join("target/bench/xtask");
    let mut build = process::cargo();
    build.args(["build", "--quiet", "--locked", "--package", "xtask"]);
    build.arg("--target-dir").arg(&target);
    process::run(build.current_dir(root))?;
    Ok(target.join("debug/xtask"))
}

/// Returns the names of types, operations and constants of generated code that are longer than they should be. Fields and
/// setters have the names of the API.
fn long_names(root: &Path) -> Outcome<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for path in workspace::files(&root.join("sdk/src/api"))? {
        for line in workspace::read(&path)?.lines() {
            let words = [
                "pub struct ",
                "pub enum ",
                "pub type ",
                "pub fn ",
                "pub static ",
            ];
            let rest = words
                .iter()
                .find_map(|word| line.trim_start().strip_prefix(word));
            if line.contains("fn ") && !line.contains("(&self") {
                continue;
            }
            let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
            let name = rest.unwrap_or_default();
            let name = &name[..name.find(|c| !is_of_name(c)).unwrap_or(name.len())];
            // Builders and responses have the name of what they are for, and a word more.
            let own = ["Builder", "Output", "ErrorResponse", "Headers"]
                .iter()
                .fold(name, |name, end| name.strip_suffix(end).unwrap_or(name));
            if own.chars().filter(|c| *c != '_').count() > LONGEST_NAME {
                names.insert(name.to_owned());
            }
        }
    }
    Ok(names)
}

fn check(root: &Path, folder: &Path, features: &[&str]) -> Outcome<f64> {
    let command = || {
        let mut command = process::cargo();
        command.args(["check", "--quiet", "--locked", "--package", "dintero"]);
        plain(command.args(features), &folder.join("check"));
        command.current_dir(root);
        command
    };
    package_cost("dintero", command).map_err(mistake)
}

/// As users build: everything, into a separate folder, without flags of the caller.
fn plain(command: &mut Command, target: &Path) {
    command
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
}

fn at_most(value: f64, goal: f64) -> String {
    let missed = if value <= goal { "" } else { ", missed" };
    format!("≤ {goal}{missed}")
}

fn mistake(why: String) -> Failure {
    Failure::Mistake(format!("error: {why}"))
}
