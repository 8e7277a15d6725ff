//! The API as Rust sees it. Knows neither OpenAPI nor tokens: every name here is a finished Rust name, every decision
//! (what is optional, what is a list, which type a value has) has been taken.

mod operation;
mod types;

use std::collections::BTreeMap;

pub use operation::*;
pub use types::*;

/// What one document becomes.
#[derive(Clone, Debug)]
pub struct Api {
    /// The document's title, for the module documentation.
    pub title: String,
    /// The document's description, as written (CommonMark of unknown quality).
    pub docs: String,
    /// Name of the module or, for a crate of its own, of the crate: `insight`.
    pub module: String,
    /// Where the document lies, as the header of every file names it: `spec/insight.yaml`.
    pub source: String,
    /// Base URLs that the operations use, each once, in order of first use.
    pub servers: Vec<Server>,
    /// Security schemes that the operations use.
    pub schemes: Vec<Scheme>,
    /// The operations by group, in the document's order.
    pub groups: Vec<Group>,
    /// Every type by Rust name.
    pub types: BTreeMap<String, Type>,
    /// What types were called before, and are called now.
    pub aliases: BTreeMap<String, String>,
    /// Neighbouring modules whose types this one has, too.
    pub imports: Vec<Import>,
    /// The schemas that have a name, and those of bodies, with the type of each: for tests.
    pub schemas: Vec<Schema>,
}

/// A schema of the document and what its values are in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// JSON pointer into the document.
    pub place: String,
    /// The type of its values.
    pub ty: TypeRef,
    /// Which way they travel as this type. A schema that is one type in requests and another in answers stands in the
    /// list twice.
    pub usage: Usage,
}

/// All types of a neighbouring module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its name.
    pub module: String,
    /// They are to be found under this module's path, too.
    pub exported: bool,
    /// The module has nothing but types of this document.
    pub whole: bool,
}

/// A base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Rust constant: `CHECKOUT_V1`.
    pub constant: String,
    /// Without a slash at the end; may hold `{variables}` that have no default and come from the client.
    pub url: String,
    /// What the document says about it.
    pub docs: String,
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Rust constant: `JWT`.
    pub constant: String,
    /// The document's name of it: `JWT`.
    pub name: String,
    /// What is sent.
    pub kind: SchemeKind,
    /// What the document says about it.
    pub docs: String,
}

/// What a security scheme sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// `Authorization: Bearer …` (http bearer, OAuth 2, OpenID Connect, or an API key in the header `Authorization`).
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A key in a header of this name.
    HeaderKey(String),
    /// A key in a query parameter of this name.
    QueryKey(String),
    /// A key in a cookie of this name.
    CookieKey(String),
}

/// Operations that a user finds together.
#[derive(Clone, Debug)]
pub struct Group {
    /// Method on the client: `insight`.
    pub name: String,
    /// Type: `Insight`.
    pub type_name: String,
    /// What the document says about the group.
    pub docs: String,
    /// In the document's order.
    pub operations: Vec<Operation>,
}
