//! Bodies, responses and their headers.

use std::collections::BTreeMap;

use openapiv3::{ReferenceOr, Response, StatusCode};

use super::{RawCase, RawHeader, RawOffer, RawStream, Reader, streams::is_stream_type};
use crate::{
    lower::{
        facts,
        graph::{Hint, ShapeKind, Value, ValueKind},
        site::{Site, component, escape},
        types::paragraphs,
        words,
    },
    media_type::{essence, is_form, is_form_data, is_json, is_text},
    model::{PayloadEncoding, Status, TypeRef},
};

/// The responses of an operation.
pub(super) struct RawResponses {
    pub(super) cases: Vec<RawCase>,
    pub(super) stream: Option<RawStream>,
    pub(super) offers: Vec<RawOffer>,
    pub(super) headers: Vec<RawHeader>,
}

/// Returns the word for a media type in names: `pdf` for `application/pdf`.
pub(crate) fn short(media_type: &str) -> String {
    match essence(media_type).as_str() {
        "application/x-www-form-urlencoded" => return "form".to_owned(),
        "multipart/form-data" => return "multipart".to_owned(),
        "text/plain" => return "text".to_owned(),
        "application/octet-stream" => return "binary".to_owned(),
        _ => {}
    }
    let (_, rest) = media_type.split_once('/').unwrap_or(("", media_type));
    words::snake(&rest.replace('+', " "))
}

/// Returns the words for several media types in names, each another one; nothing for one that another has, too.
pub(crate) fn distinct_words(media_types: &[&str]) -> Vec<String> {
    let words: Vec<String> = media_types.iter().map(|name| short(name)).collect();
    let is_taken = |word: &String| words.iter().filter(|other| *other == word).count() > 1;
    let all = media_types.iter().zip(&words);
    all.map(
        |(media_type, word)| match word.is_empty() || is_taken(word) {
            true => words::snake(&media_type.replace('+', " ")),
            false => word.clone(),
        },
    )
    .collect()
}

/// A value without parts.
pub(super) fn plain(simple: TypeRef) -> Value {
    Value {
        kind: ValueKind::Simple(simple),
        nullable: false,
    }
}

