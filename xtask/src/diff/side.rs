//! The sides of a comparison: a folder with `sdk.toml`, a revision of one, or a document.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use generator::diagnostic::Diagnostic;
use generator::load::Source;
use generator::surface::{
    Described, Surface, describe_together, describe_tolerant, describe_tolerant_with,
};
use generator::{Input, Runtime, Target};

use crate::codegen::files;
use crate::codegen::lock::LockFile;
use crate::codegen::settings::{self, Settings};
use crate::codegen::{LOCK, PACKAGE, mistakes};
use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Both sides, described.
pub(super) struct Pair {
    pub(super) old: Surface,
    pub(super) new: Surface,
    /// Remarks on what could not be compared.
    pub(super) notes: Vec<String>,
}

/// One of the sides.
enum Side {
    /// Documents of an SDK.
    Folder(Box<Folder>),
    /// A document, and the SDK that it belongs to, if any.
    Document(PathBuf, Option<Box<Folder>>),
}

/// The documents of an SDK.
struct Folder {
    settings: Settings,
    inputs: Vec<Input>,
    has_lock: bool,
}

pub(super) fn read(
    root: &Path,
    (old, new): (&str, &str),
    overlays: &[PathBuf],
    lock: Option<String>,
) -> Outcome<Pair> {
    match (side(root, old)?, side(root, new)?) {
        (Side::Folder(old), Side::Folder(new)) => folders(*old, *new),
        (Side::Document(old, Some(folder)), Side::Document(new, _)) => {
            replaced(*folder, &old, &new)
        }
        (Side::Document(old, None), Side::Document(new, _)) => {
            documents(&old, &new, overlays, lock)
        }
        _ => Err(Failure::Usage(
            "OLD and NEW are folders or revisions, or both are documents".to_owned(),
        )),
    }
}

fn side(root: &Path, name: &str) -> Outcome<Side> {
    let path = Path::new(name);
    if path.is_dir() {
        let files = |file: &str| workspace::read_if_there(&path.join(file));
        let shown = name.trim_end_matches('/');
        let shown = path
            .strip_prefix(root)
            .map_or(shown.to_owned(), |path| path.display().to_string());
        let Some(folder) = folder(&shown, &files)? else {
            return Err(Failure::Usage(format!("{name} has no {}", settings::FILE)));
        };
        return Ok(Side::Folder(Box::new(folder)));
    }
    if path.is_file() {
        let above = path.parent().unwrap_or(Path::new(""));
        let files = |file: &str| workspace::read_if_there(&above.join(file));
        let folder = folder(&above.display().to_string(), &files)?;
        let own = path.display().to_string();
        let folder =
            folder.filter(|folder| folder.inputs.iter().any(|input| input.document.name == own));
        return Ok(Side::Document(path.to_owned(), folder.map(Box::new)));
    }
    let mut verify = Command::new("git");
    verify.args(["rev-parse", "--verify", "--quiet", "--end-of-options"]);
    verify.arg(format!("{name}^{{commit}}")).current_dir(root);
    if process::output(&mut verify).is_err() {
        return Err(Failure::Mistake(format!(
            "error: {name:?} is neither a file, a folder nor a revision of this repository"
        )));
    }
    let revision = Revision { root, name };
    let Some(folder) = folder(&format!("{name}:{}", settings::FOLDER), &|file| {
        Ok(revision.read(&[file])?.pop().flatten())
    })?
    else {
        return Err(Failure::Mistake(format!(
            "error: revision {name} has no {}/{}",
            settings::FOLDER,
            settings::FILE
        )));
    };
    Ok(Side::Folder(Box::new(folder)))
}

/// The input of the generator for the documents of the SDK.
pub(super) fn inputs(root: &Path) -> Outcome<Vec<Input>> {
    match side(root, &root.join(settings::FOLDER).to_string_lossy())? {
        Side::Folder(folder) => Ok(folder.inputs),
        Side::Document(..) => Ok(Vec::new()),
    }
}

/// The files of a commit.
struct Revision<'a> {
    root: &'a Path,
    name: &'a str,
}

