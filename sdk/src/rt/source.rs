//! Where values are read from: text that serde takes apart, or a tree.

use std::{borrow::Cow, cell::Cell, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::SeqAccessDeserializer,
    },
};

use super::{
    Invalid, Node, Read,
    node::{NUMBER_AS_TEXT, number_of},
    read::{List, Members, Scalar, Value},
};

/// A value that has not been read yet.
pub(super) trait Source {
    /// Reads it into a place. With `skip_null` nothing happens for `null`; says whether that was so.
    fn read(&mut self, into: &mut dyn Read, skip_null: bool) -> Result<bool, Invalid>;
}

/// Reads through serde, so that a type can have `Deserialize`.
///
/// # Errors
/// The value is something else; the message names the path to the fault.
pub fn deserialize<'de, T: Read, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::blank();
    let fault = Cell::new(None);
    let read = Place::new(&mut value, &fault).deserialize(deserializer);
    match (read, fault.take()) {
        (Ok(_), _) => Ok(value),
        (Err(_), Some(invalid)) => Err(D::Error::custom(invalid)),
        (Err(error), None) => Err(error),
    }
}

/// Why JSON text could not be read.
pub(super) enum Fault {
    /// It is no JSON.
    Syntax(serde_json::Error),
    /// It says something else than it should.
    Invalid(Invalid),
}

/// Reads JSON text.
pub(super) fn json<T: Read>(body: &[u8]) -> Result<T, Fault> {
    let mut value = T::blank();
    json_into(body, &mut value)?;
    Ok(value)
}

fn json_into(body: &[u8], into: &mut dyn Read) -> Result<(), Fault> {
    let fault = Cell::new(None);
    let place = Place::new(into, &fault);
    // One look at the whole is quicker than one at each text; what is not UTF-8 gets serde_json's own message.
    let read = match std::str::from_utf8(body) {
        Ok(text) => through(serde_json::Deserializer::from_str(text), place),
        Err(_) => through(serde_json::Deserializer::from_slice(body), place),
    };
    read.map_err(|error| fault.take().map_or(Fault::Syntax(error), Fault::Invalid))
}

fn through<'de, R: serde_json::de::Read<'de>>(
    mut json: serde_json::Deserializer<R>,
    place: Place<'_>,
) -> Result<(), serde_json::Error> {
    place.deserialize(&mut json)?;
    json.end()
}

/// A place that serde fills. serde's errors can't hold ours: those go by the side.
struct Place<'a> {
    into: &'a mut dyn Read,
    fault: &'a Cell<Option<Invalid>>,
    skip_null: bool,
}

impl<'a> Place<'a> {
    fn new(into: &'a mut dyn Read, fault: &'a Cell<Option<Invalid>>) -> Self {
        Self {
            into,
            fault,
            skip_null: false,
        }
    }
}

/// Leaves our error aside, and gives serde one to stop with.
fn aside<T, E: serde::de::Error>(
    result: Result<T, Invalid>,
    fault: &Cell<Option<Invalid>>,
) -> Result<T, E> {
    result.map_err(|invalid| {
        fault.set(Some(invalid));
        E::custom("")
    })
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    /// Whether it was a `null` that was skipped.
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Place<'_> {
    fn scalar<E: serde::de::Error>(self, scalar: Scalar<'_>) -> Result<bool, E> {
        let fault = self.fault;
        aside(self.into.scalar(scalar).map(|()| false), fault)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.into.expected())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<bool, E> {
        if self.skip_null {
            return Ok(true);
        }
        self.scalar(Scalar::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<bool, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<bool, E> {
        self.scalar(Scalar::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<bool, E> {
        self.scalar(Scalar::Number(value.into()))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<bool, E> {
        self.scalar(Scalar::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<bool, E> {
        self.scalar(Scalar::Number(value.into()))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<bool, E> {
        self.scalar(Scalar::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        if self.into.wants_tree() {
            let node = Node::deserialize(SeqAccessDeserializer::new(items))?;
            return aside(self.into.tree(node).map(|()| false), self.fault);
        }
        let list = aside(self.into.list(), self.fault)?;
        for index in 0_usize.. {
            let item = Item {
                list: &mut *list,
                fault: self.fault,
            };
            match items.next_element_seed(item) {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(error) => {
                    let fault = self.fault.take().map(|invalid| invalid.at(index));
                    self.fault.set(fault);
                    return Err(error);
                }
            }
        }
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
        let mut next = members.next_key_seed(Text)?;
        if next.as_deref() == Some(NUMBER_AS_TEXT) {
            let number = number_of(&members.next_value_seed(Text)?);
            return self.scalar(Scalar::Number(number.map_err(A::Error::custom)?));
        }
        if self.into.wants_tree() {
            let node = Node::of_members(next, members)?;
            return aside(self.into.tree(node).map(|()| false), self.fault);
        }
        let mut object = Object::new(aside(self.into.object(), self.fault)?);
        while let Some(name) = next {
            let mut member = Member {
                members: &mut members,
                error: None,
                fault: self.fault,
                is_taken: false,
            };
            let taken = object.member(&name, &mut member);
            if let Some(error) = member.error {
                return Err(error);
            }
            let is_taken = member.is_taken;
            aside(taken, self.fault)?;
            if !is_taken {
                members.next_value::<IgnoredAny>()?;
            }
            next = members.next_key_seed(Text)?;
        }
        aside(object.end().map(|()| false), self.fault)
    }
}

/// A text, borrowed where serde has it whole.
pub(super) struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(text.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.to_owned().into())
    }
}

/// One more item of a list.
struct Item<'a> {
    list: &'a mut dyn List,
    fault: &'a Cell<Option<Invalid>>,
}

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let skip_null = !self.list.keeps_null();
        let Some(into) = self.list.grow() else {
            return Ok(());
        };
        let place = Place {
            into,
            fault: self.fault,
            skip_null,
        };
        if place.deserialize(deserializer)? {
            self.list.shrink();
        }
        Ok(())
    }
}

/// The value of a member, while serde takes its object apart.
struct Member<'a, A, E> {
    members: &'a mut A,
    /// serde's own error.
    error: Option<E>,
    fault: &'a Cell<Option<Invalid>>,
    is_taken: bool,
}

impl<'de, A: MapAccess<'de>> Source for Member<'_, A, A::Error> {
    fn read(&mut self, into: &mut dyn Read, skip_null: bool) -> Result<bool, Invalid> {
        self.is_taken = true;
        let place = Place {
            into,
            fault: self.fault,
            skip_null,
        };
        self.members.next_value_seed(place).map_err(|error| {
            self.fault.take().unwrap_or_else(|| {
                self.error = Some(error);
                Invalid::new("")
            })
        })
    }
}

/// An object that is being read, and which of its required members have come.
struct Object<'a> {
    members: &'a mut dyn Members,
    required: &'static [&'static str],
    seen: u128,
    /// Of those that `seen` has no bit for.
    seen_late: Vec<bool>,
}

