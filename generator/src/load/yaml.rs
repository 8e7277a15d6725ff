//! Reads YAML 1.2 with places. Scalars are resolved by the core schema, as serde_yaml does: `no`, `on` and dates are
//! text, quoted scalars always are.

use std::{borrow::Cow, sync::Arc};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::{
    Node, Place, Value,
    build::{Builder, Stop},
    text::Texts,
};
use crate::diagnostic::Diagnostic;

/// Reads the one document of a YAML text. Returns `None` if the text is empty. Tolerated mistakes are listed.
///
/// Braces and brackets that close at or before the column of their parent are against the grammar; other readers accept
/// them, and documents have them.
pub(super) fn read(
    texts: &Texts,
    name: &Arc<str>,
    text: &str,
    notes: &mut Vec<Diagnostic>,
) -> Result<Option<Node>, Vec<Diagnostic>> {
    let mut text = Cow::Borrowed(text);
    loop {
        let mut tags = Vec::new();
        let outcome = read_strictly(texts, name, &text, &mut tags);
        let Err(found) = &outcome else {
            notes.append(&mut tags);
            return outcome;
        };
        let closes = |found: &&Diagnostic| {
            found.what.ends_with("invalid indentation")
                && found.source_line.trim_start().starts_with(['}', ']'])
        };
        let Some(found) = found.iter().find(closes) else {
            return outcome;
        };
        let line = found.place.line as usize;
        let start = (text.split_inclusive('\n').take(line - 1))
            .map(str::len)
            .sum();
        let mut again = found.clone();
        again.what =
            "a bracket closes to the left of what holds it; it is read as if it were indented"
                .to_owned();
        again.help = "indent it further than the key that its list or object belongs to".to_owned();
        let same = |known: &Diagnostic| {
            known.place.line == again.place.line && known.place.file == again.place.file
        };
        if notes.iter().any(same) {
            return outcome;
        }
        notes.push(again.into_warning());
        // Longer than any readable key.
        text.to_mut().insert_str(start, &" ".repeat(INDENTATION));
    }
}

/// Columns that a bracket is moved by.
const INDENTATION: usize = 256;

fn read_strictly(
    texts: &Texts,
    name: &Arc<str>,
    text: &str,
    tags: &mut Vec<Diagnostic>,
) -> Result<Option<Node>, Vec<Diagnostic>> {
    let mut reader = Reader {
        builder: Builder::new(texts),
        name,
        documents: 0,
        tags,
    };
    let mut parser = Parser::new_from_str(text);
    loop {
        let step = match parser.next_event() {
            None => break,
            Some(Ok((Event::StreamEnd, _))) => break,
            Some(Ok((event, span))) => reader.event(event, span.start),
            Some(Err(error)) => {
                let place = reader.place(*error.marker());
                let what = format!("this is not YAML: {}", error.info());
                Err(reader
                    .builder
                    .stop(&place, what, "check quotes and indentation around here"))
            }
        };
        if step.is_err() {
            break;
        }
    }
    reader.builder.finish()
}

