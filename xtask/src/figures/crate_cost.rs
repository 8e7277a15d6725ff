//! The cost of a release build of the crate alone, and the amount of code.

use std::path::Path;
use std::process::Command;

use super::{at_most, mistake, program};
use crate::failure::{Failure, Outcome};
use crate::measure::package_cost;
use crate::tools::{self, Tool};
use crate::{process, workspace};

const LLVM_LINES: Tool = Tool {
    name: "cargo-llvm-lines",
    version: "0.4.48",
};

/// Where generated code is.
const GENERATED: &str = "sdk/src/api";

const SECONDS_GOAL: f64 = 27.0;
const LLVM_GOAL: f64 = 400_000.0;
const LINES_GOAL: f64 = 130_000.0;

/// Rows: what, value, goal.
pub(super) fn rows(root: &Path, folder: &Path) -> Outcome<Vec<[String; 3]>> {
    eprintln!("measuring a release build of `dintero`");
    let seconds = release(root, folder)?;
    eprintln!("counting lines");
    let llvm = match llvm_lines(root, folder) {
        Ok(lines) => [format!("{lines:.0}"), at_most(lines, LLVM_GOAL)],
        // The tool must be built, which not every machine can do.
        Err(why) => {
            let why = why.to_string();
            let why = why.lines().next().unwrap_or_default().replace('|', "\\|");
            [format!("not counted: {why}"), String::new()]
        }
    };
    let generated = root.join(GENERATED);
    let all = lines(&generated)?;
    let payments = lines(&generated.join("payments"))?;
    let [llvm, llvm_goal] = llvm;
    Ok(vec![
        [
            "release build of `dintero` alone, default features, CPU seconds".to_owned(),
            format!("{seconds:.1}"),
            at_most(seconds, SECONDS_GOAL),
        ],
        [
            "lines of LLVM of that build, before it optimizes".to_owned(),
            llvm,
            llvm_goal,
        ],
        [
            format!("generated lines, all of `{GENERATED}`"),
            format!("{all:.0}"),
            at_most(all, LINES_GOAL),
        ],
        [
            format!("generated lines, `{GENERATED}/payments`"),
            format!("{payments:.0}"),
            String::new(),
        ],
    ])
}

fn release(root: &Path, folder: &Path) -> Outcome<f64> {
    let command = || {
        let mut command = process::cargo();
        command.args([
            "build",
            "--quiet",
            "--locked",
            "--release",
            "--package",
            "dintero",
        ]);
        program::as_users_do(&mut command, &folder.join("release"));
        command.current_dir(root);
        command
    };
    package_cost("dintero", command).map_err(mistake)
}

fn llvm_lines(root: &Path, folder: &Path) -> Outcome<f64> {
    let tool = tools::install(root, &LLVM_LINES)?;
    let mut command = Command::new(tool);
    command.args(["llvm-lines", "--quiet", "--locked", "--release", "--lib"]);
    command.args(["--package", "dintero"]);
    program::as_users_do(&mut command, &folder.join("release"));
    let table = process::output(command.current_dir(root))?;
    total(&table).ok_or_else(|| Failure::Mistake("error: no total in the table".to_owned()))
}

/// `571032   18842   (TOTAL)`
fn total(table: &str) -> Option<f64> {
    let line = table.lines().find(|line| line.ends_with("(TOTAL)"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Lines of the Rust files in a folder and those below it.
fn lines(folder: &Path) -> Outcome<f64> {
    let failed = |error| Failure::file("read", folder, &error);
    let mut sum = 0.0;
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            sum += lines(&path)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            sum += workspace::read(&path)?.lines().map(|_| 1.0).sum::<f64>();
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn totals_of_llvm_lines() {
        let table = "  Lines    Copies  Function name\n  -----    ------  -------------\n  571032   18842   (TOTAL)\n   17656 (3.1%,  3.1%)    246  x\n";
        assert_eq!(total(table), Some(571_032.0));
        assert_eq!(total(""), None);
    }
}