impl Revision<'_> {
    /// Reads files of the folder of documents with one process.
    fn read(&self, files: &[&str]) -> Outcome<Vec<Option<String>>> {
        let failed = |error: &std::io::Error| {
            Failure::Mistake(format!(
                "error: can't read the revision {}: {error}",
                self.name
            ))
        };
        let mut git = Command::new("git");
        git.args(["cat-file", "--batch"]).current_dir(self.root);
        git.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut git = git.spawn().map_err(|error| failed(&error))?;
        if let Some(mut names) = git.stdin.take() {
            for file in files {
                writeln!(names, "{}:{}/{file}", self.name, settings::FOLDER)
                    .map_err(|error| failed(&error))?;
            }
        }
        let mut bytes = Vec::new();
        if let Some(mut output) = git.stdout.take() {
            output
                .read_to_end(&mut bytes)
                .map_err(|error| failed(&error))?;
        }
        git.wait().map_err(|error| failed(&error))?;
        let mut rest = bytes.as_slice();
        let mut found = Vec::new();
        for _ in files {
            // `<object> blob <size>`, or `<name> missing`.
            let end = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len());
            let (head, after) = rest.split_at(end);
            let head = String::from_utf8_lossy(head);
            let after = after.get(1..).unwrap_or_default();
            let size = head.rsplit(' ').next().and_then(|size| size.parse().ok());
            let Some(size) = size.filter(|_| head.contains(" blob ")) else {
                rest = after;
                found.push(None);
                continue;
            };
            let size: usize = size;
            let text = after.get(..size).unwrap_or_default();
            found.push(Some(String::from_utf8_lossy(text).into_owned()));
            rest = after.get(size + 1..).unwrap_or_default();
        }
        Ok(found)
    }
}

/// The documents below a folder; `None` if it has no settings.
fn folder(shown: &str, files: &dyn Fn(&str) -> Outcome<Option<String>>) -> Outcome<Option<Folder>> {
    let Some(text) = files(settings::FILE)? else {
        return Ok(None);
    };
    let settings: Settings = settings::parse(&text)
        .map_err(|failure| Failure::Mistake(format!("{failure}\nin {shown}")))?;
    let name = |file: &str| match shown {
        "" => file.to_owned(),
        shown => format!("{shown}/{file}"),
    };
    let source = |file: &str| -> Outcome<Source> {
        let text = files(file)?
            .ok_or_else(|| Failure::Mistake(format!("error: {} is missing", name(file))))?;
        Ok(Source {
            name: name(file),
            text,
        })
    };
    let lock_name = LOCK
        .trim_start_matches(settings::FOLDER)
        .trim_start_matches('/');
    let lock = files(lock_name)?;
    let has_lock = lock.is_some();
    let lock = LockFile::parse(LOCK, lock.unwrap_or_default())?;
    let mut inputs = Vec::new();
    for api in &settings.api {
        let overlays = api.overlays.iter().map(|file| source(file));
        inputs.push(Input {
            document: source(&api.document)?,
            overlays: overlays.collect::<Outcome<_>>()?,
            lock: lock.section(&api.module),
            target: Target::Module {
                name: api.module.clone(),
                package: PACKAGE.to_owned(),
                root: BTreeSet::new(),
            },
        });
    }
    Ok(Some(Folder {
        settings,
        inputs,
        has_lock,
    }))
}

fn described(found: Result<Described, Vec<Diagnostic>>, side: &str) -> Outcome<Described> {
    found.map_err(|found| {
        let failure = mistakes(&found).to_string();
        let failure = failure.trim_end_matches("; nothing was written");
        Failure::Mistake(format!("{failure} in {side}"))
    })
}

type Describe<'a> = &'a (dyn Fn() -> Result<Described, Vec<Diagnostic>> + Sync);

/// Both at once; the new one has the names of the old one.
fn both((old, new): (Describe<'_>, Describe<'_>)) -> Outcome<(Described, Described)> {
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(old);
        let new = new();
        let old = old
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (old, new)
    });
    Ok((described(old, "OLD")?, described(new, "NEW")?))
}

