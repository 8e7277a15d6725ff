//! Integers of any size.

use std::{borrow::Cow, fmt, str::FromStr};

use super::{JsonBody, Node, Place, Read, Write, Writer};
use crate::Number;

/// An exact integer of any size, for numbers that don't fit 64 bits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BigInteger(String);

impl BigInteger {
    /// Returns the number if it fits 64 bits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// Returns the number if it is not negative and fits 64 bits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// Returns the number if it fits 128 bits.
    #[must_use]
    pub fn as_i128(&self) -> Option<i128> {
        self.0.parse().ok()
    }

    /// Returns its decimal digits, after `-` if it is negative.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses a JSON number that is an integer, in any notation.
    pub(super) fn of_json(text: &str) -> Option<Self> {
        if let Some(number) = Self::of_digits(text) {
            return Some(number);
        }
        // A string is unescaped by the caller, because a `Number` would round it.
        if text.starts_with('"') {
            return None;
        }
        let number: Number = serde_json::from_str(text).ok()?;
        Self::of_number(number)
    }

    /// `-0` and leading zeros are not JSON integers.
    fn of_digits(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || (digits.starts_with('0') && text != "0") {
            return None;
        }
        Some(Self(text.to_owned()))
    }

    pub(super) fn of_number(number: Number) -> Option<Self> {
        if let Some(whole) = number.as_i64() {
            return Some(whole.into());
        }
        if let Some(whole) = number.as_u64() {
            return Some(whole.into());
        }
        let value = number.as_f64();
        let is_whole = value.is_finite() && value.fract() == 0.0;
        is_whole.then(|| Self(format!("{value:.0}")))
    }
}

macro_rules! from_integers {
    ($($ty:ty)*) => {$(
        impl From<$ty> for BigInteger {
            fn from(number: $ty) -> Self {
                Self(number.to_string())
            }
        }
    )*};
}
from_integers!(i32 u32 i64 u64 i128 u128);

/// The error for a text that is not an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWhole;

impl fmt::Display for NotWhole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a whole number in decimal digits")
    }
}

impl std::error::Error for NotWhole {}

impl FromStr for BigInteger {
    type Err = NotWhole;

    fn from_str(text: &str) -> Result<Self, NotWhole> {
        Self::of_digits(text).ok_or(NotWhole)
    }
}

impl fmt::Display for BigInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BigInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Read for BigInteger {
    fn blank() -> Self {
        Self("0".to_owned())
    }

    fn place(&mut self) -> Place<'_> {
        Place::Big(self)
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn exact() -> bool {
        true
    }
}

impl Write for BigInteger {
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        to.digits(&self.0);
    }
}

impl JsonBody for BigInteger {}

impl serde::Serialize for BigInteger {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Node::Digits(Cow::Borrowed(&self.0)).serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for BigInteger {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::deserialize(deserializer)
    }
}

/// Returns digits as a JSON number.
pub(super) fn serialize_digits<S: serde::Serializer>(
    digits: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    use serde::{Serialize, ser::Error};
    if let Ok(number) = digits.parse::<i64>() {
        return serializer.serialize_i64(number);
    }
    if let Ok(number) = digits.parse::<u64>() {
        return serializer.serialize_u64(number);
    }
    serde_json::value::RawValue::from_string(digits.to_owned())
        .map_err(S::Error::custom)?
        .serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::{List, source, write};

    const HUGE: &str = "340282366920938463463374607431768211455123";

    fn read(json: &str) -> Result<(List<BigInteger>, bool), String> {
        source::json(json.as_bytes()).map_err(|_| "unread".to_owned())
    }

    #[test]
    fn kept_exactly() {
        let json = format!("[{HUGE},-{HUGE},18446744073709551615,-1,0]");
        let (numbers, has_unread) = read(&json).unwrap();
        assert!(!has_unread);
        assert_eq!(numbers[0].as_str(), HUGE);
        assert_eq!(numbers[2].as_u64(), Some(u64::MAX));
        assert_eq!(numbers[3].as_i64(), Some(-1));
        assert_eq!(write::request_text(&numbers).unwrap(), json.as_bytes());
        assert_eq!(serde_json::to_string(&numbers).unwrap(), json);
        let again: List<BigInteger> = serde_json::from_str(&json).unwrap();
        assert_eq!(again, numbers);
    }

    #[test]
    fn however_it_is_written() {
        let json = format!(r#"["{HUGE}", 5.0, 1e20, "7", 1e3]"#);
        let (numbers, has_unread) = read(&json).unwrap();
        let texts: Vec<&str> = numbers.iter().map(BigInteger::as_str).collect();
        assert_eq!(texts, [HUGE, "5", "100000000000000000000", "7", "1000"]);
        assert!(!has_unread);
    }

    #[test]
    fn what_is_no_whole_number_is_kept() {
        for other in ["[1.5]", "[true]", r#"["x"]"#, "[{}]", "[[1]]"] {
            let (numbers, has_unread) = read(other).unwrap();
            assert!(has_unread && numbers.iter().count() == 0, "{other}");
        }
        for other in ["", "-", "1.5", "01", "-0", "1e3", " 1"] {
            assert_eq!(other.parse::<BigInteger>(), Err(NotWhole), "{other}");
        }
        assert_eq!("12".parse::<BigInteger>().unwrap(), 12_i64.into());
    }

    #[test]
    fn from_json_that_was_read_before() {
        let json: serde_json::Value = serde_json::from_str("[18446744073709551615, null]").unwrap();
        let numbers: Vec<Option<BigInteger>> = serde_json::from_value(json).unwrap();
        assert_eq!(numbers[0].as_ref().unwrap().as_u64(), Some(u64::MAX));
        assert_eq!(numbers[1], None);
    }
}
