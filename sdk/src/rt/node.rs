//! Values to write as trees, for formats other than JSON text.

use std::{borrow::Cow, fmt};

use serde::{Serialize, Serializer, ser::SerializeMap};

#[cfg(feature = "multipart")]
use super::File;
use super::{Json, JsonObject, Kind};
use crate::Number;

/// A value to write. Borrows its texts from the original value.
#[derive(Clone)]
pub(crate) enum Node<'a> {
    /// No value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// An integer of any size.
    Digits(Cow<'a, str>),
    /// Free text, hidden in `Debug`.
    Text(Cow<'a, str>),
    /// Text that may be shown: an enum value, id or time.
    Word(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// An object.
    Object(Object<'a>),
    /// Free-form JSON.
    Json(&'a Json),
    /// A file of a multipart body.
    #[cfg(feature = "multipart")]
    File(&'a File),
}

/// An object to write.
#[derive(Clone, Default)]
pub(crate) struct Object<'a> {
    /// The Rust type, for `Debug`.
    pub(super) type_name: Option<&'static str>,
    pub(super) members: Vec<(Cow<'a, str>, Node<'a>)>,
    /// The number of members at the end with free names.
    pub(super) free: usize,
}

impl Node<'_> {
    /// Returns the words for a message.
    pub(super) fn describe(&self) -> &'static str {
        let kind = match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Bool,
            Self::Number(_) | Self::Digits(_) => Kind::Number,
            Self::Text(_) | Self::Word(_) => Kind::String,
            Self::List(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
            Self::Json(json) => Kind::of(json),
            #[cfg(feature = "multipart")]
            Self::File(_) => return "a file",
        };
        kind.describe()
    }

    /// Returns it as JSON.
    pub(super) fn into_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(value),
            Self::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => number.into(),
                (None, Some(number)) => number.into(),
                (None, None) => number.as_f64().into(),
            },
            // More digits than a JSON number in memory.
            Self::Digits(digits) => serde_json::from_str(&digits).unwrap_or_default(),
            Self::Text(text) | Self::Word(text) => Json::String(text.into_owned()),
            Self::List(items) => Json::Array(items.into_iter().map(Self::into_json).collect()),
            Self::Object(object) => {
                let members = object.members.into_iter();
                let members: JsonObject = members
                    .map(|(name, value)| (name.into_owned(), value.into_json()))
                    .collect();
                Json::Object(members)
            }
            Self::Json(json) => json.clone(),
            #[cfg(feature = "multipart")]
            Self::File(file) => serde_json::to_value(file).unwrap_or_default(),
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Digits(digits) => super::big::serialize_digits(digits, serializer),
            Self::Text(text) | Self::Word(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.members.len()))?;
                for (name, value) in &object.members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::Json(json) => json.serialize(serializer),
            #[cfg(feature = "multipart")]
            Self::File(file) => file.serialize(serializer),
        }
    }
}

/// The maximum length of an id or a value of an enum.
const LONGEST_WORD: usize = 80;

/// Returns whether a text looks like an id, a value of an enum or a time. The API may send any text instead.
pub(crate) fn is_word(text: &str) -> bool {
    let of_word = |byte: u8| byte.is_ascii_alphanumeric() || b"$*-_.:+/[]".contains(&byte);
    text.len() <= LONGEST_WORD && text.bytes().all(of_word) && !text.contains("//")
}

/// For `Debug`: the text if it looks like a word.
pub(crate) fn word(text: &str) -> &str {
    if is_word(text) { text } else { HIDDEN }
}

/// For a text that is not shown.
const HIDDEN: &str = "\"…\"";

/// Shows types, names, numbers and words; hides free text.
impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Digits(digits) => f.write_str(digits),
            Self::Text(_) => f.write_str(HIDDEN),
            Self::Word(text) => f.write_str(word(text)),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Object(object) => object.fmt(f),
            Self::Json(_) => f.write_str("{…}"),
            #[cfg(feature = "multipart")]
            Self::File(file) => file.fmt(f),
        }
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.members.len().saturating_sub(self.free);
        let members = self.members.iter().enumerate();
        let members = members.map(|(index, (name, value))| {
            let name = if index < named { name } else { "…" };
            (name, value)
        });
        let Some(type_name) = self.type_name else {
            return f.debug_map().entries(members).finish();
        };
        let mut shown = f.debug_struct(type_name);
        for (name, value) in members {
            shown.field(name, value);
        }
        shown.finish()
    }
}

/// Shows a value with its text.
pub(super) struct Shown<'n, 'a>(pub(super) &'n Node<'a>);

impl fmt::Debug for Shown<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Node::Text(text) => text.fmt(f),
            Node::Word(text) if is_word(text) => f.write_str(text),
            Node::Word(text) => text.fmt(f),
            Node::List(items) => f.debug_list().entries(items.iter().map(Shown)).finish(),
            Node::Object(object) => {
                let members = object.members.iter();
                let members = members.map(|(name, value)| (name, Shown(value)));
                let Some(type_name) = object.type_name else {
                    return f.debug_map().entries(members).finish();
                };
                let mut shown = f.debug_struct(type_name);
                for (name, value) in members {
                    shown.field(name, &value);
                }
                shown.finish()
            }
            Node::Json(json) if f.alternate() => write!(f, "{json:#}"),
            Node::Json(json) => write!(f, "{json}"),
            other => other.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for shown in [
            "T12345678",
            "P12345678.abc",
            "HMAC-SHA1",
            "application/pdf",
            "2026-01-31T12:00:00.5+01:00",
            "",
        ] {
            assert_eq!(word(shown), shown);
        }
        let long = "x".repeat(LONGEST_WORD + 1);
        for hidden in [
            "Kari Nordmann",
            "k@x.no",
            "https://x.no",
            "Bjørk",
            "\n",
            &long,
        ] {
            assert_eq!(word(hidden), "\"…\"");
        }
    }
}
