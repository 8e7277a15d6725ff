//! `cargo xtask overhead`: what a call costs beside the same call by hand, in instructions.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Start, connection and the first calls cost the same however many follow: they are taken off.
const FIRST: u32 = 200;
/// Calls that are counted.
const CALLS: u32 = 2_000;

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    print!("{}", report()?);
    println!(
        "profiles: callgrind_annotate {}",
        folder().join("ours.out").display()
    );
    Ok(())
}

fn folder() -> PathBuf {
    workspace::root().join("target/overhead")
}

/// The table.
pub(crate) fn report() -> Outcome<String> {
    let (ours, bare) = count()?;
    Ok(format!(
        "Instructions per call of `get_transaction`, over {CALLS} calls of one connection:\n\n\
         | `dintero` | `reqwest` and `serde` | ratio |\n|---|---|---|\n| {ours:.0} | {bare:.0} | {:.3} |\n",
        ours / bare
    ))
}

/// Instructions per call: by `dintero`, and by hand.
fn count() -> Outcome<(f64, f64)> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Err(Failure::Mistake(
            "error: valgrind is not installed, and nothing else here counts instructions"
                .to_owned(),
        ));
    }
    let root = workspace::root();
    let folder = folder();
    process::run(
        process::cargo()
            .args(["build", "--release", "--locked", "--package", "overhead"])
            .arg("--target-dir")
            .arg(&folder)
            // Names in profiles; the code is the same.
            .env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only")
            .current_dir(&root),
    )?;
    let programs = folder.join("release");
    let server = Server::start(&programs)?;
    let ours = per_call(&programs, "ours", &server.url)?;
    let bare = per_call(&programs, "bare", &server.url)?;
    Ok((ours, bare))
}

/// The server, in a process of its own: it is not counted.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(programs: &Path) -> Outcome<Self> {
        let mut command = Command::new(programs.join("server"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let failed = |error| Failure::Mistake(format!("error: the server did not start: {error}"));
        let mut process = command.spawn().map_err(failed)?;
        let mut url = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut url).map_err(failed)?;
        }
        let url = url.trim().to_owned();
        Ok(Self { process, url })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn per_call(programs: &Path, name: &str, url: &str) -> Outcome<f64> {
    let few = instructions(programs, name, url, FIRST)?;
    let many = instructions(programs, name, url, FIRST + CALLS)?;
    Ok((many - few) / f64::from(CALLS))
}

/// Instructions of a whole run.
fn instructions(programs: &Path, name: &str, url: &str, calls: u32) -> Outcome<f64> {
    let profile = programs.join(format!("../{name}.out"));
    let mut command = Command::new("valgrind");
    command
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(programs.join(name))
        .arg(url)
        .arg(calls.to_string());
    process::output(&mut command)?;
    let text = workspace::read(&profile)?;
    total(&text)
        .ok_or_else(|| Failure::Mistake(format!("error: {} has no total", profile.display())))
}

/// The line `summary: 123` of a profile.
fn total(profile: &str) -> Option<f64> {
    let mut lines = profile.lines();
    let total = lines.find_map(|line| {
        line.strip_prefix("summary:")
            .or_else(|| line.strip_prefix("totals:"))
    });
    total?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn totals_are_found() {
        assert_eq!(total("events: Ir\n1 2\nsummary: 4711\n"), Some(4711.0));
        assert_eq!(total("events: Ir\n\ntotals: 12\n"), Some(12.0));
        assert_eq!(total("events: Ir\n"), None);
    }
}
