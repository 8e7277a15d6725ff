//! What the generated tables are made of.

use dintero::rt::Write;
use dintero::rt::serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A document and the type of each of its schemas.
pub(crate) struct Document {
    /// A file of `spec/`.
    pub(crate) name: &'static str,
    /// Files below `spec/`, in the order they are applied.
    pub(crate) overlays: &'static [&'static str],
    /// The schemas that have a name, and those of bodies that have none.
    pub(crate) schemas: &'static [Schema],
}

/// A schema and its type.
pub(crate) struct Schema {
    /// JSON pointer into the document.
    pub(crate) place: &'static str,
    /// Reads a value as this type and writes it back.
    pub(crate) through: fn(&[u8]) -> Result<Through, String>,
}

/// What became of a value.
pub(crate) struct Through {
    pub(crate) written: Value,
    /// Places that could not be read, as JSON paths.
    pub(crate) unread: Vec<String>,
}

/// Reads a value and writes it back, by nothing but serde.
pub(crate) fn through<T: DeserializeOwned + Serialize + Write>(
    json: &[u8],
) -> Result<Through, String> {
    let value: T = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    let written = serde_json::to_string(&value).map_err(|error| error.to_string())?;
    let unread = dintero::rt::unread(&value).into_iter();
    Ok(Through {
        written: serde_json::from_str(&written).map_err(|error| error.to_string())?,
        unread: unread.map(|place| place.path().to_owned()).collect(),
    })
}
