//! The API as Rust sees it. Knows neither OpenAPI nor tokens: every name here is a finished Rust name, every decision
//! (what is optional, what is a list, which type a value has) has been taken.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Method on the client and name of the file: `insight`.
    pub name: String,
    /// Type: `Insight`.
    pub type_name: String,
    /// What the document says about the group.
    pub docs: String,
    /// In the document's order.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Method: `list_checkout_kpis`.
    pub name: String,
    /// Type of the complete operation: `ListCheckoutKpis`. Its builder is this plus `Builder`.
    pub type_name: String,
    /// Name in errors and logs: `insight.list_checkout_kpis`.
    pub full_name: String,
    /// One line.
    pub summary: String,
    /// The rest.
    pub docs: String,
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
    /// The operation that tells what became of this one, where nobody knows: `get_transaction`.
    pub settled_by: Option<String>,
    /// The value by which the server carries the same request out once only, where it is there.
    pub idempotent_by: Option<String>,
    /// Its answer is one page of a list.
    pub pagination: Option<Pagination>,
    /// The response header that carries the id of the call, where it has a name of its own.
    pub request_id_header: Option<String>,
    /// In the document's order; path parameters first.
    pub params: Vec<Param>,
    /// What is sent besides.
    pub body: Option<Body>,
    /// What a success gives.
    pub answer: Answer,
    /// What a failure carries.
    pub failure: Answer,
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
    /// Rust name of the parameter.
    pub field: String,
    /// It is a member of the body.
    pub in_body: bool,
    /// Ways to its value for the next page, from the answer or the last item: the first one whose condition holds. The
    /// last one has none.
    pub sources: Vec<CursorSource>,
}

/// A way to the value of a cursor.
#[derive(Clone, Debug)]
pub struct CursorSource {
    /// Rust names of optional parameters; it is this way if one of them is set. Empty: always.
    pub when: Vec<String>,
    /// The way.
    pub way: Vec<Step>,
}

/// A step from an object to its member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
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
    /// Where the value of [`idempotent_by`](Self::idempotent_by) is.
    #[must_use]
    pub fn idempotency<'a>(&'a self, api: &'a Api) -> Option<Idempotency<'a>> {
        let wire = self.idempotent_by.as_ref()?;
        let mut params = self.params.iter();
        if let Some(param) =
            params.find(|param| param.wire == *wire && param.client_value.is_none())
        {
            return Some(Idempotency::Param(param));
        }
        let body = self.body.as_ref()?;
        let TypeRef::Named(name) = &body.ty else {
            return None;
        };
        let TypeKind::Struct(object) = &api.types.get(name)?.kind else {
            return None;
        };
        let mut fields = object.fields.iter();
        let field = fields.find(|field| field.wire == *wire)?;
        Some(Idempotency::Member(body, field))
    }
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name on the wire: `created_at.gte`.
    pub wire: String,
    /// Rust name of field and setter: `created_at_gte`.
    pub name: String,
    /// Its type (the element type's list for arrays).
    pub ty: TypeRef,
    /// What the document says, constraints included.
    pub docs: String,
    /// Where it goes.
    pub location: Location,
    /// How it is written.
    pub style: Style,
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
    pub encoding: Encoding,
    /// Its type. When this names a struct and `flatten` is set, the struct's fields are setters of the operation.
    pub ty: TypeRef,
    /// The struct's fields are set on the operation's builder instead of by `.body(…)`.
    pub flatten: bool,
    /// May not be left out.
    pub required: bool,
    /// What the document says about it.
    pub docs: String,
    /// Media type sent: `application/json`.
    pub media_type: String,
    /// A valid value.
    pub sample: Sample,
}

/// How a body is written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded` (request only): a flat struct.
    Form,
    /// Text, as it is.
    Text,
    /// Bytes, as they are.
    Bytes,
    /// No body, but where a 3xx leads (answers only).
    Redirect,
}

/// What an operation gives back, for its successes or for its failures.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The statuses the document names, in its order (`2XX` patterns and `default` last).
    pub cases: Vec<Case>,
    /// The Rust type of it.
    pub shape: AnswerShape,
}

/// The Rust type of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerShape {
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
    pub encoding: Encoding,
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

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TypeRef {
    /// `String`
    String,
    /// `bool`
    Bool,
    /// `i64`
    Integer,
    /// `rt::Number`: a JSON number, exact when integral.
    Number,
    /// `f64`, where the document says `float` or `double`.
    Float,
    /// `rt::Timestamp` (`date-time`).
    Timestamp,
    /// `rt::Date` (`date`).
    Date,
    /// `rt::Bytes`: bodies only.
    Bytes,
    /// `rt::Json`: any JSON value. An untyped hole.
    Json,
    /// `rt::JsonObject`: an object of any shape. An untyped hole.
    JsonObject,
    /// A type of [`Api::types`].
    Named(String),
    /// A type of the runtime crate, by name at its root: `AccountId`.
    Runtime(String),
    /// `Vec<T>`
    List(Box<TypeRef>),
    /// `rt::Map<T>`, keyed by text.
    Map(Box<TypeRef>),
    /// `Option<T>` inside a list or map: the document allows `null` there.
    Nullable(Box<TypeRef>),
    /// `Box<T>`: a type that contains itself, directly or through others.
    Boxed(Box<TypeRef>),
}