const BITS: usize = 128;

impl<'a> Object<'a> {
    fn new(members: &'a mut dyn Members) -> Self {
        let required = members.required();
        Self {
            members,
            required,
            seen: 0,
            seen_late: vec![false; required.len().saturating_sub(BITS)],
        }
    }

    fn member(&mut self, name: &str, source: &mut dyn Source) -> Result<(), Invalid> {
        if let Some(index) = self.required.iter().position(|required| *required == name)
            && self.note(index)
        {
            return Err(Invalid::new("stands twice").under(name));
        }
        self.members.member(name, Value::new(source, name))
    }

    /// Notes a required member; says whether it has been there before.
    fn note(&mut self, index: usize) -> bool {
        if let Some(late) = index
            .checked_sub(BITS)
            .and_then(|late| self.seen_late.get_mut(late))
        {
            return std::mem::replace(late, true);
        }
        let bit = 1 << index;
        let before = self.seen & bit != 0;
        self.seen |= bit;
        before
    }

    fn end(mut self) -> Result<(), Invalid> {
        for (index, name) in self.required.iter().enumerate() {
            if !self.note(index) {
                return Err(Invalid::new("is missing").under(name));
            }
        }
        Ok(())
    }
}

/// Reads a tree.
pub(super) fn walk(node: Node<'_>, into: &mut dyn Read) -> Result<(), Invalid> {
    match node {
        node if into.wants_tree() => into.tree(node),
        Node::Null => into.scalar(Scalar::Null),
        Node::Bool(value) => into.scalar(Scalar::Bool(value)),
        Node::Number(number) => into.scalar(Scalar::Number(number)),
        Node::Text(text) | Node::Word(text) => into.scalar(Scalar::Text(&text)),
        Node::List(items) => {
            let list = into.list()?;
            let skip_null = !list.keeps_null();
            for (index, item) in items.into_iter().enumerate() {
                if skip_null && matches!(item, Node::Null) {
                    continue;
                }
                if let Some(into) = list.grow() {
                    walk(item, into).map_err(|invalid| invalid.at(index))?;
                }
            }
            Ok(())
        }
        Node::Object(members) => {
            let mut object = Object::new(into.object()?);
            for (name, value) in members.members {
                object.member(&name, &mut Some(value))?;
            }
            object.end()
        }
        // Only on its way out.
        Node::Json(json) => into.tree(Node::Json(json)),
    }
}

impl Source for Option<Node<'_>> {
    fn read(&mut self, into: &mut dyn Read, skip_null: bool) -> Result<bool, Invalid> {
        match self.take() {
            None => Ok(true),
            Some(Node::Null) if skip_null => Ok(true),
            Some(node) => walk(node, into).map(|()| false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More members that have to be there than `seen` has bits.
    struct Wide(&'static [&'static str]);

    impl Members for Wide {
        fn blank() -> Self {
            Self(&[])
        }

        fn required(&self) -> &'static [&'static str] {
            self.0
        }

        fn member(&mut self, _: &str, _: Value<'_>) -> Result<(), Invalid> {
            Ok(())
        }
    }

    #[test]
    fn any_number_of_members_has_to_be_there() {
        let names = (0..BITS + 2).map(|number| &*Box::leak(format!("m{number}").into_boxed_str()));
        let names: &'static [&'static str] = Box::leak(names.collect());
        let read = |present: &[&str]| {
            let mut wide = Wide(names);
            let mut object = Object::new(&mut wide);
            for name in present {
                object
                    .member(name, &mut Some(Node::Null))
                    .map_err(|fault| fault.to_string())?;
            }
            object.end().map_err(|fault| fault.to_string())
        };
        assert_eq!(read(names), Ok(()));
        for missing in [0, BITS - 1, BITS, BITS + 1] {
            let mut present = names.to_vec();
            let name = present.remove(missing);
            assert_eq!(read(&present), Err(format!("`{name}`: is missing")));
            let twice = [name, name];
            assert_eq!(read(&twice), Err(format!("`{name}`: stands twice")));
        }
    }
}
