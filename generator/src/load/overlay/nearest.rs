//! The nearest match of a target that matches nothing: a misspelled or renamed part, or one that has moved.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use serde_json_path::JsonPath;

use super::{Step, steps, written};

/// The nearest match.
pub(super) struct Nearest {
    /// The path that was probably meant; `None` if nothing in the document is similar.
    pub(super) meant: Option<String>,
    /// Place of its first match, or of the last part of the target that exists.
    pub(super) at: Vec<Step>,
}

/// Minimum similarity of a part and the one that was probably meant, from 0 to 1.
const SIMILAR: f64 = 0.6;

/// Similar parts that are tried; each is a query.
const TRIED: usize = 20;

/// Returns the nearest match of a valid path that matches nothing.
pub(super) fn nearest(path: &str, document: &Json) -> Nearest {
    let parts = parts(path);
    let exists = |count: &usize| {
        let before = parts.get(..*count).unwrap_or_default().concat();
        first(&format!("${before}"), document).is_some()
    };
    let known = (0..parts.len()).rev().find(exists).unwrap_or_default();
    let before = format!("${}", parts.get(..known).unwrap_or_default().concat());
    let (wrong, after) = match parts.get(known..) {
        Some([wrong, after @ ..]) => (*wrong, after.concat()),
        _ => ("", String::new()),
    };
    let meant = similar(&before, wrong, &after, document)
        .into_iter()
        .chain(elsewhere(&before, wrong, &after, document))
        .find_map(|path| first(&path, document).map(|at| (path, at)));
    match meant {
        Some((path, at)) => Nearest {
            meant: Some(path),
            at,
        },
        None => Nearest {
            meant: None,
            at: first(&before, document).unwrap_or_default(),
        },
    }
}

/// Returns the location of the first match.
fn first(path: &str, document: &Json) -> Option<Vec<Step>> {
    let path = JsonPath::parse(path).ok()?;
    path.query_located(document).locations().next().map(steps)
}

/// Splits a path into its parts: `.name`, `..name`, `['name']`, `[?…]`.
fn parts(path: &str) -> Vec<&str> {
    let mut starts = Vec::new();
    let (mut depth, mut quote, mut escaped, mut last) = (0_usize, None, false, ' ');
    for (at, c) in path.char_indices() {
        if let Some(end) = quote {
            if !escaped && c == end {
                quote = None;
            }
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '\'' | '"' => quote = Some(c),
            ']' | ')' => depth = depth.saturating_sub(1),
            '(' => depth += 1,
            '[' => {
                // `..['name']` is one part.
                if depth == 0 && last != '.' {
                    starts.push(at);
                }
                depth += 1;
            }
            '.' if depth == 0 && last != '.' => starts.push(at),
            _ => {}
        }
        last = c;
    }
    let ends = starts.iter().skip(1).copied().chain([path.len()]);
    (starts.iter().zip(ends))
        .filter_map(|(&start, end)| path.get(start..end))
        .collect()
}

/// Returns the names and texts in a part, each with how it is written there.
fn words(part: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = part;
    while let Some(start) = rest.find(['\'', '"']) {
        let quote = rest.get(start..=start).unwrap_or_default();
        let inner = rest.get(start + 1..).unwrap_or_default();
        let Some(end) = inner.find(quote) else { break };
        let whole = rest.get(start..start + end + 2).unwrap_or_default();
        found.push((whole, inner.get(..end).unwrap_or_default()));
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    let name = part.trim_start_matches('.');
    if found.is_empty() && !name.is_empty() && !name.contains(['[', '*']) {
        found.push((name, name));
    }
    found
}

/// Returns the target with each similar name or text in the place of a wrong one, the most similar first.
fn similar(before: &str, wrong: &str, after: &str, document: &Json) -> Vec<String> {
    let around = if wrong.starts_with("..") {
        format!("{before}..*")
    } else {
        before.to_owned()
    };
    let Ok(around) = JsonPath::parse(&around) else {
        return Vec::new();
    };
    let is_filter = wrong.contains('?');
    let mut candidates: BTreeSet<&str> = BTreeSet::new();
    for node in around.query(document).all() {
        match is_filter {
            true => inner(node).for_each(|one| texts(one, &mut candidates)),
            false => candidates.extend(names(node)),
        }
    }
    let mut found: Vec<(f64, String)> = Vec::new();
    for (whole, word) in words(wrong) {
        let lower = word.to_lowercase();
        for candidate in candidates.iter().filter(|one| **one != word) {
            let similarity =
                strsim::normalized_damerau_levenshtein(&lower, &candidate.to_lowercase());
            if similarity >= SIMILAR {
                let quoted = candidate.replace('\\', "\\\\").replace('\'', "\\'");
                let part = match whole == word {
                    true => {
                        let name = written(&[Step::Name((*candidate).to_owned())]);
                        match (wrong.strip_prefix(".."), name.strip_prefix('.')) {
                            (Some(_), Some(name)) => format!("..{name}"),
                            (Some(_), None) => format!("..{name}"),
                            _ => name,
                        }
                    }
                    false => wrong.replacen(whole, &format!("'{quoted}'"), 1),
                };
                found.push((similarity, format!("{before}{part}{after}")));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.dedup();
    found.truncate(TRIED);
    found.into_iter().map(|(_, path)| path).collect()
}

/// Returns the location of the rest of the target, if it is in one place: deeper than the target, or in another member.
fn elsewhere(before: &str, wrong: &str, after: &str, document: &Json) -> Option<String> {
    let deeper = match wrong.strip_prefix('.') {
        Some(name) if !name.starts_with('.') => format!("{before}..{name}{after}"),
        None => format!("{before}..{wrong}{after}"),
        Some(_) => return None,
    };
    let beside = (!after.is_empty()).then(|| format!("{before}.*{after}"));
    [Some(deeper), beside]
        .into_iter()
        .flatten()
        .find_map(|path| {
            let path = JsonPath::parse(&path).ok()?;
            let found = path.query_located(document);
            let mut found = found.locations();
            let only = found.next()?;
            found
                .next()
                .is_none()
                .then(|| format!("${}", written(&steps(only))))
        })
}

fn names(node: &Json) -> impl Iterator<Item = &str> {
    let members = node.as_object().into_iter().flatten();
    members.map(|(name, _)| name.as_str())
}

fn inner(node: &Json) -> Box<dyn Iterator<Item = &Json> + '_> {
    match node {
        Json::Array(items) => Box::new(items.iter()),
        Json::Object(members) => Box::new(members.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// Adds the names and texts that a filter may compare.
fn texts<'v>(node: &'v Json, found: &mut BTreeSet<&'v str>) {
    found.extend(names(node));
    found.extend(inner(node).filter_map(Json::as_str));
}
