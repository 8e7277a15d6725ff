//! Reading of values: each value has a place, and values that do not match it are kept in `extra`.
//!
//! A value is read into its place: a blank value is filled while the text is read, so no value is built twice or moved.
//! The traits have no type parameters, so reading is compiled once. See [`Place`] for the values that a place accepts.
//!
//! # Tolerances
//!
//! | received | read as |
//! |---|---|
//! | `null`, or nothing | absent |
//! | `""` in place of anything but text, an id or an enum | absent; kept in `extra`, and written back except in requests |
//! | `[]` in place of an object or a map | an object without members |
//! | `5.0` in place of a whole number | 5 |
//! | `"5"` in place of a number that is not money | 5 |
//! | a single item, if documented as allowed instead of a list | a list of one |
//! | text in place of a time or a date | kept as received; `unix_seconds()` or `ymd()` is `None` |
//! | an unknown value of an enum | `Unrecognized` |
//! | an unknown member | kept in `extra` |
//! | a value of another kind than documented | the field is absent, the value is kept in `extra` and listed by `unread()` |
//! | a value of a union that matches none of its types | kept as JSON, `Unrecognized` |
//! | an item of a list that can't be read | kept with its position in the list, and listed |
//!
//! Money is a whole number of minor units, or one written as `100.0`. Text is never money. Nothing is guessed: any
//! other value is of another kind.

use super::{BigInteger, Bytes, Extra, Items, Json, JsonObject, Kind, Told, Write, Writer};
use crate::{AccountId, Amount, Currency, Date, Number, Timestamp, base64};

/// A type that can be read.
pub trait Read {
    /// Returns an empty value to read into.
    fn blank() -> Self
    where
        Self: Sized;

    /// Returns the place for a value that is present and not `null`.
    fn place(&mut self) -> Place<'_>;

    /// Resets the value after a failed read. Only for values that may be absent.
    fn clear(&mut self) {}

    /// Returns whether the place needs every digit of a number.
    fn is_exact(&self) -> bool {
        false
    }

    /// Whether the type needs every digit of a number.
    #[must_use]
    fn exact() -> bool
    where
        Self: Sized,
    {
        false
    }

