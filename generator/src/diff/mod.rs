//! What a change of documents does to users of the generated code.

mod compare;
mod words;

use crate::surface::{Spot, Surface};

/// How much a change weighs; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Programs no longer compile.
    Breaking,
    /// Programs compile, and act otherwise.
    Behaviour,
    /// Programs can use more, or the compiler warns of more.
    Additive,
    /// A name that stays once it is released.
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

/// One change, as users meet it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub class: Class,
    /// The Rust path: `payments::Transaction.status`.
    pub path: String,
    /// Other paths that change with it.
    pub also: Vec<String>,
    /// The change: `` `String` -> `Currency` ``.
    pub change: String,
    /// What a user must do; empty: nothing.
    pub advice: String,
    /// The overlay action that avoids it, if one does.
    pub overlay: Option<String>,
    /// Place in the old document.
    pub old: Option<Spot>,
    /// Place in the new document.
    pub new: Option<Spot>,
}

/// What users meet in `new` who know `old`, the worst first.
#[must_use]
pub fn diff(old: &Surface, new: &Surface) -> Vec<Finding> {
    compare::compare(old, new)
}

/// The version that a change implies after `current`, by the rules of cargo: below 1.0.0, a breaking change raises the
/// minor version and everything else the patch version.
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