impl<'d> Reader<'_, 'd> {
    /// Lists the schema of content that is text or bytes for the caller, where it says more than that.
    pub(super) fn note_untyped(&mut self, media_type: &str, media: &Site<'d>, is_bytes: bool) {
        let Some(schema) = media.get("schema") else {
            return;
        };
        let parts = self.graph.flat(&[schema]).parts;
        if parts.iter().all(is_plain_text) {
            facts::list_constraints(&parts, &mut self.graph.findings);
            return;
        }
        let kind = if is_bytes { "bytes" } else { "text" };
        let what = format!("the schema of {media_type}, which is {kind}");
        self.graph.findings.constraint(&media.at, &what);
    }

    /// The facts of the schema of a media type.
    pub(super) fn value_of(&mut self, schema: Option<Site<'d>>, hint: String) -> Value {
        match schema {
            Some(schema) => self.graph.resolve(&[schema], Hint::Name(hint)),
            None => plain(TypeRef::Json),
        }
    }

    pub(super) fn cases(&mut self, type_name: &str, method: &str) -> RawResponses {
        let responses = &self.operation.responses;
        let mut all: Vec<(Status, String, &'d ReferenceOr<Response>)> = Vec::new();
        for (status, response) in &responses.responses {
            let (status, key) = match status {
                StatusCode::Code(code) => (Status::Code(*code), code.to_string()),
                StatusCode::Range(class) => (Status::Class(*class), format!("{class}XX")),
            };
            all.push((status, key, response));
        }
        if let Some(response) = &responses.default {
            all.push((Status::Default, "default".to_owned(), response));
        }
        all.sort_by_key(|(status, ..)| match status {
            Status::Code(code) => (0, *code),
            Status::Class(class) => (1, *class),
            Status::Default => (2, 0),
        });
        let has_success = all.iter().any(|(status, ..)| is_success(*status));
        let mut cases = Vec::new();
        let mut stream: Option<RawStream> = None;
        let mut offers: Vec<RawOffer> = Vec::new();
        let mut headers: Vec<RawHeader> = Vec::new();
        let mut schemas: Vec<Option<Site<'d>>> = Vec::new();
        let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (status, key, _) in all {
            let written = self
                .site
                .get("responses")
                .and_then(|site| site.get(&key).or_else(|| site.get(&key.to_lowercase())));
            let Some(site) = written.map(|site| self.graph.target(&site)) else {
                continue;
            };
            let is_error = match status {
                Status::Default => has_success,
                _ => !is_success(status),
            };
            let hint = match component(&site.at) {
                Some(name) if self.is_schema(&name) => {
                    format!("{}Response", words::type_name(&name))
                }
                Some(name) => words::type_name(&name),
                None if is_error => format!(
                    "{type_name}{}Error",
                    words::pascal(&format!("status {key}"))
                ),
                None => format!("{type_name}Response"),
            };
            let content = site.entries("content");
            let chosen = choose(&content);
            let mut case = RawCase {
                status,
                payload: None,
                schema: None,
                media_type: None,
                docs: site.text("description").unwrap_or_default().to_owned(),
            };
            let unread = match () {
                () if method == "HEAD" => Some("responses to HEAD have none"),
                () if status.is_redirect() => Some("redirects return the location only"),
                () if matches!(
                    status,
                    Status::Code(100..=199 | 204 | 205 | 304) | Status::Class(1)
                ) =>
                {
                    Some("HTTP has none with this status")
                }
                () => None,
            };
            if let (Some((media_type, media)), Some(why)) = (&chosen, unread) {
                self.graph
                    .findings
                    .constraint(&media.at, &format!("the body as {media_type}; {why}"));
            } else if let Some((media_type, media)) = chosen {
                let streamed = match is_error || stream.is_some() {
                    true => None,
                    false => self.stream(status, &content, type_name),
                };
                let is_stream = |name: &str| {
                    let mut streamed = streamed.iter();
                    streamed.any(|stream| stream.media_type == name)
                };
                let others = content.iter();
                for (other, place) in
                    others.filter(|(other, _)| *other != media_type && !is_stream(other))
                {
                    let schema = place.get("schema").map(|schema| schema.at);
                    let known = offers.iter().find(|known| known.media_type == *other);
                    // The type of a media type does not depend on the status.
                    let is_same = known.is_none_or(|known| self.is_same(&known.schema, &schema));
                    let of_chosen = media.get("schema").map(|schema| schema.at);
                    let is_again =
                        is_encoding_of(other, media_type) && self.is_same(&of_chosen, &schema);
                    let has_method = !is_error
                        && !other.contains('*')
                        && !is_stream_type(other)
                        && is_same
                        && !is_again;
                    if !has_method {
                        self.graph.findings.constraint(
                            &place.at,
                            &format!("the response as {other}; {media_type} is requested"),
                        );
                    } else if known.is_none() {
                        let hint = format!("{type_name}{}", words::pascal(&short(other)));
                        offers.push(RawOffer {
                            status,
                            media_type: (*other).to_owned(),
                            payload: self.payload(other, place, hint),
                            schema,
                        });
                    }
                }
                let schema = media.get("schema");
                case.schema = schema.as_ref().map(|schema| schema.at.clone());
                let is_binary = self.is_binary(&media);
                case.payload = Some(self.payload(media_type, &media, hint));
                if is_stream_type(media_type) && !is_stream(media_type) {
                    self.note_untyped(media_type, &media, false);
                }
                stream = stream.or(streamed);
                case.media_type = Some(
                    if is_binary && is_json(media_type) {
                        "*/*"
                    } else {
                        media_type
                    }
                    .to_owned(),
                );
            }
            cases.push(case);
            for (name, link) in site.entries("links") {
                let what = format!("the link `{name}` to another operation");
                self.graph.findings.constraint(&link.at, &what);
            }
            for (wire, header) in site.entries("headers") {
                let header = self.graph.target(&header);
                if wire.eq_ignore_ascii_case("content-type") {
                    continue;
                }
                told.entry(wire.to_ascii_lowercase())
                    .or_default()
                    .push(key.clone());
                let hint = format!("{type_name}{}", words::pascal(wire));
                let known = (headers.iter_mut())
                    .zip(&mut schemas)
                    .find(|(known, _)| known.wire.eq_ignore_ascii_case(wire));
                let schema = header_schema(&header).map(|(schema, _)| schema);
                match known {
                    Some((known, first)) => {
                        let is_same = self.is_same_header(&known.value, first, &schema, &hint);
                        if !is_same {
                            known.value = plain(TypeRef::String);
                            let what = format!(
                                "the header `{wire}`, whose schema is another one at an earlier status: it is text"
                            );
                            self.graph.findings.constraint(&header.at, &what);
                        }
                    }
                    None => {
                        headers.push(RawHeader {
                            wire: wire.to_owned(),
                            value: self.header_value(&header, hint),
                            docs: header.text("description").unwrap_or_default().to_owned(),
                        });
                        schemas.push(schema);
                    }
                }
            }
        }
        for header in &mut headers {
            let statuses = told
                .get(&header.wire.to_ascii_lowercase())
                .map(|all| all.join(", "))
                .unwrap_or_default();
            header.docs = paragraphs(&header.docs, &format!("Comes with status {statuses}."));
        }
        RawResponses {
            cases,
            stream,
            offers,
            headers,
        }
    }

    /// The value of a header; text if its schema can't be used.
    fn header_value(&mut self, header: &Site<'d>, hint: String) -> Value {
        let Some((schema, is_read)) = header_schema(header) else {
            return plain(TypeRef::String);
        };
        if !is_read {
            let parts = self.graph.flat(std::slice::from_ref(&schema)).parts;
            if !parts.iter().all(is_plain_text) {
                let what = "the schema of a header that is neither plain nor JSON: it is text";
                self.graph.findings.constraint(&schema.at, what);
            }
            return plain(TypeRef::String);
        }
        let value = self.graph.resolve(&[schema], Hint::Name(hint));
        let is_text = match &value.kind {
            ValueKind::Simple(TypeRef::String | TypeRef::Named(_)) => true,
            ValueKind::Shape(id) => {
                matches!(self.graph.shapes[*id].kind, ShapeKind::StringEnum(_))
            }
            _ => false,
        };
        if header.get("schema").is_none() && is_text {
            let what = "a text as JSON in a header: it is read with its quotation marks";
            self.graph.findings.constraint(&header.at, what);
        }
        value
    }

    /// Whether a header is the same at another status.
    fn is_same_header(
        &mut self,
        value: &Value,
        first: &Option<Site<'d>>,
        other: &Option<Site<'d>>,
        hint: &str,
    ) -> bool {
        let (Some(first), Some(other)) = (first, other) else {
            return first.is_none() && other.is_none();
        };
        let nodes = [first, other].map(|site| self.graph.target(site));
        let [first, second] = nodes.map(|site| without_words(site.node.to_json()));
        // A schema that makes no type of its own is only compared.
        let is_plain = !["enum", "properties", "oneOf", "anyOf", "allOf"]
            .iter()
            .any(|key| self.graph.target(other).get(key).is_some());
        first == second
            || (is_plain
                && (self.graph)
                    .resolve(std::slice::from_ref(other), Hint::Name(hint.to_owned()))
                    .kind
                    == value.kind)
    }

    /// Returns the value of a response.
    fn payload(
        &mut self,
        media_type: &str,
        media: &Site<'d>,
        hint: String,
    ) -> (PayloadEncoding, Value) {
        match () {
            () if self.is_binary(media) => {
                if is_json(media_type) && !media_type.contains('*') {
                    let what = format!(
                        "`format: binary` in {media_type}: the response is read as bytes, not as JSON"
                    );
                    self.graph.findings.constraint(&media.at, &what);
                }
                (PayloadEncoding::Bytes, plain(TypeRef::Bytes))
            }
            () if is_json(media_type) => {
                let value = self.value_of(media.get("schema"), hint);
                // The document leaves the media type open: a string may be text.
                match media_type.contains('*') && value == plain(TypeRef::String) {
                    true => (PayloadEncoding::TextOrJson, value),
                    false => (PayloadEncoding::Json, value),
                }
            }
            // That of a stream is of its items.
            () if is_stream_type(media_type) => (PayloadEncoding::Text, plain(TypeRef::String)),
            () => {
                let is_bytes = !is_text(media_type);
                self.note_untyped(media_type, media, is_bytes);
                match is_bytes {
                    true => (PayloadEncoding::Bytes, plain(TypeRef::Bytes)),
                    false => (PayloadEncoding::Text, plain(TypeRef::String)),
                }
            }
        }
    }

    fn is_binary(&self, media: &Site<'d>) -> bool {
        let schema = media.get("schema").map(|schema| self.graph.target(&schema));
        schema.is_some_and(|schema| schema.text("format") == Some("binary"))
    }

    /// Returns whether two places have the same schema.
    pub(super) fn is_same(&self, one: &Option<String>, other: &Option<String>) -> bool {
        let target = |at: &Option<String>| {
            let site = Site::find(self.graph.document, at.as_ref()?)?;
            // Of Swagger 2, one schema has several places in the converted document.
            Some(self.graph.target(&site).node.place.clone())
        };
        target(one) == target(other)
    }

    pub(super) fn is_schema(&self, name: &str) -> bool {
        let at = format!("/components/schemas/{}", escape(name));
        Site::find(self.graph.document, &at).is_some()
    }
}

