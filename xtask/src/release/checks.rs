//! Requirements for publishing a version.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{CHANGELOG, Check, changelog};
use crate::failure::{Failure, Outcome};
use crate::package::{self, Verify};
use crate::{figures, policy, process, workspace};

type Run = fn(&Path) -> Outcome<Check>;

/// The name of a check, and its function.
pub(super) const ALL: [(&str, Run); 10] = [
    ("working tree", clean),
    ("generated code", generated),
    ("changelog", changes),
    ("package", packaged),
    ("package of the sandbox", sandbox),
    ("minimum Rust version", minimum),
    ("public API", public_api),
    ("documentation as on docs.rs", docs),
    ("policy", allowed),
    ("tests", tests),
];

/// The metadata that a registry shows.
const SHOWN: [&str; 8] = [
    "description",
    "documentation",
    "categories",
    "keywords",
    "license",
    "readme",
    "rust-version",
    "version",
];
/// The files for users in the package.
const BESIDE: [&str; 4] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];
/// The maximum size on crates.io.
const LARGEST: u64 = 10 << 20;

fn clean(root: &Path) -> Outcome<Check> {
    let status = process::output(
        Command::new("git")
            .args(["status", "--porcelain"])
            .current_dir(root),
    )?;
    match status.lines().count() {
        0 => passed("all files are committed"),
        many => mistake(format!("{many} files are not committed")),
    }
}

/// Runs another command of this program on the same clone.
fn xtask(root: &Path, arguments: &[&str]) -> Outcome {
    let program = std::env::current_exe()
        .map_err(|error| Failure::Mistake(format!("error: can't find this program: {error}")))?;
    process::run(Command::new(program).args(arguments).current_dir(root))
}

fn generated(root: &Path) -> Outcome<Check> {
    xtask(root, &["codegen", "--check"])?;
    passed("is what `cargo xtask codegen` writes")
}

fn changes(root: &Path) -> Outcome<Check> {
    let page = workspace::read(&root.join(CHANGELOG))?;
    match changelog::unreleased(&page) {
        Some(text) => passed(format!(
            "{} lines of the next version",
            text.lines().count()
        )),
        None => mistake("has no text for the next version"),
    }
}

fn packaged(root: &Path) -> Outcome<Check> {
    let package = package::unpacked(root, "target/release-check", Verify::Yes)?;
    let files = package.files()?;
    let mut faults = unfit(&files);
    let manifest = workspace::read(&package.manifest)?;
    faults.extend(unshown(&manifest)?);
    for file in &files {
        let text = fs::read(package.folder().join(file)).unwrap_or_default();
        if String::from_utf8_lossy(&text).contains("PRIVATE KEY") {
            faults.push(format!("{file} holds a private key"));
        }
    }
    let size = fs::metadata(&package.archive).map_or(0, |file| file.len());
    if size > LARGEST {
        faults.push(format!("{size} bytes exceed the maximum of a registry"));
    }
    if faults.is_empty() {
        return passed(format!(
            "{} files, {:.1} MB, builds by itself",
            files.len(),
            size as f64 / 1e6
        ));
    }
    mistake(faults.join("; "))
}

/// The sandbox needs a version of `dintero` that is published only with it, so cargo packages and builds both.
fn sandbox(root: &Path) -> Outcome<Check> {
    let folder = root.join("target/release-check");
    let mut package = process::cargo();
    package
        .args(["package", "--locked", "--quiet", "--allow-dirty"])
        .args([
            "--package",
            "dintero",
            "--package",
            "dintero-sandbox",
            "--target-dir",
        ])
        .arg(&folder)
        .current_dir(root);
    process::run(&mut package)?;
    let folder = folder.join("package");
    let entries = fs::read_dir(&folder).map_err(|error| Failure::file("list", &folder, &error))?;
    let archive = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("dintero-sandbox-") && name.ends_with(".crate")
        });
    let Some(archive) = archive else {
        return mistake("cargo made no package of dintero-sandbox");
    };
    let size = fs::metadata(&archive).map_or(0, |file| file.len());
    match size <= LARGEST {
        true => passed(format!("{:.1} MB, builds by itself", size as f64 / 1e6)),
        false => mistake(format!("{size} bytes exceed the maximum of a registry")),
    }
}

/// Returns the missing and the unexpected files of the package.
fn unfit(files: &[String]) -> Vec<String> {
    let missing = BESIDE
        .iter()
        .filter(|name| !files.iter().any(|file| file == *name));
    let missing = missing.map(|name| format!("{name} is missing"));
    let of_tests = |file: &&String| {
        let parts: Vec<&str> = file.split('/').collect();
        parts.first() == Some(&"tests") || file.ends_with(".key") || file.ends_with(".pem")
    };
    let foreign = files.iter().filter(of_tests);
    let foreign = foreign.map(|file| format!("{file} should not be in it"));
    missing.chain(foreign).collect()
}

