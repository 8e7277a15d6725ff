//! `cargo xtask lint`: the places of documents that make worse code, and independent linters on those in `spec/`.

mod linters;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use generator::lint::{Finding, Linted, Unfixed, fix, lint_together, lint_tolerant};
use generator::load::Source;
use generator::{Input, Target};

use crate::codegen::{self, PACKAGE, mistakes, settings};
use crate::failure::{Failure, Outcome};
use crate::workspace;

#[derive(Default)]
struct Options {
    full: bool,
    fix: bool,
    document: Option<PathBuf>,
    overlays: Vec<PathBuf>,
    lock: Option<PathBuf>,
}

pub(crate) fn run(arguments: lexopt::Parser) -> Outcome {
    let options = parse(arguments)?;
    match &options.document {
        Some(document) => {
            let (text, count) = one(document, &options)?;
            print!("{text}");
            verdict(count)
        }
        None => all(&options),
    }
}

fn parse(mut arguments: lexopt::Parser) -> Outcome<Options> {
    use lexopt::prelude::*;
    let mut options = Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("full") => options.full = true,
            Long("fix") => options.fix = true,
            Long("document") => options.document = Some(arguments.value()?.into()),
            Long("overlay") => options.overlays.push(arguments.value()?.into()),
            Long("lock") => options.lock = Some(arguments.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let usage = |message: &str| Err(Failure::Usage(message.to_owned()));
    match options.document {
        None if !options.overlays.is_empty() || options.lock.is_some() => {
            usage("--overlay and --lock go with --document")
        }
        Some(_) if options.full => usage("--full is for the documents in spec/"),
        Some(_) if options.fix && options.overlays.is_empty() => {
            usage("--fix needs --overlay: the file that gets the actions")
        }
        _ => Ok(options),
    }
}

/// Fails at any finding; with `full` at those of Spectral, too.
pub(crate) fn lint(full: bool) -> Outcome {
    all(&Options {
        full,
        ..Options::default()
    })
}

fn all(options: &Options) -> Outcome {
    let root = workspace::root();
    let (text, count) = spec(&root, options.fix)?;
    print!("{text}");
    let mut failed = linters::check(&root, options.full)?;
    if let Err(failure) = verdict(count) {
        failed.insert(0, failure.to_string());
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Failure::Mistake(failed.join("\n"))),
    }
}

fn verdict(count: usize) -> Outcome {
    match count {
        0 => Ok(()),
        1 => Err(Failure::Mistake("error: 1 finding".to_owned())),
        count => Err(Failure::Mistake(format!("error: {count} findings"))),
    }
}

/// Lints the documents of the SDK. Returns the text to print, and the number of findings that remain.
fn spec(root: &Path, is_fixed: bool) -> Outcome<(String, usize)> {
    let mut text = String::new();
    if is_fixed {
        let settings = settings::read(root)?;
        let inputs = codegen::inputs(root, &settings.api)?;
        let name = |document: &str| format!("overlays/{document}");
        let documents: Vec<&str> = (settings.api.iter())
            .map(|api| api.document.as_str())
            .collect();
        let fresh = |number: usize| {
            let document = documents.get(number).copied().unwrap_or_default();
            format!("{}/{}", settings::FOLDER, name(document))
        };
        let fixed = fix(&inputs, fresh, lint_together).map_err(unfixed)?;
        for (number, fixed) in fixed {
            write(&root.join(&fixed.overlay.name), &fixed.overlay.text)?;
            let is_new = inputs
                .get(number)
                .is_some_and(|input| input.overlays.is_empty());
            if let Some(document) = documents.get(number).filter(|_| is_new) {
                list_overlay(root, document, &name(document))?;
            }
            say_fixed(&fixed.overlay.name, fixed.findings.len(), &mut text);
        }
    }
    let inputs = codegen::inputs(root, &settings::read(root)?.api)?;
    let linted = lint_together(&inputs).map_err(|found| mistakes(&found))?;
    let findings: Vec<&Finding> = linted.iter().flat_map(|one| &one.findings).collect();
    say(&findings, &mut text);
    Ok((text, findings.len()))
}

