//! Responses that are streams.

use std::collections::BTreeSet;

use super::{RawStream, Reader};
use crate::{
    load::IS_ITEM,
    lower::{
        graph::{Hint, ShapeId, ShapeKind, Value, ValueKind},
        site::Site,
    },
    media_type::{essence, is_events},
    model::{RuntimeType, Status, StreamFormat, TypeRef},
};

/// Media types of a JSON value per line.
const LINES: &[&str] = &[
    "application/jsonl",
    "application/jsonlines",
    "application/ndjson",
    "application/x-json-stream",
    "application/x-jsonl",
    "application/x-jsonlines",
    "application/x-ndjson",
    "text/jsonl",
    "text/x-jsonl",
    "text/x-ndjson",
];

/// Returns how the items of a stream of this media type are separated; nothing for other media types.
fn stream_format(media_type: &str) -> Option<StreamFormat> {
    if is_events(media_type) {
        return Some(StreamFormat::Events);
    }
    let essence = essence(media_type);
    if essence == "application/json-seq" || essence.ends_with("+json-seq") {
        return Some(StreamFormat::Sequence);
    }
    let mut lines = LINES.iter();
    let is_lines = lines.any(|name| essence == *name);
    is_lines.then_some(StreamFormat::Lines)
}

pub(super) fn is_stream_type(media_type: &str) -> bool {
    stream_format(media_type).is_some()
}

impl<'d> Reader<'_, 'd> {
    /// Returns the first media type of a response that is a stream.
    pub(super) fn stream(
        &mut self,
        status: Status,
        content: &[(&'d str, Site<'d>)],
        type_name: &str,
    ) -> Option<RawStream> {
        let mut streams = content.iter();
        let (format, media_type, media) = streams.find_map(|(media_type, media)| {
            let format = stream_format(media_type)?;
            Some((format, *media_type, media))
        })?;
        let whole = media.get("schema");
        let target = whole.as_ref().map(|schema| self.graph.target(schema));
        // The schema of a whole stream is a list of its items.
        let listed = target
            .as_ref()
            .filter(|target| target.text("type") == Some("array") && !media.flag(IS_ITEM));
        let schema = match listed {
            Some(list) => list.get("items"),
            None => whole,
        };
        let target = schema.as_ref().map(|schema| self.graph.target(schema));
        let text = |key| target.as_ref().and_then(|target| target.text(key));
        let is_bytes = text("format") == Some("binary");
        let name = match format {
            StreamFormat::Events => format!("{type_name}Event"),
            StreamFormat::Lines | StreamFormat::Sequence => format!("{type_name}Item"),
        };
        let item = match &schema {
            Some(schema) if !is_bytes => {
                let schema = schema.clone();
                self.graph.resolve(&[schema], Hint::Name(name))
            }
            _ => Value {
                kind: ValueKind::Simple(match is_bytes {
                    true => TypeRef::String,
                    false => TypeRef::Json,
                }),
                nullable: false,
            },
        };
        let texts = match format {
            StreamFormat::Events => self.texts(&item, &mut BTreeSet::new()),
            StreamFormat::Lines | StreamFormat::Sequence => (false, false),
        };
        let (may_be_text, is_text) = texts;
        Some(RawStream {
            status,
            media_type: media_type.to_owned(),
            format,
            item,
            is_text,
            may_be_text,
            end: media.text("x-stream-end").map(str::to_owned),
            schema: schema.map(|schema| schema.at),
        })
    }

    /// Whether some of the values are texts, and whether all of them are.
    fn texts(&self, value: &Value, seen: &mut BTreeSet<ShapeId>) -> (bool, bool) {
        use TypeRef::{Date, Named, Runtime, String, Timestamp};
        let is_text = match &value.kind {
            ValueKind::Simple(TypeRef::Runtime(RuntimeType::Amount)) => false,
            ValueKind::Simple(simple) => {
                matches!(simple, String | Timestamp | Date | Named(_) | Runtime(_))
            }
            ValueKind::List(_) | ValueKind::Map(_) => false,
            ValueKind::Shape(id) => match &self.graph.shapes[*id].kind {
                ShapeKind::StringEnum(_) => true,
                ShapeKind::Union(union) if seen.insert(*id) => {
                    let all = union.variants.iter();
                    return (all.map(|variant| self.texts(&variant.value, seen)))
                        .reduce(|one, other| (one.0 || other.0, one.1 && other.1))
                        .unwrap_or_default();
                }
                _ => false,
            },
        };
        (is_text, is_text)
    }
}