fn folders(mut old: Folder, mut new: Folder) -> Outcome<Pair> {
    // Without names of its own, the new side keeps those of the old one.
    if !new.has_lock {
        for input in &mut new.inputs {
            input.lock = lock_of(&old, input);
        }
    }
    let mut notes = Vec::new();
    if is_unreadable(&old) {
        for input in &mut old.inputs {
            input.lock = lock_of(&new, input);
        }
        notes.push(format!(
            "{LOCK} of OLD has another format: the names are those of NEW"
        ));
    }
    // The modules of shared types are hidden.
    let describe = |folder: &Folder| describe_together(&folder.inputs, &[]);
    let (mut of_old, mut of_new) = both((&|| describe(&old), &|| describe(&new)))?;
    for (described, folder) in [(&mut of_old, &old), (&mut of_new, &new)] {
        let features = folder.settings.features();
        let features = features.into_iter().map(|(name, on)| (name.to_owned(), on));
        described.surface.features = features.collect();
    }
    Ok(Pair {
        old: of_old.surface,
        new: of_new.surface,
        notes,
    })
}

/// The names that a folder has for a module.
fn lock_of(folder: &Folder, input: &Input) -> Option<Source> {
    let mut inputs = folder.inputs.iter();
    let known = inputs.find(|other| module(other) == module(input));
    known.and_then(|known| known.lock.clone())
}

/// Whether the names are written as another version of this repository did it.
fn is_unreadable(folder: &Folder) -> bool {
    let is_line = |line: &str| {
        let known = [
            "type ",
            "operation ",
            "constant ",
            "renamed ",
            " ",
            "\t",
            "#",
        ];
        // The types of that format were known by their places.
        let is_place = line.starts_with("type /");
        line.trim().is_empty() || known.iter().any(|start| line.starts_with(start)) && !is_place
    };
    let mut locks = folder.inputs.iter().filter_map(|input| input.lock.as_ref());
    locks.any(|lock| !lock.text.lines().all(is_line))
}

fn module(input: &Input) -> &str {
    match &input.target {
        Target::Module { name, .. } | Target::Crate { name, .. } => name,
    }
}

/// A document of an SDK and another version of it, whatever its wording.
fn replaced(folder: Folder, old: &Path, new: &Path) -> Outcome<Pair> {
    let own = old.display().to_string();
    let is_it = |input: &&Input| input.document.name == own;
    let Some(input) = folder.inputs.iter().find(is_it).cloned() else {
        return Err(Failure::Mistake(format!(
            "error: {own} is not in {}",
            settings::FILE
        )));
    };
    let mut next = input.clone();
    next.document = Source {
        name: new.display().to_string(),
        text: workspace::read(new)?,
    };
    let mut notes = Vec::new();
    let refers = |input: &Input| input.document.text.contains(".yaml#/");
    if refers(&input) || refers(&next) {
        // References to the neighbours are relative to the name.
        next.document.name.clone_from(&own);
        let others = folder.inputs.iter();
        let inputs: Vec<Input> = others
            .map(|other| {
                if is_it(&other) {
                    next.clone()
                } else {
                    other.clone()
                }
            })
            .collect();
        let (of_old, of_new) = both((&|| describe_together(&folder.inputs, &[]), &|| {
            describe_together(&inputs, &[])
        }))?;
        notes.push(format!(
            "places of NEW in {own} are those in {}",
            new.display()
        ));
        return Ok(Pair {
            old: of_old.surface,
            new: of_new.surface,
            notes,
        });
    }
    let skipped = fitting(&mut next);
    if skipped > 0 {
        notes.push(format!(
            "{skipped} overlay actions of OLD have no target in NEW and were not applied"
        ));
    }
    let (of_old, of_new) = both((&|| describe_tolerant(&input), &|| describe_tolerant(&next)))?;
    let left_out =
        (of_new.left_out.iter()).map(|one| format!("omitted from NEW: {}: {}", one.name, one.why));
    notes.extend(left_out);
    Ok(Pair {
        old: of_old.surface,
        new: of_new.surface,
        notes,
    })
}

