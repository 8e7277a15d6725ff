//! Readers of values, from any serde deserializer. They have no type parameter for the value.
//!
//! A value that does not match its place is kept when it is reached: none of it is consumed yet, so one pass is enough,
//! and a reader that can't seek (serde's) is as tolerant as the client's own.

mod choice;
mod list;
mod object;

use std::{borrow::Cow, cell::Cell, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer,
    },
};

use self::{
    choice::{Doubt, chosen},
    list::list,
    object::{Object, object},
};
use super::{BigInteger, Invalid, Items, Json, JsonObject, Kind, Place, Read, extra::Why};
use crate::{Amount, Number};

/// The key with which serde_json passes numbers as text if a crate of the program enables its feature
/// `arbitrary_precision`.
const NUMBER_AS_TEXT: &str = "$serde_json::private::Number";

/// The name under which serde_json passes a value as its text.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// The state of the whole read.
#[derive(Default)]
struct Session {
    doubt: Cell<Doubt>,
    /// While several types of a union are tried: the remaining number of values to read a second time.
    spare: Cell<Option<usize>>,
    /// Whether it is a user's request, in which members without a field were set, and `null` is intended.
    is_request: bool,
    digits: Digits,
    /// Whether a place that needs every digit got a number that may have lost some.
    lost_digits: Cell<bool>,
}

/// Whether to check if each place needs every digit of its number.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Digits {
    /// No check: a source that can be read twice is read again if a place needs it. The check costs a call per value.
    #[default]
    Nearest,
    Every,
}

impl Session {
    /// A source that can be read only once.
    fn once() -> Self {
        Self {
            digits: Digits::Every,
            ..Self::default()
        }
    }

    fn doubt(&self, add: impl FnOnce(&mut Doubt)) {
        let mut doubt = self.doubt.get();
        add(&mut doubt);
        self.doubt.set(doubt);
    }

    /// Whether another type may match the value, so that the quality of the match counts.
    fn is_trying(&self) -> bool {
        self.spare.get().is_some()
    }

    fn has_unread(&self) -> bool {
        self.doubt.get().unread + self.doubt.get().unread_items != 0
    }
}

/// Reads through serde, so that a type can have `Deserialize`.
///
/// # Errors
/// The value does not match; the message has the path of the error.
pub fn deserialize<'de, T: Read, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::blank();
    into_place(deserializer, &mut value, &Session::once())?;
    Ok(value)
}

/// Reads a part of a stored request, in which members without a field were set, and `null` is intended.
///
/// # Errors
/// See [`deserialize`].
pub(super) fn stored<'de, D: Deserializer<'de>>(
    deserializer: D,
    into: &mut dyn Read,
) -> Result<(), D::Error> {
    let session = Session {
        is_request: true,
        ..Session::once()
    };
    match (Seed {
        into,
        session: &session,
    })
    .deserialize(deserializer)?
    {
        Outcome::Read | Outcome::Null | Outcome::EmptyText => Ok(()),
        Outcome::Unread(unread) => Err(D::Error::custom(unread.invalid())),
    }
}

fn into_place<'de, D: Deserializer<'de>>(
    deserializer: D,
    into: &mut dyn Read,
    session: &Session,
) -> Result<(), D::Error> {
    match (Seed { into, session }).deserialize(deserializer)? {
        Outcome::Read => Ok(()),
        Outcome::Null | Outcome::EmptyText => Err(D::Error::custom(UNEXPECTED_NULL)),
        Outcome::Unread(unread) => Err(D::Error::custom(unread.invalid())),
    }
}

const UNEXPECTED_NULL: &str = "unexpected `null`";

/// An error of reading JSON text.
pub(super) enum Fault {
    /// It is not JSON.
    Syntax(serde_json::Error),
    /// It does not match the type.
    Invalid(Invalid),
}

/// Reads JSON text. Returns whether a value in it has another kind than documented.
pub(super) fn json<T: Read>(body: &[u8]) -> Result<(T, bool), Fault> {
    let mut value = T::blank();
    let mut session = Session::default();
    loop {
        let has_unread = json_into(body, &mut value, T::keeps_null(), &session);
        if session.digits == Digits::Nearest && session.lost_digits.get() {
            value = T::blank();
            session = Session::once();
            continue;
        }
        return has_unread.map(|has_unread| (value, has_unread));
    }
}

