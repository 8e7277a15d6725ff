//! `cargo xtask overhead`: the cost of calls, reading, writing and webhooks, compared with the same by hand.

mod count;
mod json;
mod load;
mod webhook;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Calls that are counted.
const CALLS: u32 = 2_000;
/// Start, connection and the first calls cost the same however many follow: they are taken off.
const FIRST: u32 = 200;

/// The most that a call costs of the same by hand, in instructions.
const CALL_GOAL: f64 = 1.10;

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    print!("{}", report()?);
    println!(
        "\nprofiles: callgrind_annotate {}",
        folder().join("ours.out").display()
    );
    Ok(())
}

fn folder() -> PathBuf {
    workspace::root().join("target/overhead")
}

/// The tables.
pub(crate) fn report() -> Outcome<String> {
    let programs = Programs::build()?;
    let one = one_task(&programs)?;
    let many = load::report(&programs)?;
    let json = json::report(&programs)?;
    let webhook = webhook::report(&programs)?;
    Ok(format!("{one}\n{many}\n{json}\n{webhook}"))
}

/// Calls one after the other.
fn one_task(programs: &Programs) -> Outcome<String> {
    let server = Server::start(programs)?;
    let per_call = |name: &str| {
        let few = count::instructions(programs, name, &[&server.url, &FIRST.to_string()])?;
        let all = (FIRST + CALLS).to_string();
        let many = count::instructions(programs, name, &[&server.url, &all])?;
        Outcome::Ok((many - few) / f64::from(CALLS))
    };
    eprintln!("counting the instructions of a call");
    let (ours, bare) = (per_call("ours")?, per_call("bare")?);
    Ok(format!(
        "Instructions per call of `get_transaction`, over {CALLS} calls of one connection:\n\n\
         | `dintero` | `reqwest` and `serde` | ratio | goal |\n|---|---|---|---|\n| {ours:.0} | {bare:.0} | {:.3} | {} |\n",
        ours / bare,
        at_most(ours / bare, CALL_GOAL),
    ))
}

fn at_most(ratio: f64, goal: f64) -> String {
    let missed = if ratio <= goal { "" } else { ", missed" };
    format!("≤ {goal:.2}{missed}")
}

fn at_least(ratio: f64, goal: f64) -> String {
    let missed = if ratio >= goal { "" } else { ", missed" };
    format!("≥ {goal:.2}{missed}")
}

/// The programs of `tests/overhead`.
struct Programs(PathBuf);

impl Programs {
    fn build() -> Outcome<Self> {
        let folder = folder();
        process::run(
            process::cargo()
                .args(["build", "--release", "--locked", "--package", "overhead"])
                .arg("--target-dir")
                .arg(&folder)
                // Names in profiles; the code is the same.
                .env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only")
                .current_dir(workspace::root()),
        )?;
        Ok(Self(folder.join("release")))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// The server, in a process of its own: it is not counted.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(programs: &Programs) -> Outcome<Self> {
        let mut command = Command::new(programs.path("server"));
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
