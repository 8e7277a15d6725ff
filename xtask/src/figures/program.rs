//! The program of the README beside the same by hand.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::{mistake, plain};
use crate::failure::{Failure, Outcome};
use crate::measure::{cpu_seconds, package_cost};
use crate::process;

/// What one of both costs.
struct Cost {
    /// CPU seconds from nothing to the program.
    whole: f64,
    /// CPU seconds of what is not a dependency of both.
    own: f64,
    /// Bytes of the program.
    size: u64,
}

/// A table of both, built one after the other with cargo's own settings for release.
pub(super) fn report(root: &Path, folder: &Path) -> Outcome<String> {
    let ours = cost(root, folder, "ours", "dintero")?;
    let by_hand = cost(root, folder, "by-hand", "program")?;
    let mut text = String::from(
        "The program of the README and the same by `reqwest` and `serde`, built for release with cargo's defaults:\n\n\
         | | `dintero` | by hand | ratio |\n|---|---|---|---|\n",
    );
    let mut row = |what: &str, values: [f64; 2], digits: usize| {
        let _ = writeln!(
            text,
            "| {what} | {:.digits$} | {:.digits$} | {:.2} |",
            values[0],
            values[1],
            values[0] / values[1],
        );
    };
    row(
        "size of the program, MB",
        [ours.size, by_hand.size].map(megabytes),
        2,
    );
    row("whole build, CPU seconds", [ours.whole, by_hand.whole], 1);
    row(
        "of it program and `dintero`, CPU seconds",
        [ours.own, by_hand.own],
        1,
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
    let command = || {
        let mut command = process::cargo();
        command
            .args([
                "build",
                "--quiet",
                "--locked",
                "--release",
                "--package",
                "program",
            ])
            .args(["--features", name, "--bin", name])
            .current_dir(root);
        as_users_do(&mut command, &target);
        command
    };
    let whole = cpu_seconds(&command()).map_err(mistake)?;
    let program = target.join("release").join(name);
    let size = std::fs::metadata(&program)
        .map_err(|error| Failure::file("read", &program, &error))?
        .len();
    let own = package_cost(package, command).map_err(mistake)?;
    Ok(Cost { whole, own, size })
}

/// The workspace's own settings for release are for the generator.
fn as_users_do(command: &mut Command, target: &Path) {
    plain(command, target);
    command
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
}

#[expect(clippy::cast_precision_loss, reason = "a size to look at")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
