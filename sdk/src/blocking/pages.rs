//! Pages and items for code that is not async.

use crate::page::{Entries, Items, Page, Pages};
use crate::rt::Paged;
use crate::{Error, blocking::Client};

impl<O: Paged> Pages<Client, O> {
    /// Returns the next page; `None` after the last one.
    ///
    /// After an error, the next call requests the same page again.
    ///
    /// # Errors
    /// The errors of the operation, and the kind [`Pagination`](crate::ErrorKind::Pagination).
    pub fn next_page(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        self.ended = false;
        while let Some(sent) = self.request()? {
            if let Some(page) = self.receive(sent?)? {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }
}

/// Ends after the first error. [`next_page`](Pages::next_page) can still continue with the same page.
impl<O: Paged> Iterator for Pages<Client, O> {
    type Item = Result<Page<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let page = self.next_page().transpose();
        // Callers that skip errors would request the same page forever.
        self.ended = !matches!(page, Some(Ok(_)));
        page
    }
}

impl<O: Paged> Items<Client, O> {
    /// Returns the next item; `None` after the last one.
    ///
    /// # Errors
    /// The errors of [`Pages::next_page`]. For each item that could not be read, one error of the kind
    /// [`Unread`](crate::ErrorKind::Unread); the next call returns the item after it.
    pub fn next_item(&mut self) -> Result<Option<O::Item>, Error> {
        loop {
            if let Some(item) = self.items.next_of::<O>() {
                return item.map(Some);
            }
            match self.pages.next_page()? {
                Some(page) => self.items = Entries::of(page),
                None => return Ok(None),
            }
        }
    }
}

/// Ends after the first error of a page. [`next_item`](Items::next_item) can still continue. After an item that could
/// not be read, the iterator continues with the next one.
impl<O: Paged> Iterator for Items<Client, O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.next_of::<O>() {
                return Some(item);
            }
            match self.pages.next()? {
                Ok(page) => self.items = Entries::of(page),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
