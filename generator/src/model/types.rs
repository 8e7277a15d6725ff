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
    /// `u64`, where the document allows for more than `i64` has.
    Unsigned,
    /// `rt::BigInteger`, where it allows for more than 64 bits.
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
    /// `rt::Json`: any JSON value. An untyped hole.
    Json,
    /// `rt::JsonObject`: an object of any shape. An untyped hole.
    JsonObject,
    /// A type of [`Api::types`](super::Api::types).
    Named(String),
    /// A type of the runtime crate.
    Runtime(RuntimeType),
    /// `rt::List<T>`
    List(Box<TypeRef>),
    /// `rt::OneOrList<T>`: a list that may also come as one item without brackets.
    OneOrList(Box<TypeRef>),
    /// `rt::Map<T>`, keyed by text.
    Map(Box<TypeRef>),
    /// `Option<T>` inside a list or map: the document allows `null` there.
    Nullable(Box<TypeRef>),
    /// `Box<T>`: an object that may be missing, or a type that contains itself, directly or through others.
    Boxed(Box<TypeRef>),
    /// `rt::Deep<T>`: a box that the compiler does not look into, where types hold each other too deep for it.
    Deep(Box<TypeRef>),
}

/// A type at the root of the runtime crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuntimeType {
    /// A text.
    AccountId,
    /// A whole number of minor units.
    Amount,
    /// A text.
    Currency,
    /// Where a response of a status 3xx leads.
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
    /// What of it nobody has confirmed.
    pub unconfirmed: Option<String>,
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
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Id { .. } => {}
        }
    }
}

impl TypeRef {
    /// Whether a [`TypeRef::Deep`] is in it.
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
    Id {
        /// It says something about a person: `Debug` does not show it.
        personal: bool,
    },
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
    /// Members that have one value (discriminators): written by the type itself, not asked for.
    pub constants: Vec<Constant>,
    /// What members beyond `fields` are; the field is called `additional`.
    pub additional: Option<TypeRef>,
    /// Emit `Type::builder()`. Not set when nothing but one operation's flattened body needs it.
    pub builder: bool,
}

/// A member of an object that has one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// On the wire.
    pub wire: String,
    /// Its value.
    pub value: ConstantValue,
    /// It is always there.
    pub is_needed: bool,
}

/// The value of a [`Constant`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstantValue {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
}

impl fmt::Display for ConstantValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
    /// How the type's builder sets it; none where only the server says it.
    pub setter: Option<Setter>,
    /// Its type, without the `Option` that `shape` says.
    pub ty: TypeRef,
    /// What the document says, constraints included.
    pub docs: String,
    /// What of it nobody has confirmed.
    pub unconfirmed: Option<String>,
    /// How the field holds its value.
    pub shape: Shape,
    /// How it is written.
    pub row: Row,
    /// The document allows for `null`: the builder can say it.
    pub nullable: bool,
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

impl Field {
    /// Without it there is no value to send.
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
    /// The method that says `null`, where the document allows for it: `amount_null`.
    pub null: Option<String>,
    /// What it was called before; these names stay, deprecated.
    pub formerly: Vec<FormerSetter>,
    /// Present when the value is required.
    pub state: Option<State>,
}

/// What a setter was called before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerSetter {
    /// `total`
    pub name: String,
    /// The method that says `null`, where there is one now.
    pub null: Option<String>,
}

/// A type parameter of a builder, which says whether a required value is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its position among those of the builder. It depends on what the values are called in the document, not on their order
    /// there.
    pub position: usize,
    /// The type that the compiler's message names: `Amount`.
    pub marker: String,
}

/// How a field holds its value. Neither the direction nor what requests need has a part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `T`: without it there is no value.
    Bare,
    /// A list or map, which knows by itself whether it is there.
    Several,
    /// `Option<T>`
    Optional,
}

impl Shape {
    /// Lists and maps need no `Option`.
    #[must_use]
    pub fn of(ty: &TypeRef) -> Self {
        match ty {
            TypeRef::List(_) | TypeRef::OneOrList(_) | TypeRef::Map(_) => Self::Several,
            _ => Self::Optional,
        }
    }
}

/// How a member is written: the first word of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Without it there is no value.
    Guaranteed,
    /// Requests need it.
    Required,
    /// It may be left out.
    Optional,
    /// Only the server says it.
    ReadOnly,
    /// Only requests say it.
    WriteOnly,
}

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The member that tells which; none: told by shape.
    pub tag: Option<String>,
    /// In the document's order.
    pub variants: Vec<Variant>,
    /// Indices of the variants, in the order in which they are tried.
    pub tried: Vec<usize>,
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
    /// What JSON it looks like.
    pub kinds: Vec<JsonKind>,
    /// The members of an object that tell it.
    pub marks: Vec<Mark>,
}

/// A member that tells a variant of a union from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// On the wire.
    pub wire: String,
    /// It is always there.
    pub is_needed: bool,
    /// What it can be, as text; empty: anything.
    pub texts: Vec<String>,
    /// How its text is written.
    pub form: Option<TextForm>,
}

/// How a text is written, where that tells it from others.
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
    /// A list.
    Array,
    /// An object.
    Object,
    /// Any of them.
    Any,
}
