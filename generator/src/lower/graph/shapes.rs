//! Resolved schemas.

use crate::model::{Constant, ConstantValue, JsonKind, Mark, Member, Sample, TextForm, TypeRef};

/// Index into [`Graph::shapes`].
pub(crate) type ShapeId = usize;

/// The use of a schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Value {
    pub(crate) kind: ValueKind,
    pub(crate) nullable: bool,
}

impl Value {
    /// A shape that is not null.
    pub(crate) fn shape(id: ShapeId) -> Self {
        Self {
            kind: ValueKind::Shape(id),
            nullable: false,
        }
    }
}

/// The kind of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ValueKind {
    /// A type that has no parts.
    Simple(TypeRef),
    /// An object, enum or union.
    Shape(ShapeId),
    List(Box<Value>),
    Map(Box<Value>),
}

/// An object, enum or union.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// The component that names it.
    pub(crate) component: Option<String>,
    /// The name that the document requests.
    pub(crate) wanted: Option<String>,
    /// The shape that contains it and the member's name; or a name.
    pub(crate) hint: Hint,
    /// All places that mean this shape, first one first.
    pub(crate) places: Vec<String>,
    /// The places of all its parts.
    pub(crate) parts: Vec<String>,
    pub(crate) docs: String,
    pub(crate) unconfirmed: Option<String>,
    pub(crate) deprecated: bool,
    pub(crate) kind: ShapeKind,
}

/// The name of an unnamed shape.
#[derive(Clone, Debug)]
pub(crate) enum Hint {
    /// After the shape it is part of.
    Member(ShapeId, String),
    /// This.
    Name(String),
}

#[derive(Clone, Debug)]
pub(crate) enum ShapeKind {
    /// Being resolved.
    Open,
    Object(Object),
    StringEnum(Vec<Member<String>>),
    IntegerEnum(Vec<Member<i64>>),
    Union(Union),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) members: Vec<ObjectMember>,
    pub(crate) constants: Vec<Constant>,
    pub(crate) additional: Option<Value>,
    /// Minimum number of members.
    pub(crate) least: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectMember {
    pub(crate) wire: String,
    pub(crate) wanted: Option<String>,
    pub(crate) value: Value,
    /// The texts, numbers or truth values that it can be, as text; empty: any.
    pub(crate) allowed: Vec<String>,
    /// The only value, if that has no type of its own.
    pub(crate) only: Option<ConstantValue>,
    /// How its text is written.
    pub(crate) form: Option<TextForm>,
    pub(crate) required: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) guaranteed: bool,
    /// `Debug` must not show it.
    pub(crate) secret: bool,
    /// A list that may also come as one item.
    pub(crate) or_single: bool,
    pub(crate) deprecated: Option<String>,
    pub(crate) docs: String,
    pub(crate) unconfirmed: Option<String>,
    pub(crate) constraints: String,
    pub(crate) sample: Sample,
    pub(crate) place: String,
}

impl ObjectMember {
    /// Always there in responses, and nothing that may be empty instead.
    pub(crate) fn is_bare(&self) -> bool {
        let several = matches!(self.value.kind, ValueKind::List(_) | ValueKind::Map(_));
        self.guaranteed && !self.value.nullable && !several
    }

    /// Every request requires it.
    pub(crate) fn is_needed(&self) -> bool {
        (self.required || self.is_bare()) && !self.read_only
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Union {
    pub(crate) tag: Option<String>,
    /// The variant without values of the tag has all that mean no other.
    pub(crate) has_default: bool,
    pub(crate) variants: Vec<UnionVariant>,
    /// In which order the variants are tried.
    pub(crate) tried: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnionVariant {
    /// JSON pointer to its schema.
    pub(crate) place: String,
    pub(crate) name: String,
    /// An overlay requests that name.
    pub(crate) is_asked: bool,
    pub(crate) value: Value,
    pub(crate) tags: Vec<String>,
    pub(crate) kinds: Vec<JsonKind>,
    pub(crate) marks: Vec<Mark>,
}
