//! Documents in several files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use generator::load::{Source, files_of};

/// Returns the files of the document's folder that the document needs, read, in order. Whatever is not such a file is
/// reported with the reference to it.
pub(crate) fn of_document(path: &Path, document: &Source) -> Vec<Source> {
    let Some(folder) = path.parent() else {
        return Vec::new();
    };
    let name = document.name.as_str();
    let prefix = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found: BTreeMap<String, Source> = BTreeMap::new();
    let mut seen: BTreeSet<String> = BTreeSet::from([name.to_owned()]);
    let mut open = files_of(document);
    while let Some(name) = open.pop_first() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let inner = name.strip_prefix(prefix);
        let inner = inner.map(|inner| inner.trim_start_matches('/'));
        let Some(inner) = inner.filter(|inner| !inner.starts_with("../")) else {
            continue;
        };
        // A folder, or a name that only looks like one of a file.
        let Ok(text) = std::fs::read_to_string(folder.join(inner)) else {
            continue;
        };
        let source = Source {
            name: name.clone(),
            text,
        };
        open.extend(files_of(&source));
        found.insert(name, source);
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn only_files_of_the_folder_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("secret.yaml", "a: b");
        write(
            "api/models/pet.yaml",
            "$ref: ../owner.yaml\nother: ../../secret.yaml",
        );
        write("api/owner.yaml", "$ref: api.yaml");
        write("api/unused.yaml", "a: b");
        let text = "$ref: models/pet.yaml\nb: ../secret.yaml\nc: gone.yaml\nd: models/pet.yaml#/x";
        for name in ["api.yaml", "/some/folder/api.yaml"] {
            let document = Source {
                name: name.to_owned(),
                text: text.to_owned(),
            };
            let found = of_document(&folder.path().join("api/api.yaml"), &document);
            let names: Vec<&str> = found.iter().map(|source| source.name.as_str()).collect();
            let folder = name.strip_suffix("api.yaml").unwrap();
            assert_eq!(
                names,
                [
                    format!("{folder}models/pet.yaml"),
                    format!("{folder}owner.yaml")
                ]
            );
        }
    }
}
