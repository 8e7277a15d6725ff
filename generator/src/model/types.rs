//! Types and values.

use std::{collections::BTreeSet, fmt};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TypeRef {
    /// `String`
    String,
    /// `bool`
    Bool,
    /// `i64`
    Integer,
    /// `u64`, where the document allows values beyond `i64`.
    Unsigned,
    /// `rt::BigInteger`, where the document allows more than 64 bits.
    Big,
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
    /// `rt::File`: members of multipart bodies only.
    File,
    /// `rt::Json`: any JSON value, untyped.
    Json,
    /// `rt::JsonObject`: an object with any members, untyped.
    JsonObject,
    /// A type of [`Api::types`](super::Api::types).
    Named(String),
    /// A type of the runtime crate.
    Runtime(RuntimeType),
    /// `rt::List<T>`
    List(Box<TypeRef>),
    /// `rt::OneOrList<T>`: a list, or a single item without brackets.
    OneOrList(Box<TypeRef>),
    /// `rt::Map<T>`, with strings as keys.
    Map(Box<TypeRef>),
    /// `Option<T>` inside a list or map: the document allows `null` there.
    Nullable(Box<TypeRef>),
    /// `Box<T>`: an object that may be missing, or a type that contains itself, directly or through others.
    Boxed(Box<TypeRef>),
    /// `rt::Deep<T>`: a box that hides its content from the trait checks of the compiler, where types are nested too
    /// deeply.
    Deep(Box<TypeRef>),
}

/// A type at the root of the runtime crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuntimeType {
    /// An account id: a string.
    AccountId,
    /// A whole number of minor units.
    Amount,
    /// A currency code: a string.
    Currency,
    /// The target of a response with a status of the class 3xx.
    Redirect,
}

impl RuntimeType {
    /// `AccountId`
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountId => "AccountId",
            Self::Amount => "Amount",
            Self::Currency => "Currency",
            Self::Redirect => "Redirect",
        }
    }
}

/// A constant in the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A string.
    String(String),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
    /// A variant of a generated enum: its type and variant.
    Variant(String, String),
}

/// A sample value for examples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sample {
    /// The first value of the type: a member of an enum, an object, a variant.
    #[default]
    OfType,
    /// A string, or the wire value of a member of an enum.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Another number, as a Rust literal.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// A list.
    List(Vec<Sample>),
    /// An object with one member.
    Map(Box<Sample>),
    /// No valid value is known, for this reason.
    Unknown(String),
}

/// A generated type.
#[derive(Clone, Debug)]
pub struct Type {
    /// Description in the document.
    pub docs: String,
    /// Facts about it that are not confirmed.
    pub unconfirmed: Option<String>,
    /// Present when deprecated.
    pub deprecated: Option<String>,
    /// Present when a value must not be ignored: the reason, and the next step.
    pub must_use: Option<String>,
    /// Its kind.
    pub kind: TypeKind,
    /// The direction in which it is sent.
    pub usage: Usage,
    /// The module that defines it, if that is another one.
    pub origin: Option<String>,
    /// JSON pointer to its first place in the document.
    pub place: String,
}

impl Type {
    /// Adds the names of the types that it contains.
    pub(crate) fn names(&self, found: &mut BTreeSet<String>) {
        let mut add = |ty: &TypeRef| ty.name(found);
        match &self.kind {
            TypeKind::Struct(object) => {
                object.fields.iter().for_each(|field| add(&field.ty));
                object.additional.iter().for_each(add);
            }
            TypeKind::Union(union) => union.variants.iter().for_each(|variant| add(&variant.ty)),
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Id { .. } => {}
        }
    }
}

impl TypeRef {
    /// Returns whether it contains a [`TypeRef::Deep`].
    pub fn is_deep(&self) -> bool {
        match self {
            Self::Deep(_) => true,
            Self::List(inner)
            | Self::OneOrList(inner)
            | Self::Map(inner)
            | Self::Nullable(inner)
            | Self::Boxed(inner) => inner.is_deep(),
            _ => false,
        }
    }

    /// Returns whether it is a [`TypeRef::File`], or a list or map of them.
    pub fn is_file(&self) -> bool {
        match self {
            Self::File => true,
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.is_file(),
            _ => false,
        }
    }

    pub(crate) fn name(&self, found: &mut BTreeSet<String>) {
        match self {
            Self::Named(name) => drop(found.insert(name.clone())),
            Self::List(inner)
            | Self::OneOrList(inner)
            | Self::Map(inner)
            | Self::Nullable(inner)
            | Self::Boxed(inner)
            | Self::Deep(inner) => {
                inner.name(found);
            }
            _ => {}
        }
    }
}

/// Direction in which a type is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests contain it.
    pub sent: bool,
    /// Responses contain it.
    pub received: bool,
}

/// Kind of a generated type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object.
    Struct(Struct),
    /// An extensible enum of strings.
    StringEnum(Vec<Member<String>>),
    /// An extensible enum of whole numbers.
    IntegerEnum(Vec<Member<i64>>),
    /// A union of several types.
    Union(Union),
    /// An identifier: a newtype over `String`.
    Id {
        /// Whether it is personal data: `Debug` does not show it.
        personal: bool,
    },
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<T> {
    /// On the wire.
    pub wire: T,
    /// Name of the variant.
    pub variant: String,
    /// Description in the document; empty when the wire value is enough.
    pub docs: String,
}

/// An object.
#[derive(Clone, Debug)]
pub struct Struct {
    /// In the document's order.
    pub fields: Vec<Field>,
    /// Members with a single possible value. The type writes them itself.
    pub constants: Vec<Constant>,
    /// Type of the members beyond `fields`; the field is called `additional`.
    pub additional: Option<TypeRef>,
    /// Minimum number of members: examples have as many.
    pub least: usize,
    /// Whether `Type::builder()` exists. Not set for the flattened body of a single operation.
    pub builder: bool,
}