/// The schema of a header, and whether it says how the text of the header is read.
fn header_schema<'d>(header: &Site<'d>) -> Option<(Site<'d>, bool)> {
    if let Some(schema) = header.get("schema") {
        return Some((schema, true));
    }
    let (media_type, media) = header.entries("content").into_iter().next()?;
    Some((media.get("schema")?, is_json(media_type)))
}

/// A schema without what is only read by people.
fn without_words(mut schema: serde_json::Value) -> serde_json::Value {
    if let Some(members) = schema.as_object_mut() {
        members.retain(|key, _| {
            let words = ["description", "title", "example", "examples"];
            !words.contains(&key.as_str())
        });
    }
    schema
}

/// The media type that is sent or requested: JSON before forms before parts before text before the rest, and streams
/// last.
pub(crate) fn choose<'d>(content: &[(&'d str, Site<'d>)]) -> Option<(&'d str, Site<'d>)> {
    let rank = |media_type: &str| match media_type {
        _ if essence(media_type) == "application/json" => 0,
        _ if is_json(media_type) => 1,
        _ if is_form(media_type) => 2,
        _ if is_form_data(media_type) => 3,
        _ if is_stream_type(media_type) => 6,
        _ if is_text(media_type) => 4,
        _ => 5,
    };
    content
        .iter()
        .min_by_key(|(media_type, _)| rank(media_type))
        .cloned()
}

