//! `spec/sdk.toml`: the module of each document.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use crate::workspace;

/// The folder of the documents.
pub(crate) const FOLDER: &str = "spec";
/// The file in it that this module reads.
pub(crate) const FILE: &str = "sdk.toml";

/// The content of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    #[serde(default)]
    pub(crate) api: Vec<Api>,
    #[serde(default)]
    pub(crate) shared: Vec<Shared>,
    #[serde(default)]
    pub(crate) published: Vec<Published>,
}

/// A document and its module.
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
    /// Whether the feature is on by default.
    #[serde(default)]
    pub(crate) default: bool,
    /// A short description of the API, for the table of features.
    pub(crate) about: String,
}

/// A module of types that several APIs have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shared {
    /// The Rust module.
    pub(crate) module: String,
    /// Its purpose, as a sentence.
    pub(crate) about: String,
    /// Types by the module of their document. The types of their fields are included.
    pub(crate) types: BTreeMap<String, Vec<String>>,
}

/// A document that the provider publishes.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Published {
    /// Its file: `spec-payments.yaml`.
    pub(crate) name: String,
    /// Its URL, if it is known.
    pub(crate) address: Option<String>,
    /// Our documents that have its operations.
    pub(crate) documents: Vec<String>,
    /// Beginnings of its paths, and ours.
    #[serde(default)]
    pub(crate) bases: BTreeMap<String, String>,
    /// Its paths of requests that users receive, and our names of them.
    #[serde(default)]
    pub(crate) events: BTreeMap<String, String>,
}

impl Settings {
    /// Features of the APIs by name, each with whether it is on by default.
    pub(crate) fn features(&self) -> BTreeMap<&str, bool> {
        let with = self.api.iter();
        let with = with.filter_map(|api| Some((api.feature.as_deref()?, api.default)));
        with.collect()
    }
}

/// Reads the text of the file.
pub(crate) fn parse(text: &str) -> Outcome<Settings> {
    toml::from_str(text)
        .map_err(|error| Failure::Mistake(format!("error: {FOLDER}/{FILE}: {error}")))
}

/// Reads the settings. A document or overlay that they don't mention is an error: it would be skipped silently.
pub(crate) fn read(root: &Path) -> Outcome<Settings> {
    let folder = root.join(FOLDER);
    let text = workspace::read(&folder.join(FILE))?;
    let settings = parse(&text)?;

    let mistake = |message: String| {
        Err(Failure::Mistake(format!(
            "error: {FOLDER}/{FILE}: {message}"
        )))
    };
    let mut modules = BTreeSet::from(["ids"]);
    let mut used = BTreeSet::new();
    let shared = settings.shared.iter().map(|shared| &shared.module);
    for module in settings.api.iter().map(|api| &api.module).chain(shared) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let ident =
            module.starts_with(|c: char| c.is_ascii_lowercase()) && module.chars().all(plain);
        if !ident || syn::parse_str::<syn::Ident>(module).is_err() {
            return mistake(format!("{module:?} can't be the name of a module"));
        }
        if !modules.insert(module) {
            return mistake(format!("two modules would be called {module:?}"));
        }
    }
    for api in &settings.api {
        if api.default && api.feature.is_none() {
            return mistake(format!(
                "{:?} is on by default without a feature",
                api.module
            ));
        }
        used.insert(api.document.clone());
        used.extend(api.overlays.iter().cloned());
    }
    for shared in &settings.shared {
        for module in shared.types.keys() {
            if !settings.api.iter().any(|api| api.module == *module) {
                return mistake(format!(
                    "the shared module {:?} has types of {module:?}, which is the module of no document",
                    shared.module
                ));
            }
        }
    }
    let mut names = BTreeSet::new();
    for published in &settings.published {
        if !names.insert(&published.name) {
            return mistake(format!("{:?} is published twice", published.name));
        }
        for document in &published.documents {
            if !settings.api.iter().any(|api| api.document == *document) {
                return mistake(format!(
                    "{:?} has operations of {document:?}, which belongs to no [[api]]",
                    published.name
                ));
            }
        }
    }
    for below in ["", "overlays/"] {
        for file in documents(&folder.join(below))? {
            let file = format!("{below}{file}");
            if !used.contains(&file) {
                return mistake(format!("{FOLDER}/{file} belongs to no [[api]]"));
            }
        }
    }
    Ok(settings)
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