/// A member of an object with a single possible value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// On the wire.
    pub wire: String,
    /// Its value.
    pub value: ConstantValue,
    /// Whether it is always present.
    pub is_needed: bool,
    /// Whether a response without it is an error.
    pub guaranteed: bool,
    /// The values that have it.
    pub sent: Sent,
}

/// The direction of the values that have a [`Constant`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    /// Requests and responses.
    #[default]
    Always,
    /// Responses: it is read-only.
    InResponses,
    /// Requests: it is write-only.
    InRequests,
}

/// A parameter with a single possible value. Each request has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstantParam {
    /// On the wire.
    pub wire: String,
    /// Its value.
    pub value: ConstantValue,
    /// Its location in the request.
    pub location: super::Location,
    /// Its serialization.
    pub style: super::Style,
    /// Whether reserved characters are sent unescaped (query only).
    pub reserved: bool,
}

/// The value of a [`Constant`] or a [`ConstantParam`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstantValue {
    /// `null`
    Null,
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
}

impl fmt::Display for ConstantValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Bool(flag) => flag.fmt(f),
        }
    }
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// On the wire.
    pub wire: String,
    /// Rust name of the field.
    pub name: String,
    /// Its setter in the type's builder; none for a read-only member.
    pub setter: Option<Setter>,
    /// Its type, without the `Option` of `shape`.
    pub ty: TypeRef,
    /// Description in the document, constraints included.
    pub docs: String,
    /// Facts about it that are not confirmed.
    pub unconfirmed: Option<String>,
    /// Shape of the field.
    pub shape: Shape,
    /// Kind of its row in the table of members.
    pub row: Row,
    /// Whether `Debug` must not show it.
    pub secret: bool,
    /// Whether the document allows `null`: the builder has a method for it.
    pub nullable: bool,
    /// Whether the builder requires it.
    pub required: bool,
    /// Its only possible value: the default of the builder, so that the member is not required.
    pub default: Option<Literal>,
    /// Present when deprecated.
    pub deprecated: Option<String>,
    /// A valid value.
    pub sample: Sample,
    /// JSON pointer into the document.
    pub place: String,
}

impl Field {
    /// Returns whether a value can't be sent without it.
    #[must_use]
    pub fn is_demanded(&self) -> bool {
        let is_needed = self.required || self.shape == Shape::Bare;
        is_needed && self.default.is_none() && self.row != Row::ReadOnly
    }
}

/// A method of a builder that sets a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setter {
    /// `amount`
    pub name: String,
    /// The method that sets `null`, if the document allows it: `amount_null`.
    pub null: Option<String>,
    /// Former names, which remain as deprecated methods.
    pub formerly: Vec<FormerSetter>,
    /// Present when the value is required.
    pub state: Option<State>,
}

/// A former name of a setter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerSetter {
    /// `total`
    pub name: String,
    /// The method that sets `null`, if there is one now.
    pub null: Option<String>,
}

/// A type parameter of a builder: whether a required value is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its position among those of the builder. It depends on the names in the document, not on their order.
    pub position: usize,
    /// The type that compiler errors name: `Amount`.
    pub marker: String,
}

/// Shape of a field. It depends neither on the direction nor on what requests require.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `T`: always present.
    Bare,
    /// A list or map, which needs no `Option`.
    Several,
    /// `Option<T>`
    Optional,
}

impl Shape {
    /// Returns the shape of an optional field: lists and maps need no `Option`.
    #[must_use]
    pub fn of(ty: &TypeRef) -> Self {
        match ty {
            TypeRef::List(_) | TypeRef::OneOrList(_) | TypeRef::Map(_) => Self::Several,
            _ => Self::Optional,
        }
    }
}

/// Kind of a member: the first word of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Always present.
    Guaranteed,
    /// Required in requests.
    Required,
    /// Optional.
    Optional,
    /// In responses only.
    ReadOnly,
    /// In requests only.
    WriteOnly,
}

/// A union of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The property that is the discriminator; if there is none, the variants are told apart by their content.
    pub tag: Option<String>,
    /// In the document's order.
    pub variants: Vec<Variant>,
    /// Indices of the variants, in the order in which they are matched.
    pub tried: Vec<usize>,
}

/// A variant of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Rust name.
    pub name: String,
    /// Type of its value.
    pub ty: TypeRef,
    /// Values of the discriminator for this variant.
    pub tags: Vec<String>,
    /// Kinds of JSON values that it accepts.
    pub kinds: Vec<JsonKind>,
    /// Members of an object that identify the variant.
    pub marks: Vec<Mark>,
    /// JSON pointer to its schema in the document.
    pub place: String,
}

/// A member that distinguishes a variant of a union from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The members that it is in, the outermost first; of the variant itself: none.
    pub within: Vec<String>,
    /// On the wire.
    pub wire: String,
    /// Whether it is always present.
    pub is_needed: bool,
    /// Its possible values, as text; empty: any value.
    pub texts: Vec<String>,
    /// Format of its text.
    pub form: Option<TextForm>,
}

/// Format of a text that distinguishes it from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// `192.0.2.1`
    Ipv4,
    /// `2001:db8::1`
    Ipv6,
    /// `c56a4180-65aa-42ec-a945-5fd21dec0538`
    Uuid,
}

/// A kind of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonKind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Bool,
    /// An array.
    Array,
    /// An object.
    Object,
    /// Any JSON value.
    Any,
}
