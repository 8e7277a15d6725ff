//! Public names, fixed in `names.lock`.
//!
//! A name is bound by its lineage: where in the API the type or operation is used, and its contents. Pointers into the
//! document don't count, so neither an order, nor a split schema, nor the name of a path parameter renames anything.
//!
//! ```text
//! operation POST /transactions/{id}/capture capture_transaction 1.0.0
//!   sets .amount .id=body_id /1=transaction_id ?includes
//! operation POST /transactions/{id}/capture text/csv capture_transaction_as_csv
//! operation PUT /logo save_logo
//!   body image/png
//! operation POST /tokens/revoke revoke_token
//!   type RevokeTokenCall
//! type TransactionStatus 1.0.0
//!   values CAPTURED PARTIALLY_CAPTURED
//!   #TransactionStatus
//!   Transaction.status
//!   list_transactions?status
//! constant type=card
//! group PaymentApi
//! renamed type Status TransactionStatus
//! renamed member OrderItem.title OrderItem.name
//! ```
//!
//! The version is written once the name is released. The first line below a name lists the contents of the type or the
//! operation with their names in the document, and after `=` the Rust name if it differs from the usual one: an entry keeps
//! its name when others are added, and a type whose uses are all gone is found again. `=card` is a constant of a type,
//! `=?format=json` of an operation. The other lines below a type are its uses.
//!
//! An operation has one name for each media type of its body. `body` is the media type of the one that is named like the
//! operation, unless that is `application/json`. `type` is its type, if the usual name was not free.

mod holds;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::words;
use crate::{
    diagnostic::Diagnostic,
    load::{Document, Source},
};
use holds::is_kind;
pub(crate) use holds::{Holds, Kind, digest, word};

/// The names of one document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lock {
    file: String,
    types: BTreeMap<String, LockedType>,
    /// The type of each use.
    uses: BTreeMap<String, String>,
    /// By method and path without names of parameters, and the media type of a further one.
    operations: BTreeMap<String, LockedOperation>,
    /// Keys that several operations would have, whose paths differ in names of parameters only: theirs have these names.
    doubled: BTreeSet<String>,
    /// `member=text`: members that are constants of their types.
    constants: BTreeSet<String>,
    /// Types of groups that are not named after their tags, because schemas have these names.
    groups: BTreeSet<String>,
    renamed_types: BTreeMap<String, String>,
    renamed_operations: BTreeMap<String, String>,
    /// `OrderItem.title` to `name`; the same for inputs of operations.
    renamed_members: BTreeMap<String, String>,
}

/// A type that has a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct LockedType {
    /// The first version that it was released with.
    pub(crate) version: Option<String>,
    pub(crate) holds: Option<Holds>,
    pub(crate) uses: BTreeSet<String>,
    pub(crate) line: usize,
}

/// An operation that has a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct LockedOperation {
    pub(crate) name: String,
    /// The path when it got its name, with the names of its parameters then.
    pub(crate) path: String,
    pub(crate) version: Option<String>,
    /// The media type of its body, of several that the document has; of the first one, it may be unknown.
    pub(crate) body: Option<String>,
    /// Its type, if that is not called like the operation.
    pub(crate) ty: Option<String>,
    /// Its inputs.
    pub(crate) sets: Option<Holds>,
    pub(crate) line: usize,
}

