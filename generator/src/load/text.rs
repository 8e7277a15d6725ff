//! The texts that a document was read from, for quoting lines.

use std::sync::Arc;

use super::{Place, Source};
use crate::diagnostic::{Diagnostic, Severity};

/// All texts of one load: the document first, then the overlays.
#[derive(Clone, Debug)]
pub(super) struct Texts(Vec<Text>);

#[derive(Clone, Debug)]
struct Text {
    name: Arc<str>,
    text: Arc<str>,
    /// Byte offset of the start of each line.
    lines: Vec<usize>,
    /// How many characters start before each block of bytes: a document may be one line with thousands of findings, so
    /// that counting from its start takes too long.
    blocks: Vec<usize>,
}

/// Bytes of a block.
const BLOCK: usize = 4096;

impl Texts {
    pub(super) fn new<'s>(sources: impl IntoIterator<Item = &'s Source>) -> Self {
        Self(sources.into_iter().map(Text::new).collect())
    }

    /// Returns the name of a text by its position, as places hold it.
    pub(super) fn name(&self, index: usize) -> Arc<str> {
        self.0
            .get(index)
            .map_or_else(|| Arc::from(""), |t| Arc::clone(&t.name))
    }

    /// Returns whether there is a text of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|text| *text.name == *name)
    }

    /// Returns the rest of a line from a place on.
    pub(super) fn rest(&self, place: &Place) -> &str {
        let rest = self.of(place).and_then(|text| {
            let (start, end) = text.line(place)?;
            text.text.get(text.after(start, place.column).min(end)..end)
        });
        rest.unwrap_or("")
    }

    /// Returns the text around a place in its line, and the number of characters before that text.
    fn around(&self, place: &Place) -> (u32, &str) {
        let text = self.of(place).and_then(|text| text.around(place));
        text.unwrap_or((0, ""))
    }

    fn of(&self, place: &Place) -> Option<&Text> {
        // By identity first: two texts may have the same name.
        (self.0.iter())
            .find(|t| Arc::ptr_eq(&t.name, &place.file))
            .or_else(|| self.0.iter().find(|t| t.name == place.file))
    }

    pub(super) fn error(
        &self,
        place: &Place,
        pointer: impl Into<String>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let (source_skipped, source_line) = self.around(place);
        Diagnostic {
            severity: Severity::Error,
            what: what.into(),
            source_line: source_line.to_owned(),
            source_skipped,
            place: place.clone(),
            pointer: pointer.into(),
            also: None,
            help: help.into(),
            mend: None,
        }
    }
}

/// Characters of a line that a finding keeps, before and after its place: a document may be one line, and have
/// thousands of findings.
const AROUND: u32 = 240;

impl Text {
    fn new(source: &Source) -> Self {
        let breaks = source.text.bytes().enumerate();
        let lines = std::iter::once(0)
            .chain(
                breaks
                    .filter(|&(_, byte)| byte == b'\n')
                    .map(|(index, _)| index + 1),
            )
            .collect();
        Self {
            name: Arc::from(source.name.as_str()),
            text: Arc::from(source.text.as_str()),
            lines,
            blocks: source
                .text
                .as_bytes()
                .chunks(BLOCK)
                .scan(0, |before, block| {
                    let start = *before;
                    *before += characters(block);
                    Some(start)
                })
                .collect(),
        }
    }

    /// Returns where the line of a place starts and ends.
    fn line(&self, place: &Place) -> Option<(usize, usize)> {
        let number = (place.line as usize).saturating_sub(1);
        let start = *self.lines.get(number)?;
        let end = self.lines.get(number + 1).copied();
        let line = self.text.get(start..end.unwrap_or(self.text.len()))?;
        Some((start, start + line.trim_end_matches(['\n', '\r']).len()))
    }

    /// Returns where a column, counted from 1, of the line that starts at a byte is.
    fn after(&self, line: usize, column: u32) -> usize {
        self.byte(self.characters_before(line) + (column as usize).saturating_sub(1))
    }

    fn around(&self, place: &Place) -> Option<(u32, &str)> {
        let (start, end) = self.line(place)?;
        if end - start <= 2 * AROUND as usize {
            return Some((0, self.text.get(start..end)?));
        }
        let skipped = place.column.saturating_sub(1).saturating_sub(AROUND);
        let last = skipped.saturating_add(2 * AROUND + 1);
        let [from, to] = [skipped + 1, last].map(|column| self.after(start, column).min(end));
        Some((skipped, self.text.get(from..to)?))
    }

    fn characters_before(&self, byte: usize) -> usize {
        let block = byte / BLOCK;
        let before = self.blocks.get(block).copied().unwrap_or_default();
        let bytes = self.text.as_bytes().get(block * BLOCK..byte);
        before + characters(bytes.unwrap_or_default())
    }

    /// Returns where the character after as many others starts.
    fn byte(&self, characters_before: usize) -> usize {
        let block = self
            .blocks
            .partition_point(|&before| before <= characters_before)
            .saturating_sub(1);
        let start = block * BLOCK;
        let mut left = characters_before - self.blocks.get(block).copied().unwrap_or_default();
        let bytes = self.text.as_bytes().get(start..).unwrap_or_default();
        let at = bytes.iter().position(|&byte| {
            let is_it = starts(byte) && left == 0;
            left = left.saturating_sub(usize::from(starts(byte)));
            is_it
        });
        at.map_or(self.text.len(), |at| start + at)
    }
}

/// Returns whether a byte of UTF-8 is the first one of a character.
fn starts(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| starts(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_a_place_is_counted_in_characters() {
        // Characters of one to four bytes, so that blocks begin inside of some.
        let line = "aå漢🦀".repeat(5000);
        let source = Source {
            name: "long.json".to_owned(),
            text: format!("first\n{line}\nlast"),
        };
        let texts = Texts::new([&source]);
        let place = |line: u32, column: u32| Place {
            file: texts.name(0),
            line,
            column,
        };
        let around = |line: u32, column: u32| texts.around(&place(line, column));
        for column in [1, 2, 240, 241, 242, 5000, 12_345, 19_999, 20_000, 20_001] {
            let (skipped, text) = around(2, column);
            let expected = (column as usize - 1).saturating_sub(AROUND as usize);
            assert_eq!(skipped as usize, expected, "{column}");
            let expected: String = line
                .chars()
                .skip(expected)
                .take(2 * AROUND as usize)
                .collect();
            assert_eq!(text, expected, "{column}");
            let rest: String = line.chars().skip(column as usize - 1).collect();
            assert_eq!(texts.rest(&place(2, column)), rest, "{column}");
        }
        assert_eq!(around(1, 3), (0, "first"));
        assert_eq!(around(3, 1), (0, "last"));
        assert_eq!(around(9, 1), (0, ""));
    }
}
