//! `spec/sdk.toml`: which document becomes which module.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use crate::workspace;

/// The folder of the documents.
pub(crate) const FOLDER: &str = "spec";
/// The file in it that this module reads.
pub(crate) const FILE: &str = "sdk.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    api: Vec<Api>,
}

/// One document and what it becomes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Api {
    /// File, below the folder of the documents.
    pub(crate) document: String,
    /// Files, below the folder of the documents, in the order they are applied.
    #[serde(default)]
    pub(crate) overlays: Vec<String>,
    /// The Rust module.
    pub(crate) module: String,
    /// The cargo feature that the module needs, if any.
    pub(crate) feature: Option<String>,
}

/// Reads the settings. A document or overlay that they don't mention is an error: it would be skipped silently.
pub(crate) fn read(root: &Path) -> Outcome<Vec<Api>> {
    let folder = root.join(FOLDER);
    let text = workspace::read(&folder.join(FILE))?;
    let settings: Settings = toml::from_str(&text)
        .map_err(|error| Failure::Mistake(format!("error: {FOLDER}/{FILE}: {error}")))?;

    let mistake = |message: String| {
        Err(Failure::Mistake(format!(
            "error: {FOLDER}/{FILE}: {message}"
        )))
    };
    let mut modules = BTreeSet::new();
    let mut used = BTreeSet::new();
    for api in &settings.api {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let ident = api.module.starts_with(|c: char| c.is_ascii_lowercase())
            && api.module.chars().all(plain);
        if !ident || syn::parse_str::<syn::Ident>(&api.module).is_err() {
            return mistake(format!("{:?} can't be the name of a module", api.module));
        }
        if !modules.insert(&api.module) {
            return mistake(format!("two documents become the module {:?}", api.module));
        }
        used.insert(api.document.clone());
        used.extend(api.overlays.iter().cloned());
    }
    for below in ["", "overlays/"] {
        for file in documents(&folder.join(below))? {
            let file = format!("{below}{file}");
            if !used.contains(&file) {
                return mistake(format!("{FOLDER}/{file} belongs to no [[api]]"));
            }
        }
    }
    Ok(settings.api)
}

fn documents(folder: &Path) -> Outcome<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::file("list", folder, &error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::file("list", folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if [".yaml", ".yml", ".json"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
