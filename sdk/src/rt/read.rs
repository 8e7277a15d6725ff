//! How values are read: tolerant in what is missing, strict in what is there.
//!
//! A value is read into its place: a blank one is filled while the text is read, so nothing is built twice or moved. The
//! traits have no type parameters: a type is checked and compiled once, whatever it is read from.

use super::{
    Invalid, Json, JsonObject, Map, Node,
    source::{self, Source},
};
use crate::{AccountId, Amount, Currency, Date, Nullable, Number, Timestamp};

/// A type that can be read.
#[diagnostic::on_unimplemented(message = "`{Self}` is part of requests only and can't be read")]
pub trait Read {
    /// A value to read into. It is never seen: what could not be read is dropped.
    fn blank() -> Self
    where
        Self: Sized;

    /// What has to be there, in words of an error message.
    fn expected(&self) -> &'static str;

    /// Takes a value without parts.
    ///
    /// # Errors
    /// It is something else.
    fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Invalid> {
        if self.wants_tree() {
            return self.tree(scalar.into());
        }
        Err(mismatch(self.expected(), &scalar))
    }

    /// The list that takes the items.
    ///
    /// # Errors
    /// It is no list.
    fn list(&mut self) -> Result<&mut dyn List, Invalid> {
        Err(found(self.expected(), "a list"))
    }

    /// The object that takes the members.
    ///
    /// # Errors
    /// It is no object.
    fn object(&mut self) -> Result<&mut dyn Members, Invalid> {
        Err(found(self.expected(), "an object"))
    }

    /// Whether `null` is a value of this type rather than no value.
    #[must_use]
    fn has_null() -> bool
    where
        Self: Sized,
    {
        false
    }

    /// Whether it has to be seen whole before it can be read.
    #[must_use]
    fn needs_tree() -> bool
    where
        Self: Sized,
    {
        false
    }

    /// [`needs_tree`](Self::needs_tree) of a place.
    fn wants_tree(&self) -> bool {
        false
    }

    /// Takes the value whole, where [`wants_tree`](Self::wants_tree) says so.
    ///
    /// # Errors
    /// It is something else.
    fn tree(&mut self, node: Node<'_>) -> Result<(), Invalid> {
        Err(found(self.expected(), node.describe()))
    }
}

/// An object that is being read.
pub trait Members {
    /// A value to read into.
    fn blank() -> Self
    where
        Self: Sized;

    /// The names that have to be there.
    fn required(&self) -> &'static [&'static str] {
        &[]
    }

    /// Takes a member, or leaves it.
    ///
    /// # Errors
    /// It is something else.
    fn member(&mut self, name: &str, value: Value<'_>) -> Result<(), Invalid>;
}

/// A list that is being read.
pub trait List {
    /// Whether `null` is an item like any other.
    fn keeps_null(&self) -> bool;

    /// The place of one more item.
    fn grow(&mut self) -> Option<&mut dyn Read>;

    /// Takes the last place away.
    fn shrink(&mut self);
}

/// A value without parts.
#[derive(Clone, Copy)]
#[allow(
    missing_debug_implementations,
    reason = "holds text that is not to be shown"
)]
pub enum Scalar<'a> {
    /// Nothing there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(&'a str),
}

impl<'a> Scalar<'a> {
    /// The text of it.
    ///
    /// # Errors
    /// It is something else.
    pub fn text(self) -> Result<&'a str, Invalid> {
        match self {
            Self::Text(text) => Ok(text),
            scalar => Err(mismatch("text", &scalar)),
        }
    }

    /// The whole number.
    ///
    /// # Errors
    /// It is something else.
    pub fn integer(self) -> Result<i64, Invalid> {
        let Self::Number(number) = self else {
            return Err(mismatch("a whole number", &self));
        };
        number.as_i64().ok_or_else(|| {
            let fault = if number.as_f64().fract() == 0.0 {
                "too large"
            } else {
                "not a whole number"
            };
            Invalid::new(format!("{number} is {fault}"))
        })
    }
}

/// The value of a member, about to be read. One that nobody reads is skipped.
#[allow(missing_debug_implementations, reason = "a value on its way")]
pub struct Value<'a> {
    source: &'a mut dyn Source,
    name: &'a str,
}

impl<'a> Value<'a> {
    pub(super) fn new(source: &'a mut dyn Source, name: &'a str) -> Self {
        Self { source, name }
    }

