//! The documentation of the crate: its size, its completeness, and lines of generated code that say nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Builds the documentation with all features, and returns its size in MB: without the pages of the source, which docs.rs
/// does not have, and with them.
pub(crate) fn size(root: &Path, folder: &Path) -> Outcome<[f64; 2]> {
    let target = folder.join("docs");
    let docs = target.join("doc");
    forget(&docs)?;
    let mut command = process::cargo();
    command.args(["doc", "--quiet", "--locked", "--package", "dintero"]);
    command.args(["--all-features", "--no-deps"]);
    super::plain(&mut command, &target);
    process::run(command.current_dir(root))?;
    complete(root, &docs)?;
    let (mut without, mut with) = (0, 0);
    for path in workspace::files(&docs)? {
        let about = std::fs::metadata(&path);
        let bytes = about
            .map_err(|error| Failure::file("read", &path, &error))?
            .len();
        with += bytes;
        if !path.starts_with(docs.join("src")) {
            without += bytes;
        }
    }
    Ok([without as f64 / 1e6, with as f64 / 1e6])
}

/// Words that people search for, with the pages of the guide and of the operation that they should find.
const SEARCHES: [(&str, &str, &str); 2] = [
    (
        "refund",
        "guide/moving_money/",
        "#method.refund_transaction",
    ),
    (
        "capture",
        "guide/moving_money/",
        "#method.capture_transaction",
    ),
];

/// Returns at which places rustdoc's own search lists what people search for, in the documentation that [`size`] has built.
pub(crate) fn found(root: &Path, folder: &Path) -> Outcome<Vec<(String, String)>> {
    let mut search = Command::new("node");
    search
        .arg(root.join("xtask/src/figures/search.mjs"))
        .arg(folder.join("docs/doc"))
        .arg("dintero")
        .args(SEARCHES.map(|(word, ..)| word));
    let results = process::output(&mut search)?;
    let rank = |word: &str, page: &str| {
        let mut lines = results.lines().filter_map(|line| {
            let (searched, result) = line.split_once('\t')?;
            let (rank, address) = result.split_once('\t')?;
            (searched == word && address.contains(page)).then_some(rank)
        });
        lines.next().unwrap_or("not among ten").to_owned()
    };
    let rows = SEARCHES.map(|(word, guide, operation)| {
        (
            format!("rank of guide and operation in rustdoc's search for `{word}`"),
            format!("{}, {}", rank(word, guide), rank(word, operation)),
        )
    });
    Ok(rows.to_vec())
}

/// Removes documentation, so that pages of types that are gone do not count.
pub(crate) fn forget(docs: &Path) -> Outcome {
    match docs.exists() {
        true => {
            std::fs::remove_dir_all(docs).map_err(|error| Failure::file("remove", docs, &error))
        }
        false => Ok(()),
    }
}

/// Checks that each generated type has a page. Their types are hidden and exported with `doc(inline)`, so that their
/// pages do not list traits: it takes one export without that to lose them.
pub(crate) fn complete(root: &Path, docs: &Path) -> Outcome {
    let mut pages: BTreeSet<String> = BTreeSet::new();
    for path in workspace::files(&docs.join("dintero"))? {
        let page = path.file_name().unwrap_or_default().to_string_lossy();
        pages.insert(page.into_owned());
    }
    let mut missing: BTreeSet<String> = BTreeSet::new();
    for path in workspace::files(&root.join("sdk/src/api"))? {
        for line in workspace::read(&path)?.lines() {
            for kind in ["struct", "enum"] {
                if let Some(rest) = line.strip_prefix(&format!("pub {kind} ")) {
                    let page = format!("{kind}.{}.html", name(rest));
                    missing.extend((!pages.contains(&page)).then_some(page));
                }
            }
        }
    }
    match missing.first() {
        None => Ok(()),
        Some(page) => Err(Failure::Mistake(format!(
            "error: the documentation lacks the pages of {} generated types, such as {page}",
            missing.len()
        ))),
    }
}

/// Checks that each page of a type of an API says which feature it needs.
pub(crate) fn with_features(root: &Path, docs: &Path) -> Outcome {
    let modules = workspace::read(&root.join("sdk/src/api/mod.rs"))?;
    let modules = modules
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "));
    for module in modules.filter_map(|rest| rest.strip_suffix(';')) {
        for path in workspace::files(&docs.join("dintero").join(module))? {
            let page = path.file_name().unwrap_or_default().to_string_lossy();
            let is_type = page.starts_with("struct.") || page.starts_with("enum.");
            if !is_type {
                continue;
            }
            let text = workspace::read(&path)?;
            // Where a type of a private module was, there is the way to its page.
            let is_page = !text.contains("http-equiv=\"refresh\"");
            if is_page && !text.contains("crate feature") {
                return Err(Failure::Mistake(format!(
                    "error: {} does not show the feature that it is behind",
                    path.display()
                )));
            }
        }
    }
    Ok(())
}

