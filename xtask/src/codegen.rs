//! `cargo xtask codegen`: reads documents, asks the generator, brings the files up to date.

pub(crate) mod files;
mod for_tests;
mod lists;
pub(crate) mod lock;
pub(crate) mod settings;
#[cfg(test)]
mod stable;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use generator::diagnostic::{self, Diagnostic};
use generator::load::Source;
use generator::{Input, Output, Report, Target, Together, Unit};

use crate::failure::{Failure, Outcome};
use crate::{diff, workspace};
use lock::LockFile;
use settings::{Api, Settings};
use tree::Tree;

const API: &str = "sdk/src/api";
/// The crate that the modules are of.
pub(crate) const PACKAGE: &str = "dintero";
/// Calls of every operation, for the conformance test.
const CALLS: &str = "tests/tests/calls";
/// The type of every schema, for the test of values that are read and written.
const SCHEMAS: &str = "tests/tests/schemas";
/// The contracts, by which the sandbox checks requests and responses.
const CONTRACT: &str = "sdk/sandbox/src/contract";
pub(crate) const LOCK: &str = "spec/names.lock";

#[derive(Default)]
struct Options {
    check: bool,
    report: bool,
    strict: bool,
    trusts_required: bool,
    document: Option<PathBuf>,
    out: Option<PathBuf>,
    overlays: Vec<PathBuf>,
    name: Option<String>,
    runtime: Option<String>,
}

pub(crate) fn run(arguments: lexopt::Parser) -> Outcome {
    let options = parse(arguments)?;
    let (tree, reports) = match &options.document {
        Some(document) => document_tree(document, &options)?,
        None => sdk_tree(&workspace::root())?,
    };
    if options.report {
        for (document, report) in &reports {
            println!("{document}\n{report}");
        }
    }
    match tree {
        Some(tree) if options.check => tree.check(),
        Some(tree) => {
            let changed = tree.write()?;
            if changed > 0 && options.document.is_none() {
                print!("\n{}", diff::summary(&workspace::root()));
            }
            Ok(())
        }
        None => Ok(()),
    }
}

fn parse(mut arguments: lexopt::Parser) -> Outcome<Options> {
    use lexopt::prelude::*;
    let mut options = Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("check") => options.check = true,
            Long("report") => options.report = true,
            Long("strict") => options.strict = true,
            Long("trust-required") => options.trusts_required = true,
            Long("document") => options.document = Some(arguments.value()?.into()),
            Long("out") => options.out = Some(arguments.value()?.into()),
            Long("overlay") => options.overlays.push(arguments.value()?.into()),
            Long("name") => options.name = Some(arguments.value()?.string()?),
            Long("runtime") => options.runtime = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let alone = options.out.is_some()
        || !options.overlays.is_empty()
        || options.name.is_some()
        || options.runtime.is_some()
        || options.trusts_required;
    if options.document.is_none() && alone {
        return Err(Failure::Usage(
            "--out, --overlay, --name, --runtime and --trust-required go with --document"
                .to_owned(),
        ));
    }
    if options.document.is_some() && options.out.is_none() && (options.check || !options.report) {
        return Err(Failure::Usage("--document needs --out".to_owned()));
    }
    if let Some(name) = &options.name
        && crate_name(name) != *name
    {
        return Err(Failure::Usage(format!(
            "{name:?} is not a valid name for a crate"
        )));
    }
    Ok(options)
}

/// The untyped places of the SDK's documents, each with its kind, and the number of values.
pub(crate) fn untyped() -> Outcome<(BTreeSet<String>, usize)> {
    let (_, reports) = sdk_tree(&workspace::root())?;
    let entries = reports.iter().flat_map(|(_, report)| &report.untyped);
    // `wallets.yaml:3:5` and `Card.metadata: an object of any shape`, once for each type that has the member.
    let places = entries.clone().map(|entry| {
        let file = entry.place.split(':').next().unwrap_or_default();
        let kind = entry.what.rsplit(": ").next().unwrap_or_default();
        format!("{file} #{}: {kind}", entry.pointer)
    });
    Ok((places.collect(), entries.count()))
}

