//! The rules of an OpenAPI 3.0 document: for each kind of object its keys, their types, and which are required. The
//! check, the normalisation and the search for parts that openapiv3 rejects all walk along this table.

mod shapes;

pub(crate) use self::shapes::METHODS;
pub(super) use self::shapes::{scheme_needs, styles};
use self::{
    Want::{Any, Is, Texts},
    shapes::*,
};

/// The kinds of objects in a document (and in an overlay).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    Components,
    SecurityScheme,
    SecurityRequirement,
    Flows,
    ImplicitFlow,
    TokenFlow,
    CodeFlow,
    Overlay,
    OverlayInfo,
    Action,
}

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want {
    /// Anything: examples, defaults, extensions. Never looked into.
    Any,
    Text,
    /// One of these texts.
    Word(&'static [&'static str]),
    Flag,
    Number,
    /// A whole number, not negative.
    Count,
    /// A list of texts.
    Texts,
    /// An object of texts.
    TextMap,
    /// A list of anything.
    Values,
    /// An object of anything.
    ValueMap,
    /// An object of this kind.
    Is(Kind),
    /// A list of objects of this kind.
    Many(Kind),
    /// An object whose members are of this kind, with free names.
    Map(Kind),
    /// A boolean, or a schema.
    FlagOrSchema,
}

/// Whether a key is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Optional,
    Required,
    /// Required, but its absence is harmless: an empty string or object replaces it.
    Filled,
}

pub(super) type Field = (&'static str, Want, Need);

/// The meaning of keys that are not in an object's list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rest {
    /// Nothing, unless they start with `x-`.
    Closed,
    /// Members of a kind, if the name fits; the text describes such names.
    Members(Kind, fn(&str) -> bool, &'static str),
    /// Lists of texts.
    Texts,
}

/// One kind of object.
#[derive(Debug)]
pub(super) struct Shape {
    /// With its article: `a parameter`.
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
    pub(super) rest: Rest,
    /// May be a `$ref` to one elsewhere.
    pub(super) referable: bool,
}

impl Shape {
    pub(super) fn field(&self, key: &str) -> Option<Want> {
        (self.fields.iter())
            .find(|(name, _, _)| *name == key)
            .map(|&(_, want, _)| want)
    }

    /// Returns the type of the value of a key; `None` for unknown keys.
    pub(super) fn want(&self, key: &str) -> Option<Want> {
        if let Some(want) = self.field(key) {
            return Some(want);
        }
        match self.rest {
            Rest::Members(kind, fits, _) if fits(key) => Some(Is(kind)),
            _ if key.starts_with("x-") => Some(Any),
            Rest::Texts => Some(Texts),
            _ => None,
        }
    }
}

/// The row of the table for a kind.
pub(super) fn shape(kind: Kind) -> &'static Shape {
    match kind {
        Kind::Root => &ROOT,
        Kind::Info => &INFO,
        Kind::Contact => &CONTACT,
        Kind::License => &LICENSE,
        Kind::Server => &SERVER,
        Kind::ServerVariable => &SERVER_VARIABLE,
        Kind::Paths => &PATHS,
        Kind::PathItem => &PATH_ITEM,
        Kind::Operation => &OPERATION,
        Kind::ExternalDocs => &EXTERNAL_DOCS,
        Kind::Parameter => &PARAMETER,
        Kind::RequestBody => &REQUEST_BODY,
        Kind::MediaType => &MEDIA_TYPE,
        Kind::Encoding => &ENCODING,
        Kind::Responses => &RESPONSES,
        Kind::Response => &RESPONSE,
        Kind::Callback => &CALLBACK,
        Kind::Example => &EXAMPLE,
        Kind::Link => &LINK,
        Kind::Header => &HEADER,
        Kind::Tag => &TAG,
        Kind::Schema => &SCHEMA,
        Kind::Discriminator => &DISCRIMINATOR,
        Kind::Xml => &XML,
        Kind::Components => &COMPONENTS,
        Kind::SecurityScheme => &SECURITY_SCHEME,
        Kind::SecurityRequirement => &SECURITY_REQUIREMENT,
        Kind::Flows => &FLOWS,
        Kind::ImplicitFlow => &IMPLICIT_FLOW,
        Kind::TokenFlow => &TOKEN_FLOW,
        Kind::CodeFlow => &CODE_FLOW,
        Kind::Overlay => &OVERLAY,
        Kind::OverlayInfo => &OVERLAY_INFO,
        Kind::Action => &ACTION,
    }
}
