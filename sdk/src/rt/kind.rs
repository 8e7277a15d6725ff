//! What JSON values look like.

use super::Json;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
    /// Any of them.
    Any,
}

impl Kind {
    /// The kind of a value.
    #[must_use]
    pub fn of(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(_) => Self::Bool,
            Json::Number(number) if number.is_i64() || number.is_u64() => Self::Integer,
            Json::Number(number) => match number.as_f64() {
                Some(number) if number.fract() == 0.0 => Self::Integer,
                _ => Self::Number,
            },
            Json::String(_) => Self::String,
            Json::Array(_) => Self::Array,
            Json::Object(_) => Self::Object,
        }
    }

    /// Whether a value of the other kind is one of this.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self == other || self == Self::Any || (self == Self::Number && other == Self::Integer)
    }

    /// As words of a message.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Integer | Self::Number => "a number",
            Self::String => "text",
            Self::Array => "a list",
            Self::Object => "an object",
            Self::Any => "a value",
        }
    }
}

/// Whether a value is of a kind, and has all these members. For generated code.
#[must_use]
pub fn fits(json: &Json, kinds: &[Kind], names: &[&str]) -> bool {
    let kind = Kind::of(json);
    kinds.iter().any(|known| known.covers(kind))
        && names.iter().all(|name| json.get(name).is_some())
}

/// The text of a member: the tag of a union. For generated code.
#[must_use]
pub fn tag<'j>(json: &'j Json, name: &str) -> Option<&'j str> {
    json.get(name)?.as_str()
}