/// Reports by document.
type Reports = Vec<(String, Report)>;

/// Everything that `spec/` becomes.
pub(crate) fn sdk_tree(root: &Path) -> Outcome<(Option<Tree>, Reports)> {
    let settings = settings::read(root)?;
    let apis = &settings.api;
    let together = together(root, &settings)?.1;
    let modules = lists::modules(apis, &together);
    let written = lists::written(root, &settings, &together)?;
    let Together {
        outputs,
        shared,
        ids,
        ..
    } = together;
    outputs.iter().for_each(warn);

    let mut files = BTreeMap::from([(format!("{API}/mod.rs"), modules)]);
    if !ids.is_empty() {
        files.insert(format!("{API}/ids.rs"), ids);
    }
    for module in shared {
        let named = |(path, text)| (format!("{API}/{}/{path}", module.module), text);
        files.extend(module.files.into_iter().map(named));
    }
    let mut sections = Vec::new();
    let mut reports = Vec::new();
    for (api, output) in apis.iter().zip(outputs) {
        let document = format!("{}/{}", settings::FOLDER, api.document);
        reports.push((document, output.report));
        sections.push((api.module.as_str(), output.lock));
        let calls = output
            .calls
            .map(|text| (format!("{CALLS}/{}.rs", api.module), text));
        files.extend(calls);
        let contract =
            (output.contract).map(|text| (format!("{CONTRACT}/{}.json", api.module), text));
        files.extend(contract);
        let schemas = output
            .table
            .map(|text| (format!("{SCHEMAS}/{}.rs", api.module), text));
        files.extend(schemas);
        files.extend(
            output
                .files
                .into_iter()
                .map(|(path, text)| (format!("{API}/{}/{path}", api.module), text)),
        );
    }
    files.insert(LOCK.to_owned(), lock::join(&sections));
    files.insert(format!("{CALLS}/mod.rs"), for_tests::calls(apis));
    files.insert(format!("{SCHEMAS}/mod.rs"), for_tests::schemas(apis));
    Ok((
        Some(Tree {
            base: root.to_path_buf(),
            files,
            written,
            sweep: [API, CALLS, CONTRACT, SCHEMAS].map(str::to_owned).to_vec(),
        }),
        reports,
    ))
}

/// Returns the input of the generator and its result.
pub(crate) fn together(root: &Path, settings: &Settings) -> Outcome<(Vec<Input>, Together)> {
    let inputs = inputs(root, &settings.api)?;
    let together = generator::generate_together(&inputs, &units(settings));
    Ok((inputs, together.map_err(|found| mistakes(&found))?))
}

/// The modules of shared types.
pub(crate) fn units(settings: &Settings) -> Vec<Unit> {
    let unit = |shared: &settings::Shared| Unit {
        module: shared.module.clone(),
        about: shared.about.clone(),
        types: shared.types.clone(),
    };
    settings.shared.iter().map(unit).collect()
}

/// The input of the generator for the SDK.
pub(crate) fn inputs(root: &Path, apis: &[Api]) -> Outcome<Vec<Input>> {
    let lock = LockFile::parse(
        LOCK,
        workspace::read_if_there(&root.join(LOCK))?.unwrap_or_default(),
    )?;
    let names = public_names(root, "sdk/src/lib.rs")?;
    let mut inputs = Vec::new();
    for api in apis {
        let source = |path: &str| -> Outcome<Source> {
            let name = format!("{}/{path}", settings::FOLDER);
            Ok(Source {
                text: workspace::read(&root.join(&name))?,
                name,
            })
        };
        inputs.push(Input {
            document: source(&api.document)?,
            overlays: api
                .overlays
                .iter()
                .map(|path| source(path))
                .collect::<Outcome<_>>()?,
            lock: lock.section(&api.module),
            target: Target::Module {
                name: api.module.clone(),
                package: PACKAGE.to_owned(),
                root: names
                    .union(&public_names(root, &by_hand(&api.module))?)
                    .cloned()
                    .collect(),
            },
        });
    }
    Ok(inputs)
}

