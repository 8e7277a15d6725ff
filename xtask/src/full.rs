//! `cargo xtask test --full`: the checks that take too long for every change, and their page of figures.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::failure::{Failure, Outcome};
use crate::{
    bench, figures, instances, lint, mutations, overhead, policy, process, sandbox, test, workspace,
};

/// The page that is written.
const PAGE: &str = "docs/figures.md";
const HEAD: &str = "\
# Figures

Written by `cargo xtask test --full`: each section is what the command in its title prints, or what that command proves.
It is written when its part ends, and says of which commit; `cargo xtask test --full PART` writes one alone.

Seconds differ between machines and between runs on one; instructions and sizes hardly do.
";
/// Tables of the test `others`, in the folder of the tables of tests.
const OTHERS: [&str; 2] = [
    "calls-of-other-companies--operations-against-prism.md",
    "types-of-unions-read-from-valid-values.md",
];

/// A part of the run.
struct Part {
    name: &'static str,
    /// The command in the title of its section.
    command: &'static str,
    does: Does,
}

/// Measurement or proof.
enum Does {
    /// Its output is the section.
    Measures(fn(&Path) -> Outcome<String>),
    /// It passes or fails, and may have a table. With the statement that it proves.
    Proves(&'static str, fn(&Path) -> Outcome<String>),
}

/// In the order of the page. `bench` prints what `others` counts.
const PARTS: [Part; 11] = [
    Part {
        name: "others",
        command: "OTHER_APIS=all cargo test -p tests --features mock --test others",
        does: Does::Proves(
            "every operation of other companies' documents is called as Prism expects, and every type of their unions is \
             read from valid values",
            others,
        ),
    },
    Part {
        name: "figures",
        command: "cargo xtask figures",
        does: Does::Measures(|_| figures::report()),
    },
    Part {
        name: "overhead",
        command: "cargo xtask overhead",
        does: Does::Measures(|_| overhead::report()),
    },
    Part {
        name: "sandbox",
        command: "cargo xtask sandbox",
        does: Does::Measures(|_| sandbox::report()),
    },
    Part {
        name: "bench",
        command: "cargo xtask bench",
        does: Does::Measures(|_| bench::report(true, &[])),
    },
    Part {
        name: "values",
        command: "cargo xtask test --full values",
        does: Does::Proves("20000 random values for each property of `dintero`", values),
    },
    Part {
        name: "mutants",
        command: "MUTANTS=20000 cargo test --release -p generator --test suite mutants",
        does: Does::Proves(
            "20000 documents with random changes: nothing panics or hangs, and what is generated is Rust",
            mutants,
        ),
    },
    Part {
        name: "crates",
        command: "MUTANTS_COMPILED=500 cargo test -p tests --test mutants",
        does: Does::Proves(
            "500 crates of such documents compile without a warning",
            crates,
        ),
    },
    Part {
        name: "lint",
        command: "cargo xtask lint --full",
        does: Does::Proves(
            "nothing in the documents makes worse code, and three linters find nothing",
            |_| lint::lint(true).map(|()| String::new()),
        ),
    },
    Part {
        name: "policy",
        command: "cargo xtask policy",
        does: Does::Proves(
            "licences and sources of dependencies; each feature alone, none and all",
            |_| policy::check().map(|()| String::new()),
        ),
    },
    Part {
        name: "mutations",
        command: "cargo xtask mutations --full",
        does: Does::Proves(
            "the verdicts of `cargo xtask diff` are those of the compiler",
            |_| mutations::report(true, None),
        ),
    },
];

/// Checks the names of parts.
pub(crate) fn known(names: &[String]) -> Outcome {
    for name in names {
        if !PARTS.iter().any(|part| part.name == *name) {
            let all: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
            return Err(Failure::Usage(format!(
                "no part {name}; there are {}",
                all.join(", ")
            )));
        }
    }
    Ok(())
}

/// Runs all parts, or those with these names. A part that fails doesn't stop the others, and fails the run at its end.
pub(crate) fn run(root: &Path, only: &[String]) -> Outcome {
    known(only)?;
    let path = root.join(PAGE);
    let mut failed: Vec<String> = Vec::new();
    for part in PARTS {
        if !only.is_empty() && !only.iter().any(|name| name == part.name) {
            continue;
        }
        eprintln!("part {}", part.name);
        let start = Instant::now();
        let text = match part.does {
            Does::Measures(measure) => measure(root),
            Does::Proves(what, prove) => prove(root).map(|table| {
                let minutes = start.elapsed().as_secs_f64() / 60.0;
                format!("Passed in {minutes:.1} minutes: {what}.\n\n{table}")
            }),
        };
        let text = text.unwrap_or_else(|why| {
            let line = first_line(&why);
            failed.push(format!("{}: {why}", part.name));
            format!("Failed: {line}\n")
        });
        let text = format!("{}\n\n{}", about(root)?, text.trim_end());
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        let page = with_section(&old, part.command, &without_paths(root, &text));
        std::fs::write(&path, page).map_err(|error| Failure::file("write", &path, &error))?;
        println!("written: {PAGE}, {}", part.name);
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Failure::Mistake(failed.join("\n\n"))),
    }
}