/// A constant of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A text.
    String(String),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
    /// A variant of a generated enum: its type and variant.
    Variant(String, String),
}

/// A value for examples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sample {
    /// Whatever the type has first: a member of an enum, an object, a variant.
    #[default]
    OfType,
    /// A text, or what a member of an enum is on the wire.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Another number, as Rust writes it.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// A list of these.
    List(Vec<Sample>),
    /// An object with one member.
    Map(Box<Sample>),
    /// None is known to be valid: why.
    Unknown(String),
}

/// A generated type.
#[derive(Clone, Debug)]
pub struct Type {
    /// What the document says.
    pub docs: String,
    /// Present when deprecated.
    pub deprecated: Option<String>,
    /// Present when a value must not be passed over: why, and what to do with it.
    pub must_use: Option<String>,
    /// What it is.
    pub kind: TypeKind,
    /// Which way it travels.
    pub usage: Usage,
    /// The module that has it, where that is another one.
    pub origin: Option<String>,
    /// JSON pointer to its first place in the document.
    pub place: String,
}

impl Type {
    /// Adds the names of the types that it is made of.
    pub(crate) fn names(&self, found: &mut BTreeSet<String>) {
        let mut add = |ty: &TypeRef| ty.name(found);
        match &self.kind {
            TypeKind::Struct(object) => {
                object.fields.iter().for_each(|field| add(&field.ty));
                object.additional.iter().for_each(add);
            }
            TypeKind::Union(union) => union.variants.iter().for_each(|variant| add(&variant.ty)),
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Id => {}
        }
    }
}

impl TypeRef {
    pub(crate) fn name(&self, found: &mut BTreeSet<String>) {
        match self {
            Self::Named(name) => drop(found.insert(name.clone())),
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) | Self::Boxed(inner) => {
                inner.name(found);
            }
            _ => {}
        }
    }
}

/// Which way a type travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// It is part of a request.
    pub sent: bool,
    /// It is part of an answer.
    pub received: bool,
}

/// What a generated type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object.
    Struct(Struct),
    /// A text out of a list that may grow.
    StringEnum(Vec<Member<String>>),
    /// A whole number out of a list that may grow.
    IntegerEnum(Vec<Member<i64>>),
    /// One of several types.
    Union(Union),
    /// An identifier: a newtype over `String`.
    Id,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<T> {
    /// On the wire.
    pub wire: T,
    /// Variant.
    pub variant: String,
    /// What the document says about it; empty: the wire value says it.
    pub docs: String,
}

/// An object.
#[derive(Clone, Debug)]
pub struct Struct {
    /// In the document's order.
    pub fields: Vec<Field>,
    /// Members that always have one text (discriminators): written by the type itself, not asked for. Wire name, value.
    pub constants: Vec<(String, String)>,
    /// What members beyond `fields` are; the field is called `additional`.
    pub additional: Option<TypeRef>,
    /// Emit `Type::builder()`. Not set when nothing but one operation's flattened body needs it.
    pub builder: bool,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// On the wire.
    pub wire: String,
    /// Rust name of field and setter.
    pub name: String,
    /// Its type, without the wrapper that `shape` says.
    pub ty: TypeRef,
    /// What the document says, constraints included.
    pub docs: String,
    /// The wrapper.
    pub shape: Shape,
    /// The builder demands it.
    pub required: bool,
    /// The only value it can have: the builder fills it in unless the setter says otherwise (then not required).
    pub default: Option<Literal>,
    /// Present when deprecated.
    pub deprecated: Option<String>,
    /// A valid value.
    pub sample: Sample,
    /// JSON pointer into the document.
    pub place: String,
}

/// How a field holds its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `T`. Always written; an answer without it is an error.
    Bare,
    /// `Vec<T>` or `Map<T>`; absent and `null` read as empty. Always written.
    OrEmpty,
    /// `Option<T>`; absent and `null` read as `None`, `None` is not written.
    Optional,
    /// `Option<T>`; `None` is written as `null`.
    NullOr,
    /// `Option<rt::Nullable<T>>`: absent, `null` and a value are three things.
    OptionalNullable,
}

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The member that tells which; none: told by shape.
    pub tag: Option<String>,
    /// In the document's order.
    pub variants: Vec<Variant>,
}

/// A type that a union can be.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Rust name.
    pub name: String,
    /// What it holds.
    pub ty: TypeRef,
    /// Values of the tag that mean this one.
    pub tags: Vec<String>,
    /// Without a tag: what JSON it looks like.
    pub json: JsonKind,
    /// Without a tag: members that an object of this kind always has.
    pub required: Vec<String>,
}

/// A kind of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A list.
    Array,
    /// An object.
    Object,
    /// Any of them.
    Any,
}
