//! Diagnostics: the problem, its place, and how to fix it.

use std::{collections::BTreeMap, fmt};

use crate::load::{Place, Value};

/// Severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The meaning of the document is unclear: nothing is generated.
    Error,
    /// The document is interpreted leniently, or not all of it is supported.
    Warning,
}

/// One finding in a document, with its place.
///
/// Printed over several lines, with the line of the document that it is about:
///
/// ```text
/// error: `type` has an unknown value `strng`
///  --> spec/pets.yaml:12:13
///   at #/components/schemas/Pet/type
///  12 |       type: strng
///     |             ^^^^^
///  help: did you mean `string`?
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The problem.
    pub what: String,
    /// Place in the text.
    pub place: Place,
    /// Place in the document: a JSON pointer (RFC 6901), empty for the whole document.
    pub pointer: String,
    /// The line of the text at `place`, shortened around the place if it is long; empty when the text has no such line.
    pub source_line: String,
    /// Number of characters of the line before `source_line`.
    pub(crate) source_skipped: u32,
    /// A second place that belongs to the finding, with its description.
    pub also: Option<(Place, String)>,
    /// The steps that fix it, possibly over several lines; empty when there are none.
    pub help: String,
    /// Set when the meaning is clear although the document is wrong: the correction that a tolerant run applies.
    pub(crate) mend: Option<Mend>,
}