    /// Returns whether `null` is a value of this type.
    #[must_use]
    fn keeps_null() -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// The values that a place accepts.
#[allow(missing_debug_implementations, reason = "a value in progress")]
pub enum Place<'a> {
    /// Any text.
    Text(&'a mut String),
    /// Text of a format.
    Parsed(&'a mut dyn Parsed),
    /// `true` or `false`.
    Bool(&'a mut bool),
    /// A whole number.
    Integer(&'a mut i64),
    /// A whole number that is not negative.
    Unsigned(&'a mut u64),
    /// A whole number of any size.
    Big(&'a mut BigInteger),
    /// An integer of an enum.
    Numbered(&'a mut dyn Numbered),
    /// Any number.
    Number(&'a mut Number),
    /// Any number, as the nearest `f64`.
    Float(&'a mut f64),
    /// Money.
    Amount(&'a mut Amount),
    /// An object.
    Object(&'a mut dyn Members),
    /// A list.
    List(&'a mut dyn Items),
    /// A list, or one item of it.
    OneOrList(&'a mut dyn Items),
    /// One of several types.
    Choice(&'a mut dyn Choose),
    /// Any value.
    Any(&'a mut Json),
    /// Any object.
    AnyObject(&'a mut JsonObject),
}

impl Place<'_> {
    /// Returns the expected kind, in words for a message.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Text(_) => "text".to_owned(),
            Self::Parsed(parsed) => parsed.expected().to_owned(),
            Self::Bool(_) => "true or false".to_owned(),
            Self::Integer(_) | Self::Big(_) | Self::Numbered(_) => "a whole number".to_owned(),
            Self::Unsigned(_) => "a whole number that is not negative".to_owned(),
            Self::Number(_) | Self::Float(_) => "a number".to_owned(),
            Self::Amount(_) => "a whole number of minor units".to_owned(),
            Self::Object(_) | Self::AnyObject(_) => "an object".to_owned(),
            Self::List(_) | Self::OneOrList(_) => "a list".to_owned(),
            Self::Choice(choice) => {
                let mut words: Vec<&str> = Vec::new();
                for kind in choice.told().iter().flat_map(|told| told.kinds) {
                    if !words.contains(&kind.describe()) {
                        words.push(kind.describe());
                    }
                }
                words.join(" or ")
            }
            Self::Any(_) => "a value".to_owned(),
        }
    }

    /// Returns whether empty text means no value.
    pub(super) fn takes_empty_text_for_absent(&self) -> bool {
        match self {
            Self::Text(_) | Self::Any(_) => false,
            Self::Parsed(parsed) => parsed.takes_empty_text_for_absent(),
            Self::Choice(choice) => {
                let mut told = choice.told().iter();
                !told.any(|told| told.covers(Kind::String))
            }
            _ => true,
        }
    }
}

/// Text of a format: an enum, a time, a currency.
pub trait Parsed {
    /// Returns the expected kind, in words for a message.
    fn expected(&self) -> &'static str {
        "text"
    }

    /// Sets the text. Returns `false` if it is invalid.
    fn parse(&mut self, text: &str) -> bool;

    /// Returns whether the text is as documented: tolerant types accept others, too.
    fn is_known(&self) -> bool {
        true
    }

    /// Returns whether empty text means no value.
    fn takes_empty_text_for_absent(&self) -> bool {
        true
    }
}

/// An integer of an enum.
pub trait Numbered {
    /// Sets the number.
    fn number(&mut self, number: i64);

    /// Returns whether the number is in the enum.
    fn is_known(&self) -> bool;
}

/// An object that is being read.
pub trait Members: Write {
    /// Makes it present.
    fn begin(&mut self) {}

    /// Returns the place of a member; `None` if it has no field.
    fn member(&mut self, name: &str) -> Option<&mut dyn Read>;

    /// Removes a place that [`member`](Self::member) has created.
    fn discard(&mut self, name: &str) {
        let _ = name;
    }

    /// Returns whether the place of a member is kept if the value is `null`.
    fn keeps_null(&self) -> bool {
        true
    }

    /// Members without a field.
    fn extra(&mut self) -> &mut Extra;

    /// The names of guaranteed members.
    fn guaranteed(&self) -> &'static [&'static str] {
        &[]
    }

    /// Members that have one value.
    fn constants(&self) -> &'static [(&'static str, Constant)] {
        &[]
    }
}

/// The value of a member that has one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// `null`
    Null,
    /// Text.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
}

impl Constant {
    /// Returns whether a received value is the same: `1.0` is `1`.
    pub(super) fn is(self, json: &Json) -> bool {
        match self {
            Self::Null => json.is_null(),
            Self::Text(text) => json == text,
            Self::Integer(number) => match json {
                Json::Number(other) => is_whole(other, number),
                _ => false,
            },
            Self::Bool(flag) => *json == flag,
        }
    }

    pub(super) fn put(self, to: &mut Writer<'_>) {
        match self {
            Self::Null => to.null(),
            Self::Text(text) => to.word(text),
            Self::Integer(number) => to.whole(number),
            Self::Bool(flag) => to.bool(flag),
        }
    }
}

fn is_whole(number: &serde_json::Number, whole: i64) -> bool {
    /// Floats represent smaller whole numbers exactly.
    const EXACT: u64 = 1 << 53;
    number.as_i64() == Some(whole)
        || (whole.unsigned_abs() < EXACT && number.as_f64() == Some(whole as f64))
}

/// A parameter that has one value.
impl Write for Constant {
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        self.put(to);
    }
}

/// A type that is chosen by the content of the value.
pub trait Choose {
    /// The properties that distinguish the types, in the order in which they are tried.
    fn told(&self) -> &'static [Told];

    /// Becomes the type at this index of [`told`](Self::told), and returns the place to read into.
    fn become_variant(&mut self, index: usize) -> Option<&mut dyn Read>;

    /// Keeps a value of none of the types.
    fn unrecognized(&mut self, json: Json);
}

/// An empty place.
#[must_use]
pub fn blank<T: Read>() -> T {
    T::blank()
}

macro_rules! places {
    ($($ty:ty, $place:ident, $blank:expr;)*) => {$(
        impl Read for $ty {
            fn blank() -> Self {
                $blank
            }

            fn place(&mut self) -> Place<'_> {
                Place::$place(self)
            }
        }
    )*};
}

places! {
    String, Text, Self::new();
    bool, Bool, false;
    i64, Integer, 0;
    u64, Unsigned, 0;
    f64, Float, 0.0;
    Number, Number, Self::from(0);
    Amount, Amount, Self::minor(0);
    // ISO 4217 for "no currency".
    Currency, Parsed, Self::received("XXX");
    Timestamp, Parsed, Self::blank();
    Date, Parsed, Self::blank();
    AccountId, Parsed, Self::received("");
    JsonObject, AnyObject, Self::new();
    Bytes, Parsed, Self::new();
}

/// A body that is stored with its operation.
impl Parsed for Bytes {
    fn expected(&self) -> &'static str {
        "base64"
    }

    fn parse(&mut self, text: &str) -> bool {
        match base64::decode(text) {
            Some(bytes) => *self = bytes.into(),
            None => return false,
        }
        true
    }

    fn takes_empty_text_for_absent(&self) -> bool {
        false
    }
}

impl Parsed for Currency {
    fn parse(&mut self, text: &str) -> bool {
        *self = Self::received(text);
        !text.is_empty()
    }
}

impl Parsed for Timestamp {
    fn parse(&mut self, text: &str) -> bool {
        *self = Self::received(text.into());
        !text.is_empty()
    }

    fn is_known(&self) -> bool {
        self.unix_seconds().is_some()
    }
}

impl Parsed for Date {
    fn parse(&mut self, text: &str) -> bool {
        *self = Self::received(text.into());
        !text.is_empty()
    }

    fn is_known(&self) -> bool {
        self.ymd().is_some()
    }
}

impl Parsed for AccountId {
    fn parse(&mut self, text: &str) -> bool {
        *self = Self::received(text);
        !text.is_empty()
    }

    fn is_known(&self) -> bool {
        self.is_well_formed()
    }
}

impl Read for Json {
    fn blank() -> Self {
        Self::Null
    }

    fn place(&mut self) -> Place<'_> {
        Place::Any(self)
    }

    fn keeps_null() -> bool {
        true
    }
}

impl<T: Read> Read for Box<T> {
    #[inline]
    fn blank() -> Self {
        Self::new(T::blank())
    }

    #[inline]
    fn place(&mut self) -> Place<'_> {
        T::place(self)
    }

    #[inline]
    fn clear(&mut self) {
        T::clear(self);
    }

    #[inline]
    fn keeps_null() -> bool {
        T::keeps_null()
    }

    #[inline]
    fn is_exact(&self) -> bool {
        T::exact()
    }

    #[inline]
    fn exact() -> bool {
        T::exact()
    }
}

impl<T: Read> Read for Option<T> {
    #[inline]
    fn blank() -> Self {
        None
    }

    #[inline]
    fn place(&mut self) -> Place<'_> {
        self.insert(T::blank()).place()
    }

    #[inline]
    fn clear(&mut self) {
        *self = None;
    }

    #[inline]
    fn keeps_null() -> bool {
        true
    }

    #[inline]
    fn is_exact(&self) -> bool {
        T::exact()
    }

    #[inline]
    fn exact() -> bool {
        T::exact()
    }
}

#[cfg(test)]
mod tests;