/// Returns the missing fields of the manifest.
fn unshown(manifest: &str) -> Outcome<Vec<String>> {
    let manifest: toml::Table = manifest
        .parse()
        .map_err(|error| Failure::Mistake(format!("error: the package's manifest: {error}")))?;
    let package = manifest.get("package").and_then(toml::Value::as_table);
    let says = |name: &&str| package.is_some_and(|package| package.contains_key(*name));
    let missing = SHOWN.iter().filter(|name| !says(name));
    Ok(missing
        .map(|name| format!("its manifest has no `{name}`"))
        .collect())
}

fn minimum(root: &Path) -> Outcome<Check> {
    xtask(root, &["msrv"])?;
    passed("no dependency needs a newer Rust")
}

/// Returns whether there is a toolchain that supports unstable settings.
fn has_nightly() -> bool {
    let mut nightly = Command::new("rustup");
    process::output(nightly.args(["run", "nightly", "rustdoc", "--version"])).is_ok()
}

fn public_api(root: &Path) -> Outcome<Check> {
    if !has_nightly() {
        return Ok(Check::NotRun("needs a nightly toolchain".to_owned()));
    }
    xtask(root, &["public-api", "--check"])?;
    passed("docs/public-api.txt is up to date")
}

/// docs.rs builds with nightly, all features and this setting.
fn docs(root: &Path) -> Outcome<Check> {
    if !has_nightly() {
        return Ok(Check::NotRun("docs.rs builds with nightly".to_owned()));
    }
    let target = root.join("target/docs-rs");
    figures::docs::forget(&target.join("doc"))?;
    process::run(
        Command::new("rustup")
            .args(["run", "nightly", "cargo", "doc", "--locked", "--quiet"])
            .args([
                "--package",
                "dintero",
                "--all-features",
                "--no-deps",
                "--target-dir",
            ])
            .arg(&target)
            .env("DOCS_RS", "1")
            .env("RUSTDOCFLAGS", "--cfg docsrs --deny warnings")
            // Cargo, whose child this is, names the stable ones.
            .env_remove("CARGO")
            .env_remove("RUSTC")
            .env_remove("RUSTDOC")
            .env_remove("RUSTUP_TOOLCHAIN")
            .current_dir(root),
    )?;
    let docs = target.join("doc");
    figures::docs::complete(root, &docs)?;
    figures::docs::with_features(root, &docs)?;
    let page = docs.join("dintero/mock/index.html");
    if !workspace::read(&page)?.contains("crate feature <code>mock</code>") {
        return mistake("items behind a feature don't show it");
    }
    passed("builds, each generated type has a page, and items behind a feature show it")
}

fn allowed(_: &Path) -> Outcome<Check> {
    policy::check()?;
    passed("licences, sources, each feature alone; advisories as said above")
}

fn tests(root: &Path) -> Outcome<Check> {
    xtask(root, &["test"])?;
    passed("`cargo xtask test`")
}

/// Steps that no program can do.
pub(super) fn left_to_people(root: &Path) -> Outcome<Vec<String>> {
    let mut steps = Vec::new();
    let manifest = workspace::read(&root.join("sdk/Cargo.toml"))?;
    if !manifest
        .lines()
        .any(|line| line.starts_with("repository = "))
    {
        steps.push(
            "set `repository` in sdk/Cargo.toml to the address where the source can be read: links of the README need it"
                .to_owned(),
        );
    }
    steps.extend(
        [
            "run `cargo xtask test --full` on a quiet machine, read docs/figures.md, commit it",
            "read CHANGELOG.md as a user would",
            "`cargo publish --package dintero --package dintero-sandbox`, with an account of the registry",
            "push the tag, and see docs.rs build",
        ]
        .map(str::to_owned),
    );
    Ok(steps)
}

fn passed(what: impl Into<String>) -> Outcome<Check> {
    Ok(Check::Passed(what.into()))
}

fn mistake(what: impl std::fmt::Display) -> Outcome<Check> {
    Err(Failure::Mistake(format!("error: {what}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn a_package_has_what_users_read_and_nothing_of_the_tests() {
        let files = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let whole = [
            "CHANGELOG.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "src/rt/tests.rs",
        ];
        assert_eq!(unfit(&files(&whole)), [""; 0]);
        let faulty = [&whole[1..], &["tests/client/tls/server.key"]].concat();
        assert_eq!(
            unfit(&files(&faulty)),
            [
                "CHANGELOG.md is missing",
                "tests/client/tls/server.key should not be in it"
            ]
        );
    }

    #[test]
    fn what_a_registry_shows_is_asked_for() {
        let all: String = SHOWN
            .iter()
            .map(|name| format!("{name} = \"x\"\n"))
            .collect();
        assert_eq!(unshown(&format!("[package]\n{all}")).unwrap(), [""; 0]);
        let some = format!("[package]\n{}", all.replace("keywords = \"x\"\n", ""));
        assert_eq!(unshown(&some).unwrap(), ["its manifest has no `keywords`"]);
        assert!(unshown("[package").is_err());
    }
}
