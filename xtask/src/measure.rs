//! CPU time of other programs.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use crate::process;

const GENERATIONS: usize = 5;
const CHECKS: usize = 3;

/// CPU seconds that a generator takes: the median of several runs, each into an empty folder.
pub(crate) fn generation_cost(out: &Path, command: impl Fn() -> Command) -> Result<f64, String> {
    let mut times = Vec::new();
    for _ in 0..GENERATIONS {
        if out.exists() {
            fs::remove_dir_all(out)
                .map_err(|error| format!("can't empty {}: {error}", out.display()))?;
        }
        times.push(cpu_seconds(&command())?);
    }
    Ok(median(times))
}

/// CPU seconds that `cargo check` takes for a crate alone: the median of several runs, its dependencies built before.
pub(crate) fn check_cost(krate: &Path, target: &Path) -> Result<f64, String> {
    stand_alone(krate)?;
    let check = || {
        let mut check = process::cargo();
        check.args(["check", "--quiet"]).current_dir(krate);
        check
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0");
        // Set by the cargo that runs us; our lint settings or flags must not apply to the crate.
        check
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        check
    };
    cpu_seconds(&check()).map_err(|why| format!("does not compile: {why}"))?;
    let root = krate.join("src/lib.rs");
    let mut times = Vec::new();
    for _ in 0..CHECKS {
        fs::File::options()
            .write(true)
            .open(&root)
            .and_then(|file| file.set_modified(SystemTime::now()))
            .map_err(|error| format!("can't touch {}: {error}", root.display()))?;
        times.push(cpu_seconds(&check())?);
    }
    Ok(median(times))
}

/// CPU seconds that a command of cargo takes for one package of the workspace alone: the median of several runs, each
/// with everything else built.
pub(crate) fn package_cost(package: &str, command: impl Fn() -> Command) -> Result<f64, String> {
    cpu_seconds(&command())?;
    let mut times = Vec::new();
    for _ in 0..CHECKS {
        let mut clean = process::cargo();
        let build = command();
        // With the folder and the profile of the command, or nothing would be cleaned.
        clean.args(["clean", "--quiet", "--package", package]);
        for (name, value) in build.get_envs() {
            value.map(|value| clean.env(name, value));
        }
        if build.get_args().any(|argument| argument == "--release") {
            clean.arg("--release");
        }
        if let Some(folder) = build.get_current_dir() {
            clean.current_dir(folder);
        }
        cpu_seconds(&clean)?;
        times.push(cpu_seconds(&build)?);
    }
    Ok(median(times))
}

/// The folder is below our workspace, but the crate is not part of it.
pub(crate) fn stand_alone(krate: &Path) -> Result<(), String> {
    let manifest = krate.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .map_err(|error| format!("can't read {}: {error}", manifest.display()))?;
    if text.lines().any(|line| line.trim() == "[workspace]") {
        return Ok(());
    }
    fs::write(&manifest, text + "\n[workspace]\n")
        .map_err(|error| format!("can't write {}: {error}", manifest.display()))
}

/// Returns the CPU seconds, user and system, of a program and all its children. The error is its output.
pub(crate) fn cpu_seconds(command: &Command) -> Result<f64, String> {
    // The standard library can't ask for the time of ended children without unsafe code; bash can.
    let script = "TIMEFORMAT='%3U %3S'; time \"$@\" >\"$0\" 2>&1";
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let log = std::env::temp_dir().join(format!("bench-{}-{run}.log", std::process::id()));
    let mut bash = Command::new("bash");
    bash.arg("-c")
        .arg(script)
        .arg(&log)
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bash.env(name, value),
            None => bash.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        bash.current_dir(folder);
    }
    let output = bash
        .output()
        .map_err(|error| format!("can't run bash: {error}"))?;
    let said = fs::read(&log).unwrap_or_default();
    let _ = fs::remove_file(&log);
    if !output.status.success() {
        return Err(headline(&String::from_utf8_lossy(&said)));
    }
    let times = String::from_utf8_lossy(&output.stderr);
    times
        .split_whitespace()
        .map(str::parse::<f64>)
        .sum::<Result<f64, _>>()
        .map_err(|_| format!("can't read the times that bash printed: {times}"))
}

/// The line of a program's output that says what went wrong, fit for a cell of a table.
pub(crate) fn headline(said: &str) -> String {
    let mut lines = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .peekable();
    let first = lines.peek().copied().unwrap_or("it said nothing");
    // A panic is two lines: where, and what.
    let is_error = |line: &str| {
        line.get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case("error"))
    };
    let telling = lines.clone().position(|line| {
        line.contains("panicked at") || line.contains("overflowed its stack") || is_error(line)
    });
    let line = match telling.and_then(|at| lines.nth(at)) {
        Some(place) if place.contains("panicked at") => {
            format!("panics: {}", lines.next().unwrap_or(place))
        }
        Some(line) => line.to_owned(),
        None => first.to_owned(),
    };
    line.replace('|', "\\|").chars().take(160).collect()
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_program_includes_what_it_starts() {
        let mut command = Command::new("bash");
        command.args([
            "-c",
            "bash -c 'for ((i = 0; i < 200000; i++)); do :; done'; true",
        ]);
        assert!(cpu_seconds(&command).unwrap() > 0.05);
    }

    #[test]
    fn a_failure_says_what_the_program_said() {
        let mut command = Command::new("bash");
        command.args([
            "-c",
            "echo 'thread main panicked at a.rs:1' >&2; echo no such thing >&2; exit 3",
        ]);
        assert_eq!(cpu_seconds(&command).unwrap_err(), "panics: no such thing");
        let said = "[12:00] Loading shop.yaml\nError: data did not match\n\nStack backtrace:";
        assert_eq!(headline(said), "Error: data did not match");
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
