use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{Stream, stream::FusedStream};
use futures_util::StreamExt;
use reqwest::StatusCode;

use super::{
    course::{Course, Facts, Judgement, Then},
    position::Position,
    query::Query,
    request::PageRequest,
    seen::Key,
    told::Onward,
};
use crate::{Error, Result};

/// The maximum number of unreadable rows of a list.
pub(super) const MOST_UNREADABLE: usize = 1_000;

/// A page of a list, with the server's count.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of the page, without any that came before.
    pub items: Vec<T>,
    /// The errors of unreadable rows; usually empty.
    pub unreadable: Vec<Error>,
    /// The server's count of the list's items; not every list has one.
    pub total: Option<u64>,
    /// The position after the page, to resume from.
    pub position: Position,
}

/// A page as fetched.
pub(super) struct Fetched<T> {
    pub(super) rows: Vec<Row<T>>,
    pub(super) total: Option<u64>,
    pub(super) next: Onward,
}

/// A row of a page, and the key that identifies it.
pub(super) struct Row<T> {
    pub(super) key: Key,
    pub(super) item: Result<T>,
}

/// The new rows of a page.
pub(super) struct NewItems<T> {
    pub(super) items: Vec<Given<T>>,
    total: Option<u64>,
    /// The last row of the page.
    last: Option<Place>,
    pub(super) head: PageHead,
}

/// A page whose items are being taken.
pub(super) struct PageHead {
    /// The request that fetched it.
    request: PageRequest,
    /// How many rows came before it.
    came: u64,
}

/// An item and its position.
pub(super) struct Given<T> {
    pub(super) item: Result<T>,
    pub(super) place: Place,
}

/// The place of a row in its page, and what identifies it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    at: u64,
    key: u64,
}

/// A page in flight.
pub(super) type Fetching<T> = Pin<Box<dyn Future<Output = Result<Fetched<T>>> + Send>>;

/// Requests a page, as needed or ahead.
pub(super) type Fetch<T> = Box<dyn Fn(PageRequest, When, &Query) -> Fetching<T> + Send + Sync>;

/// When a page is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Needed,
    /// A single attempt, whose failure is ignored: the page is requested again when needed.
    Ahead,
}

/// The pages of a list, a [`Stream`]. Returned by [`Pages::by_page`](super::Pages::by_page).
///
/// Returns `None` when polled after its end. A list without items is one empty page.
#[must_use = "a stream does nothing until it is polled"]
pub struct ByPage<T> {
    course: Course,
    query: Query,
    from: Option<Position>,
    fetch: Fetch<T>,
    page_ahead: bool,
    has_turn: HasTurn,
    next: Next<T>,
    position: Position,
    has_given: bool,
    /// The number of unreadable rows.
    unreadable: usize,
}

/// Whether a request would be sent at once.
pub(super) type HasTurn = Box<dyn Fn() -> bool + Send + Sync>;

/// The next page.
enum Next<T> {
    First,
    /// To be requested; ahead, unless that failed before.
    Due(PageRequest, When),
    UnderWay(PageRequest, When, Fetching<T>),
    /// It came ahead.
    Here(PageRequest, Result<Fetched<T>>),
    /// The list ends with an error.
    Failed(Error),
    None,
}

impl<T> ByPage<T> {
    pub(super) fn new(
        course: Course,
        fetch: Fetch<T>,
        page_ahead: bool,
        has_turn: HasTurn,
    ) -> Self {
        let position = Position::start(course.operation());
        let (query, from, next) = (Query::default(), None, Next::First);
        let (has_given, unreadable) = (false, 0);
        Self {
            course,
            query,
            from,
            fetch,
            page_ahead,
            has_turn,
            next,
            position,
            has_given,
            unreadable,
        }
    }

    pub(super) fn set_page_ahead(&mut self, page_ahead: bool) {
        self.page_ahead = page_ahead;
    }

    pub(super) fn set_size(&mut self, items: u32) {
        self.course.set_size(items);
    }

    pub(super) fn set_from(&mut self, position: Position) {
        self.position = position.clone();
        self.from = Some(position);
    }

    pub(super) fn query(&mut self) -> &mut Query {
        &mut self.query
    }

    #[cfg(test)]
    pub(super) fn course(&mut self) -> &mut Course {
        &mut self.course
    }

