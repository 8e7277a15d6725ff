//! Why a value could not be read.

use std::fmt;

/// What is wrong with a value, and where in the document it stands.
///
/// Never holds text of the document: that may be personal data.
#[derive(Debug)]
pub struct Invalid(Box<Inner>);

#[derive(Debug)]
struct Inner {
    path: String,
    what: String,
}

impl Invalid {
    /// A fault of the value itself.
    pub fn new(what: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            path: String::new(),
            what: what.into(),
        }))
    }

    /// The same fault seen from the object that holds the value.
    #[must_use]
    pub fn under(self, name: &str) -> Self {
        self.within(name)
    }

    /// The same fault seen from the list that holds the value.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    fn within(mut self, step: &str) -> Self {
        let dot = if self.0.path.is_empty() || self.0.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.0.path = format!("{step}{dot}{}", self.0.path);
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { path, what } = &*self.0;
        if path.is_empty() {
            f.write_str(what)
        } else {
            write!(f, "`{path}`: {what}")
        }
    }
}

impl std::error::Error for Invalid {}
