//! Lists against a server that is a closure.

use std::{
    collections::BTreeSet,
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
use reqwest::StatusCode;

use super::{
    ByPage, Course, NoFilters, PageRequest, Paging,
    by_page::{Fetch, Fetched, Fetching, Row, When},
    seen::Key,
    told::Onward,
};
use crate::{Error, ErrorKind, Result};

type Pages = super::Pages<u64, NoFilters>;

/// What the server answers a request with: rows, their count, and what it says of the next page.
enum Reply {
    Rows(Vec<u64>, Option<u64>, Onward),
    Status(u16),
}

use Reply::{Rows, Status};

const BY_OFFSET: Paging = Paging::UNBOUNDED;

fn fetched(reply: Reply) -> Result<Fetched<u64>> {
    let row = |number: u64| {
        let item = if number < 1_000_000 { Ok(number) } else { Err(Error::unexpected("odd")) };
        Row { key: Key::of_id(&number.to_string()), item }
    };
    match reply {
        Rows(rows, total, next) => {
            Ok(Fetched { rows: rows.into_iter().map(row).collect(), total, next })
        }
        Status(status) => Err(failed(status)),
    }
}

fn failed(status: u16) -> Error {
    let kind = if status == 404 { ErrorKind::NotFound } else { ErrorKind::Server };
    Error::builder(kind).status(StatusCode::from_u16(status).unwrap()).build()
}

fn fetched_by(paging: Paging, fetch: Fetch<u64>) -> Pages {
    let course = Course::new("a-list", paging);
    Pages::of(ByPage::new(course, fetch, true, Box::new(|| true)))
}

type Requests = Arc<Mutex<Vec<PageRequest>>>;

/// The list of a server that answers at once, and the requests that it saw.
fn list(
    paging: Paging,
    server: impl Fn(PageRequest, usize) -> Reply + Send + Sync + 'static,
) -> (Pages, Requests) {
    let seen = Requests::default();
    let (record, server) = (seen.clone(), Arc::new(server));
    let fetch = move |request: PageRequest, _, _: &_| -> Fetching<u64> {
        let (record, server) = (record.clone(), server.clone());
        Box::pin(async move {
            let nth = {
                let mut record = record.lock().unwrap();
                record.push(request.clone());
                record.len()
            };
            assert!(nth < 20_000, "the list goes on for ever");
            fetched(server(request, nth))
        })
    };
    (fetched_by(paging, Box::new(fetch)), seen)
}

/// All that a list gives: its items, errors by their kinds.
fn all(pages: impl Stream<Item = Result<u64>>) -> Vec<Result<u64, ErrorKind>> {
    let items = pages.map(|item| item.map_err(|error| error.kind())).collect::<Vec<_>>();
    items.now_or_never().expect("the server answers at once")
}

/// What is asked for of a list: as the server has it at that time.
fn slice(rows: &[u64], paging: Paging, request: &PageRequest) -> Vec<u64> {
    let size = u64::from(request.page_size.unwrap_or(20));
    let told = |name: &str| {
        let told = request.told.iter().flat_map(|told| told.pairs());
        told.filter(|(known, _)| known == name).find_map(|(_, value)| value.parse().ok())
    };
    let (from, size) = match paging {
        Paging::LimitOffset { .. } => (request.offset, request.limit.into()),
        Paging::Page => (u64::from(request.page - 1) * size, size),
        Paging::Cursor { .. } => (told("cursor").unwrap_or(0), size),
        Paging::Whole => (told("offset").unwrap_or(0), 20),
    };
    let from = usize::try_from(from).unwrap();
    rows.iter().copied().skip(from).take(usize::try_from(size).unwrap()).collect()
}

fn link(link: &str) -> Onward {
    Onward::of_link(Some(link.to_owned().into()))
}

/// A list whose rows are changed before each request.
struct Model {
    rows: Vec<u64>,
    paging: Paging,
    counts: bool,
    links: bool,
    not_found: bool,
}

impl Model {
    fn answer(&self, request: &PageRequest) -> Reply {
        let rows = slice(&self.rows, self.paging, request);
        if rows.is_empty() && self.not_found && *request != self.paging.first(None).unwrap() {
            return Status(404);
        }
        let count = self.counts.then_some(self.rows.len() as u64);
        let is_last = rows.last() == self.rows.last();
        let end = rows.last().and_then(|last| self.rows.iter().position(|row| row == last));
        let end = end.map_or(0, |end| end + 1);
        let next = match (self.paging, is_last) {
            (Paging::Cursor { .. }, false) => link(&format!("https://elsewhere/x?cursor={end}")),
            (Paging::Whole, false) => link(&format!("https://elsewhere/x?offset={end}")),
            (_, false) if self.links => link("https://elsewhere/x?page=99"),
            (_, true) if self.links => Onward::End,
            _ => Onward::Unsaid,
        };
        Rows(rows, count, next)
    }
}

/// The list of a model, which `change` changes before each request, by its number from 1 on.
fn changing(
    model: Model,
    change: impl FnMut(&mut Vec<u64>, usize) + Send + 'static,
) -> (Pages, Requests) {
    let paging = model.paging;
    let state = Mutex::new((model, change));
    list(paging, move |request, nth| {
        let (model, change) = &mut *state.lock().unwrap();
        change(&mut model.rows, nth);
        model.answer(&request)
    })
}

fn model(paging: Paging, rows: u64) -> Model {
    Model { rows: (0..rows).collect(), paging, counts: true, links: false, not_found: false }
}

const EVERY_PAGING: [Paging; 4] =
    [BY_OFFSET, Paging::Page, Paging::Cursor { max: None }, Paging::Whole];

#[test]
fn an_unchanged_list_is_read_completely_with_one_request_per_page() {
    for paging in EVERY_PAGING {
        for rows in [0, 1, 2, 19, 20, 21, 199, 200, 201, 400, 1_001] {
            for (counts, links) in [(true, false), (false, true), (true, true)] {
                let (pages, seen) =
                    changing(Model { counts, links, ..model(paging, rows) }, |_, _| {});
                assert_eq!(all(pages), (0..rows).map(Ok).collect::<Vec<_>>(), "{paging:?} {rows}");
                let size = if paging == BY_OFFSET { 200 } else { 20 };
                let requests = seen.lock().unwrap().len() as u64;
                assert_eq!(requests, rows.div_ceil(size).max(1), "{paging:?} {rows}");
            }
        }
    }
}

#[test]
fn a_list_without_count_and_links_ends_with_an_empty_page_or_one_that_is_not_found() {
    for paging in [BY_OFFSET, Paging::Page] {
        for (rows, not_found) in [(1, true), (20, false), (20, true), (401, false), (401, true)] {
            let model = Model { counts: false, not_found, ..model(paging, rows) };
            let (pages, _) = changing(model, |_, _| {});
            assert_eq!(all(pages), (0..rows).map(Ok).collect::<Vec<_>>(), "{paging:?} {rows}");
        }
    }
}

/// What it is, how it is asked for pages, who answers, all items, and how many requests.
type Case =
    (&'static str, Paging, fn(&PageRequest) -> Reply, &'static [Result<u64, ErrorKind>], usize);

fn rows(rows: &[u64], total: Option<u64>) -> Reply {
    Rows(rows.to_vec(), total, Onward::Unsaid)
}

#[test]
fn a_list_that_does_not_agree_with_what_is_said_of_it_is_incomplete() {
    use ErrorKind::{Incomplete, Server as Broken};
    let table: &[Case] = &[
        (
            "an empty page",
            BY_OFFSET,
            |r| {
                if r.offset == 0 { rows(&[1, 2], Some(9)) } else { rows(&[], Some(9)) }
            },
            &[Ok(1), Ok(2), Err(Incomplete)],
            4,
        ),
        (
            "a page that is not found",
            Paging::Page,
            |r| {
                if r.page == 1 { rows(&[1, 2], Some(9)) } else { Status(404) }
            },
            &[Ok(1), Ok(2), Err(Incomplete)],
            3,
        ),
        ("no row at all", BY_OFFSET, |_| rows(&[], Some(5)), &[Err(Incomplete)], 1),
        (
            "the same page",
            BY_OFFSET,
            |_| rows(&[1, 2], Some(9)),
            &[Ok(1), Ok(2), Err(Incomplete)],
            2,
        ),
        (
            "the same page, by number",
            Paging::Page,
            |_| rows(&[1, 2], Some(9)),
            &[Ok(1), Ok(2), Err(Incomplete)],
            2,
        ),
        (
            "the same page, and a promise",
            Paging::Page,
            |_| Rows(vec![1, 2], None, link("/?page=9")),
            &[Ok(1), Ok(2), Err(Incomplete)],
            2,
        ),
        (
            "a circle",
            Paging::Page,
            |r| Rows(vec![u64::from(r.page % 3)], None, link("/?page=9")),
            &[Ok(1), Ok(2), Ok(0), Err(Incomplete)],
            4,
        ),
        (
            "a promise that is not kept",
            Paging::Page,
            |r| match r.page {
                1 => Rows(vec![1], None, link("/?page=2")),
                _ => Status(404),
            },
            &[Ok(1), Err(Incomplete)],
            2,
        ),
        (
            "a whole list that is none",
            Paging::Whole,
            |_| rows(&[1, 2], Some(9)),
            &[Ok(1), Ok(2), Err(Incomplete)],
            1,
        ),
        (
            "a link that can't be followed",
            Paging::Whole,
            |_| Rows(vec![1], None, link("https://h/")),
            &[Ok(1), Err(Incomplete)],
            1,
        ),
        (
            "a cursor that comes again",
            Paging::Cursor { max: None },
            |r| Rows(vec![u64::from(r.told.is_some())], None, link("/?cursor=c")),
            &[Ok(0), Ok(1), Err(Incomplete)],
            2,
        ),
        (
            "an absurd count",
            BY_OFFSET,
            |r| {
                if r.offset == 0 { rows(&[1], Some(u64::MAX)) } else { rows(&[], Some(u64::MAX)) }
            },
            &[Ok(1), Err(Incomplete)],
            2,
        ),
        (
            "an error",
            BY_OFFSET,
            |r| {
                if r.offset == 0 { rows(&[1, 2], Some(9)) } else { Status(500) }
            },
            &[Ok(1), Ok(2), Err(Broken)],
            3,
        ),
        ("a list that is not found", Paging::Page, |_| Status(404), &[Err(ErrorKind::NotFound)], 1),
    ];
    for (what, paging, server, expected, requests) in table {
        let (pages, seen) = list(*paging, |request, _| server(&request));
        assert_eq!(all(pages), *expected, "{what}");
        assert_eq!(seen.lock().unwrap().len(), *requests, "{what}");
    }
}

#[test]
fn a_list_that_has_a_count_once_is_held_against_it_when_it_is_read_again() {
    let (pages, _) = list(Paging::Page, |request, nth| match (request.page, nth) {
        (1, 1) => rows(&[1, 2], Some(7)),
        // It shifts, so that it is read once more.
        (2, 2) => rows(&[2, 3], Some(6)),
        (1, _) => rows(&[1, 2], None),
        _ => rows(&[], None),
    });
    let came = all(pages);
    assert_eq!(came, [Ok(1), Ok(2), Ok(3), Err(ErrorKind::Incomplete)]);
}

#[test]
fn a_list_that_agrees_with_its_last_page_ends_without_an_error() {
    let table: &[Case] = &[
        (
            "the count is believed more than links",
            BY_OFFSET,
            |_| Rows(vec![1, 2], Some(2), link("/?offset=2")),
            &[Ok(1), Ok(2)],
            1,
        ),
        (
            "a server that ignores the paging",
            Paging::Page,
            |_| rows(&[1, 2], None),
            &[Ok(1), Ok(2)],
            2,
        ),
        (
            "pages of a row each",
            BY_OFFSET,
            |r| rows(&[r.offset], Some(3)),
            &[Ok(0), Ok(1), Ok(2)],
            3,
        ),
        (
            "short pages",
            BY_OFFSET,
            |r| {
                let rest: Vec<u64> = (r.offset..9.min(r.offset + 3)).collect();
                rows(&rest, Some(9))
            },
            &[Ok(0), Ok(1), Ok(2), Ok(3), Ok(4), Ok(5), Ok(6), Ok(7), Ok(8)],
            4,
        ),
        (
            "a whole list has what it has",
            Paging::Whole,
            |_| rows(&[1, 1, 2], Some(3)),
            &[Ok(1), Ok(1), Ok(2)],
            1,
        ),
        (
            "an odd row is an error in its place",
            BY_OFFSET,
            |_| rows(&[1, 1_000_000, 2], Some(3)),
            &[Ok(1), Err(ErrorKind::UnexpectedAnswer), Ok(2)],
            1,
        ),
    ];
    for (what, paging, server, expected, requests) in table {
        let (pages, seen) = list(*paging, |request, _| server(&request));
        assert_eq!(all(pages), *expected, "{what}");
        assert_eq!(seen.lock().unwrap().len(), *requests, "{what}");
    }
}

/// Checks a list that changed: no row twice, and none lost of those that were there all the time,
/// unless it says that it is incomplete. Returns whether it came whole.
fn came_well(items: &[Result<u64, ErrorKind>], there: &BTreeSet<u64>, what: &str) -> bool {
    let given: Vec<u64> = items.iter().filter_map(|item| item.ok()).collect();
    let distinct: BTreeSet<u64> = given.iter().copied().collect();
    assert_eq!(given.len(), distinct.len(), "{what}: a row came twice");
    match items.iter().find_map(|item| item.err()) {
        Some(kind) => {
            assert_eq!(kind, ErrorKind::Incomplete, "{what}");
            false
        }
        None => {
            let lost: Vec<_> = there.difference(&distinct).collect();
            assert!(lost.is_empty(), "{what}: lost {lost:?} in silence");
            true
        }
    }
}

#[test]
fn no_row_is_lost_and_none_comes_twice_while_rows_are_deleted_or_inserted_at_random() {
    let (mut whole, mut runs, mut costly) = (0, 0, 0.0_f64);
    for seed in 0..400 {
        for paging in [BY_OFFSET, Paging::Page] {
            for counts in [true, false] {
                if paging == Paging::Page && !counts {
                    continue;
                }
                let what = format!("seed {seed}, {paging:?}, counts: {counts}");
                let mut random = fastrand::Rng::with_seed(seed);
                let count = random.u64(1..3_000);
                let (inserts, most) = (random.bool(), random.usize(0..12));
                let there = Arc::new(Mutex::new((0..count).collect::<BTreeSet<u64>>()));
                let left = there.clone();
                let mut fresh = 100_000;
                let model = Model { counts, not_found: random.bool(), ..model(paging, count) };
                let (pages, seen) = changing(model, move |rows, nth| {
                    if nth == 1 {
                        return;
                    }
                    for _ in 0..random.usize(0..=most) {
                        if inserts {
                            fresh += 1;
                            rows.insert(random.usize(0..=rows.len()), fresh);
                        } else if !rows.is_empty() {
                            let gone = rows.remove(random.usize(0..rows.len()));
                            left.lock().unwrap().remove(&gone);
                        }
                    }
                });
                let items = all(pages);
                whole += usize::from(came_well(&items, &there.lock().unwrap(), &what));
                runs += 1;
                let size = if paging == BY_OFFSET { 200 } else { 20 };
                let requests = seen.lock().unwrap().len() as f64;
                costly = costly.max(requests / (count as f64 / f64::from(size) + 20.0));
            }
        }
    }
    assert_eq!(whole, runs, "all lists were complete");
    assert!(costly < 8.0, "{costly} times as many requests as pages");
}

#[test]
fn a_list_whose_rows_leave_it_as_they_are_handled_loses_none() {
    // Every submission that awaits review is approved, and so leaves the list of such.
    for (paging, not_found) in
        [(BY_OFFSET, false), (BY_OFFSET, true), (Paging::Page, false), (Paging::Page, true)]
    {
        for page_ahead in [false, true] {
            let handled = Arc::<Mutex<BTreeSet<u64>>>::default();
            let gone = handled.clone();
            let model = Model { not_found, ..model(paging, 1_000) };
            let (pages, _) = changing(model, move |rows, _| {
                let gone = gone.lock().unwrap();
                rows.retain(|row| !gone.contains(row));
            });
            let mut pages = pages.page_ahead(page_ahead).page_size(20);
            let mut items = Vec::new();
            while let Some(item) = pages.next().now_or_never().unwrap() {
                if let Ok(row) = item {
                    handled.lock().unwrap().insert(row);
                }
                items.push(item.map_err(|error| error.kind()));
            }
            let what = format!("{paging:?}, not found: {not_found}, ahead: {page_ahead}");
            assert!(came_well(&items, &(0..1_000).collect(), &what), "{what}: {}", items.len());
        }
    }
}

#[test]
fn a_list_resorted_between_pages_is_complete_or_an_error() {
    for paging in [BY_OFFSET, Paging::Page] {
        for seed in 0..50 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (pages, _) = changing(model(paging, 1_000), move |rows, _| random.shuffle(rows));
            let what = format!("seed {seed}, {paging:?}");
            came_well(&all(pages), &(0..1_000).collect(), &what);
        }
    }
}

