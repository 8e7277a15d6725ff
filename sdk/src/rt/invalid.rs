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
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.is_empty() && name.chars().all(is_plain) {
            self.within(name)
        } else {
            self.within(&format!(
                "['{}']",
                name.replace('\\', "\\\\").replace('\'', "\\'")
            ))
        }
    }

    /// The same fault seen from the list that holds the value.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    /// The same fault seen from an object whose members are called as the server likes: the name is not told.
    #[must_use]
    pub(super) fn in_map(self) -> Self {
        self.within("*")
    }

    /// The place as a JSON path: `$.items[3].amount`.
    pub(crate) fn json_path(&self) -> String {
        let path = &self.0.path;
        let dot = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        format!("${dot}{path}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_paths() {
        let path = |invalid: Invalid| invalid.json_path();
        assert_eq!(path(Invalid::new("x")), "$");
        assert_eq!(path(Invalid::new("x").at(3)), "$[3]");
        let amount = Invalid::new("x").under("amount").at(3).under("items");
        assert_eq!(path(amount), "$.items[3].amount");
        let odd = Invalid::new("x").under("session:id").in_map().under("it's");
        assert_eq!(path(odd), r"$['it\'s'].*['session:id']");
    }
}
