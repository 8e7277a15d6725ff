//! The tree through which every value travels.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};

use super::{Json, JsonObject, Scalar, source::Text};
use crate::Number;

/// A value on its way in or out. Borrows its texts from the received document or from the value that is sent.
#[derive(Clone)]
pub enum Node<'a> {
    /// Nothing there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Free text, hidden in `Debug`.
    Text(Cow<'a, str>),
    /// Text that names something (enum value, id, time) and may be shown.
    Word(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// An object.
    Object(Object<'a>),
    /// JSON of a shape that nobody described; only on its way out.
    Json(&'a Json),
}

/// An object on its way in or out.
#[derive(Clone, Default)]
pub struct Object<'a> {
    /// The Rust type, for `Debug`.
    pub(super) type_name: Option<&'static str>,
    pub(super) members: Vec<(Cow<'a, str>, Node<'a>)>,
    /// How many members at the end have names that are not the type's: whoever made the object chose them.
    pub(super) free: usize,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A whole number.
    Integer,
    /// Any other number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl<'a> From<Scalar<'a>> for Node<'a> {
    fn from(scalar: Scalar<'a>) -> Self {
        match scalar {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Number(number) => Self::Number(number),
            Scalar::Text(text) => Self::Text(text.into()),
        }
    }
}

impl Node<'_> {
    /// What it looks like.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Bool,
            Self::Number(number) if number.as_i64().is_some() => Kind::Integer,
            Self::Number(_) => Kind::Number,
            Self::Text(_) | Self::Word(_) => Kind::String,
            Self::List(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
            Self::Json(json) => match json {
                Json::Null => Kind::Null,
                Json::Bool(_) => Kind::Bool,
                Json::Number(number) if number.is_i64() => Kind::Integer,
                Json::Number(_) => Kind::Number,
                Json::String(_) => Kind::String,
                Json::Array(_) => Kind::Array,
                Json::Object(_) => Kind::Object,
            },
        }
    }

    /// The text of a member: the tag of a union.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<&str> {
        match self.member(name)? {
            Self::Text(text) | Self::Word(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is an object with all these members.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.member(name).is_some())
    }

    fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(object) = self else {
            return None;
        };
        object
            .members
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value)
    }

    /// As words of an error message.
    pub(super) fn describe(&self) -> &'static str {
        match self.kind() {
            Kind::Null => "null",
            Kind::Bool => "true or false",
            Kind::Integer | Kind::Number => "a number",
            Kind::String => "text",
            Kind::Array => "a list",
            Kind::Object => "an object",
        }
    }

    /// As JSON of its own.
    #[must_use]
    pub fn into_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(value),
            Self::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => number.into(),
                (None, Some(number)) => number.into(),
                (None, None) => number.as_f64().into(),
            },
            Self::Text(text) | Self::Word(text) => Json::String(text.into_owned()),
            Self::List(items) => Json::Array(items.into_iter().map(Self::into_json).collect()),
            Self::Object(object) => Json::Object(object.into_json()),
            Self::Json(json) => json.clone(),
        }
    }
}

impl<'a> Object<'a> {
    /// An object of no type: every name in it is free.
    pub(super) fn free(members: Vec<(Cow<'a, str>, Node<'a>)>) -> Self {
        Self {
            type_name: None,
            free: members.len(),
            members,
        }
    }

    /// As JSON of its own.
    pub(super) fn into_json(self) -> JsonObject {
        self.members
            .into_iter()
            .map(|(name, value)| (name.into_owned(), value.into_json()))
            .collect()
    }
}

/// The key under which serde_json passes numbers as text when some crate of the program turned its feature
/// `arbitrary_precision` on.
pub(super) const NUMBER_AS_TEXT: &str = "$serde_json::private::Number";

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Node::Text(value.to_owned().into()))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Node::Text(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Node::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let first = map.next_key_seed(Text)?;
        if first.as_deref() == Some(NUMBER_AS_TEXT) {
            let number = number_of(&map.next_value_seed(Text)?);
            return number.map(Node::Number).map_err(A::Error::custom);
        }
        Node::of_members(first, map)
    }
}

impl<'de> Node<'de> {
    /// An object whose first name was read already.
    pub(super) fn of_members<A: MapAccess<'de>>(
        first: Option<Cow<'de, str>>,
        mut map: A,
    ) -> Result<Self, A::Error> {
        let mut members = Vec::new();
        let mut next = first;
        while let Some(name) = next {
            members.push((name, map.next_value()?));
            next = map.next_key_seed(Text)?;
        }
        Ok(Node::Object(Object::free(members)))
    }
}

/// A number as JSON writes it.
pub(super) fn number_of(text: &str) -> Result<Number, String> {
    if let Ok(number) = text.parse::<i64>() {
        return Ok(number.into());
    }
    if let Ok(number) = text.parse::<u64>() {
        return Ok(number.into());
    }
    text.parse::<f64>()
        .map(Number::from)
        .map_err(|_| "not a number".to_owned())
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
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
        }
    }
}

/// Longer than any id or value of an enum.
const LONGEST_WORD: usize = 80;

/// Whether a text looks like an id, a value of an enum or a time. What the API sends in place of one may be anything.
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

/// Shows the shape, names, numbers and words; hides free text.
impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(_) => f.write_str(HIDDEN),
            Self::Word(text) => f.write_str(word(text)),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Object(object) => object.fmt(f),
            Self::Json(_) => f.write_str("{…}"),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Node<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_is_read_is_written() {
        let text = r#"{"a":[1,-2,1.5,18446744073709551615,true,null,"t\n"],"b":{"c":{}}}"#;
        assert_eq!(serde_json::to_string(&parse(text)).unwrap(), text);
        assert_eq!(
            serde_json::to_string(&parse(text).into_json()).unwrap(),
            text
        );
    }

    #[test]
    fn texts_and_names_are_borrowed() {
        let Node::Object(object) = parse(r#"{"name":"text"}"#) else {
            panic!()
        };
        assert!(matches!(
            &object.members[..],
            [(Cow::Borrowed("name"), Node::Text(Cow::Borrowed("text")))]
        ));
    }

    #[test]
    fn debug_hides_text() {
        let shown = format!("{:?}", parse(r#"{"a":["secret",1,true,null]}"#));
        assert_eq!(shown, r#"{"…": ["…", 1, true, null]}"#);
    }

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

    #[test]
    fn kinds() {
        for (text, kind) in [
            ("1.0", Kind::Integer),
            ("1.5", Kind::Number),
            ("\"\"", Kind::String),
            ("[]", Kind::Array),
            ("{}", Kind::Object),
            ("null", Kind::Null),
            ("true", Kind::Bool),
        ] {
            assert_eq!(parse(text).kind(), kind, "{text}");
        }
    }

    #[test]
    fn numbers_that_come_as_text_are_numbers() {
        let entries = [(NUMBER_AS_TEXT, "100.0")];
        let map = serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(
            entries.into_iter(),
        );
        assert!(
            matches!(Node::deserialize(map), Ok(Node::Number(number)) if number.as_i64() == Some(100))
        );
    }
}
