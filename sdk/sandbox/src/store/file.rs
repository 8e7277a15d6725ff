//! The state file: one file of redb, written by a thread of its own. The changes of all requests in the
//! meantime are one transaction, so that they share its cost.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use redb::{Database, DatabaseError, ReadableTable, TableDefinition};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::{Change, Record, Store};
use crate::Error;

/// Rows of all tables, as `<table>\n<id>`: the position of eight bytes, then the JSON text.
const ROWS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("rows");

/// How often a file is tried that is in use.
const MAX_ATTEMPTS: u32 = 40;
const BETWEEN: Duration = Duration::from_millis(50);

/// The form of the records. Another version of the sandbox that reads or writes them differently has another number.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Format(u32);

const FORMAT: Format = Format(1);

impl Record for Format {
    const TABLE: &'static str = "format";
}

/// Changes of a request, and where to say that they are written.
type Written = (Vec<Change>, oneshot::Sender<Result<(), String>>);

/// An open state file.
pub(crate) struct File {
    database: Database,
}

impl File {
    /// Opens a file, or creates it. It waits a moment for a sandbox that is just ending.
    pub(crate) async fn open(path: &Path) -> Result<(Self, Store), Error> {
        let mut attempts = 0;
        let opened = loop {
            // The database panics at some damaged files.
            let opened = catch_unwind(AssertUnwindSafe(|| read(path)));
            match opened.unwrap_or_else(|_| Err(Unusable::Wrong("it is damaged".to_owned()))) {
                Err(Unusable::InUse) if attempts < MAX_ATTEMPTS => {
                    attempts += 1;
                    tokio::time::sleep(BETWEEN).await;
                }
                opened => break opened,
            }
        };
        let why = match opened {
            Ok(opened) => return Ok(opened),
            Err(Unusable::InUse) => "another sandbox uses it".to_owned(),
            Err(Unusable::Wrong(why)) => why,
        };
        Err(Error::new(format!(
            "the state file {} can't be opened: {why}",
            path.display()
        )))
    }

    fn write(&self, changes: impl Iterator<Item = Change>) -> Result<(), Box<redb::Error>> {
        self.written(changes).map_err(Box::new)
    }

    #[allow(clippy::result_large_err, reason = "it is boxed by the caller")]
    fn written(&self, changes: impl Iterator<Item = Change>) -> Result<(), redb::Error> {
        let write = self.database.begin_write()?;
        {
            let mut table = write.open_table(ROWS)?;
            for change in changes {
                let key = format!("{}\n{}", change.table, change.id);
                match change.row {
                    Some((position, text)) => {
                        let value = [&position.to_be_bytes()[..], &text].concat();
                        table.insert(&*key, &*value)?;
                    }
                    None => drop(table.remove(&*key)?),
                }
            }
        }
        write.commit()?;
        Ok(())
    }
}

/// Why a file can't be used.
enum Unusable {
    InUse,
    Wrong(String),
}

impl<E: std::fmt::Display> From<E> for Unusable {
    fn from(error: E) -> Self {
        Self::Wrong(error.to_string())
    }
}

fn read(path: &Path) -> Result<(File, Store), Unusable> {
    let database = match Database::create(path) {
        Err(DatabaseError::DatabaseAlreadyOpen) => return Err(Unusable::InUse),
        database => database?,
    };
    let mut rows = Vec::new();
    match database.begin_read()?.open_table(ROWS) {
        Ok(table) => {
            for row in table.iter()? {
                let (key, value) = row?;
                let (Some((table, id)), Some((position, text))) = (
                    key.value().split_once('\n'),
                    value.value().split_first_chunk(),
                ) else {
                    return Err("it has a row that is not the sandbox's".into());
                };
                if let Err(error) = serde_json::from_slice::<IgnoredAny>(text) {
                    return Err(format!("the record {id} of {table}: {error}").into());
                }
                let position = u64::from_be_bytes(*position);
                rows.push((table.to_owned(), id.to_owned(), position, text.to_vec()));
            }
        }
        Err(redb::TableError::TableDoesNotExist(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let is_new = rows.is_empty();
    let mut store = Store::with_rows(rows);
    if is_new {
        store.put("format", &FORMAT);
    }
    if store.get::<Format>("format") != Some(FORMAT) {
        let why = "another version of the sandbox wrote it; use that version, or another file";
        return Err(why.into());
    }
    Ok((File { database }, store))
}

/// Writes changes to a state file, in their order. Dropping it waits for the last ones.
pub(crate) struct Journal {
    sender: Option<mpsc::Sender<Written>>,
    thread: Option<JoinHandle<()>>,
}

impl Journal {
    pub(crate) fn start(file: File) -> Result<Self, Error> {
        let (sender, receiver) = mpsc::channel::<Written>();
        let thread = std::thread::Builder::new()
            .name("dintero-sandbox-state".to_owned())
            .spawn(move || {
                while let Ok(first) = receiver.recv() {
                    let group: Vec<Written> =
                        std::iter::once(first).chain(receiver.try_iter()).collect();
                    let (changes, waiting): (Vec<_>, Vec<_>) = group.into_iter().unzip();
                    let result = file.write(changes.into_iter().flatten());
                    let result = result.map_err(|error| error.to_string());
                    for waiting in waiting {
                        // The request may be gone.
                        let _ = waiting.send(result.clone());
                    }
                }
            });
        let thread =
            thread.map_err(|error| Error::new(format!("no thread could be started: {error}")))?;
        Ok(Self {
            sender: Some(sender),
            thread: Some(thread),
        })
    }

    /// Hands changes over. They must be in order, so this is called while the state is locked; the result is awaited
    /// after that.
    pub(crate) fn write(
        &self,
        changes: Vec<Change>,
    ) -> Option<oneshot::Receiver<Result<(), String>>> {
        if changes.is_empty() {
            return None;
        }
        let (done, waiting) = oneshot::channel();
        self.sender.as_ref()?.send((changes, done)).ok()?;
        Some(waiting)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