/// The subject of the lines below.
#[derive(Clone, Debug)]
enum Current {
    Type(String),
    /// By its key.
    Operation(String),
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
        let mut current: Option<Current> = None;
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
                (Some(Some(Current::Type(name))), [used]) if !is_kind(used) => {
                    lock.add_use(name, used)
                }
                (Some(Some(current)), words) => lock.add_holds(current, words),
                (Some(None), _) => false,
                (None, ["type", name, rest @ ..]) if name.split("::").all(is_name) => {
                    current = Some(Current::Type((*name).to_owned()));
                    lock.add_type(name, rest, number)
                }
                (None, ["operation", method, path, rest @ ..]) => {
                    let (key, known) = lock.add_operation(method, path, rest, number);
                    current = Some(Current::Operation(key));
                    known
                }
                (None, ["constant", constant]) => {
                    lock.constants.insert((*constant).to_owned());
                    constant.contains('=')
                }
                (None, ["group", group]) if is_name(group) => {
                    lock.groups.insert((*group).to_owned());
                    true
                }
                (None, ["renamed", "member", old, new]) => lock.add_renamed_member(old, new),
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
                    format!("{}:{number}: not a valid name: `{}`", lock.file, line.trim()),
                    "write `operation <METHOD> <path> [<media type>] <name> [<version>]`, `type <Name> [<version>]`, below them, indented, \
                     what they hold and where the type is used, `constant <member>=<text>`, `group <Name>`, `renamed <type|operation> <old> \
                     <new>` or `renamed member <owner>.<old> <owner>.<new>`; or delete the line",
                ));
            }
        }
        if errors.is_empty() {
            Ok(lock)
        } else {
            Err(errors)
        }
    }

    /// Returns the key of the operation, and whether its line is valid.
    fn add_operation(
        &mut self,
        method: &str,
        path: &str,
        rest: &[&str],
        line: usize,
    ) -> (String, bool) {
        // Only a version follows a name. A key of `content` may be without the slash of a media type.
        let (body, rest) = match rest {
            [body, rest @ ..]
                if body.contains('/') || rest.first().is_some_and(|next| !is_version(next)) =>
            {
                (Some(*body), rest)
            }
            _ => (None, rest),
        };
        let path = path.replace("%20", " ");
        let plain = key(method, &path);
        let is_other = |known: &LockedOperation| known.path != path;
        if body.is_none() && self.operations.get(&plain).is_some_and(is_other) {
            self.double(&plain);
        }
        let key = self.key(method, &path, body);
        let [name, rest @ ..] = rest else {
            return (key, false);
        };
        let operation = LockedOperation {
            name: (*name).to_owned(),
            path,
            version: rest.first().map(|version| (*version).to_owned()),
            body: body.map(str::to_owned),
            ty: None,
            sets: None,
            line,
        };
        let is_new = self.operations.insert(key.clone(), operation).is_none();
        let is_valid = rest.len() <= 1 && rest.iter().all(|version| is_version(version));
        (key, is_new && is_name(name) && is_valid)
    }

    /// Adds the names of parameters to the key of an operation, and to those of its further media types.
    fn double(&mut self, plain: &str) {
        self.doubled.insert(plain.to_owned());
        let further = format!("{plain} ");
        let of_it = |key: &String| key == plain || key.starts_with(&further);
        let keys: Vec<String> = self
            .operations
            .keys()
            .filter(|key| of_it(key))
            .cloned()
            .collect();
        for key in keys {
            let (Some(operation), Some((method, _))) =
                (self.operations.remove(&key), plain.split_once(' '))
            else {
                continue;
            };
            let rest = key.strip_prefix(plain).unwrap_or_default();
            let key = format!("{method} {}{rest}", space(&operation.path));
            self.operations.insert(key, operation);
        }
    }

    /// Says which keys the operations of the document would share.
    pub(crate) fn set_doubled(&mut self, keys: BTreeSet<String>) {
        self.doubled = keys;
    }

    /// Whether operations share a path but for the names of parameters.
    pub(crate) fn is_doubled(&self, method: &str, path: &str) -> bool {
        self.doubled.contains(&key(method, path))
    }

    /// Returns the key of an operation, or of a further media type of its body.
    pub(crate) fn key(&self, method: &str, path: &str, media_type: Option<&str>) -> String {
        let plain = key(method, path);
        let key = match self.doubled.contains(&plain) {
            true => format!("{method} {}", space(path)),
            false => plain,
        };
        match media_type {
            Some(media_type) => format!("{key} {}", space(media_type)),
            None => key,
        }
    }

    fn add_type(&mut self, name: &str, rest: &[&str], line: usize) -> bool {
        let mut locked = LockedType {
            line,
            ..LockedType::default()
        };
        for word in rest {
            match is_version(word) && locked.version.is_none() {
                true => locked.version = Some((*word).to_owned()),
                false => return false,
            }
        }
        self.types.insert(name.to_owned(), locked).is_none()
    }

    fn add_holds(&mut self, current: &Current, words: &[&str]) -> bool {
        if let (Current::Operation(key), ["body", body]) = (current, words) {
            let locked = self.operations.get_mut(key);
            return locked.is_some_and(|locked| locked.body.replace((*body).to_owned()).is_none());
        }
        if let (Current::Operation(key), ["type", ty]) = (current, words) {
            let locked = self.operations.get_mut(key).filter(|_| is_name(ty));
            return locked.is_some_and(|locked| locked.ty.replace((*ty).to_owned()).is_none());
        }
        let Some(holds) = Holds::read(words) else {
            return false;
        };
        let is_of_operation = holds.kind() == Kind::Sets;
        match current {
            Current::Type(name) if !is_of_operation => {
                let locked = self.types.get_mut(name);
                locked.is_some_and(|locked| locked.holds.replace(holds).is_none())
            }
            Current::Operation(key) if is_of_operation => {
                let locked = self.operations.get_mut(key);
                locked.is_some_and(|locked| locked.sets.replace(holds).is_none())
            }
            _ => false,
        }
    }

    /// Both names are of the same kind.
    fn add_renamed_member(&mut self, old: &str, new: &str) -> bool {
        let (Some((owner, name)), Some((same, new))) = (old.split_once('.'), new.split_once('.'))
        else {
            return false;
        };
        let is_known = owner == same && is_name(owner) && is_name(name) && is_name(new);
        (self.renamed_members).insert(old.to_owned(), new.to_owned());
        is_known
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

    /// The place of a type's line.
    pub(crate) fn type_line(&self, name: &str) -> String {
        let line = self.types.get(name).map_or(0, |locked| locked.line);
        format!("{}:{line}", self.file)
    }

    /// The place of an operation's line.
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

    /// Whether a member was a constant of a type.
    pub(crate) fn has_constant(&self, member: &str, text: &str) -> bool {
        self.constants.contains(&space(&format!("{member}={text}")))
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = (&String, &LockedOperation)> {
        self.operations.iter()
    }

    pub(crate) fn operation(&self, key: &str) -> Option<&LockedOperation> {
        self.operations.get(key)
    }

    /// Returns the earlier names of a renamed type, oldest first.
    pub(crate) fn renamed_types(&self) -> &BTreeMap<String, String> {
        &self.renamed_types
    }

    /// The same of operations.
    pub(crate) fn renamed_operations(&self) -> &BTreeMap<String, String> {
        &self.renamed_operations
    }

    /// `OrderItem.title` to `name`: renamed members of types and values of operations.
    pub(crate) fn renamed_members(&self) -> &BTreeMap<String, String> {
        &self.renamed_members
    }

    /// Copies the setters of operations, by the names of these.
    pub(crate) fn set_sets(&mut self, mut sets: BTreeMap<String, Holds>) {
        for operation in self.operations.values_mut() {
            let found = sets.remove(&operation.name);
            if let Some(found) = found.filter(|found| !found.is_empty()) {
                operation.sets = Some(found);
            }
        }
    }

    pub(crate) fn set_constant(&mut self, constant: &str) {
        self.constants.insert(space(constant));
    }

    /// Copies the facts about a type, and its uses.
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

    /// Adds an operation. `called`: the path as the earlier lock has it; `body`: the media type, and whether the name is that
    /// of a further media type.
    pub(crate) fn set_operation(
        &mut self,
        method: &str,
        (path, called): (&str, &str),
        (body, is_further): (Option<&str>, bool),
        (name, ty): (&str, &str),
        version: Option<String>,
    ) {
        // The path is the document's, the names in it are the lock's.
        let path = match placeholders(path).len() == placeholders(called).len() {
            true => with_names(path, &placeholders(called)),
            false => path.to_owned(),
        };
        let key = self.key(method, &path, body.filter(|_| is_further));
        let operation = LockedOperation {
            name: name.to_owned(),
            path,
            version,
            body: body.map(space),
            ty: (ty != words::type_name(name)).then(|| ty.to_owned()),
            sets: None,
            line: 0,
        };
        self.operations.insert(key, operation);
    }

    pub(crate) fn has_group(&self, name: &str) -> bool {
        self.groups.contains(name)
    }

    pub(crate) fn set_group(&mut self, name: &str) {
        self.groups.insert(name.to_owned());
    }

    /// Keeps renames, and the names of released types that are gone: they are never used again.
    pub(crate) fn keep(&mut self, old: &Self) {
        self.renamed_types.clone_from(&old.renamed_types);
        self.renamed_operations.clone_from(&old.renamed_operations);
        self.renamed_members.clone_from(&old.renamed_members);
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
            let body = operation.body.as_deref().unwrap_or_default();
            let is_further = is_of_body(key);
            let further = if is_further { body } else { "" };
            line(&[
                "operation",
                method,
                &path,
                further,
                &operation.name,
                version,
            ]);
            if !is_further && !body.is_empty() && body != USUAL_BODY {
                line(&["  body", body]);
            }
            if let Some(ty) = &operation.ty {
                line(&["  type", ty]);
            }
            if let Some(sets) = &operation.sets {
                line(&[&format!("  {}", sets.write())]);
            }
        }
        for (name, locked) in &self.types {
            let version = locked.version.as_deref().unwrap_or_default();
            line(&["type", name, version]);
            if let Some(holds) = &locked.holds {
                line(&[&format!("  {}", holds.write())]);
            }
            for used in &locked.uses {
                line(&[&format!("  {used}")]);
            }
        }
        for constant in &self.constants {
            line(&["constant", constant]);
        }
        for group in &self.groups {
            line(&["group", group]);
        }
        for (kind, renamed) in [
            ("type", &self.renamed_types),
            ("operation", &self.renamed_operations),
        ] {
            for (old, new) in renamed {
                line(&["renamed", kind, old, new]);
            }
        }
        for (old, new) in &self.renamed_members {
            let owner = old.split('.').next().unwrap_or_default();
            line(&["renamed", "member", old, &format!("{owner}.{new}")]);
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

/// Returns the earlier name of a member or a value of any of the owners.
pub(crate) fn former_members(
    renamed: &BTreeMap<String, String>,
    owners: &[String],
    name: &str,
) -> Vec<String> {
    let own: BTreeMap<String, String> = (renamed.iter())
        .filter_map(|(old, new)| {
            let (owner, old) = old.split_once('.')?;
            let is_own = owners.iter().any(|one| one == owner);
            is_own.then(|| (old.to_owned(), new.clone()))
        })
        .collect();
    former(&own, name)
}

/// Returns all names that became `name`, by one rename after another.
pub(crate) fn former(renamed: &BTreeMap<String, String>, name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = vec![name];
    while let Some(name) = rest.pop() {
        for (old, _) in renamed.iter().filter(|(_, new)| *new == name) {
            if !found.contains(old) {
                found.push(old.clone());
                rest.push(old);
            }
        }
    }
    found.sort();
    found
}

/// Returns method and path, without the names of parameters.
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

/// The media type of a body that the lock does not name.
pub(crate) const USUAL_BODY: &str = "application/json";

/// Returns whether a key is that of a further media type.
pub(crate) fn is_of_body(key: &str) -> bool {
    key.matches(' ').count() > 1
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
