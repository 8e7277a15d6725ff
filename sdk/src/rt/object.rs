//! Objects and unions: generated code names the members, everything else is here.

use std::{fmt, marker::PhantomData};

use super::{Invalid, Json, Node, Write};

/// Shows a value without its free text.
///
/// # Errors
/// Those of the formatter.
pub fn debug(value: &impl Write, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    fmt::Debug::fmt(&value.write(), f)
}

/// A value of the union `U` that this version of the SDK does not know, with its JSON.
///
/// Only the runtime makes one, after none of the known types fits.
pub struct UnrecognizedJson<U> {
    json: Json,
    of: PhantomData<fn() -> U>,
}

impl<U> UnrecognizedJson<U> {
    /// The value as it came.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }
}

impl Node<'_> {
    /// Keeps a value that none of the known types of a union fits.
    #[must_use]
    pub fn unrecognized<U>(self) -> UnrecognizedJson<U> {
        UnrecognizedJson {
            json: self.into_json(),
            of: PhantomData,
        }
    }
}

/// A type that is chosen by what is in the value.
pub trait Choose: Sized {
    /// Reads the value as one of the types.
    ///
    /// # Errors
    /// It is something else.
    fn choose(node: Node<'_>) -> Result<Self, Invalid>;
}

impl<U> Clone for UnrecognizedJson<U> {
    fn clone(&self) -> Self {
        Self {
            json: self.json.clone(),
            of: PhantomData,
        }
    }
}

impl<U> PartialEq for UnrecognizedJson<U> {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

/// Hides the JSON: nobody knows what is in it.
impl<U> fmt::Debug for UnrecognizedJson<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{…}")
    }
}

impl<U> Write for UnrecognizedJson<U> {
    fn write(&self) -> Node<'_> {
        Node::Json(&self.json)
    }
}

/// What a type that has `rt::Write` can do: `received` says that it can be read (an object by its `rt::Members`, a
/// `chosen` one of several types by `rt::Choose`), `sent` that it stands in requests.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_data {
    ($name:ident, received) => {
        $crate::__rt_data!($name);
        $crate::__rt_way!($name, received);
        $crate::__rt_answer!($name);
    };
    ($name:ident, chosen) => {
        $crate::__rt_data!($name);
        $crate::__rt_way!($name, chosen);
        $crate::__rt_answer!($name);
    };
    ($name:ident $(, $way:ident)*) => {
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::debug(self, f)
            }
        }
        $($crate::__rt_way!($name, $way);)*
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rt_way {
    ($name:ident, received) => {
        impl $crate::rt::Read for $name {
            fn blank() -> Self {
                $crate::rt::Members::blank()
            }
            fn expected(&self) -> &'static str {
                "an object"
            }
            fn object(
                &mut self,
            ) -> ::core::result::Result<&mut dyn $crate::rt::Members, $crate::rt::Invalid> {
                ::core::result::Result::Ok(self)
            }
        }
        $crate::__rt_deserialize!($name);
    };
    ($name:ident, chosen) => {
        impl $crate::rt::Read for $name {
            fn blank() -> Self {
                Self::Unrecognized($crate::rt::Node::Null.unrecognized())
            }
            fn expected(&self) -> &'static str {
                "a value"
            }
            fn needs_tree() -> bool {
                true
            }
            fn wants_tree(&self) -> bool {
                true
            }
            fn tree(
                &mut self,
                node: $crate::rt::Node<'_>,
            ) -> ::core::result::Result<(), $crate::rt::Invalid> {
                *self = $crate::rt::Choose::choose(node)?;
                ::core::result::Result::Ok(())
            }
        }
        $crate::__rt_deserialize!($name);
    };
    ($name:ident, sent) => {
        $crate::__rt_serialize!($name);
    };
}

/// What only answers are made of can be written by tests only.
#[cfg(feature = "mock")]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_answer {
    ($name:ident) => {
        $crate::__rt_serialize!($name);
    };
}

