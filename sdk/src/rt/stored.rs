//! Stored operations, to send later: a job queue, an outbox.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};

use super::{Operation, Read, source};

/// The member with the name of the operation, so that a refund is not read as a capture.
pub(super) const OPERATION: &str = "operation";

/// The fields of an operation.
pub trait Fields {
    /// Returns an operation without values.
    fn blank() -> Self
    where
        Self: Sized;

    /// Returns the place of a field.
    fn field(&mut self, name: &str) -> Option<&mut dyn Read>;
}

/// Returns an operation without values.
#[must_use]
pub fn unset<O: Fields>() -> O {
    O::blank()
}

/// Reads a complete operation.
///
/// # Errors
/// It is another operation, a field is unknown, or a value does not match.
pub fn deserialize_operation<'de, O: Operation + Fields, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<O, D::Error> {
    let mut operation = O::blank();
    deserializer.deserialize_map(Stored {
        fields: &mut operation,
        name: O::INFO.name,
    })?;
    Ok(operation)
}

struct Stored<'a> {
    fields: &'a mut dyn Fields,
    name: &'static str,
}

impl<'de> Visitor<'de> for Stored<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the operation {}", self.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut is_named = false;
        while let Some(name) = map.next_key::<String>()? {
            if name == OPERATION {
                let found = map.next_value::<String>()?;
                if found != self.name {
                    let what = format!("expected the operation {}, found {found}", self.name);
                    return Err(A::Error::custom(what));
                }
                is_named = true;
                continue;
            }
            let Some(into) = self.fields.field(&name) else {
                let what = format!("{} has no field `{name}`", self.name);
                return Err(A::Error::custom(what));
            };
            map.next_value_seed(Field(into))
                .map_err(|error| A::Error::custom(format_args!("field `{name}`: {error}")))?;
        }
        if !is_named {
            return Err(A::Error::missing_field(OPERATION));
        }
        Ok(())
    }
}

struct Field<'a>(&'a mut dyn Read);

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        source::stored(deserializer, self.0)
    }
}