/// The hand-written file of a module.
fn by_hand(module: &str) -> String {
    format!("sdk/src/{module}/mod.rs")
}

/// Returns the names that a hand-written file re-exports; none if there is no such file.
fn public_names(root: &Path, path: &str) -> Outcome<BTreeSet<String>> {
    fn add(tree: &syn::UseTree, names: &mut BTreeSet<String>) {
        match tree {
            syn::UseTree::Path(path) => add(&path.tree, names),
            syn::UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
            syn::UseTree::Rename(name) => drop(names.insert(name.rename.to_string())),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| add(tree, names)),
            syn::UseTree::Glob(_) => {}
        }
    }
    let text = workspace::read_if_there(&root.join(path))?.unwrap_or_default();
    let file = syn::parse_file(&text)
        .map_err(|error| Failure::Mistake(format!("error: {path} is not valid Rust: {error}")))?;
    let mut names = BTreeSet::new();
    for item in file.items {
        if let syn::Item::Use(item) = item
            && matches!(item.vis, syn::Visibility::Public(_))
        {
            add(&item.tree, &mut names);
        }
    }
    Ok(names)
}

/// The crate for one document. Its text must not depend on the folder of the document, so it has no path.
fn document_tree(document: &Path, options: &Options) -> Outcome<(Option<Tree>, Reports)> {
    let source = |path: &Path| -> Outcome<Source> {
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        Ok(Source {
            name,
            text: workspace::read(path)?,
        })
    };
    let stem = document.file_stem().unwrap_or_default().to_string_lossy();
    let lock = match &options.out {
        Some(out) => workspace::read_if_there(&out.join(tree::LOCK_NAME))?.map(|text| Source {
            name: tree::LOCK_NAME.to_owned(),
            text,
        }),
        None => None,
    };
    let overlays = options.overlays.iter().map(|path| source(path));
    let mut overlays = overlays.collect::<Outcome<Vec<Source>>>()?;
    if options.trusts_required {
        overlays.push(Source {
            name: "--trust-required".to_owned(),
            text: TRUST_REQUIRED.to_owned(),
        });
    }
    let input = Input {
        document: source(document)?,
        overlays,
        lock,
        target: Target::Crate {
            name: options.name.clone().unwrap_or_else(|| crate_name(&stem)),
            runtime: generator::Runtime {
                name: PACKAGE.to_owned(),
                path: options.runtime.clone().unwrap_or_else(runtime),
            },
        },
    };
    let others = files::of_document(document, &input.document);
    let mut files = BTreeMap::new();
    let output = match options.strict {
        true => generator::generate_with(&input, &others),
        false => generator::generate_tolerant_with(&input, &others),
    };
    let output = output.map_err(|found| mistakes(&found))?;
    warn(&output);
    let reports = vec![(input.document.name, output.report)];
    files.extend(output.files);
    files.insert(tree::LOCK_NAME.to_owned(), lock::alone(&output.lock));
    let tree = options.out.as_ref().map(|out| {
        let mut sweep: Vec<String> = files
            .keys()
            .filter_map(|path| path.split_once('/'))
            .map(|(folder, _)| folder.to_owned())
            .collect();
        sweep.dedup();
        Tree {
            base: out.clone(),
            files,
            written: BTreeMap::new(),
            sweep,
        }
    });
    Ok((tree, reports))
}

/// The overlay of `--trust-required`.
const TRUST_REQUIRED: &str = "\
overlay: 1.0.0
info: { title: Required members of responses are present, version: '1' }
actions:
- target: $
  description: Said on the command line.
  update: { x-trust-required: true }
";

fn warn(output: &Output) {
    for warning in diagnostic::counted(&output.warnings) {
        eprintln!("{warning}");
    }
    let left_out = output.report.left_out.len();
    if left_out > 0 {
        let parts = match left_out {
            1 => "1 part of the document is".to_owned(),
            many => format!("{many} parts of the document are"),
        };
        eprintln!("warning: {parts} omitted: --report lists them, --strict rejects them");
    }
}

