//! Reads JSON (RFC 8259) with places. YAML readers take most JSON, but not surrogate pairs or every use of tabs.

use std::sync::Arc;

use super::{
    Node, Place, Value,
    build::{Builder, Stop},
    text::Texts,
};
use crate::diagnostic::Diagnostic;

/// Returns whether a text is JSON rather than YAML in block style, by its start.
pub(super) fn looks_like(text: &str) -> bool {
    text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
        .starts_with(['{', '['])
}

/// Reads a JSON text.
pub(super) fn read(
    texts: &Texts,
    name: &Arc<str>,
    text: &str,
) -> Result<Option<Node>, Vec<Diagnostic>> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader {
        builder: Builder::new(texts),
        name,
        text,
        at: start,
        line: 1,
        counted: start,
        column: 1,
    };
    // An error is in the builder.
    let _ = reader.document();
    reader.builder.finish()
}

struct Reader<'t> {
    builder: Builder<'t>,
    name: &'t Arc<str>,
    text: &'t str,
    at: usize,
    line: u32,
    /// Up to where columns of the current line have been counted, and the column there.
    counted: usize,
    column: u32,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Stop> {
        let mut open: Vec<u8> = Vec::new();
        self.blank();
        loop {
            // A value is expected here.
            let place = self.place();
            match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    self.builder.open_object(place, 0)?;
                    self.blank();
                    if self.peek() == Some(b'}') {
                        self.at += 1;
                        self.builder.close();
                    } else {
                        open.push(b'}');
                        self.key()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    self.builder.open_array(place, 0)?;
                    self.blank();
                    if self.peek() == Some(b']') {
                        self.at += 1;
                        self.builder.close();
                    } else {
                        open.push(b']');
                        continue;
                    }
                }
                _ => {
                    let value = self.scalar()?;
                    self.builder.scalar(value, place, 0);
                }
            }
            // A value has ended.
            loop {
                self.blank();
                let Some(&closing) = open.last() else {
                    return match self.peek() {
                        None => Ok(()),
                        Some(_) => Err(self.wrong("something follows the end of the document")),
                    };
                };
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        self.blank();
                        if closing == b'}' {
                            self.key()?;
                        }
                        break;
                    }
                    Some(byte) if byte == closing => {
                        self.at += 1;
                        open.pop();
                        self.builder.close();
                    }
                    Some(_) => {
                        return Err(self.wrong(&format!(
                            "`,` or `{}` is missing before this",
                            char::from(closing)
                        )));
                    }
                    None => {
                        return Err(self.wrong(&format!(
                            "the text ends before the `{}` that is missing",
                            char::from(closing)
                        )));
                    }
                }
            }
        }
    }

    fn key(&mut self) -> Result<(), Stop> {
        let place = self.place();
        if self.peek() != Some(b'"') {
            return Err(self.wrong("a key in double quotes is missing here"));
        }
        let name = self.string()?;
        self.builder.key(name, place);
        self.blank();
        if self.peek() != Some(b':') {
            return Err(self.wrong("a `:` is missing after the key"));
        }
        self.at += 1;
        self.blank();
        Ok(())
    }

    fn scalar(&mut self) -> Result<Value, Stop> {
        match self.peek() {
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let rest = &self.text[self.at..];
                for (word, value) in [
                    ("null", Value::Null),
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                ] {
                    if rest.starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.wrong("a value is missing here"))
            }
        }
    }

    fn number(&mut self) -> Result<Value, Stop> {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        while let Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E') = bytes.get(end) {
            end += 1;
        }
        match serde_json::from_str::<serde_json::Number>(&self.text[self.at..end]) {
            Ok(number) => {
                self.at = end;
                Ok(Value::Number(number))
            }
            Err(_) => Err(self.wrong("this is not a valid JSON number")),
        }
    }

    fn string(&mut self) -> Result<String, Stop> {
        let bytes = self.text.as_bytes();
        let mut end = self.at + 1;
        let mut escaped = false;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    // The next byte, whichever it is, does not end the string.
                    end += 2;
                }
                Some(b'\n') | None => {
                    return Err(self.wrong("this text has no closing quote on its line"));
                }
                Some(_) => end += 1,
            }
        }
        let Some(raw) = self.text.get(self.at..=end) else {
            return Err(self.wrong("this text has no closing quote"));
        };
        let text = if escaped {
            match serde_json::from_str(raw) {
                Ok(text) => text,
                Err(_) => {
                    return Err(self.wrong("this text has an invalid escape"));
                }
            }
        } else {
            raw[1..raw.len() - 1].to_owned()
        };
        self.at = end + 1;
        Ok(text)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\r' | b'\n')) = self.peek() {
            self.at += 1;
            if byte == b'\n' {
                self.line = self.line.saturating_add(1);
                self.counted = self.at;
                self.column = 1;
            }
        }
    }

    fn place(&mut self) -> Place {
        let passed = self.text.get(self.counted..self.at).unwrap_or("");
        let passed = u32::try_from(passed.chars().count()).unwrap_or(u32::MAX);
        self.column = self.column.saturating_add(passed);
        self.counted = self.at;
        Place {
            file: Arc::clone(self.name),
            line: self.line,
            column: self.column,
        }
    }

    fn wrong(&mut self, what: &str) -> Stop {
        let place = self.place();
        self.builder
            .stop(&place, format!("this is not JSON: {what}"), "")
    }
}
