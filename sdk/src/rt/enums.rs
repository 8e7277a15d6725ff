//! Extensible enums: generated code has the table of known values; the implementation is here.

use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
};

use super::is_word;

/// A value unknown to this version of the SDK; `E` is the enum, `W` the JSON type.
///
/// Only the runtime creates one, after a lookup in the table of `E`: it is never a known value.
pub struct Unrecognized<E, W = Box<str>> {
    wire: W,
    of: PhantomData<fn() -> E>,
}

impl<E, W: Clone> Clone for Unrecognized<E, W> {
    fn clone(&self) -> Self {
        Self {
            wire: self.wire.clone(),
            of: PhantomData,
        }
    }
}

impl<E, W: PartialEq> PartialEq for Unrecognized<E, W> {
    fn eq(&self, other: &Self) -> bool {
        self.wire == other.wire
    }
}

impl<E, W: Eq> Eq for Unrecognized<E, W> {}

impl<E, W: Hash> Hash for Unrecognized<E, W> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.wire.hash(state);
    }
}

/// Hides text that does not look like a value of an enum.
impl<E> fmt::Debug for Unrecognized<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_word(&self.wire) {
            self.wire.fmt(f)
        } else {
            f.write_str("…")
        }
    }
}

impl<E> fmt::Debug for Unrecognized<E, i64> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wire.fmt(f)
    }
}

/// The error for a text that is not a known value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    text: String,
    of: &'static str,
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a known value of {}", self.text, self.of)
    }
}

impl std::error::Error for UnknownValue {}

impl<E, W> Unrecognized<E, W> {
    #[doc(hidden)]
    #[must_use]
    pub fn new(wire: W) -> Self {
        Self {
            wire,
            of: PhantomData,
        }
    }
}

impl<E> Unrecognized<E> {
    #[doc(hidden)]
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.wire
    }
}

impl<E> Unrecognized<E, i64> {
    #[doc(hidden)]
    #[must_use]
    pub fn as_i64(&self) -> i64 {
        self.wire
    }
}

impl UnknownValue {
    #[doc(hidden)]
    #[must_use]
    pub fn new(text: String, of: &'static str) -> Self {
        Self { text, of }
    }
}

/// An enum with text values.
pub trait StringEnum: Sized {
    /// The name of the Rust type.
    const NAME: &'static str;

    /// The text of every known value.
    const TEXTS: &'static [&'static str];

    /// Returns the value of a known text.
    fn known(text: &str) -> Option<Self>;
}

/// An enum with integer values.
pub trait IntegerEnum: Sized {
    /// The name of the Rust type.
    const NAME: &'static str;

    /// Every known number.
    const NUMBERS: &'static [i64];

    /// Returns the value of a known number.
    fn known(number: i64) -> Option<Self>;
}

/// Implements a string enum with a variant `Unrecognized`, from the texts of its variants.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_string_enum {
    ($name:ident { $($variant:ident $wire:literal,)* }) => {
        impl $crate::rt::StringEnum for $name {
            const NAME: &'static str = stringify!($name);
            const TEXTS: &'static [&'static str] = &[$($wire),*];
            fn known(text: &str) -> ::core::option::Option<Self> {
                match text {
                    $($wire => ::core::option::Option::Some(Self::$variant),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
        impl $name {
            /// Returns the text as in JSON.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unrecognized(text) => text.as_str(),
                }
            }

            /// Returns the value of a known text.
            ///
            /// # Errors
            /// The text is unknown to this version.
            pub fn try_parse(text: &str) -> ::core::result::Result<Self, $crate::rt::UnknownValue> {
                <Self as $crate::rt::StringEnum>::known(text)
                    .ok_or_else(|| $crate::rt::UnknownValue::new(text.to_owned(), stringify!($name)))
            }
        }
        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                <Self as $crate::rt::StringEnum>::known(text)
                    .unwrap_or_else(|| Self::Unrecognized($crate::rt::Unrecognized::new(text.into())))
            }
        }
        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;
            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(Self::from(text))
            }
        }
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl $crate::rt::Read for $name {
            fn blank() -> Self {
                Self::Unrecognized($crate::rt::Unrecognized::new(::std::default::Default::default()))
            }
            fn place(&mut self) -> $crate::rt::Place<'_> {
                $crate::rt::Place::Parsed(self)
            }
        }
        impl $crate::rt::Parsed for $name {
            fn parse(&mut self, text: &str) -> bool {
                *self = Self::from(text);
                true
            }
            fn takes_empty_text_for_absent(&self) -> bool {
                false
            }
            fn is_known(&self) -> bool {
                !matches!(self, Self::Unrecognized(_))
            }
        }
        impl $crate::rt::Write for $name {
            fn write<'a>(&'a self, to: &mut $crate::rt::Writer<'a>) {
                to.word(self.as_str());
            }
        }
        $crate::__rt_serde!($name);
    };
}

