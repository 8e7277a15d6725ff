//! How values are read: every value has a place, and what does not fit there is kept beside it.
//!
//! A value is read into its place: a blank one is filled while the text is read, so nothing is built twice or moved. The
//! traits have no type parameters: reading is compiled once, whatever is read. What a place takes stands in [`Place`].
//!
//! # Tolerances
//!
//! | received | read as |
//! |---|---|
//! | `null`, or nothing | absent |
//! | `""` in place of anything but text, an id or an enum | absent |
//! | `[]` in place of an object or a map | an object without members |
//! | `5.0` in place of a whole number | 5 |
//! | `"5"` in place of a number that is not money | 5 |
//! | a single item, where the document says that it may stand for a list | a list of one |
//! | text in place of a time or a date | kept as it came; `unix_seconds()` or `ymd()` is `None` |
//! | an enum's value that nobody knows | `Unrecognized` |
//! | a member that nobody knows | kept in `extra` |
//! | a value of another kind than documented | the field is absent, the value is kept in `extra` and listed by `unread()` |
//! | a value of a union that fits none of its types | kept as JSON, `Unrecognized` |
//! | an item of a list that can't be read | kept with its place in the list, and listed |
//!
//! Money is a whole number of minor units, or one written as `100.0`. Text is never money. Nothing is guessed: what is not in
//! this table is of another kind.

use super::{BigInteger, Bytes, Extra, Items, Json, JsonObject, Kind, Told, Write};
use crate::{AccountId, Amount, Currency, Date, Number, Timestamp, base64};

/// A type that can be read.
pub trait Read {
    /// A value to read into.
    fn blank() -> Self
    where
        Self: Sized;

    /// Where a value goes that is there, and is not `null`.
    fn place(&mut self) -> Place<'_>;

    /// Takes back what [`place`](Self::place) has begun: the value could not be read. Only where a value may be absent.
    fn clear(&mut self) {}

    /// Whether the place needs every digit of a number.
    fn is_exact(&self) -> bool {
        false
    }

    /// The same of the type.
    #[must_use]
    fn exact() -> bool
    where
        Self: Sized,
    {
        false
    }

    /// Whether `null` is a value of this type rather than no value.
    #[must_use]
    fn keeps_null() -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// What a place takes.
#[allow(missing_debug_implementations, reason = "a value on its way")]
pub enum Place<'a> {
    /// Any text.
    Text(&'a mut String),
    /// Text of some form.
    Parsed(&'a mut dyn Parsed),
    /// `true` or `false`.
    Bool(&'a mut bool),
    /// A whole number.
    Integer(&'a mut i64),
    /// A whole number that is not negative.
    Unsigned(&'a mut u64),
    /// A whole number of any size.
    Big(&'a mut BigInteger),
    /// A whole number out of a list.
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
    /// What has to be there, in words of a message.
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

    /// Whether an empty text says that there is no value.
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

/// Text of some form: an enum, a time, a currency.
pub trait Parsed {
    /// What has to be there, in words of a message.
    fn expected(&self) -> &'static str {
        "text"
    }

    /// Takes the text. `false`: it is none of these.
    fn parse(&mut self, text: &str) -> bool;

    /// Whether the text that was taken is as documented: tolerant types take others, too.
    fn is_known(&self) -> bool {
        true
    }

    /// Whether an empty text says that there is no value.
    fn takes_empty_text_for_absent(&self) -> bool {
        true
    }
}

/// A whole number out of a list.
pub trait Numbered {
    /// Takes the number.
    fn number(&mut self, number: i64);

    /// Whether the number that was taken is in the list.
    fn is_known(&self) -> bool;
}

/// An object that is being read.
pub trait Members: Write {
    /// There is one.
    fn begin(&mut self) {}

    /// The place of a member; none when it has no field.
    fn member(&mut self, name: &str) -> Option<&mut dyn Read>;

    /// Takes back a place that [`member`](Self::member) has made.
    fn discard(&mut self, name: &str) {
        let _ = name;
    }

    /// Whether the place of a member stays when the value is `null`.
    fn keeps_null(&self) -> bool {
        true
    }

    /// Members that have no field.
    fn extra(&mut self) -> &mut Extra;

    /// The names without which there is no value.
    fn guaranteed(&self) -> &'static [&'static str] {
        &[]
    }

    /// Members that always have one text.
    fn constants(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}

/// A type that is chosen by what is in the value.
pub trait Choose {
    /// How each of the types is told, in the order in which they are tried.
    fn told(&self) -> &'static [Told];

    /// Becomes the type at this place of [`told`](Self::told), and gives what reads into it.
    fn become_variant(&mut self, index: usize) -> Option<&mut dyn Read>;

    /// Keeps a value of none of the types.
    fn unrecognized(&mut self, json: Json);
}

/// An empty place.
#[must_use]
pub fn blank<T: Read>() -> T {
    T::blank()
}

/// What reads into a place. Not inlined: what dropping a type takes is then compiled for this module, and not for each that
/// has the type in a member.
#[inline(never)]
pub fn reader<T: Read>(place: &mut T) -> &mut dyn Read {
    place
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
    AccountId, Parsed, Self::blank();
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
    fn expected(&self) -> &'static str {
        "an account id"
    }

    fn parse(&mut self, text: &str) -> bool {
        match text.parse() {
            Ok(id) => *self = id,
            Err(_) => return false,
        }
        true
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
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn place(&mut self) -> Place<'_> {
        T::place(self)
    }

    fn clear(&mut self) {
        T::clear(self);
    }

    fn keeps_null() -> bool {
        T::keeps_null()
    }

    fn is_exact(&self) -> bool {
        T::exact()
    }

    fn exact() -> bool {
        T::exact()
    }
}

impl<T: Read> Read for Option<T> {
    fn blank() -> Self {
        None
    }

    fn place(&mut self) -> Place<'_> {
        self.insert(T::blank()).place()
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn keeps_null() -> bool {
        true
    }

    fn is_exact(&self) -> bool {
        T::exact()
    }

    fn exact() -> bool {
        T::exact()
    }
}

#[cfg(test)]
mod tests;
