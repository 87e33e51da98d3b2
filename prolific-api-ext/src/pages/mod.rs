//! Lists that come in pages.
//!
//! A method that lists gives [`Pages`], a [`Stream`] of the items. Nothing is sent before it is
//! first polled, and dropping it ends it.
//!
//! ```
//! use futures_util::TryStreamExt;
//!
//! # use prolific_api_ext::simulator::Simulator;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> prolific_api_ext::Result<()> {
//! # let simulator = Simulator::start();
//! # let prolific = simulator.prolific()?;
//! let mut workspaces = prolific.workspaces().list();
//! while let Some(workspace) = workspaces.try_next().await? {
//!     println!("{} {:?}", workspace.id, workspace.title);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! **Where a list ends.** A list ends well only if it agrees with what the server says of it: it has
//! at least as many rows as the last page counts (`meta.count`), or, where nothing is counted, no
//! page promises another (`_links.next`, `next`). Otherwise its last item is an error,
//! [`Incomplete`](crate::ErrorKind::Incomplete), that says how many rows came of how many. A list that
//! grows while it is read ends well. Whole lists, which an operation gives at once, are held to the
//! same, and are read page by page if the server says that there is a next one. Of a link to the next
//! page only the parameters are taken that say which page it is: `cursor`, `offset`, `page`, `limit`
//! and `page_size`. The request goes where all others go, whatever the link points to.
//!
//! **Lists that change while they are read.** Rows are told apart by their ids over the whole list,
//! and each is given once. Pages by `offset` overlap by a row: if that row is not where it was, rows
//! before it were deleted, and what may have been passed over is read again. Pages by number are read
//! again if the count fell. What is still missing is looked for once more from the beginning, two
//! times at most. Rows without an id are compared whole, and only where pages overlap. At most
//! 1,000,000 rows are told apart; a longer list stops there with
//! [`Incomplete`](crate::ErrorKind::Incomplete), and goes on from its position. A row that is inserted
//! and another that is deleted between two pages by number don't show in the count, and neither does a
//! change of a list with neither count nor offset.
//!
//! **Positions.** [`position`](Pages::position) is the place behind the last item, which
//! [`from`](Pages::from) goes on from, in another process as well. An error that ends a list
//! [has it too](crate::Error::position). The last row before the place is looked for: if it is not
//! there any more, the list is read from its beginning, so that rows may come twice, and none is
//! lost.
//!
//! **Errors.** A call that fails, after whatever retries, is the last item. A row that can't be
//! read, as it lacks its id or is of another form than documented, is an error in the place of
//! its item, [`UnreadableRow`](crate::ErrorKind::UnreadableRow), with the JSON of the row as its
//! [body](crate::Error::body). The stream goes on behind it. More than 1,000 of them end the list.
//!
//! **Bounds.** A page is at most as large as
//! [`list_body_limit`](crate::ProlificBuilder::list_body_limit) allows, and has at most 100,000 rows. One
//! of more than 256 KiB is parsed on another thread, and is given up when the call has taken its time.
//!
//! **Ahead.** While the items of a page are taken, the request for the next one is under way; it
//! is driven whenever the stream is polled. There is never more than one ahead. Whoever takes their
//! time for an item finds the list as it was: time in which nobody polls the stream is not counted,
//! and a page that failed ahead is asked for again when it is needed, where alone its failure
//! counts. Under a request-rate limit a page is asked for ahead only while no other call waits for
//! its turn. [`page_ahead`](Pages::page_ahead) turns it off.

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

/// The items of a list, a [`Stream`]. See the [module](self) for where it ends, and how.
///
/// It may be polled after its end, and then gives nothing. `F` stands for the filters that the list
/// has; they are methods of the lists that have them.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T, F = NoFilters> {
    pages: ByPage<T>,
    items: vec::IntoIter<Given<T>>,
    current: Option<PageHead>,
    /// The last item that was given, and which it was of its page.
    last: Option<(Place, u64)>,
    filters: PhantomData<fn(F)>,
}

/// Of a list that has no filters.
#[derive(Debug)]
#[non_exhaustive]
pub struct NoFilters {}

impl<T: Send + 'static, F> Pages<T, F> {
    /// The list that `call` gives a page of; `read` makes an item of a row.
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
        // A page ahead does not queue for a turn under a request-rate limit: nobody may poll it.
        let ahead = prolific.policy().page_ahead;
        let has_turn = Box::new(move || prolific.policy().has_turn());
        let course = Course::new(operation, paging);
        Self::of(ByPage::new(course, Box::new(fetch), ahead, has_turn))
    }

    fn of(pages: ByPage<T>) -> Self {
        let (items, filters) = (Vec::new().into_iter(), PhantomData);
        Self { pages, items, current: None, last: None, filters }
    }

    /// Adds a filter, or replaces it.
    pub(crate) fn with_query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.pages.query().set(name, value.into());
        self
    }

    /// Sets whether the next page is asked for while the items of a page are taken. Default: as
    /// the [client](crate::ProlificBuilder::page_ahead) has it.
    pub fn page_ahead(mut self, page_ahead: bool) -> Self {
        self.pages.set_page_ahead(page_ahead);
        self
    }

    /// Sets how many items to ask for at a time; the server may give fewer. Default: 200 where
    /// pages go by offset, as Prolific's own command line asks for, and what the server holds right
    /// otherwise.
    ///
    /// A size that the operation does not take is
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), as the stream's only item: 0, more than
    /// the operation allows where that is documented, or any for an operation that takes none.
    pub fn page_size(mut self, items: u32) -> Self {
        self.pages.set_size(items);
        self
    }

    /// Goes on from a position of the same list, with the same filters, instead of beginning with
    /// its first row. See [the module](self) for what happens if the list has changed since.
    ///
    /// A position of another operation is [`InvalidInput`](crate::ErrorKind::InvalidInput), as the
    /// stream's only item.
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
    ///         // The connection broke: go on where it did.
    ///         Err(error) => match error.position() {
    ///             Some(position) if error.is_transient() => {
    ///                 submissions = prolific.submissions().list(&id).from(position.clone());
    ///             }
    ///             _ => return Err(error),
    ///         },
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn from(mut self, position: Position) -> Self {
        self.pages.set_from(position);
        self
    }

    /// The place behind the last item that was given, to go on from with [`from`](Self::from).
    pub fn position(&self) -> Position {
        match (&self.current, self.last) {
            (Some(head), Some((place, nth))) => self.pages.place(head, place, nth),
            _ => self.pages.position(),
        }
    }

    /// The pages as they come, with what the server says of them, a [`Stream`] too.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let mut pages = prolific.workspaces().list().page_size(50).by_page();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{} of {:?}", page.items.len(), page.total);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn by_page(self) -> ByPage<T> {
        self.pages
    }

    /// Collects the whole list: all of its items, or the first error, be it of a call, of a row that
    /// can't be read, or of a list that does not come whole.
    ///
    /// # Errors
    ///
    /// Returns an error if the list can't be read to its end, or a row can't be read; see
    /// [the module](self).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let workspaces = prolific.workspaces().list().collect_all().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn collect_all(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }

    /// The next item, or none after the end, without a trait of another crate. Dropped before it is
    /// ready, it loses nothing.
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