fn json_into(
    body: &[u8],
    into: &mut dyn Read,
    keeps_null: bool,
    session: &Session,
) -> Result<bool, Fault> {
    let seed = Seed { into, session };
    // Checking the whole text is faster than each string; invalid UTF-8 gets serde_json's message.
    let outcome = match std::str::from_utf8(body) {
        Ok(text) => through(serde_json::Deserializer::from_str(text), seed),
        Err(_) => through(serde_json::Deserializer::from_slice(body), seed),
    };
    match outcome.map_err(Fault::Syntax)? {
        Outcome::Read => Ok(session.has_unread()),
        Outcome::Null | Outcome::EmptyText if keeps_null => Ok(false),
        Outcome::Null | Outcome::EmptyText => Err(Fault::Invalid(Invalid::new(UNEXPECTED_NULL))),
        Outcome::Unread(unread) => Err(Fault::Invalid(unread.invalid())),
    }
}

fn through<'de, R: serde_json::de::Read<'de>>(
    mut json: serde_json::Deserializer<R>,
    seed: Seed<'_>,
) -> Result<Outcome, serde_json::Error> {
    let outcome = seed.deserialize(&mut json)?;
    json.end()?;
    Ok(outcome)
}

/// Reads complete JSON: a header, a cursor. `None` unless all of it matches.
pub(super) fn whole<T: Read>(json: &Json) -> Option<T> {
    let (value, has_unread) = complete(json)?;
    (!has_unread).then_some(value)
}

/// Reads complete JSON. Returns whether a value in it has another kind than documented.
pub(super) fn complete<T: Read>(json: &Json) -> Option<(T, bool)> {
    let mut value = T::blank();
    let session = Session::default();
    let seed = Seed {
        into: &mut value,
        session: &session,
    };
    let outcome = seed.deserialize(json).ok()?;
    matches!(outcome, Outcome::Read).then(|| (value, session.has_unread()))
}

/// The result of reading a value. Flat, so that it is returned in registers.
enum Outcome {
    /// It was read into its place.
    Read,
    /// There is no value.
    Null,
    /// Empty text, which means no value.
    EmptyText,
    /// It has another kind than documented.
    Unread(Box<Misfit>),
}

/// A value of another kind than documented.
struct Misfit {
    json: Json,
    why: Why,
}

impl Misfit {
    fn invalid(self) -> Invalid {
        Invalid::of_parts(self.why.path, self.why.what)
    }
}

impl Outcome {
    fn unread(json: Json, why: Invalid) -> Self {
        let why = why.into();
        Self::Unread(Box::new(Misfit { json, why }))
    }
}

/// A place that serde fills.
struct Seed<'a> {
    into: &'a mut dyn Read,
    session: &'a Session,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        if self.session.digits == Digits::Every && self.into.is_exact() {
            // As text, if the reader has it.
            return deserializer.deserialize_newtype_struct(RAW_VALUE, self);
        }
        deserializer.deserialize_any(self)
    }
}

/// The value, which is this JSON, does not match.
fn misfit(into: &mut dyn Read, json: Json) -> Outcome {
    let expected = into.place().expected();
    let found = Kind::of(&json).describe();
    let what = match (&json, expected.as_str()) {
        (
            Json::Number(number),
            "a whole number"
            | "a whole number of minor units"
            | "a whole number that is not negative",
        ) => {
            let value = number.as_f64().unwrap_or_default();
            let found = if value.fract() != 0.0 {
                "one that is not whole"
            } else if value < 0.0 && expected.ends_with("negative") {
                "a negative one"
            } else {
                "one that is too large"
            };
            format!("expected {expected}, found {found}")
        }
        _ => format!("expected {expected}, found {found}"),
    };
    Outcome::unread(json, Invalid::new(what))
}

