//! The public surface of generated code: every path that a user's program can name, with its Rust types, its place in
//! the document, and the facts that decide its behavior. Built from the model, not from text.

mod build;
mod operation;
mod program;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::load::{LeftOut, Place};
use crate::{Input, Report, Unit};
pub(crate) use build::{Part, build};

/// The public surface of the code generated from some documents.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    /// Types and operations, without duplicates.
    pub items: Vec<Item>,
    /// The item at each path, former names included: `checkout::Address`.
    pub paths: BTreeMap<String, usize>,
    /// Cargo features, each with whether it is on by default.
    pub features: BTreeMap<String, bool>,
}

/// A type or an operation.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its kind.
    pub kind: Kind,
    /// The first of its paths: `payments::Transaction`.
    pub path: String,
    /// Name of the complete operation's type, in the module of the operation.
    pub call: String,
    /// Facts that the compiler does not check, by name.
    pub facts: Facts,
    /// Fields, variants, setters.
    pub members: Vec<Member>,
    /// Description in the document.
    pub docs: String,
    /// Deprecation note.
    pub deprecated: Option<String>,
    /// Its place in the document.
    pub at: Spot,
    /// Whether the document sets its Rust name.
    pub is_named: bool,
}

/// Kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The operations of a client: `payments::Payments`.
    Group,
    /// An operation with its builder, its complete form and its responses.
    Operation,
    /// An object.
    Struct,
    /// An enum of strings.
    TextEnum,
    /// An enum of whole numbers.
    NumberEnum,
    /// A union of several types.
    Union,
    /// An identifier.
    Id,
    /// A constant: a server or a security scheme.
    Constant,
}

impl Kind {
    /// Returns the kind in plain words: `the struct`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "group of operations",
            Self::Operation => "operation",
            Self::Struct => "struct",
            Self::TextEnum => "enum of texts",
            Self::NumberEnum => "enum of whole numbers",
            Self::Union => "enum of types",
            Self::Id => "identifier",
            Self::Constant => "constant",
        }
    }
}

/// Facts by name: `path`, `wire name`.
pub type Facts = BTreeMap<&'static str, String>;

/// A part of an item.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its kind.
    pub part: PartKind,
    /// Its Rust name.
    pub name: String,
    /// Its type as in code; `{7}` is the item with this number.
    pub ty: String,
    /// The type that a setter accepts, without `impl`; the name of an argument in the document.
    pub takes: String,
    /// Whether the builder requires it.
    pub required: bool,
    /// Facts that the compiler does not check.
    pub facts: Facts,
    /// Description in the document.
    pub docs: String,
    /// Deprecation note.
    pub deprecated: Option<String>,
    /// Its place in the document.
    pub at: Spot,
}

/// Kind of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// The method of the client that returns a group.
    Attach,
    /// An argument of the method of an operation, by position.
    Argument,
    /// A field of a struct, or of a complete operation.
    Field,
    /// A method that sets a value in a builder.
    Setter,
    /// A method of a builder without arguments: `amount_null`, `without_body`, `pages`.
    Method,
    /// A variant without a value.
    Variant,
    /// A variant with a value.
    Holder,
    /// A conversion into the type.
    From,
    /// A trait that the type implements, or a function without arguments such as `builder`.
    Trait,
    /// The type of the response, of the error response, or of an item of a page.
    Associated,
    /// A variant of the response by status: of `Responses` or `Failure`.
    Case,
    /// A field of the headers of the response.
    Header,
}

/// A place in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// File, line and column, if the document has the place.
    pub place: Option<Place>,
    /// JSON pointer.
    pub pointer: String,
}

/// The public surface of documents, with findings about them.
#[derive(Debug)]
pub struct Described {
    /// The public surface of the generated code.
    pub surface: Surface,
    /// The names to keep, one lock file for each document.
    pub locks: Vec<String>,
    /// Parts of a document that the generator does not support.
    pub left_out: Vec<LeftOut>,
    /// Harmless mistakes in the documents.
    pub warnings: Vec<Diagnostic>,
    /// Facts of each document that the code states less precisely.
    pub reports: Vec<Report>,
}

/// Describes what [`crate::generate_together`] would generate.
///
/// # Errors
/// The same as [`crate::generate_together`].
pub fn describe_together(inputs: &[Input], units: &[Unit]) -> Result<Described, Vec<Diagnostic>> {
    crate::together::describe(inputs, units)
}

/// Describes what [`crate::generate_tolerant`] would generate.
///
/// # Errors
/// The same as [`crate::generate_tolerant`].
pub fn describe_tolerant(input: &Input) -> Result<Described, Vec<Diagnostic>> {
    describe_tolerant_with(input, &[])
}

