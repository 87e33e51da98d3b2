//! Lists against a server that is a closure.

use std::{
    collections::VecDeque,
    future::{pending, ready},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures_core::{Stream, stream::FusedStream as _};
use futures_util::{FutureExt as _, StreamExt as _, task::noop_waker};

use super::{
    ByPage, PageRequest, Pages, Paging,
    by_page::{Fetch, Fetched, Fetching, Row, When},
};
use reqwest::StatusCode;

use crate::{Error, ErrorKind, Result};

/// What the server answers a request with.
enum Reply {
    Rows(&'static [u64], Option<u64>, Option<bool>),
    Status(u16),
}

use Reply::{Rows, Status};

type Server = fn(PageRequest) -> Reply;

/// What it is, how it is asked for pages, who answers, all items, and how many requests.
type Case = (&'static str, Paging, Server, &'static [Result<u64, ErrorKind>], usize);

fn fetched(reply: Reply) -> Result<Fetched<u64>> {
    let row = |key| {
        let item = if key < 100 { Ok(key) } else { Err(Error::unexpected("an odd row")) };
        Row { key, item }
    };
    match reply {
        Rows(rows, total, has_next) => {
            Ok(Fetched { rows: rows.iter().copied().map(row).collect(), total, has_next })
        }
        Status(status) => Err(failed(status)),
    }
}

fn failed(status: u16) -> Error {
    let kind = if status == 404 { ErrorKind::NotFound } else { ErrorKind::Server };
    Error::builder(kind).status(StatusCode::from_u16(status).unwrap()).build()
}

fn fetched_by(paging: Paging, fetch: Fetch<u64>) -> Pages<u64> {
    let pages = ByPage::new("a-list", paging, fetch, true, Box::new(|| true));
    Pages { pages, items: VecDeque::new() }
}

/// The list of a server that answers at once, and the requests that it saw.
fn list(paging: Paging, server: Server) -> (Pages<u64>, Arc<Mutex<Vec<PageRequest>>>) {
    let seen = Arc::<Mutex<Vec<PageRequest>>>::default();
    let record = seen.clone();
    let fetch = move |request, _| -> Fetching<u64> {
        let record = record.clone();
        Box::pin(async move {
            record.lock().unwrap().push(request);
            assert!(record.lock().unwrap().len() < 20, "the list goes on for ever");
            fetched(server(request))
        })
    };
    (fetched_by(paging, Box::new(fetch)), seen)
}

/// All that a list gives: its items, errors by their kinds.
fn all(pages: Pages<u64>) -> Vec<Result<u64, ErrorKind>> {
    let items = pages.map(|item| item.map_err(|error| error.kind())).collect::<Vec<_>>();
    items.now_or_never().expect("the server answers at once")
}

const BY_OFFSET: Paging = Paging::UNBOUNDED;
const EMPTY: Reply = Rows(&[], None, None);

#[test]
fn a_list_gives_each_item_once_and_ends() {
    use ErrorKind::{Server as Broken, UnexpectedAnswer as Odd};
    let table: &[Case] = &[
        ("an empty first page", BY_OFFSET, |_| EMPTY, &[], 1),
        (
            "an empty page ends; a short page does not",
            BY_OFFSET,
            |request| match request.offset {
                0 => Rows(&[1, 2], None, None),
                2 => Rows(&[3], None, None),
                3 => Rows(&[4, 5], None, None),
                _ => EMPTY,
            },
            &[Ok(1), Ok(2), Ok(3), Ok(4), Ok(5)],
            4,
        ),
        (
            "the count is reached",
            BY_OFFSET,
            |request| match request.offset {
                0 => Rows(&[1, 2], Some(3), None),
                _ => Rows(&[3], Some(3), None),
            },
            &[Ok(1), Ok(2), Ok(3)],
            2,
        ),
        (
            "the count is reached by page",
            Paging::PageAndSize,
            |request| match request.page {
                1 => Rows(&[1, 2], Some(3), None),
                _ => Rows(&[3], Some(3), None),
            },
            &[Ok(1), Ok(2), Ok(3)],
            2,
        ),
        (
            "an empty page before the count is reached",
            BY_OFFSET,
            |request| match request.offset {
                0 => Rows(&[1, 2], Some(9), None),
                _ => Rows(&[], Some(9), None),
            },
            &[Ok(1), Ok(2)],
            2,
        ),
        (
            "the links say that it is the last page",
            BY_OFFSET,
            |request| match request.offset {
                0 => Rows(&[1], None, Some(true)),
                _ => Rows(&[2], None, Some(false)),
            },
            &[Ok(1), Ok(2)],
            2,
        ),
        (
            "a count is believed more than links",
            BY_OFFSET,
            |request| match request.offset {
                0 => Rows(&[1], Some(2), Some(false)),
                _ => Rows(&[2], Some(2), Some(true)),
            },
            &[Ok(1), Ok(2)],
            2,
        ),
        (
            "a page too far is not found",
            Paging::Page,
            |request| match request.page {
                1 => Rows(&[1], None, None),
                2 => Rows(&[2], None, None),
                _ => Status(404),
            },
            &[Ok(1), Ok(2)],
            3,
        ),
        ("a list that is not found", Paging::Page, |_| Status(404), &[Err(ErrorKind::NotFound)], 1),
        (
            "the server pays no heed to the paging",
            Paging::Page,
            |_| Rows(&[1, 2], None, None),
            &[Ok(1), Ok(2)],
            2,
        ),
        (
            "the same page though there are more",
            BY_OFFSET,
            |_| Rows(&[1, 2], Some(9), None),
            &[Ok(1), Ok(2), Err(Odd)],
            2,
        ),
        (
            "a later page comes again",
            BY_OFFSET,
            |request| {
                if request.offset == 0 { Rows(&[1], None, None) } else { Rows(&[2], None, None) }
            },
            &[Ok(1), Ok(2), Err(Odd)],
            3,
        ),
        (
            "pages go round in a circle",
            Paging::Page,
            |request| match request.page % 3 {
                1 => Rows(&[1], None, None),
                2 => Rows(&[2], None, None),
                _ => Rows(&[3], None, None),
            },
            &[Ok(1), Ok(2), Ok(3), Err(Odd)],
            4,
        ),
        (
            "the list shifts, or the server leaves items out",
            BY_OFFSET,
            |request| match request.offset {
                0 => Rows(&[1, 2, 3], None, None),
                3 => Rows(&[3, 4], None, None),
                5 => Rows(&[4], None, None),
                6 => Rows(&[5], None, None),
                _ => EMPTY,
            },
            &[Ok(1), Ok(2), Ok(3), Ok(4), Ok(5)],
            5,
        ),
        (
            "an error ends it once it is needed, and what was fetched comes first",
            BY_OFFSET,
            |request| if request.offset == 0 { Rows(&[1, 2], None, None) } else { Status(500) },
            &[Ok(1), Ok(2), Err(Broken)],
            3,
        ),
        (
            "an odd row is an error in its place",
            BY_OFFSET,
            |request| match request.offset {
                0 => Rows(&[1, 100, 2], Some(4), None),
                _ => Rows(&[3], Some(4), None),
            },
            &[Ok(1), Err(Odd), Ok(2), Ok(3)],
            2,
        ),
        (
            "a list that comes whole is asked for once",
            Paging::Whole,
            |_| Rows(&[1, 1, 2], Some(9), Some(true)),
            &[Ok(1), Ok(1), Ok(2)],
            1,
        ),
    ];
    for (what, paging, server, expected, requests) in table {
        let (pages, seen) = list(*paging, *server);
        assert_eq!(all(pages), *expected, "{what}");
        assert_eq!(seen.lock().unwrap().len(), *requests, "{what}");
    }
}

#[test]
fn pages_come_with_their_count_and_with_what_could_not_be_read() {
    let (pages, _) = list(BY_OFFSET, |request| match request.offset {
        0 => Rows(&[1, 100], Some(3), None),
        _ => Rows(&[2], Some(3), None),
    });
    let pages: Vec<_> = pages.by_page().map(Result::unwrap).collect().now_or_never().unwrap();
    let parts = |page: &super::Page<u64>| (page.items.clone(), page.unreadable.len(), page.total);
    assert_eq!(
        pages.iter().map(parts).collect::<Vec<_>>(),
        [(vec![1], 1, Some(3)), (vec![2], 0, Some(3))]
    );
}

#[test]
fn a_list_without_items_is_one_page_without_any() {
    let (pages, _) = list(BY_OFFSET, |_| Rows(&[], Some(0), None));
    let pages: Vec<_> = pages.by_page().collect().now_or_never().unwrap();
    assert!(matches!(&*pages, [Ok(page)] if page.items.is_empty() && page.total == Some(0)));
}

#[test]
fn the_page_size_is_asked_for_and_a_wrong_one_is_refused_before_anything_is_sent() {
    let bounded = Paging::LimitOffset { max: Some(1000) };
    let table = [
        (BY_OFFSET, None, Some((200, None))),
        (BY_OFFSET, Some(5_000), Some((5_000, Some(5_000)))),
        (bounded, Some(1_000), Some((1_000, Some(1_000)))),
        (bounded, Some(1_001), None),
        (bounded, Some(0), None),
        (Paging::PageAndSize, Some(7), Some((7, Some(7)))),
        (Paging::PageAndSize, Some(0), None),
        (Paging::Page, Some(7), None),
        (Paging::Whole, Some(7), None),
    ];
    for (paging, size, expected) in table {
        let (mut pages, seen) = list(paging, |_| EMPTY);
        if let Some(size) = size {
            pages = pages.page_size(size);
        }
        let items = all(pages);
        let seen = seen.lock().unwrap().first().map(|request| (request.limit, request.page_size));
        assert_eq!(seen, expected, "{paging:?} {size:?}");
        let refused = [Err(ErrorKind::InvalidInput)];
        assert_eq!(items, if expected.is_some() { &[][..] } else { &refused }, "{paging:?}");
    }
}

/// A list whose second page never comes, and how many requests are under way.
fn stuck() -> (Pages<u64>, Arc<AtomicUsize>) {
    struct UnderWay(Arc<AtomicUsize>);
    impl Drop for UnderWay {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let count = Arc::<AtomicUsize>::default();
    let counted = count.clone();
    let fetch = move |request: PageRequest, _| -> Fetching<u64> {
        let counted = counted.clone();
        Box::pin(async move {
            counted.fetch_add(1, Ordering::Relaxed);
            let _under_way = UnderWay(counted);
            if request.page == 1 {
                ready(()).await
            } else {
                pending().await
            }
            fetched(Rows(&[1, 2], None, None))
        })
    };
    (fetched_by(BY_OFFSET, Box::new(fetch)), count)
}

fn poll<S: Stream + Unpin>(stream: &mut S) -> Poll<Option<S::Item>> {
    Pin::new(stream).poll_next(&mut Context::from_waker(&noop_waker()))
}

#[test]
fn the_next_page_is_under_way_while_items_are_taken_and_is_cancelled_by_dropping_the_list() {
    let (mut pages, under_way) = stuck();
    assert_eq!(under_way.load(Ordering::Relaxed), 0, "nothing begins before the first poll");
    assert!(matches!(poll(&mut pages), Poll::Ready(Some(Ok(1)))));
    assert_eq!(under_way.load(Ordering::Relaxed), 1);
    assert!(matches!(poll(&mut pages), Poll::Ready(Some(Ok(2)))));
    assert!(poll(&mut pages).is_pending());
    assert_eq!(under_way.load(Ordering::Relaxed), 1);
    drop(pages);
    assert_eq!(under_way.load(Ordering::Relaxed), 0);
}

#[test]
fn no_more_than_one_page_is_ahead() {
    let (mut pages, seen) = list(BY_OFFSET, |request| match request.offset {
        0 => Rows(&[1, 2], None, None),
        2 => Rows(&[3, 4], None, None),
        _ => Rows(&[5, 6], None, None),
    });
    for expected in [2, 2, 3, 3] {
        assert!(matches!(poll(&mut pages), Poll::Ready(Some(Ok(_)))));
        assert_eq!(seen.lock().unwrap().len(), expected);
    }
}

#[test]
fn a_list_stays_at_its_end() {
    for server in [(|_| EMPTY) as Server, |_| Status(500)] {
        let (mut pages, seen) = list(BY_OFFSET, server);
        assert!(!pages.is_terminated());
        while !matches!(poll(&mut pages), Poll::Ready(None)) {}
        assert!(pages.is_terminated());
        assert!(matches!(poll(&mut pages), Poll::Ready(None)));
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
}

/// A list of two pages, of which the second fails when it is asked for ahead, and its requests.
fn failing_ahead(status: u16) -> (Pages<u64>, Arc<Mutex<Vec<When>>>) {
    let asked = Arc::<Mutex<Vec<When>>>::default();
    let record = asked.clone();
    let fetch = move |request: PageRequest, when| -> Fetching<u64> {
        record.lock().unwrap().push(when);
        Box::pin(ready(match (request.offset, when) {
            (0, _) => fetched(Rows(&[1], Some(2), None)),
            (_, When::Ahead) => fetched(Status(status)),
            (_, When::Needed) => fetched(Rows(&[2], Some(2), None)),
        }))
    };
    (fetched_by(BY_OFFSET, Box::new(fetch)), asked)
}

#[test]
fn asks_again_for_a_page_that_failed_ahead_once_it_is_needed() {
    for status in [401, 500, 503] {
        let (pages, asked) = failing_ahead(status);
        assert_eq!(all(pages), [Ok(1), Ok(2)], "{status}");
        assert_eq!(*asked.lock().unwrap(), [When::Needed, When::Ahead, When::Needed]);
    }
    // That is how a list ends.
    let (pages, asked) = failing_ahead(404);
    assert_eq!(all(pages), [Ok(1)]);
    assert_eq!(*asked.lock().unwrap(), [When::Needed, When::Ahead]);
}

#[test]
fn goes_ahead_only_if_it_is_told_to_and_a_request_would_be_sent_at_once() {
    for (page_ahead, has_turn) in [(true, true), (true, false), (false, true)] {
        let asked = Arc::<Mutex<Vec<When>>>::default();
        let record = asked.clone();
        let fetch = move |request: PageRequest, when| -> Fetching<u64> {
            record.lock().unwrap().push(when);
            let rows: &[u64] = if request.offset == 0 { &[1] } else { &[2] };
            Box::pin(ready(fetched(Rows(rows, Some(2), None))))
        };
        let fetch: Fetch<u64> = Box::new(fetch);
        let pages = ByPage::new("a-list", BY_OFFSET, fetch, true, Box::new(move || has_turn));
        let pages = Pages { pages, items: VecDeque::new() }.page_ahead(page_ahead);
        assert_eq!(all(pages), [Ok(1), Ok(2)]);
        let second = if page_ahead && has_turn { When::Ahead } else { When::Needed };
        assert_eq!(*asked.lock().unwrap(), [When::Needed, second]);
    }
}
