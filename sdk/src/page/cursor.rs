//! A cursor: the start of a page of a list.

use std::fmt;
use std::str::FromStr;

/// A cursor: the start of a page of a list.
///
/// `Display` writes it as text, which can be saved and parsed again. It contains values of Dintero, mostly an id, so
/// `Debug` does not show it.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let saved = "payments.list_transactions?starting_after=T12345678.aaaa";
/// let cursor: dintero::Cursor = saved.parse()?;
/// assert_eq!(cursor.to_string(), saved);
/// assert_eq!(cursor.operation(), "payments.list_transactions");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    operation: String,
    /// Parameter names and their values.
    parts: Vec<(String, String)>,
}

impl Cursor {
    pub(super) fn new(operation: &str, parts: Vec<(String, String)>) -> Self {
        Self {
            operation: operation.to_owned(),
            parts,
        }
    }

    /// The name of the list operation.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    pub(super) fn part(&self, name: &str) -> Option<&str> {
        let part = self.parts.iter().find(|(part, _)| part == name);
        part.map(|(_, value)| &**value)
    }
}

/// Writes the name of the operation, a question mark, and the parameters as a form.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.parts);
        write!(f, "{}?{}", self.operation, form.finish())
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (operation, form) = text.split_once('?').ok_or(InvalidCursor(()))?;
        let parts: Vec<_> = form_urlencoded::parse(form.as_bytes())
            .into_owned()
            .collect();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let is_complete = |(name, value): &(String, String)| !name.is_empty() && !value.is_empty();
        let fits = !operation.is_empty()
            && operation.chars().all(is_name)
            && !parts.is_empty()
            && parts.iter().all(is_complete);
        let cursor = Self {
            operation: operation.to_owned(),
            parts,
        };
        // Reads the text of `Display`, unchanged.
        if fits && cursor.to_string() == text {
            Ok(cursor)
        } else {
            Err(InvalidCursor(()))
        }
    }
}

/// Hides the values, because they may be ids.
impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// The error for a text that [`Cursor`] did not write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidCursor(());

impl fmt::Display for InvalidCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a saved cursor: expected the text that `Cursor` wrote, unchanged")
    }
}

impl std::error::Error for InvalidCursor {}
