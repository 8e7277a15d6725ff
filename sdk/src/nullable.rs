//! `null` as a value of its own.

/// A value that may be `null`, where leaving it out means something else.
///
/// A field that knows all three is an `Option<Nullable<T>>`: `None` is left out, `Some(Null)` is written as `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nullable<T> {
    /// `null`
    #[default]
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, `None` for `null`.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value turned into another; `null` stays `null`.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Nullable<U> {
        match self {
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(turn(value)),
        }
    }

    /// A look at the value, `None` for `null`.
    pub const fn as_option(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Nullable;

    #[test]
    fn comes_from_values_and_options() {
        assert_eq!(Nullable::from(1), Nullable::Value(1));
        assert_eq!(Nullable::from(Some(1)), Nullable::Value(1));
        assert_eq!(Nullable::<i64>::from(None), Nullable::Null);
        assert_eq!(
            Nullable::<String>::from("a")
                .as_option()
                .map(String::as_str),
            Some("a")
        );
        assert_eq!(Nullable::Value(1).into_option(), Some(1));
        assert_eq!(Nullable::Value(1).map(|one| one + 1), Nullable::Value(2));
    }
}
