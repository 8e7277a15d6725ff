//! Pages and items for code that is not async.

use crate::page::{Items, Page, Pages};
use crate::rt::Paged;
use crate::{Error, blocking::Client};

impl<O: Paged> Pages<Client, O> {
    /// The next page; none after the last one.
    ///
    /// After an error the next call asks for the same page again.
    ///
    /// # Errors
    /// Those of the operation, and the kind [`Pagination`](crate::ErrorKind::Pagination).
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

/// Ends after the first error; [`next_page`](Pages::next_page) goes on with the same page all the same.
impl<O: Paged> Iterator for Pages<Client, O> {
    type Item = Result<Page<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let page = self.next_page().transpose();
        // Callers that pass over errors would ask for the same page for ever.
        self.ended = !matches!(page, Some(Ok(_)));
        page
    }
}

impl<O: Paged> Items<Client, O> {
    /// The next item; none after the last one.
    ///
    /// # Errors
    /// As [`Pages::next_page`].
    pub fn next_item(&mut self) -> Result<Option<O::Item>, Error> {
        loop {
            if let Some(item) = self.items.next() {
                return Ok(Some(item));
            }
            match self.pages.next_page()? {
                Some(page) => self.items = page.into_iter(),
                None => return Ok(None),
            }
        }
    }
}

/// Ends after the first error; [`next_item`](Items::next_item) goes on all the same.
impl<O: Paged> Iterator for Items<Client, O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(item) = self.items.next() {
            return Some(Ok(item));
        }
        if self.pages.ended {
            return None;
        }
        let item = self.next_item().transpose();
        self.pages.ended = !matches!(item, Some(Ok(_)));
        item
    }
}