/// Adds a new overlay to the settings.
fn list_overlay(root: &Path, document: &str, overlay: &str) -> Outcome {
    let path = root.join(settings::FOLDER).join(settings::FILE);
    let line = format!("document = {document:?}\n");
    let text = workspace::read(&path)?;
    let text = text.replacen(&line, &format!("{line}overlays = [{overlay:?}]\n"), 1);
    write(&path, &text)
}

/// Lints any document.
fn one(document: &Path, options: &Options) -> Outcome<(String, usize)> {
    let source = |path: &Path| -> Outcome<Source> {
        Ok(Source {
            name: path.display().to_string(),
            text: workspace::read(path)?,
        })
    };
    let mut overlays = Vec::new();
    let mut fresh = String::new();
    for (number, path) in options.overlays.iter().enumerate() {
        let is_last = number + 1 == options.overlays.len();
        if is_last && options.fix {
            fresh = path.display().to_string();
            if !path.exists() {
                continue;
            }
        }
        overlays.push(source(path)?);
    }
    let stem = document.file_stem().unwrap_or_default().to_string_lossy();
    let mut input = Input {
        document: source(document)?,
        overlays,
        lock: options.lock.as_deref().map(source).transpose()?,
        target: Target::Crate {
            name: codegen::crate_name(&stem),
            runtime: generator::Runtime {
                name: PACKAGE.to_owned(),
                path: String::new(),
            },
        },
    };
    let mut text = String::new();
    let files = codegen::files::of_document(document, &input.document);
    let checked = |input: &Input| lint_tolerant(input, &files);
    let alone = |inputs: &[Input]| inputs.iter().map(checked).collect();
    if options.fix {
        let is_new = input.overlays.len() < options.overlays.len();
        let mut inputs = vec![input.clone()];
        if is_new {
            // The others stay as they are.
            for input in &mut inputs {
                generator::lint::give_overlay(input, &fresh);
            }
        }
        let fixed = fix(&inputs, |_| fresh.clone(), alone).map_err(unfixed)?;
        for (_, fixed) in fixed {
            write(Path::new(&fixed.overlay.name), &fixed.overlay.text)?;
            say_fixed(&fixed.overlay.name, fixed.findings.len(), &mut text);
            if is_new {
                input.overlays.push(fixed.overlay);
            } else if let Some(last) = input.overlays.last_mut() {
                *last = fixed.overlay;
            }
        }
    }
    let Linted { findings, left_out } = checked(&input).map_err(|found| mistakes(&found))?;
    say(&findings.iter().collect::<Vec<_>>(), &mut text);
    if left_out > 0 {
        let _ = writeln!(
            text,
            "not checked: {left_out} unsupported parts, which `cargo xtask codegen --document FILE --report` lists"
        );
    }
    Ok((text, findings.len()))
}

fn unfixed(why: Unfixed) -> Failure {
    match why {
        Unfixed::Mistakes(found) => mistakes(&found),
        Unfixed::Overlay(why) => Failure::Mistake(why),
    }
}

fn write(path: &Path, text: &str) -> Outcome {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file("make", folder, &error))?;
    }
    std::fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
}

fn say_fixed(overlay: &str, count: usize, text: &mut String) {
    let findings = if count == 1 { "finding" } else { "findings" };
    let _ = writeln!(
        text,
        "{overlay}: actions for {count} {findings} added; read them: names can't change after a release"
    );
}

/// Writes all findings, then their number by rule.
fn say(findings: &[&Finding], text: &mut String) {
    let mut counts: BTreeMap<generator::lint::Rule, (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let _ = writeln!(text, "[{}] {}\n", finding.rule.name(), finding.found);
        let (all, fixable) = counts.entry(finding.rule).or_default();
        *all += 1;
        *fixable += usize::from(!finding.actions.is_empty());
    }
    for (rule, (all, fixable)) in counts {
        let _ = writeln!(
            text,
            "{}: {all}, of which --fix can fix {fixable}",
            rule.name()
        );
    }
}
