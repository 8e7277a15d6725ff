//! `cargo xtask diff`: what a change of documents does to users of the crate.

#[cfg(test)]
mod guide;
mod show;
mod side;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use generator::diff::{Class, Finding};
use semver::Version;

use crate::failure::{Failure, Outcome};
use crate::{release, workspace};
use side::Pair;

/// Exit code if the worst change is of the class BEHAVIOUR.
const BEHAVIOUR: u8 = 3;
/// Exit code if a change is of the class BREAKING.
const BREAKING: u8 = 4;

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Format {
    #[default]
    Text,
    Json,
    Markdown,
}

#[derive(Default)]
struct Options {
    sides: Vec<String>,
    format: Format,
    docs: bool,
    /// Of documents that are not in a folder with `sdk.toml`.
    overlays: Vec<PathBuf>,
    lock: Option<PathBuf>,
}

/// Everything that is printed.
struct Report {
    findings: Vec<Finding>,
    current: Version,
    implied: Version,
    /// Remarks on what could not be compared.
    notes: Vec<String>,
    /// Public paths on both sides.
    paths: (usize, usize),
    time: Duration,
}

pub(crate) fn run(arguments: lexopt::Parser) -> Outcome<ExitCode> {
    let options = parse(arguments)?;
    let root = workspace::root();
    let report = compare(&root, &options)?;
    print!(
        "{}",
        match options.format {
            Format::Text => show::text(&report, options.docs),
            Format::Json => show::json(&report),
            Format::Markdown => show::markdown(&report),
        }
    );
    let worst = report.findings.iter().map(|finding| finding.class).min();
    Ok(match worst {
        Some(Class::Breaking) => ExitCode::from(BREAKING),
        Some(Class::Behaviour) => ExitCode::from(BEHAVIOUR),
        _ => ExitCode::SUCCESS,
    })
}

/// Returns the text that `codegen` prints after it changed files: the change since the last commit.
pub(crate) fn summary(root: &Path) -> String {
    let options = Options {
        sides: vec!["HEAD".to_owned(), root.join("spec").display().to_string()],
        ..Options::default()
    };
    match compare(root, &options) {
        Ok(report) => show::summary(&report),
        Err(why) => {
            let why = why.to_string();
            let why = why.lines().next().unwrap_or_default();
            format!(
                "not compared with the last commit: {}\n",
                why.trim_start_matches("error: ")
            )
        }
    }
}

fn compare(root: &Path, options: &Options) -> Outcome<Report> {
    let start = Instant::now();
    let [old, new] = options.sides.as_slice() else {
        return Err(Failure::Usage("diff needs OLD and NEW".to_owned()));
    };
    let lock = options.lock.as_deref().map(workspace::read).transpose()?;
    let Pair { old, new, notes } = side::read(root, (old, new), &options.overlays, lock)?;
    let mut findings = generator::diff::diff(&old, &new);
    let time = start.elapsed();
    // Documentation is a line of counts unless it is asked for.
    let current = release::current(root)?;
    let triple = (current.major, current.minor, current.patch);
    let (major, minor, patch) = generator::diff::implied_version(triple, &findings);
    findings.retain(|finding| {
        options.docs || options.format != Format::Markdown || finding.class != Class::Docs
    });
    Ok(Report {
        findings,
        current,
        implied: Version::new(major, minor, patch),
        notes,
        paths: (old.lines().len(), new.lines().len()),
        time,
    })
}

/// The input of the generator for the documents of the SDK.
pub(crate) fn inputs(root: &Path) -> Outcome<Vec<generator::Input>> {
    side::inputs(root)
}

fn parse(mut arguments: lexopt::Parser) -> Outcome<Options> {
    use lexopt::prelude::*;
    let mut options = Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("format") => {
                options.format = match arguments.value()?.string()?.as_str() {
                    "text" => Format::Text,
                    "json" => Format::Json,
                    "markdown" => Format::Markdown,
                    other => {
                        return Err(Failure::Usage(format!(
                            "--format is text, json or markdown, not {other:?}"
                        )));
                    }
                };
            }
            Long("docs") => options.docs = true,
            Long("overlay") => options.overlays.push(arguments.value()?.into()),
            Long("lock") => options.lock = Some(arguments.value()?.into()),
            Value(side) if options.sides.len() < 2 => options.sides.push(side.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.sides.len() != 2 {
        return Err(Failure::Usage("diff needs OLD and NEW".to_owned()));
    }
    Ok(options)
}
