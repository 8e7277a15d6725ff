//! The counts of valgrind for a program, which are the same in every run.

use std::process::Command;

use super::Programs;
use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Instructions of a whole run.
pub(super) fn instructions(programs: &Programs, name: &str, arguments: &[&str]) -> Outcome<f64> {
    let profile = programs.path(&format!("../{name}.out"));
    let mut command = valgrind()?;
    command
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(programs.path(name))
        .args(arguments);
    process::output(&mut command)?;
    let text = workspace::read(&profile)?;
    total(&text)
        .ok_or_else(|| Failure::Mistake(format!("error: {} has no total", profile.display())))
}

/// Bytes that a program has not given back when it ends.
pub(super) fn bytes_held(programs: &Programs, name: &str, arguments: &[&str]) -> Outcome<f64> {
    let log = programs.path(&format!("../{name}.log"));
    let mut command = valgrind()?;
    command
        .args(["--tool=dhat", "--dhat-out-file=/dev/null"])
        .arg(format!("--log-file={}", log.display()))
        .arg(programs.path(name))
        .args(arguments);
    process::output(&mut command)?;
    let text = workspace::read(&log)?;
    held(&text).ok_or_else(|| Failure::Mistake(format!("error: {} has no end", log.display())))
}

fn valgrind() -> Outcome<Command> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Err(Failure::Mistake(
            "error: valgrind is not installed, and nothing else here counts instructions"
                .to_owned(),
        ));
    }
    Ok(Command::new("valgrind"))
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

/// The line `==1== At t-end:  1,024 bytes in 2 blocks` of what DHAT says.
fn held(log: &str) -> Option<f64> {
    let (_, rest) = log.split_once("At t-end:")?;
    let number = rest.split_whitespace().next()?;
    number.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_found() {
        assert_eq!(total("events: Ir\n1 2\nsummary: 4711\n"), Some(4711.0));
        assert_eq!(total("events: Ir\n\ntotals: 12\n"), Some(12.0));
        assert_eq!(total("events: Ir\n"), None);
        let log =
            "==7== At t-gmax: 9 bytes in 9 blocks\n==7== At t-end:  6,505,096 bytes in 53 blocks\n";
        assert_eq!(held(log), Some(6_505_096.0));
        assert_eq!(held("==7== "), None);
    }
}
