//! The kinds of objects in a document, as far as references to them differ. Independent of the version.

use Holds::{Data, Many, Mapping, One};

/// The kind of an object, as far as references differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Schema,
    Parameter,
    Response,
    RequestBody,
    Header,
    Link,
    Callback,
    SecurityScheme,
    Example,
    Path,
    Discriminator,
    Other,
}

/// The contents of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    One(Item),
    /// A list, or a map with free names.
    Many(Item),
    /// The targets of a discriminator.
    Mapping,
    /// Anything: references in it mean nothing.
    Data,
}

impl Item {
    pub(super) fn section(self, is_swagger: bool) -> Option<&'static [&'static str]> {
        Some(match (self, is_swagger) {
            (Self::Schema, true) => &["definitions"],
            (Self::Parameter, true) => &["parameters"],
            (Self::Response, true) => &["responses"],
            (_, true) => return None,
            (Self::Schema, _) => &["components", "schemas"],
            (Self::Parameter, _) => &["components", "parameters"],
            (Self::Response, _) => &["components", "responses"],
            (Self::RequestBody, _) => &["components", "requestBodies"],
            (Self::Header, _) => &["components", "headers"],
            (Self::Link, _) => &["components", "links"],
            (Self::Callback, _) => &["components", "callbacks"],
            (Self::SecurityScheme, _) => &["components", "securitySchemes"],
            _ => return None,
        })
    }

    /// Returns the contents of a member of such an object.
    pub(super) fn member(self, key: &str) -> Holds {
        if key.starts_with("x-") && key != "x-webhooks" {
            return Data;
        }
        match (self, key) {
            (Self::Callback, _) => One(Self::Path),
            (Self::Discriminator, "mapping") => Mapping,
            (Self::Discriminator, _) => Data,
            (Self::Schema, "discriminator") => One(Self::Discriminator),
            (
                Self::Schema,
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
                | "allOf" | "anyOf" | "oneOf" | "prefixItems",
            ) => Many(Self::Schema),
            (
                Self::Schema,
                "items"
                | "additionalProperties"
                | "not"
                | "contains"
                | "propertyNames"
                | "if"
                | "then"
                | "else"
                | "additionalItems"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "contentSchema",
            ) => One(Self::Schema),
            (Self::Schema, _) => Data,
            (_, "schema" | "itemSchema") => One(Self::Schema),
            (_, "schemas" | "definitions" | "$defs") => Many(Self::Schema),
            (_, "parameters") => Many(Self::Parameter),
            (_, "responses") => Many(Self::Response),
            (_, "requestBody") => One(Self::RequestBody),
            (_, "requestBodies") => Many(Self::RequestBody),
            (_, "headers") => Many(Self::Header),
            (_, "examples") => Many(Self::Example),
            (_, "links") => Many(Self::Link),
            (_, "callbacks") => Many(Self::Callback),
            (_, "securitySchemes" | "securityDefinitions") => Many(Self::SecurityScheme),
            (_, "paths" | "webhooks" | "pathItems" | "x-webhooks") => Many(Self::Path),
            (_, "content" | "encoding") => Many(Self::Other),
            (_, "example" | "default" | "enum" | "value" | "dataValue") => Data,
            _ => One(Self::Other),
        }
    }
}

impl Holds {
    pub(super) fn member(self, key: &str) -> Self {
        match self {
            One(item) => item.member(key),
            Many(item) => One(item),
            Mapping | Data => Data,
        }
    }
}