#[test]
fn repeated_and_missing_rows_are_detected() {
    // The order changes once, between the first page and the second.
    for paging in [BY_OFFSET, Paging::Page] {
        let (pages, _) = changing(model(paging, 500), |rows, nth| {
            if nth == 2 {
                rows.swap(3, 450);
            }
        });
        let given: BTreeSet<u64> = all(pages).into_iter().map(Result::unwrap).collect();
        assert_eq!(given, (0..500).collect(), "{paging:?}");
    }
}

#[test]
fn a_hostile_list_ends() {
    // Counts that go up and down, and rows that never are where they were.
    for paging in EVERY_PAGING {
        let (pages, seen) = list(paging, move |_, nth| {
            let nth = nth as u64;
            let total = Some(1_000_000 - 100 * (nth % 7));
            Rows(
                (0..50).map(|row| (nth * row * 7_919) % 997).collect(),
                total,
                link("?offset=7&cursor=7"),
            )
        });
        assert_eq!(all(pages).last(), Some(&Err(ErrorKind::Incomplete)), "{paging:?}");
        let requests = seen.lock().unwrap().len();
        assert!(requests < 5_000, "{paging:?}: {requests} requests");
    }
}

#[test]
fn a_list_beyond_the_tracked_rows_stops_and_resumes_from_its_position() {
    for paging in EVERY_PAGING {
        let list = || changing(Model { links: true, ..model(paging, 1_000) }, |_, _| {}).0;
        let (mut given, mut from, mut stops) = (Vec::new(), None, 0);
        loop {
            let mut pages = list();
            pages.pages.course().set_most_rows(300);
            if let Some(position) = from.take() {
                pages = pages.resume_from(position);
            }
            let items: Vec<_> = pages.collect::<Vec<_>>().now_or_never().unwrap();
            for item in items {
                match item {
                    Ok(row) => given.push(row),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Incomplete);
                        assert_eq!(error.rows_received(), Some(given.len() as u64));
                        from = error.position().cloned();
                    }
                }
            }
            match from {
                Some(_) => stops += 1,
                None => break,
            }
        }
        assert_eq!(given, (0..1_000).collect::<Vec<_>>(), "{paging:?}");
        assert!(stops >= 2, "{paging:?}");
    }
}

