//! How values are written.

use serde::{Serialize, Serializer};

use super::{Json, JsonObject, Map, Node, Object};
use crate::{AccountId, Amount, Currency, Date, Nullable, Number, Timestamp};

/// A type that can be written.
pub trait Write {
    /// The value as a tree.
    fn write(&self) -> Node<'_>;
}

impl<'a> Object<'a> {
    /// An object of this Rust type, which `Debug` shows.
    #[must_use]
    pub fn of(type_name: &'static str) -> Self {
        Self {
            type_name: Some(type_name),
            ..Self::default()
        }
    }

    /// A member that is always written.
    pub fn field(&mut self, name: &'a str, value: &'a impl Write) {
        self.members.push((name.into(), value.write()));
    }

    /// A member that leaves no trace when it is absent.
    pub fn optional(&mut self, name: &'a str, value: &'a Option<impl Write>) {
        if let Some(value) = value {
            self.field(name, value);
        }
    }

    /// A member whose value the type knows by itself.
    pub fn constant(&mut self, name: &'a str, value: &'a str) {
        self.members.push((name.into(), Node::Word(value.into())));
    }

    /// Members whose names the document does not give; after all others.
    pub fn additional(&mut self, members: &'a Map<impl Write>) {
        self.free += members.len();
        self.members.extend(
            members
                .iter()
                .map(|(name, value)| (name.into(), value.write())),
        );
    }
}

/// The object as a value.
impl<'a> From<Object<'a>> for Node<'a> {
    fn from(object: Object<'a>) -> Self {
        Self::Object(object)
    }
}

/// Writes through serde, so that a type can have `Serialize`.
///
/// # Errors
/// What the serializer can't write.
pub fn serialize<S: Serializer>(value: &impl Write, serializer: S) -> Result<S::Ok, S::Error> {
    value.write().serialize(serializer)
}

impl Write for String {
    fn write(&self) -> Node<'_> {
        Node::Text(self.into())
    }
}

impl Write for bool {
    fn write(&self) -> Node<'_> {
        Node::Bool(*self)
    }
}

impl Write for i64 {
    fn write(&self) -> Node<'_> {
        Node::Number((*self).into())
    }
}

impl Write for f64 {
    fn write(&self) -> Node<'_> {
        Node::Number((*self).into())
    }
}

impl Write for Number {
    fn write(&self) -> Node<'_> {
        Node::Number(*self)
    }
}

impl Write for Amount {
    fn write(&self) -> Node<'_> {
        Node::Number(self.minor_units().into())
    }
}

impl Write for Currency {
    fn write(&self) -> Node<'_> {
        Node::Word(self.as_str().into())
    }
}

impl Write for Timestamp {
    fn write(&self) -> Node<'_> {
        Node::Word(self.as_str().into())
    }
}

impl Write for Date {
    fn write(&self) -> Node<'_> {
        Node::Word(self.as_str().into())
    }
}

impl Write for AccountId {
    fn write(&self) -> Node<'_> {
        Node::Word(self.as_str().into())
    }
}

impl Write for Json {
    fn write(&self) -> Node<'_> {
        Node::Json(self)
    }
}

impl Write for JsonObject {
    fn write(&self) -> Node<'_> {
        let members = self
            .iter()
            .map(|(name, value)| (name.into(), Node::Json(value)))
            .collect();
        Node::Object(Object::free(members))
    }
}

impl<T: Write> Write for Box<T> {
    fn write(&self) -> Node<'_> {
        T::write(self)
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self) -> Node<'_> {
        self.as_ref().map_or(Node::Null, T::write)
    }
}

impl<T: Write> Write for Nullable<T> {
    fn write(&self) -> Node<'_> {
        self.as_option().map_or(Node::Null, T::write)
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self) -> Node<'_> {
        Node::List(self.iter().map(T::write).collect())
    }
}

impl<T: Write> Write for Map<T> {
    fn write(&self) -> Node<'_> {
        let members = self
            .iter()
            .map(|(name, value)| (name.into(), value.write()))
            .collect();
        Node::Object(Object::free(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_leaves_no_trace_and_null_does() {
        let (absent, null, value) = (
            None::<i64>,
            Some(Nullable::<i64>::Null),
            Some(Nullable::Value(1_i64)),
        );
        let extra = Map::from([("extra".to_owned(), "text".to_owned())]);
        let mut object = Object::default();
        object.constant("type", "card");
        object.optional("absent", &absent);
        object.optional("null", &null);
        object.optional("value", &value);
        object.field("null_or", &absent);
        object.additional(&extra);
        let node = Node::Object(object);
        assert_eq!(
            serde_json::to_string(&node).unwrap(),
            r#"{"type":"card","null":null,"value":1,"null_or":null,"extra":"text"}"#
        );
        assert_eq!(
            format!("{node:?}"),
            r#"{"type": card, "null": null, "value": 1, "null_or": null, "…": "…"}"#
        );
    }

    #[test]
    fn free_json_is_written_as_it_is_and_hidden() {
        let json = serde_json::json!({"name": "Kari"});
        assert_eq!(
            serde_json::to_string(&json.write()).unwrap(),
            r#"{"name":"Kari"}"#
        );
        assert_eq!(format!("{:?}", json.write()), "{…}");
    }
}
