//! Files that are whole or not there.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{MAX_BYTES, Stored, sha256};

/// The files of a document.
pub(crate) struct Files {
    folder: PathBuf,
    name: String,
}

impl Files {
    /// The name must be one of a file in the folder.
    pub(crate) fn new(folder: &Path, name: &str) -> Result<Self, String> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(format!(
                "`{name}` can't be the name of a file: use letters, digits, `-`, `_` and `.`"
            ));
        }
        Ok(Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
        })
    }

    pub(crate) fn document(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// The beginning of a document that is not complete.
    pub(crate) fn part(&self) -> PathBuf {
        self.folder.join(format!("{}.part", self.name))
    }

    fn facts(&self) -> PathBuf {
        self.folder.join(format!("{}.facts", self.name))
    }

    /// Returns the facts about the file if they are true and it is from this address.
    pub(crate) fn known(&self, address: &str) -> Option<Stored> {
        let facts = fs::read(self.facts()).ok()?;
        let stored: Stored = serde_json::from_slice(&facts).ok()?;
        if stored.address != address || stored.bytes > MAX_BYTES {
            return None;
        }
        // The facts are written after the file: a run in between may have been killed.
        let document = fs::read(self.document()).ok()?;
        (sha256(&document) == stored.sha256).then_some(stored)
    }

    /// Writes the file, then the facts about it, and removes the part.
    pub(crate) fn put(&self, bytes: &[u8], stored: &Stored) -> Result<(), String> {
        self.remove_abandoned();
        let facts = serde_json::to_vec_pretty(stored).map_err(|error| error.to_string())?;
        for (path, bytes) in [(self.document(), bytes), (self.facts(), &facts)] {
            replace(&path, bytes)
                .map_err(|error| format!("can't write {}: {error}", path.display()))?;
        }
        self.remove_part()
    }

    pub(crate) fn remove_part(&self) -> Result<(), String> {
        let path = self.part();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(format!("can't remove {}: {error}", path.display()))
            }
            _ => Ok(()),
        }
    }

    /// Removes temporary files of runs that were killed while they wrote.
    fn remove_abandoned(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_ours = (name.strip_prefix(&self.name))
                .is_some_and(|rest| rest.starts_with('.') && rest.ends_with(TEMPORARY));
            // A young one may be of a run at the same time.
            let is_old = (entry.metadata().and_then(|file| file.modified()).ok())
                .and_then(|time| time.elapsed().ok())
                .is_some_and(|age| age > ABANDONED);
            if is_ours && is_old {
                // If it can't be removed, it harms nothing.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// End of the names of temporary files.
const TEMPORARY: &str = ".new";
/// Age of a temporary file whose run must have ended.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Writes a file beside, synchronizes it, and renames it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    // Two runs at the same time have a file each.
    temporary.push(format!(".{}{TEMPORARY}", std::process::id()));
    let temporary = PathBuf::from(temporary);
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&temporary, path))?;
    // The new name is on the disk with its folder; only Unix can synchronize folders.
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
