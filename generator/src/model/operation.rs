//! Operations: their requests and their responses.

use super::{Api, Field, Literal, Sample, Setter, Shape, Struct, TypeKind, TypeRef};

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Method: `list_checkout_kpis`.
    pub name: String,
    /// Former names: method and type of each.
    pub formerly: Vec<(String, String)>,
    /// Type of the complete operation: `ListCheckoutKpis`. The name of its builder ends in `Builder`.
    pub type_name: String,
    /// Type of the operation whose response types it has: itself, or the same operation with another media type of the body.
    pub family: String,
    /// Name in errors and logs: `insight.list_checkout_kpis`.
    pub full_name: String,
    /// Name of the file that contains it, from its tag: `kpi`; ASCII.
    pub file: String,
    /// The summary, on one line.
    pub summary: String,
    /// The rest of the description.
    pub docs: String,
    /// Facts about it that are not confirmed.
    pub unconfirmed: Option<String>,
    /// Present when the operation is deprecated: since which version, and the replacement.
    pub deprecated: Option<String>,
    /// `GET`, `POST`, …
    pub method: String,
    /// `/accounts/{aid}/insight/kpi/checkout`.
    pub path: String,
    /// Index into [`Api::servers`].
    pub server: usize,
    /// Alternatives; each lists the schemes (indexes into [`Api::schemes`]) that it combines. No alternatives: no
    /// authentication. An empty alternative: authentication is optional.
    pub security: Vec<Vec<usize>>,
    /// OAuth scopes; the token needs one of them.
    pub scopes: Vec<String>,
    /// The operation that returns the outcome of this one, if the outcome is unknown.
    pub settled_by: Option<OperationId>,
    /// The response may be another object than the one in the path.
    pub may_answer_other: bool,
    /// The value by which the server recognizes a retry and executes the request at most once, if it is set.
    pub idempotent_by: Option<ValuePlace>,
    /// Present when the response is one page of a list.
    pub pagination: Option<Pagination>,
    /// Present when the response can be read as a stream.
    pub stream: Option<Stream>,
    /// Other media types of the response.
    pub offers: Vec<Offer>,
    /// The response header with the id of the request, if it has a name of its own.
    pub request_id_header: Option<String>,
    /// In the document's order; path parameters first.
    pub params: Vec<Param>,
    /// Parameters with a single possible value, which each request has.
    pub constants: Vec<super::ConstantParam>,
    /// The request body.
    pub body: Option<Body>,
    /// Responses with a success status.
    pub success: Responses,
    /// Error responses.
    pub error: Responses,
    /// Response headers over all statuses; read by name into the type `<Operation>Headers` when there are any.
    pub headers: Vec<Header>,
    /// Value of the `Accept` header; empty: anything.
    pub accept: String,
    /// JSON pointer into the document.
    pub place: String,
}

/// Another media type of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Media type: `application/pdf`.
    pub media_type: String,
    /// In the names of its methods: `pdf`.
    pub name: String,
    /// Its value.
    pub payload: Payload,
    /// Whether another success has no body.
    pub optional: bool,
}

/// A response that is a stream of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Media type: `text/event-stream`.
    pub media_type: String,
    /// How its items are separated.
    pub format: StreamFormat,
    /// Type of the data of an item.
    pub item: TypeRef,
    /// Whether the data is text, not JSON.
    pub is_text: bool,
    /// Whether items that are not JSON may be text.
    pub may_be_text: bool,
    /// The text that ends the stream.
    pub end: Option<String>,
}

/// How the items of a stream are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFormat {
    /// Server-sent events.
    Events,
    /// A JSON value per line.
    Lines,
    /// A JSON text sequence.
    Sequence,
}

/// Pagination of a list.
#[derive(Clone, Debug)]
pub struct Pagination {
    /// Path from the response to the list; empty when the response is the list.
    pub items: Vec<Step>,
    /// Type of an item.
    pub item: TypeRef,
    /// The next page starts after the last item; otherwise the response contains its cursor.
    pub behind_last: bool,
    /// The values that set where a page starts.
    pub cursor: Vec<CursorPart>,
}

/// One of the values that set where a page starts.
#[derive(Clone, Debug)]
pub struct CursorPart {
    /// The parameter on the wire: `starting_after`.
    pub wire: String,
    /// Where it is set.
    pub place: ValuePlace,
    /// Sources of its value for the next page, in the response or in the last item. The first one whose condition is
    /// true applies; the last one has no condition.
    pub sources: Vec<CursorSource>,
}

/// Identifies an operation of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationId {
    /// Index into [`Api::groups`].
    pub group: usize,
    /// Index into the group's operations.
    pub position: usize,
}

impl Api {
    /// Returns the operation.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.groups.get(id.group)?.operations.get(id.position)
    }

    /// Returns the struct of a type.
    #[must_use]
    pub fn object(&self, ty: &TypeRef) -> Option<&Struct> {
        let TypeRef::Named(name) = ty else {
            return None;
        };
        match &self.types.get(name)?.kind {
            TypeKind::Struct(object) => Some(object),
            _ => None,
        }
    }
}

