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
//! **Where a list ends.** The documentation does not say, so whatever shows it is heeded: a page
//! without items; as many items as the server counts (`meta.count`); where it does not count, a
//! page that says that no page follows it (`_links.next` without an address); and, beyond the
//! first page, a 404, which is how servers of this kind answer for a page too far (inferred: no
//! source says what this one answers). A page that is
//! shorter than asked for shows nothing: the server may have left items out of it.
//!
//! **A server that gives the same page again** does not keep the stream going for ever. Where it
//! does not count and gives its first page twice, it pays no heed to the paging: that page was the
//! whole list, and the stream ends. Any other page that comes again ends the stream with an error,
//! as there are items that can't be reached. An item that comes again in the next page, as one
//! does when the list shifts, is given once.
//!
//! **Errors.** A call that fails, after whatever retries, is the last item. A row that can't be
//! read, as it lacks its id or is of another form than documented, is an error in the place of
//! its item, [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer): the stream goes on behind
//! it, and one odd row does not lose the list.
//!
//! **Ahead.** While the items of a page are taken, the request for the next one is under way; it
//! is driven whenever the stream is polled. There is never more than one ahead. Whoever takes their
//! time for an item finds the list as it was: time in which nobody polls the stream is not counted,
//! and a page that failed ahead is asked for again when it is needed, where alone its failure
//! counts. Under a request-rate limit a page is asked for ahead only while no other call waits for
//! its turn. [`page_ahead`](Pages::page_ahead) turns it off.

mod by_page;
mod list;
mod listed;
mod request;
#[cfg(test)]
mod tests;

pub use by_page::{ByPage, Page};

pub(crate) use list::{Answer, List};
pub(crate) use listed::listed;
pub(crate) use request::{PageRequest, Paging};

use by_page::When;

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{Stream, stream::FusedStream};
use futures_util::StreamExt;

use crate::{Prolific, Result};

// The methods that give pages are `#[inline]`, those that give waits and transfers too: what they
// instantiate is then compiled where one is used, not all of it for everybody. It was half of what
// the compiler made of this crate.

/// The items of a list, a [`Stream`]. See the [module](self) for where it ends, and how.
///
/// It may be polled after its end, and then gives nothing.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    pages: ByPage<T>,
    items: VecDeque<Result<T>>,
}

impl<T: Send + 'static> Pages<T> {
    /// The list that `call` gives a page of; `read` makes an item of a row.
    pub(crate) fn new<L, F, A>(
        prolific: &Prolific,
        operation: &'static str,
        paging: Paging,
        call: F,
        read: fn(L::Row) -> Result<T>,
    ) -> Self
    where
        L: List,
        F: Fn(Prolific, PageRequest) -> A + Send + Sync + 'static,
        A: Future<Output = Answer<L>> + Send + 'static,
    {
        let (prolific, once) = (prolific.clone(), prolific.once());
        let client = prolific.clone();
        let fetch = move |request, when| -> by_page::Fetching<T> {
            let client = if when == When::Ahead { &once } else { &client };
            let answer = call(client.clone(), request);
            let reader = list::Reader::<L, T> { operation, paging, read };
            Box::pin(async move { reader.page(answer.await) })
        };
        // A page ahead does not queue for a turn under a request-rate limit: nobody may poll it.
        let ahead = prolific.policy().page_ahead;
        let has_turn = Box::new(move || prolific.policy().has_turn());
        let pages = ByPage::new(operation, paging, Box::new(fetch), ahead, has_turn);
        Self { pages, items: VecDeque::new() }
    }

    /// Sets whether the next page is asked for while the items of a page are taken. Default: as
    /// the [client](crate::ProlificBuilder::page_ahead) has it.
    pub fn page_ahead(mut self, page_ahead: bool) -> Self {
        self.pages.set_page_ahead(page_ahead);
        self
    }

    /// How many items to ask for at a time; the server may give fewer. Where nothing is said, 200
    /// as Prolific's own command line does, or whatever the server holds right where the size is
    /// called `page_size`.
    ///
    /// A size that the operation does not take is
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), as the stream's only item: 0, more than
    /// the operation allows where that is documented, or any for an operation that takes none.
    pub fn page_size(mut self, items: u32) -> Self {
        self.pages.set_size(items);
        self
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
}

impl<T: Send + 'static> Pages<T> {
    /// The next item, or none after the end, without a trait of another crate. Dropped before it is
    /// ready, it loses nothing.
    pub async fn next(&mut self) -> Option<Result<T>> {
        StreamExt::next(self).await
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.items.pop_front() {
                this.pages.go_ahead(context);
                return Poll::Ready(Some(item));
            }
            match ready!(this.pages.poll_items(context)) {
                Some(Ok(page)) => this.items.extend(page.items),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Nothing in it is ever pinned.
impl<T> Unpin for Pages<T> {}

impl<T: Send + 'static> FusedStream for Pages<T> {
    fn is_terminated(&self) -> bool {
        self.items.is_empty() && self.pages.is_terminated()
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("of", &self.pages.operation()).finish_non_exhaustive()
    }
}
