//! `cargo xtask mutations`: whether the verdict of `cargo xtask diff` is that of the compiler. Documents are changed in
//! many ways; for each change, a program that uses everything of the old crate is checked with the new one.

pub(crate) mod build;
mod make;
mod rows;
mod semver;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use generator::diff::{Class, Finding};
use generator::load::{Source, load};
use generator::surface::{Surface, describe_together};
use generator::{Input, Target, Together, generate_together};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::codegen::{PACKAGE, mistakes, settings};
use crate::failure::{Failure, Outcome};
use crate::{diff, workspace};
use build::Crate;

/// How many changes `cargo xtask test` tries; the generator rejects one or two of them.
const FEW: usize = 33;
/// Lines of generated code that may change with one member.
const LINES_OF_MEMBER: usize = 60;
/// Kinds of changes of one member. A member that becomes required changes the type of each setter, and is not among them.
const OF_MEMBER: [&str; 9] = [
    "property added",
    "property removed",
    "property becomes nullable",
    "property becomes read-only",
    "read-only property added",
    "write-only property added",
    "enum value added",
    "optional parameter added",
    "description of a property",
];

/// The name of the small documents.
const SMALL: &str = "shop";
const SHOP: &str = include_str!("mutations/shop.yaml");
const LEDGER: &str = include_str!("mutations/ledger.yaml");
/// Documents of the SDK that are changed, too; they refer to no other.
const OWN: [&str; 2] = ["insight", "orders"];

/// Documents to change.
struct Base {
    name: String,
    /// The first one is changed.
    inputs: Vec<Input>,
    document: Value,
    surface: Surface,
    files: BTreeMap<String, String>,
}

/// The outcome of a change.
struct Verdict {
    kind: &'static str,
    site: String,
    base: String,
    findings: Vec<Finding>,
    /// Lines of generated code that differ.
    lines: usize,
    number: usize,
}

impl Verdict {
    fn class(&self) -> Option<Class> {
        self.findings.iter().map(|finding| finding.class).min()
    }
}

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    use lexopt::prelude::*;
    let (mut full, mut only) = (false, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("full") => full = true,
            Long("only") => only = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if only.as_deref() == Some("crate") {
        print!("{}", rows::report(&workspace::root())?);
        return Ok(());
    }
    print!("{}", report(full, only.as_deref())?);
    Ok(())
}

/// Tries the changes. Returns the tables; a disagreement is an error.
pub(crate) fn report(full: bool, only: Option<&str>) -> Outcome<String> {
    let root = workspace::root();
    let start = Instant::now();
    let mut bases = vec![shop()?];
    if full || only.is_some() {
        for module in OWN {
            bases.push(own(&root, module)?);
        }
    }
    let mut crates = Vec::new();
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut refused: Vec<String> = Vec::new();
    // Of the small documents, by number of the crate.
    let mut small: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
    for base in &bases {
        let program = base.surface.program("api");
        // The unchanged one is the first: the program must compile with it.
        let number = crates.len();
        crates.push(Crate::new(number, &base.files, &program, &base.inputs));
        verdicts.push(Verdict {
            kind: "unchanged",
            site: String::new(),
            base: base.name.clone(),
            findings: generator::diff::diff(&base.surface, &base.surface),
            lines: 0,
            number,
        });
        let mut all = make::all(&base.document);
        if let Some(only) = only {
            all.retain(|mutation| mutation.kind.contains(only));
        } else if !full {
            all = few(all);
        } else if base.name != SMALL {
            all = once(all);
        }
        for mutation in all {
            let inputs = changed(base, &mutation);
            let found = describe_together(&inputs, &[]);
            let generated = generate_together(&inputs, &[]);
            let (described, generated) = match (found, generated) {
                (Ok(described), Ok(generated)) => (described, generated),
                (Err(found), _) | (_, Err(found)) => {
                    let first = found
                        .first()
                        .map_or_else(String::new, |one| one.what.clone());
                    refused.push(format!("{} at {}: {first}", mutation.kind, mutation.site));
                    continue;
                }
            };
            let files = files(generated, &inputs);
            let number = crates.len();
            verdicts.push(Verdict {
                kind: mutation.kind,
                site: mutation.site,
                base: base.name.clone(),
                findings: generator::diff::diff(&base.surface, &described.surface),
                lines: lines(&base.files, &files),
                number,
            });
            crates.push(Crate::new(number, &files, &program, &inputs));
            if full && base.name == SMALL {
                small.insert(number, files);
            }
        }
    }
    let made = start.elapsed();
    let checked = build::check(&root, build::FOLDER, &crates)?;
    let mut text = table(&verdicts, &checked, &refused)?;
    let _ = writeln!(
        text,
        "made in {:.1} s, checked in {:.1} s",
        made.as_secs_f64(),
        (start.elapsed() - made).as_secs_f64()
    );
    let disagreed = verdicts.iter().filter(|one| !agrees(one, &checked)).count();
    if disagreed > 0 {
        return Err(Failure::Mistake(format!(
            "{text}\nerror: {disagreed} verdicts of `cargo xtask diff` are not those of the compiler"
        )));
    }
    let (worst, kind) = worst_of_member(&verdicts);
    if worst > LINES_OF_MEMBER {
        return Err(Failure::Mistake(format!(
            "{text}\nerror: {worst} lines of generated code change with one member ({kind}); at most {LINES_OF_MEMBER} should"
        )));
    }
    if full {
        if let Some(base) = bases.first() {
            let opinions = semver::report(&root, base, &verdicts, &checked, &small);
            let _ = write!(text, "\n{opinions}");
        }
        let _ = write!(text, "\n{}", rows::report(&root)?);
    }
    Ok(text)
}

