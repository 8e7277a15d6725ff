//! Metadata, checked before anything is sent.
//!
//! Dintero stores your values with sessions, captures and refunds, and restricts their names. The types here enforce
//! the restrictions. Pass them to `.metadata(…)`:
//!
//! ```no_run
//! use dintero::payments::metadata::EventMetadata;
//! # use dintero::{Amount, payments::TransactionId};
//!
//! # async fn run(client: dintero::Client, id: TransactionId) -> Result<(), Box<dyn std::error::Error>> {
//! let metadata = EventMetadata::new([("ext_parcel", "1042-2")])?;
//! client.payments().capture_transaction(id).amount(Amount::minor(29_990)).metadata(metadata).send().await?;
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeMap;
use std::fmt;

use crate::payments::MetadataValue;

/// Reserved prefixes of names of a session's metadata.
const RESERVED: &[&str] = &[
    "dintero",
    "merchant",
    "session",
    "event",
    "payout",
    "gateway",
    "bambora",
    "collector",
    "instabank",
    "klarna",
    "kravia",
    "netaxept",
    "payex",
    "santander",
    "swish",
    "vipps",
];

/// Metadata of a capture or refund: texts of at most 256 characters. Names start with `ext_` and have at most 128
/// characters.
#[derive(Clone, PartialEq, Eq)]
pub struct EventMetadata(BTreeMap<String, String>);

impl EventMetadata {
    /// Returns metadata from names and values.
    ///
    /// # Errors
    /// A name without `ext_`, only `ext_`, more characters than allowed, or a duplicate name.
    pub fn new(
        pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Result<Self, MetadataError> {
        let mut map = BTreeMap::new();
        for (index, (name, value)) in pairs.into_iter().enumerate() {
            let (name, value): (String, String) = (name.into(), value.into());
            let fault = match name.strip_prefix("ext_") {
                None => Some("its name must start with `ext_`"),
                Some("") => Some("its name has no text after `ext_`"),
                Some(_) if name.chars().count() > 128 => {
                    Some("its name is longer than 128 characters")
                }
                Some(_) if value.chars().count() > 256 => {
                    Some("its value is longer than 256 characters")
                }
                Some(_) if map.contains_key(&name) => Some("its name is a duplicate"),
                Some(_) => None,
            };
            if let Some(fault) = fault {
                return Err(MetadataError::at(index, fault));
            }
            map.insert(name, value);
        }
        Ok(Self(map))
    }
}

impl IntoIterator for EventMetadata {
    type Item = (String, String);
    type IntoIter = std::collections::btree_map::IntoIter<String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for EventMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        names(f, "EventMetadata", self.0.keys())
    }
}

/// Metadata of a session: at most 10 texts or numbers. Names with a reserved prefix, such as `session` or `klarna`, are
/// rejected; Dintero recommends the prefix `ext_` for every name.
///
/// ```
/// use dintero::payments::metadata::SessionMetadata;
///
/// SessionMetadata::new([("ext_table", "7")])?;
/// let error = SessionMetadata::new([("session_table", "7")]).unwrap_err();
/// assert!(error.to_string().contains("`session`"));
/// # Ok::<(), dintero::payments::metadata::MetadataError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct SessionMetadata(BTreeMap<String, MetadataValue>);

impl SessionMetadata {
    /// Returns metadata from names and values. A value is a text (`String` or `&str`) or a [`Number`](crate::Number). The
    /// values are returned in `metadata.extra` of the transaction.
    ///
    /// # Errors
    /// More than 10 entries, an empty name, a reserved prefix, a duplicate name, or a number that JSON can't represent.
    pub fn new(
        pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<MetadataValue>)>,
    ) -> Result<Self, MetadataError> {
        let mut map = BTreeMap::new();
        for (index, (name, value)) in pairs.into_iter().enumerate() {
            let (name, value): (String, MetadataValue) = (name.into(), value.into());
            let lower = name.to_ascii_lowercase();
            let reserved = RESERVED.iter().find(|word| lower.starts_with(**word));
            let fault = match (&value, reserved) {
                _ if index >= 10 => "the maximum is 10 entries".to_owned(),
                _ if name.is_empty() => "its name is empty".to_owned(),
                (_, Some(word)) => {
                    format!("its name starts with the reserved `{word}`: add the prefix `ext_`")
                }
                (MetadataValue::Number(number), _) if !number.is_finite() => {
                    "its value is infinite or not a number".to_owned()
                }
                _ if map.contains_key(&name) => "its name is a duplicate".to_owned(),
                _ => {
                    map.insert(name, value);
                    continue;
                }
            };
            return Err(MetadataError::at(index, fault));
        }
        Ok(Self(map))
    }
}

impl IntoIterator for SessionMetadata {
    type Item = (String, MetadataValue);
    type IntoIter = std::collections::btree_map::IntoIter<String, MetadataValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for SessionMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        names(f, "SessionMetadata", self.0.keys())
    }
}

/// Hides values, which may be personal data.
fn names<'n>(
    f: &mut fmt::Formatter<'_>,
    of: &str,
    names: impl Iterator<Item = &'n String>,
) -> fmt::Result {
    write!(f, "{of}")?;
    f.debug_set().entries(names).finish()
}

/// The error for metadata that Dintero would reject. The message has the number of the entry, from 1, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataError(Box<str>);

impl MetadataError {
    fn at(index: usize, fault: impl fmt::Display) -> Self {
        Self(format!("invalid entry {} of the metadata: {fault}", index + 1).into())
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MetadataError {}
