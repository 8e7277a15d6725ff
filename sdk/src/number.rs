//! JSON numbers.

use std::fmt;

/// 2^53: below it, every integer is exact as `f64`. 2^53 itself is also the nearest `f64` to 2^53 + 1.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A JSON number: exact if it is an integer of at most 64 bits, else an `f64`.
///
/// `100` and `100.0` are equal.
#[derive(Clone, Copy)]
pub struct Number(Repr);

#[derive(Clone, Copy, PartialEq)]
enum Repr {
    Signed(i64),
    /// Beyond `i64::MAX` only.
    Unsigned(u64),
    /// Not an integer, or outside the exact range.
    Float(f64),
}

impl Number {
    /// Returns the number if it is an integer in range.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self.0 {
            Repr::Signed(number) => Some(number),
            Repr::Unsigned(_) | Repr::Float(_) => None,
        }
    }

    /// Returns the number if it is a non-negative integer in range.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        match self.0 {
            Repr::Signed(number) => u64::try_from(number).ok(),
            Repr::Unsigned(number) => Some(number),
            Repr::Float(_) => None,
        }
    }

    /// Returns the nearest `f64`.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Repr::Signed(number) => number as f64,
            Repr::Unsigned(number) => number as f64,
            Repr::Float(number) => number,
        }
    }

    /// Returns whether JSON can represent the number: false for `NaN` and the infinities, which can't be sent.
    #[must_use]
    pub fn is_finite(self) -> bool {
        match self.0 {
            Repr::Signed(_) | Repr::Unsigned(_) => true,
            Repr::Float(number) => number.is_finite(),
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(Repr::Signed(number))
    }
}

impl From<i32> for Number {
    fn from(number: i32) -> Self {
        Self::from(i64::from(number))
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self::from(i64::from(number))
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        i64::try_from(number).map_or(Self(Repr::Unsigned(number)), Self::from)
    }
}

impl From<f64> for Number {
    #[allow(clippy::cast_possible_truncation)]
    fn from(number: f64) -> Self {
        if number.fract() == 0.0 && number.abs() < EXACT {
            return Self(Repr::Signed(number as i64));
        }
        Self(Repr::Float(number))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Signed(number) => number.fmt(f),
            Repr::Unsigned(number) => number.fmt(f),
            Repr::Float(number) => number.fmt(f),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Repr::Signed(number) => serializer.serialize_i64(number),
            Repr::Unsigned(number) => serializer.serialize_u64(number),
            Repr::Float(number) if number.is_finite() => serializer.serialize_f64(number),
            Repr::Float(number) => Err(serde::ser::Error::custom(format_args!(
                "JSON can't represent the number {number}"
            ))),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::rt::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn whole_numbers_are_exact() {
        assert_eq!(Number::from(i64::MAX).as_i64(), Some(i64::MAX));
        assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
        assert_eq!(Number::from(u64::MAX).as_i64(), None);
        assert_eq!(Number::from(100.0).as_i64(), Some(100));
        assert_eq!(Number::from(100.0), Number::from(100));
        assert_eq!(
            Number::from(9_007_199_254_740_991.0).as_i64(),
            Some(9_007_199_254_740_991)
        );
        assert_eq!(Number::from(9_007_199_254_740_992.0).as_i64(), None);
        assert_eq!(Number::from(1e300).as_i64(), None);
        assert_eq!(Number::from(100.5).to_string(), "100.5");
        assert_eq!(Number::from(-1).as_u64(), None);
    }

    #[test]
    fn a_number_that_json_lacks_is_not_written() {
        assert_eq!(serde_json::to_string(&Number::from(1.5)).unwrap(), "1.5");
        let error = serde_json::to_string(&Number::from(f64::NAN)).unwrap_err();
        assert_eq!(error.to_string(), "JSON can't represent the number NaN");
        assert!(!Number::from(f64::INFINITY).is_finite());
    }

    #[test]
    fn reads_the_nearest_f64() {
        let number: Number = serde_json::from_str("6308798989493053.00").unwrap();
        assert_eq!(number.as_i64(), Some(6_308_798_989_493_053));
    }

    #[test]
    fn reads_numbers_and_numbers_as_text() {
        for text in ["1e2", "\"100\""] {
            assert_eq!(
                serde_json::from_str::<Number>(text).unwrap(),
                Number::from(100)
            );
        }
        assert!(serde_json::from_str::<Number>("\"1 kr\"").is_err());
    }
}
