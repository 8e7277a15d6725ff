//! The public surface of generated code: every path that a user's program can name, with its Rust types and its place in
//! the document, and facts that decide how it acts. Built from the model, not from text.

mod build;
mod operation;
mod program;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::load::{LeftOut, Place};
use crate::{Input, Report, Unit};
pub(crate) use build::{Part, build};

/// What the generated code of some documents offers.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    /// Types and operations, each once.
    pub items: Vec<Item>,
    /// The item at each path, former names included: `checkout::Address`.
    pub paths: BTreeMap<String, usize>,
    /// Cargo features, each with whether it is on by default.
    pub features: BTreeMap<String, bool>,
}

/// A type or an operation.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// The first of its paths: `payments::Transaction`.
    pub path: String,
    /// Name of the type of a complete operation, in the module of the operation.
    pub call: String,
    /// Facts that the compiler does not check, by name.
    pub facts: Facts,
    /// Fields, variants, setters.
    pub members: Vec<Member>,
    /// What the document says about it.
    pub docs: String,
    /// Why it is deprecated.
    pub deprecated: Option<String>,
    /// Its place in the document.
    pub at: Spot,
    /// The document gives it a Rust name.
    pub is_named: bool,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The operations of a client: `payments::Payments`.
    Group,
    /// An operation with its builder, its complete form and its responses.
    Operation,
    /// An object.
    Struct,
    /// A text out of a list.
    TextEnum,
    /// A whole number out of a list.
    NumberEnum,
    /// One of several types.
    Union,
    /// An identifier.
    Id,
    /// A constant: a server or a security scheme.
    Constant,
}

impl Kind {
    /// In plain words: `the struct`.
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
    /// What it is.
    pub part: PartKind,
    /// Its Rust name.
    pub name: String,
    /// Its type as code has it; `{7}` is the item of this number.
    pub ty: String,
    /// What a setter takes, as a type without `impl`; the name of an argument in the document.
    pub takes: String,
    /// A builder is not complete without it.
    pub required: bool,
    /// Facts that the compiler does not check.
    pub facts: Facts,
    /// What the document says about it.
    pub docs: String,
    /// Why it is deprecated.
    pub deprecated: Option<String>,
    /// Its place in the document.
    pub at: Spot,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// The method of the client that returns a group.
    Attach,
    /// An argument of the method of an operation, by position.
    Argument,
    /// A field of a struct, or of a complete operation.
    Field,
    /// A method that sets a value of a builder.
    Setter,
    /// A method of a builder without arguments: `amount_null`, `without_body`, `pages`.
    Method,
    /// A variant without a value.
    Variant,
    /// A variant with a value.
    Holder,
    /// A conversion into the type.
    From,
    /// A trait, or a function without arguments such as `builder`, that the type has.
    Trait,
    /// The type of the response, of the error response, of an item of a page.
    Associated,
    /// A variant of the response by status: of `Responses` or `Failure`.
    Case,
    /// A field of the headers of the response.
    Header,
}

/// A place in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// File, line and column, where the document has it.
    pub place: Option<Place>,
    /// JSON pointer.
    pub pointer: String,
}

/// Documents as their users see them.
#[derive(Debug)]
pub struct Described {
    /// What is generated from them.
    pub surface: Surface,
    /// The names to keep, one text for each document.
    pub locks: Vec<String>,
    /// Parts of a document that can't be generated.
    pub left_out: Vec<LeftOut>,
    /// What the documents do that they should not, and that does no harm.
    pub warnings: Vec<Diagnostic>,
    /// What the code says less precisely than each document.
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
    let ((mut described, warnings), left_out) = crate::tolerantly(input, |library, _| {
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
    /// The item at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Item> {
        self.items.get(*self.paths.get(path)?)
    }

    /// Every path of an item.
    pub fn paths_of(&self, item: usize) -> impl Iterator<Item = &str> {
        let paths = self.paths.iter();
        (paths.filter(move |(_, at)| **at == item)).map(|(path, _)| path.as_str())
    }

    /// All public paths, members included: for tests and figures.
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

    /// A program that uses every path: each type, field, variant, setter and operation. `name` is the crate that has the
    /// modules.
    #[must_use]
    pub fn program(&self, name: &str) -> String {
        program::program(self, name, &|_| true)
    }

    /// The same, only of some modules.
    #[must_use]
    pub fn program_of(&self, name: &str, modules: &dyn Fn(&str) -> bool) -> String {
        program::program(self, name, modules)
    }
}

impl Item {
    /// The module: `payments`.
    #[must_use]
    pub fn module(&self) -> &str {
        self.path.split("::").next().unwrap_or_default()
    }

    /// The path of a member as documentation writes it.
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

/// A type with the names of its items.
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

/// The numbers of the items in a type.
pub(crate) fn items_of(ty: &str) -> impl Iterator<Item = usize> {
    let parts = ty.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()?.parse().ok())
}
