//! A file that has its name only when it is complete.

use std::io;
use std::path::PathBuf;

use tokio::fs::{self, File, OpenOptions};

use crate::rt::new_key;

/// A file under another name, which goes away when it is dropped before it is finished.
pub(super) struct PartFile {
    // In this order, because some systems can't remove an open file.
    pub(super) file: File,
    part: Part,
    path: PathBuf,
}

/// The file to be removed, unless it has its name.
struct Part(Option<PathBuf>);

impl PartFile {
    /// In the folder of the file to be, so that giving it its name is one step of the file system.
    pub(super) async fn create(path: PathBuf) -> io::Result<Self> {
        if path.file_name().is_none() {
            let reason = "the path names no file";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let part = path.with_file_name(format!(".download-{}.part", new_key()));
        let mut options = OpenOptions::new();
        // Reports and settlements hold personal data.
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.write(true).create_new(true).open(&part).await?;
        Ok(Self {
            file,
            part: Part(Some(part)),
            path,
        })
    }

    /// Everything is there: on the disk, and under its name.
    pub(super) async fn finish(self) -> io::Result<()> {
        let Self {
            file,
            mut part,
            path,
        } = self;
        file.sync_all().await?;
        drop(file.into_std().await);
        if let Some(from) = &part.0 {
            fs::rename(from, path).await?;
        }
        part.0 = None;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // The error can't be reported in `drop`.
            let _ = std::fs::remove_file(path);
        }
    }
}
