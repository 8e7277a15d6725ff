//! Open enums: generated code gives the table of known values, everything else is here.

use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
};

use super::is_word;

/// A value that this version of the SDK does not know; `E` is the enum, `W` what it is on the wire.
///
/// Only the runtime makes one, and only after it has looked in the table of `E`: a known value never hides in it.
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

/// Hides what does not look like a value of an enum.
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

/// A text that is not among the known values of an enum.
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

/// An enum that is text on the wire.
pub trait StringEnum: Clone + PartialEq + Sized + 'static {
    /// Name of the Rust type.
    const NAME: &'static str;
    /// Every known value.
    const TABLE: &'static [(&'static str, Self)];

    /// The variant for values that are not in the table.
    fn wrap(unrecognized: Unrecognized<Self>) -> Self;

    /// What [`wrap`](Self::wrap) was given.
    fn unrecognized(&self) -> Option<&Unrecognized<Self>>;

    /// A value to read into.
    #[must_use]
    fn blank() -> Self {
        Self::wrap(Unrecognized {
            wire: Box::default(),
            of: PhantomData,
        })
    }

    /// The value for a text, known or not.
    #[must_use]
    fn of_text(text: &str) -> Self {
        find(Self::TABLE, &text).unwrap_or_else(|| {
            Self::wrap(Unrecognized {
                wire: text.into(),
                of: PhantomData,
            })
        })
    }

    /// The value for a known text.
    ///
    /// # Errors
    /// The text is not in the table.
    fn of_known_text(text: &str) -> Result<Self, UnknownValue> {
        find(Self::TABLE, &text).ok_or_else(|| UnknownValue {
            text: text.to_owned(),
            of: Self::NAME,
        })
    }
}

/// The text of a value.
pub fn text_of<E: StringEnum>(value: &E) -> &str {
    match value.unrecognized() {
        Some(unrecognized) => &unrecognized.wire,
        None => wire(E::TABLE, value).unwrap_or_default(),
    }
}

/// An enum that is a whole number on the wire.
pub trait IntegerEnum: Clone + PartialEq + Sized + 'static {
    /// Name of the Rust type.
    const NAME: &'static str;
    /// Every known value.
    const TABLE: &'static [(i64, Self)];

    /// The variant for values that are not in the table.
    fn wrap(unrecognized: Unrecognized<Self, i64>) -> Self;

    /// What [`wrap`](Self::wrap) was given.
    fn unrecognized(&self) -> Option<&Unrecognized<Self, i64>>;

    /// A value to read into.
    #[must_use]
    fn blank() -> Self {
        Self::wrap(Unrecognized {
            wire: 0,
            of: PhantomData,
        })
    }

    /// The value for a number, known or not.
    #[must_use]
    fn of_integer(wire: i64) -> Self {
        find(Self::TABLE, &wire).unwrap_or_else(|| {
            Self::wrap(Unrecognized {
                wire,
                of: PhantomData,
            })
        })
    }

    /// The value for a known number.
    ///
    /// # Errors
    /// The number is not in the table.
    fn of_known_integer(wire: i64) -> Result<Self, UnknownValue> {
        find(Self::TABLE, &wire).ok_or_else(|| UnknownValue {
            text: wire.to_string(),
            of: Self::NAME,
        })
    }
}

/// The number of a value.
pub fn integer_of<E: IntegerEnum>(value: &E) -> i64 {
    match value.unrecognized() {
        Some(unrecognized) => unrecognized.wire,
        None => wire(E::TABLE, value).unwrap_or_default(),
    }
}

fn find<W: PartialEq, E: Clone>(table: &[(W, E)], wire: &W) -> Option<E> {
    table
        .iter()
        .find(|(known, _)| known == wire)
        .map(|(_, value)| value.clone())
}

fn wire<W: Copy, E: PartialEq>(table: &[(W, E)], value: &E) -> Option<W> {
    table
        .iter()
        .find(|(_, known)| known == value)
        .map(|(wire, _)| *wire)
}