/// The page with a new section in its place; sections of no part are dropped.
fn with_section(page: &str, command: &str, text: &str) -> String {
    let mut sections: BTreeMap<&str, &str> = (page.split("\n## `").skip(1))
        .filter_map(|section| section.split_once("`\n"))
        .map(|(command, text)| (command, text.trim()))
        .collect();
    sections.insert(command, text);
    let mut page = HEAD.to_owned();
    for part in PARTS {
        if let Some(text) = sections.get(part.command) {
            page.push_str(&format!("\n## `{}`\n\n{text}\n", part.command));
        }
    }
    page
}

fn others(root: &Path) -> Outcome<String> {
    instances::python(root)?;
    let mut test = process::cargo();
    test.args(["test", "--locked", "--package", "tests"])
        .args(["--features", "mock", "--test", "others"])
        .args(["--", "--nocapture"])
        .env("OTHER_APIS", "all");
    process::run(test.current_dir(root))?;
    others_tables(root)
}

/// The tables of the test `others`, without the lists below them.
fn others_tables(root: &Path) -> Outcome<String> {
    let mut text = String::new();
    for name in OTHERS {
        let table = workspace::read(&root.join("target/test-tables").join(name))?;
        let lines = table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'));
        lines.for_each(|line| text.push_str(&format!("{line}\n")));
        text.push('\n');
    }
    Ok(text)
}

fn values(root: &Path) -> Outcome<String> {
    let mut tests = released("dintero", root);
    tests
        .args(["--features", &test::features(root)?])
        .args([
            "--lib", "--test", "payments", "--test", "types", "--test", "webhook",
        ])
        .env("PROPTEST_CASES", "20000");
    process::run(&mut tests).map(|()| String::new())
}

fn mutants(root: &Path) -> Outcome<String> {
    let mut tests = released("generator", root);
    tests.args(["--test", "suite", "mutants"]);
    process::run(tests.env("MUTANTS", "20000")).map(|()| String::new())
}

fn crates(root: &Path) -> Outcome<String> {
    let mut tests = process::cargo();
    tests.args([
        "test",
        "--locked",
        "--package",
        "tests",
        "--test",
        "mutants",
    ]);
    tests.env("MUTANTS_COMPILED", "500").current_dir(root);
    process::run(&mut tests).map(|()| String::new())
}

/// Returns the command that runs tests of a package in a release build, which takes less time to build than a release.
fn released(package: &str, root: &Path) -> Command {
    let mut tests = process::cargo();
    tests
        .args(["test", "--release", "--locked", "--package", package])
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .current_dir(root);
    tests
}

/// When, of what and with what.
fn about(root: &Path) -> Outcome<String> {
    let said = |program: &str, arguments: &[&str]| -> Outcome<String> {
        let text = process::output(Command::new(program).args(arguments).current_dir(root))?;
        Ok(text.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Without the page itself.
    let page = format!(":!{PAGE}");
    let changes = said("git", &["status", "--porcelain", "--", ".", &page])?;
    let changed = if changes.is_empty() {
        ""
    } else {
        " with changes"
    };
    Ok(format!(
        "{date}, `dintero` {version} at {commit}{changed}; {rustc}, {cores} cores, {os} on {arch}.",
        date = said("date", &["-u", "+%Y-%m-%d"])?,
        version = env!("CARGO_PKG_VERSION"),
        commit = said("git", &["rev-parse", "--short", "HEAD"])?,
        rustc = said("rustc", &["--version"])?,
        os = std::env::consts::OS,
        arch = std::env::consts::ARCH,
    ))
}

fn first_line(why: &Failure) -> String {
    let text = why.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

/// The output of failed programs may contain folders of this machine.
fn without_paths(root: &Path, page: &str) -> String {
    let mut page = page.replace(&*root.to_string_lossy(), ".");
    for (variable, _) in test::GUARDS {
        if let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
            page = page.replace(&*path.to_string_lossy(), &format!("${variable}"));
        }
    }
    for variable in ["CARGO_HOME", "HOME"] {
        if let Some(folder) = std::env::var_os(variable) {
            page = page.replace(&*folder.to_string_lossy(), "~");
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_machine_are_not_told() {
        let text = without_paths(Path::new("/build/here"), "can't read /build/here/target/x");
        assert_eq!(text, "can't read ./target/x");
    }

    #[test]
    fn a_section_takes_the_place_of_its_predecessor() {
        let sandbox = |text: &str| format!("\n## `cargo xtask sandbox`\n\n{text}\n");
        let policy = "\n## `cargo xtask policy`\n\nOld.\n\n- kept\n";
        let gone = "\n## `cargo xtask gone`\n\nOf no part.\n";
        let old = format!("# Title\n{policy}{gone}{}", sandbox("Old."));
        let page = with_section(&old, "cargo xtask sandbox", "New.");
        assert_eq!(page, format!("{HEAD}{}{policy}", sandbox("New.")));
        assert_eq!(
            with_section("", "cargo xtask sandbox", "New."),
            format!("{HEAD}{}", sandbox("New."))
        );
    }

    #[test]
    fn a_part_that_is_not_there_is_named() {
        let error = known(&["bench".to_owned(), "bank".to_owned()]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("no part bank; there are others, figures, "),
            "{error}"
        );
    }
}
