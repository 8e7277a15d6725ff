//! Which page comes next. Sends nothing, so that async and blocking clients page alike.

use std::collections::HashSet;

use super::{Cursor, Page};
use crate::Error;
use crate::error::Call;
use crate::rt::{FromResponse, Next, Paged, Unread};

/// As many empty pages in a row are followed before the list is given up.
const EMPTY_PAGES: u32 = 100;

/// How far a list has been read.
#[derive(Debug)]
pub(crate) struct Paging<O> {
    /// Asks for the page that comes next.
    operation: O,
    /// Where it begins; nothing on the first page.
    at: Option<Vec<String>>,
    /// Where pages began that have been read, and the one that comes next.
    seen: HashSet<Vec<String>>,
    empty: u32,
    ended: bool,
    /// The cursor to go on from is not one of this list.
    misplaced: Option<&'static str>,
    /// The last page could be read, but not where the next one begins.
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

    /// Goes on from here.
    pub(crate) fn resume(&mut self, cursor: &Cursor) {
        if cursor.operation() != O::INFO.name {
            self.misplaced = Some("is of the list of another operation");
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

    /// `false`: these are no values of the parameters.
    fn go_to(&mut self, at: Vec<String>) -> bool {
        let mut parts = self.operation.cursor().into_iter().zip(&at);
        let fits = parts.all(|(mut part, value)| part.set(Some(value)));
        drop(parts);
        self.at = Some(at);
        fits
    }

    /// Where the page begins that comes next.
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

    /// What asks for the next page; nothing after the last one.
    pub(crate) fn request(&self) -> Result<Option<O>, Error> {
        if let Some(reason) = self.misplaced {
            return Err(Error::invalid_request("cursor", reason).of(&Call::of::<O>()));
        }
        if let Some(reason) = &self.stuck {
            return Err(Error::pagination(reason.clone()).of(&Call::of::<O>()));
        }
        Ok((!self.ended).then(|| self.operation.clone()))
    }

    /// Takes the answer to it. Nothing: there is nothing on that page, ask again.
    ///
    /// After an error the same page comes next. Where a page can be read, but not where the next one begins, the error
    /// comes after the page.
    pub(crate) fn receive(&mut self, answer: O::Answer) -> Result<Option<Page<O::Item>>, Error> {
        let unread = answer.unread();
        let next = match (self.operation.next(&answer), unread_place::<O>(&unread)) {
            (_, Some(place)) => Err(format!("`{place}` could not be read")),
            (Next::End, None) => Ok(None),
            (Next::At(at), None) if self.seen.contains(&at) => {
                return Err(fault::<O>("a page leads back to one that was read before"));
            }
            (Next::At(at), None) => Ok(Some(at)),
            (Next::Incomplete, None) => {
                Err("a page does not fully say where the next one begins".to_owned())
            }
        };
        let (items, unread) = O::items(answer).into_parts();
        let is_empty = items.is_empty() && unread.is_empty();
        let cursor = match next {
            Err(reason) if is_empty => {
                return Err(Error::pagination(reason).of(&Call::of::<O>()));
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
                    return Err(fault::<O>("a page begins where the request can't say"));
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

/// What could not be read of the list itself, or of what says where the next page begins.
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
    Error::pagination(reason).of(&Call::of::<O>())
}
