//! The rows of the table.

use super::{
    Field, Kind,
    Need::{Filled, Optional, Required},
    Rest, Shape,
    Want::{self, Any, Count, Flag, Is, Many, Map, Number, Text, TextMap, Texts, Values, Word},
};

const fn closed(name: &'static str, fields: &'static [Field]) -> Shape {
    Shape {
        name,
        fields,
        rest: Rest::Closed,
        referable: false,
    }
}

const fn referable(name: &'static str, fields: &'static [Field]) -> Shape {
    Shape {
        name,
        fields,
        rest: Rest::Closed,
        referable: true,
    }
}

pub(super) static ROOT: Shape = closed(
    "an OpenAPI document",
    &[
        ("openapi", Text, Required),
        ("info", Is(Kind::Info), Required),
        ("servers", Many(Kind::Server), Optional),
        ("paths", Is(Kind::Paths), Required),
        ("components", Is(Kind::Components), Optional),
        ("security", Many(Kind::SecurityRequirement), Optional),
        ("tags", Many(Kind::Tag), Optional),
        ("externalDocs", Is(Kind::ExternalDocs), Optional),
        // OpenAPI 3.1 calls them `webhooks`.
        ("x-webhooks", Map(Kind::PathItem), Optional),
    ],
);

pub(super) static INFO: Shape = closed(
    "the info object",
    &[
        ("title", Text, Required),
        ("description", Text, Optional),
        ("termsOfService", Text, Optional),
        ("contact", Is(Kind::Contact), Optional),
        ("license", Is(Kind::License), Optional),
        ("version", Text, Required),
    ],
);

pub(super) static CONTACT: Shape = closed(
    "a contact",
    &[
        ("name", Text, Optional),
        ("url", Text, Optional),
        ("email", Text, Optional),
    ],
);

pub(super) static LICENSE: Shape = closed(
    "a license",
    &[("name", Text, Filled), ("url", Text, Optional)],
);

pub(super) static SERVER: Shape = closed(
    "a server",
    &[
        ("url", Text, Required),
        ("description", Text, Optional),
        ("variables", Map(Kind::ServerVariable), Optional),
    ],
);

pub(super) static SERVER_VARIABLE: Shape = closed(
    "a server variable",
    &[
        ("enum", Texts, Optional),
        ("default", Text, Required),
        ("description", Text, Optional),
    ],
);

pub(super) static PATHS: Shape = Shape {
    name: "the paths object",
    fields: &[],
    rest: Rest::Members(
        Kind::PathItem,
        |key| key.starts_with('/'),
        "a path starts with `/`",
    ),
    referable: false,
};

/// The keys of a path item that hold operations.
pub(crate) const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

pub(super) static PATH_ITEM: Shape = referable(
    "a path item",
    &[
        ("summary", Text, Optional),
        ("description", Text, Optional),
        ("get", Is(Kind::Operation), Optional),
        ("put", Is(Kind::Operation), Optional),
        ("post", Is(Kind::Operation), Optional),
        ("delete", Is(Kind::Operation), Optional),
        ("options", Is(Kind::Operation), Optional),
        ("head", Is(Kind::Operation), Optional),
        ("patch", Is(Kind::Operation), Optional),
        ("trace", Is(Kind::Operation), Optional),
        ("servers", Many(Kind::Server), Optional),
        ("parameters", Many(Kind::Parameter), Optional),
    ],
);

pub(super) static OPERATION: Shape = closed(
    "an operation",
    &[
        ("tags", Texts, Optional),
        ("summary", Text, Optional),
        ("description", Text, Optional),
        ("externalDocs", Is(Kind::ExternalDocs), Optional),
        ("operationId", Text, Optional),
        ("parameters", Many(Kind::Parameter), Optional),
        ("requestBody", Is(Kind::RequestBody), Optional),
        ("responses", Is(Kind::Responses), Required),
        ("callbacks", Map(Kind::Callback), Optional),
        ("deprecated", Flag, Optional),
        ("security", Many(Kind::SecurityRequirement), Optional),
        ("servers", Many(Kind::Server), Optional),
    ],
);

pub(super) static EXTERNAL_DOCS: Shape = closed(
    "an external documentation object",
    &[("description", Text, Optional), ("url", Text, Filled)],
);

pub(super) static PARAMETER: Shape = referable(
    "a parameter",
    &[
        ("name", Text, Required),
        ("in", Word(&["query", "header", "path", "cookie"]), Required),
        ("description", Text, Optional),
        ("required", Flag, Optional),
        ("deprecated", Flag, Optional),
        ("allowEmptyValue", Flag, Optional),
        (
            "style",
            Word(&[
                "matrix",
                "label",
                "form",
                "simple",
                "spaceDelimited",
                "pipeDelimited",
                "deepObject",
            ]),
            Optional,
        ),
        ("explode", Flag, Optional),
        ("allowReserved", Flag, Optional),
        ("schema", Is(Kind::Schema), Optional),
        ("example", Any, Optional),
        ("examples", Map(Kind::Example), Optional),
        ("content", Map(Kind::MediaType), Optional),
    ],
);

