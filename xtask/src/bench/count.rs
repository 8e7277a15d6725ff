//! Counts the parts of generated Rust files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syn::{Fields, Item, Type};

/// Counts over all Rust files of a crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Lines of code by what their file is about.
    pub(crate) code: BTreeMap<Kind, usize>,
    /// Lines that are a comment.
    pub(crate) comments: usize,
    /// Empty lines.
    pub(crate) blank: usize,
    /// Enums that stand for a set of strings.
    pub(crate) enums: usize,
    /// Those of them that can hold a string they don't know.
    pub(crate) open_enums: usize,
    /// Macro calls that go over more than one line; prettyplease can't format them.
    pub(crate) multi_line_macros: usize,
}

/// The kind of a generated file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Any other file.
    Types,
    /// String enums.
    Enums,
    /// Builders.
    Builders,
    /// Operations, their builders included.
    Operations,
}

impl Counts {
    /// Lines that are neither a comment nor empty.
    pub(crate) fn code(&self) -> usize {
        self.code.values().sum()
    }
}

/// Counts what is in a folder and below.
pub(crate) fn count(folder: &Path) -> Result<Counts, String> {
    let mut counts = Counts::default();
    visit(folder, &mut counts)?;
    Ok(counts)
}

fn visit(path: &Path, counts: &mut Counts) -> Result<(), String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(|error| wrong(&error))? {
            visit(&entry.map_err(|error| wrong(&error))?.path(), counts)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        count_file(&stem, &text, counts).map_err(|error| wrong(&error))?;
    }
    Ok(())
}

fn count_file(stem: &str, text: &str, counts: &mut Counts) -> Result<(), syn::Error> {
    string_enums(&syn::parse_file(text)?.items, &mut |open| {
        counts.enums += 1;
        counts.open_enums += usize::from(open);
    });
    let kind = match stem {
        "enums" => Kind::Enums,
        "builders" | "required" => Kind::Builders,
        _ if text
            .lines()
            .any(|line| line.starts_with("impl ") && line.contains("Operation for ")) =>
        {
            Kind::Operations
        }
        _ => Kind::Types,
    };
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            counts.blank += 1;
        } else if ["//", "/*", "* ", "*/"]
            .iter()
            .any(|start| line.starts_with(start))
            || line == "*"
        {
            counts.comments += 1;
        } else {
            *counts.code.entry(kind).or_default() += 1;
            counts.multi_line_macros += usize::from(opens_macro(line));
        }
    }
    Ok(())
}

/// Calls back for each enum whose variants are plain but for one, at most, that carries an unknown string.
fn string_enums(items: &[Item], found: &mut impl FnMut(bool)) {
    for item in items {
        match item {
            Item::Enum(item) => {
                let mut carrying = item
                    .variants
                    .iter()
                    .filter(|variant| !matches!(variant.fields, Fields::Unit));
                let plain = item.variants.len() - carrying.clone().count();
                match (carrying.next(), carrying.next()) {
                    (None, _) if plain > 0 => found(false),
                    (Some(variant), None) if plain > 0 && is_text(&variant.fields) => found(true),
                    _ => {}
                }
            }
            Item::Mod(item) => {
                if let Some((_, items)) = &item.content {
                    string_enums(items, found);
                }
            }
            _ => {}
        }
    }
}

/// Whether a variant carries one text.
fn is_text(fields: &Fields) -> bool {
    let mut fields = fields.iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return false;
    };
    let Type::Path(path) = &field.ty else {
        return false;
    };
    let last = path
        .path
        .segments
        .last()
        .map(|segment| segment.ident.to_string());
    matches!(last.as_deref(), Some("String" | "Cow" | "Unrecognized"))
}

/// Whether a line calls a macro and does not end the call.
fn opens_macro(line: &str) -> bool {
    let line = without_strings(line);
    let bytes = line.as_bytes();
    line.match_indices('!').any(|(at, _)| {
        let named = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let rest = line[at + 1..].trim_start();
        if !named || !rest.starts_with(['(', '[', '{']) {
            return false;
        }
        let mut depth = 0i32;
        for c in rest.chars() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return false;
            }
        }
        true
    })
}

/// The line with every string literal emptied.
fn without_strings(line: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                inside = !inside;
                out.push(c);
            }
            '\\' if inside => drop(chars.next()),
            _ if inside => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enums_of_strings_are_told_from_others() {
        let text = "\
//! Docs.

pub enum Color {
    Red,
    /// Any other.
    Unrecognized(rt::Unrecognized<Color>),
}
pub enum Closed {
    A,
}
pub enum Union {
    Card(Card),
    Bank(Bank),
}
pub enum Marker {}
";
        let mut counts = Counts::default();
        count_file("enums", text, &mut counts).unwrap();
        assert_eq!((counts.enums, counts.open_enums), (2, 1));
        assert_eq!((counts.comments, counts.blank), (2, 1));
        assert_eq!(counts.code, BTreeMap::from([(Kind::Enums, 12)]));
    }

    #[test]
    fn operations_are_known_by_their_file() {
        let mut counts = Counts::default();
        count_file(
            "pets",
            "pub struct Get;\nimpl rt::Operation for Get {}\n",
            &mut counts,
        )
        .unwrap();
        count_file("types", "pub struct Pet;\n", &mut counts).unwrap();
        assert_eq!(
            counts.code,
            BTreeMap::from([(Kind::Types, 1), (Kind::Operations, 2)])
        );
        assert_eq!(counts.code(), 3);
    }

    #[test]
    fn a_macro_call_that_goes_on_is_noticed() {
        for open in ["rt::write!(", "let x = vec![", "map! { a,", "foo!(\")\", "] {
            assert!(opens_macro(open), "{open}");
        }
        for closed in [
            "a != (b",
            "vec![1]",
            "panic!(\"(\")",
            "if !(a",
            "macro_rules",
        ] {
            assert!(!opens_macro(closed), "{closed}");
        }
    }
}
