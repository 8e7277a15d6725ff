//! Lists that come in pages.

mod cursor;
mod paging;
mod stream;

use std::fmt;

use crate::error::Call;
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
    /// The items that could be read. Empty only when none of the items of this page could be.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The items that could not be read, with their places on the page. [`Items`] gives each of them as an error.
    #[must_use]
    pub fn unread(&self) -> &[UnreadItem] {
        &self.unread
    }

    /// What is on it, to keep.
    #[must_use]
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Where the next page begins, to save and to hand to [`Pages::resume`] later; none when the server says that this
    /// was the last one.
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

/// Hides the items: they may hold personal data.
impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items.len())
            .field("unread", &self.unread.len())
            .field("is_last", &self.next.is_none())
            .finish_non_exhaustive()
    }
}

/// A list, page by page: [`try_next`](Self::try_next), or a [`Stream`](futures_core::Stream). Made by the method `pages`
/// of the builder of each operation that lists something.
///
/// Each page is a call of its own, with all that the client does for one: the token, and repetitions by its
/// [`RetryPolicy`] or by that of [`retry`](Self::retry). Pages without items are passed over.
///
/// **It ends.** A server that sends a list round in a circle, or many empty pages one after the other, is an error of
/// the kind [`Pagination`](crate::ErrorKind::Pagination). A page that leads back is not given, so that nothing comes
/// twice.
///
/// **It can go on.** After an error, [`try_next`](Self::try_next) asks for the same page again: nothing is lost and
/// nothing comes twice. A stream ends after its first error; `try_next` goes on with it all the same.
///
/// **It can be taken up later**, in another process too, from the [`Cursor`] of a page:
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
#[must_use = "nothing is read before it is asked for"]
pub struct Pages<C: Transport, O: Paged> {
    client: C,
    paging: Paging<O>,
    policy: Option<RetryPolicy>,
    /// A call under way, for carriers that give futures.
    pending: Option<C::Sent<O::Answer>>,
    /// As a stream or an iterator it has ended.
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

    /// Begins where the page that gave this cursor ended. The other settings of the list have to be the same as then.
    ///
    /// A cursor of another operation comes out as an error of the kind
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) instead of the first page.
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

    /// Where the page begins that is asked for next; none before the first page and after the last one.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.paging.cursor()
    }

    /// Sends for the next page; nothing when there is none.
    pub(crate) fn request(&self) -> Result<Option<C::Sent<O::Answer>>, Error> {
        let operation = self.paging.request()?;
        let policy = self.policy.clone();
        Ok(operation.map(|operation| self.client.dispatch_under(operation, policy)))
    }

    /// Takes the answer. Nothing: there is nothing on that page, ask for the next one.
    pub(crate) fn receive(&mut self, answer: O::Answer) -> Result<Option<Page<O::Item>>, Error> {
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

/// The items of a list, page after page: [`try_next`](Self::try_next), or a [`Stream`](futures_core::Stream). Made by the
/// method `items` of the builder of each operation that lists something.
///
/// All that is said of [`Pages`] holds. To save how far a list was read, read pages.
///
/// **One broken item blocks nothing.** An item that can't be read is an error of the kind
/// [`Unread`](crate::ErrorKind::Unread), once, in its place: [`Error::unread`] has its JSON. Ask on, and the next item comes.
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
#[must_use = "nothing is read before it is asked for"]
pub struct Items<C: Transport, O: Paged> {
    pub(crate) pages: Pages<C, O>,
    pub(crate) items: Entries<O::Item>,
}

/// What is on a page, in order.
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

    /// The next item, or the error of one that could not be read.
    pub(crate) fn next_of<O: Paged>(&mut self) -> Option<Result<T, Error>> {
        let here = self.index;
        let is_last = self.items.len() == 0;
        let unread = self.unread.next_if(|item| item.index() <= here || is_last);
        self.index += 1;
        if let Some(item) = unread {
            let place = Unread::of_item(O::PLACES.first().copied().unwrap_or_default(), item);
            return Some(Err(
                Error::not_as_documented(vec![place]).of(&Call::of::<O>())
            ));
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

    /// As [`Pages::resume`].
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
