//! Paged lists as streams.
//!
//! A method that lists returns [`Pages`], a [`Stream`] of the items. Nothing is sent before it is
//! first polled, and dropping it ends it.
//!
//! ```
//! use futures_util::TryStreamExt;
//!
//! # prolific_api_ext::simulator::example(async |simulator, prolific| {
//! let mut workspaces = prolific.workspaces().list();
//! while let Some(workspace) = workspaces.try_next().await? {
//!     println!("{} {:?}", workspace.id, workspace.title);
//! }
//! # Ok(())
//! # });
//! ```
//!
//! **Completeness.** A list ends without an error only if it agrees with the server: it has at
//! least as many rows as the last page counts (`meta.count`), or, without a count, no page promises
//! another (`_links.next`, `next`). Otherwise its last item is an
//! [`Incomplete`](crate::ErrorKind::Incomplete) error with the number of rows received and
//! expected. A list that grows while it is read is complete. The same holds for lists that are not
//! paged; they are read page by page if the server says that there is a next page. From a link to
//! the next page, only the paging parameters are used: `cursor`, `offset`, `page`, `limit` and
//! `page_size`. The request always goes to the configured server, whatever the link points to.
//!
//! **Lists that change while they are read.** Rows are identified by their ids over the whole list,
//! and each is returned once. Pages by `offset` overlap by a row: if that row has moved, earlier
//! rows were deleted, and what may have been skipped is read again. Pages by number are read again
//! if the count fell. If rows are still missing, the list is read again from the beginning, up to
//! two times. Rows without an id are compared as a whole, and only where pages overlap. At most
//! 1,000,000 rows are tracked; a longer list stops there with
//! [`Incomplete`](crate::ErrorKind::Incomplete), and can be resumed from its position. Not
//! detected: one row inserted and another deleted between two pages by number, which leaves the
//! count unchanged, and any change of a list with neither count nor offset.
//!
//! **Positions.** [`position`](Pages::position) is the place after the last item, and
//! [`resume_from`](Pages::resume_from) resumes there, in another process as well. An error that
//! ends a list [has a position too](crate::Error::position). On resuming, the last row before the
//! position is looked up: if it is gone, or fewer rows came than the server counts, the list is read
//! from its beginning, so that rows may come twice, but none is lost.
//!
//! **Errors.** A call that fails after its retries is the last item. A row that can't be decoded or
//! lacks its id becomes an [`UnreadableRow`](crate::ErrorKind::UnreadableRow) error in its place,
//! with the JSON of the row as its [body](crate::Error::body), and the stream continues after it.
//! More than 1,000 of them end the list.
//!
//! **Bounds.** A page may be as large as
//! [`list_body_limit`](crate::ProlificBuilder::list_body_limit), and has at most 100,000 rows. A
//! page of more than 256 KiB is parsed on another thread, within the call's deadline.
//!
//! **Page ahead.** While you process the items of a page, the next page is being requested; the
//! request makes progress whenever the stream is polled. At most one page is requested ahead. You
//! can take your time for an item: time in which nobody polls the stream is not counted, and a page
//! that failed ahead is requested again when it is needed; only then does its failure count. Under
//! a request-rate limit, a page is requested ahead only while no other call waits for its turn.
//! [`page_ahead`](Pages::page_ahead) turns this off.

mod body;
mod by_page;
mod course;
mod list;
mod listed;
mod position;
mod query;
mod request;
mod row;
mod seen;
#[cfg(test)]
mod tests;
mod told;

pub use by_page::{ByPage, Page};
pub use position::Position;

pub(crate) use list::{Answer, List};
pub(crate) use listed::{listed, sized};
pub(crate) use query::Query;
pub(crate) use request::{PageRequest, Paging};

use by_page::{Given, PageHead, Place};
use course::Course;

use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::{Stream, stream::FusedStream};
use futures_util::StreamExt;

use crate::{Prolific, Result};

// The methods that give pages are `#[inline]`, those that give waits and transfers too: what they
// instantiate is then compiled where one is used, not all of it for everybody. It was half of what
// the compiler made of this crate.

/// The items of a list, a [`Stream`]. Use [`next`](Self::next) in a loop,
/// [`collect_all`](Self::collect_all) for short lists, and [`by_page`](Self::by_page) to process
/// whole pages. See the [module](self) for completeness and errors.
///
/// Returns `None` when polled after its end. `F` is the type of the list's filters, which are
/// methods on the lists that have them.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T, F = NoFilters> {
    pages: ByPage<T>,
    items: vec::IntoIter<Given<T>>,
    current: Option<PageHead>,
    /// The last returned item, and its index in its page.
    last: Option<(Place, u64)>,
    filters: PhantomData<fn(F)>,
}

/// Of a list without filters.
#[derive(Debug)]
#[non_exhaustive]
pub struct NoFilters {}

