//! Kinds of JSON values.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Number;

use super::Json;

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
    /// Any of them.
    Any,
}

impl Kind {
    /// Returns the kind of a value.
    #[must_use]
    pub fn of(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(_) => Self::Bool,
            Json::Number(number) if number.is_i64() || number.is_u64() => Self::Integer,
            Json::Number(number) => match number.as_f64() {
                Some(number) if number.fract() == 0.0 => Self::Integer,
                _ => Self::Number,
            },
            Json::String(_) => Self::String,
            Json::Array(_) => Self::Array,
            Json::Object(_) => Self::Object,
        }
    }

    /// Returns whether a value of the other kind is also of this kind.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self == other || self == Self::Any || (self == Self::Number && other == Self::Integer)
    }

    /// Returns the words for a message.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Integer | Self::Number => "a number",
            Self::String => "text",
            Self::Array => "a list",
            Self::Object => "an object",
            Self::Any => "a value",
        }
    }
}

/// The properties that distinguish a type of a union.
#[derive(Debug)]
pub struct Told {
    /// The kind of its values.
    pub kinds: &'static [Kind],
    /// The known members of its objects, or of the objects in its lists.
    pub members: &'static [Mark],
}

/// A member that distinguishes a type of a union.
#[derive(Debug)]
pub struct Mark {
    /// Its name, after those of the members that it is in.
    path: &'static [&'static str],
    /// Whether it is always present.
    is_needed: bool,
    /// Its values, with numbers and booleans as text; empty: any value.
    texts: &'static [&'static str],
    form: Option<Form>,
}

/// The format of a text.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// An address of IP version 4.
    Ipv4,
    /// An address of IP version 6.
    Ipv6,
    /// A UUID with hyphens.
    Uuid,
}

impl Form {
    fn fits(self, json: &Json) -> bool {
        let Some(text) = json.as_str() else {
            return false;
        };
        match self {
            Self::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Self::Uuid => {
                let parts = text.split('-').map(|part| {
                    let is_hex = part.bytes().all(|byte| byte.is_ascii_hexdigit());
                    if is_hex { part.len() } else { 0 }
                });
                parts.eq([8, 4, 4, 4, 12])
            }
        }
    }
}

impl Mark {
    /// Returns the kind with this text format.
    #[must_use]
    pub const fn is(self, form: Form) -> Self {
        Self {
            form: Some(form),
            ..self
        }
    }

    /// A required member with one of `texts`, or an optional one with one of `maybe`.
    #[must_use]
    pub const fn new(
        path: &'static [&'static str],
        maybe: &'static [&'static str],
        texts: &'static [&'static str],
    ) -> Self {
        let is_needed = maybe.is_empty();
        Self {
            path,
            is_needed,
            texts: if is_needed { texts } else { maybe },
            form: None,
        }
    }
}

impl Told {
    /// Returns whether a value may have the type: the number of members with its constant text.
    pub(super) fn fits(&self, json: &Json) -> Option<usize> {
        if !self.covers(Kind::of(json)) {
            return None;
        }
        let mut certain = 0;
        // The marks of a list are members of its items, of which the first object decides.
        let object = match json {
            Json::Array(items) => items.iter().find(|item| item.is_object()),
            _ => Some(json),
        };
        let Some(object) = object else {
            return Some(0);
        };
        for mark in self.members {
            let mut path = mark.path.iter();
            match path.try_fold(object, |object, name| object.get(name)) {
                None if mark.is_needed => return None,
                None => {}
                Some(Json::Null) if !mark.is_needed => {}
                Some(value) if mark.form.is_some_and(|form| !form.fits(value)) => return None,
                Some(_) if mark.texts.is_empty() => {}
                Some(value) if mark.texts.iter().any(|text| is_text(value, text)) => certain += 1,
                Some(_) => return None,
            }
        }
        Some(certain)
    }

    pub(super) fn covers(&self, kind: Kind) -> bool {
        self.kinds.iter().any(|known| known.covers(kind))
    }
}

/// Returns whether a value that is not a list or object has this format.
fn is_text(json: &Json, text: &str) -> bool {
    match json {
        Json::String(value) => value == text,
        Json::Bool(value) => text == if *value { "true" } else { "false" },
        Json::Number(number) => number.to_string() == text || are_equal(number, text),
        _ => false,
    }
}

/// Returns whether a number and another one, as text, are equal, such as `1` and `1.0`.
fn are_equal(number: &Number, text: &str) -> bool {
    /// Larger ones are not exact as a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match (number.as_f64(), text.parse::<f64>()) {
        (Some(one), Ok(other)) => one.total_cmp(&other).is_eq() && one.abs() < EXACT,
        _ => false,
    }
}

/// Returns the number of values in a value.
pub(super) fn count(json: &Json) -> usize {
    match json {
        Json::Array(items) => items.iter().map(count).sum::<usize>() + 1,
        Json::Object(members) => members.values().map(count).sum::<usize>() + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_text;

    #[test]
    fn numbers_are_equal_however_they_are_written() {
        assert!(is_text(&json!(1), "1.0"));
        assert!(is_text(&json!(1.0), "1"));
        assert!(!is_text(&json!(2), "1.0"));
        assert!(!is_text(&json!("1"), "1.0"));
        assert!(!is_text(
            &json!(9_007_199_254_740_993_u64),
            "9007199254740992"
        ));
    }
}
