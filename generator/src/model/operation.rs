//! Calls: what they are made of and what they give.

use super::{Api, Field, Literal, Sample, Setter, Shape, Struct, TypeKind, TypeRef};

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Method: `list_checkout_kpis`.
    pub name: String,
    /// What it was called before: method and type of each name.
    pub formerly: Vec<(String, String)>,
    /// Type of the complete operation: `ListCheckoutKpis`. Its builder is this plus `Builder`.
    pub type_name: String,
    /// Name in errors and logs: `insight.list_checkout_kpis`.
    pub full_name: String,
    /// The file that it lies in, after its tag: `kpi`; in ASCII.
    pub file: String,
    /// One line.
    pub summary: String,
    /// The rest.
    pub docs: String,
    /// What of it nobody has confirmed.
    pub unconfirmed: Option<String>,
    /// Present when the operation is deprecated: since when, and what to use instead.
    pub deprecated: Option<String>,
    /// `GET`, `POST`, …
    pub method: String,
    /// `/accounts/{aid}/insight/kpi/checkout`.
    pub path: String,
    /// Index into [`Api::servers`].
    pub server: usize,
    /// Alternatives; each names all the schemes (indexes into [`Api::schemes`]) that it takes together. None: no
    /// authentication. An empty alternative: authentication is optional.
    pub security: Vec<Vec<usize>>,
    /// Scopes a token needs; any one of them is enough.
    pub scopes: Vec<String>,
    /// The operation that tells what became of this one, where nobody knows.
    pub settled_by: Option<OperationId>,
    /// Its answer may be another object than the one that its path names.
    pub may_answer_other: bool,
    /// The value by which the server carries the same request out once only, where it is there.
    pub idempotent_by: Option<ValuePlace>,
    /// Its answer is one page of a list.
    pub pagination: Option<Pagination>,
    /// The response header that carries the id of the call, where it has a name of its own.
    pub request_id_header: Option<String>,
    /// In the document's order; path parameters first.
    pub params: Vec<Param>,
    /// What is sent besides.
    pub body: Option<Body>,
    /// What a success gives.
    pub success: Responses,
    /// What a failure carries.
    pub error: Responses,
    /// Response headers over all statuses; read by name into the type `<Operation>Headers` when there are any.
    pub headers: Vec<Header>,
    /// Value of the `Accept` header; empty: anything.
    pub accept: String,
    /// JSON pointer into the document.
    pub place: String,
}

/// How the pages of a list hang together.
#[derive(Clone, Debug)]
pub struct Pagination {
    /// The way from the answer to the list; empty: the answer is the list.
    pub items: Vec<Step>,
    /// Type of an item.
    pub item: TypeRef,
    /// The next page begins behind the last item; otherwise where the answer says.
    pub behind_last: bool,
    /// The values that say where a page begins.
    pub cursor: Vec<CursorPart>,
}

/// One of the values that say where a page begins.
#[derive(Clone, Debug)]
pub struct CursorPart {
    /// The parameter on the wire: `starting_after`.
    pub wire: String,
    /// Where it is set.
    pub place: ValuePlace,
    /// Ways to its value for the next page, from the answer or the last item: the first one whose condition holds. The
    /// last one has none.
    pub sources: Vec<CursorSource>,
}

/// Which of the operations one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationId {
    /// Index into [`Api::groups`].
    pub group: usize,
    /// Index into the group's operations.
    pub position: usize,
}

impl Api {
    /// The operation.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.groups.get(id.group)?.operations.get(id.position)
    }

    /// The struct of a type.
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

/// Which of the values of an operation one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuePlace {
    /// A parameter: index into [`Operation::params`].
    Param(usize),
    /// A member of the body: index into the fields of its struct.
    Member(usize),
}

/// A way to the value of a cursor.
#[derive(Clone, Debug)]
pub struct CursorSource {
    /// Optional parameters (indices into [`Operation::params`]); it is this way if one of them is set. Empty: always.
    pub when: Vec<usize>,
    /// The way.
    pub way: Vec<Step>,
}

/// A step from an object to its member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// On the wire.
    pub wire: String,
    /// Rust name of the field.
    pub field: String,
    /// How the field holds its value.
    pub shape: Shape,
}

/// Where the value is by which a server knows a repetition.
#[derive(Clone, Copy, Debug)]
pub enum Idempotency<'a> {
    /// A parameter.
    Param(&'a Param),
    /// A member of the body.
    Member(&'a Body, &'a Field),
}

impl Idempotency<'_> {
    /// Its name on the wire.
    #[must_use]
    pub fn wire(&self) -> &str {
        match self {
            Self::Param(param) => &param.wire,
            Self::Member(_, field) => &field.wire,
        }
    }

    /// Whether every request has it.
    #[must_use]
    pub fn required(&self) -> bool {
        match self {
            Self::Param(param) => param.required,
            Self::Member(body, field) => body.required && field.required,
        }
    }
}

impl Operation {
    /// The value of [`idempotent_by`](Self::idempotent_by).
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

/// Where the answer says which object it is, and where that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The identifier in the path.
    pub requested: &'a Param,
    /// The same identifier in the response.
    pub returned: &'a Field,
}