#[test]
fn a_list_resumes_from_every_position() {
    for paging in EVERY_PAGING {
        let list = || changing(Model { links: true, ..model(paging, 450) }, |_, _| {}).0;
        for taken in [0, 1, 19, 20, 21, 199, 200, 201, 449, 450] {
            let mut pages = list();
            let mut given = Vec::new();
            for _ in 0..taken {
                given.push(pages.next().now_or_never().unwrap().unwrap().unwrap());
            }
            let position = pages.position();
            assert_eq!(position.rows(), taken);
            let kept: super::Position = position.to_string().parse().unwrap();
            assert_eq!(kept, position);
            given.extend(all(list().resume_from(kept)).into_iter().map(Result::unwrap));
            assert_eq!(given, (0..450).collect::<Vec<_>>(), "{paging:?} after {taken}");
        }
    }
}

#[test]
fn pages_and_errors_have_the_position_to_resume_from() {
    for (paging, offset, page) in [(BY_OFFSET, 399, 0), (Paging::Page, 0, 3)] {
        let broken = move |request: &PageRequest| match paging {
            BY_OFFSET => request.offset == offset,
            _ => request.page == page,
        };
        let fails = Arc::new(AtomicUsize::new(2));
        let list = || {
            let (fails, model) = (fails.clone(), model(paging, 1_000));
            list(paging, move |request, _| {
                if broken(&request) && fails.load(Ordering::Relaxed) > 0 {
                    fails.fetch_sub(1, Ordering::Relaxed);
                    return Status(503);
                }
                model.answer(&request)
            })
            .0
        };
        let mut pages = list().by_page();
        let mut given = Vec::new();
        let error = loop {
            match pages.next().now_or_never().unwrap().unwrap() {
                Ok(page) => {
                    assert_eq!(page.position, pages.position());
                    given.extend(page.items);
                }
                Err(error) => break error,
            }
        };
        assert_eq!(error.rows_received(), Some(given.len() as u64));
        assert_eq!(error.rows_expected(), Some(1_000));
        assert_eq!(error.position(), Some(&pages.position()));
        let rest = list().resume_from(error.position().unwrap().clone());
        given.extend(all(rest).into_iter().map(Result::unwrap));
        assert_eq!(given, (0..1_000).collect::<Vec<_>>(), "{paging:?}");
    }
}

