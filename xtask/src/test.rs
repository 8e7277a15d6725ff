//! `cargo xtask test`: all tests of the repository, with the tools that they need besides Rust.

use std::path::Path;
use std::process::Command;

use crate::codegen::settings;
use crate::failure::{Failure, Outcome};
use crate::{full, mutations, process, workspace};

/// The variable with the path of Prism's command, for the tests.
const PRISM: &str = "DINTERO_TEST_PRISM";
/// Names the folder of the built examples, to the test that runs them.
const EXAMPLES: &str = "DINTERO_TEST_EXAMPLES";

/// Variables that name documents which are not part of the repository, and what a run without them leaves out.
pub(crate) const GUARDS: [(&str, &str); 3] = [
    (
        "OPENAPI_CORPUS",
        "a folder of other companies' OpenAPI documents",
    ),
    (
        "DINTERO_OFFICIAL_SPEC",
        "Dintero's payments document as published",
    ),
    (
        "DINTERO_FACTS",
        "the facts that the documents were written from",
    ),
];

/// Features of the crate that are off by default and have tests, beside those of the APIs. Not `native-tls`, which would
/// take the place of rustls.
const FEATURES: [&str; 12] = [
    "blocking",
    "chrono-04",
    "download",
    "event-stream",
    "jiff-02",
    "mock",
    "multipart",
    "reqwest-013",
    "rust_decimal-1",
    "time-03",
    "tracing",
    "webhook",
];
/// Programs that run one process after the other, and leave a core idle: they run beside all others.
const BESIDE: [&str; 4] = ["conformance", "generated", "prism_payments", "roundtrip"];
/// The feature of the tests that need a mock.
const MOCK: &str = "tests/mock";

/// Features that the tests of the crate need, as cargo takes them.
pub(crate) fn features(root: &Path) -> Outcome<String> {
    let settings = settings::read(root)?;
    let apis = settings.features();
    let apis = apis.iter().filter(|(_, default)| !**default);
    let all = FEATURES.into_iter().chain(apis.map(|(name, _)| *name));
    let all: Vec<String> = all.map(|name| format!("dintero/{name}")).collect();
    Ok(all.join(","))
}

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    use lexopt::prelude::*;
    let mut full = false;
    let mut parts: Vec<String> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("full") => full = true,
            Value(part) if full => parts.push(part.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    full::known(&parts)?;
    let root = workspace::root();
    let prism = install(&root.join("tests"))?;
    install_python(&root)?;
    if !parts.is_empty() {
        return full::run(&root, &parts);
    }
    let tables = root.join("target/test-tables");
    // The tables printed at the end must be those of this run.
    if tables.exists() {
        std::fs::remove_dir_all(&tables)
            .map_err(|error| Failure::file("remove", &tables, &error))?;
    }
    let features = features(&root)?;
    let cargo = |arguments: &[&str]| {
        let mut cargo = process::cargo();
        cargo
            .args(arguments)
            .args(["--workspace", "--features", &features, "--features", MOCK])
            .current_dir(&root);
        cargo
    };
    // As programs, which a test runs against the sandbox: `cargo test` builds them as tests only.
    process::run(&mut cargo(&["build", "--examples"]))?;
    process::run(&mut cargo(&["test", "--no-run"]))?;
    let tests = |selected: &[&str]| {
        let mut tests = cargo(&["test", "--no-fail-fast"]);
        tests
            .args(selected)
            .env(PRISM, &prism)
            .env(EXAMPLES, root.join("target/debug/examples"));
        tests
    };
    let programs = programs(&root)?;
    let selected = |is_beside: bool| {
        (programs.iter().map(String::as_str))
            .filter(move |name| BESIDE.contains(name) == is_beside)
            .flat_map(|name| ["--test", name])
    };
    let beside: Vec<&str> = selected(true).collect();
    let others: Vec<&str> = ["--lib", "--bins", "--examples"]
        .into_iter()
        .chain(selected(false))
        .collect();
    let log = root.join("target/tests-beside.log");
    let outcomes = std::thread::scope(|scope| {
        let beside = scope.spawn(|| process::run_into(&mut tests(&beside), &log));
        let others = process::run(&mut tests(&others));
        let examples = process::run(&mut tests(&["--doc"]));
        let beside = beside.join().unwrap_or_else(|_| {
            let why = "error: the thread of the tests beside the others panicked";
            Err(Failure::Mistake(why.to_owned()))
        });
        [others, examples, beside]
    });
    print!("{}", workspace::read(&log)?);
    let failed: Vec<String> = (outcomes.into_iter())
        .filter_map(Result::err)
        .map(|failure| failure.to_string())
        .collect();
    if !failed.is_empty() {
        return Err(Failure::Mistake(failed.join("\n")));
    }
    print_tables(&tables)?;
    println!("\n{}", mutations::report(false, None)?);
    println!("these tables: target/test-tables");
    for (variable, what) in GUARDS {
        if std::env::var_os(variable).is_none() {
            println!("not run: tests on {what}, because {variable} is not set");
        }
    }
    if full { full::run(&root, &[]) } else { Ok(()) }
}

