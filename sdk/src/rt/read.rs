//! How values are read: tolerant in what is missing, strict in what is there.

use serde::{Deserialize, Deserializer};

use super::{Invalid, Json, JsonObject, Map, Node, Object};
use crate::{AccountId, Amount, Currency, Date, Nullable, Number, Timestamp};

/// A type that can be read.
#[diagnostic::on_unimplemented(message = "`{Self}` is part of requests only and can't be read")]
pub trait Read: Sized {
    /// Whether `null` is a value of this type rather than no value.
    const NULLABLE: bool = false;

    /// Takes the value apart.
    ///
    /// # Errors
    /// It is something else.
    fn read(node: Node<'_>) -> Result<Self, Invalid>;
}

/// The members of an object that is being read. The first fault is kept, and comes out of [`finish`](Self::finish): one
/// check per type is quicker to compile than one per member.
#[derive(Debug)]
pub struct Fields<'a> {
    members: Vec<Option<(std::borrow::Cow<'a, str>, Node<'a>)>>,
    /// Where the last one was found: the next one is mostly right behind it.
    cursor: usize,
    fault: Option<Invalid>,
}

impl<'a> Node<'a> {
    /// The members of an object.
    ///
    /// # Errors
    /// It is no object.
    pub fn fields(self) -> Result<Fields<'a>, Invalid> {
        match self {
            Node::Object(object) => Ok(Fields::new(object)),
            node => Err(mismatch("an object", &node)),
        }
    }
}

impl<'a> Fields<'a> {
    fn new(object: Object<'a>) -> Self {
        Self {
            members: object.members.into_iter().map(Some).collect(),
            cursor: 0,
            fault: None,
        }
    }

    fn take(&mut self, name: &str) -> Option<Node<'a>> {
        let is = |member: &Option<(_, _)>| member.as_ref().is_some_and(|(found, _)| found == name);
        let (before, after) = self.members.split_at(self.cursor.min(self.members.len()));
        let position = after
            .iter()
            .position(is)
            .map(|position| position + before.len());
        let position = position.or_else(|| before.iter().position(is))?;
        self.cursor = position + 1;
        self.members.get_mut(position)?.take().map(|(_, node)| node)
    }

    fn note(&mut self, fault: Invalid) {
        self.fault.get_or_insert(fault);
    }

    fn noted<T>(&mut self, value: Result<T, Invalid>, name: &str) -> Option<T> {
        value.map_err(|invalid| self.note(invalid.under(name))).ok()
    }

    /// A member that has to be there.
    ///
    /// # Errors
    /// It is missing, `null` or something else.
    pub fn required<T: Read>(&mut self, name: &str) -> Result<T, Invalid> {
        match self.take(name) {
            Some(Node::Null) if !T::NULLABLE => {
                Err(Invalid::new("null where a value has to be").under(name))
            }
            Some(node) => T::read(node).map_err(|invalid| invalid.under(name)),
            None => Err(Invalid::new("is missing").under(name)),
        }
    }

    /// A member that may be missing or `null`.
    pub fn optional<T: Read>(&mut self, name: &str) -> Option<T> {
        match self.take(name) {
            None | Some(Node::Null) => None,
            Some(node) => self.noted(T::read(node), name),
        }
    }

    /// A list or map; missing and `null` are empty ones.
    pub fn or_empty<T: Read + Default>(&mut self, name: &str) -> T {
        self.optional(name).unwrap_or_default()
    }

    /// A member that knows missing, `null` and a value.
    pub fn nullable<T: Read>(&mut self, name: &str) -> Option<Nullable<T>> {
        let node = self.take(name)?;
        self.noted(Nullable::read(node), name)
    }

    /// Drops a member whose value the type knows by itself.
    pub fn constant(&mut self, name: &str) {
        self.take(name);
    }

    /// Everything that was not asked for before.
    pub fn additional<T: Read>(&mut self) -> Map<T> {
        let rest = std::mem::take(&mut self.members)
            .into_iter()
            .flatten()
            .collect();
        let map = Map::read(Node::Object(Object::free(rest)));
        map.map_err(|invalid| self.note(invalid))
            .unwrap_or_default()
    }

    /// The finished value, if all of it could be read.
    ///
    /// # Errors
    /// The first member that could not.
    pub fn finish<T>(self, value: T) -> Result<T, Invalid> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(value),
        }
    }
}

/// Reads through serde, so that a type can have `Deserialize`.
///
/// # Errors
/// The value is something else; the message names the path to the fault.
pub fn deserialize<'de, T: Read, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(Node::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// What was expected, and what is there instead.
pub(super) fn mismatch(expected: &str, node: &Node<'_>) -> Invalid {
    Invalid::new(format!("expected {expected}, found {}", node.describe()))
}

impl Read for String {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        match node {
            Node::Text(text) | Node::Word(text) => Ok(text.into_owned()),
            node => Err(mismatch("text", &node)),
        }
    }
}

impl Read for bool {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        match node {
            Node::Bool(value) => Ok(value),
            node => Err(mismatch("true or false", &node)),
        }
    }
}

impl Read for Number {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        match node {
            Node::Number(number) => Ok(number),
            node => Err(mismatch("a number", &node)),
        }
    }
}

impl Read for f64 {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        Number::read(node).map(Number::as_f64)
    }
}

impl Read for i64 {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        let Node::Number(number) = node else {
            return Err(mismatch("a whole number", &node));
        };
        number.as_i64().ok_or_else(|| {
            let fault = if number.as_f64().fract() == 0.0 {
                "too large"
            } else {
                "not a whole number"
            };
            Invalid::new(format!("{number} is {fault}"))
        })
    }
}

impl Read for Amount {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        i64::read(node).map(Self::minor)
    }
}