/// Implements an integer enum with a variant `Unrecognized`, from the numbers of its variants.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_integer_enum {
    ($name:ident { $($variant:ident $wire:literal,)* }) => {
        impl $crate::rt::IntegerEnum for $name {
            const NAME: &'static str = stringify!($name);
            const NUMBERS: &'static [i64] = &[$($wire),*];
            fn known(number: i64) -> ::core::option::Option<Self> {
                match number {
                    $($wire => ::core::option::Option::Some(Self::$variant),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
        impl $name {
            /// Returns the number as in JSON.
            #[must_use]
            pub fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unrecognized(number) => number.as_i64(),
                }
            }

            /// Returns the value of a known number.
            ///
            /// # Errors
            /// The number is unknown to this version.
            pub fn try_parse(number: i64) -> ::core::result::Result<Self, $crate::rt::UnknownValue> {
                <Self as $crate::rt::IntegerEnum>::known(number)
                    .ok_or_else(|| $crate::rt::UnknownValue::new(number.to_string(), stringify!($name)))
            }
        }
        impl ::core::convert::From<i64> for $name {
            fn from(number: i64) -> Self {
                <Self as $crate::rt::IntegerEnum>::known(number)
                    .unwrap_or_else(|| Self::Unrecognized($crate::rt::Unrecognized::new(number)))
            }
        }
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.as_i64(), f)
            }
        }
        impl $crate::rt::Read for $name {
            fn blank() -> Self {
                Self::Unrecognized($crate::rt::Unrecognized::new(0))
            }
            fn place(&mut self) -> $crate::rt::Place<'_> {
                $crate::rt::Place::Numbered(self)
            }
        }
        impl $crate::rt::Numbered for $name {
            fn number(&mut self, number: i64) {
                *self = Self::from(number);
            }
            fn is_known(&self) -> bool {
                !matches!(self, Self::Unrecognized(_))
            }
        }
        impl $crate::rt::Write for $name {
            fn write<'a>(&'a self, to: &mut $crate::rt::Writer<'a>) {
                to.number(self.as_i64().into());
            }
        }
        $crate::__rt_serde!($name);
    };
}

#[cfg(test)]
#[allow(unreachable_pub)]
mod tests {
    use crate::rt;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    enum Size {
        Small,
        Empty,
        Unrecognized(rt::Unrecognized<Self>),
    }

    rt::string_enum!(Size {
        Small "small",
        Empty "",
    });

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    enum Level {
        One,
        Unrecognized(rt::Unrecognized<Self, i64>),
    }

    rt::integer_enum!(Level {
        One 1,
    });

    #[test]
    fn known_and_unknown_texts() {
        assert_eq!(Size::from("small"), Size::Small);
        assert_eq!(Size::from(String::new()), Size::Empty);
        assert_eq!("huge".parse::<Size>().unwrap().as_str(), "huge");
        assert_eq!(
            format!(
                "{} {:>6}|{:?}",
                Size::Small,
                Size::from("huge"),
                Size::from("huge")
            ),
            "small   huge|Unrecognized(\"huge\")"
        );
        assert_eq!(Size::try_parse("small"), Ok(Size::Small));
        assert_eq!(
            Size::try_parse("huge").unwrap_err().to_string(),
            "\"huge\" is not a known value of Size"
        );
    }

    #[test]
    fn json_both_ways() {
        let sizes: Vec<Size> = serde_json::from_str(r#"["small","huge",""]"#).unwrap();
        assert_eq!(sizes, [Size::Small, Size::from("huge"), Size::Empty]);
        assert_eq!(
            serde_json::to_string(&sizes).unwrap(),
            r#"["small","huge",""]"#
        );
        assert!(serde_json::from_str::<Size>("1").is_err());
    }

    #[test]
    fn numbers() {
        let levels: Vec<Level> = serde_json::from_str("[1,2,1.0]").unwrap();
        assert_eq!(levels, [Level::One, Level::from(2), Level::One]);
        assert_eq!(serde_json::to_string(&levels).unwrap(), "[1,2,1]");
        assert_eq!(Level::from(2).to_string(), "2");
        assert_eq!(
            Level::try_parse(3).unwrap_err().to_string(),
            "\"3\" is not a known value of Level"
        );
    }
}
