//! Other programs.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};

/// Runs a program to its end, its output going where ours goes. Says what it runs.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    eprintln!("$ {shown}");
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Mistake(format!(
            "error: `{shown}` failed: {status}"
        ))),
        Err(error) => Err(Failure::Mistake(format!(
            "error: can't run `{shown}`: {error}"
        ))),
    }
}

/// Runs a program to its end, its output going to a file: for one that runs beside others.
pub(crate) fn run_into(command: &mut Command, log: &Path) -> Outcome {
    let failure = |error: std::io::Error| Failure::file("write", log, &error);
    let file = File::create(log).map_err(failure)?;
    let same = file.try_clone().map_err(failure)?;
    run(command.stdout(file).stderr(same))
}

/// Runs a program silently. Returns its standard output; the error has the end of its output.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::Mistake(format!("error: can't run `{shown}`: {error}")))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Failure::Mistake(format!(
            "error: `{shown}` failed: {}\n{}",
            output.status,
            said.trim_end()
        )))
    }
}

/// Cargo, the one that runs us.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The command line as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