/// Takes away the overlay actions that don't fit the document. Returns their number.
fn fitting(input: &mut Input) -> usize {
    let mut skipped = 0;
    loop {
        let Err(found) = generator::load::load(&input.document, &input.overlays) else {
            return skipped;
        };
        let mut is_changed = false;
        for overlay in &mut input.overlays {
            let here = found
                .iter()
                .filter(|found| *found.place.file == overlay.name);
            let lines: BTreeSet<usize> = here.map(|found| found.place.line as usize).collect();
            let (text, taken) = without_actions(&overlay.text, &lines);
            is_changed |= taken > 0;
            skipped += taken;
            overlay.text = text;
        }
        if !is_changed {
            return skipped;
        }
    }
}

/// The text of an overlay with blank lines instead of the actions that have one of these lines, and their number.
fn without_actions(text: &str, lines: &BTreeSet<usize>) -> (String, usize) {
    let all: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let list = all.iter().position(|line| line.starts_with("actions:"));
    let first = list.and_then(|list| {
        all.iter()
            .skip(list)
            .find(|line| line.trim_start().starts_with("- "))
    });
    let Some(depth) = first.map(|line| indent(line)) else {
        return (text.to_owned(), 0);
    };
    // By line: the number of its action.
    let mut action = 0;
    let numbers: Vec<usize> = (all.iter().enumerate())
        .map(|(index, line)| {
            let begins = list.is_some_and(|list| index > list)
                && indent(line) == depth
                && line.trim_start().starts_with("- ");
            action += usize::from(begins);
            action
        })
        .collect();
    let gone: BTreeSet<usize> = (numbers.iter().enumerate())
        .filter(|(index, action)| **action > 0 && lines.contains(&(index + 1)))
        .map(|(_, action)| *action)
        .collect();
    let kept = all.iter().zip(&numbers);
    let kept = kept.map(|(line, action)| if gone.contains(action) { "" } else { line });
    (kept.collect::<Vec<_>>().join("\n") + "\n", gone.len())
}

/// Two documents of generated crates.
fn documents(old: &Path, new: &Path, overlays: &[PathBuf], lock: Option<String>) -> Outcome<Pair> {
    let source = |path: &Path| -> Outcome<Source> {
        Ok(Source {
            name: path.display().to_string(),
            text: workspace::read(path)?,
        })
    };
    let overlays: Vec<Source> = (overlays.iter())
        .map(|path| source(path))
        .collect::<Outcome<_>>()?;
    let input = |path: &Path, lock: Option<String>| -> Outcome<Input> {
        Ok(Input {
            document: source(path)?,
            overlays: overlays.clone(),
            lock: lock.map(|text| Source {
                name: "names.lock".to_owned(),
                text,
            }),
            target: Target::Crate {
                name: "api".to_owned(),
                runtime: Runtime {
                    name: PACKAGE.to_owned(),
                    path: String::new(),
                },
            },
        })
    };
    let describe = |path: &Path, lock: Option<String>| -> Outcome<_> {
        let input = input(path, lock)?;
        let files = files::of_document(path, &input.document);
        Ok(describe_tolerant_with(&input, &files))
    };
    let old = described(describe(old, lock)?, "OLD")?;
    let lock = old.locks.first().cloned();
    let new = described(describe(new, lock)?, "NEW")?;
    let notes = [("OLD", &old), ("NEW", &new)];
    let notes = notes.into_iter().flat_map(|(side, described)| {
        let left_out = described.left_out.iter();
        left_out.map(move |one| format!("omitted from {side}: {}: {}", one.name, one.why))
    });
    Ok(Pair {
        notes: notes.collect(),
        old: old.surface,
        new: new.surface,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_taken_out_of_an_overlay_whole() {
        let text = "overlay: 1.0.0\nactions:\n  - target: $.a\n    update: {x: 1}\n  # why\n  - target: $.b\n    update:\n      - y\n";
        let (left, count) = without_actions(text, &BTreeSet::from([6]));
        assert_eq!(count, 1);
        assert_eq!(
            left,
            "overlay: 1.0.0\nactions:\n  - target: $.a\n    update: {x: 1}\n  # why\n\n\n\n"
        );
        assert_eq!(without_actions(text, &BTreeSet::new()).1, 0);
    }
}