    pub(super) fn operation(&self) -> &'static str {
        self.course.operation()
    }

    /// Returns the position after the last page, to resume from with
    /// [`Pages::resume_from`](super::Pages::resume_from).
    pub fn position(&self) -> Position {
        self.position.clone()
    }

    /// Requests the next page ahead, if allowed, and stores it when it arrives.
    pub(super) fn go_ahead(&mut self, context: &mut Context<'_>) {
        if let Next::Due(request, When::Ahead) = &self.next
            && self.page_ahead
            && (self.has_turn)()
        {
            self.ask(request.clone(), When::Ahead);
        }
        if let Next::UnderWay(request, When::Ahead, fetching) = &mut self.next
            && let Poll::Ready(page) = fetching.as_mut().poll(context)
        {
            let request = request.clone();
            self.next = if counts(&page) {
                Next::Here(request, page)
            } else {
                Next::Due(request, When::Needed)
            };
        }
    }

    fn ask(&mut self, request: PageRequest, when: When) {
        let fetching = (self.fetch)(request.clone(), when, &self.query);
        self.next = Next::UnderWay(request, when, fetching);
    }

    /// The new rows of the next page. Requests the one after it ahead.
    pub(super) fn poll_items(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<NewItems<T>>>> {
        loop {
            let (request, page) = match mem::replace(&mut self.next, Next::None) {
                Next::None => return Poll::Ready(None),
                Next::Failed(error) => return Poll::Ready(Some(Err(error))),
                Next::First => {
                    match self.course.first(self.from.take()) {
                        Ok(request) => self.ask(request, When::Needed),
                        Err(error) => self.next = Next::Failed(error),
                    }
                    continue;
                }
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
            let Some(new) = self.take_in(request, page) else { continue };
            self.go_ahead(context);
            return Poll::Ready(Some(Ok(new)));
        }
    }

    /// Applies a page, and what follows it. `None` if it has nothing new.
    fn take_in(&mut self, request: PageRequest, page: Result<Fetched<T>>) -> Option<NewItems<T>> {
        match page {
            Ok(page) => self.take_in_page(request, page),
            Err(error) => {
                let is_not_found = error.status() == Some(StatusCode::NOT_FOUND);
                let judged = is_not_found.then(|| self.course.not_found(&request)).flatten();
                self.go_on(judged.unwrap_or(Then::Fail(error)));
                None
            }
        }
    }

    fn take_in_page(&mut self, request: PageRequest, page: Fetched<T>) -> Option<NewItems<T>> {
        let Fetched { rows, total, next } = page;
        let keys: Vec<Key> = rows.iter().map(|row| row.key).collect();
        let facts = Facts { keys: &keys, total, next: &next };
        let Judgement { is_new, then } = self.course.page(&request, &facts);
        let places = (0..).zip(&keys).map(|(at, key)| Place { at, key: key.hash });
        let last = places.clone().last();
        // An iterator can't know the number of new rows, and would grow step by step.
        let mut items = Vec::with_capacity(rows.len());
        for ((place, row), is_new) in places.zip(rows).zip(is_new) {
            if is_new {
                items.push(Given { item: row.item, place });
            }
        }
        self.unreadable += items.iter().filter(|given| given.item.is_err()).count();
        match self.unreadable > MOST_UNREADABLE {
            true => self.next = Next::Failed(too_many_unreadable().of(self.operation())),
            false => self.go_on(then),
        }
        let is_last = matches!(self.next, Next::None);
        if items.is_empty() && (self.has_given || !is_last) {
            return None;
        }
        self.has_given = true;
        let came = self.course.came().saturating_sub(items.len() as u64);
        Some(NewItems { items, total, last, head: PageHead { request, came } })
    }

    fn go_on(&mut self, then: Then) {
        self.next = match then {
            Then::Ask(request) => Next::Due(request, When::Ahead),
            Then::End => Next::None,
            Then::Fail(error) => Next::Failed(error),
        };
    }

    /// The position after the nth new item of a page.
    pub(super) fn place(&self, head: &PageHead, place: Place, nth: u64) -> Position {
        self.course.position(&head.request, place.at + 1, place.key, head.came + nth)
    }

    /// Adds to an error how much of the list came before it, and where to resume.
    pub(super) fn placed(&self, error: Error, position: Position) -> Error {
        error.in_list(position.rows(), self.course.total(), position)
    }

    fn page(&mut self, new: NewItems<T>) -> Page<T> {
        let NewItems { items: given, total, last, head } = new;
        let (mut items, mut unreadable) = (Vec::with_capacity(given.len()), Vec::new());
        for (nth, Given { item, place }) in (1..).zip(given) {
            match item {
                Ok(item) => items.push(item),
                Err(error) => {
                    let position = self.place(&head, place, nth);
                    unreadable.push(self.placed(error, position));
                }
            }
        }
        if let Some(last) = last {
            let count = (items.len() + unreadable.len()) as u64;
            self.position = self.place(&head, last, count);
        }
        Page { items, unreadable, total, position: self.position.clone() }
    }
}

fn too_many_unreadable() -> Error {
    Error::unexpected(format!("more than {MOST_UNREADABLE} rows of the list can't be read"))
}

/// Whether a page that was requested ahead counts: a failure doesn't, unless it is the end of the
/// list.
fn counts<T>(page: &Result<Fetched<T>>) -> bool {
    page.as_ref().err().is_none_or(|error| error.status() == Some(StatusCode::NOT_FOUND))
}

impl<T> ByPage<T> {
    /// Returns the next page, or `None` at the end, without importing a stream trait. Cancel safe:
    /// dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Page<T>>> {
        StreamExt::next(self).await
    }
}

impl<T> Stream for ByPage<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        Poll::Ready(match ready!(this.poll_items(context)) {
            Some(Ok(new)) => Some(Ok(this.page(new))),
            Some(Err(error)) => Some(Err(this.placed(error, this.position.clone()))),
            None => None,
        })
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
        f.debug_struct("ByPage").field("of", &self.operation()).finish_non_exhaustive()
    }
}