impl Seed<'_> {
    fn number(self, number: Number) -> Outcome {
        let whole = number.as_i64();
        match (self.into.place(), whole) {
            (Place::Number(place), _) => *place = number,
            (Place::Unsigned(place), _) if number.as_u64().is_some() => {
                *place = number.as_u64().unwrap_or_default();
            }
            (Place::Big(place), _) => {
                if number.as_u64().is_none() && number.as_i64().is_none() {
                    self.session.lost_digits.set(true);
                }
                match BigInteger::of_number(number) {
                    Some(number) => *place = number,
                    None => return misfit(self.into, json_number(number)),
                }
            }
            (Place::Float(place), _) => *place = number.as_f64(),
            (Place::Integer(place), Some(whole)) => *place = whole,
            (Place::Amount(place), Some(units)) => *place = Amount::minor(units),
            (Place::Numbered(place), Some(whole)) => {
                place.number(whole);
                if self.session.is_trying() && !place.is_known() {
                    self.session.doubt(|doubt| doubt.tolerated += 1);
                }
            }
            (Place::Any(place), _) => {
                *place = json_number(number);
                self.session.doubt(|doubt| doubt.unknown += 1);
            }
            (Place::Choice(choice), _) => return chosen(choice, json_number(number), self.session),
            (Place::OneOrList(items), _) => {
                return single(items, self.session, |item| item.number(number));
            }
            _ => return misfit(self.into, json_number(number)),
        }
        Outcome::Read
    }

    fn bool(self, value: bool) -> Outcome {
        match self.into.place() {
            Place::Bool(place) => *place = value,
            Place::Any(place) => {
                *place = value.into();
                self.session.doubt(|doubt| doubt.unknown += 1);
            }
            Place::Choice(choice) => return chosen(choice, value.into(), self.session),
            Place::OneOrList(items) => {
                return single(items, self.session, |item| item.bool(value));
            }
            _ => return misfit(self.into, value.into()),
        }
        Outcome::Read
    }

    fn text(self, text: &str) -> Outcome {
        let place = self.into.place();
        if text.is_empty() && place.takes_empty_text_for_absent() {
            self.into.clear();
            self.session.doubt(|doubt| doubt.tolerated += 1);
            return Outcome::EmptyText;
        }
        match place {
            Place::Text(place) => *place = text.to_owned(),
            Place::Parsed(parsed) => {
                if !parsed.parse(text) {
                    return misfit(self.into, text.into());
                }
                if self.session.is_trying() && !parsed.is_known() {
                    self.session.doubt(|doubt| doubt.tolerated += 1);
                }
            }
            Place::Big(place) => match BigInteger::of_json(text) {
                Some(number) => *place = number,
                None => return misfit(self.into, text.into()),
            },
            // Numbers as text. Money never is.
            Place::Number(_)
            | Place::Integer(_)
            | Place::Unsigned(_)
            | Place::Float(_)
            | Place::Numbered(_) => {
                let (into, session) = (self.into, self.session);
                if let Some(number) = number_of(text)
                    && let Outcome::Read = (Seed {
                        into: &mut *into,
                        session,
                    })
                    .number(number)
                {
                    session.doubt(|doubt| doubt.tolerated += 1);
                    return Outcome::Read;
                }
                return misfit(into, text.into());
            }
            Place::Any(place) => {
                *place = text.into();
                self.session.doubt(|doubt| doubt.unknown += 1);
            }
            Place::Choice(choice) => return chosen(choice, text.into(), self.session),
            Place::OneOrList(items) => {
                return single(items, self.session, |item| item.text(text));
            }
            _ => return misfit(self.into, text.into()),
        }
        Outcome::Read
    }
}

/// A single item instead of a list.
fn single(
    items: &mut dyn Items,
    session: &Session,
    read: impl FnOnce(Seed<'_>) -> Outcome,
) -> Outcome {
    items.begin();
    let Some(into) = items.grow() else {
        return Outcome::Read;
    };
    let outcome = read(Seed { into, session });
    if !matches!(outcome, Outcome::Read) {
        items.shrink();
    }
    outcome
}

fn json_number(number: Number) -> Json {
    match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => number.into(),
        (None, Some(number)) => number.into(),
        (None, None) => number.as_f64().into(),
    }
}

