//! The texts of published documents: fetched by the program `fetch`, or from a folder.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;
use serde_json::json;

use crate::codegen::settings::{self, Published};
use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// A document on this machine.
pub(super) struct Obtained {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// In hexadecimal.
    pub(super) sha256: String,
    pub(super) way: Way,
}

/// How it came here.
pub(super) enum Way {
    /// By this command.
    Fetched {
        address: String,
        etag: Option<String>,
        is_new: bool,
    },
    /// By the user.
    Local,
}

/// Documents, those that failed, and those that are absent, the last two with the reason.
pub(super) type All = (
    Vec<(Published, Obtained)>,
    Vec<(String, String)>,
    Vec<(String, String)>,
);

/// Reads the documents of a folder.
pub(super) fn from(folder: &Path, published: &[Published]) -> Outcome<All> {
    if !folder.is_dir() {
        return Err(Failure::Usage(format!(
            "--from is a folder; {} is not",
            folder.display()
        )));
    }
    let (mut found, mut absent) = (Vec::new(), Vec::new());
    for one in published {
        let path = folder.join(&one.name);
        let Some(text) = workspace::read_if_there(&path)? else {
            absent.push((one.name.clone(), format!("not in {}", folder.display())));
            continue;
        };
        let obtained = Obtained {
            sha256: sha256(text.as_bytes()),
            path,
            text,
            way: Way::Local,
        };
        found.push((one.clone(), obtained));
    }
    if found.is_empty() {
        let names: Vec<&str> = published.iter().map(|one| one.name.as_str()).collect();
        return Err(Failure::Usage(format!(
            "{} has none of {}",
            folder.display(),
            names.join(", ")
        )));
    }
    Ok((found, Vec::new(), absent))
}

/// A line of the program's output.
#[derive(Deserialize)]
struct Line {
    name: String,
    outcome: String,
    stored: Option<Stored>,
    #[serde(default)]
    resumed: u64,
    why: Option<String>,
}

#[derive(Deserialize)]
struct Stored {
    address: String,
    etag: Option<String>,
    bytes: u64,
}

/// Fetches documents into a folder.
pub(super) fn fetched(into: &Path, seconds: u64, published: &[Published]) -> Outcome<All> {
    let mut absent = Vec::new();
    let mut documents = Vec::new();
    for one in published {
        match &one.address {
            Some(address) => documents.push(json!({"name": one.name, "address": address})),
            None => absent.push((
                one.name.clone(),
                format!(
                    "its address is not known; add it to {}/{}",
                    settings::FOLDER,
                    settings::FILE
                ),
            )),
        }
    }
    // The program has another current folder.
    let into = std::path::absolute(into).map_err(|error| Failure::file("find", into, &error))?;
    let order = json!({"folder": into, "seconds": seconds, "documents": documents});
    let mut lines = Vec::new();
    if !documents.is_empty() {
        program(&order.to_string(), &mut |line| lines.push(line))?;
    }
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for one in published.iter().filter(|one| one.address.is_some()) {
        let line = lines.iter().find(|line| line.name == one.name);
        let path = into.join(&one.name);
        let Some(stored) = line.and_then(|line| line.stored.as_ref()) else {
            let why = line.and_then(|line| line.why.clone());
            let why = why.unwrap_or_else(|| "the program stopped before it".to_owned());
            let old = match path.is_file() {
                true => format!(
                    "; {} is of an earlier run, compare it with --from",
                    path.display()
                ),
                false => String::new(),
            };
            failed.push((one.name.clone(), format!("{why}{old}")));
            continue;
        };
        let way = Way::Fetched {
            address: stored.address.clone(),
            etag: stored.etag.clone(),
            is_new: line.is_some_and(|line| line.outcome == "fetched"),
        };
        let text = workspace::read(&path)?;
        let obtained = Obtained {
            sha256: sha256(text.as_bytes()),
            text,
            path,
            way,
        };
        found.push((one.clone(), obtained));
    }
    Ok((found, failed, absent))
}

/// Runs the program, which reports each document when it is there.
fn program(order: &str, take: &mut dyn FnMut(Line)) -> Outcome {
    let failed =
        |error: &dyn std::fmt::Display| Failure::Mistake(format!("error: can't fetch: {error}"));
    let mut command = process::cargo();
    command
        .args(["run", "--quiet", "--locked", "--package", "fetch"])
        .current_dir(workspace::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    if let Some(mut input) = child.stdin.take() {
        input
            .write_all(order.as_bytes())
            .map_err(|error| failed(&error))?;
    }
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| failed(&error))?;
            let line: Line = serde_json::from_str(&line).map_err(|error| failed(&error))?;
            progress(&line);
            take(line);
        }
    }
    let status = child.wait().map_err(|error| failed(&error))?;
    // 1 is a document that could not be fetched, which has a line.
    match status.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(failed(&format!("the program `fetch` ended with {status}"))),
    }
}

/// Fetching takes minutes on a slow network.
fn progress(line: &Line) {
    let done = match (&line.stored, &line.why) {
        (Some(stored), _) if line.resumed > 0 => {
            let (bytes, resumed) = (stored.bytes, line.resumed);
            format!("{bytes} bytes, {resumed} of them from an interrupted run or attempt")
        }
        (Some(stored), _) if line.outcome == "unchanged" => {
            format!("{} bytes, unchanged", stored.bytes)
        }
        (Some(stored), _) => format!("{} bytes", stored.bytes),
        (None, why) => why.clone().unwrap_or_default(),
    };
    eprintln!("{}: {done}", line.name);
}

/// The SHA-256 of bytes, in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
