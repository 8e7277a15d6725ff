//! Support code for generated modules. Public for generated crates only, without any stability guarantee for other
//! users.
//!
//! Generated code has tables, fields and parameters. This module implements the behavior once: see `read.rs` for the
//! rules of reading; [`write`] writes JSON, forms, parameters and `Debug`.

/// `Serialize` and `Deserialize` of containers of values of one type.
macro_rules! through_serde {
    ($($name:ident),*) => {$(
        impl<T: $crate::rt::Write> serde::Serialize for $name<T> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::rt::serialize(self, serializer)
            }
        }

        impl<'de, T: $crate::rt::Read + $crate::rt::Write> serde::Deserialize<'de> for $name<T> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::rt::deserialize(deserializer)
            }
        }
    )*};
}
use through_serde;

mod answer;
mod big;
mod builder;
mod content;
mod deep;
mod encode;
mod enums;
mod erased;
#[cfg(feature = "event-stream")]
mod events;
mod extra;
#[cfg(feature = "multipart")]
mod file;
mod id;
mod idempotency;
mod invalid;
mod kind;
mod list;
mod map;
#[cfg(feature = "multipart")]
mod multipart;
mod node;
mod object;
mod offers;
mod operation;
mod paged;
mod read;
mod request;
mod service;
mod source;
mod stored;
mod write;

pub use bytes::Bytes;
pub use http::{HeaderMap, Method};
pub use serde;

#[cfg(feature = "event-stream")]
pub(crate) use answer::is_json;
pub use answer::{FromHeaders, FromResponse, JsonBody, Returned, header};
pub use big::{BigInteger, NotWhole};
pub use builder::{IsSet, Missing, Partial, PartialCall, Set};
pub use content::Content;
pub use deep::Deep;
pub use encode::{Part, PartStyle};
pub use enums::{IntegerEnum, StringEnum, UnknownValue, Unrecognized};
pub use erased::{choice, object as object_place, reader, writer};
#[cfg(all(feature = "event-stream", feature = "mock"))]
pub(crate) use events::write_item;
#[cfg(feature = "event-stream")]
pub(crate) use events::{Decoder, Frame, read_data};
#[cfg(feature = "event-stream")]
pub use events::{EventData, EventTransport, StreamEvent, StreamFormat, StreamInfo, Streams};
pub use extra::{Extra, Unread};
#[cfg(feature = "multipart")]
pub use file::File;
#[cfg(feature = "multipart")]
pub(crate) use file::{Chunks, Source};
#[cfg(feature = "download")]
pub(crate) use idempotency::new_key;
pub use idempotency::{fill_key, is_filled};
pub use invalid::Invalid;
pub use kind::{Form, Kind, Mark, Told};
use list::Items;
pub use list::{Items as ListItems, List, OneOrList, UnreadItem, list, map};
pub use map::Map;
#[cfg(feature = "multipart")]
pub use multipart::{FormPart, Multipart};
#[cfg(feature = "multipart")]
pub(crate) use multipart::{Piece, sent_before};
use node::Node;
pub(crate) use node::{is_word, word};
pub use object::{UnrecognizedJson, debug};
pub use offers::{As, Offers};
pub use operation::{
    Info, Operation, RawResponse, Scheme, SchemeKind, Server, Settles, Transport, debug_operation,
};
pub use paged::{CursorPart, Next, Paged, part, position};
pub use read::{Choose, Constant, Members, Numbered, Parsed, Place, Read, blank};
pub use request::{Request, Resolved, Rule};
pub use service::Service;
pub use source::deserialize;
pub use stored::{Fields, deserialize_operation, unset};
pub use write::{
    List as ListWriter, Object, Write, Writer, are_plain, serialize, serialize_operation, unread,
};

#[cfg(feature = "event-stream")]
pub use crate::EventStream;
pub use crate::page::{Items as PageItems, Pages};
pub use crate::{
    __rt_builder as builder, __rt_call_builder as call_builder, __rt_headers as headers,
    __rt_hidden as hidden, __rt_id as id, __rt_integer_enum as integer_enum, __rt_object as object,
    __rt_offers as offers, __rt_operation as operation, __rt_required as required,
    __rt_string_enum as string_enum, __rt_union as union,
};
pub use crate::{
    AccountId, Amount, Currency, Date, Error, Number, Redirect, Response, SendFuture, Timestamp,
};

/// Names for programs that use a generated crate, besides those of the crate.
pub mod prelude {
    pub use super::{As, BigInteger, Json, JsonObject};
    #[cfg(feature = "multipart")]
    pub use crate::File;
    pub use crate::{
        AccessToken, AccountId, Amount, Attempt, Client, ClientBuilder, Currency, Cursor, Date,
        Error, ErrorKind, Extra, Interceptor, Items, List, Map, Money, Number, OneOrList, Outcome,
        Page, Pages, Redirect, Response, RetryPolicy, Secret, SendFuture, Timestamp, TokenProvider,
        UnknownValue, Unread, UnreadItem, Unrecognized, UnrecognizedJson,
    };
    #[cfg(feature = "download")]
    pub use crate::{Chunks, Download};
    #[cfg(feature = "event-stream")]
    pub use crate::{EventStream, StreamEvent};
}

/// Any JSON value.
pub type Json = serde_json::Value;

/// Any JSON object.
pub type JsonObject = serde_json::Map<String, Json>;

/// For objects without `extra`.
pub static NO_EXTRA: Extra = Extra::NONE;