struct Reader<'t> {
    builder: Builder<'t>,
    name: &'t Arc<str>,
    documents: usize,
    /// Warnings about tags that mean nothing.
    tags: &'t mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn place(&self, mark: Marker) -> Place {
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Place {
            file: Arc::clone(self.name),
            line: number(mark.line().max(1)),
            column: number(mark.col() + 1),
        }
    }

    fn event(&mut self, event: Event<'_>, mark: Marker) -> Result<(), Stop> {
        let place = self.place(mark);
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.builder.stop(
                        &place,
                        "a second YAML document starts here",
                        "a file holds one document: remove `---` and what follows, or split the file",
                    ));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.builder.wants_key() {
                    return self.key(text, style, tag.as_deref(), place);
                }
                let value = self.resolve(&text, style, tag.as_deref(), &place);
                self.builder.scalar(value, place, anchor);
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                self.collection_tag(tag.as_deref(), "seq", &place);
                self.builder.open_array(place, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                self.collection_tag(tag.as_deref(), "map", &place);
                self.builder.open_object(place, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.builder.close();
                Ok(())
            }
            Event::Alias(anchor) => self.builder.alias(anchor, &place),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn key(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        place: Place,
    ) -> Result<(), Stop> {
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema()) {
            return Err(self
                .builder
                .stop(&place, "a key has a tag", "remove the tag"));
        }
        if style == ScalarStyle::Plain {
            if text == "<<" {
                self.builder.merge_key();
                return Ok(());
            }
            if text.is_empty() || text == "~" {
                return Err(self.builder.stop(
                    &place,
                    "a value without a key",
                    "write the key before the colon; quote it if it is an empty text",
                ));
            }
        }
        self.builder.key(text.into_owned(), place);
        Ok(())
    }

    fn collection_tag(&mut self, tag: Option<&Tag>, expected: &str, place: &Place) {
        let known = |tag: &Tag| tag.is_yaml_core_schema() && tag.suffix == expected;
        if let Some(tag) = tag.filter(|tag| !known(tag)) {
            self.unknown_tag(tag, place);
        }
    }

    fn unknown_tag(&mut self, tag: &Tag, place: &Place) {
        let what = format!(
            "the YAML tag `{}{}` means nothing here; the value is read without it",
            tag.handle, tag.suffix
        );
        let found = self.builder.found_at(place, what, "remove the tag");
        self.tags.push(found.into_warning());
    }

    fn resolve(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        place: &Place,
    ) -> Value {
        let as_text = || Value::String(text.to_owned());
        let untagged = || match style {
            ScalarStyle::Plain => plain(text),
            _ => Some(as_text()),
        };
        let value = match tag {
            None => untagged(),
            // The tag `!`: as written.
            Some(tag) if format!("{}{}", tag.handle, tag.suffix) == "!" => Some(as_text()),
            Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
                "str" => Some(as_text()),
                "null" | "bool" | "int" | "float" => {
                    let value = plain(text);
                    let fits = match (&value, tag.suffix.as_str()) {
                        (Some(Value::Null), "null") | (Some(Value::Bool(_)), "bool") => true,
                        (Some(Value::Number(n)), "int") => !n.is_f64(),
                        (Some(Value::Number(_)), "float") => true,
                        _ => false,
                    };
                    if !fits {
                        let what = format!("`{text}` is not what its tag `!!{}` says", tag.suffix);
                        self.builder
                            .error(place, what, "correct the value or remove the tag");
                        return Value::Null;
                    }
                    value
                }
                _ => {
                    self.unknown_tag(tag, place);
                    untagged()
                }
            },
            Some(tag) => {
                self.unknown_tag(tag, place);
                untagged()
            }
        };
        value.unwrap_or_else(|| {
            let what = format!("`{text}` is a number that JSON does not have");
            self.builder.error(
                place,
                what,
                "write a finite number, or quote it if it is text",
            );
            Value::Null
        })
    }
}

/// A plain scalar by the core schema; `None` for infinities and "not a number".
pub(super) fn plain(text: &str) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) => {
            return number(text);
        }
        _ => Value::String(text.to_owned()),
    })
}

fn number(text: &str) -> Option<Value> {
    let as_text = || Some(Value::String(text.to_owned()));
    let (negative, digits) = match text.as_bytes()[0] {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return None;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let clean = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            let Some(value) = u64::from_str_radix(digits, radix).ok().filter(|_| clean) else {
                return as_text();
            };
            return whole(negative, value).map_or_else(as_text, |n| Some(Value::Number(n)));
        }
    }
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        // A leading zero marks an account or phone number, not a quantity.
        if digits.len() > 1 && digits.starts_with('0') {
            return as_text();
        }
        if let Some(number) = digits.parse().ok().and_then(|value| whole(negative, value)) {
            return Some(Value::Number(number));
        }
    } else if !is_float(digits) {
        return as_text();
    }
    let value: f64 = text.parse().ok()?;
    serde_json::Number::from_f64(value).map(Value::Number)
}

fn whole(negative: bool, value: u64) -> Option<serde_json::Number> {
    if !negative {
        return Some(value.into());
    }
    Some(0_i64.checked_sub_unsigned(value)?.into())
}

/// `1.5`, `.5`, `1.`, `1e5`: digits with at most one dot, then possibly an exponent.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0 && exponent_fits
}
