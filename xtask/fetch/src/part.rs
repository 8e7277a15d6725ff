//! The beginning of a document that was not fetched to its end: a line in JSON that identifies it, then its bytes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::MAX_BYTES;

/// Bytes that are fetched once more and compared: a power failure may have left others than were written.
const OVERLAP: usize = 4096;

/// Identifies the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) address: String,
    /// A strong one: it identifies these bytes and no others.
    pub(crate) etag: String,
}

/// A part that can be continued.
pub(crate) struct Part {
    pub(crate) head: Head,
    pub(crate) bytes: Vec<u8>,
    /// Length of the line before the bytes.
    start: usize,
}

impl Part {
    /// Reads a part of this address; `None` if there is none that is worth continuing.
    pub(crate) fn read(path: &Path, address: &str) -> Option<Self> {
        let size = fs::metadata(path).ok()?.len();
        if size > MAX_BYTES + OVERLAP as u64 {
            return None;
        }
        let mut text = fs::read(path).ok()?;
        let start = text.iter().position(|byte| *byte == b'\n')? + 1;
        let bytes = text.split_off(start);
        let head: Head = serde_json::from_slice(&text).ok()?;
        let part = Self { head, bytes, start };
        (part.head.address == address && part.from() > 0).then_some(part)
    }

    /// The first byte to ask for.
    pub(crate) fn from(&self) -> usize {
        self.bytes.len().saturating_sub(OVERLAP)
    }

    /// Opens the file for what follows the bytes.
    pub(crate) fn open(&self, path: &Path) -> io::Result<File> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.seek(SeekFrom::Start((self.start + self.bytes.len()) as u64))?;
        Ok(file)
    }
}

/// Begins a new file.
pub(crate) fn begin(path: &Path, head: &Head) -> io::Result<File> {
    // A run at the same time may still write to the old one.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let mut line = serde_json::to_vec(head)?;
    line.push(b'\n');
    file.write_all(&line)?;
    Ok(file)
}
