//! Effects of a change of documents on users of the generated code.

mod compare;
mod words;

use crate::surface::{Spot, Surface};

/// Class of a change, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Programs no longer compile.
    Breaking,
    /// Programs compile but behave differently.
    Behaviour,
    /// Programs can use more, or the compiler emits more warnings.
    Additive,
    /// A new name, which can't change after its release.
    NewName,
    /// Documentation.
    Docs,
}

impl Class {
    /// All classes, the worst first.
    pub const ALL: [Self; 5] = [
        Self::Breaking,
        Self::Behaviour,
        Self::Additive,
        Self::NewName,
        Self::Docs,
    ];

    /// As text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "BREAKING",
            Self::Behaviour => "BEHAVIOUR",
            Self::Additive => "ADDITIVE",
            Self::NewName => "NEW NAME",
            Self::Docs => "DOCS",
        }
    }
}

/// A change of the public surface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its class.
    pub class: Class,
    /// The Rust path: `payments::Transaction.status`.
    pub path: String,
    /// Other paths that change with it.
    pub also: Vec<String>,
    /// Description of the change: `` `String` -> `Currency` ``.
    pub change: String,
    /// The steps that a user must take; empty for none.
    pub advice: String,
    /// The overlay action that avoids the change, if there is one.
    pub overlay: Option<String>,
    /// Place in the old document.
    pub old: Option<Spot>,
    /// Place in the new document.
    pub new: Option<Spot>,
}

/// Returns the changes from `old` to `new` that affect users, the worst first.
#[must_use]
pub fn diff(old: &Surface, new: &Surface) -> Vec<Finding> {
    compare::compare(old, new)
}

/// Returns the version after `current` that a change requires, by the rules of cargo: below 1.0.0, a breaking change
/// raises the minor version and every other change the patch version.
#[must_use]
pub fn implied_version(current: (u64, u64, u64), findings: &[Finding]) -> (u64, u64, u64) {
    let (major, minor, patch) = current;
    let worst = findings.iter().map(|finding| finding.class).min();
    match worst {
        None => current,
        Some(Class::Breaking) if major > 0 => (major + 1, 0, 0),
        Some(Class::Breaking) if minor > 0 => (0, minor + 1, 0),
        Some(Class::Behaviour | Class::Additive | Class::NewName) if major > 0 => {
            (major, minor + 1, 0)
        }
        Some(_) => (major, minor, patch + 1),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn of(class: Class) -> Finding {
        Finding {
            class,
            path: String::new(),
            also: Vec::new(),
            change: String::new(),
            advice: String::new(),
            overlay: None,
            old: None,
            new: None,
        }
    }

    #[test]
    fn versions_follow_cargo() {
        let version = |current, classes: &[Class]| {
            let findings: Vec<Finding> = classes.iter().map(|class| of(*class)).collect();
            implied_version(current, &findings)
        };
        let (breaking, behaviour) = (Class::Breaking, Class::Behaviour);
        assert_eq!(version((0, 1, 4), &[]), (0, 1, 4));
        assert_eq!(version((0, 1, 4), &[Class::Docs, breaking]), (0, 2, 0));
        assert_eq!(version((0, 0, 4), &[breaking]), (0, 0, 5));
        assert_eq!(version((0, 1, 4), &[behaviour]), (0, 1, 5));
        assert_eq!(version((1, 2, 3), &[breaking, Class::Docs]), (2, 0, 0));
        assert_eq!(version((1, 2, 3), &[Class::Additive]), (1, 3, 0));
        assert_eq!(version((1, 2, 3), &[behaviour]), (1, 3, 0));
        assert_eq!(version((1, 2, 3), &[Class::NewName]), (1, 3, 0));
        assert_eq!(version((1, 2, 3), &[Class::Docs]), (1, 2, 4));
    }
}
