//! The records of the sandbox: in memory, as JSON, and the changes that a state file still needs.

mod file;

use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use file::{File, Journal};

/// A record, stored under an id.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// The name of the table.
    const TABLE: &'static str;
}

/// A change of one row.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    table: &'static str,
    id: String,
    /// The position in its table and the value; none: removed.
    row: Option<(u64, Box<[u8]>)>,
}

#[derive(Debug, Default)]
struct Table {
    /// In the order of insertion.
    rows: IndexMap<Box<str>, (u64, Box<[u8]>)>,
}

/// Every table.
#[derive(Debug, Default)]
pub(crate) struct Store {
    tables: IndexMap<&'static str, Table>,
    /// Rows of a state file that were not asked for yet.
    unread: IndexMap<String, Table>,
    position: u64,
    /// Since they were taken last; only with a state file.
    changes: Vec<Change>,
    keeps_changes: bool,
}

impl Store {
    /// A store that remembers its changes until they are taken.
    pub(crate) fn with_rows(rows: Vec<(String, String, u64, Vec<u8>)>) -> Self {
        let mut store = Self {
            keeps_changes: true,
            ..Self::default()
        };
        for (table, id, position, value) in rows {
            store.position = store.position.max(position);
            let table = store.unread.entry(table).or_default();
            table.rows.insert(id.into(), (position, value.into()));
        }
        for table in store.unread.values_mut() {
            table.rows.sort_by(|_, (a, _), _, (b, _)| a.cmp(b));
        }
        store
    }

    fn table<T: Record>(&mut self) -> &mut Table {
        let unread = &mut self.unread;
        (self.tables.entry(T::TABLE))
            .or_insert_with(|| unread.swap_remove(T::TABLE).unwrap_or_default())
    }

    fn known<T: Record>(&self) -> Option<&Table> {
        self.tables
            .get(T::TABLE)
            .or_else(|| self.unread.get(T::TABLE))
    }

    /// Returns the record with this id. One that can't be read was written by another version, and is ignored.
    pub(crate) fn get<T: Record>(&self, id: &str) -> Option<T> {
        let (_, value) = self.known::<T>()?.rows.get(id)?;
        serde_json::from_slice(value).ok()
    }

    pub(crate) fn contains<T: Record>(&self, id: &str) -> bool {
        self.known::<T>()
            .is_some_and(|table| table.rows.contains_key(id))
    }

    /// Adds or replaces a record. A replaced one keeps its position.
    pub(crate) fn put<T: Record>(&mut self, id: &str, record: &T) {
        // Own types and generated ones, which can always be written.
        let Ok(value) = serde_json::to_vec(record) else {
            return;
        };
        let next = self.position + 1;
        let table = self.table::<T>();
        let value = value.into_boxed_slice();
        let position = table.rows.get(id).map_or(next, |(position, _)| *position);
        table.rows.insert(id.into(), (position, value.clone()));
        self.position = self.position.max(position);
        self.change::<T>(id, Some((position, value)));
    }

    /// Removes a record; returns whether there was one.
    pub(crate) fn remove<T: Record>(&mut self, id: &str) -> bool {
        let is_known = self.table::<T>().rows.shift_remove(id).is_some();
        if is_known {
            self.change::<T>(id, None);
        }
        is_known
    }

    fn change<T: Record>(&mut self, id: &str, row: Option<(u64, Box<[u8]>)>) {
        if self.keeps_changes {
            self.changes.push(Change {
                table: T::TABLE,
                id: id.to_owned(),
                row,
            });
        }
    }

    /// Returns the records with their ids, in the order of insertion.
    pub(crate) fn iter<T: Record>(&self) -> impl DoubleEndedIterator<Item = (&str, T)> {
        let rows = self.known::<T>().map(|table| table.rows.iter());
        rows.into_iter()
            .flatten()
            .filter_map(|(id, (_, value))| Some((&**id, serde_json::from_slice(value).ok()?)))
    }

    /// Returns the records whose ids begin with this text, in the order of insertion. Others are not read.
    pub(crate) fn iter_below<T: Record>(
        &self,
        prefix: &str,
    ) -> impl DoubleEndedIterator<Item = (&str, T)> {
        let rows = self.known::<T>().map(|table| table.rows.iter());
        rows.into_iter()
            .flatten()
            .filter(move |(id, _)| id.starts_with(prefix))
            .filter_map(|(id, (_, value))| Some((&**id, serde_json::from_slice(value).ok()?)))
    }

    pub(crate) fn len<T: Record>(&self) -> usize {
        self.known::<T>().map_or(0, |table| table.rows.len())
    }

    /// Removes the oldest records beyond this number.
    pub(crate) fn keep_newest<T: Record>(&mut self, count: usize) {
        let surplus = self.len::<T>().saturating_sub(count);
        // Several at once, because removing from the front moves the others.
        if surplus < count / 4 + 1 {
            return;
        }
        let removed: Vec<_> = self.table::<T>().rows.drain(..surplus).collect();
        for (id, _) in removed {
            self.change::<T>(&id, None);
        }
    }

    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }
}
