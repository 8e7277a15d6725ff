//! Settings of a sandbox.

use std::time::SystemTime;

/// Settings that hold as long as the sandbox runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// Determines all ids and secrets; random if it is not set.
    pub(crate) seed: Option<u64>,
    /// The time of a stopped clock.
    pub(crate) clock: Option<SystemTime>,
    /// Whether a response that its document does not allow is replaced by an error.
    pub(crate) checks_responses: bool,
    /// `http://127.0.0.1:8700`, once it listens.
    pub(crate) origin: String,
}