/// Identifies a value of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuePlace {
    /// A parameter: index into [`Operation::params`].
    Param(usize),
    /// A member of the body: index into the fields of its struct.
    Member(usize),
}

/// A source of the value of a cursor.
#[derive(Clone, Debug)]
pub struct CursorSource {
    /// Optional parameters (indices into [`Operation::params`]): the source applies if one of them is set. Empty:
    /// always.
    pub when: Vec<usize>,
    /// Path to the value.
    pub way: Vec<Step>,
}

/// A step from an object to its member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// On the wire.
    pub wire: String,
    /// Rust name of the field.
    pub field: String,
    /// Shape of the field.
    pub shape: Shape,
}

/// The value by which a server recognizes a retry.
#[derive(Clone, Copy, Debug)]
pub enum Idempotency<'a> {
    /// A parameter.
    Param(&'a Param),
    /// A member of the body.
    Member(&'a Body, &'a Field),
}

impl Idempotency<'_> {
    /// Returns its name on the wire.
    #[must_use]
    pub fn wire(&self) -> &str {
        match self {
            Self::Param(param) => &param.wire,
            Self::Member(_, field) => &field.wire,
        }
    }

    /// Returns whether every request has it.
    #[must_use]
    pub fn required(&self) -> bool {
        match self {
            Self::Param(param) => param.required,
            Self::Member(body, field) => body.required && field.required,
        }
    }
}

impl Operation {
    /// Returns whether it is another operation with a further media type of the body.
    #[must_use]
    pub fn is_further(&self) -> bool {
        self.type_name != self.family
    }

    /// Returns the value of [`idempotent_by`](Self::idempotent_by).
    #[must_use]
    pub fn idempotency<'a>(&'a self, api: &'a Api) -> Option<Idempotency<'a>> {
        match self.idempotent_by? {
            ValuePlace::Param(index) => self.params.get(index).map(Idempotency::Param),
            ValuePlace::Member(index) => {
                let body = self.body.as_ref()?;
                let field = api.object(&body.ty)?.fields.get(index)?;
                Some(Idempotency::Member(body, field))
            }
        }
    }
}

/// The identifier of an object in the request and in the response.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The identifier in the path.
    pub requested: &'a Param,
    /// The same identifier in the response.
    pub returned: &'a Field,
}

impl Operation {
    /// Returns the identifier of the path that the response repeats as its `id`. Matched by type: the `id` of a
    /// transaction is not that of a session.
    #[must_use]
    pub fn identity<'a>(&'a self, api: &'a Api) -> Option<Identity<'a>> {
        let ResponseShape::Single {
            payload,
            optional: false,
        } = &self.success.shape
        else {
            return None;
        };
        let object = api.object(&payload.ty)?;
        let returned = object.fields.iter().find(|field| field.wire == "id")?;
        let TypeRef::Named(id) = &returned.ty else {
            return None;
        };
        let is_id = matches!(api.types.get(id)?.kind, TypeKind::Id { .. });
        let mut requested = self.params.iter().filter(|param| {
            param.location == Location::Path && param.argument && param.ty == returned.ty
        });
        match (requested.next(), requested.next()) {
            (Some(requested), None) if is_id && !self.may_answer_other => Some(Identity {
                requested,
                returned,
            }),
            _ => None,
        }
    }
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name on the wire: `created_at.gte`.
    pub wire: String,
    /// Rust name: `created_at_gte`.
    pub name: String,
    /// Rust name of the field of the operation that holds it.
    pub field: String,
    /// Its setter in the operation's builder; none if the method takes it as an argument.
    pub setter: Option<Setter>,
    /// Its type (for arrays, a list of the element type).
    pub ty: TypeRef,
    /// Description in the document, constraints included.
    pub docs: String,
    /// Facts about it that are not confirmed.
    pub unconfirmed: Option<String>,
    /// Its location in the request.
    pub location: Location,
    /// Its serialization.
    pub style: Style,
    /// Whether reserved characters are sent unescaped (query), or all (cookie).
    pub reserved: bool,
    /// Whether the parameter is required.
    pub required: bool,
    /// Whether the method takes it as an argument instead of a setter (path parameters that the client does not fill
    /// in).
    pub argument: bool,
    /// The value of the client that it defaults to (`account`); never required of the user.
    pub client_value: Option<String>,
    /// Its only possible value: the default, so that the parameter is not required of the user.
    pub default: Option<Literal>,
    /// Whether each complete operation gets a new key if it is not set (`Idempotency-Key`).
    pub made_up: bool,
    /// Rules that are checked before the request is sent.
    pub rules: Vec<Rule>,
    /// Present when deprecated.
    pub deprecated: Option<String>,
    /// A valid value.
    pub sample: Sample,
    /// JSON pointer into the document.
    pub place: String,
}

impl Param {
    /// Returns whether a user must set it.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.required && !self.argument && self.client_value.is_none() && self.default.is_none()
    }
}