    /// Reads it.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(self, into: &mut dyn Read) -> Result<(), Invalid> {
        let read = self.source.read(into, false);
        read.map(drop).map_err(|invalid| invalid.under(self.name))
    }

    /// Reads a list or map; `null` leaves it empty.
    ///
    /// # Errors
    /// It is something else.
    pub fn or_empty(self, into: &mut dyn Read) -> Result<(), Invalid> {
        let read = self.source.read(into, true);
        read.map(drop).map_err(|invalid| invalid.under(self.name))
    }

    /// Reads a member that knows missing, `null` and a value.
    ///
    /// # Errors
    /// It is something else.
    pub fn nullable<T: Read>(self, into: &mut Option<Nullable<T>>) -> Result<(), Invalid> {
        self.read(into.insert(Nullable::Null))
    }

    /// Reads a member that the type does not name.
    ///
    /// # Errors
    /// It is something else.
    pub fn additional<T: Read>(self, into: &mut Map<T>) -> Result<(), Invalid> {
        let name = self.name;
        into.member(name, self)
    }
}

/// Reads a value that is there whole.
///
/// # Errors
/// It is something else.
pub fn read<T: Read>(node: Node<'_>) -> Result<T, Invalid> {
    let mut value = T::blank();
    source::walk(node, &mut value)?;
    Ok(value)
}

/// An empty place.
#[must_use]
pub fn blank<T: Read>() -> T {
    T::blank()
}

/// What was expected, and what is there instead.
fn mismatch(expected: &str, scalar: &Scalar<'_>) -> Invalid {
    match scalar {
        Scalar::Null => Invalid::new("null where a value has to be"),
        Scalar::Bool(_) => found(expected, "true or false"),
        Scalar::Number(_) => found(expected, "a number"),
        Scalar::Text(_) => found(expected, "text"),
    }
}

fn found(expected: &str, found: &str) -> Invalid {
    Invalid::new(format!("expected {expected}, found {found}"))
}

/// Types that one scalar makes.
macro_rules! scalars {
    ($($ty:ty, $expected:literal, $blank:expr, $scalar:ident => $value:expr;)*) => {$(
        impl Read for $ty {
            fn blank() -> Self {
                $blank
            }

            fn expected(&self) -> &'static str {
                $expected
            }

            fn scalar(&mut self, $scalar: Scalar<'_>) -> Result<(), Invalid> {
                *self = $value;
                Ok(())
            }
        }
    )*};
}

scalars! {
    String, "text", Self::new(), scalar => scalar.text()?.to_owned();
    bool, "true or false", false, scalar => match scalar {
        Scalar::Bool(value) => value,
        scalar => return Err(mismatch("true or false", &scalar)),
    };
    Number, "a number", Self::from(0), scalar => match scalar {
        Scalar::Number(number) => number,
        scalar => return Err(mismatch("a number", &scalar)),
    };
    f64, "a number", 0.0, scalar => match scalar {
        Scalar::Number(number) => number.as_f64(),
        scalar => return Err(mismatch("a number", &scalar)),
    };
    i64, "a whole number", 0, scalar => scalar.integer()?;
    Amount, "a whole number", Self::minor(0), scalar => Self::minor(scalar.integer()?);
    Currency, "text", Self::received(""), scalar => Self::received(scalar.text()?);
    Timestamp, "text", Self::blank(), scalar => Self::received(scalar.text()?.into());
    Date, "text", Self::blank(), scalar => Self::received(scalar.text()?.into());
    AccountId, "an account id", Self::blank(), scalar => {
        let text = scalar.text()?;
        text.parse().map_err(|_| Invalid::new("expected an account id"))?
    };
}

impl Read for Json {
    fn blank() -> Self {
        Self::Null
    }

    fn expected(&self) -> &'static str {
        "a value"
    }

    fn has_null() -> bool {
        true
    }

    fn needs_tree() -> bool {
        true
    }

    fn wants_tree(&self) -> bool {
        true
    }

    fn tree(&mut self, node: Node<'_>) -> Result<(), Invalid> {
        *self = node.into_json();
        Ok(())
    }
}

impl Read for JsonObject {
    fn blank() -> Self {
        Self::new()
    }

    fn expected(&self) -> &'static str {
        "an object"
    }

    fn needs_tree() -> bool {
        true
    }

    fn wants_tree(&self) -> bool {
        true
    }

    fn tree(&mut self, node: Node<'_>) -> Result<(), Invalid> {
        let Node::Object(object) = node else {
            return Err(unfit("an object", &node));
        };
        *self = object.into_json();
        Ok(())
    }
}

/// What was expected, and what is there instead.
pub(super) fn unfit(expected: &str, node: &Node<'_>) -> Invalid {
    match node {
        Node::Null => mismatch(expected, &Scalar::Null),
        node => found(expected, node.describe()),
    }
}

