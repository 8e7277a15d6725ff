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
}

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

    pub(super) fn line(&self, place: &Place) -> &str {
        // By identity first: two texts may have the same name.
        let text = (self.0.iter())
            .find(|t| Arc::ptr_eq(&t.name, &place.file))
            .or_else(|| self.0.iter().find(|t| t.name == place.file));
        let Some(text) = text else { return "" };
        let number = (place.line as usize).saturating_sub(1);
        let Some(&start) = text.lines.get(number) else {
            return "";
        };
        let end = text.lines.get(number + 1).copied();
        let line = text
            .text
            .get(start..end.unwrap_or(text.text.len()))
            .unwrap_or("");
        line.trim_end_matches(['\n', '\r'])
    }

    pub(super) fn error(
        &self,
        place: &Place,
        pointer: impl Into<String>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let (source_skipped, source_line) = around(self.line(place), place.column);
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
const AROUND: usize = 240;

/// Returns the text around a column, and the number of characters before that text.
fn around(line: &str, column: u32) -> (u32, &str) {
    if line.len() <= 2 * AROUND {
        return (0, line);
    }
    let at = (column as usize).saturating_sub(1);
    let skipped = at.saturating_sub(AROUND);
    // Long lines are mostly ASCII, where characters need no counting.
    let byte = |from: &str, count: usize| match from.is_ascii() {
        true => count.min(from.len()),
        false => (from.char_indices().nth(count)).map_or(from.len(), |(byte, _)| byte),
    };
    let rest = line.get(byte(line, skipped)..).unwrap_or_default();
    let kept = rest.get(..byte(rest, 2 * AROUND)).unwrap_or(rest);
    (u32::try_from(skipped).unwrap_or(u32::MAX), kept)
}

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
        }
    }
}
