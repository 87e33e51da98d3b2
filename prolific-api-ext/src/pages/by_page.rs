use std::{
    collections::HashSet,
    fmt,
    future::Future,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{Stream, stream::FusedStream};
use futures_util::StreamExt;
use reqwest::StatusCode;

use super::request::{PageRequest, Paging};
use crate::{Error, Result};

/// A page of a list, with what the server says of the list.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of the page, less those that the page before had too.
    pub items: Vec<T>,
    /// Why rows of the page could not be read; mostly there are none.
    pub unreadable: Vec<Error>,
    /// How many items the list has by the server's count; not every list is counted.
    pub total: Option<u64>,
}

/// A page as it was fetched.
pub(super) struct Fetched<T> {
    pub(super) rows: Vec<Row<T>>,
    pub(super) total: Option<u64>,
    /// Whether a page follows, where the server says so.
    pub(super) has_next: Option<bool>,
}

/// A row of a page. The key tells it from others, where lists come in pages.
pub(super) struct Row<T> {
    pub(super) key: u64,
    pub(super) item: Result<T>,
}

/// What is new in a page.
pub(super) struct NewItems<T> {
    pub(super) items: Vec<Result<T>>,
    pub(super) total: Option<u64>,
}

/// A page under way.
pub(super) type Fetching<T> = Pin<Box<dyn Future<Output = Result<Fetched<T>>> + Send>>;

/// Asks for a page, as what is needed or ahead of that.
pub(super) type Fetch<T> = Box<dyn Fn(PageRequest, When) -> Fetching<T> + Send + Sync>;

/// When a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Needed,
    /// A single attempt, whose failure means nothing: it is asked for again when it is needed.
    Ahead,
}

/// The pages of a list, a [`Stream`]. Made by [`Pages::by_page`](super::Pages::by_page).
///
/// It may be polled after its end, and then gives nothing. A list without items is one page
/// without any.
#[must_use = "a stream does nothing until it is polled"]
pub struct ByPage<T> {
    operation: &'static str,
    paging: Paging,
    size: Option<u32>,
    fetch: Fetch<T>,
    page_ahead: bool,
    has_turn: HasTurn,
    next: Next<T>,
    seen: Seen,
}

/// Whether a request would be sent at once.
pub(super) type HasTurn = Box<dyn Fn() -> bool + Send + Sync>;

/// The page to come.
enum Next<T> {
    First,
    /// It is to be asked for; ahead, if that was not tried in vain.
    Due(PageRequest, When),
    UnderWay(PageRequest, When, Fetching<T>),
    /// It came ahead.
    Here(PageRequest, Result<Fetched<T>>),
    None,
}

/// What has come already.
#[derive(Default)]
struct Seen {
    /// The keys of the page before.
    previous: HashSet<u64>,
    /// All pages, each by a hash of its keys.
    pages: HashSet<u64>,
    rows: u64,
}

impl<T> ByPage<T> {
    pub(super) fn new(
        operation: &'static str,
        paging: Paging,
        fetch: Fetch<T>,
        page_ahead: bool,
        has_turn: HasTurn,
    ) -> Self {
        let (next, seen) = (Next::First, Seen::default());
        Self { operation, paging, size: None, fetch, page_ahead, has_turn, next, seen }
    }

    pub(super) fn set_page_ahead(&mut self, page_ahead: bool) {
        self.page_ahead = page_ahead;
    }

    pub(super) fn set_size(&mut self, items: u32) {
        self.size = Some(items);
    }

