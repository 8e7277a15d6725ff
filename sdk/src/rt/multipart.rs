//! Bodies of `multipart/form-data` (RFC 7578), and of other multipart types, whose parts get names, too.

use std::fmt::{self, Write as _};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::HeaderValue;

use super::Node;
use super::encode::{Lists, PartStyle, json, open, pairs, raw_parts, scalar};
use super::file::{File, Source};
use crate::Error;

pub(super) const FORM_DATA: &str = "multipart/form-data";
const RELATED: &str = "multipart/related";

/// A member of a multipart body whose encoding is described.
#[derive(Clone, Copy, Debug)]
pub struct FormPart {
    /// The name in the body.
    pub name: &'static str,
    /// The encoding.
    pub style: PartStyle,
    /// The media type of each of its parts; empty: the default of its content.
    pub media_type: &'static str,
}

/// An encoded body.
#[derive(Clone, PartialEq)]
pub struct Multipart {
    pieces: Arc<[Piece]>,
}

/// A piece of the body.
#[derive(Clone, PartialEq)]
pub(crate) enum Piece {
    Bytes(Bytes),
    /// The content of a file, and the name of the member that it is for.
    File(String, Source),
}

impl Multipart {
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    pub(super) fn has_streams(&self) -> bool {
        let mut pieces = self.pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::File(_, Source::Stream(_))))
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        for piece in self.pieces.iter() {
            if let Piece::File(name, Source::Stream(once)) = piece
                && !once.is_there()
            {
                return Err(sent_before(name));
            }
        }
        Ok(())
    }
}

/// Shows only the number of pieces, because the content may be personal.
impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multipart")
            .field("pieces", &self.pieces.len())
            .finish_non_exhaustive()
    }
}

/// The error for a stream that was taken before.
pub(crate) fn sent_before(name: &str) -> Error {
    let reason = "its stream was sent before, and can't be sent again; create the file anew";
    Error::invalid_request(name, reason)
}

/// An error in a member: its name and the reason.
pub(super) type Fault = (String, String);

/// A part of the body before it is written.
struct Section {
    name: String,
    file_name: Option<String>,
    media_type: Option<String>,
    content: Source,
}

impl Section {
    fn text(name: impl Into<String>, text: &str, media_type: &str) -> Self {
        Self {
            name: name.into(),
            file_name: None,
            media_type: (!media_type.is_empty()).then(|| media_type.to_owned()),
            content: Source::Bytes(Bytes::copy_from_slice(text.as_bytes())),
        }
    }

    fn file(name: &str, file: &File, media_type: &str) -> Self {
        let described = match media_type {
            "" => "application/octet-stream",
            media_type => media_type,
        };
        let media_type = file.media_type.as_deref().unwrap_or(described);
        Self {
            name: name.to_owned(),
            // Many servers take a part without a file name for text.
            file_name: Some(file.sent_name().unwrap_or_else(|| name.to_owned())),
            media_type: Some(media_type.to_owned()),
            content: file.source.clone(),
        }
    }

    fn hash(&self, state: &mut impl Hasher) {
        (&self.name, &self.file_name, &self.media_type).hash(state);
        self.content.hash(state);
    }
}

/// Encodes an object. Members that are not in `described` are encoded as `rest`. The parts of a form are in the order of
/// the members; those of another media type in the order of `described`, because there it means something. Returns the
/// media type with its parameters, too.
pub(super) fn encode(
    media_type: &str,
    node: Node<'_>,
    rest: PartStyle,
    described: &[FormPart],
) -> Result<(HeaderValue, Multipart), Fault> {
    let Node::Object(mut object) = open(node) else {
        let reason = "must be an object for a multipart body";
        return Err(("body".to_owned(), reason.to_owned()));
    };
    if media_type != FORM_DATA {
        let position = |name: &str| described.iter().position(|part| part.name == name);
        (object.members).sort_by_key(|(name, _)| position(name).unwrap_or(usize::MAX));
    }
    let mut sections: Vec<Section> = Vec::new();
    for (name, value) in object.members {
        let part = described.iter().find(|part| part.name == name);
        let style = part.map_or(rest, |part| part.style);
        let media_type = part.map_or("", |part| part.media_type);
        member(&name, value, style, media_type, &mut sections)
            .map_err(|reason| (name.into_owned(), reason))?;
    }
    let boundary = boundary(&sections);
    let mut header = format!("{media_type}; boundary={boundary}");
    if media_type == RELATED {
        // RFC 2387 wants the media type of the first part.
        let first = sections.first().and_then(|part| part.media_type.as_deref());
        let _ = write!(header, "; type=\"{}\"", first.unwrap_or("text/plain"));
    }
    let header = HeaderValue::from_str(&header);
    let header = header.map_err(|error| ("body".to_owned(), error.to_string()))?;
    Ok((header, write(sections, &boundary)))
}

