//! Errors of reading values.

use std::fmt;

/// An invalid value and its place in the document.
///
/// It never contains text of the document, which may be personal data.
#[derive(Debug)]
pub struct Invalid(Box<Inner>);

#[derive(Debug)]
struct Inner {
    path: String,
    what: String,
}

impl Invalid {
    /// Returns an error of the value itself.
    pub fn new(what: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            path: String::new(),
            what: what.into(),
        }))
    }

    /// Returns the error with the member that contains the value.
    #[must_use]
    pub fn under(mut self, name: &str) -> Self {
        let inner = std::mem::take(&mut self.0.path);
        Self::step(&mut self.0.path, name);
        self.append(&inner);
        self
    }

    /// Returns the error with the index of the list item.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        let inner = std::mem::replace(&mut self.0.path, format!("[{index}]"));
        self.append(&inner);
        self
    }

    fn append(&mut self, inner: &str) {
        if !inner.is_empty() && !inner.starts_with('[') {
            self.0.path.push('.');
        }
        self.0.path.push_str(inner);
    }

    /// Adds a step to a path: the name of a member.
    pub(super) fn step(path: &mut String, name: &str) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name == "*" || (!name.is_empty() && name.chars().all(is_plain)) {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name);
        } else {
            let name = name.replace('\\', "\\\\").replace('\'', "\\'");
            path.push_str(&format!("['{name}']"));
        }
    }

    /// Returns the reason without the place.
    pub(crate) fn reason(&self) -> &str {
        &self.0.what
    }

    /// Returns path and reason.
    pub(super) fn into_parts(self) -> (String, String) {
        (self.0.path, self.0.what)
    }

    pub(super) fn of_parts(path: String, what: String) -> Self {
        Self(Box::new(Inner { path, what }))
    }

    /// Returns the place as a JSON path: `$.items[3].amount`.
    pub(crate) fn json_path(&self) -> String {
        let path = &self.0.path;
        let dot = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        format!("${dot}{path}")
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
        let odd = Invalid::new("x")
            .under("session:id")
            .under("*")
            .under("it's");
        assert_eq!(path(odd), r"$['it\'s'].*['session:id']");
    }
}
