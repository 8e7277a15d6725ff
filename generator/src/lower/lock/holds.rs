//! The contents of a type or an operation, in one line of the lock.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::space;
use crate::lower::words;

/// The kind of a name in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Members of an object, by their names.
    Members,
    /// Texts of an enum.
    Values,
    /// Numbers of an enum.
    Numbers,
    /// Variants of a union, by their types.
    Variants,
    /// Inputs of an operation: `/1` in the path, `?name` in the query, `^name` in a header, `~name` in a cookie, `.name` in
    /// the body; and `:name`, a header of its response.
    Sets,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::Members,
        Self::Values,
        Self::Numbers,
        Self::Variants,
        Self::Sets,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Values => "values",
            Self::Numbers => "numbers",
            Self::Variants => "variants",
            Self::Sets => "sets",
        }
    }

    /// Returns the Rust name of an entry without `=`; none for a member of a body, whose setter is named like that of its
    /// type.
    fn usual(self, identity: &str) -> String {
        if self == Self::Sets && identity.starts_with('.') {
            return String::new();
        }
        let text = identity.replace("%20", " ").replace("%3D", "=");
        match self {
            Self::Members => words::snake(&text),
            Self::Values => words::variant(&text),
            Self::Numbers => words::pascal(&text.replace('-', "minus ")),
            Self::Variants => text,
            Self::Sets => words::snake(text.get(1..).unwrap_or_default()),
        }
    }
}

/// The contents of a type or an operation, and their Rust names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holds {
    kind: Kind,
    names: BTreeMap<String, String>,
}

impl Holds {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            names: BTreeMap::new(),
        }
    }

    pub(super) fn read(words: &[&str]) -> Option<Self> {
        let (first, words) = words.split_first()?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == *first)?;
        let mut holds = Self::new(kind);
        for word in words {
            let (identity, name) = match word.strip_prefix('=') {
                // A constant has no name.
                Some(_) => (*word, String::new()),
                None => match word.rsplit_once('=') {
                    Some((identity, name)) => (identity, name.to_owned()),
                    None => (*word, kind.usual(word)),
                },
            };
            holds.names.insert(identity.to_owned(), name);
        }
        Some(holds)
    }

    pub(super) fn write(&self) -> String {
        let mut line = self.kind.word().to_owned();
        for (identity, name) in &self.names {
            line.push(' ');
            line.push_str(identity);
            if !name.is_empty() && *name != self.kind.usual(identity) {
                let _ = write!(line, "={name}");
            }
        }
        line
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(crate) fn add(&mut self, identity: &str, name: &str) {
        self.names.insert(word(identity), name.to_owned());
    }

    /// A member that always has this text.
    pub(crate) fn add_constant(&mut self, text: &str) {
        self.names.insert(format!("={}", word(text)), String::new());
    }

    /// The values of constants.
    pub(crate) fn constants(&self) -> impl Iterator<Item = String> {
        let all = self.names.keys().filter_map(|word| word.strip_prefix('='));
        all.map(|word| word.replace("%20", " ").replace("%3D", "="))
    }

    /// The Rust name of an entry.
    pub(crate) fn get(&self, identity: &str) -> Option<&str> {
        self.names.get(&word(identity)).map(String::as_str)
    }

    /// How many identities begin with a sign.
    pub(crate) fn count(&self, sign: char) -> usize {
        let identities = self.names.keys();
        identities
            .filter(|identity| identity.starts_with(sign))
            .count()
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// Equal for entries with the same contents.
    pub(crate) fn digest(&self) -> String {
        match self.kind {
            // Types may have got their names by chance.
            Kind::Variants => digest(self.kind, self.names.values().map(String::as_str)),
            _ => digest(self.kind, self.names.keys().map(String::as_str)),
        }
    }
}

/// A word of a list.
pub(crate) fn word(text: &str) -> String {
    space(text).replace('=', "%3D")
}

/// Names of members or values, in any order.
pub(crate) fn digest<'n>(kind: Kind, names: impl IntoIterator<Item = &'n str>) -> String {
    let names: BTreeSet<&str> = names.into_iter().collect();
    let names: Vec<&str> = names.into_iter().collect();
    format!("{} {}", kind.word(), names.join(" "))
}

pub(super) fn is_kind(word: &str) -> bool {
    Kind::ALL.into_iter().any(|kind| kind.word() == word)
}
