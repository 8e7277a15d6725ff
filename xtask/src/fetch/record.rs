//! `spec/published.toml`: what was compared, and when.

use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::codegen::settings;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// The file in the folder of the documents.
pub(super) const FILE: &str = "published.toml";

/// A comparison of a published document with ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Compared {
    pub(super) name: String,
    /// The day, in UTC: `2026-11-28`.
    pub(super) date: String,
    /// Date of the document, if the user stated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) as_of: Option<String>,
    /// The URL that it was fetched from; none for a copy that the user had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    pub(super) sha256: String,
    /// `OpenAPI 3.1.0`
    pub(super) format: String,
    pub(super) title: String,
    pub(super) version: String,
    /// Number of its operations, without requests to users.
    pub(super) operations: usize,
    /// Number of its operations, and requests to users, that ours have.
    pub(super) matched: usize,
    /// Number of parts that only it has.
    pub(super) lacking_here: usize,
    /// Number of parts that only our matched operations have.
    pub(super) lacking_there: usize,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    #[serde(default)]
    compared: Vec<Compared>,
}

const HEAD: &str = "\
# Published documents that were compared with those in this folder. Written by `cargo xtask fetch`: do not edit.
# Without `address`, a copy was compared that was already there (`--from`): of the date `as_of`, if that is known.
# `operations`: those of the document; `matched`: those in this folder, requests to users included; `lacking_here` and
# `lacking_there`: parts of these that only one side has, of the document and of this folder.
";

/// Reads the comparisons; none if there is no file.
pub(super) fn read(root: &Path) -> Outcome<Vec<Compared>> {
    let path = root.join(settings::FOLDER).join(FILE);
    let text = workspace::read_if_there(&path)?.unwrap_or_default();
    let record: Record = toml::from_str(&text).map_err(|error| {
        let path = format!("{}/{FILE}", settings::FOLDER);
        Failure::Mistake(format!(
            "error: {path}: {error}\n help: it is written by `cargo xtask fetch`; restore it, or delete it"
        ))
    })?;
    Ok(record.compared)
}

/// Replaces the comparisons of the same documents. A copy that the user had does not replace what was fetched.
pub(super) fn write(root: &Path, compared: &[Compared], date: &str) -> Outcome {
    if compared.is_empty() {
        return Ok(());
    }
    let mut all = read(root)?;
    let key = |one: &Compared| (one.name.clone(), one.address.is_some());
    all.retain(|old| !compared.iter().any(|new| key(new) == key(old)));
    all.extend(compared.iter().map(|one| Compared {
        date: date.to_owned(),
        ..one.clone()
    }));
    all.sort_by_key(key);
    let path = root.join(settings::FOLDER).join(FILE);
    let temporary = path.with_extension("toml.new");
    std::fs::write(&temporary, text(&all)?)
        .and_then(|()| std::fs::rename(&temporary, &path))
        .map_err(|error| Failure::file("write", &path, &error))
}

fn text(all: &[Compared]) -> Outcome<String> {
    let failed = |error: serde_json::Error| Failure::Mistake(format!("error: {FILE}: {error}"));
    let mut text = HEAD.to_owned();
    for one in all {
        text.push_str("\n[[compared]]\n");
        let serde_json::Value::Object(mut members) = serde_json::to_value(one).map_err(failed)?
        else {
            continue;
        };
        for key in [
            "name",
            "date",
            "as_of",
            "address",
            "etag",
            "sha256",
            "format",
            "title",
            "version",
            "operations",
            "matched",
            "lacking_here",
            "lacking_there",
        ] {
            // A number or text in JSON is one in TOML, except for one character.
            if let Some(value) = members.remove(key) {
                let _ = writeln!(
                    text,
                    "{key} = {}",
                    value.to_string().replace('\u{7f}', "\\u007f")
                );
            }
        }
    }
    Ok(text)
}