/// Mistakes that are printed; the others are counted.
const SHOWN: usize = 20;

/// The mistakes of all documents, each with its first place.
pub(crate) fn mistakes(found: &[Diagnostic]) -> Failure {
    let mistakes = diagnostic::counted(found);
    let count = match mistakes.len() {
        1 => "1 mistake".to_owned(),
        many => format!("{many} mistakes"),
    };
    let hidden = match mistakes.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(", {more} of them not shown"),
    };
    let shown = mistakes.get(..SHOWN).unwrap_or(&mistakes);
    Failure::Mistake(format!(
        "{}\n\n{count}{hidden}; nothing was written",
        shown.join("\n\n")
    ))
}

/// The path of the crate `dintero` of this repository.
fn runtime() -> String {
    let sdk = workspace::root().join("sdk");
    sdk.canonicalize()
        .unwrap_or(sdk)
        .to_string_lossy()
        .into_owned()
}

/// A name that cargo takes, from any text.
pub(crate) fn crate_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.to_owned()
    } else {
        format!("api-{name}")
    }
}

#[cfg(test)]
pub(crate) mod drill;

#[cfg(test)]
mod tests {
    use super::*;

    /// A document on one line with as many mistakes, each of another text.
    fn line_of_mistakes(count: usize) -> Source {
        let paths: Vec<String> = (0..count)
            .map(|number| {
                let padding = "x".repeat(360);
                format!(
                    "\"/p{number}\":{{\"get\":{{\"description\":\"{padding}\",\"responses\":{{\"200\":{{\"$ref\":\"#/r{number}\"}}}}}}}}"
                )
            })
            .collect();
        Source {
            name: "line.json".to_owned(),
            text: format!(
                "{{\"openapi\":\"3.0.3\",\"info\":{{\"title\":\"t\",\"version\":\"1\"}},\"paths\":{{{}}}}}",
                paths.join(",")
            ),
        }
    }

    #[test]
    fn twenty_mistakes_are_shown_and_the_others_counted() {
        let source = line_of_mistakes(1000);
        assert!(source.text.len() > 420_000);
        let found = generator::load::load(&source, &[]).unwrap_err();
        assert_eq!(found.len(), 1000);
        let said = mistakes(&found).to_string();
        assert_eq!(said.matches("error: ").count(), 20);
        assert!(
            said.ends_with("1000 mistakes, 980 of them not shown; nothing was written"),
            "{said}"
        );
        // Neither the findings nor the message quote the whole line.
        let kept: usize = found.iter().map(|one| one.source_line.len()).sum();
        assert!(kept < 1_000_000, "{kept} bytes are kept");
        assert!(said.len() < 20_000, "{} bytes are printed", said.len());
    }

    #[test]
    fn equal_mistakes_are_shown_once_with_their_places() {
        let found = |line| {
            let source = Source {
                name: format!("{line}.json"),
                text: "{\"openapi\": 3}".to_owned(),
            };
            generator::load::load(&source, &[]).unwrap_err()
        };
        let all: Vec<Diagnostic> = ["a", "b", "c", "d", "e"]
            .into_iter()
            .flat_map(found)
            .collect();
        let said = mistakes(&all).to_string();
        assert_eq!(said.matches("error: ").count(), all.len() / 5, "{said}");
        assert!(said.contains("and at 4 more places: b.json:1:"), "{said}");
        assert!(
            said.contains("d.json:1:") && !said.contains("e.json"),
            "{said}"
        );
    }

    #[test]
    fn a_file_name_becomes_a_crate_name() {
        assert_eq!(
            crate_name("spec-payments-2024-07.openapi3"),
            "spec-payments-2024-07-openapi3"
        );
        assert_eq!(crate_name("Pets & Co."), "pets-co");
        assert_eq!(crate_name("3d_models"), "api-3d_models");
    }
}
