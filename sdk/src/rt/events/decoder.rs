//! Splits the bytes of a stream into its items, as the WHATWG specifies for server-sent events.

use std::time::Duration;

use bytes::{Buf, Bytes};

use super::StreamFormat;

/// The byte order mark in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// Begins each value of a JSON text sequence. It can't be in JSON.
pub(super) const RECORD_SEPARATOR: u8 = 0x1E;

/// An item before its data is read.
#[derive(Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) id: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) retry: Option<Duration>,
    pub(crate) text: String,
}

/// An item that is larger than the limit.
#[derive(Debug)]
pub(crate) struct Large;

/// How deep in a JSON value a byte is.
#[derive(Debug, Default)]
struct Nesting {
    depth: u32,
    in_text: bool,
    is_escaped: bool,
}

impl Nesting {
    /// Returns whether the byte ends a value of a sequence: the line break after it, so that a value need not wait for the
    /// next one, or the start of that one.
    fn ends(&mut self, byte: u8) -> bool {
        match byte {
            RECORD_SEPARATOR => *self = Self::default(),
            _ if std::mem::take(&mut self.is_escaped) => return false,
            b'\\' if self.in_text => self.is_escaped = true,
            b'"' => self.in_text = !self.in_text,
            _ if self.in_text => {}
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b'\n' => return self.depth == 0,
            _ => {}
        }
        byte == RECORD_SEPARATOR
    }
}

/// The state between chunks.
#[derive(Debug)]
pub(crate) struct Decoder {
    format: StreamFormat,
    /// The maximum size of an item in bytes.
    most: u64,
    /// The line so far.
    line: Vec<u8>,
    nesting: Nesting,
    /// The last chunk ended a line with CR: a following LF belongs to it.
    after_cr: bool,
    is_first_line: bool,
    id: Option<String>,
    event: String,
    retry: Option<Duration>,
    /// The lines of the data so far, each with LF.
    data: Vec<u8>,
}

impl Decoder {
    pub(crate) fn new(format: StreamFormat, most: u64) -> Self {
        Self {
            format,
            most,
            line: Vec::new(),
            nesting: Nesting::default(),
            after_cr: false,
            is_first_line: true,
            id: None,
            event: String::new(),
            retry: None,
            data: Vec::new(),
        }
    }

    /// Takes bytes from the chunk until an item is complete. `None`: the chunk is used up.
    pub(crate) fn next(&mut self, chunk: &mut Bytes) -> Result<Option<Frame>, Large> {
        while let Some(first) = chunk.first() {
            if std::mem::take(&mut self.after_cr) && *first == b'\n' {
                chunk.advance(1);
                continue;
            }
            let nesting = &mut self.nesting;
            let end = match self.format {
                StreamFormat::Events => chunk.iter().position(|byte| matches!(byte, b'\n' | b'\r')),
                StreamFormat::Lines => chunk.iter().position(|byte| *byte == b'\n'),
                StreamFormat::Sequence => chunk.iter().position(|byte| nesting.ends(*byte)),
            };
            let part = chunk.split_to(end.unwrap_or(chunk.len()));
            let size = self.line.len() + part.len() + self.data.len() + self.event.len();
            if size as u64 > self.most {
                return Err(Large);
            }
            self.line.extend_from_slice(&part);
            if end.is_none() {
                break;
            }
            self.after_cr = chunk.first() == Some(&b'\r');
            chunk.advance(1);
            if let Some(frame) = self.end_line() {
                return Ok(Some(frame));
            }
        }
        Ok(None)
    }

    /// Returns the item that was not complete when the stream ended.
    pub(crate) fn rest(&mut self) -> Option<Frame> {
        let last = match self.line.is_empty() {
            true => None,
            false => self.end_line(),
        };
        last.or_else(|| self.dispatch())
    }

    /// Reads a line. Returns the item that it completes.
    fn end_line(&mut self) -> Option<Frame> {
        let mut taken = std::mem::take(&mut self.line);
        let mut line = taken.as_slice();
        if std::mem::take(&mut self.is_first_line) {
            line = line.strip_prefix(MARK).unwrap_or(line);
        }
        let frame = match self.format {
            StreamFormat::Lines | StreamFormat::Sequence => self.whole_line(line),
            StreamFormat::Events if line.is_empty() => self.dispatch(),
            StreamFormat::Events => {
                self.field(line);
                None
            }
        };
        // Its memory is used again.
        taken.clear();
        self.line = taken;
        frame
    }

    fn whole_line(&self, line: &[u8]) -> Option<Frame> {
        let line = line.trim_ascii();
        (!line.is_empty()).then(|| Frame {
            id: None,
            event: None,
            retry: None,
            text: String::from_utf8_lossy(line).into_owned(),
        })
    }

    fn field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => {
                let id = String::from_utf8_lossy(value).into_owned();
                self.id = Some(id).filter(|id| !id.is_empty());
            }
            b"retry" if value.iter().all(u8::is_ascii_digit) => {
                let digits = std::str::from_utf8(value).unwrap_or_default();
                if let Ok(milliseconds) = digits.parse() {
                    self.retry = Some(Duration::from_millis(milliseconds));
                }
            }
            // A comment, or a field that clients must ignore.
            _ => {}
        }
    }

    fn dispatch(&mut self) -> Option<Frame> {
        let event = std::mem::take(&mut self.event);
        // The last LF does not belong to the data.
        self.data.pop()?;
        let text = String::from_utf8_lossy(&self.data).into_owned();
        self.data.clear();
        Some(Frame {
            id: self.id.clone(),
            event: Some(event).filter(|event| !event.is_empty()),
            retry: self.retry,
            text,
        })
    }
}

#[cfg(test)]
mod tests;