#[test]
fn a_list_that_changed_since_its_position_loses_no_row() {
    for paging in [BY_OFFSET, Paging::Page] {
        for (gone, twice) in [(0..1, false), (0..100, false), (299..300, true), (0..400, true)] {
            let mut pages = changing(model(paging, 1_000), |_, _| {}).0;
            for _ in 0..300 {
                pages.next().now_or_never().unwrap();
            }
            let position = pages.position();
            let mut model = model(paging, 1_000);
            model.rows.retain(|row| !gone.contains(row));
            let expected: BTreeSet<u64> = (300.max(gone.end)..1_000).collect();
            let rest = all(changing(model, |_, _| {}).0.resume_from(position));
            let rest: BTreeSet<u64> = rest.into_iter().map(Result::unwrap).collect();
            assert!(rest.is_superset(&expected), "{paging:?} without {gone:?}");
            assert!(
                twice
                    || rest == expected
                    || paging == BY_OFFSET
                    || rest.len() == 1_000 - gone.count()
            );
        }
    }
}

#[test]
fn a_list_with_a_gap_before_its_position_starts_over_when_it_is_resumed() {
    let is_wrong = Arc::new(AtomicUsize::new(1));
    let wrong = is_wrong.clone();
    let lists = move || {
        let wrong = wrong.clone();
        list(Paging::Page, move |request, _| match (request.page, wrong.load(Ordering::Relaxed)) {
            (1, _) => rows(&[1, 2], Some(6)),
            (2, 0) => rows(&[3, 4], Some(6)),
            (2 | 3, _) => rows(&[5, 6], Some(6)),
            _ => Status(404),
        })
    };
    let (mut pages, _) = lists();
    let first: Vec<_> = all(&mut pages);
    assert_eq!(first, [Ok(1), Ok(2), Ok(5), Ok(6), Err(ErrorKind::Incomplete)]);
    let position = pages.position();
    let again = all(lists().0.resume_from(position.clone()));
    assert_eq!(again.last(), Some(&Err(ErrorKind::Incomplete)), "{again:?}");
    is_wrong.store(0, Ordering::Relaxed);
    let rest: BTreeSet<u64> =
        all(lists().0.resume_from(position)).into_iter().map(Result::unwrap).collect();
    let first: BTreeSet<u64> = first.into_iter().filter_map(Result::ok).collect();
    assert_eq!(&rest | &first, (1..=6).collect());
}

