//! Files that are sent in multipart bodies.

use std::ffi::OsString;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Extra, Members, Parsed, Place, Read, Write, Writer};

/// A file in a multipart body (`multipart/form-data`): from memory, from a path, or from a stream.
///
/// Setters take anything that converts to it: bytes (`Vec<u8>`, `Bytes`) or a path (`PathBuf`, `&Path`).
///
/// | | sent | retried | stored |
/// |---|---|---|---|
/// | [`bytes`](Self::bytes) | as often as you want | like other requests | as base64 |
/// | [`path`](Self::path) | the content that the file has when it is sent, read piece by piece | like other requests | as its path |
/// | [`stream`](Self::stream) | once | never | an error |
///
/// Clones of a stream share it: after one was sent, sending another fails before anything is sent, with
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest). A path that can't be read is such an error, too.
/// The client's [`timeout`](crate::ClientBuilder::timeout) includes the time in which the body is sent.
///
/// ```
/// use dintero::File;
///
/// let invoice = File::bytes("%PDF-1.7").name("invoice.pdf").media_type("application/pdf");
/// let photo = File::path("photos/front.jpg").media_type("image/jpeg");
/// # let _ = (invoice, photo);
/// ```
#[derive(Clone)]
pub struct File {
    pub(super) source: Source,
    pub(super) name: Option<String>,
    pub(super) media_type: Option<String>,
    /// Unknown members of a stored file.
    extra: Extra,
}

/// Where the content is.
#[derive(Clone, PartialEq)]
pub(crate) enum Source {
    Bytes(Bytes),
    Path(StoredPath),
    Stream(Once),
}

/// A path that can be stored.
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct StoredPath(pub(crate) PathBuf);

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The content of a stream.
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// A stream, which is there once.
#[derive(Clone)]
pub(crate) struct Once {
    chunks: Arc<Mutex<Option<Chunks>>>,
    /// In bytes, if it is known.
    pub(crate) length: Option<u64>,
}

impl Once {
    /// Returns whether it was not taken yet.
    pub(crate) fn is_there(&self) -> bool {
        let chunks = self.chunks.lock();
        chunks.unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub(crate) fn take(&self) -> Option<Chunks> {
        let chunks = self.chunks.lock();
        chunks.unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Two streams are equal if one is a clone of the other.
impl PartialEq for Once {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.chunks, &other.chunks) && self.length == other.length
    }
}

impl Source {
    pub(super) fn hash(&self, state: &mut impl Hasher) {
        match self {
            Self::Bytes(bytes) => bytes.hash(state),
            Self::Path(path) => path.hash(state),
            Self::Stream(once) => Arc::as_ptr(&once.chunks).hash(state),
        }
    }
}

/// A stream whose items are converted.
struct Converted<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Converted<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = self.0.as_mut().poll_next(context);
        item.map(|item| item.map(|item| item.map(Into::into).map_err(Into::into)))
    }
}

impl File {
    fn new(source: Source) -> Self {
        Self {
            source,
            name: None,
            media_type: None,
            extra: Extra::NONE,
        }
    }

    /// Returns a file with this content.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self::new(Source::Bytes(content.into()))
    }

    /// Returns a file of the file system. It is opened when it is sent, and read piece by piece.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::new(Source::Path(StoredPath(path.into())))
    }

    /// Returns a file whose content is read from a stream while it is sent: once, and without retries. An error of the
    /// stream ends the request. Set its [`length`](Self::length) if the server does not support chunked requests.
    pub fn stream<S, B, E>(content: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let chunks: Chunks = Box::pin(Converted(Box::pin(content)));
        Self::new(Source::Stream(Once {
            chunks: Arc::new(Mutex::new(Some(chunks))),
            length: None,
        }))
    }

    /// Sets the file name that is sent. Default: the last part of the path, else the name of the field.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type that is sent, such as `image/png`. Default: the first one that the API documents for this
    /// file, else `application/octet-stream`.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Sets the length of a stream, in bytes: with it the request has a `Content-Length`. A stream of another length is
    /// an error while it is sent. Without effect on bytes and paths, whose length is known.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        if let Source::Stream(once) = &mut self.source {
            once.length = Some(bytes);
        }
        self
    }

    /// Returns the name to send.
    pub(super) fn sent_name(&self) -> Option<String> {
        match (&self.name, &self.source) {
            (Some(name), _) => Some(name.clone()),
            (None, Source::Path(path)) => {
                let name = path.0.file_name()?;
                Some(name.to_string_lossy().into_owned())
            }
            (None, _) => None,
        }
    }
}

impl From<Bytes> for File {
    fn from(content: Bytes) -> Self {
        Self::bytes(content)
    }
}

impl From<Vec<u8>> for File {
    fn from(content: Vec<u8>) -> Self {
        Self::bytes(content)
    }
}

impl From<PathBuf> for File {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&Path> for File {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

/// Bytes and paths are compared; a stream is equal to its clones only.
impl PartialEq for File {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
            && self.name == other.name
            && self.media_type == other.media_type
    }
}

/// Shows only where the content is, because content and name may be personal.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("File");
        match &self.source {
            Source::Bytes(bytes) => shown.field("bytes", &bytes.len()),
            Source::Path(_) => shown.field("path", &format_args!("…")),
            Source::Stream(_) => shown.field("stream", &format_args!("…")),
        };
        shown.finish_non_exhaustive()
    }
}

impl Write for File {
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        to.file(self);
    }
}

/// Writes the content, or the path, with name and media type. A stream is an error.
impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.source {
            Source::Bytes(bytes) => {
                map.serialize_entry("bytes", &crate::base64::encode(bytes))?;
            }
            Source::Path(StoredPath(path)) => match path.to_str() {
                Some(path) => map.serialize_entry("path", path)?,
                None => {
                    let what = "a path that is not Unicode can't be stored";
                    return Err(S::Error::custom(what));
                }
            },
            Source::Stream(_) => {
                let what = "a file from a stream can't be stored: use its bytes, or a path";
                return Err(S::Error::custom(what));
            }
        }
        for (name, value) in [("name", &self.name), ("media_type", &self.media_type)] {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::deserialize(deserializer)
    }
}

impl Read for File {
    fn blank() -> Self {
        Self::bytes(Bytes::new())
    }

    fn place(&mut self) -> Place<'_> {
        Place::Object(self)
    }
}

impl Members for File {
    fn member(&mut self, name: &str) -> Option<&mut dyn Read> {
        match name {
            "bytes" => self.source = Source::Bytes(Bytes::new()),
            "path" => self.source = Source::Path(StoredPath(PathBuf::new())),
            "name" => return Some(&mut self.name),
            "media_type" => return Some(&mut self.media_type),
            _ => return None,
        }
        match &mut self.source {
            Source::Bytes(bytes) => Some(bytes),
            Source::Path(path) => Some(path),
            Source::Stream(_) => None,
        }
    }

    fn extra(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

impl Read for StoredPath {
    fn blank() -> Self {
        Self(PathBuf::new())
    }

    fn place(&mut self) -> Place<'_> {
        Place::Parsed(self)
    }
}

impl Parsed for StoredPath {
    fn parse(&mut self, text: &str) -> bool {
        self.0 = PathBuf::from(OsString::from(text));
        true
    }
}
