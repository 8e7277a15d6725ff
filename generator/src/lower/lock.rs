//! Public names, fixed once: `names.lock`.
//!
//! A name binds by its lineage: where in the API the thing is used, and what it holds. Pointers into the document have no part
//! in it, so neither an order, nor a split schema, nor the name of a path parameter renames anything.
//!
//! ```text
//! operation POST /transactions/{id}/capture capture_transaction 1.0.0
//! type TransactionStatus 1.0.0 #5f3a9c01
//!   #TransactionStatus
//!   Transaction.status
//!   list_transactions?status
//! constant type=card
//! renamed type Status TransactionStatus
//! ```
//!
//! The version is there once the name was released. The number says what the type holds: by it a type is found again whose uses
//! are all gone. The lines below a type are its uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::{
    diagnostic::Diagnostic,
    load::{Document, Source},
    text_hash::TextHash,
};

/// The names of one document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lock {
    file: String,
    types: BTreeMap<String, LockedType>,
    /// The type that stands at each use.
    uses: BTreeMap<String, String>,
    /// By method and path without names of parameters.
    operations: BTreeMap<String, LockedOperation>,
    /// `member=text`: members that are constants of their types.
    constants: BTreeSet<String>,
    renamed_types: BTreeMap<String, String>,
    renamed_operations: BTreeMap<String, String>,
}

/// A type that has a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct LockedType {
    /// The first version that it was released with.
    pub(crate) version: Option<String>,
    /// See [`holds`].
    pub(crate) holds: Option<String>,
    pub(crate) uses: BTreeSet<String>,
    pub(crate) line: usize,
}

/// An operation that has a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct LockedOperation {
    pub(crate) name: String,
    /// The path as it was when it got its name: parameters are called as they are there.
    pub(crate) path: String,
    pub(crate) version: Option<String>,
    pub(crate) line: usize,
}

