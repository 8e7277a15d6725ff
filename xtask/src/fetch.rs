//! `cargo xtask fetch`: the documents that Dintero publishes, compared with ours.

mod obtain;
mod record;
mod show;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use generator::diagnostic::Diagnostic;
use generator::load::{Place, Source};
use generator::wire::{self, Aliases, Missing, Pairing, Wire};

use crate::codegen::settings::{self, Published};
use crate::failure::{Failure, Outcome};
use crate::{diff, process, workspace};
use obtain::{Obtained, Way};
use record::Compared;

/// Default folder of the documents.
const FOLDER: &str = "target/published";
/// Default time limit of a document.
const SECONDS: u64 = 120;

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Format {
    #[default]
    Text,
    Json,
}

struct Options {
    /// Names of documents; empty for all.
    only: Vec<String>,
    into: Option<PathBuf>,
    from: Option<PathBuf>,
    /// Date of the documents in `from`.
    as_of: Option<String>,
    seconds: u64,
    format: Format,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            into: None,
            from: None,
            as_of: None,
            seconds: SECONDS,
            format: Format::default(),
        }
    }
}

/// Everything that is printed.
struct Report {
    compared: Vec<One>,
    /// Documents that could not be fetched or read, each with the reason.
    failed: Vec<(String, String)>,
    /// Documents that are not compared, each with the reason, which is not an error.
    absent: Vec<(String, String)>,
    ours: Vec<Ours>,
}

/// A published document that was compared.
struct One {
    published: Published,
    obtained: Obtained,
    wire: Facts,
    pairing: Pairing,
}

/// Facts that a document states about itself.
struct Facts {
    format: String,
    title: String,
    version: String,
    operations: usize,
    /// Details that are lost because only later or earlier versions of OpenAPI have them.
    lost: Vec<(Place, String)>,
}

/// Operations of a document of ours that no published document has.
struct Ours {
    document: String,
    /// The operations, or the published documents that were not compared and may have them.
    only: Result<Vec<Missing>, Vec<String>>,
}