#[test]
fn a_position_of_another_list_is_refused() {
    let other = r#"{"of":"another-list","rows":1,"last":7}"#.parse::<super::Position>().unwrap();
    let (pages, seen) = changing(model(BY_OFFSET, 3), |_, _| {});
    assert_eq!(all(pages.resume_from(other)), [Err(ErrorKind::InvalidInput)]);
    assert!(seen.lock().unwrap().is_empty());
    let told = r#"{"of":"a-list","rows":1,"last":7,"told":[["study_id","x"]]}"#;
    let (pages, _) = changing(model(Paging::Whole, 3), |_, _| {});
    assert_eq!(all(pages.resume_from(told.parse().unwrap())), [Err(ErrorKind::InvalidInput)]);
    for text in ["", "7", "{}", r#"{"of":"a","rows":-1}"#, r#"{"of":"a","rows":1,"more":1}"#] {
        let error = text.parse::<super::Position>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text}");
    }
}

#[test]
fn too_many_unreadable_rows_end_a_list() {
    let (pages, _) = changing(
        Model { rows: (1_000_000..1_002_000).collect(), ..model(BY_OFFSET, 0) },
        |_, _| {},
    );
    let items = all(pages);
    assert!((1_001..1_300).contains(&items.len()), "{}", items.len());
}

