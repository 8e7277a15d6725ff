//! How many of the known operations the documents have, as `spec/COVERAGE.md` says and as they themselves do.

use std::fmt::Write as _;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Where people read what is left out.
const COVERAGE: &str = "spec/COVERAGE.md";
const METHODS: [&str; 7] = [
    "get:", "put:", "post:", "delete:", "patch:", "head:", "options:",
];

pub(super) struct Coverage {
    pub(super) covered: usize,
    pub(super) known: usize,
    /// A row per document.
    pub(super) table: String,
}

/// Fails where the page counts differently from the documents.
pub(super) fn count(root: &Path) -> Outcome<Coverage> {
    let page = workspace::read(&root.join(COVERAGE))?;
    let mut coverage = Coverage {
        covered: 0,
        known: 0,
        table: "| document | operations | known |\n|---|---|---|\n".to_owned(),
    };
    for (document, claimed) in claims(&page) {
        let text = workspace::read(&root.join("spec").join(document))?;
        let covered = operations(&text);
        let Some((said, known)) = claimed.filter(|(said, _)| *said == covered) else {
            return Err(Failure::Mistake(format!(
                "error: {document} has {covered} operations, {COVERAGE} says {claimed:?}"
            )));
        };
        let _ = writeln!(coverage.table, "| {document} | {said} | {known} |");
        coverage.covered += said;
        coverage.known += known;
    }
    Ok(coverage)
}

/// Each document that has a section, with how many of how many operations that says first.
fn claims(page: &str) -> Vec<(&str, Option<(usize, usize)>)> {
    let mut found: Vec<(&str, Option<(usize, usize)>)> = Vec::new();
    for line in page.lines() {
        if let Some(title) = line.strip_prefix('#') {
            if let Some((_, rest)) = title.split_once("(`")
                && let Some((document, _)) = rest.split_once("`)")
            {
                found.push((document, None));
            }
        } else if let Some((_, claim @ None)) = found.last_mut() {
            *claim = claim_of(line);
        }
    }
    found
}

/// `6 of the 7 known operations`, `All 30 known operations`.
fn claim_of(line: &str) -> Option<(usize, usize)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["All", all, "known", ..] => all.parse().ok().map(|all| (all, all)),
        [some, "of", "the", all, ..] => Some((some.parse().ok()?, all.parse().ok()?)),
        _ => None,
    }
}

/// The methods under `paths:`, which stand at the second depth of a document of ours.
fn operations(document: &str) -> usize {
    let paths = document
        .lines()
        .skip_while(|line| *line != "paths:")
        .skip(1);
    let paths = paths.take_while(|line| line.is_empty() || line.starts_with([' ', '#']));
    paths
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| METHODS.contains(line))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_by_section() {
        let page = "# All\n\n5 of the 6 things\n\n## A (`a.yaml`)\n\n3 of the 4 known operations. 2 of the 9 more.\n\n\
                    ### B (`b.yaml`)\nAll 7 known operations.\n## C (`c.yaml`)\nnone\n";
        assert_eq!(
            claims(page),
            [
                ("a.yaml", Some((3, 4))),
                ("b.yaml", Some((7, 7))),
                ("c.yaml", None)
            ]
        );
    }

    #[test]
    fn operations_are_those_under_paths() {
        let document = "paths:\n  /a:\n    parameters:\n      - name: get:\n    get:\n      x: 1\n    post:\n\
                        x-webhooks:\n  b:\n    post:\n";
        assert_eq!(operations(document), 2);
    }
}
