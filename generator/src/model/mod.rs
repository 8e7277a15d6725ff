//! The API in terms of Rust. The model knows neither OpenAPI nor tokens: every name is a finished Rust name, and every
//! decision (which fields are optional, which are lists, the type of each value) has been taken.

mod operation;
mod types;

use std::collections::BTreeMap;

pub use operation::*;
pub use types::*;

/// The API of one document.
#[derive(Clone, Debug)]
pub struct Api {
    /// The document's title, for the module documentation.
    pub title: String,
    /// The document's description, as written (CommonMark of unknown quality).
    pub docs: String,
    /// Name of the module or, for a crate of its own, of the crate: `insight`.
    pub module: String,
    /// Path of the document, as the header of every generated file names it: `spec/insight.yaml`.
    pub source: String,
    /// Base URLs that the operations use, without duplicates, in order of first use.
    pub servers: Vec<Server>,
    /// Security schemes that the operations use.
    pub schemes: Vec<Scheme>,
    /// The operations by group, in the document's order.
    pub groups: Vec<Group>,
    /// Every type by Rust name.
    pub types: BTreeMap<String, Type>,
    /// Former names of types, with their current names.
    pub aliases: BTreeMap<String, String>,
    /// Neighboring modules whose types this module exports, too.
    pub imports: Vec<Import>,
    /// Named schemas and the schemas of bodies, with the type of each. Used by tests.
    pub schemas: Vec<Schema>,
}

impl Api {
    /// Returns the cargo features of the runtime that the generated code requires.
    #[must_use]
    pub fn runtime_features(&self) -> Vec<&'static str> {
        let operations = || self.groups.iter().flat_map(|group| &group.operations);
        let has_parts = operations().any(|operation| {
            let body = operation.body.as_ref();
            body.is_some_and(|body| matches!(body.encoding, BodyEncoding::Multipart(_)))
        });
        let has_files = || {
            let mut own = self.types.values().filter(|ty| ty.origin.is_none());
            own.any(|ty| match &ty.kind {
                TypeKind::Struct(object) => (object.fields.iter().map(|field| &field.ty))
                    .chain(&object.additional)
                    .any(TypeRef::is_file),
                _ => false,
            })
        };
        let mut features = Vec::new();
        if operations().any(|operation| operation.stream.is_some()) {
            features.push("event-stream");
        }
        if has_parts || has_files() {
            features.push("multipart");
        }
        features
    }
}

/// A schema of the document and its Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// JSON pointer into the document.
    pub place: String,
    /// The type of its values.
    pub ty: TypeRef,
    /// Direction in which values of this type are sent. A schema with one type in requests and another in responses is
    /// in the list twice.
    pub usage: Usage,
}

/// All types of a neighboring module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Name of the module.
    pub module: String,
    /// Whether the types are available under this module's path, too.
    pub exported: bool,
    /// Whether the module has only types of this document.
    pub whole: bool,
}

/// A base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Rust constant: `CHECKOUT_V1`.
    pub constant: String,
    /// Without a trailing slash. `{variables}` without a default are filled in by the client.
    pub url: String,
    /// Description in the document.
    pub docs: String,
    /// The URL with variables.
    pub template: Option<Template>,
}

/// A base URL with variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Rust type: `CheckoutV1Url`.
    pub type_name: String,
    /// Without a trailing slash, with its `{variables}`.
    pub url: String,
    /// In the order of the URL.
    pub variables: Vec<Variable>,
}

impl Template {
    /// Returns the names of its types.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        let values = self.variables.iter();
        let values = values.filter_map(|variable| variable.values.as_ref());
        std::iter::once(self.type_name.as_str()).chain(values.map(|(name, _)| name.as_str()))
    }
}

/// A variable of a base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Name in the URL.
    pub wire: String,
    /// Rust field and setter.
    pub field: String,
    /// Value without a setting.
    pub default: String,
    /// Description in the document.
    pub docs: String,
    /// The type of its values and the values, if the document lists them.
    pub values: Option<(String, Vec<Member<String>>)>,
}

/// A security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Rust constant: `JWT`.
    pub constant: String,
    /// Name in the document: `JWT`.
    pub name: String,
    /// How the credentials are sent.
    pub kind: SchemeKind,
    /// Description in the document.
    pub docs: String,
}

/// How a security scheme sends credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// `Authorization: Bearer …` (http bearer, OAuth 2, OpenID Connect, or an API key in the header `Authorization`).
    Bearer,
    /// `Authorization: Bearer …` (OAuth 2), with a token that the endpoint at this URL grants to clients.
    ClientCredentials(String),
    /// `Authorization: Basic …`.
    Basic,
    /// A key in a header of this name.
    HeaderKey(String),
    /// A key in a query parameter of this name.
    QueryKey(String),
    /// A key in a cookie of this name.
    CookieKey(String),
    /// `Authorization: …` as the caller makes it, for an authentication scheme of HTTP of this name.
    Authorization(String),
}

/// A group of operations, which share a method of the client.
#[derive(Clone, Debug)]
pub struct Group {
    /// Method on the client: `insight`.
    pub name: String,
    /// Type: `Insight`.
    pub type_name: String,
    /// Description in the document.
    pub docs: String,
    /// In the document's order.
    pub operations: Vec<Operation>,
}
