//! `cargo xtask test --full`: the checks that take too long for every change, and their page of figures.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::failure::{Failure, Outcome};
use crate::{
    bench, figures, instances, lint, mutations, overhead, policy, process, sandbox, test, workspace,
};

/// The page that is written.
const PAGE: &str = "docs/figures.md";
/// Tables of the test `others`, in the folder of the tables of tests.
const OTHERS: [&str; 2] = [
    "calls-of-other-companies--operations-against-prism.md",
    "types-of-unions-read-from-valid-values.md",
];
/// How many random values each property is tried with.
const CASES: (&str, &str) = ("PROPTEST_CASES", "20000");

pub(crate) fn run(root: &Path) -> Outcome {
    // `bench` prints what this test counts.
    instances::python(root)?;
    let others = Instant::now();
    let mut test = process::cargo();
    test.args(["test", "--locked", "--package", "tests"])
        .args(["--features", "mock", "--test", "others"])
        .env("OTHER_APIS", "all");
    // It fails the run at its end, so that the page is written all the same.
    let passes = process::run(test.current_dir(root));
    let others = others.elapsed().as_secs_f64() / 60.0;

    let measured = [
        (
            "OTHER_APIS=all cargo test -p tests --features mock --test others",
            others_tables(root),
        ),
        ("cargo xtask figures", figures::report()),
        ("cargo xtask overhead", overhead::report()),
        ("cargo xtask sandbox", sandbox::report()),
        ("cargo xtask bench", bench::report(true, &[])),
    ];

    let cases = std::env::var(CASES.0).unwrap_or_else(|_| CASES.1.to_owned());
    let mut proofs = String::from("| proof | command | minutes |\n|---|---|---|\n");
    if passes.is_ok() {
        let _ = writeln!(
            proofs,
            "| every operation of other companies' documents is called as Prism expects, and every type of their unions \
             is read from valid values | `OTHER_APIS=all cargo test -p tests --features mock --test others` | {others:.1} |"
        );
    }
    let mut prove = |what: &str, command: &str, proof: &dyn Fn() -> Outcome| -> Outcome {
        let start = Instant::now();
        proof()?;
        let minutes = start.elapsed().as_secs_f64() / 60.0;
        let _ = writeln!(proofs, "| {what} | `{command}` | {minutes:.1} |");
        Ok(())
    };
    prove(
        &format!("{cases} random values for each property of `dintero`"),
        &format!("{}={cases} cargo xtask test --full", CASES.0),
        &|| fuzz(root, &cases),
    )?;
    prove(
        "20000 documents with random changes: nothing panics or hangs, and what is generated is Rust",
        "MUTANTS=20000 cargo test --release -p generator --test suite mutants",
        &|| {
            let mut tests = released("generator", root);
            tests.args(["--test", "suite", "mutants"]);
            process::run(tests.env("MUTANTS", "20000"))
        },
    )?;
    prove(
        "500 crates of such documents compile without a warning",
        "MUTANTS_COMPILED=500 cargo test -p tests --test mutants",
        &|| {
            let mut tests = process::cargo();
            tests.args([
                "test",
                "--locked",
                "--package",
                "tests",
                "--test",
                "mutants",
            ]);
            process::run(tests.env("MUTANTS_COMPILED", "500").current_dir(root))
        },
    )?;
    prove(
        "nothing in the documents makes worse code, and three linters find nothing",
        "cargo xtask lint --full",
        &|| lint::lint(true),
    )?;
    prove(
        "licences and sources of dependencies; each feature alone, none and all",
        "cargo xtask policy",
        &policy::check,
    )?;

    let mutations = std::cell::RefCell::new(String::new());
    prove(
        "the verdicts of `cargo xtask diff` are those of the compiler",
        "cargo xtask mutations --full",
        &|| {
            *mutations.borrow_mut() = mutations::report(true, None)?;
            Ok(())
        },
    )?;

    let mut page = heading(root)?;
    let _ = writeln!(page, "## Proofs\n\nEach passed.\n\n{proofs}");
    let mutations = ("cargo xtask mutations --full", Ok(mutations.into_inner()));
    for (title, report) in std::iter::once(mutations).chain(measured) {
        // A figure that can't be measured here is not an error of the repository.
        let text = report.unwrap_or_else(|why| format!("Not run: {}\n", first_line(&why)));
        let _ = writeln!(page, "## `{title}`\n\n{}", text.trim_end());
        page.push('\n');
    }
    let path = root.join(PAGE);
    std::fs::write(&path, without_paths(root, page.trim_end()) + "\n")
        .map_err(|error| Failure::file("write", &path, &error))?;
    println!("written: {PAGE}");
    passes
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

fn fuzz(root: &Path, cases: &str) -> Outcome {
    let mut tests = released("dintero", root);
    tests
        .args(["--features", &test::features(root)?])
        .args([
            "--lib", "--test", "payments", "--test", "types", "--test", "webhook",
        ])
        .env(CASES.0, cases);
    process::run(&mut tests)
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
fn heading(root: &Path) -> Outcome<String> {
    let said = |program: &str, arguments: &[&str]| -> Outcome<String> {
        let text = process::output(Command::new(program).args(arguments).current_dir(root))?;
        Ok(text.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(format!(
        "# Figures\n\nWritten by `cargo xtask test --full`; each section is what the command in its title prints.\n\n\
         - {date}, `dintero` {version} at {commit}\n- {rustc}, {cores} cores, {os} on {arch}\n\n\
         Seconds differ between machines and between runs on one; instructions and sizes hardly do.\n\n",
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
}
