//! Where things are.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable when it runs this program; the built-in value serves whoever starts the binary itself.
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))
}

/// Reads a text file that need not be there.
pub(crate) fn read_if_there(path: &Path) -> Outcome<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}
