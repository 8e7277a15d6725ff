//! What generated code leans on. Public so that generated crates can use it, but no promise to anyone else.
//!
//! Generated code describes (tables, fields, parameters); what is done with that is done here, once. Values travel
//! through one small tree, [`Node`]: JSON, forms, parameters and `Debug` are four ways of printing it, and reading an
//! answer is taking it apart. That keeps generated code free of type parameters, which is what it costs to compile.

mod answer;
mod builder;
mod encode;
mod enums;
mod id;
mod idempotency;
mod invalid;
#[cfg(feature = "mock")]
mod mockable;
mod node;
mod object;
mod operation;
mod paged;
mod read;
mod request;
mod source;
mod write;

pub use bytes::Bytes;
pub use http::{HeaderMap, Method};
pub use serde;

pub use answer::header;
pub use builder::{Build, Given, Missing, Set, list, map, send, send_with_response};
pub use enums::{IntegerEnum, StringEnum, UnknownValue, Unrecognized, integer_of, text_of};
#[cfg(feature = "download")]
pub(crate) use idempotency::new_key;
pub use idempotency::{idempotency_key, is_filled};
pub use invalid::Invalid;
#[cfg(feature = "mock")]
pub use mockable::Mockable;
pub use node::{Kind, Node, Object};
pub(crate) use node::{is_word, word};
pub use object::{Choose, UnrecognizedJson, debug};
pub use operation::{
    Info, Operation, RawResponse, Scheme, SchemeKind, Server, Settles, Transport, debug_operation,
};
pub use paged::{CursorPart, Next, Paged, items, pages, part, position};
pub use read::{List, Members, Read, Scalar, Value, blank, read};
pub use request::{Request, Resolved, Rule};
pub use source::deserialize;
pub use write::{Write, serialize};

pub use crate::page::{Items, Pages};
pub use crate::{
    __rt_data as data, __rt_hidden as hidden, __rt_id as id, __rt_integer_enum as integer_enum,
    __rt_operation as operation, __rt_string_enum as string_enum, __rt_way as readable,
};
pub use crate::{
    AccountId, Amount, Currency, Date, Error, Nullable, Number, Redirect, Response, Timestamp,
};

/// Any JSON value.
pub type Json = serde_json::Value;

/// A JSON object of any shape.
pub type JsonObject = serde_json::Map<String, Json>;

/// A JSON object whose members all have one type.
pub type Map<T> = std::collections::BTreeMap<String, T>;
