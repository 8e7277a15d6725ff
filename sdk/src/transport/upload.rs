//! Bodies whose content is read while they are sent.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use crate::Error;
#[cfg(feature = "mock")]
use crate::ErrorKind;
use crate::rt::{Chunks, Multipart, Piece, Source, sent_before};

/// The size of a piece that is read from a file.
const CHUNK: usize = 64 << 10;

/// An opened multipart body.
pub(super) struct Upload {
    pieces: VecDeque<Open>,
    /// The bytes to come, if they are known.
    left: Option<u64>,
}

enum Open {
    Bytes(Bytes),
    /// A file, and the bytes to come: a file that grows while it is sent is cut off.
    File(String, File, Option<u64>),
    /// In a mutex, because a stream need not be `Sync`; it is never locked.
    Stream(String, Mutex<Chunks>, Option<u64>),
}

impl Upload {
    /// Opens all files, then takes the streams.
    ///
    /// # Errors
    /// A file can't be opened, or a stream was sent before.
    pub(super) async fn open(parts: &Multipart) -> Result<Self, Error> {
        let mut pieces = VecDeque::new();
        for piece in parts.pieces() {
            match piece {
                Piece::Bytes(bytes) if bytes.is_empty() => {}
                Piece::Bytes(bytes) => pieces.push_back((Open::Bytes(bytes.clone()), None)),
                Piece::File(name, Source::Path(path)) => {
                    let opened = open(&path.0).await.map_err(|error| {
                        let path = path.0.display();
                        Error::invalid_request(name, format!("can't read the file {path}: {error}"))
                    });
                    let (file, length) = opened?;
                    pieces.push_back((Open::File(name.clone(), file, length), None));
                }
                Piece::File(_, Source::Bytes(bytes)) => {
                    pieces.push_back((Open::Bytes(bytes.clone()), None));
                }
                Piece::File(name, Source::Stream(once)) => {
                    // A place for the stream.
                    pieces.push_back((Open::Bytes(Bytes::new()), Some((name, once))));
                }
            }
        }
        let mut upload = Self {
            pieces: VecDeque::with_capacity(pieces.len()),
            left: Some(0),
        };
        for (open, stream) in pieces {
            let open = match stream {
                None => open,
                Some((name, once)) => {
                    let chunks = once.take().ok_or_else(|| sent_before(name))?;
                    Open::Stream(name.clone(), Mutex::new(chunks), once.length)
                }
            };
            let length = match &open {
                Open::Bytes(bytes) => Some(bytes.len() as u64),
                Open::File(_, _, length) | Open::Stream(_, _, length) => *length,
            };
            upload.left = upload
                .left
                .zip(length)
                .map(|(sum, one)| sum.saturating_add(one));
            upload.pieces.push_back(open);
        }
        Ok(upload)
    }

    fn next(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            let Some(piece) = self.pieces.front_mut() else {
                return Poll::Ready(None);
            };
            let next = match piece {
                Open::Bytes(bytes) => Some(Ok(std::mem::take(bytes))).filter(is_some_bytes),
                Open::File(name, file, left) => ready!(read(name, file, left, context)),
                Open::Stream(name, chunks, left) => {
                    let chunks = chunks.get_mut().unwrap_or_else(PoisonError::into_inner);
                    let item = ready!(chunks.as_mut().poll_next(context));
                    let item = item.map(|item| item.map_err(io::Error::other));
                    counted(name, item, left)
                }
            };
            match next {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(Ok(bytes)) => {
                    let sent = bytes.len() as u64;
                    self.left = self.left.map(|left| left.saturating_sub(sent));
                    return Poll::Ready(Some(Ok(bytes)));
                }
                Some(Err(error)) => {
                    self.pieces.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                None => drop(self.pieces.pop_front()),
            }
        }
    }
}

fn is_some_bytes(bytes: &io::Result<Bytes>) -> bool {
    !matches!(bytes, Ok(bytes) if bytes.is_empty())
}

/// Opens a file. Returns its length, too, if it has one: a pipe has none.
async fn open(path: &std::path::Path) -> io::Result<(File, Option<u64>)> {
    let file = File::open(path).await?;
    let facts = file.metadata().await?;
    if facts.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a directory",
        ));
    }
    Ok((file, facts.is_file().then_some(facts.len())))
}

/// Reads the next piece of a file.
fn read(
    name: &str,
    file: &mut File,
    left: &mut Option<u64>,
    context: &mut Context<'_>,
) -> Poll<Option<io::Result<Bytes>>> {
    let most = left.map_or(CHUNK, |left| {
        CHUNK.min(usize::try_from(left).unwrap_or(CHUNK))
    });
    if most == 0 {
        return Poll::Ready(None);
    }
    let mut buffer = vec![0; most];
    let mut unfilled = ReadBuf::new(&mut buffer);
    let read = ready!(Pin::new(file).poll_read(context, &mut unfilled));
    let length = unfilled.filled().len();
    buffer.truncate(length);
    let item = match read {
        Ok(()) if length == 0 => None,
        Ok(()) => Some(Ok(buffer.into())),
        Err(error) => Some(Err(error)),
    };
    Poll::Ready(counted(name, item, left))
}

/// Checks the length of a file or stream.
fn counted(
    name: &str,
    item: Option<io::Result<Bytes>>,
    left: &mut Option<u64>,
) -> Option<io::Result<Bytes>> {
    let Some(rest) = left else {
        return item;
    };
    let wrong = |what: &str| {
        let what = format!("`{name}` is {what} than its length says");
        Some(Err(io::Error::new(io::ErrorKind::InvalidData, what)))
    };
    match &item {
        Some(Ok(bytes)) => match rest.checked_sub(bytes.len() as u64) {
            Some(after) => *rest = after,
            None => return wrong("longer"),
        },
        None if *rest > 0 => return wrong("shorter"),
        _ => {}
    }
    item
}

impl Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let next = self.next(context);
        next.map(|item| item.map(|item| item.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Returns the whole body, for a mock.
///
/// # Errors
/// A file can't be read, a stream fails or was sent before.
#[cfg(feature = "mock")]
pub(super) async fn collected(parts: &Multipart) -> Result<Bytes, Error> {
    let mut upload = Upload::open(parts).await?;
    let mut whole = Vec::new();
    while let Some(piece) = std::future::poll_fn(|context| upload.next(context)).await {
        let piece = piece.map_err(|error| Error::exchange(ErrorKind::Transport, true, None, error));
        whole.extend_from_slice(&piece?);
    }
    Ok(whole.into())
}
