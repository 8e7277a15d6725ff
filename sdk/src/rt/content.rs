//! Bodies of requests.

use std::fmt;

use bytes::Bytes;

#[cfg(feature = "multipart")]
use super::multipart::Multipart;
use crate::Error;

/// The body of a request.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// Bytes.
    Bytes(Bytes),
    /// Parts, some of which may be in files or streams.
    #[cfg(feature = "multipart")]
    Parts(Multipart),
}

impl Content {
    /// Returns the bytes, if they are in memory.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            #[cfg(feature = "multipart")]
            Self::Parts(_) => None,
        }
    }

    /// Returns whether it can be sent several times: a stream can't.
    pub(crate) fn is_repeatable(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            #[cfg(feature = "multipart")]
            Self::Parts(parts) => !parts.has_streams(),
        }
    }

    /// Checks that it can still be sent.
    ///
    /// # Errors
    /// A stream in it was sent before.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Bytes(_) => Ok(()),
            #[cfg(feature = "multipart")]
            Self::Parts(parts) => parts.check(),
        }
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

/// Shows only the size, because the content may be personal.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => f.debug_tuple("Bytes").field(&bytes.len()).finish(),
            #[cfg(feature = "multipart")]
            Self::Parts(parts) => parts.fmt(f),
        }
    }
}