impl<T: Read> Read for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn expected(&self) -> &'static str {
        T::expected(self)
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Invalid> {
        T::scalar(self, scalar)
    }

    fn list(&mut self) -> Result<&mut dyn List, Invalid> {
        T::list(self)
    }

    fn object(&mut self) -> Result<&mut dyn Members, Invalid> {
        T::object(self)
    }

    fn has_null() -> bool {
        T::has_null()
    }

    fn needs_tree() -> bool {
        T::needs_tree()
    }

    fn wants_tree(&self) -> bool {
        T::needs_tree()
    }

    fn tree(&mut self, node: Node<'_>) -> Result<(), Invalid> {
        T::tree(self, node)
    }
}

/// `None` or `Null`, and a value that is made when it comes.
macro_rules! maybe {
    ($maybe:ident, $none:path, $place:expr) => {
        impl<T: Read> Read for $maybe<T> {
            fn blank() -> Self {
                $none
            }

            fn expected(&self) -> &'static str {
                T::blank().expected()
            }

            fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Invalid> {
                if matches!(scalar, Scalar::Null) {
                    *self = $none;
                    return Ok(());
                }
                $place(self)?.scalar(scalar)
            }

            fn list(&mut self) -> Result<&mut dyn List, Invalid> {
                $place(self)?.list()
            }

            fn object(&mut self) -> Result<&mut dyn Members, Invalid> {
                $place(self)?.object()
            }

            fn has_null() -> bool {
                true
            }

            fn needs_tree() -> bool {
                T::needs_tree()
            }

            fn wants_tree(&self) -> bool {
                T::needs_tree()
            }

            fn tree(&mut self, node: Node<'_>) -> Result<(), Invalid> {
                if matches!(node, Node::Null) {
                    *self = $none;
                    return Ok(());
                }
                $place(self)?.tree(node)
            }
        }
    };
}

maybe!(Option, None, option);
maybe!(Nullable, Nullable::Null, nullable);

#[allow(clippy::unnecessary_wraps, reason = "as the other one")]
fn option<T: Read>(place: &mut Option<T>) -> Result<&mut T, Invalid> {
    Ok(place.insert(T::blank()))
}

fn nullable<T: Read>(place: &mut Nullable<T>) -> Result<&mut T, Invalid> {
    *place = Nullable::Value(T::blank());
    match place {
        Nullable::Value(value) => Ok(value),
        Nullable::Null => Err(mismatch("a value", &Scalar::Null)),
    }
}

impl<T: Read> Read for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn expected(&self) -> &'static str {
        "a list"
    }

    fn list(&mut self) -> Result<&mut dyn List, Invalid> {
        self.clear();
        Ok(self)
    }
}

/// An item that is `null` is skipped, unless the document allows it.
impl<T: Read> List for Vec<T> {
    fn keeps_null(&self) -> bool {
        T::has_null()
    }

    fn grow(&mut self) -> Option<&mut dyn Read> {
        self.push(T::blank());
        self.last_mut().map(|item| item as &mut dyn Read)
    }

    fn shrink(&mut self) {
        self.pop();
    }
}

impl<T: Read> Read for Map<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn expected(&self) -> &'static str {
        "an object"
    }

    fn object(&mut self) -> Result<&mut dyn Members, Invalid> {
        self.clear();
        Ok(self)
    }
}