/// Location of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// The path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// The `Cookie` header.
    Cookie,
}

/// Serialization of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One value.
    Single,
    /// The key once per item (`form`, exploded); for an object, each property as a key of its own.
    Repeat,
    /// Items joined by this text: `,` (`form` not exploded, `simple`), ` `, `|` or a tab; for an object: `key,value,…`.
    Joined(char),
    /// `simple`, exploded: `key=value,…` for an object.
    Exploded,
    /// `.value`
    Label {
        /// Whether each item, and each `key=value` of an object, has its own dot.
        explode: bool,
    },
    /// `;name=value`
    Matrix {
        /// Whether each item, and each `key=value` of an object, has its own semicolon.
        explode: bool,
    },
    /// `name[property]=value`.
    DeepObject,
    /// As JSON text (`content: application/json`).
    Json,
}

/// A rule that is checked before a request is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Minimum number of items of a list.
    MinItems(u64),
    /// Maximum number of items of a list.
    MaxItems(u64),
    /// Values that are valid in a list only together with another value.
    NeedsCompanion(Vec<String>),
    /// A text has at least so many characters.
    MinLength(u64),
    /// A text has at most so many characters.
    MaxLength(u64),
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its encoding.
    pub encoding: BodyEncoding,
    /// Its type.
    pub ty: TypeRef,
    /// Its setters in the operation's builder.
    pub set: BodySet,
    /// Whether the body is required.
    pub required: bool,
    /// Description in the document.
    pub docs: String,
    /// Media type: `application/json`.
    pub media_type: String,
    /// A valid value.
    pub sample: Sample,
}

/// Setters of the body in the builder of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodySet {
    /// As a whole.
    Whole(Setter),
    /// One setter for each member of its struct that requests have.
    Members(Vec<Option<Setter>>),
}

/// Serialization of the members of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Members whose encoding the document describes.
    pub parts: Vec<Part>,
    /// Whether the other members are written as `key[member]`, too, because one of the described ones is.
    pub is_deep: bool,
}

/// Serialization of a member of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// On the wire.
    pub wire: String,
    /// [`Style::Repeat`], [`Style::Joined`], [`Style::DeepObject`], [`Style::Json`]; [`Style::Single`]: the default of
    /// forms.
    pub style: Style,
    /// Whether reserved characters are sent unescaped.
    pub reserved: bool,
    /// In a multipart body, the media type of the part, if it is not the default.
    pub media_type: Option<String>,
}

/// Encoding of a request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyEncoding {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`: a struct.
    Form(Form),
    /// `multipart/form-data`, or another multipart type: a struct.
    Multipart(Form),
    /// Plain text.
    Text,
    /// Bytes.
    Bytes,
}

/// Encoding of a response body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadEncoding {
    /// JSON.
    Json,
    /// Plain text.
    Text,
    /// Text, or a JSON string if the `Content-Type` of the response is that of JSON.
    TextOrJson,
    /// Bytes.
    Bytes,
    /// No body: the target of a redirect with a status of the class 3xx.
    Redirect,
}

/// The responses of an operation: all successes, or all errors.
#[derive(Clone, Debug)]
pub struct Responses {
    /// The statuses the document names, in its order (`2XX` patterns and `default` last).
    pub cases: Vec<Case>,
    /// Their Rust type.
    pub shape: ResponseShape,
}

/// The Rust type of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseShape {
    /// No case has a body: `()`.
    Unit,
    /// All cases with a body have this payload; it is an `Option` when another case has no body.
    Single {
        /// The payload.
        payload: Payload,
        /// Whether another case has no body.
        optional: bool,
    },
    /// The cases differ: an enum of this name with one variant per case (and `Other` for an undeclared status).
    Enum(String),
}

/// One documented status.
#[derive(Clone, Debug)]
pub struct Case {
    /// The statuses of the case.
    pub status: Status,
    /// Variant in the enum, where there is one: `Accepted`.
    pub variant: String,
    /// The body, if the status has one.
    pub payload: Option<Payload>,
    /// Description in the document.
    pub docs: String,
}

/// Statuses of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// One status.
    Code(u16),
    /// All statuses of a class: 4 for `4XX`.
    Class(u16),
    /// Any other status.
    Default,
}

impl Status {
    /// Returns whether the status is a redirect.
    #[must_use]
    pub fn is_redirect(self) -> bool {
        match self {
            Self::Code(code) => (300..=399).contains(&code) && code != 304,
            Self::Class(class) => class == 3,
            Self::Default => false,
        }
    }
}

/// A response body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Its encoding.
    pub encoding: PayloadEncoding,
    /// Its type: [`TypeRef::String`] for text, [`TypeRef::Bytes`] for bytes.
    pub ty: TypeRef,
}

/// A response header.
#[derive(Clone, Debug)]
pub struct Header {
    /// Name on the wire.
    pub wire: String,
    /// Rust field.
    pub name: String,
    /// Its type: a simple type or a string enum.
    pub ty: TypeRef,
    /// Description in the document, and the statuses that have the header.
    pub docs: String,
}
