//! Paths and files of the workspace.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable when it runs this program. A binary that is run directly works on the clone of the current
    // folder, not on the one it was built in.
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let by_cargo = xtask.as_deref().and_then(Path::parent);
    let root = by_cargo.filter(|folder| is_root(folder));
    let here = || std::env::current_dir().unwrap_or_default();
    root.map_or_else(|| above(&here()), Path::to_path_buf)
}

/// Returns the clone that contains a folder; outside of any, the folder itself.
fn above(folder: &Path) -> PathBuf {
    let root = folder.ancestors().find(|folder| is_root(folder));
    root.unwrap_or(folder).to_path_buf()
}

fn is_root(folder: &Path) -> bool {
    folder.join("spec/sdk.toml").is_file() && folder.join("xtask/Cargo.toml").is_file()
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))
}

/// Reads an optional text file.
pub(crate) fn read_if_there(path: &Path) -> Outcome<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}

/// Returns all files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let failure = |error: std::io::Error| Failure::file("list", &folder, &error);
        for entry in std::fs::read_dir(&folder).map_err(failure)? {
            let path = entry.map_err(failure)?.path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn a_binary_works_on_the_clone_it_is_started_in() {
        let folder = tempfile::tempdir().unwrap();
        let clone = folder.path().join("clone");
        for path in ["spec/sdk.toml", "xtask/Cargo.toml", "sdk/src/lib.rs"] {
            let path = clone.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        assert_eq!(above(&clone.join("sdk/src")), clone);
        assert_eq!(above(folder.path()), folder.path());
    }
}