/// The styles that a parameter may have, by its place.
pub(in super::super) fn styles(location: &str) -> &'static [&'static str] {
    match location {
        "path" => &["simple", "label", "matrix"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "cookie" => &["form"],
        _ => &["simple"],
    }
}

pub(super) static REQUEST_BODY: Shape = referable(
    "a request body",
    &[
        ("description", Text, Optional),
        ("content", Map(Kind::MediaType), Required),
        ("required", Flag, Optional),
    ],
);

pub(super) static MEDIA_TYPE: Shape = closed(
    "a media type",
    &[
        ("schema", Is(Kind::Schema), Optional),
        ("example", Any, Optional),
        ("examples", Map(Kind::Example), Optional),
        ("encoding", Map(Kind::Encoding), Optional),
    ],
);

pub(super) static ENCODING: Shape = closed(
    "an encoding",
    &[
        ("contentType", Text, Optional),
        ("headers", Map(Kind::Header), Optional),
        (
            "style",
            Word(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
            Optional,
        ),
        ("explode", Flag, Optional),
        ("allowReserved", Flag, Optional),
    ],
);

pub(super) static RESPONSES: Shape = Shape {
    name: "the responses of an operation",
    fields: &[("default", Is(Kind::Response), Optional)],
    rest: Rest::Members(
        Kind::Response,
        is_status,
        "a status is three digits, a range like `4XX`, or `default`",
    ),
    referable: false,
};

fn is_status(key: &str) -> bool {
    matches!(
        key.as_bytes(),
        [b'1'..=b'5', b'X', b'X'] | [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9']
    )
}

pub(super) static RESPONSE: Shape = referable(
    "a response",
    &[
        ("description", Text, Filled),
        ("headers", Map(Kind::Header), Optional),
        ("content", Map(Kind::MediaType), Optional),
        ("links", Map(Kind::Link), Optional),
    ],
);

pub(super) static CALLBACK: Shape = Shape {
    name: "a callback",
    fields: &[],
    rest: Rest::Members(
        Kind::PathItem,
        |key| !key.starts_with("x-"),
        "any expression",
    ),
    referable: true,
};

pub(super) static EXAMPLE: Shape = referable(
    "an example",
    &[
        ("summary", Text, Optional),
        ("description", Text, Optional),
        ("value", Any, Optional),
        ("externalValue", Text, Optional),
    ],
);

pub(super) static LINK: Shape = referable(
    "a link",
    &[
        ("operationRef", Text, Optional),
        ("operationId", Text, Optional),
        ("parameters", Want::ValueMap, Optional),
        ("requestBody", Any, Optional),
        ("description", Text, Optional),
        ("server", Is(Kind::Server), Optional),
    ],
);

pub(super) static HEADER: Shape = referable(
    "a header",
    &[
        ("description", Text, Optional),
        ("required", Flag, Optional),
        ("deprecated", Flag, Optional),
        ("allowEmptyValue", Flag, Optional),
        ("style", Word(&["simple"]), Optional),
        ("explode", Flag, Optional),
        ("allowReserved", Flag, Optional),
        ("schema", Is(Kind::Schema), Optional),
        ("example", Any, Optional),
        ("examples", Map(Kind::Example), Optional),
        ("content", Map(Kind::MediaType), Optional),
    ],
);

pub(super) static TAG: Shape = closed(
    "a tag",
    &[
        ("name", Text, Required),
        ("description", Text, Optional),
        ("externalDocs", Is(Kind::ExternalDocs), Optional),
    ],
);

pub(super) static SCHEMA: Shape = referable(
    "a schema",
    &[
        ("title", Text, Optional),
        ("description", Text, Optional),
        (
            "type",
            Word(&["string", "number", "integer", "boolean", "array", "object"]),
            Optional,
        ),
        ("format", Text, Optional),
        ("enum", Values, Optional),
        // Not in OpenAPI 3.0, but clear: normalised to an enum of one member.
        ("const", Any, Optional),
        ("default", Any, Optional),
        ("example", Any, Optional),
        ("nullable", Flag, Optional),
        ("multipleOf", Number, Optional),
        ("maximum", Number, Optional),
        ("exclusiveMaximum", Flag, Optional),
        ("minimum", Number, Optional),
        ("exclusiveMinimum", Flag, Optional),
        ("maxLength", Count, Optional),
        ("minLength", Count, Optional),
        ("pattern", Text, Optional),
        ("maxItems", Count, Optional),
        ("minItems", Count, Optional),
        ("uniqueItems", Flag, Optional),
        ("maxProperties", Count, Optional),
        ("minProperties", Count, Optional),
        ("required", Texts, Optional),
        ("properties", Map(Kind::Schema), Optional),
        ("additionalProperties", Want::FlagOrSchema, Optional),
        ("items", Is(Kind::Schema), Optional),
        ("allOf", Many(Kind::Schema), Optional),
        ("oneOf", Many(Kind::Schema), Optional),
        ("anyOf", Many(Kind::Schema), Optional),
        ("not", Is(Kind::Schema), Optional),
        ("discriminator", Is(Kind::Discriminator), Optional),
        ("readOnly", Flag, Optional),
        ("writeOnly", Flag, Optional),
        ("deprecated", Flag, Optional),
        ("xml", Is(Kind::Xml), Optional),
        ("externalDocs", Is(Kind::ExternalDocs), Optional),
    ],
);

pub(super) static DISCRIMINATOR: Shape = closed(
    "a discriminator",
    &[
        ("propertyName", Text, Required),
        // Of OpenAPI 3.2.
        ("defaultMapping", Text, Optional),
        ("mapping", TextMap, Optional),
    ],
);

pub(super) static XML: Shape = closed(
    "an XML object",
    &[
        ("name", Text, Optional),
        ("namespace", Text, Optional),
        ("prefix", Text, Optional),
        ("attribute", Flag, Optional),
        ("wrapped", Flag, Optional),
    ],
);

pub(super) static COMPONENTS: Shape = closed(
    "the components",
    &[
        ("schemas", Map(Kind::Schema), Optional),
        ("responses", Map(Kind::Response), Optional),
        ("parameters", Map(Kind::Parameter), Optional),
        ("examples", Map(Kind::Example), Optional),
        ("requestBodies", Map(Kind::RequestBody), Optional),
        ("headers", Map(Kind::Header), Optional),
        ("securitySchemes", Map(Kind::SecurityScheme), Optional),
        ("links", Map(Kind::Link), Optional),
        ("callbacks", Map(Kind::Callback), Optional),
    ],
);

pub(super) static SECURITY_SCHEME: Shape = referable(
    "a security scheme",
    &[
        (
            "type",
            Word(&["apiKey", "http", "oauth2", "openIdConnect"]),
            Required,
        ),
        ("description", Text, Optional),
        ("name", Text, Optional),
        ("in", Word(&["query", "header", "cookie"]), Optional),
        ("scheme", Text, Optional),
        ("bearerFormat", Text, Optional),
        ("flows", Is(Kind::Flows), Optional),
        ("openIdConnectUrl", Text, Optional),
    ],
);

/// The required keys of a security scheme, by its type.
pub(in super::super) fn scheme_needs(kind: &str) -> &'static [&'static str] {
    match kind {
        "apiKey" => &["name", "in"],
        "http" => &["scheme"],
        "oauth2" => &["flows"],
        "openIdConnect" => &["openIdConnectUrl"],
        _ => &[],
    }
}

pub(super) static SECURITY_REQUIREMENT: Shape = Shape {
    name: "a security requirement",
    fields: &[],
    rest: Rest::Texts,
    referable: false,
};

pub(super) static FLOWS: Shape = closed(
    "the OAuth flows",
    &[
        ("implicit", Is(Kind::ImplicitFlow), Optional),
        ("password", Is(Kind::TokenFlow), Optional),
        ("clientCredentials", Is(Kind::TokenFlow), Optional),
        ("authorizationCode", Is(Kind::CodeFlow), Optional),
    ],
);

pub(super) static IMPLICIT_FLOW: Shape = closed(
    "an implicit OAuth flow",
    &[
        ("authorizationUrl", Text, Filled),
        ("refreshUrl", Text, Optional),
        ("scopes", TextMap, Filled),
    ],
);

pub(super) static TOKEN_FLOW: Shape = closed(
    "an OAuth flow",
    &[
        ("tokenUrl", Text, Filled),
        ("refreshUrl", Text, Optional),
        ("scopes", TextMap, Filled),
    ],
);

pub(super) static CODE_FLOW: Shape = closed(
    "an OAuth authorization code flow",
    &[
        ("authorizationUrl", Text, Filled),
        ("tokenUrl", Text, Filled),
        ("refreshUrl", Text, Optional),
        ("scopes", TextMap, Filled),
    ],
);

pub(super) static OVERLAY: Shape = closed(
    "an overlay",
    &[
        ("overlay", Text, Required),
        ("info", Is(Kind::OverlayInfo), Required),
        ("extends", Text, Optional),
        ("actions", Many(Kind::Action), Required),
    ],
);

pub(super) static OVERLAY_INFO: Shape = closed(
    "the info object of an overlay",
    &[("title", Text, Required), ("version", Text, Required)],
);

pub(super) static ACTION: Shape = closed(
    "an overlay action",
    &[
        ("target", Text, Required),
        // Optional in the overlay specification; required here, so that every change has a reason.
        ("description", Text, Required),
        ("update", Any, Optional),
        ("remove", Flag, Optional),
    ],
);
