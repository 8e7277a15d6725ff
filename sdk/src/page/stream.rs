//! Pages and items for asynchronous transports.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::{Entries, Items, Page, Pages};
use crate::Error;
use crate::rt::{Paged, Transport};

type Polled<T> = Poll<Option<Result<T, Error>>>;

/// Nothing is pinned in place: a call in progress can be moved.
impl<C: Transport, O: Paged> Unpin for Pages<C, O> {}
impl<C: Transport, O: Paged> Unpin for Items<C, O> {}

impl<C, O> Pages<C, O>
where
    C: Transport,
    O: Paged,
    C::Sent<O::Output>: Future<Output = Result<O::Output, Error>> + Unpin,
{
    /// Returns the next page; `None` after the last one.
    ///
    /// After an error, the next call requests the same page again. If the future is dropped, the next one continues the
    /// call.
    ///
    /// # Errors
    /// The errors of the operation, and the kind [`Pagination`](crate::ErrorKind::Pagination).
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        self.ended = false;
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Polled<Page<O::Item>> {
        loop {
            if self.pending.is_none() {
                self.pending = match self.request() {
                    Ok(Some(sent)) => Some(sent),
                    Ok(None) => return Poll::Ready(None),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                };
            }
            let Some(pending) = &mut self.pending else {
                continue;
            };
            let answer = ready!(Pin::new(pending).poll(context));
            self.pending = None;
            let page = answer.and_then(|answer| self.receive(answer));
            if let Some(page) = page.transpose() {
                return Poll::Ready(Some(page));
            }
        }
    }
}

impl<C, O> Stream for Pages<C, O>
where
    C: Transport,
    O: Paged,
    C::Sent<O::Output>: Future<Output = Result<O::Output, Error>> + Unpin,
{
    type Item = Result<Page<O::Item>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Polled<Page<O::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let page = ready!(self.poll_page(context));
        // Callers that skip errors would request the same page forever.
        self.ended = !matches!(page, Some(Ok(_)));
        Poll::Ready(page)
    }
}

impl<C, O> Items<C, O>
where
    C: Transport,
    O: Paged,
    C::Sent<O::Output>: Future<Output = Result<O::Output, Error>> + Unpin,
{
    /// Returns the next item; `None` after the last one.
    ///
    /// # Errors
    /// The errors of [`Pages::try_next`]. For each item that could not be read, one error of the kind
    /// [`Unread`](crate::ErrorKind::Unread); the next call returns the item after it.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error> {
        loop {
            if let Some(item) = self.items.next_of::<O>() {
                return item.map(Some);
            }
            match self.pages.try_next().await? {
                Some(page) => self.items = Entries::of(page),
                None => return Ok(None),
            }
        }
    }
}

impl<C, O> Stream for Items<C, O>
where
    C: Transport,
    O: Paged,
    C::Sent<O::Output>: Future<Output = Result<O::Output, Error>> + Unpin,
{
    type Item = Result<O::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Polled<O::Item> {
        loop {
            if let Some(item) = self.items.next_of::<O>() {
                return Poll::Ready(Some(item));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.items = Entries::of(page),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}