/// All that a string enum with a `TABLE` and an arm `Unrecognized` can do.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_string_enum {
    ($name:ident) => {
        impl $crate::rt::StringEnum for $name {
            const NAME: &'static str = stringify!($name);
            const TABLE: &'static [(&'static str, Self)] = Self::TABLE;
            fn wrap(unrecognized: $crate::rt::Unrecognized<Self>) -> Self {
                Self::Unrecognized(unrecognized)
            }
            fn unrecognized(&self) -> ::core::option::Option<&$crate::rt::Unrecognized<Self>> {
                match self {
                    Self::Unrecognized(unrecognized) => ::core::option::Option::Some(unrecognized),
                    _ => ::core::option::Option::None,
                }
            }
        }
        impl $name {
            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                $crate::rt::text_of(self)
            }

            /// The value for a known text.
            ///
            /// # Errors
            /// This version does not know the text.
            pub fn try_parse(text: &str) -> ::core::result::Result<Self, $crate::rt::UnknownValue> {
                $crate::rt::StringEnum::of_known_text(text)
            }
        }
        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::rt::StringEnum::of_text(text)
            }
        }
        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                $crate::rt::StringEnum::of_text(&text)
            }
        }
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok($crate::rt::StringEnum::of_text(text))
            }
        }
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl $crate::rt::Read for $name {
            fn blank() -> Self {
                $crate::rt::StringEnum::blank()
            }
            fn expected(&self) -> &'static str {
                "text"
            }
            fn scalar(
                &mut self,
                scalar: $crate::rt::Scalar<'_>,
            ) -> ::core::result::Result<(), $crate::rt::Invalid> {
                *self = $crate::rt::StringEnum::of_text(scalar.text()?);
                ::core::result::Result::Ok(())
            }
        }
        impl $crate::rt::Write for $name {
            fn write(&self) -> $crate::rt::Node<'_> {
                $crate::rt::Node::Word(self.as_str().into())
            }
        }
        $crate::__rt_serialize!($name);
        $crate::__rt_deserialize!($name);
    };
}

/// All that an integer enum with a `TABLE` and an arm `Unrecognized` can do.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_integer_enum {
    ($name:ident) => {
        impl $crate::rt::IntegerEnum for $name {
            const NAME: &'static str = stringify!($name);
            const TABLE: &'static [(i64, Self)] = Self::TABLE;
            fn wrap(unrecognized: $crate::rt::Unrecognized<Self, i64>) -> Self {
                Self::Unrecognized(unrecognized)
            }
            fn unrecognized(&self) -> ::core::option::Option<&$crate::rt::Unrecognized<Self, i64>> {
                match self {
                    Self::Unrecognized(unrecognized) => ::core::option::Option::Some(unrecognized),
                    _ => ::core::option::Option::None,
                }
            }
        }
        impl $name {
            /// The number on the wire.
            #[must_use]
            pub fn as_i64(&self) -> i64 {
                $crate::rt::integer_of(self)
            }

            /// The value for a known number.
            ///
            /// # Errors
            /// This version does not know the number.
            pub fn try_parse(
                number: i64,
            ) -> ::core::result::Result<Self, $crate::rt::UnknownValue> {
                $crate::rt::IntegerEnum::of_known_integer(number)
            }
        }
        impl ::core::convert::From<i64> for $name {
            fn from(number: i64) -> Self {
                $crate::rt::IntegerEnum::of_integer(number)
            }
        }
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.as_i64(), f)
            }
        }
        impl $crate::rt::Read for $name {
            fn blank() -> Self {
                $crate::rt::IntegerEnum::blank()
            }
            fn expected(&self) -> &'static str {
                "a whole number"
            }
            fn scalar(
                &mut self,
                scalar: $crate::rt::Scalar<'_>,
            ) -> ::core::result::Result<(), $crate::rt::Invalid> {
                *self = $crate::rt::IntegerEnum::of_integer(scalar.integer()?);
                ::core::result::Result::Ok(())
            }
        }
        impl $crate::rt::Write for $name {
            fn write(&self) -> $crate::rt::Node<'_> {
                $crate::rt::Node::Number(self.as_i64().into())
            }
        }
        $crate::__rt_serialize!($name);
        $crate::__rt_deserialize!($name);
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

    impl Size {
        const TABLE: &'static [(&'static str, Self)] = &[("small", Self::Small), ("", Self::Empty)];
    }
    rt::string_enum!(Size);

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    enum Level {
        One,
        Unrecognized(rt::Unrecognized<Self, i64>),
    }

    impl Level {
        const TABLE: &'static [(i64, Self)] = &[(1, Self::One)];
    }
    rt::integer_enum!(Level);

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
