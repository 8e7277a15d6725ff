//! Reads the name of an event without parsing all of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// The first members of documented events.
#[derive(Clone, Default)]
pub(super) struct Head {
    /// `event`.
    pub(super) name: Option<String>,
    /// `event_delivery`.
    pub(super) delivery: Option<String>,
}

impl Head {
    /// Reads until both are found, or up to the first error.
    pub(super) fn of(body: &[u8]) -> Self {
        let mut head = Self::default();
        // Stopping early is an error for serde.
        let _ = Reader(&mut head).deserialize(&mut serde_json::Deserializer::from_slice(body));
        head
    }
}

struct Reader<'h>(&'h mut Head);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let place = match name.as_str() {
                "event" => &mut self.0.name,
                "event_delivery" => &mut self.0.delivery,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if let Value::String(text) = members.next_value()? {
                *place = Some(text);
            }
            if self.0.name.is_some() && self.0.delivery.is_some() {
                return Err(A::Error::custom("enough"));
            }
        }
        Ok(())
    }
}
