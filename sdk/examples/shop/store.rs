//! The stored data of the shop: orders, handled deliveries and jobs. One JSON file instead of a database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use dintero::Amount;
use dintero::payments::{SessionId, Transaction};
use serde::{Deserialize, Serialize};

use crate::queue::Job;

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Data {
    /// By number, which Dintero knows as `merchant_reference`.
    pub(crate) orders: BTreeMap<String, Order>,
    /// Ids of deliveries that were handled: everything comes twice.
    pub(crate) handled: BTreeSet<String>,
    /// In the order in which they were asked for.
    pub(crate) jobs: Vec<Job>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) amount: Amount,
    pub(crate) channel: String,
    pub(crate) session: SessionId,
    /// As it was last read, with all that this version of the SDK does not know.
    pub(crate) transaction: Option<Transaction>,
}

impl Order {
    /// Two deliveries may be handled at once: what has fewer events was read earlier.
    pub(crate) fn keep(&mut self, read: Transaction) {
        let known = self.transaction.as_ref().map_or(0, |old| old.events.len());
        if read.events.len() >= known {
            self.transaction = Some(read);
        }
    }
}

/// The file belongs to one process.
pub(crate) struct Store {
    file: PathBuf,
    data: Mutex<Data>,
}

impl Store {
    pub(crate) fn open(file: impl Into<PathBuf>) -> io::Result<Self> {
        let file = file.into();
        let data = match fs::read(&file) {
            Ok(json) => serde_json::from_slice(&json)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Data::default(),
            Err(error) => return Err(error),
        };
        let data = Mutex::new(data);
        Ok(Self { file, data })
    }

    pub(crate) fn read(&self) -> MutexGuard<'_, Data> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A transaction: everything that `change` does is in the file when this returns, or nothing was changed.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Data) -> T) -> io::Result<T> {
        let mut data = self.read();
        let mut next = data.clone();
        let result = change(&mut next);
        write(&self.file, &serde_json::to_vec_pretty(&next)?)?;
        *data = next;
        Ok(result)
    }
}

/// A crash leaves the old file or the new one, never a part.
fn write(file: &Path, json: &[u8]) -> io::Result<()> {
    let next = file.with_extension("next");
    let mut written = File::create(&next)?;
    written.write_all(json)?;
    written.sync_all()?;
    fs::rename(&next, file)?;
    // The new name lasts only when the folder is on disk, too.
    #[cfg(unix)]
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
