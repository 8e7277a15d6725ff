//! What the generated code says less precisely than the document, and where.

use std::fmt;

use crate::diagnostic::Diagnostic;

/// What is found while lowering.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    /// Pointer and what is not carried.
    pub(crate) constraints: Vec<(String, String)>,
}

impl Findings {
    pub(crate) fn constraint(&mut self, at: &str, what: &str) {
        let entry = (at.to_owned(), what.to_owned());
        if !self.constraints.contains(&entry) {
            self.constraints.push(entry);
        }
    }
}

/// An entry of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `file:line:column`.
    pub place: String,
    /// JSON pointer.
    pub pointer: String,
    /// What it is about.
    pub what: String,
}

/// Everything that the generated code says less precisely than the document.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Values without a type: any JSON, or an object of any shape. One entry for each such value in the output.
    pub untyped: Vec<Entry>,
    /// Constraints that the types don't hold: documented, and left to the server.
    pub constraints: Vec<Entry>,
    /// What the typed form of the document has no room for.
    pub unread: Vec<Diagnostic>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "values without a type: {}", self.untyped.len())?;
        for entry in &self.untyped {
            writeln!(f, "  {entry}")?;
        }
        writeln!(
            f,
            "constraints that are documented and not enforced: {}",
            self.constraints.len()
        )?;
        for entry in &self.constraints {
            writeln!(f, "  {entry}")?;
        }
        writeln!(f, "keys that are not understood: {}", self.unread.len())?;
        for diagnostic in &self.unread {
            writeln!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{} {}", self.place, self.pointer, self.what)
    }
}
