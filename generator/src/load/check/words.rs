//! Texts of messages: suggestions for misspelled words, names of expected values.

use super::{
    super::{
        Key, Node, Value,
        table::{Want, shape},
    },
    pointer::At,
};
use crate::diagnostic::overlay_merge;

/// Returns the most similar candidate, if it is similar enough.
pub(super) fn nearest<'w>(
    word: &str,
    candidates: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let limit = match length {
        0..=2 => 0,
        3..=4 => 1,
        5..=11 => 2,
        _ => 3,
    };
    (candidates.into_iter())
        .map(|candidate| (candidate.to_lowercase(), candidate))
        // The distance is at least this, and costs much more.
        .filter(|(lower, _)| lower.chars().count().abs_diff(length) <= limit)
        .map(|(lower, candidate)| (strsim::osa_distance(&word, &lower), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Suggests names of the document, as long as this costs little: of ten thousand references that lead to nothing, the
/// first ones have a suggestion.
pub(super) struct Names {
    left: usize,
}

impl Names {
    pub(super) fn new() -> Self {
        Self { left: 300_000 }
    }

    /// Returns the most similar name, if it is similar enough.
    pub(super) fn nearest<'n>(&mut self, name: &str, names: &'n [(Key, Node)]) -> Option<&'n str> {
        self.left = self.left.checked_sub(names.len())?;
        nearest(name, names.iter().map(|(key, _)| key.name.as_str()))
    }
}

/// Keys of later versions and of related formats that look like typing mistakes but are not.
const FOREIGN: &[&str] = &[
    "$id", "$comment", "$schema", "examples", "id", "summary", "webhooks",
];

/// Returns the key that was probably intended.
pub(super) fn typo<'w>(
    key: &str,
    candidates: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    if FOREIGN.contains(&key) {
        return None;
    }
    nearest(key, candidates)
}

/// `a`, `b` or `c`.
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Says how to add a missing key.
pub(super) fn missing_help(name: &str, at: &At<'_>) -> String {
    let pointer = at.pointer();
    match name {
        "responses" => format!(
            "describe the operation's responses, for instance in an overlay:\n{}",
            overlay_merge(&pointer, "{ responses: { default: { description: '' } } }")
        ),
        _ => format!(
            "add it, for instance in an overlay:\n{}",
            overlay_merge(&pointer, &format!("{{ {name}: … }}"))
        ),
    }
}

/// The form of a reference, as an example.
pub(super) fn missing_target_help() -> String {
    "write it as text: `$ref: '#/components/schemas/Name'`".to_owned()
}

/// Describes the expected value in plain words.
pub(super) fn wanted(want: Want) -> String {
    match want {
        Want::Any => "anything".to_owned(),
        Want::Text => "text".to_owned(),
        Want::Word(words) => format!("one of {}", list(words)),
        Want::Flag => "`true` or `false`".to_owned(),
        Want::Number => "a number".to_owned(),
        Want::Count => "a whole number that is not negative".to_owned(),
        Want::Texts => "a list of texts".to_owned(),
        Want::TextMap => "an object of texts".to_owned(),
        Want::Values => "a list".to_owned(),
        Want::ValueMap | Want::Map(_) => "an object".to_owned(),
        Want::Is(kind) => format!("{} (an object)", shape(kind).name),
        Want::Many(_) => "a list of objects".to_owned(),
        Want::FlagOrSchema => "`true`, `false` or a schema".to_owned(),
    }
}

/// A replacement, as a message names it.
pub(super) fn short(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::Number(number) => format!("`{number}`"),
        Value::String(text) => format!("the text `{text}`"),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(_) => "a list of one".to_owned(),
        Value::Object(_) => "an empty object".to_owned(),
    }
}