/// Returns whether a schema, without its `allOf`, says no more than that a value is text, or bytes.
pub(super) fn is_plain_text(schema: &Site<'_>) -> bool {
    let is_string = |kind: Site<'_>| kind.node.as_str() == Some("string");
    let is_date = matches!(schema.text("format"), Some("date" | "date-time"));
    let more = [
        "enum",
        "const",
        "anyOf",
        "oneOf",
        "not",
        "properties",
        "additionalProperties",
        "items",
    ];
    schema.get("type").is_none_or(is_string)
        && !is_date
        && !more.iter().any(|key| schema.get(key).is_some())
}

/// Returns whether a schema describes values that are made of others.
pub(super) fn has_parts(schema: &Site<'_>) -> bool {
    [
        "allOf",
        "anyOf",
        "oneOf",
        "properties",
        "additionalProperties",
        "items",
    ]
    .iter()
    .any(|key| schema.get(key).is_some())
}

/// Returns whether a status is a success of the operation. A 3xx in the document is, too.
pub(crate) fn is_success(status: Status) -> bool {
    matches!(status, Status::Code(200..=399) | Status::Class(2 | 3))
}

/// Returns whether a media type is only another name of one that is chosen.
pub(super) fn is_same_type(media_type: &str, chosen: &str) -> bool {
    let name = essence(media_type);
    name == essence(chosen) || (name == "text/json" && is_json(chosen))
}

/// Returns whether a media type only encodes the same value in another way.
fn is_encoding_of(media_type: &str, chosen: &str) -> bool {
    let (essence, chosen) = (essence(media_type), essence(chosen));
    let encodings = ["cbor", "cbor-seq", "msgpack", "protobuf", "xml", "yaml"];
    let (_, subtype) = essence.split_once('/').unwrap_or_default();
    let mut words = subtype.split(['.', '+']);
    is_same_type(&essence, &chosen)
        || words.any(|word| encodings.contains(&word.strip_prefix("x-").unwrap_or(word)))
}