impl Lock {
    /// Reads the lines.
    pub(crate) fn read(
        source: Option<&Source>,
        document: &Document,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut lock = Self {
            file: source
                .map_or("names.lock", |source| &source.name)
                .to_owned(),
            ..Self::default()
        };
        let mut errors = Vec::new();
        let mut current: Option<String> = None;
        let text = source.map_or("", |source| source.text.as_str());
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let number = index + 1;
            let of_type = line.starts_with(char::is_whitespace).then_some(&current);
            let known = match (
                of_type,
                line.split_whitespace().collect::<Vec<_>>().as_slice(),
            ) {
                (Some(Some(name)), [used]) => lock.add_use(name, used),
                (Some(_), _) => false,
                (None, ["type", name, rest @ ..]) if name.split("::").all(is_name) => {
                    current = Some((*name).to_owned());
                    lock.add_type(name, rest, number)
                }
                (None, ["operation", method, path, name, rest @ ..]) if is_name(name) => {
                    current = None;
                    let version = rest.first().map(|version| (*version).to_owned());
                    let operation = LockedOperation {
                        name: (*name).to_owned(),
                        path: path.replace("%20", " "),
                        version,
                        line: number,
                    };
                    lock.operations.insert(key(method, path), operation);
                    rest.len() <= 1 && rest.iter().all(|version| is_version(version))
                }
                (None, ["constant", constant]) => {
                    lock.constants.insert((*constant).to_owned());
                    constant.contains('=')
                }
                (None, ["renamed", kind, old, new]) if is_name(old) && is_name(new) => {
                    let renamed = match *kind {
                        "type" => Some(&mut lock.renamed_types),
                        "operation" => Some(&mut lock.renamed_operations),
                        _ => None,
                    };
                    renamed
                        .map(|renamed| renamed.insert((*old).to_owned(), (*new).to_owned()))
                        .is_some()
                }
                _ => false,
            };
            if !known {
                errors.push(document.error(
                    "",
                    format!("{}:{number}: a line that is no name: `{}`", lock.file, line.trim()),
                    "write `operation <METHOD> <path> <name> [<version>]`, `type <Name> [<version>] [#<number>]` and below it, \
                     indented, where it is used, `constant <member>=<text>` or `renamed <type|operation> <old> <new>`; or \
                     delete the line",
                ));
            }
        }
        if errors.is_empty() {
            Ok(lock)
        } else {
            Err(errors)
        }
    }

    fn add_type(&mut self, name: &str, rest: &[&str], line: usize) -> bool {
        let mut locked = LockedType {
            line,
            ..LockedType::default()
        };
        for word in rest {
            match word.strip_prefix('#') {
                Some(number) => locked.holds = Some(number.to_owned()),
                None if is_version(word) => locked.version = Some((*word).to_owned()),
                None => return false,
            }
        }
        self.types.insert(name.to_owned(), locked).is_none()
    }

    /// A use has one type.
    fn add_use(&mut self, name: &str, used: &str) -> bool {
        if let Some(locked) = self.types.get_mut(name) {
            locked.uses.insert(used.to_owned());
        }
        (self.uses)
            .insert(used.to_owned(), name.to_owned())
            .is_none()
    }

    /// Nothing has a name yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// Where a type's line stands.
    pub(crate) fn type_line(&self, name: &str) -> String {
        let line = self.types.get(name).map_or(0, |locked| locked.line);
        format!("{}:{line}", self.file)
    }

    /// Where an operation's line stands.
    pub(crate) fn operation_line(&self, operation: &LockedOperation) -> String {
        format!("{}:{}", self.file, operation.line)
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = (&String, &LockedType)> {
        self.types.iter()
    }

    pub(crate) fn ty(&self, name: &str) -> Option<&LockedType> {
        self.types.get(name)
    }

    /// The type at a use.
    pub(crate) fn at(&self, used: &str) -> Option<&str> {
        self.uses.get(used).map(String::as_str)
    }

    pub(crate) fn constants(&self) -> impl Iterator<Item = &String> {
        self.constants.iter()
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = (&String, &LockedOperation)> {
        self.operations.iter()
    }

    pub(crate) fn operation(&self, key: &str) -> Option<&LockedOperation> {
        self.operations.get(key)
    }

    /// What a type was called before it was decided to rename it, oldest decisions included.
    pub(crate) fn renamed_types(&self) -> &BTreeMap<String, String> {
        &self.renamed_types
    }

    /// The same of operations.
    pub(crate) fn renamed_operations(&self) -> &BTreeMap<String, String> {
        &self.renamed_operations
    }

    pub(crate) fn set_constant(&mut self, constant: &str) {
        self.constants.insert(space(constant));
    }

    /// Takes over what is known of a type, and its uses.
    pub(crate) fn set_type(&mut self, name: &str, locked: LockedType) {
        self.types.insert(name.to_owned(), locked);
    }

    /// An identifier, by the parameters that are one.
    pub(crate) fn add_id(&mut self, name: &str, uses: BTreeSet<String>, old: &Self) {
        let version = old.ty(name).and_then(|locked| locked.version.clone());
        let locked = self.types.entry(name.to_owned()).or_default();
        locked.version = version;
        locked.uses.extend(uses);
    }

    pub(crate) fn set_operation(
        &mut self,
        method: &str,
        path: &str,
        called: &str,
        name: &str,
        version: Option<String>,
    ) {
        // The path is the document's, the names in it are the lock's.
        let path = match placeholders(path).len() == placeholders(called).len() {
            true => with_names(path, &placeholders(called)),
            false => path.to_owned(),
        };
        let key = key(method, &path);
        let operation = LockedOperation {
            name: name.to_owned(),
            path,
            version,
            line: 0,
        };
        self.operations.insert(key, operation);
    }

    /// Keeps what was decided, and the names of released types that are gone: nothing else is ever called so.
    pub(crate) fn keep(&mut self, old: &Self) {
        self.renamed_types.clone_from(&old.renamed_types);
        self.renamed_operations.clone_from(&old.renamed_operations);
        for (name, locked) in &old.types {
            let renamed = old.renamed_types.contains_key(name);
            if locked.version.is_some() && !renamed && !self.types.contains_key(name) {
                let gone = LockedType {
                    version: locked.version.clone(),
                    ..LockedType::default()
                };
                self.types.insert(name.clone(), gone);
            }
        }
    }

    /// The text of the file.
    pub(crate) fn write(&self) -> String {
        let mut text = String::new();
        let mut line = |words: &[&str]| {
            let words: Vec<&str> = words
                .iter()
                .copied()
                .filter(|word| !word.is_empty())
                .collect();
            // Writing to a String can't fail.
            let _ = writeln!(text, "{}", words.join(" "));
        };
        for (key, operation) in &self.operations {
            let method = key.split(' ').next().unwrap_or_default();
            let version = operation.version.as_deref().unwrap_or_default();
            let path = space(&operation.path);
            line(&["operation", method, &path, &operation.name, version]);
        }
        for (name, locked) in &self.types {
            let version = locked.version.as_deref().unwrap_or_default();
            let holds = locked.holds.as_ref().map(|holds| format!("#{holds}"));
            line(&["type", name, version, holds.as_deref().unwrap_or_default()]);
            for used in &locked.uses {
                line(&[&format!("  {used}")]);
            }
        }
        for constant in &self.constants {
            line(&["constant", constant]);
        }
        for (kind, renamed) in [
            ("type", &self.renamed_types),
            ("operation", &self.renamed_operations),
        ] {
            for (old, new) in renamed {
                line(&["renamed", kind, old, new]);
            }
        }
        text
    }
}

/// The names of the parameters in a path.
pub(crate) fn placeholders(path: &str) -> Vec<&str> {
    (path.split('{').skip(1))
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// A path with other names of parameters.
fn with_names(path: &str, names: &[&str]) -> String {
    let mut named = String::new();
    let mut rest = path;
    for name in names {
        let Some((before, behind)) = rest.split_once('{') else {
            break;
        };
        let _ = write!(named, "{before}{{{name}}}");
        rest = behind.split_once('}').map_or("", |(_, rest)| rest);
    }
    named + rest
}

/// What a type holds, as a number of eight digits: names of members or values, in any order.
pub(crate) fn holds<'n>(kind: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names: BTreeSet<&str> = names.into_iter().collect();
    let mut hash = TextHash::new();
    std::iter::once(kind)
        .chain(names)
        .for_each(|name| hash.add(name));
    let hash = hash.value();
    format!("{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
}

/// What the number says of an enum with one text.
pub(crate) fn holds_text(text: &str) -> String {
    holds("texts", [text])
}

/// Method and path; what the parameters are called has no part in it.
pub(crate) fn key(method: &str, path: &str) -> String {
    let path = space(path);
    let mut key = format!("{method} ");
    let mut rest = path.as_str();
    while let Some((before, behind)) = rest.split_once('{') {
        key.push_str(before);
        key.push_str("{}");
        rest = behind.split_once('}').map_or("", |(_, rest)| rest);
    }
    key + rest
}

fn is_version(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.')
}

fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts_well && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Names may hold spaces, a word of a line may not.
pub(crate) fn space(text: &str) -> String {
    text.replace(char::is_whitespace, "%20")
}