#[test]
fn pages_come_with_their_count_and_with_what_could_not_be_read() {
    let (pages, _) = list(BY_OFFSET, |request, _| match request.offset {
        0 => rows(&[1, 1_000_000], Some(3)),
        _ => rows(&[1_000_000, 2], Some(3)),
    });
    let pages: Vec<_> = pages.by_page().map(Result::unwrap).collect().now_or_never().unwrap();
    let parts = |page: &super::Page<u64>| (page.items.clone(), page.unreadable.len(), page.total);
    assert_eq!(
        pages.iter().map(parts).collect::<Vec<_>>(),
        [(vec![1], 1, Some(3)), (vec![2], 0, Some(3))]
    );
    assert_eq!(pages[0].unreadable[0].rows_received(), Some(2));
}

#[test]
fn collects_all_or_fails() {
    let (pages, _) = changing(model(BY_OFFSET, 450), |_, _| {});
    let whole = pages.collect_all().now_or_never().unwrap().unwrap();
    assert_eq!(whole, (0..450).collect::<Vec<_>>());
    let (pages, _) = list(Paging::Whole, |_, _| rows(&[1, 2], Some(9)));
    let error = pages.collect_all().now_or_never().unwrap().unwrap_err();
    assert_eq!((error.rows_received(), error.rows_expected()), (Some(2), Some(9)));
}