fn member(
    name: &str,
    value: Node<'_>,
    style: PartStyle,
    media_type: &str,
    into: &mut Vec<Section>,
) -> Result<(), String> {
    let first = into.len();
    match style {
        PartStyle::Plain => match open(value) {
            Node::List(items) => {
                for item in items {
                    into.extend(plain(name, item, media_type)?);
                }
            }
            value => into.extend(plain(name, value, media_type)?),
        },
        PartStyle::Json => match open(value) {
            Node::Null => {}
            Node::File(_) => return Err("a file can't be sent as JSON".to_owned()),
            value => {
                let media_type = or_json(media_type);
                into.push(Section::text(name, &json(value)?, media_type));
            }
        },
        PartStyle::Repeat | PartStyle::Deep => {
            let value = open(value);
            let lists = match style {
                PartStyle::Deep => Lists::Indexed,
                _ => Lists::Repeated,
            };
            let is_apart = style == PartStyle::Repeat && matches!(value, Node::Object(_));
            let mut found = Vec::new();
            pairs(value, if is_apart { "" } else { name }, lists, &mut found)?;
            let found = found.into_iter();
            into.extend(found.map(|(name, text)| Section::text(name, &text, media_type)));
        }
        PartStyle::Joined(separator) => {
            let value = open(value);
            let is_empty = match &value {
                Node::Null => true,
                Node::List(items) => items.is_empty(),
                _ => false,
            };
            if !is_empty {
                // Separators are percent-encoded for URLs.
                let separator = match separator {
                    "%20" => " ",
                    "%09" => "\t",
                    "%7C" => "|",
                    other => other,
                };
                let text = raw_parts(value)?.join(separator);
                into.push(Section::text(name, &text, media_type));
            }
        }
    }
    let mut added = into.iter().skip(first);
    match added.find_map(|section| section.media_type.as_ref().filter(|name| !is_header(name))) {
        Some(media_type) => Err(format!("{media_type:?} is not a media type")),
        None => Ok(()),
    }
}

fn is_header(text: &str) -> bool {
    text.contains('/') && HeaderValue::from_str(text).is_ok()
}

fn or_json(media_type: &str) -> &str {
    match media_type {
        "" => "application/json",
        media_type => media_type,
    }
}

/// Returns one value as a part: a file, text, or JSON.
fn plain(name: &str, value: Node<'_>, media_type: &str) -> Result<Option<Section>, String> {
    Ok(Some(match open(value) {
        Node::Null => return Ok(None),
        Node::File(file) => Section::file(name, file, media_type),
        value @ (Node::List(_) | Node::Object(_)) => {
            Section::text(name, &json(value)?, or_json(media_type))
        }
        value => Section::text(name, &scalar(value)?, media_type),
    }))
}

/// Returns an unpredictable boundary, so that no content can contain it on purpose. Equal bodies of a process
/// have the same, so that a mock can compare requests.
fn boundary(sections: &[Section]) -> String {
    static KEYS: OnceLock<[RandomState; 2]> = OnceLock::new();
    let keys = KEYS.get_or_init(|| [RandomState::new(), RandomState::new()]);
    keys.iter()
        .map(|key| {
            let mut hasher = key.build_hasher();
            sections
                .iter()
                .for_each(|section| section.hash(&mut hasher));
            format!("{:016x}", hasher.finish())
        })
        .collect()
}

/// Returns a name for a header, escaped as browsers do.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn write(sections: Vec<Section>, boundary: &str) -> Multipart {
    let mut pieces = Vec::new();
    let mut head = String::new();
    for section in sections {
        // Writing to a String can't fail.
        let _ = write!(
            head,
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            quoted(&section.name)
        );
        if let Some(name) = &section.file_name {
            let _ = write!(head, "; filename=\"{}\"", quoted(name));
        }
        if let Some(media_type) = &section.media_type {
            let _ = write!(head, "\r\nContent-Type: {media_type}");
        }
        head.push_str("\r\n\r\n");
        pieces.push(Piece::Bytes(std::mem::take(&mut head).into()));
        pieces.push(match section.content {
            Source::Bytes(bytes) => Piece::Bytes(bytes),
            content => Piece::File(section.name, content),
        });
        head.push_str("\r\n");
    }
    let _ = write!(head, "--{boundary}--\r\n");
    pieces.push(Piece::Bytes(head.into()));
    Multipart {
        pieces: pieces.into(),
    }
}

#[cfg(test)]
mod tests;