#[cfg(not(feature = "mock"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_answer {
    ($name:ident) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rt_serialize {
    ($name:ident) => {
        impl $crate::rt::serde::Serialize for $name {
            fn serialize<S: $crate::rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::rt::serialize(self, serializer)
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rt_deserialize {
    ($name:ident) => {
        impl<'de> $crate::rt::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::rt::deserialize(deserializer)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::rt;

    #[derive(Clone, PartialEq)]
    struct Card {
        last4: Option<String>,
        amount: i64,
        tags: Vec<String>,
        note: Option<rt::Nullable<String>>,
    }

    impl rt::Members for Card {
        fn blank() -> Self {
            Self {
                last4: None,
                amount: rt::blank(),
                tags: rt::blank(),
                note: None,
            }
        }

        fn required(&self) -> &'static [&'static str] {
            &["amount"]
        }

        fn member(&mut self, name: &str, value: rt::Value<'_>) -> Result<(), rt::Invalid> {
            match name {
                "last4" => value.read(&mut self.last4),
                "amount" => value.read(&mut self.amount),
                "tags" => value.or_empty(&mut self.tags),
                "note" => value.nullable(&mut self.note),
                _ => Ok(()),
            }
        }
    }

    impl rt::Write for Card {
        fn write(&self) -> rt::Node<'_> {
            let mut object = rt::Object::of("Card");
            object.constant("type", "card");
            object.optional("last4", &self.last4);
            object.field("amount", &self.amount);
            object.field("tags", &self.tags);
            object.optional("note", &self.note);
            object.into()
        }
    }
    rt::data!(Card, sent, received);

    #[derive(Clone, PartialEq)]
    enum Method {
        Card(Card),
        Unrecognized(rt::UnrecognizedJson<Self>),
    }

    impl rt::Choose for Method {
        fn choose(node: rt::Node<'_>) -> Result<Self, rt::Invalid> {
            match node.tag("type") {
                Some("card") => rt::read(node).map(Self::Card),
                _ => Ok(Self::Unrecognized(node.unrecognized())),
            }
        }
    }

    impl rt::Write for Method {
        fn write(&self) -> rt::Node<'_> {
            match self {
                Self::Card(value) => rt::Write::write(value),
                Self::Unrecognized(value) => rt::Write::write(value),
            }
        }
    }
    rt::data!(Method, sent, chosen);

    #[test]
    fn reads_what_is_there_and_skips_the_rest() {
        let card: Card = serde_json::from_str(
            r#"{"type":"card","x":[1],"amount":1.0,"last4":null,"note":null}"#,
        )
        .unwrap();
        assert_eq!(
            serde_json::to_string(&card).unwrap(),
            r#"{"type":"card","amount":1,"tags":[],"note":null}"#
        );
        let error = serde_json::from_str::<Vec<Card>>("[{}]").unwrap_err();
        assert!(
            error.to_string().starts_with("`amount`: is missing"),
            "{error}"
        );
        let error = serde_json::from_str::<Card>("[]").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("expected an object, found a list"),
            "{error}"
        );
    }

    #[test]
    fn debug_hides_text_and_leaves_out_what_is_absent() {
        let card = Card {
            last4: Some("4242".into()),
            amount: 5,
            tags: vec!["vip".into()],
            note: None,
        };
        assert_eq!(
            format!("{card:?}"),
            r#"Card { type: card, last4: "…", amount: 5, tags: ["…"] }"#
        );
    }

    #[test]
    fn unions_by_tag_keep_what_they_do_not_know() {
        let text = r#"[{"type":"card","amount":1,"tags":[]},{"iban":"DE1","type":"bank"},{"a":1}]"#;
        let methods: Vec<Method> = serde_json::from_str(text).unwrap();
        assert!(
            matches!(&methods[..], [Method::Card(_), Method::Unrecognized(bank), Method::Unrecognized(_)] if bank.json()["iban"] == "DE1")
        );
        assert_eq!(serde_json::to_string(&methods).unwrap(), text);
        assert_eq!(format!("{:?}", methods[1]), "{…}");
    }
}
