//! Names of files and of the components that they become.

use std::collections::BTreeSet;

use super::{
    super::{Source, check::decoded, tree::tokens},
    Target,
};

/// Returns whether the target of a discriminator is a reference and not the name of a schema.
pub(super) fn is_reference(text: &str) -> bool {
    let is_file = [".yaml", ".yml", ".json"]
        .iter()
        .any(|end| text.ends_with(end));
    is_file || text.contains('#')
}

/// Returns a free name for a component: the last part of its pointer, or that of its file.
pub(super) fn name((file, pointer): &Target, taken: &BTreeSet<String>) -> String {
    let plain = |text: &str| -> String {
        let letters = text.chars();
        letters
            .map(|c| match c {
                c if c.is_ascii_alphanumeric() || "-_.".contains(c) => c,
                _ => '_',
            })
            .collect()
    };
    let stem = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        name.split('.').next().unwrap_or_default().to_owned()
    };
    let last = tokens(pointer).into_iter().flatten().last();
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let own = match last {
        Some(last) => last.into_owned(),
        None if stem(file).trim_start_matches('_') == "index" => stem(folder),
        None => stem(file),
    };
    let own = plain(&own);
    let longer = format!("{}_{own}", plain(&stem(folder)));
    let numbered = (2_u32..).map(|number| format!("{own}{number}"));
    let mut all = [own.clone(), longer].into_iter().chain(numbered);
    all.find(|name| !taken.contains(name)).unwrap_or(own)
}

/// Returns a pointer as a fragment: a percent sign is escaped.
pub(super) fn escaped(pointer: &str) -> String {
    pointer.replace('%', "%25")
}

pub(super) fn unescaped(file: &str) -> String {
    decoded(&format!("#{file}")).unwrap_or_else(|| file.to_owned())
}

/// Returns the path of a file, relative to the folder of the document: `b.yaml` from `models/a.yaml` is `models/b.yaml`.
/// A path out of that folder begins with `../`.
pub(super) fn joined(from: &str, file: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(file.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let root = if from.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// Returns the files that the text of a file may refer to, relative to the folder of the document. Some of them may not
/// exist: any word that looks like a file name counts.
#[must_use]
pub fn files_of(source: &Source) -> BTreeSet<String> {
    let ends = |c: char| c.is_whitespace() || "\"'`,{}[]()<>".contains(c);
    let mut found = BTreeSet::new();
    for word in source.text.split(ends) {
        let file = word.split('#').next().unwrap_or_default();
        let is_file = [".yaml", ".yml", ".json"]
            .iter()
            .any(|end| file.ends_with(end));
        if is_file && !file.contains("://") && !file.starts_with('/') {
            let path = joined(&source.name, &unescaped(file));
            found.insert(path);
        }
    }
    found
}
