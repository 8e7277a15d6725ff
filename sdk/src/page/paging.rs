//! Pagination without I/O, shared by the async and the blocking client.

use std::collections::HashSet;

use super::{Cursor, Page};
use crate::Error;
use crate::rt::{FromResponse, Next, Paged, Unread};

/// The maximum number of empty pages in a row.
const EMPTY_PAGES: u32 = 100;

/// The position in a list.
#[derive(Debug)]
pub(crate) struct Paging<O> {
    /// The operation that requests the next page.
    operation: O,
    /// The cursor of that page; `None` for the first page.
    at: Option<Vec<String>>,
    /// The cursors of the pages that have been read, and of the next one.
    seen: HashSet<Vec<String>>,
    empty: u32,
    ended: bool,
    /// The cursor to resume from is not one of this list.
    misplaced: Option<&'static str>,
    /// The last page could be read, but not the cursor of the next one.
    stuck: Option<String>,
}

impl<O: Paged> Paging<O> {
    pub(crate) fn new(mut operation: O) -> Self {
        let at: Option<Vec<String>> = operation.cursor().iter().map(|part| part.get()).collect();
        Self {
            operation,
            seen: at.iter().cloned().collect(),
            at,
            empty: 0,
            ended: false,
            misplaced: None,
            stuck: None,
        }
    }

    /// Resumes from this cursor.
    pub(crate) fn resume(&mut self, cursor: &Cursor) {
        if cursor.operation() != O::INFO.name {
            self.misplaced = Some("belongs to another operation");
            return;
        }
        let parts = self.operation.cursor();
        let values: Option<Vec<String>> = parts
            .iter()
            .map(|part| cursor.part(part.name).map(str::to_owned))
            .collect();
        drop(parts);
        let moved = values.is_some_and(|values| self.go_to(values));
        self.misplaced = (!moved).then_some("does not fit the operation");
        self.ended = false;
        self.stuck = None;
        self.empty = 0;
        self.seen = self.at.iter().cloned().collect();
    }

    /// Returns `false` if the parameters don't accept these values.
    fn go_to(&mut self, at: Vec<String>) -> bool {
        let mut parts = self.operation.cursor().into_iter().zip(&at);
        let fits = parts.all(|(mut part, value)| part.set(Some(value)));
        drop(parts);
        self.at = Some(at);
        fits
    }

    /// Returns the cursor of the next page.
    pub(crate) fn cursor(&self) -> Option<Cursor> {
        let at = self.at.as_ref().filter(|_| !self.ended)?;
        Some(self.cursor_at(at))
    }

    fn cursor_at(&self, at: &[String]) -> Cursor {
        let mut operation = self.operation.clone();
        let parts = operation.cursor().into_iter().zip(at);
        let parts = parts.map(|(part, value)| (part.name.to_owned(), value.clone()));
        Cursor::new(O::INFO.name, parts.collect())
    }

    /// Returns the operation for the next page; `None` after the last one.
    pub(crate) fn request(&self) -> Result<Option<O>, Error> {
        if let Some(reason) = self.misplaced {
            return Err(Error::invalid_request("cursor", reason).of(O::INFO));
        }
        if let Some(reason) = &self.stuck {
            return Err(Error::pagination(reason.clone()).of(O::INFO));
        }
        Ok((!self.ended).then(|| self.operation.clone()))
    }

    /// Takes the response. `None`: the page is empty, request the next one.
    ///
    /// After an error the same page is next. If a page can be read, but not the cursor of the next one, the error comes
    /// after the page.
    pub(crate) fn receive(&mut self, answer: O::Output) -> Result<Option<Page<O::Item>>, Error> {
        let unread = answer.unread();
        let next = match (self.operation.next(&answer), unread_place::<O>(&unread)) {
            (_, Some(place)) => Err(format!("`{place}` could not be read")),
            (Next::End, None) => Ok(None),
            (Next::At(at), None) if self.seen.contains(&at) => {
                return Err(fault::<O>("a page has the cursor of an earlier page"));
            }
            (Next::At(at), None) => Ok(Some(at)),
            (Next::Incomplete, None) => {
                Err("a page lacks a part of the cursor of the next one".to_owned())
            }
        };
        let (items, unread) = O::items(answer).into_parts();
        let is_empty = items.is_empty() && unread.is_empty();
        let cursor = match next {
            Err(reason) if is_empty => {
                return Err(Error::pagination(reason).of(O::INFO));
            }
            Err(reason) => {
                self.stuck = Some(reason);
                None
            }
            Ok(None) => {
                self.ended = true;
                None
            }
            Ok(Some(at)) => {
                let cursor = self.cursor_at(&at);
                let before = self.operation.clone();
                let was_at = self.at.clone();
                if !self.go_to(at.clone()) {
                    (self.operation, self.at) = (before, was_at);
                    return Err(fault::<O>(
                        "a page has a cursor that the request can't send",
                    ));
                }
                self.seen.insert(at);
                Some(cursor)
            }
        };
        if !is_empty {
            self.empty = 0;
            return Ok(Some(Page {
                items,
                unread,
                next: cursor,
            }));
        }
        self.empty += 1;
        if self.empty >= EMPTY_PAGES && !self.ended {
            self.empty = 0;
            return Err(fault::<O>("100 pages in a row are empty"));
        }
        Ok(None)
    }
}

/// Returns the unread place in the list itself, or in the cursor of the next page.
fn unread_place<O: Paged>(unread: &[Unread]) -> Option<&str> {
    let hides = |path: &str| {
        O::PLACES.iter().any(|place| {
            let place = format!("$.{place}");
            path == place
                || path
                    .strip_prefix(&place)
                    .is_some_and(|rest| rest.starts_with('.'))
                || place
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('.'))
        })
    };
    unread.iter().map(Unread::path).find(|path| hides(path))
}

fn fault<O: Paged>(reason: &'static str) -> Error {
    Error::pagination(reason).of(O::INFO)
}