/// Each kind once.
fn once(all: Vec<make::Mutation>) -> Vec<make::Mutation> {
    let mut kinds = BTreeSet::new();
    all.into_iter()
        .filter(|one| kinds.insert(one.kind))
        .collect()
}

/// Some kinds from each part of the list.
fn few(all: Vec<make::Mutation>) -> Vec<make::Mutation> {
    let first = once(all);
    let count = first.len();
    let chosen = |index: usize| (index * FEW) / count != ((index + 1) * FEW) / count;
    let numbered = first.into_iter().enumerate();
    numbered
        .filter(|(index, _)| chosen(*index))
        .map(|(_, one)| one)
        .collect()
}

fn agrees(verdict: &Verdict, checked: &build::Checked) -> bool {
    let breaks = verdict.class() == Some(Class::Breaking);
    let compiles = !checked.programs.contains_key(&verdict.number);
    breaks != compiles && !checked.libraries.contains_key(&verdict.number)
}

fn worst_of_member(verdicts: &[Verdict]) -> (usize, &'static str) {
    let of_member = verdicts.iter().filter(|one| OF_MEMBER.contains(&one.kind));
    let worst = of_member.max_by_key(|one| one.lines);
    worst.map_or((0, ""), |one| (one.lines, one.kind))
}

fn table(verdicts: &[Verdict], checked: &build::Checked, refused: &[String]) -> Outcome<String> {
    let mut text = String::new();
    let mut errors = String::new();
    for verdict in verdicts.iter().filter(|one| !agrees(one, checked)) {
        let class = verdict.class().map_or("no change", Class::name);
        let compiler = checked.libraries.get(&verdict.number);
        let compiler = compiler.map(|why| format!("the generated crate does not compile: {why}"));
        let compiler = compiler.or_else(|| checked.programs.get(&verdict.number).cloned());
        let _ = writeln!(
            errors,
            "{} m{:03} {} at {}\n  diff: {class}\n  compiler: {}",
            verdict.base,
            verdict.number,
            verdict.kind,
            verdict.site,
            compiler.as_deref().unwrap_or("compiles"),
        );
        for finding in verdict.findings.iter().take(3) {
            let _ = writeln!(
                errors,
                "    {} {}: {}",
                finding.class.name(),
                finding.path,
                finding.change
            );
        }
    }
    text.push_str("| verdict of `diff` | agrees with the compiler | median of changed lines | worst |\n|---|---|---|---|\n");
    let classes = [None].into_iter().chain(Class::ALL.into_iter().map(Some));
    let mut row = |name: &str, of_class: Vec<&Verdict>| {
        let agreed = of_class.iter().filter(|one| agrees(one, checked)).count();
        let mut lines: Vec<(usize, &str)> =
            of_class.iter().map(|one| (one.lines, one.kind)).collect();
        lines.sort_unstable();
        let (median, _) = lines.get(lines.len() / 2).copied().unwrap_or_default();
        let (worst, kind) = lines.last().copied().unwrap_or_default();
        let count = of_class.len();
        let _ = writeln!(
            text,
            "| {name} | {agreed} of {count} | {median} | {worst} ({kind}) |"
        );
    };
    for class in classes {
        let of_class: Vec<&Verdict> = verdicts.iter().filter(|one| one.class() == class).collect();
        if !of_class.is_empty() {
            row(class.map_or("no change", Class::name), of_class);
        }
    }
    row("all", verdicts.iter().collect());
    let (worst, kind) = worst_of_member(verdicts);
    let _ = writeln!(
        text,
        "\nlines that change with one member: at most {worst} ({kind})"
    );
    if !refused.is_empty() {
        let _ = writeln!(text, "rejected by the generator: {}", refused.len());
        for one in refused {
            let _ = writeln!(text, "- {one}");
        }
    }
    Ok(format!("{errors}{text}"))
}