impl Operation {
    /// The identifier of the path that the response repeats as its `id`, by its type: that of a transaction says nothing of a
    /// session.
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
    /// Rust name of the field that keeps it in the operation.
    pub field: String,
    /// How the operation's builder sets it; none where the method takes it as an argument.
    pub setter: Option<Setter>,
    /// Its type (the element type's list for arrays).
    pub ty: TypeRef,
    /// What the document says, constraints included.
    pub docs: String,
    /// What of it nobody has confirmed.
    pub unconfirmed: Option<String>,
    /// Where it goes.
    pub location: Location,
    /// How it is written.
    pub style: Style,
    /// Reserved characters are sent as they are (query only).
    pub reserved: bool,
    /// Has to be given.
    pub required: bool,
    /// Given as an argument of the method instead of by setter (path parameters that the client does not fill in).
    pub argument: bool,
    /// Filled in by the client under this name (`account`) unless set; never required of the user.
    pub client_value: Option<String>,
    /// The only value it can have: sent unless the setter says otherwise. Then not required of the user.
    pub default: Option<Literal>,
    /// Unless it is set, a new key is made up for each complete operation (`Idempotency-Key`).
    pub made_up: bool,
    /// Checked before anything is sent.
    pub rules: Vec<Rule>,
    /// Present when deprecated.
    pub deprecated: Option<String>,
    /// A valid value.
    pub sample: Sample,
    /// JSON pointer into the document.
    pub place: String,
}

impl Param {
    /// Without it there is no request.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.required && !self.argument && self.client_value.is_none() && self.default.is_none()
    }
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
    /// Into the `Cookie` header.
    Cookie,
}

/// How a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One value.
    Single,
    /// The key once per item (`form`, exploded); for an object: its properties as keys of their own.
    Repeat,
    /// Items joined by this text: `,` (`form` not exploded, `simple`), ` ` or `|`; for an object: `key,value,…`.
    Joined(char),
    /// `simple`, exploded: `key=value,…` for an object.
    Exploded,
    /// `.value`
    Label {
        /// Each item, and each `key=value` of an object, has a dot of its own.
        explode: bool,
    },
    /// `;name=value`
    Matrix {
        /// Each item, and each `key=value` of an object, has a semicolon of its own.
        explode: bool,
    },
    /// `name[property]=value`.
    DeepObject,
    /// As JSON text (`content: application/json`).
    Json,
}

/// A rule that is checked before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A list has at least so many items.
    MinItems(u64),
    /// A list has at most so many items.
    MaxItems(u64),
    /// These values stand in a list only beside one that is not among them.
    NeedsCompanion(Vec<String>),
    /// A text has at least so many characters.
    MinLength(u64),
    /// A text has at most so many characters.
    MaxLength(u64),
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// How it is written.
    pub encoding: BodyEncoding,
    /// Its type.
    pub ty: TypeRef,
    /// How the operation's builder sets it.
    pub set: BodySet,
    /// May not be left out.
    pub required: bool,
    /// What the document says about it.
    pub docs: String,
    /// Media type sent: `application/json`.
    pub media_type: String,
    /// A valid value.
    pub sample: Sample,
}

/// How the builder of an operation sets the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodySet {
    /// As a whole.
    Whole(Setter),
    /// By the members of its struct: a setter for each of the fields that requests have.
    Members(Vec<Option<Setter>>),
}

/// How the members of a form are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Members whose encoding the document describes.
    pub parts: Vec<Part>,
    /// The others are `key[member]`, too: one of those described is.
    pub is_deep: bool,
}

/// How a member of a form is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// On the wire.
    pub wire: String,
    /// [`Style::Repeat`], [`Style::Joined`], [`Style::DeepObject`], [`Style::Json`]; [`Style::Single`]: as without a
    /// description.
    pub style: Style,
    /// Reserved characters are sent as they are.
    pub reserved: bool,
}

/// How the body of a request is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyEncoding {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`: a struct.
    Form(Form),
    /// Text, as it is.
    Text,
    /// Bytes, as they are.
    Bytes,
}

/// How the body of a response is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadEncoding {
    /// JSON.
    Json,
    /// Text, as it is.
    Text,
    /// Bytes, as they are.
    Bytes,
    /// No body, but where a status of the class 3xx leads.
    Redirect,
}

/// What an operation gives back, for its successes or for its failures.
#[derive(Clone, Debug)]
pub struct Responses {
    /// The statuses the document names, in its order (`2XX` patterns and `default` last).
    pub cases: Vec<Case>,
    /// The Rust type of it.
    pub shape: ResponseShape,
}

/// The Rust type of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseShape {
    /// No case has a body: `()`.
    Unit,
    /// All cases with a body have this one payload; a case without a body makes it `Option` when `optional`.
    Single {
        /// The payload.
        payload: Payload,
        /// A case without a body stands beside it.
        optional: bool,
    },
    /// Cases differ: an enum of this name with one variant per case (and `Other` for an undeclared status).
    Enum(String),
}

/// One documented status.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which statuses.
    pub status: Status,
    /// Variant in the enum, where there is one: `Accepted`.
    pub variant: String,
    /// The body; none when the status has none.
    pub payload: Option<Payload>,
    /// What the document says about it.
    pub docs: String,
}

/// Which statuses a case stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// This one.
    Code(u16),
    /// All of this class: 4 for `4XX`.
    Class(u16),
    /// Any other.
    Default,
}

impl Status {
    /// Whether it sends the caller to another place.
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
    /// How it is read.
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
    /// A simple type or string enum.
    pub ty: TypeRef,
    /// What the document says, and the statuses it comes with.
    pub docs: String,
}
