//! The program of the README compared with the same by hand.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::{at_most, mistake, plain};
use crate::failure::{Failure, Outcome};
use crate::measure::{cpu_seconds, package_cost};
use crate::process;

/// The cost of one of both.
struct Cost {
    /// CPU seconds from nothing to the program.
    whole: f64,
    /// CPU seconds of what is not a dependency of both.
    own: f64,
    /// Bytes of the program.
    size: u64,
}

/// The most that the program may have of the size of the one by hand, without TLS and symbols, which say little of us.
const SIZE_GOAL: f64 = 1.6;

/// A table of both, built one after the other with cargo's own settings for release.
pub(super) fn report(root: &Path, folder: &Path) -> Outcome<String> {
    let ours = cost(root, folder, "ours", "dintero")?;
    let by_hand = cost(root, folder, "by-hand", "program")?;
    let small = ["ours", "by-hand"].map(|name| stripped(root, folder, name));
    let [ours_small, by_hand_small] = small;
    let small = [ours_small?, by_hand_small?].map(megabytes);
    let mut text = String::from(
        "The program of the README and the same by `reqwest` and `serde`, built for release with cargo's defaults:\n\n\
         | | `dintero` | by hand | ratio | goal |\n|---|---|---|---|---|\n",
    );
    let mut row = |what: &str, values: [f64; 2], digits: usize, goal: Option<f64>| {
        let ratio = values[0] / values[1];
        let goal = goal.map_or_else(String::new, |goal| at_most(ratio, goal));
        let _ = writeln!(
            text,
            "| {what} | {:.digits$} | {:.digits$} | {ratio:.2} | {goal} |",
            values[0], values[1],
        );
    };
    row(
        "size of the program without TLS, stripped, MB",
        small,
        2,
        Some(SIZE_GOAL),
    );
    row(
        "size of the program, MB",
        [ours.size, by_hand.size].map(megabytes),
        2,
        None,
    );
    row(
        "whole build, CPU seconds",
        [ours.whole, by_hand.whole],
        1,
        None,
    );
    row(
        "of it program and `dintero`, CPU seconds",
        [ours.own, by_hand.own],
        1,
        None,
    );
    Ok(text)
}

fn cost(root: &Path, folder: &Path, name: &str, package: &str) -> Outcome<Cost> {
    eprintln!("building the program of the README: {name}");
    let target = folder.join(name);
    if target.exists() {
        std::fs::remove_dir_all(&target)
            .map_err(|error| Failure::file("remove", &target, &error))?;
    }
    let command = || build(root, &target, name, &format!("tls,{name}"));
    let whole = cpu_seconds(&command()).map_err(mistake)?;
    let program = target.join("release").join(name);
    let size = size(&program)?;
    let own = package_cost(package, command).map_err(mistake)?;
    Ok(Cost { whole, own, size })
}

/// Bytes of a program without TLS and symbols.
fn stripped(root: &Path, folder: &Path, name: &str) -> Outcome<u64> {
    eprintln!("building the program of the README without TLS: {name}");
    let target = folder.join(format!("{name}-stripped"));
    let mut command = build(root, &target, name, name);
    command.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    process::run(&mut command)?;
    size(&target.join("release").join(name))
}

fn build(root: &Path, target: &Path, name: &str, features: &str) -> Command {
    let mut command = process::cargo();
    command.args([
        "build",
        "--quiet",
        "--locked",
        "--release",
        "--package",
        "program",
    ]);
    command.args(["--features", features, "--bin", name]);
    command.current_dir(root);
    as_users_do(&mut command, target);
    command
}

fn size(program: &Path) -> Outcome<u64> {
    let file = std::fs::metadata(program);
    let file = file.map_err(|error| Failure::file("read", program, &error))?;
    Ok(file.len())
}

/// The workspace's own settings for release are for the generator.
pub(super) fn as_users_do(command: &mut Command, target: &Path) {
    plain(command, target);
    command
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
}

#[expect(clippy::cast_precision_loss, reason = "a size to look at")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