/// A number as JSON writes it.
fn number_of(text: &str) -> Option<Number> {
    // JSON allows whitespace around it.
    let is_number = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if !text.bytes().all(is_number) {
        return None;
    }
    serde_json::from_str(text).ok()
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    fn visit_none<E>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(self)
    }

    /// Of readers that have no text.
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Outcome, E> {
        Ok(self.bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Outcome, E> {
        Ok(self.number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Outcome, E> {
        Ok(self.number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Outcome, E> {
        Ok(self.number(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Outcome, E> {
        Ok(self.text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Outcome, A::Error> {
        let session = self.session;
        match self.into.place() {
            Place::List(items) | Place::OneOrList(items) => list(items, session, source),
            Place::Choice(choice) => {
                let json = Json::deserialize(SeqAccessDeserializer::new(source))?;
                Ok(chosen(choice, json, session))
            }
            Place::Any(place) => {
                *place = Json::deserialize(SeqAccessDeserializer::new(source))?;
                session.doubt(|doubt| doubt.unknown += 1);
                Ok(Outcome::Read)
            }
            Place::Object(members) => {
                // PHP's empty object.
                let Some(first) = source.next_element::<Json>()? else {
                    session.doubt(|doubt| doubt.tolerated += 1);
                    let object = Object::new(members, session);
                    return Ok(object.end());
                };
                Ok(misfit(self.into, rest(first, source)?))
            }
            Place::AnyObject(place) => {
                place.clear();
                match source.next_element::<Json>()? {
                    None => {
                        session.doubt(|doubt| doubt.tolerated += 1);
                        Ok(Outcome::Read)
                    }
                    Some(first) => Ok(misfit(self.into, rest(first, source)?)),
                }
            }
            _ => {
                let json = Json::deserialize(SeqAccessDeserializer::new(source))?;
                Ok(misfit(self.into, json))
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Outcome, A::Error> {
        let first = source.next_key_seed(Text)?;
        if first.as_deref() == Some(NUMBER_AS_TEXT) {
            let number = number_of(&source.next_value_seed(Text)?);
            let number = number.ok_or_else(|| A::Error::custom("not a number"))?;
            return Ok(self.number(number));
        }
        if first.as_deref() == Some(RAW_VALUE) {
            let text = source.next_value_seed(Text)?;
            if let Place::Big(place) = self.into.place()
                && let Some(number) = BigInteger::of_json(&text)
            {
                *place = number;
                return Ok(Outcome::Read);
            }
            let mut json = serde_json::Deserializer::from_str(&text);
            return json.deserialize_any(self).map_err(A::Error::custom);
        }
        self.map(first, source)
    }
}

impl Seed<'_> {
    /// An object whose first name was read already.
    fn map<'de, A: MapAccess<'de>>(
        self,
        first: Option<Cow<'de, str>>,
        source: A,
    ) -> Result<Outcome, A::Error> {
        let session = self.session;
        match self.into.place() {
            Place::Object(members) => object(members, session, first, source),
            Place::AnyObject(place) => {
                *place = all(first, source)?;
                session.doubt(|doubt| doubt.unknown += place.len());
                Ok(Outcome::Read)
            }
            Place::Any(place) => {
                let members = all(first, source)?;
                session.doubt(|doubt| doubt.unknown += members.len() + 1);
                *place = Json::Object(members);
                Ok(Outcome::Read)
            }
            Place::Choice(choice) => {
                let json = Json::Object(all(first, source)?);
                Ok(chosen(choice, json, session))
            }
            Place::OneOrList(items) => {
                let json = Json::Object(all(first, source)?);
                Ok(single(items, session, |item| {
                    item.deserialize(&json).unwrap_or(Outcome::Null)
                }))
            }
            _ => Ok(misfit(self.into, Json::Object(all(first, source)?))),
        }
    }
}

/// The rest of a list whose first item was read already.
fn rest<'de, A: SeqAccess<'de>>(first: Json, mut source: A) -> Result<Json, A::Error> {
    let mut items = vec![first];
    while let Some(item) = source.next_element()? {
        items.push(item);
    }
    Ok(Json::Array(items))
}

/// All members of an object whose first name was read already.
fn all<'de, A: MapAccess<'de>>(
    first: Option<Cow<'de, str>>,
    mut source: A,
) -> Result<JsonObject, A::Error> {
    let mut members = JsonObject::new();
    let mut next = first;
    while let Some(name) = next {
        members.insert(name.into_owned(), source.next_value()?);
        next = source.next_key_seed(Text)?;
    }
    Ok(members)
}

/// A text, borrowed where serde has it whole.
struct Text;

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