/// A member that is `null` is skipped, unless the document allows it.
impl<T: Read> Members for Map<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn member(&mut self, name: &str, value: Value<'_>) -> Result<(), Invalid> {
        let mut member = T::blank();
        let read = value.source.read(&mut member, !T::has_null());
        if !read.map_err(Invalid::in_map)? {
            self.insert(name.to_owned(), member);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read from the text and by way of a tree: what comes out has to be the same.
    fn read<T: Read + PartialEq + std::fmt::Debug>(text: &str) -> Result<T, String> {
        let node = serde_json::from_str::<Node<'_>>(text).map_err(|error| error.to_string())?;
        let by_tree = super::read(node).map_err(|invalid| invalid.to_string());
        let by_text = source::json(text.as_bytes()).map_err(|fault| match fault {
            source::Fault::Syntax(error) => error.to_string(),
            source::Fault::Invalid(invalid) => invalid.to_string(),
        });
        assert_eq!(by_text, by_tree);
        by_tree
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(read("100"), Ok(100_i64));
        assert_eq!(read("100.0"), Ok(100_i64));
        assert_eq!(read("1e2"), Ok(100_i64));
        assert_eq!(read("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(
            read::<i64>("100.5").unwrap_err(),
            "100.5 is not a whole number"
        );
        assert_eq!(
            read::<i64>("9223372036854775808").unwrap_err(),
            "9223372036854775808 is too large"
        );
        assert_eq!(
            read::<i64>("\"100\"").unwrap_err(),
            "expected a whole number, found text"
        );
    }

    #[test]
    fn nulls_in_lists_and_maps_are_skipped_unless_allowed() {
        assert_eq!(read("[1,null,2]"), Ok(vec![1_i64, 2]));
        assert_eq!(read("[1,null]"), Ok(vec![Some(1_i64), None]));
        assert_eq!(
            read(r#"{"a":null,"b":1}"#),
            Ok(Map::from([("b".to_owned(), 1_i64)]))
        );
        assert_eq!(read("[null]"), Ok(vec![Json::Null]));
    }

    #[test]
    fn the_path_to_the_fault_is_named() {
        let error = read::<Map<Vec<Map<i64>>>>(r#"{"a":[{},{"b":true}]}"#).unwrap_err();
        assert_eq!(
            error,
            "`*[1].*`: expected a whole number, found true or false"
        );
    }

    #[derive(Debug, PartialEq)]
    struct Order {
        id: i64,
        total: Amount,
        note: Option<String>,
        lines: Vec<i64>,
        gift: Option<Nullable<bool>>,
        additional: Map<i64>,
    }

    impl Members for Order {
        fn blank() -> Self {
            Self {
                id: blank(),
                total: blank(),
                note: None,
                lines: blank(),
                gift: None,
                additional: blank(),
            }
        }

        fn required(&self) -> &'static [&'static str] {
            &["id", "total"]
        }

        fn member(&mut self, name: &str, value: Value<'_>) -> Result<(), Invalid> {
            match name {
                "id" => value.read(&mut self.id),
                "total" => value.read(&mut self.total),
                "note" => value.read(&mut self.note),
                "lines" => value.or_empty(&mut self.lines),
                "gift" => value.nullable(&mut self.gift),
                "kind" => Ok(()),
                _ => value.additional(&mut self.additional),
            }
        }
    }

    impl Read for Order {
        fn blank() -> Self {
            Members::blank()
        }

        fn expected(&self) -> &'static str {
            "an object"
        }

        fn object(&mut self) -> Result<&mut dyn Members, Invalid> {
            Ok(self)
        }
    }

    #[test]
    fn members_in_any_order() {
        let text = r#"{"gift":null,"total":2.0,"lines":null,"kind":{"of":["x"]},"not\u0065":"n","id":1,"more":3,"no":null}"#;
        let order = read::<Order>(text).unwrap();
        let expected = Order {
            id: 1,
            total: Amount::minor(2),
            note: Some("n".to_owned()),
            lines: Vec::new(),
            gift: Some(Nullable::Null),
            additional: Map::from([("more".to_owned(), 3)]),
        };
        assert_eq!(order, expected);
        let order = read::<Order>(r#"{"id":1,"total":2,"note":null,"gift":true}"#).unwrap();
        assert_eq!(
            (order.note, order.gift),
            (None, Some(Nullable::Value(true)))
        );
    }

    #[test]
    fn what_has_to_be_there() {
        for (text, wrong) in [
            (r#"{}"#, "`id`: is missing"),
            (r#"{"id":1}"#, "`total`: is missing"),
            (
                r#"{"id":1,"total":null}"#,
                "`total`: null where a value has to be",
            ),
            (r#"{"id":1,"total":2,"total":3}"#, "`total`: stands twice"),
            (
                r#"{"total":"x"}"#,
                "`total`: expected a whole number, found text",
            ),
            (
                r#"{"lines":[1.5]}"#,
                "`lines[0]`: 1.5 is not a whole number",
            ),
            (
                r#"{"gift":[]}"#,
                "`gift`: expected true or false, found a list",
            ),
            (
                r#"{"more":{}}"#,
                "`*`: expected a whole number, found an object",
            ),
            (r#"[]"#, "expected an object, found a list"),
            (r#"7"#, "expected an object, found a number"),
        ] {
            assert_eq!(read::<Order>(text).unwrap_err(), wrong, "{text}");
        }
    }

    #[test]
    fn text_that_is_no_json() {
        for text in [
            r#"{"id":1,"total":2"#,
            r#"{"lines":[1"#,
            r#"{"id":1,}"#,
            "",
            r#"{"id":1,"total":2} x"#,
        ] {
            let read = source::json::<Order>(text.as_bytes());
            assert!(matches!(read, Err(source::Fault::Syntax(_))), "{text}");
        }
        let read = source::json::<Order>(b"{\"note\":\"\xFF\"}");
        assert!(
            matches!(read, Err(source::Fault::Syntax(error)) if error.to_string().contains("unicode"))
        );
    }

    #[test]
    fn times_are_kept_whatever_they_are() {
        assert_eq!(read::<Timestamp>("\"soon\"").unwrap().as_str(), "soon");
        assert_eq!(read::<Date>("\"2026-1-1\"").unwrap().as_str(), "2026-1-1");
    }
}