#[test]
fn a_list_without_items_is_one_page_without_any() {
    let (pages, _) = changing(model(BY_OFFSET, 0), |_, _| {});
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
        (Paging::Page, Some(7), Some((7, Some(7)))),
        (Paging::Page, Some(0), None),
        (Paging::Cursor { max: Some(50) }, Some(50), Some((50, Some(50)))),
        (Paging::Cursor { max: Some(50) }, Some(51), None),
        (Paging::Whole, Some(7), None),
    ];
    for (paging, size, expected) in table {
        let (mut pages, seen) = list(paging, |_, _| rows(&[], None));
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

/// A list whose second page never comes, and how many requests are in flight.
fn stuck() -> (Pages, Arc<AtomicUsize>) {
    struct UnderWay(Arc<AtomicUsize>);
    impl Drop for UnderWay {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let count = Arc::<AtomicUsize>::default();
    let counted = count.clone();
    let fetch = move |request: PageRequest, _, _: &_| -> Fetching<u64> {
        let counted = counted.clone();
        Box::pin(async move {
            counted.fetch_add(1, Ordering::Relaxed);
            let _under_way = UnderWay(counted);
            if request.offset == 0 {
                ready(()).await
            } else {
                pending().await
            }
            fetched(rows(&[1, 2], None))
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
    let (pages, seen) = changing(model(BY_OFFSET, 6), |_, _| {});
    let mut pages = pages.page_size(2);
    for expected in [2, 2, 3, 3] {
        assert!(matches!(poll(&mut pages), Poll::Ready(Some(Ok(_)))));
        assert_eq!(seen.lock().unwrap().len(), expected);
    }
}

#[test]
fn a_list_stays_at_its_end() {
    for status in [None, Some(500)] {
        let answer = move |_, _| status.map_or_else(|| rows(&[], None), Status);
        let (mut pages, seen) = list(BY_OFFSET, answer);
        assert!(!pages.is_terminated());
        while !matches!(poll(&mut pages), Poll::Ready(None)) {}
        assert!(pages.is_terminated());
        assert!(matches!(poll(&mut pages), Poll::Ready(None)));
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
}

/// A list of two pages, of which the second fails when it is asked for ahead, and its requests.
fn failing_ahead(status: u16) -> (Pages, Arc<Mutex<Vec<When>>>) {
    let asked = Arc::<Mutex<Vec<When>>>::default();
    let record = asked.clone();
    let fetch = move |request: PageRequest, when, _: &_| -> Fetching<u64> {
        record.lock().unwrap().push(when);
        Box::pin(ready(match (request.offset, when) {
            (0, _) => fetched(rows(&[1], Some(2))),
            (_, When::Ahead) => fetched(Status(status)),
            (_, When::Needed) => fetched(rows(&[2], Some(2))),
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
    // That is an answer: the list ends there, which is too early.
    let (pages, asked) = failing_ahead(404);
    assert_eq!(all(pages), [Ok(1), Err(ErrorKind::Incomplete)]);
    assert_eq!(*asked.lock().unwrap(), [When::Needed, When::Ahead]);
}

#[test]
fn requests_a_page_ahead_only_if_set_and_if_it_would_be_sent_at_once() {
    for (page_ahead, has_turn) in [(true, true), (true, false), (false, true)] {
        let asked = Arc::<Mutex<Vec<When>>>::default();
        let record = asked.clone();
        let fetch = move |request: PageRequest, when, _: &_| -> Fetching<u64> {
            record.lock().unwrap().push(when);
            let row = if request.offset == 0 { 1 } else { 2 };
            Box::pin(ready(fetched(rows(&[row], Some(2)))))
        };
        let fetch: Fetch<u64> = Box::new(fetch);
        let course = Course::new("a-list", BY_OFFSET);
        let pages = ByPage::new(course, fetch, true, Box::new(move || has_turn));
        let pages = Pages::of(pages).page_ahead(page_ahead);
        assert_eq!(all(pages), [Ok(1), Ok(2)]);
        let second = if page_ahead && has_turn { When::Ahead } else { When::Needed };
        assert_eq!(*asked.lock().unwrap(), [When::Needed, second]);
    }
}
