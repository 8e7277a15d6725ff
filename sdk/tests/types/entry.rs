//! What the catalog knows of a type.

use std::fmt::Debug;

use dintero::rt::{Operation, RawResponse, Write};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is written of a value, and the places of it that could not be read.
type Through = (Value, Vec<String>);

/// A type that can be read.
pub(crate) struct Entry {
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
    /// Reads JSON and gives both forms of `Debug`.
    pub(crate) read: fn(&str) -> Result<String, String>,
    /// Reads JSON and writes it.
    pub(crate) through: fn(&str) -> Result<Through, String>,
}

impl Entry {
    pub(crate) const fn of<T: DeserializeOwned + Serialize + Debug + Write>(
        module: &'static str,
        name: &'static str,
    ) -> Self {
        let read = |text: &str| {
            serde_json::from_str::<T>(text)
                .map(|value| format!("{value:?}\n{value:#?}"))
                .map_err(|error| error.to_string())
        };
        let through = |text: &str| {
            let value = serde_json::from_str::<T>(text).map_err(|error| error.to_string())?;
            let written = serde_json::to_value(&value).map_err(|error| error.to_string())?;
            let places = dintero::rt::unread(&value);
            let places = places.iter().map(|place| place.path().to_owned());
            Ok((written, places.collect()))
        };
        Self {
            module,
            name,
            read,
            through,
        }
    }
}

/// An operation.
pub(crate) struct Call {
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
    /// Reads a response as success, as failure, and its headers.
    pub(crate) read: fn(&RawResponse) -> [Result<(), dintero::Error>; 2],
}

impl Call {
    pub(crate) const fn of<O: Operation>(module: &'static str, name: &'static str) -> Self {
        let read = |response: &RawResponse| {
            let _ = O::headers(&response.headers);
            [
                O::output(response).map(drop),
                O::error_response(response).map(drop),
            ]
        };
        Self { module, name, read }
    }
}

macro_rules! catalog {
    ($($module:ident { $($name:ident)* } [ $($call:ident)* ])*) => {
        pub(crate) const TYPES: &[Entry] = &[
            $($(Entry::of::<dintero::$module::$name>(stringify!($module), stringify!($name)),)*)*
        ];
        pub(crate) const CALLS: &[Call] = &[
            $($(Call::of::<dintero::$module::$call>(stringify!($module), stringify!($call)),)*)*
        ];
    };
}
pub(crate) use catalog;