impl Read for Currency {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        String::read(node).map(|text| Self::received(&text))
    }
}

impl Read for Timestamp {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        String::read(node).map(|text| Self::received(text.into()))
    }
}

impl Read for Date {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        String::read(node).map(|text| Self::received(text.into()))
    }
}

impl Read for AccountId {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        let text = String::read(node)?;
        text.parse()
            .map_err(|_| Invalid::new("expected an account id"))
    }
}

impl Read for Json {
    const NULLABLE: bool = true;

    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        Ok(node.into_json())
    }
}

impl Read for JsonObject {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        match node {
            Node::Object(object) => Ok(object.into_json()),
            node => Err(mismatch("an object", &node)),
        }
    }
}

impl<T: Read> Read for Box<T> {
    const NULLABLE: bool = T::NULLABLE;

    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        T::read(node).map(Self::new)
    }
}

impl<T: Read> Read for Option<T> {
    const NULLABLE: bool = true;

    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        if matches!(node, Node::Null) {
            Ok(None)
        } else {
            T::read(node).map(Some)
        }
    }
}

impl<T: Read> Read for Nullable<T> {
    const NULLABLE: bool = true;

    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        Option::read(node).map(Self::from)
    }
}

/// An item that is `null` is skipped, unless the document allows it.
impl<T: Read> Read for Vec<T> {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        let Node::List(items) = node else {
            return Err(mismatch("a list", &node));
        };
        let mut list = Self::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            if T::NULLABLE || !matches!(item, Node::Null) {
                list.push(T::read(item).map_err(|invalid| invalid.at(index))?);
            }
        }
        Ok(list)
    }
}

/// A member that is `null` is skipped, unless the document allows it.
impl<T: Read> Read for Map<T> {
    fn read(node: Node<'_>) -> Result<Self, Invalid> {
        let Node::Object(object) = node else {
            return Err(mismatch("an object", &node));
        };
        let mut map = Self::new();
        for (name, value) in object.members {
            if T::NULLABLE || !matches!(value, Node::Null) {
                let value = T::read(value).map_err(Invalid::in_map)?;
                map.insert(name.into_owned(), value);
            }
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Read>(text: &str) -> Result<T, String> {
        let node = serde_json::from_str::<Node<'_>>(text).map_err(|error| error.to_string())?;
        T::read(node).map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(read("100"), Ok(100_i64));
        assert_eq!(read("100.0"), Ok(100_i64));
        assert_eq!(read("1e2"), Ok(100_i64));
        assert_eq!(read("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(
            read::<i64>("100.5").unwrap_err(),
            "100.5 is not a whole number"
        );
        assert_eq!(
            read::<i64>("9223372036854775808").unwrap_err(),
            "9223372036854775808 is too large"
        );
        assert_eq!(
            read::<i64>("\"100\"").unwrap_err(),
            "expected a whole number, found text"
        );
    }

    #[test]
    fn nulls_in_lists_and_maps_are_skipped_unless_allowed() {
        assert_eq!(read("[1,null,2]"), Ok(vec![1_i64, 2]));
        assert_eq!(read("[1,null]"), Ok(vec![Some(1_i64), None]));
        assert_eq!(
            read(r#"{"a":null,"b":1}"#),
            Ok(Map::from([("b".to_owned(), 1_i64)]))
        );
        assert_eq!(read("[null]"), Ok(vec![Json::Null]));
    }

    #[test]
    fn the_path_to_the_fault_is_named() {
        let error = read::<Map<Vec<Map<i64>>>>(r#"{"a":[{},{"b":true}]}"#).unwrap_err();
        assert_eq!(
            error,
            "`*[1].*`: expected a whole number, found true or false"
        );
    }

    #[test]
    fn members_in_any_order() {
        let Ok(Node::Object(object)) =
            serde_json::from_str(r#"{"b":2,"x":null,"a":1,"rest":3,"c":null}"#)
        else {
            panic!()
        };
        let mut fields = Fields::new(object);
        assert_eq!(fields.required::<i64>("a").unwrap(), 1);
        assert_eq!(fields.required::<i64>("b").unwrap(), 2);
        assert_eq!(fields.optional::<i64>("missing"), None);
        assert_eq!(fields.nullable::<i64>("c"), Some(Nullable::Null));
        assert_eq!(fields.nullable::<i64>("d"), None);
        assert_eq!(
            fields.required::<i64>("x").unwrap_err().to_string(),
            "`x`: null where a value has to be"
        );
        assert_eq!(
            fields.required::<i64>("y").unwrap_err().to_string(),
            "`y`: is missing"
        );
        assert_eq!(fields.or_empty::<Vec<i64>>("list"), Vec::<i64>::new());
        assert_eq!(
            fields.additional::<i64>(),
            Map::from([("rest".to_owned(), 3)])
        );
        assert!(fields.finish(()).is_ok());
    }

    #[test]
    fn the_first_fault_is_kept() {
        let node = serde_json::from_str::<Node<'_>>(r#"{"a":"x","b":[1.5],"rest":{}}"#).unwrap();
        let mut fields = node.fields().unwrap();
        assert_eq!(fields.or_empty::<Vec<i64>>("b"), Vec::<i64>::new());
        assert_eq!(fields.nullable::<i64>("a"), None);
        assert_eq!(fields.additional::<i64>(), Map::new());
        assert_eq!(
            fields.finish(()).unwrap_err().to_string(),
            "`b[0]`: 1.5 is not a whole number"
        );
    }

    #[test]
    fn times_are_kept_whatever_they_are() {
        assert_eq!(read::<Timestamp>("\"soon\"").unwrap().as_str(), "soon");
        assert_eq!(read::<Date>("\"2026-1-1\"").unwrap().as_str(), "2026-1-1");
    }
}