fn module(name: &str, text: &str) -> Input {
    Input {
        document: Source {
            name: format!("{name}.yaml"),
            text: text.to_owned(),
        },
        overlays: Vec::new(),
        lock: None,
        target: Target::Module {
            name: name.to_owned(),
            package: PACKAGE.to_owned(),
            root: BTreeSet::new(),
        },
    }
}

fn shop() -> Outcome<Base> {
    base(SMALL, vec![module("shop", SHOP), module("ledger", LEDGER)])
}

/// A document of the SDK with its overlays.
fn own(root: &Path, name: &str) -> Outcome<Base> {
    let settings = settings::read(root)?;
    let inputs = diff::inputs(root)?;
    let apis = settings.api.iter().zip(inputs);
    let found = apis.into_iter().find(|(api, _)| api.module == name);
    let (_, input) = found.ok_or_else(|| {
        Failure::Mistake(format!(
            "error: {}/{} has no module {name}",
            settings::FOLDER,
            settings::FILE
        ))
    })?;
    base(name, vec![input])
}

fn base(name: &str, mut inputs: Vec<Input>) -> Outcome<Base> {
    let refused = |found: Vec<generator::diagnostic::Diagnostic>| mistakes(&found);
    let first = inputs
        .first_mut()
        .ok_or_else(|| Failure::Usage("no document".to_owned()))?;
    let document = load(&first.document, &first.overlays)
        .map_err(refused)?
        .root()
        .to_json();
    first.overlays.clear();
    first.document.text = document.to_string();
    let described = describe_together(&inputs, &[]).map_err(refused)?;
    for (input, lock) in inputs.iter_mut().zip(described.locks) {
        input.lock = Some(Source {
            name: "names.lock".to_owned(),
            text: lock,
        });
    }
    // With the names of the first run, as every later one.
    let surface = describe_together(&inputs, &[]).map_err(refused)?.surface;
    let generated = generate_together(&inputs, &[]).map_err(refused)?;
    Ok(Base {
        name: name.to_owned(),
        files: files(generated, &inputs),
        document,
        surface,
        inputs,
    })
}

fn changed(base: &Base, mutation: &make::Mutation) -> Vec<Input> {
    let mut inputs = base.inputs.clone();
    if let Some((first, others)) = inputs.split_first_mut() {
        first.document.text = mutation.document.to_string();
        // Who refers to a schema follows its name.
        if mutation.kind == "schema renamed"
            && let Some((_, name)) = mutation.site.rsplit_once('/')
        {
            for other in others {
                let to = format!("/schemas/New{name}'");
                other.document.text = other
                    .document
                    .text
                    .replace(&format!("/schemas/{name}'"), &to);
            }
        }
    }
    inputs
}

/// The files of the modules, by path.
pub(crate) fn files(generated: Together, inputs: &[Input]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    if !generated.ids.is_empty() {
        files.insert("ids.rs".to_owned(), generated.ids);
    }
    for (output, input) in generated.outputs.into_iter().zip(inputs) {
        if let Target::Module { name, .. } = &input.target {
            let named = output.files.into_iter();
            files.extend(named.map(|(path, text)| (format!("{name}/{path}"), text)));
        }
    }
    files
}

/// The lines that differ.
fn lines(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> usize {
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let text =
        |files: &BTreeMap<String, String>, path: &str| files.get(path).cloned().unwrap_or_default();
    let changed = paths.into_iter().map(|path| {
        let (old, new) = (text(old, path), text(new, path));
        if old == new {
            return 0;
        }
        let diff = TextDiff::from_lines(&old, &new);
        let changes = diff.iter_all_changes();
        changes
            .filter(|change| change.tag() != ChangeTag::Equal)
            .count()
    });
    changed.sum()
}