    pub(super) fn operation(&self) -> &'static str {
        self.operation
    }

    /// Asks for the next page ahead, if it may be, and takes it in when it has come.
    pub(super) fn go_ahead(&mut self, context: &mut Context<'_>) {
        if let Next::Due(request, When::Ahead) = self.next
            && self.page_ahead
            && (self.has_turn)()
        {
            self.ask(request, When::Ahead);
        }
        if let Next::UnderWay(request, When::Ahead, fetching) = &mut self.next
            && let Poll::Ready(page) = fetching.as_mut().poll(context)
        {
            let request = *request;
            self.next = if counts(&page) {
                Next::Here(request, page)
            } else {
                Next::Due(request, When::Needed)
            };
        }
    }

    fn ask(&mut self, request: PageRequest, when: When) {
        self.next = Next::UnderWay(request, when, (self.fetch)(request, when));
    }

    /// What is new in the next page. The one after it is asked for ahead.
    pub(super) fn poll_items(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<NewItems<T>>>> {
        loop {
            let (request, page) = match mem::replace(&mut self.next, Next::None) {
                Next::None => return Poll::Ready(None),
                Next::First => match self.paging.first(self.size) {
                    Ok(request) => {
                        self.ask(request, When::Needed);
                        continue;
                    }
                    Err(error) => return Poll::Ready(Some(Err(error.of(self.operation)))),
                },
                Next::Due(request, _) => {
                    self.ask(request, When::Needed);
                    continue;
                }
                Next::UnderWay(request, when, mut fetching) => {
                    match fetching.as_mut().poll(context) {
                        Poll::Pending => {
                            self.next = Next::UnderWay(request, when, fetching);
                            return Poll::Pending;
                        }
                        Poll::Ready(page) if when == When::Ahead && !counts(&page) => {
                            self.ask(request, When::Needed);
                            continue;
                        }
                        Poll::Ready(page) => (request, page),
                    }
                }
                Next::Here(request, page) => (request, page),
            };
            let Some(outcome) = self.take_in(request, page) else { continue };
            self.go_ahead(context);
            return Poll::Ready(Some(outcome));
        }
    }

    /// What a page brings, and whether to ask for another. None where it brings nothing.
    fn take_in(
        &mut self,
        request: PageRequest,
        page: Result<Fetched<T>>,
    ) -> Option<Result<NewItems<T>>> {
        let is_first = request.page == 1;
        let Fetched { rows, total, has_next } = match page {
            Ok(page) => page,
            Err(error) if !is_first && error.status() == Some(StatusCode::NOT_FOUND) => {
                return None;
            }
            Err(error) => return Some(Err(error)),
        };
        let count = rows.len();
        if !self.paging.is_paged() {
            let items = rows.into_iter().map(|row| row.item).collect();
            return Some(Ok(NewItems { items, total }));
        }
        if count > 0 && !self.seen.is_new_page(&rows) {
            let is_whole = total.is_none() && request.page == 2;
            return (!is_whole).then(|| Err(self.same_page_again(total)));
        }
        let items = self.seen.new_items(rows);
        let after = request.after(count);
        if count > 0 && self.goes_on(after, total, has_next) {
            self.next = Next::Due(after, When::Ahead);
        }
        (is_first || !items.is_empty()).then_some(Ok(NewItems { items, total }))
    }

    fn goes_on(&self, after: PageRequest, total: Option<u64>, has_next: Option<bool>) -> bool {
        match (total, self.paging) {
            (Some(total), Paging::LimitOffset { .. }) => after.offset < total,
            (Some(total), _) => self.seen.rows < total,
            (None, _) => has_next.unwrap_or(true),
        }
    }

    fn same_page_again(&self, total: Option<u64>) -> Error {
        let of = total.map_or_else(String::new, |total| format!(" of {total}"));
        let message = format!(
            "the server gave a page that it had given before, so the list can't be read to its \
             end: {} rows{of} came",
            self.seen.rows
        );
        Error::unexpected(message).of(self.operation)
    }
}

/// Whether what came ahead counts: a failure does not, except for the one that is the end of a list.
fn counts<T>(page: &Result<Fetched<T>>) -> bool {
    page.as_ref().err().is_none_or(|error| error.status() == Some(StatusCode::NOT_FOUND))
}

impl Seen {
    /// Whether the page is another than all before it.
    fn is_new_page<T>(&mut self, rows: &[Row<T>]) -> bool {
        let mut hasher = DefaultHasher::new();
        rows.iter().for_each(|row| row.key.hash(&mut hasher));
        self.pages.insert(hasher.finish())
    }

    /// The items of the rows that the page before did not have.
    fn new_items<T>(&mut self, rows: Vec<Row<T>>) -> Vec<Result<T>> {
        self.rows += rows.len() as u64;
        let keys = rows.iter().map(|row| row.key).collect();
        let previous = mem::replace(&mut self.previous, keys);
        let is_new = |row: &Row<T>| !previous.contains(&row.key);
        rows.into_iter().filter(is_new).map(|row| row.item).collect()
    }
}

impl<T> From<NewItems<T>> for Page<T> {
    fn from(new: NewItems<T>) -> Self {
        let mut page = Self { items: Vec::new(), unreadable: Vec::new(), total: new.total };
        for item in new.items {
            match item {
                Ok(item) => page.items.push(item),
                Err(error) => page.unreadable.push(error),
            }
        }
        page
    }
}

impl<T> ByPage<T> {
    /// The next page, or none after the end, without a trait of another crate. Dropped before it is
    /// ready, it loses nothing.
    pub async fn next(&mut self) -> Option<Result<Page<T>>> {
        StreamExt::next(self).await
    }
}

impl<T> Stream for ByPage<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let new = ready!(self.poll_items(context));
        Poll::Ready(new.map(|new| new.map(Page::from)))
    }
}

/// Nothing in it is ever pinned.
impl<T> Unpin for ByPage<T> {}

impl<T> FusedStream for ByPage<T> {
    fn is_terminated(&self) -> bool {
        matches!(self.next, Next::None)
    }
}

impl<T> fmt::Debug for ByPage<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByPage").field("of", &self.operation).finish_non_exhaustive()
    }
}