/// A change of a document that fixes a finding and does what its author meant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mend {
    /// Removes the value at a pointer.
    Remove(String),
    /// Replaces the value at a pointer.
    Set(String, Value),
    /// Sets a member of the object at a pointer.
    Put(String, &'static str, Value),
    /// Adds an item to the list under a key of an object.
    Add(String, &'static str, Value),
    /// Renames the key at a pointer.
    Rename(String, &'static str),
    /// Reads the schema at a pointer as later versions of OpenAPI do.
    Later(String),
}

impl Diagnostic {
    /// Returns whether the severity is [`Severity::Error`].
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Returns the same finding as a warning.
    #[must_use]
    pub fn into_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Returns the same finding with a correction for tolerant runs.
    #[must_use]
    pub(crate) fn mended_by(mut self, mend: Mend) -> Self {
        self.mend = Some(mend);
        self
    }

    /// Returns the same finding with a second place.
    #[must_use]
    pub fn also(mut self, place: Place, what: impl Into<String>) -> Self {
        self.also = Some((place, what.into()));
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{label}: {}", self.what)?;
        writeln!(f, " --> {}", self.place)?;
        write!(f, "  at #{}", self.pointer)?;
        if !self.source_line.trim().is_empty() {
            let number = self.place.line.to_string();
            let excerpt = Excerpt::of(self);
            write!(f, "\n {number} | {}", excerpt.text)?;
            let gutter = " ".repeat(number.len());
            let indent = " ".repeat(excerpt.start);
            write!(f, "\n {gutter} | {indent}{}", "^".repeat(excerpt.length))?;
        }
        if let Some((place, what)) = &self.also {
            write!(f, "\n also: {place}: {what}")?;
        }
        if !self.help.is_empty() {
            write!(f, "\n help: {}", self.help.replace('\n', "\n       "))?;
        }
        Ok(())
    }
}

/// Maximum number of other places that are listed with a finding.
const PLACES: usize = 3;

/// Returns findings as text. Findings that differ only in their place are merged: the first one, and the number of
/// others.
pub fn counted(found: &[Diagnostic]) -> Vec<String> {
    let mut places: BTreeMap<(bool, &str), Vec<&Place>> = BTreeMap::new();
    for one in found {
        let places = places.entry((one.is_error(), &one.what)).or_default();
        places.push(&one.place);
    }
    let mut lines = Vec::new();
    for one in found {
        let Some(places) = places.remove(&(one.is_error(), one.what.as_str())) else {
            continue;
        };
        let others = places.get(1..).unwrap_or_default();
        let line = match others {
            [] => one.to_string(),
            others => {
                let places = if others.len() == 1 { "place" } else { "places" };
                let named: Vec<String> = others
                    .iter()
                    .take(PLACES)
                    .map(ToString::to_string)
                    .collect();
                let rest = if others.len() > PLACES { ", …" } else { "" };
                let count = others.len();
                format!(
                    "{one}\n and at {count} more {places}: {}{rest}",
                    named.join(", ")
                )
            }
        };
        lines.push(line);
    }
    lines
}

/// The part of a source line that is printed; minified documents have lines of any length.
struct Excerpt {
    text: String,
    /// Number of characters before the mark.
    start: usize,
    /// Number of marked characters, at least one.
    length: usize,
}

/// Maximum length of a line that is printed whole, in characters.
const WIDTH: usize = 120;

impl Excerpt {
    fn of(found: &Diagnostic) -> Self {
        let line = &found.source_line;
        let skipped = found.source_skipped;
        let column = found.place.column.saturating_sub(skipped) as usize;
        let chars: Vec<char> = line
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let start = column.saturating_sub(1).min(chars.len());
        let length = token_length(&chars[start..]);
        if chars.len() <= WIDTH && skipped == 0 {
            return Self {
                text: chars.iter().collect::<String>().trim_end().to_owned(),
                start,
                length,
            };
        }
        let from = start.saturating_sub(WIDTH / 3);
        let to = (from + WIDTH).min(chars.len());
        let cut = from > 0 || skipped > 0;
        let before = if cut { "…" } else { "" };
        let after = if to < chars.len() { "…" } else { "" };
        Self {
            text: format!(
                "{before}{}{after}",
                chars[from..to].iter().collect::<String>().trim_end()
            ),
            start: start - from + usize::from(cut),
            length: length.min(to.saturating_sub(start)).max(1),
        }
    }
}

/// Returns the length of the token at the start: a quoted text, a key without its colon, or a plain value up to a
/// comment.
fn token_length(rest: &[char]) -> usize {
    let Some(&first) = rest.first() else { return 1 };
    if first == '"' || first == '\'' {
        let mut escaped = false;
        for (index, &c) in rest.iter().enumerate().skip(1) {
            if escaped {
                escaped = false;
            } else if c == '\\' && first == '"' {
                escaped = true;
            } else if c == first {
                return index + 1;
            }
        }
        return rest.len();
    }
    if matches!(first, '{' | '[' | '}' | ']') {
        return 1;
    }
    let ends = |index: usize, c: char| {
        let next = rest.get(index + 1).copied();
        let blank_next = next.is_none_or(char::is_whitespace);
        (matches!(c, ':' | ',') && blank_next)
            || matches!(c, '}' | ']')
            || (c.is_whitespace() && next == Some('#'))
    };
    let end = (rest.iter().enumerate())
        .find(|&(index, &c)| ends(index, c))
        .map_or(rest.len(), |(index, _)| index);
    let trailing = (rest[..end].iter().rev())
        .take_while(|c| c.is_whitespace())
        .count();
    (end - trailing).max(1)
}

/// Returns the overlay action that sets the value at a pointer, ready to paste. `value` is YAML on one line.
pub fn overlay_set(pointer: &str, value: &str) -> String {
    match pointer.rsplit_once('/') {
        Some((parent, last)) if last.parse::<usize>().is_err() => {
            let key = yaml_text(&crate::load::unescape(last));
            overlay_merge(parent, &format!("{{ {key}: {value} }}"))
        }
        _ => overlay_merge(pointer, value),
    }
}

/// Returns the overlay action that merges a value into the one at a pointer. `value` is YAML on one line.
pub fn overlay_merge(pointer: &str, value: &str) -> String {
    action(pointer, &format!("update: {value}"))
}

/// Returns the overlay action that removes the value at a pointer.
pub fn overlay_remove(pointer: &str) -> String {
    action(pointer, "remove: true")
}

fn action(pointer: &str, verb: &str) -> String {
    let path = json_path(pointer)
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    format!("- target: \"{path}\"\n  description: <the reason>\n  {verb}")
}

/// Keys whose values are lists. A pointer alone does not distinguish an index from a name made of digits, such as a
/// status.
const LISTS: &[&str] = &[
    "allOf",
    "anyOf",
    "enum",
    "oneOf",
    "parameters",
    "required",
    "security",
    "servers",
    "tags",
];

/// Returns a pointer as a JSONPath (RFC 9535).
pub(crate) fn json_path(pointer: &str) -> String {
    let mut path = String::from("$");
    let mut parent = String::new();
    for token in pointer.split('/').skip(1) {
        let token = crate::load::unescape(token);
        if LISTS.contains(&parent.as_str()) && token.parse::<usize>().is_ok() {
            path.push_str(&format!("[{token}]"));
        } else {
            path.push_str(&path_step(&token));
        }
        parent = token.into_owned();
    }
    path
}

/// Returns a name as a step of a JSONPath: `.name`, or `['/pets']`.
pub(crate) fn path_step(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match plain {
        true => format!(".{name}"),
        false => format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}

fn yaml_text(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && text.starts_with(|c: char| c.is_ascii_alphabetic());
    if plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}
