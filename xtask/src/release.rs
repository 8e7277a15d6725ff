//! `cargo xtask release`: checks that a version can be published, and lists the remaining manual steps.

mod changelog;
mod checks;

use std::fs;
use std::path::Path;

use semver::Version;

use crate::codegen::{LOCK, lock};
use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

const MANIFEST: &str = "Cargo.toml";
const CHANGELOG: &str = "CHANGELOG.md";

#[derive(Default)]
struct Options {
    dry_run: bool,
    version: Option<Version>,
}

/// The result of one check.
enum Check {
    /// It passed; the text is shown with it.
    Passed(String),
    /// This machine lacks the requirements.
    NotRun(String),
}

pub(crate) fn run(arguments: lexopt::Parser) -> Outcome {
    let options = parse(arguments)?;
    let root = workspace::root();
    let now = current(&root)?;
    if let Some(next) = &options.version
        && *next < now
    {
        return Err(Failure::Usage(format!("{next} is older than {now}")));
    }
    let mut failed = 0;
    let mut left = Vec::new();
    let mut table = String::new();
    for (name, check) in checks::ALL {
        eprintln!("== {name}");
        let result = match check(&root) {
            Ok(Check::Passed(what)) => format!("ok: {what}"),
            Ok(Check::NotRun(why)) => {
                left.push(format!("{name}: run it on another machine ({why})"));
                format!("not run: {why}")
            }
            Err(failure) => {
                eprintln!("{failure}");
                failed += 1;
                format!("FAILED: {}", first_line(&failure))
            }
        };
        table.push_str(&format!("{name}: {result}\n"));
    }
    println!("\n{table}");
    if failed > 0 {
        return Err(Failure::Mistake(format!(
            "error: {failed} check{} failed; nothing was written",
            if failed == 1 { "" } else { "s" }
        )));
    }
    match options.version.filter(|_| !options.dry_run) {
        Some(version) => {
            write(&root, &now, &version)?;
            left.push(format!("commit, then `git tag v{version}`"));
        }
        None => left.push(format!(
            "`cargo xtask release VERSION` sets the version, {now} today, and the changelog's heading"
        )),
    }
    left.extend(checks::left_to_people(&root)?);
    println!("manual steps:");
    for step in left {
        println!("- {step}");
    }
    Ok(())
}

fn parse(mut arguments: lexopt::Parser) -> Outcome<Options> {
    use lexopt::prelude::*;
    let mut options = Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("dry-run") => options.dry_run = true,
            Value(version) if options.version.is_none() => {
                let text = version.string()?;
                let version = Version::parse(&text).map_err(|error| {
                    Failure::Usage(format!("{text:?} is not a version: {error}"))
                })?;
                options.version = Some(version);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if options.version.is_none() && !options.dry_run {
        return Err(Failure::Usage("a version, or --dry-run".to_owned()));
    }
    Ok(options)
}

/// Returns the version of the workspace.
pub(crate) fn current(root: &Path) -> Outcome<Version> {
    let text = workspace::read(&root.join(MANIFEST))?;
    let found = version_line(&text).and_then(|(_, version)| Version::parse(version).ok());
    found.ok_or_else(|| Failure::Mistake(format!("error: {MANIFEST} has no version")))
}

/// Returns the line with the version of all packages, and the version.
fn version_line(manifest: &str) -> Option<(&str, &str)> {
    let (_, package) = manifest.split_once("[workspace.package]\n")?;
    let line = package
        .lines()
        .find(|line| line.starts_with("version = "))?;
    Some((line, line.split('"').nth(1)?))
}

fn write(root: &Path, now: &Version, next: &Version) -> Outcome {
    let day = process::output(std::process::Command::new("date").args(["-u", "+%Y-%m-%d"]))?;
    for (path, text) in texts(root, now, next, day.trim())? {
        let path = root.join(path);
        fs::write(&path, text).map_err(|error| Failure::file("write", &path, &error))?;
        println!("changed {}", path.display());
    }
    // The lock file has the packages of the workspace, too.
    process::output(
        process::cargo()
            .args(["update", "--workspace", "--offline"])
            .current_dir(root),
    )
    .map(drop)
}

/// The files of a version: the manifest, the changelog and the names.
pub(crate) fn texts(
    root: &Path,
    now: &Version,
    next: &Version,
    day: &str,
) -> Outcome<[(&'static str, String); 3]> {
    let manifest = workspace::read(&root.join(MANIFEST))?;
    let line = version_line(&manifest)
        .map(|(line, _)| line)
        .unwrap_or_default();
    let manifest = manifest.replacen(line, &line.replace(&now.to_string(), &next.to_string()), 1);
    let log = workspace::read(&root.join(CHANGELOG))?;
    let log = changelog::released(&log, next, day)?;
    let names = workspace::read(&root.join(LOCK))?;
    let names = lock::released(&names, &next.to_string());
    Ok([(MANIFEST, manifest), (CHANGELOG, log), (LOCK, names)])
}

fn first_line(failure: &Failure) -> String {
    let text = failure.to_string();
    let line = text.lines().find(|line| line.contains("error"));
    let line = line.or_else(|| text.lines().next()).unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn the_version_is_that_of_the_workspace() {
        let manifest = "[dependencies]\nversion = \"9\"\n[workspace.package]\nedition = \"2024\"\nversion = \"0.1.0\"\n";
        assert_eq!(
            version_line(manifest),
            Some(("version = \"0.1.0\"", "0.1.0"))
        );
        assert_eq!(version_line("version = \"0.1.0\""), None);
    }

    #[test]
    fn a_version_or_a_dry_run() {
        let parsed = |words: &[&str]| parse(lexopt::Parser::from_args(words));
        assert!(parsed(&["--dry-run"]).unwrap().dry_run);
        assert_eq!(
            parsed(&["0.2.0"]).unwrap().version,
            Some(Version::new(0, 2, 0))
        );
        for wrong in [
            &[][..],
            &["next"],
            &["0.2"],
            &["0.2.0", "0.3.0"],
            &["--force"],
        ] {
            assert!(parsed(wrong).is_err(), "{wrong:?}");
        }
    }
}