/// Paragraphs in generated code that only repeat the names of their item, each with its place.
pub(crate) fn echoes(root: &Path) -> Outcome<Vec<String>> {
    let folder = root.join("sdk/src/api");
    let files = workspace::files(&folder)?;
    let mut wires: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut texts = Vec::new();
    for path in files {
        let text = workspace::read(&path)?;
        members(&text, &mut wires);
        texts.push((path, text));
    }
    let mut found = Vec::new();
    for (path, text) in &texts {
        let shown = path.strip_prefix(root).unwrap_or(path).display();
        for (line, text) in paragraphs(text, &wires) {
            found.push(format!("{shown}:{line}: {text}"));
        }
    }
    Ok(found)
}

/// JSON names by `Type.field`, from the tables of objects.
fn members(text: &str, wires: &mut BTreeMap<String, Vec<String>>) {
    let mut owner = "";
    for line in text.lines() {
        if let Some(table) = line.strip_prefix("rt::object!(") {
            owner = name(table);
        }
        let mut words = line.split_whitespace();
        if let (Some(_), Some(wire), Some(field)) = (words.next(), words.next(), words.next())
            && wire.starts_with('"')
        {
            let field = format!("{owner}.{}", name(field));
            wires.entry(field).or_default().push(wire.to_owned());
        }
    }
}

/// The paragraphs of a file that only repeat names, each with the number of its first line.
fn paragraphs(text: &str, wires: &BTreeMap<String, Vec<String>>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut waiting: Vec<(usize, String)> = Vec::new();
    let (mut owner, mut begins, mut is_code) = (String::new(), true, false);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if let Some(doc) = line.strip_prefix("///") {
            let doc = doc.trim();
            let is_fence = doc.starts_with("```");
            is_code ^= is_fence;
            match waiting.last_mut() {
                _ if doc.is_empty() || is_fence || is_code => begins = true,
                Some((_, paragraph)) if !begins => {
                    paragraph.push(' ');
                    paragraph.push_str(doc);
                }
                _ => {
                    waiting.push((number + 1, doc.to_owned()));
                    begins = false;
                }
            }
            continue;
        }
        begins = true;
        if line.starts_with("#[") || line.is_empty() || line.ends_with(")]") {
            continue;
        }
        let code = line
            .trim_start_matches("pub(crate) ")
            .trim_start_matches("pub ");
        let words: Vec<&str> = code.split_whitespace().collect();
        let item = match words.as_slice() {
            [
                "struct" | "enum" | "type" | "static" | "mod" | "trait",
                item,
                ..,
            ] => {
                owner = name(item).to_owned();
                name(item)
            }
            ["fn", item, ..] => name(item),
            _ => name(code),
        };
        let mut names = vec![item, &owner];
        let wire = wires.get(&format!("{owner}.{item}"));
        names.extend(wire.into_iter().flatten().map(String::as_str));
        let is_echo = |(_, text): &(usize, String)| generator::emit::is_echo(text, &names);
        found.extend(waiting.drain(..).filter(is_echo));
        if let Some(rest) = line.strip_prefix("impl") {
            let of = rest.rsplit(" for ").next().unwrap_or(rest);
            // Behind the type parameters, which have none of their own.
            let of = match of.starts_with('<') {
                true => of.split_once("> ").map_or(of, |(_, of)| of),
                false => of,
            };
            owner = name(of).to_owned();
        }
    }
    found
}

/// The identifier that a text begins with.
fn name(text: &str) -> &str {
    let text = text.trim().trim_start_matches("r#");
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn a_paragraph_that_repeats_a_name_is_found() {
        let text = "/// The address.\n///\n/// Where goods go,\n/// if anywhere.\n#[derive(Clone)]\npub struct Address {\n    \
                    /// `id`\n    pub id: u8,\n    /// The type.\n    pub kind: u8,\n}\n\nimpl<C> Orders<C> {\n    \
                    /// Get the order.\n    ///\n    /// ```\n    /// orders\n    /// ```\n    pub fn get(&self) {}\n}\n";
        let mut wires = BTreeMap::new();
        members(
            "rt::object!(Address {\n    optional \"type\" kind,\n});",
            &mut wires,
        );
        let lines: Vec<usize> = paragraphs(text, &wires).iter().map(|one| one.0).collect();
        assert_eq!(lines, [1, 7, 9, 14]);
    }

    #[test]
    fn every_export_of_hidden_types_is_inlined() {
        let root = workspace::root();
        let mut files = workspace::files(&root.join("sdk/src/api")).unwrap();
        files.push(root.join("sdk/src/payments/mod.rs"));
        for path in files {
            let text = workspace::read(&path).unwrap();
            let mut before = "";
            for line in text.lines() {
                let is_export =
                    line.starts_with("pub use super::") || line.starts_with("pub use crate::api::");
                assert!(
                    !is_export || before == "#[doc(inline)]",
                    "{}: {line}",
                    path.display()
                );
                before = line;
            }
        }
    }

    #[test]
    fn no_line_of_generated_documentation_repeats_a_name() {
        let found = echoes(&workspace::root()).unwrap();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