/// The names of all test programs, those of [`BESIDE`] among them.
fn programs(root: &Path) -> Outcome<Vec<String>> {
    let mut metadata = process::cargo();
    metadata
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root);
    let metadata: serde_json::Value = serde_json::from_str(&process::output(&mut metadata)?)
        .map_err(|error| Failure::Mistake(format!("error: `cargo metadata`: {error}")))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let mut names: Vec<String> = packages
        .flat_map(|package| package["targets"].as_array().into_iter().flatten())
        .filter(|target| target["kind"][0] == "test")
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    match BESIDE
        .iter()
        .find(|name| !names.iter().any(|known| known == *name))
    {
        Some(gone) => Err(Failure::Mistake(format!(
            "error: there is no test program {gone}, which `xtask/src/test.rs` names"
        ))),
        None => Ok(names),
    }
}

/// Installs the npm packages. Returns the path of Prism's command.
fn install(folder: &Path) -> Outcome<std::path::PathBuf> {
    for program in ["node", "npm"] {
        if let Err(Failure::Mistake(why)) = process::output(Command::new(program).arg("--version"))
        {
            return Err(Failure::Mistake(format!(
                "error: the tests need Node.js 20 or newer and npm, for the mock server Prism\n{why}"
            )));
        }
    }
    // npm keeps a copy of the lock file: if it is newer than ours, the installed packages are up to date.
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&folder.join("package-lock.json")) {
        process::run(Command::new("npm").arg("ci").current_dir(folder))?;
    }
    Ok(folder.join("node_modules/.bin/prism"))
}

/// Installs Dintero's own Python client, which ours is compared with, in an environment of its own.
fn install_python(root: &Path) -> Outcome {
    if process::output(Command::new("python3").arg("--version")).is_err() {
        println!(
            "not run: the comparison with Dintero's Python client, because there is no python3"
        );
        return Ok(());
    }
    let folder = root.join("target/counterparts/python");
    let wanted = root.join("tests/counterparts/requirements.txt");
    // Left behind once all is installed.
    let done = folder.join("installed.txt");
    if modified(&done).is_some() && modified(&done) >= modified(&wanted) {
        return Ok(());
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut install = Command::new(folder.join("bin/python"));
    install.args(["-m", "pip", "install", "--quiet", "--requirement"]);
    process::run(install.arg(&wanted))?;
    std::fs::copy(&wanted, &done)
        .map(drop)
        .map_err(|error| Failure::file("write", &done, &error))
}

/// Prints the tables of the tests.
fn print_tables(folder: &Path) -> Outcome {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    let mut tables: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    tables.sort();
    for table in tables {
        let text = std::fs::read_to_string(&table)
            .map_err(|error| Failure::file("read", &table, &error))?;
        println!("\n{text}");
    }
    Ok(())
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    std::fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok()
}