impl<T: Send + 'static, F> Pages<T, F> {
    /// The list whose pages `call` fetches; `read` converts a row into an item.
    pub(crate) fn new<L, C, A>(
        prolific: &Prolific,
        operation: &'static str,
        paging: Paging,
        call: C,
        read: fn(L::Row) -> Result<T>,
    ) -> Self
    where
        L: List,
        C: Fn(Prolific, PageRequest) -> A + Send + Sync + 'static,
        A: Future<Output = Answer<L>> + Send + 'static,
    {
        let clients = list::Clients::new(prolific);
        let prolific = prolific.clone();
        let policy = prolific.clone();
        let fetch = move |request: PageRequest, when, query: &Query| -> by_page::Fetching<T> {
            let client = clients.of(when, query, &request);
            let answer = call(client, request);
            let (policy, reader) = (policy.clone(), row::Reader::<L, T> { operation, read });
            Box::pin(async move { list::page(reader, answer.await, policy.policy()).await })
        };
        // A page ahead does not queue for a turn under a request-rate limit, since it may never be
        // polled.
        let ahead = prolific.policy().page_ahead;
        let has_turn = Box::new(move || prolific.policy().has_turn());
        let course = Course::new(operation, paging);
        Self::of(ByPage::new(course, Box::new(fetch), ahead, has_turn))
    }

    fn of(pages: ByPage<T>) -> Self {
        let (items, filters) = (Vec::new().into_iter(), PhantomData);
        Self { pages, items, current: None, last: None, filters }
    }

    /// Adds or replaces a filter.
    pub(crate) fn with_query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.pages.query().set(name, value.into());
        self
    }

    /// Sets whether the next page is requested while the items of a page are processed. Default:
    /// that of the [client](crate::ProlificBuilder::page_ahead).
    pub fn page_ahead(mut self, page_ahead: bool) -> Self {
        self.pages.set_page_ahead(page_ahead);
        self
    }

    /// Sets the page size; the server may return fewer items. Default: 200 for pages by offset,
    /// like the official command line, and otherwise up to the server.
    ///
    /// If the operation does not accept the size, the stream's only item is an
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) error: 0, more than the documented maximum,
    /// or any size for an operation without a page size.
    pub fn page_size(mut self, items: u32) -> Self {
        self.pages.set_size(items);
        self
    }

    /// Resumes from a position of the same list, with the same filters, instead of starting at its
    /// first row. See [the module](self) for what happens if the list has changed since.
    ///
    /// For a position of another operation, the stream's only item is an
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) error.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(prolific: prolific_api_ext::Prolific, id: prolific_api_ext::StudyId)
    /// # -> prolific_api_ext::Result<()> {
    /// let mut submissions = prolific.submissions().list(&id);
    /// while let Some(submission) = submissions.next().await {
    ///     match submission {
    ///         Ok(submission) => println!("{:?}", submission.id),
    ///         // The connection broke: resume from there.
    ///         Err(error) => match error.position() {
    ///             Some(position) if error.is_transient() => {
    ///                 submissions = prolific.submissions().list(&id).resume_from(position.clone());
    ///             }
    ///             _ => return Err(error),
    ///         },
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume_from(mut self, position: Position) -> Self {
        self.pages.set_from(position);
        self
    }

    /// Returns the position after the last returned item, for [`resume_from`](Self::resume_from).
    pub fn position(&self) -> Position {
        match (&self.current, self.last) {
            (Some(head), Some((place, nth))) => self.pages.place(head, place, nth),
            _ => self.pages.position(),
        }
    }

    /// Returns a [`Stream`] of pages, with the server's count.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let mut pages = prolific.workspaces().list().page_size(50).by_page();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{} of {:?}", page.items.len(), page.total);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn by_page(self) -> ByPage<T> {
        self.pages
    }

    /// Collects the whole list: all of its items, or the first error of a call, an unreadable row,
    /// or an incomplete list.
    ///
    /// # Errors
    ///
    /// Returns an error if the list can't be read to its end, or a row can't be decoded; see [the
    /// module](self).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let workspaces = prolific.workspaces().list().collect_all().await?;
    /// # Ok(())
    /// # });
    /// ```
    pub async fn collect_all(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }

    /// Returns the next item, or `None` at the end, without importing a stream trait. Cancel safe:
    /// dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<T>> {
        StreamExt::next(self).await
    }
}

impl<T: Send + 'static, F> Stream for Pages<T, F> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(Given { item, place }) = this.items.next() {
                this.pages.go_ahead(context);
                let nth = this.last.map_or(0, |(_, nth)| nth) + 1;
                this.last = Some((place, nth));
                return Poll::Ready(Some(item.map_err(|error| this.placed(error))));
            }
            match ready!(this.pages.poll_items(context)) {
                Some(Ok(new)) => {
                    if new.items.is_empty() {
                        continue;
                    }
                    this.items = new.items.into_iter();
                    (this.current, this.last) = (Some(new.head), None);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(this.placed(error)))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T: Send + 'static, F> Pages<T, F> {
    fn placed(&self, error: crate::Error) -> crate::Error {
        self.pages.placed(error, self.position())
    }
}

/// Nothing in it is ever pinned.
impl<T, F> Unpin for Pages<T, F> {}

impl<T: Send + 'static, F> FusedStream for Pages<T, F> {
    fn is_terminated(&self) -> bool {
        self.items.as_slice().is_empty() && self.pages.is_terminated()
    }
}

impl<T, F> fmt::Debug for Pages<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("of", &self.pages.operation()).finish_non_exhaustive()
    }
}
