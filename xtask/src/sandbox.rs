//! `cargo xtask sandbox`: the speed and memory of the sandbox, and how much of it random flows tried.

use std::fmt::Write as _;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Payments a second, each a session, the customer's choice, a callback and a capture.
const GOALS: [f64; 2] = [2_000.0, 300.0];
const PAYMENTS: [&str; 2] = ["20000", "10000"];
/// Transactions that are kept in memory, and MB that they may take.
const MANY: &str = "100000";
const MEMORY_GOAL: f64 = 500.0;
const FLOWS: &str = "2000";

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    print!("{}", report()?);
    Ok(())
}

/// The table.
pub(crate) fn report() -> Outcome<String> {
    let root = workspace::root();
    let folder = root.join("target/sandbox");
    std::fs::create_dir_all(&folder).map_err(|error| Failure::file("make", &folder, &error))?;
    let state = folder.join("state");
    if state.exists() {
        std::fs::remove_file(&state).map_err(|error| Failure::file("remove", &state, &error))?;
    }
    let mut text = String::from("| figure | value | goal |\n|---|---|---|\n");
    let mut row = |what: &str, value: &str, goal: &str| {
        let _ = writeln!(text, "| {what} | {value} | {goal} |");
    };

    let operations = cargo(&root, &["run", "--release", "--", "operations"], None)?;
    let last = operations.lines().next_back().unwrap_or_default();
    row(
        "operations that it knows",
        last.trim_end_matches(" operations"),
        "",
    );

    let load = |arguments: &[&str]| {
        let all = [&["run", "--release", "--example", "load", "--"], arguments].concat();
        cargo(&root, &all, None)
    };
    let state = state.to_string_lossy().into_owned();
    for (what, arguments, goal) in [
        ("in memory", &["--payments", PAYMENTS[0]][..], GOALS[0]),
        (
            "with a state file",
            &["--payments", PAYMENTS[1], "--state", &state],
            GOALS[1],
        ),
    ] {
        let speed = number(&load(arguments)?, " a second")?;
        let verdict = if speed >= goal { "met" } else { "missed" };
        row(
            &format!("payments a second {what}"),
            &format!("{speed:.0}"),
            &format!("≥ {goal:.0}: {verdict}"),
        );
    }
    let bare = number(&load(&["--payments", PAYMENTS[0], "--bare"])?, " a second")?;
    row(
        "the same requests a second, to a server that does nothing",
        &format!("{bare:.0}"),
        "",
    );
    let memory = number(&load(&["--payments", MANY])?, " MB more")?;
    let verdict = if memory <= MEMORY_GOAL {
        "met"
    } else {
        "missed"
    };
    row(
        &format!("MB for {MANY} sessions, transactions and callbacks"),
        &format!("{memory:.0}"),
        &format!("≤ {MEMORY_GOAL:.0}: {verdict}"),
    );

    let flows = cargo(
        &root,
        &["test", "--release", "--test", "flows", "--", "--nocapture"],
        Some(("DINTERO_SANDBOX_FLOWS", FLOWS)),
    )?;
    let line = flows
        .lines()
        .find(|line| line.contains(" flows: "))
        .unwrap_or_default();
    let (_, done) = line.split_once(" flows: ").unwrap_or_default();
    row(
        &format!("random flows, whose sums stay sound: {FLOWS}"),
        &done.replace(['{', '}', '"'], ""),
        "0 failures: met",
    );
    Ok(text)
}

/// Runs a command of cargo for the sandbox, in a release build that takes less time to build than a release.
fn cargo(root: &Path, arguments: &[&str], variable: Option<(&str, &str)>) -> Outcome<String> {
    let (command, rest) = arguments.split_first().unwrap_or((&"", &[]));
    let mut cargo = process::cargo();
    cargo
        .args([
            command,
            "--locked",
            "--quiet",
            "--package",
            "dintero-sandbox",
        ])
        .args(rest)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .envs(variable)
        .current_dir(root);
    process::output(&mut cargo)
}

/// The number before these words.
fn number(text: &str, words: &str) -> Outcome<f64> {
    let before = text.split(words).next().unwrap_or_default();
    let number = before.split_whitespace().next_back().unwrap_or_default();
    number
        .parse()
        .map_err(|_| Failure::Mistake(format!("error: unexpected output: {text}")))
}