/// Describes what [`crate::generate_tolerant_with`] would generate.
///
/// # Errors
/// The same as [`crate::generate_tolerant_with`].
pub fn describe_tolerant_with(
    input: &Input,
    files: &[crate::load::Source],
) -> Result<Described, Vec<Diagnostic>> {
    let ((mut described, warnings), left_out) = crate::tolerantly(input, files, |library, _| {
        let document = library.document(0).map_err(crate::each_once)?;
        let lowered = crate::load::deep(|| crate::lowered(input, &document));
        let lowered = lowered.map_err(crate::each_once)?;
        let is_empty = lowered.api.groups.is_empty();
        let of_crate = matches!(input.target, crate::Target::Crate { .. });
        let part = Part::alone(&lowered.api, &document, of_crate);
        let surface = build(&[part]);
        let warnings = [document.unread(), &lowered.warnings].concat();
        let described = Described {
            surface,
            locks: vec![lowered.lock],
            left_out: Vec::new(),
            warnings,
            reports: vec![lowered.report],
        };
        Ok((described, is_empty))
    })?;
    described.warnings.splice(0..0, warnings);
    described.left_out = left_out;
    Ok(described)
}

impl Surface {
    /// Returns the item at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Item> {
        self.items.get(*self.paths.get(path)?)
    }

    /// Returns every path of an item.
    pub fn paths_of(&self, item: usize) -> impl Iterator<Item = &str> {
        let paths = self.paths.iter();
        (paths.filter(move |(_, at)| **at == item)).map(|(path, _)| path.as_str())
    }

    /// Returns all public paths, members included. Used by tests and statistics.
    #[must_use]
    pub fn lines(&self) -> BTreeSet<String> {
        let names: Vec<String> = self.items.iter().map(|item| item.path.clone()).collect();
        let mut lines = BTreeSet::new();
        for item in &self.items {
            lines.insert(format!("{} {}", item.kind.name(), item.path));
            for member in &item.members {
                let required = if member.required { " (required)" } else { "" };
                lines.insert(format!(
                    "{}{required}: {}",
                    item.shown(member),
                    named(&member.ty, &names)
                ));
            }
        }
        lines
    }

    /// Returns a program that uses every path: each type, field, variant, setter and operation. `name` is the crate
    /// that contains the modules.
    #[must_use]
    pub fn program(&self, name: &str) -> String {
        program::program(self, name, &|_| true)
    }

    /// Returns the same program for some modules only.
    #[must_use]
    pub fn program_of(&self, name: &str, modules: &dyn Fn(&str) -> bool) -> String {
        program::program(self, name, modules)
    }
}

impl Item {
    /// Returns the module: `payments`.
    #[must_use]
    pub fn module(&self) -> &str {
        self.path.split("::").next().unwrap_or_default()
    }

    /// Returns the path of a member as in documentation.
    #[must_use]
    pub fn shown(&self, member: &Member) -> String {
        let name = &member.name;
        let module = self.module();
        let call = &self.call;
        match (self.kind, member.part) {
            (Kind::Operation, PartKind::Field) => format!("{module}::{call}.{name}"),
            (Kind::Operation, PartKind::Setter | PartKind::Method) => {
                format!("{module}::builder::{call}Builder::{name}")
            }
            (Kind::Operation, PartKind::Associated | PartKind::Trait) => {
                format!("{module}::{call} as {name}")
            }
            (Kind::Operation, PartKind::Case | PartKind::Header) => format!("{module}::{name}"),
            (Kind::Operation, _) => format!("{}({name})", self.path),
            (_, PartKind::Field) => format!("{}.{name}", self.path),
            (_, PartKind::Setter | PartKind::Method) => {
                let name_of_type = self.path.rsplit("::").next().unwrap_or_default();
                let above = self.path.trim_end_matches(name_of_type);
                let name_of_type = name_of_type.trim_start_matches("r#");
                format!("{above}builder::{name_of_type}Builder::{name}")
            }
            (_, PartKind::From | PartKind::Trait) => format!("{}: {name}", self.path),
            (_, PartKind::Attach) => name.clone(),
            _ => format!("{}::{name}", self.path),
        }
    }
}

/// Returns a type with the names of its items.
#[must_use]
pub(crate) fn named(ty: &str, names: &[String]) -> String {
    let mut text = String::new();
    let mut rest = ty;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((number, after)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        let name = number
            .parse()
            .ok()
            .and_then(|number: usize| names.get(number));
        text.push_str(name.map_or("?", String::as_str));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Returns the numbers of the items in a type.
pub(crate) fn items_of(ty: &str) -> impl Iterator<Item = usize> {
    let parts = ty.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()?.parse().ok())
}
