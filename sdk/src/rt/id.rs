//! Identifiers: newtypes over text that can't be mistaken for one another.

/// Implements a newtype over `String` as an identifier. Without `From<&str>` and `From<String>`, so that no identifier
/// is created by accident. `Debug` does not show a `personal` one.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_id {
    ($name:ident) => {
        $crate::__rt_id!($name, word);
    };
    ($name:ident, personal) => {
        $crate::__rt_hidden!($name);
        $crate::__rt_id!($name, text);
    };
    ($name:ident, $show:ident) => {
        impl $name {
            /// Returns an identifier with this text.
            pub fn new(id: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self(id.into())
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl ::core::convert::From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }
        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;
            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(Self::new(text))
            }
        }
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(&self.0)
            }
        }
        impl $crate::rt::Read for $name {
            fn blank() -> Self {
                Self(::std::string::String::new())
            }
            fn place(&mut self) -> $crate::rt::Place<'_> {
                $crate::rt::Place::Text(&mut self.0)
            }
        }
        impl $crate::rt::Write for $name {
            fn write<'a>(&'a self, to: &mut $crate::rt::Writer<'a>) {
                to.$show(self.as_str());
            }
        }
        $crate::__rt_serde!($name);
    };
}

#[cfg(test)]
#[allow(unreachable_pub)]
mod tests {
    use crate::rt;

    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    struct OrderId(String);
    rt::id!(OrderId);

    #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
    struct Username(String);
    rt::id!(Username, personal);

    #[test]
    fn what_says_something_about_a_person_is_not_shown() {
        let name = Username::new("kari.nordmann");
        assert_eq!(name.to_string(), "kari.nordmann");
        assert_eq!(
            format!("{name:?} {:?}", Some(&name)),
            "Username { .. } Some(Username { .. })"
        );
        assert_eq!(format!("{:?}", rt::write::tree(&name)), "\"…\"");
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"kari.nordmann\"");
    }

    #[test]
    fn text_in_and_out() {
        let id = OrderId::new("o-1");
        assert_eq!("o-1".parse(), Ok(id.clone()));
        assert_eq!(OrderId::from(&id).as_str(), id.as_ref());
        assert_eq!(id.to_string(), "o-1");
        assert_eq!(serde_json::from_str::<OrderId>("\"o-1\"").unwrap(), id);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"o-1\"");
        assert_eq!(format!("{:?}", rt::write::tree(&id)), "o-1");
    }
}