pub(crate) fn run(arguments: lexopt::Parser) -> Outcome<ExitCode> {
    let options = parse(arguments)?;
    let root = workspace::root();
    let report = report(&root, &options)?;
    let compared = report.compared.iter();
    let compared: Vec<Compared> = compared
        .map(|one| Compared {
            as_of: options.as_of.clone(),
            ..one.record()
        })
        .collect();
    record::write(&root, &compared, &today()?)?;
    print!(
        "{}",
        match options.format {
            Format::Text => show::text(&report),
            Format::Json => show::json(&report),
        }
    );
    Ok(match report.failed.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The report of the documents in a folder as text, without a record. Used by the test of the guide of releases.
#[cfg(test)]
pub(crate) fn compared(root: &Path, from: &Path) -> String {
    let options = Options {
        from: Some(from.to_owned()),
        ..Options::default()
    };
    report(root, &options).map_or_else(|why| why.to_string(), |report| show::text(&report))
}

fn today() -> Outcome<String> {
    let day = process::output(std::process::Command::new("date").args(["-u", "+%Y-%m-%d"]))?;
    Ok(day.trim().to_owned())
}

fn report(root: &Path, options: &Options) -> Outcome<Report> {
    let settings = settings::read(root)?;
    let chosen = chosen(&settings.published, &options.only)?;
    let (mut obtained, mut failed, absent) = match &options.from {
        Some(folder) => obtain::from(folder, &chosen)?,
        None => {
            let into = options.into.clone().unwrap_or_else(|| root.join(FOLDER));
            obtain::fetched(&into, options.seconds, &chosen)?
        }
    };
    // Overlays describe Rust: parts that they add are known here, but not expected of the other side; and parts that they
    // remove, because the client does them, are not unknown.
    let ours = ours(root, false)?;
    let known = self::ours(root, true)?;
    let mut theirs = Vec::new();
    obtained.retain(|(published, obtained)| {
        match their(root, published, obtained) {
            Ok(wire) => theirs.push(wire),
            Err(why) => {
                failed.push((published.name.clone(), why));
                return false;
            }
        }
        true
    });
    let comparison = wire::compare(&theirs, &ours, &known);
    let compared: Vec<One> = (obtained.into_iter().zip(theirs).zip(comparison.documents))
        .map(|(((published, obtained), wire), pairing)| One {
            published,
            obtained,
            wire: Facts {
                operations: wire.operations(),
                lost: (wire.notes.into_iter())
                    .map(|note| (note.place, note.what))
                    .collect(),
                format: wire.format,
                title: wire.title,
                version: wire.version,
            },
            pairing,
        })
        .collect();
    let done: BTreeSet<&str> = compared
        .iter()
        .map(|one| one.published.name.as_str())
        .collect();
    let mut documents = Vec::new();
    for (number, our) in ours.iter().enumerate() {
        let file = our.name.rsplit('/').next().unwrap_or_default().to_owned();
        let sources = settings.published.iter();
        let sources = sources.filter(|published| published.documents.contains(&file));
        let (known, open): (Vec<&Published>, Vec<&Published>) =
            sources.partition(|published| done.contains(published.name.as_str()));
        if known.is_empty() {
            continue;
        }
        let only = comparison.ours_only.iter().filter(|(of, _)| *of == number);
        documents.push(Ours {
            document: our.name.clone(),
            only: match open.is_empty() {
                true => Ok(only.map(|(_, missing)| missing.clone()).collect()),
                false => Err(open
                    .iter()
                    .map(|published| published.name.clone())
                    .collect()),
            },
        });
    }
    Ok(Report {
        compared,
        failed,
        absent,
        ours: documents,
    })
}

/// The published documents of these names, or all.
fn chosen(published: &[Published], only: &[String]) -> Outcome<Vec<Published>> {
    let unknown = only
        .iter()
        .find(|name| !published.iter().any(|published| published.name == **name));
    if let Some(unknown) = unknown {
        let names: Vec<&str> = published.iter().map(|one| one.name.as_str()).collect();
        return Err(Failure::Usage(format!(
            "{unknown:?} is not the name of a published document; {}/{} has {}",
            settings::FOLDER,
            settings::FILE,
            names.join(", ")
        )));
    }
    let is_chosen = |one: &&Published| only.is_empty() || only.contains(&one.name);
    Ok(published.iter().filter(is_chosen).cloned().collect())
}

fn ours(root: &Path, has_overlays: bool) -> Outcome<Vec<Wire>> {
    let inputs = diff::inputs(root)?;
    let documents: Vec<(Source, Vec<Source>)> = (inputs.into_iter())
        .map(|input| match has_overlays {
            true => (input.document, input.overlays),
            false => (input.document, Vec::new()),
        })
        .collect();
    wire::read(&documents, &Aliases::default())
        .map_err(|found| Failure::Mistake(unreadable(&found)))
}

fn their(root: &Path, published: &Published, obtained: &Obtained) -> Result<Wire, String> {
    let name = obtained.path.strip_prefix(root).unwrap_or(&obtained.path);
    let source = Source {
        name: name.display().to_string(),
        text: obtained.text.clone(),
    };
    let aliases = Aliases {
        bases: published.bases.clone(),
        events: published.events.clone(),
    };
    let wires =
        wire::read(&[(source, Vec::new())], &aliases).map_err(|found| unreadable(&found))?;
    match wires.into_iter().next() {
        Some(wire) if wire.format.is_empty() => {
            Err("it states neither `openapi` nor `swagger`".to_owned())
        }
        Some(wire) => Ok(wire),
        None => Err("it is empty".to_owned()),
    }
}

/// The first mistake, and the number of the others.
fn unreadable(found: &[Diagnostic]) -> String {
    let Some(first) = found.first() else {
        return "it can't be read".to_owned();
    };
    match found.len() - 1 {
        0 => first.to_string(),
        more => format!("{first}\nand {more} more"),
    }
}

impl One {
    fn record(&self) -> Compared {
        let (address, etag) = match &self.obtained.way {
            Way::Fetched { address, etag, .. } => (Some(address.clone()), etag.clone()),
            Way::Local => (None, None),
        };
        Compared {
            name: self.published.name.clone(),
            date: String::new(),
            as_of: None,
            address,
            etag,
            sha256: self.obtained.sha256.clone(),
            format: self.wire.format.clone(),
            title: self.wire.title.clone(),
            version: self.wire.version.clone(),
            operations: self.wire.operations,
            matched: self.pairing.matched,
            lacking_here: self.pairing.lacking_here.len(),
            lacking_there: self.pairing.lacking_there.len(),
        }
    }
}

fn parse(mut arguments: lexopt::Parser) -> Outcome<Options> {
    use lexopt::prelude::*;
    let mut options = Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("into") => options.into = Some(arguments.value()?.into()),
            Long("from") => options.from = Some(arguments.value()?.into()),
            Long("as-of") => {
                let date = arguments.value()?.string()?;
                if !is_date(&date) {
                    return Err(Failure::Usage(format!(
                        "--as-of is a day or a month, such as 2026-11-28 or 2026-11, not {date:?}"
                    )));
                }
                options.as_of = Some(date);
            }
            Long("timeout") => {
                options.seconds = arguments.value()?.parse()?;
                if options.seconds == 0 {
                    return Err(Failure::Usage("--timeout is 1 or more".to_owned()));
                }
            }
            Long("format") => {
                options.format = match arguments.value()?.string()?.as_str() {
                    "text" => Format::Text,
                    "json" => Format::Json,
                    other => {
                        return Err(Failure::Usage(format!(
                            "--format is text or json, not {other:?}"
                        )));
                    }
                };
            }
            Value(name) => options.only.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.from.is_some() && options.into.is_some() {
        return Err(Failure::Usage(
            "--from reads documents and --into fetches them: pass one of the two".to_owned(),
        ));
    }
    if options.as_of.is_some() && options.from.is_none() {
        return Err(Failure::Usage(
            "--as-of is the date of documents of --from".to_owned(),
        ));
    }
    Ok(options)
}

/// Whether a text is a day or a month.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.concat().bytes().all(|byte| byte.is_ascii_digit());
    digits && (lengths == [4, 2, 2] || lengths == [4, 2])
}
