//! Names that the document does not give, fixed once: `names.lock`.
//!
//! One line per name: `type <pointer> <Name>` or `operation <METHOD> <path> <name>`. A member that could be a type of one value
//! and is a constant instead has a line `constant <pointer>`. A name that stands there binds, so
//! a re-worded sentence or a new neighbour renames nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::Diagnostic,
    load::{Document, Source},
};

/// The names of one document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lock {
    types: BTreeMap<String, String>,
    operations: BTreeMap<String, String>,
    /// Members that are constants of their types.
    constants: BTreeSet<String>,
}

impl Lock {
    /// Reads the lines.
    pub(crate) fn read(
        source: Option<&Source>,
        document: &Document,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut lock = Self::default();
        let mut errors = Vec::new();
        let text = source.map_or("", |source| source.text.as_str());
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let known = match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["type", pointer, name] if is_name(name) => {
                    lock.types.insert((*pointer).to_owned(), (*name).to_owned());
                    true
                }
                ["operation", method, path, name] if is_name(name) => {
                    lock.operations
                        .insert(format!("{method} {path}"), (*name).to_owned());
                    true
                }
                ["constant", pointer] => {
                    lock.constants.insert((*pointer).to_owned());
                    true
                }
                _ => false,
            };
            if !known {
                let file = source.map_or("names.lock", |source| source.name.as_str());
                errors.push(document.error(
                    "",
                    format!("{file}:{}: a line that is no name: `{line}`", index + 1),
                    "write `type <pointer> <Name>`, `constant <pointer>` or `operation <METHOD> <path> <name>`, or delete the line",
                ));
            }
        }
        if errors.is_empty() {
            Ok(lock)
        } else {
            Err(errors)
        }
    }

    /// The places whose types have a name.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }

    pub(crate) fn type_name(&self, places: &[String]) -> Option<(String, String)> {
        places.iter().find_map(|place| {
            let name = self.types.get(&space(place))?;
            Some((place.clone(), name.clone()))
        })
    }

    /// The places of members that are constants.
    pub(crate) fn constants(&self) -> impl Iterator<Item = String> {
        self.constants.iter().map(|place| place.replace("%20", " "))
    }

    pub(crate) fn set_constant(&mut self, place: &str) {
        self.constants.insert(space(place));
    }

    pub(crate) fn operation(&self, key: &str) -> Option<&str> {
        self.operations.get(&key_of(key)).map(String::as_str)
    }

    pub(crate) fn set_type(&mut self, place: &str, name: &str) {
        self.types.insert(space(place), name.to_owned());
    }

    pub(crate) fn set_operation(&mut self, key: &str, name: &str) {
        self.operations.insert(key_of(key), name.to_owned());
    }

    /// The text of the file.
    pub(crate) fn write(&self) -> String {
        let operations = self
            .operations
            .iter()
            .map(|(key, name)| format!("operation {key} {name}\n"));
        let types = self
            .types
            .iter()
            .map(|(place, name)| format!("type {place} {name}\n"));
        let constants = self.constants.iter();
        let constants = constants.map(|place| format!("constant {place}\n"));
        operations.chain(types).chain(constants).collect()
    }
}

fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts_well && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// A pointer may hold spaces, a line may not.
fn space(pointer: &str) -> String {
    pointer.replace(' ', "%20")
}

fn key_of(key: &str) -> String {
    match key.split_once(' ') {
        Some((method, path)) => format!("{method} {}", space(path)),
        None => key.to_owned(),
    }
}
