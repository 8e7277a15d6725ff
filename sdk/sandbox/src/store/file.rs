//! The state file: one file of redb, written by a thread of its own. The changes of all requests in the
//! meantime are one transaction, so that they share its cost.

use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;

use redb::{Database, ReadableTable, TableDefinition};
use tokio::sync::oneshot;

use super::{Change, Store};
use crate::Error;

/// Rows of all tables, as `<table>\n<id>`: the position of eight bytes, then the JSON text.
const ROWS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("rows");

/// Changes of a request, and where to say that they are written.
type Written = (Vec<Change>, oneshot::Sender<Result<(), String>>);

/// An open state file.
pub(crate) struct File {
    database: Database,
}

impl File {
    pub(crate) fn open(path: &Path) -> Result<(Self, Store), Error> {
        let wrong = |error: &dyn std::fmt::Display| {
            Error::new(format!(
                "the state file {} can't be opened: {error}",
                path.display()
            ))
        };
        let database = Database::create(path).map_err(|error| wrong(&error))?;
        let mut rows = Vec::new();
        let read = database.begin_read().map_err(|error| wrong(&error))?;
        match read.open_table(ROWS) {
            Ok(table) => {
                for row in table.iter().map_err(|error| wrong(&error))? {
                    let (key, value) = row.map_err(|error| wrong(&error))?;
                    let (Some((table, id)), Some((position, text))) = (
                        key.value().split_once('\n'),
                        value.value().split_first_chunk(),
                    ) else {
                        return Err(wrong(&"it has a row that is not the sandbox's"));
                    };
                    let position = u64::from_be_bytes(*position);
                    rows.push((table.to_owned(), id.to_owned(), position, text.to_vec()));
                }
            }
            Err(redb::TableError::TableDoesNotExist(_)) => {}
            Err(error) => return Err(wrong(&error)),
        }
        Ok((Self { database }, Store::with_rows(rows)))
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
