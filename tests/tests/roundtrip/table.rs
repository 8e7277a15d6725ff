//! What the generated tables are made of.

use dintero::rt::serde::{Serialize, de::DeserializeOwned};

/// A document and the type of each of its schemas.
pub(crate) struct Document {
    /// A file of `spec/`.
    pub(crate) name: &'static str,
    /// Files below `spec/`, in the order they are applied.
    pub(crate) overlays: &'static [&'static str],
    /// The schemas that have a name, and those of bodies that have none.
    pub(crate) schemas: &'static [Schema],
}

/// A schema as one type.
pub(crate) struct Schema {
    /// JSON pointer into the document.
    pub(crate) place: &'static str,
    /// Which way its values travel as this type.
    pub(crate) ways: Ways,
    /// Reads a value as this type and writes it back.
    pub(crate) through: fn(&[u8]) -> Result<String, String>,
}

/// Which way values travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ways {
    Both,
    Sent,
    Received,
}

impl Ways {
    /// As the files of values call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }
}

/// Reads a value and writes it back, by nothing but serde.
pub(crate) fn through<T: DeserializeOwned + Serialize>(json: &[u8]) -> Result<String, String> {
    let value: T = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    serde_json::to_string(&value).map_err(|error| error.to_string())
}
