use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use futures_util::StreamExt;

use super::{Index, Keyed};
use crate::Result;

/// An item with its matching rows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Joined<T, R> {
    /// The item of the stream.
    pub item: T,
    /// The rows, in their order. A row with only a participant id matches each submission of that
    /// participant.
    pub rows: Vec<Arc<R>>,
}

/// A stream joined with the rows of an [`Index`]. Returned by [`Index::join`].
///
/// Holds the rows in memory, and nothing of the stream.
pub struct Join<S, R> {
    items: S,
    index: Index<R>,
}

impl<S, R> Join<S, R> {
    pub(super) fn new(items: S, index: Index<R>) -> Self {
        Self { items, index }
    }

    /// The rows that have matched no item so far. At the end of the stream, those without a match.
    pub fn unmatched(&self) -> impl Iterator<Item = &R> {
        let rows = self.index.rows.iter().zip(&self.index.is_matched);
        rows.filter(|(_, is_matched)| !**is_matched).map(|(row, _)| &**row)
    }
}

impl<T: Keyed, R: Keyed, S: Stream<Item = Result<T>> + Unpin> Join<S, R> {
    /// Returns the next item with its rows, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Joined<T, R>>> {
        StreamExt::next(self).await
    }
}

impl<T: Keyed, R: Keyed, S: Stream<Item = Result<T>> + Unpin> Stream for Join<S, R> {
    type Item = Result<Joined<T, R>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(Pin::new(&mut self.items).poll_next(context));
        let index = &mut self.index;
        Poll::Ready(item.map(|item| {
            item.map(|item| {
                let rows = index.take(&item);
                Joined { item, rows }
            })
        }))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<S, R> Unpin for Join<S, R> {}

impl<S, R> fmt::Debug for Join<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Join").field("index", &self.index).finish_non_exhaustive()
    }
}
