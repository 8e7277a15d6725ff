//! Paginated lists.

mod cursor;
mod paging;
mod stream;

use std::fmt;

use crate::rt::{Paged, Transport, Unread, UnreadItem};
use crate::{Error, RetryPolicy};
pub use cursor::{Cursor, InvalidCursor};
use paging::Paging;

/// One page of a list.
#[derive(Clone)]
pub struct Page<T> {
    items: Vec<T>,
    unread: Vec<UnreadItem>,
    next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The items that could be read. Empty only if none of the items of this page could be read.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Returns the items that could not be read, with their positions on the page. [`Items`] returns each of them as an
    /// error.
    #[must_use]
    pub fn unread(&self) -> &[UnreadItem] {
        &self.unread
    }

    /// Returns the items, by value.
    #[must_use]
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Returns the cursor of the next page, to save and to pass to [`Pages::resume`] later; `None` if this was the last
    /// page.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.next.as_ref()
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

/// Hides the items, because they may contain personal data.
impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items.len())
            .field("unread", &self.unread.len())
            .field("is_last", &self.next.is_none())
            .finish_non_exhaustive()
    }
}

/// The pages of a list: call [`try_next`](Self::try_next), or use it as a [`Stream`](futures_core::Stream). Returned by
/// the method `pages` of the builder of each list operation.
///
/// Each page is a separate call, with its own token check and retries by the client's [`RetryPolicy`] or by that of
/// [`retry`](Self::retry). Empty pages are skipped.
///
/// **It ends.** A server that repeats pages, or sends many empty pages in a row, is an error of the kind
/// [`Pagination`](crate::ErrorKind::Pagination). A repeated page is not returned, so no item comes twice.
///
/// **It can continue.** After an error, [`try_next`](Self::try_next) requests the same page again: no item is lost and
/// none comes twice. A stream ends after its first error; `try_next` can still continue.
///
/// **It can be resumed**, also in another process, from the [`Cursor`] of a page:
///
#[cfg_attr(feature = "payments", doc = "```no_run")]
#[cfg_attr(not(feature = "payments"), doc = "```ignore")]
/// # async fn run(client: dintero::Client, saved: Option<String>) -> Result<(), Box<dyn std::error::Error>> {
/// let mut pages = client.payments().list_transactions().limit(100).pages();
/// if let Some(saved) = saved {
///     pages = pages.resume(&saved.parse()?);
/// }
/// while let Some(page) = pages.try_next().await? {
///     let saved = page.cursor().map(ToString::to_string);
///     for transaction in page {
///         // …
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "call `.try_next()`, or poll the stream"]
pub struct Pages<C: Transport, O: Paged> {
    client: C,
    paging: Paging<O>,
    policy: Option<RetryPolicy>,
    /// The call in progress, for asynchronous transports.
    pending: Option<C::Sent<O::Output>>,
    /// Whether the stream or iterator has ended.
    pub(crate) ended: bool,
}

impl<C: Transport, O: Paged> Pages<C, O> {
    pub(crate) fn new(client: C, operation: O) -> Self {
        Self {
            client,
            paging: Paging::new(operation),
            policy: None,
            pending: None,
            ended: false,
        }
    }

    /// Starts after the page of this cursor. The other parameters of the list must be the same as for that page.
    ///
    /// With a cursor of another operation, the first page is an error of the kind
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
    pub fn resume(mut self, cursor: &Cursor) -> Self {
        self.paging.resume(cursor);
        self.pending = None;
        self
    }

    /// Another policy than the client's, for every page.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Returns the cursor of the next request; `None` before the first page and after the last one.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.paging.cursor()
    }

    /// Requests the next page; `None` if there is none.
    pub(crate) fn request(&self) -> Result<Option<C::Sent<O::Output>>, Error> {
        let operation = self.paging.request()?;
        let policy = self.policy.clone();
        Ok(operation.map(|operation| self.client.dispatch_under(operation, policy)))
    }

    /// Takes the response. `None`: the page is empty, request the next one.
    pub(crate) fn receive(&mut self, answer: O::Output) -> Result<Option<Page<O::Item>>, Error> {
        self.paging.receive(answer)
    }
}

impl<C: Transport, O: Paged> fmt::Debug for Pages<C, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &O::INFO.name)
            .finish_non_exhaustive()
    }
}

/// The items of a list across all pages: call [`try_next`](Self::try_next), or use it as a
/// [`Stream`](futures_core::Stream). Returned by the method `items` of the builder of each list operation.
///
/// Everything about [`Pages`] applies. To save a position in a list, read pages.
///
/// **An invalid item does not stop it.** An item that can't be read is returned once, at its position, as an error of
/// the kind [`Unread`](crate::ErrorKind::Unread): [`Error::unread`] has its JSON. The next call returns the next item.
///
#[cfg_attr(feature = "payments", doc = "```no_run")]
#[cfg_attr(not(feature = "payments"), doc = "```ignore")]
/// # async fn run(client: dintero::Client) -> Result<(), dintero::Error> {
/// let mut transactions = client.payments().list_transactions().items();
/// while let Some(transaction) = transactions.try_next().await? {
///     // …
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "call `.try_next()`, or poll the stream"]
pub struct Items<C: Transport, O: Paged> {
    pub(crate) pages: Pages<C, O>,
    pub(crate) items: Entries<O::Item>,
}

/// The items of a page, in order.
pub(crate) struct Entries<T> {
    items: std::vec::IntoIter<T>,
    unread: std::iter::Peekable<std::vec::IntoIter<UnreadItem>>,
    index: usize,
}

impl<T> Entries<T> {
    pub(crate) fn of(page: Page<T>) -> Self {
        Self {
            items: page.items.into_iter(),
            unread: page.unread.into_iter().peekable(),
            index: 0,
        }
    }

    fn none() -> Self {
        Self {
            items: Vec::new().into_iter(),
            unread: Vec::new().into_iter().peekable(),
            index: 0,
        }
    }

    /// Returns the next item, or the error of one that could not be read.
    pub(crate) fn next_of<O: Paged>(&mut self) -> Option<Result<T, Error>> {
        let here = self.index;
        let is_last = self.items.len() == 0;
        let unread = self.unread.next_if(|item| item.index() <= here || is_last);
        self.index += 1;
        if let Some(item) = unread {
            let place = Unread::of_item(O::PLACES.first().copied().unwrap_or_default(), item);
            return Some(Err(Error::not_as_documented(vec![place]).of(O::INFO)));
        }
        self.items.next().map(Ok)
    }
}

impl<C: Transport, O: Paged> Items<C, O> {
    /// For generated builders.
    #[doc(hidden)]
    pub fn new(pages: Pages<C, O>) -> Self {
        Self {
            pages,
            items: Entries::none(),
        }
    }

    /// See [`Pages::resume`].
    pub fn resume(self, cursor: &Cursor) -> Self {
        Self::new(self.pages.resume(cursor))
    }

    /// Another policy than the client's, for every page.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.pages = self.pages.retry(policy);
        self
    }
}

impl<C: Transport, O: Paged> fmt::Debug for Items<C, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &O::INFO.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
