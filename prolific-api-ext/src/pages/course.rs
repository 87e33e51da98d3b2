//! Where a list continues, and whether it ended completely.
//!
//! A list is complete only if it agrees with the server: it has at least as many rows as the last
//! count, or, without a count, no page promises another. Rows that shift while they are read show
//! in three ways, and each time what may have been skipped is read again:
//!
//! - A page by offset starts with the last row of the page before. If it starts with an unknown
//!   row, earlier rows were deleted: the offset moves back, and the overlap grows.
//! - A page by number has a lower count than the page before: that many rows may have moved to
//!   pages already read.
//! - A promised page is empty, or not found.
//!
//! If that does not settle it, the list is read once more from its beginning.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::{
    position::Position,
    request::{PageRequest, Paging},
    seen::{Key, Seen},
    told::{Onward, Told},
};
use crate::{Error, Result};

/// How many rows of a list are tracked, and so how many it may have.
pub(super) const MOST_ROWS: usize = 1_000_000;
/// How many times in a row the offset may move back.
const MOST_STEPS_BACK: u32 = 4;
/// How many times a list that shifted is read again from its beginning.
const MOST_PASSES: u32 = 3;

/// What the bookkeeping needs of a page.
pub(super) struct Facts<'a> {
    pub(super) keys: &'a [Key],
    pub(super) total: Option<u64>,
    pub(super) next: &'a Onward,
}

/// The verdict on a page.
pub(super) struct Judgement {
    /// Which of its rows are new.
    pub(super) is_new: Vec<bool>,
    pub(super) then: Then,
}

/// What follows a page.
#[derive(Debug)]
pub(super) enum Then {
    Ask(PageRequest),
    End,
    Fail(Error),
}

/// The state of lists paged by number.
#[derive(Default)]
struct Numbered {
    /// The number of rows up to the end of the furthest page.
    end: u64,
    /// The count at the furthest page, and at the one before.
    total: Option<u64>,
    total_before: Option<u64>,
    /// The number of rows when the page after the furthest was found to be missing.
    came_at_missing: Option<u64>,
}

/// The bookkeeping of a list.
pub(super) struct Course {
    operation: &'static str,
    paging: Paging,
    size: Option<u32>,
    /// Where the list was started or resumed.
    start: Option<PageRequest>,
    /// The last row before the position it was resumed from, until it is found.
    place: Option<u64>,
    /// Whether rows before the position it was resumed from count as received.
    is_resumed: bool,
    seen: Seen,
    /// The number of distinct rows so far.
    came: u64,
    total: Option<u64>,
    /// The count at the start of this pass.
    total_at_start: Option<u64>,
    /// The number of rows in this pass that had come before, without being requested again.
    repeats: u64,
    overlap: u64,
    /// How far the rows were read: to this offset or page.
    frontier: u64,
    numbered: Numbered,
    /// The number of rows of the largest page.
    largest: u64,
    /// The number of rows before the position it was resumed from.
    rows_at_start: u64,
    /// The pages of this pass, each by a hash of its keys.
    pages: HashSet<u64>,
    /// The requests of this pass, each by its hash.
    told: HashSet<u64>,
    /// Whether the last page promised another.
    follows: Option<bool>,
    steps_back: u32,
    /// The number of pages with new rows, and of pages requested again.
    pages_with_news: u64,
    pages_again: u64,
    /// The number of rows when the offset last moved back, and whether a page with rows has come
    /// since.
    came_at_step_back: Option<u64>,
    has_page_since: bool,
    passes: u32,
    /// Whether there is a sign that the list changed while it was read.
    has_shifted: bool,
    /// Whether the count changed.
    has_recounted: bool,
    /// Whether skipped rows were not searched for yet.
    has_gap: bool,
}

impl Course {
    pub(super) fn new(operation: &'static str, paging: Paging) -> Self {
        Self {
            operation,
            paging,
            size: None,
            start: None,
            place: None,
            is_resumed: false,
            seen: Seen::new(MOST_ROWS),
            came: 0,
            total: None,
            total_at_start: None,
            repeats: 0,
            overlap: 1,
            frontier: 0,
            numbered: Numbered::default(),
            largest: 0,
            rows_at_start: 0,
            pages: HashSet::new(),
            told: HashSet::new(),
            follows: None,
            steps_back: 0,
            pages_with_news: 0,
            pages_again: 0,
            came_at_step_back: None,
            has_page_since: false,
            passes: 1,
            has_shifted: false,
            has_recounted: false,
            has_gap: false,
        }
    }

    pub(super) fn operation(&self) -> &'static str {
        self.operation
    }

    pub(super) fn set_size(&mut self, size: u32) {
        self.size = Some(size);
    }

    #[cfg(test)]
    pub(super) fn set_most_rows(&mut self, most: usize) {
        self.seen = Seen::new(most);
    }

    /// The number of rows so far.
    pub(super) fn came(&self) -> u64 {
        self.came
    }

    /// The server's last count.
    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    /// The first request, of a list that may be resumed.
    pub(super) fn first(&mut self, from: Option<Position>) -> Result<PageRequest> {
        let mut first = self.paging.first(self.size).map_err(|error| error.of(self.operation))?;
        if let Some(from) = from {
            self.go_to(&mut first, from).map_err(|error| error.of(self.operation))?;
        }
        self.frontier = self.place_of(&first);
        self.start = Some(first.clone());
        Ok(first)
    }

    fn go_to(&mut self, first: &mut PageRequest, from: Position) -> Result<()> {
        let Position { of, rows, last, offset, page, told } = from;
        if of != self.operation {
            return Err(Error::invalid_input("the position belongs to another list"));
        }
        let told = Told::of_pairs(told);
        let page = u32::try_from(page);
        let (Some(told), Ok(page)) = (told, page) else {
            return Err(Error::invalid_input("the position is not one that a list could have had"));
        };
        if last.is_none() {
            return Ok(());
        }
        (self.place, self.is_resumed) = (last, true);
        (self.came, self.rows_at_start) = (rows, rows);
        match self.paging {
            Paging::LimitOffset { .. } => {
                first.offset = offset.saturating_sub(1);
                first.limit = self.paging.limit(self.size, 1);
            }
            Paging::Page => first.page = page.max(1),
            Paging::Cursor { .. } | Paging::Whole => {
                first.told = (!told.pairs().is_empty()).then_some(told);
            }
        }
        Ok(())
    }

    /// The position after a row of a page, or after all of them.
    pub(super) fn position(&self, request: &PageRequest, at: u64, key: u64, rows: u64) -> Position {
        let mut position = Position::start(self.operation);
        (position.rows, position.last) = (rows, Some(key));
        match self.paging {
            Paging::LimitOffset { .. } => position.offset = request.offset + at,
            Paging::Page => position.page = request.page.into(),
            Paging::Cursor { .. } | Paging::Whole => {
                position.told =
                    request.told.as_ref().map_or(Vec::new(), |told| told.pairs().into());
            }
        }
        position
    }

    /// Decides what a page means.
    pub(super) fn page(&mut self, request: &PageRequest, facts: &Facts<'_>) -> Judgement {
        let keys = facts.keys;
        let mut is_new = vec![false; keys.len()];
        self.follows = facts.next.follows();
        self.note_total(facts.total);
        let Some(passed) = self.find_place(keys) else {
            return Judgement { is_new, then: self.begin_anew() };
        };
        if keys.is_empty() {
            return Judgement { is_new, then: self.missing(request) };
        }
        self.has_page_since = true;
        let is_again = self.is_again(request);
        let is_stuck = !self.pages.insert(hash_of_page(keys));
        if is_stuck && !(is_again && self.paging == Paging::Page) {
            return Judgement { is_new, then: self.stuck(request, facts) };
        }
        if passed > 0 {
            self.rows_at_start = self.rows_at_start.saturating_sub(passed as u64);
            self.numbered.end = self.rows_at_start;
        }
        if request.overlap > 0 && !self.seen.contains(keys[0]) {
            // Rows before the page were deleted. It comes again.
            self.has_shifted = true;
            if let Some(request) = self.step_back(request, keys.len() as u64) {
                return Judgement { is_new, then: Then::Ask(request) };
            }
            self.has_gap |= request.offset > 0;
        }
        let overlapped =
            if is_again || self.passes > 1 { keys.len() as u64 } else { request.overlap };
        for (at, (key, is_new)) in keys.iter().zip(&mut is_new).enumerate() {
            let may_repeat = (at as u64) < overlapped || at < passed;
            let is_unseen = self.seen.insert(*key) || self.is_given_whole(request);
            *is_new = at >= passed && (is_unseen || !(key.is_id || may_repeat));
            self.repeats += u64::from(!*is_new && !may_repeat);
        }
        let new = is_new.iter().filter(|is_new| **is_new).count() as u64;
        self.came += new;
        if new > 0 {
            self.steps_back = 0;
            self.pages_with_news += 1;
            self.has_shifted |= is_again;
        }
        let rows = keys.len() as u64;
        self.advance(request, rows);
        let then = match self.paging {
            Paging::LimitOffset { .. } => {
                let next = self.next_by_offset(request, rows, new);
                self.ask_or_end(next)
            }
            Paging::Page => self.step_back_by_page(request, rows),
            Paging::Cursor { .. } | Paging::Whole => {
                let next = self.next_as_told(request, facts.next);
                self.ask_or_end(next)
            }
        };
        match then {
            Then::Ask(_) if self.seen.is_full() => {
                Judgement { is_new, then: Then::Fail(self.too_many()) }
            }
            then => Judgement { is_new, then },
        }
    }

    /// Decides what a missing page means. `None` if it is the first, and so the list itself.
    pub(super) fn not_found(&mut self, request: &PageRequest) -> Option<Then> {
        if self.place.take().is_some() {
            return Some(self.begin_anew());
        }
        let is_first = self.pages.is_empty() && self.passes == 1 && self.steps_back == 0;
        (!is_first).then(|| self.missing(request))
    }

    /// Whether the page was read before in this pass.
    fn is_again(&self, request: &PageRequest) -> bool {
        match self.paging {
            Paging::LimitOffset { .. } => request.offset + request.overlap < self.frontier,
            Paging::Page => self.place_of(request) < self.frontier,
            Paging::Cursor { .. } | Paging::Whole => false,
        }
    }

    /// Whether the page is a whole list, whose rows are final.
    fn is_given_whole(&self, request: &PageRequest) -> bool {
        self.paging == Paging::Whole && request.told.is_none() && self.passes == 1
    }

    fn place_of(&self, request: &PageRequest) -> u64 {
        match self.paging {
            Paging::Page => u64::from(request.page).saturating_sub(1),
            _ => request.offset,
        }
    }

    fn note_total(&mut self, total: Option<u64>) {
        let Some(total) = total else { return };
        let before = self.total.replace(total);
        self.total_at_start.get_or_insert(total);
        self.has_recounted |= before.is_some_and(|before| before != total);
        self.has_shifted |= self.has_recounted;
    }

    /// How many rows of the page are before the position to resume from. `None` if that is not
    /// found.
    fn find_place(&mut self, keys: &[Key]) -> Option<usize> {
        let Some(place) = self.place.take() else { return Some(0) };
        keys.iter().rposition(|key| key.hash == place).map(|at| at + 1)
    }

    /// Reads a resumed list from its beginning: its position is lost, or rows before it are missing.
    fn begin_anew(&mut self) -> Then {
        match self.paging.first(self.size) {
            Ok(first) => {
                (self.is_resumed, self.rows_at_start, self.passes) = (false, 0, 1);
                (self.came, self.total) = (self.seen.len(), None);
                self.start = Some(first.clone());
                self.begin_pass(first)
            }
            Err(error) => Then::Fail(error.of(self.operation)),
        }
    }

    fn begin_pass(&mut self, first: PageRequest) -> Then {
        (self.has_shifted, self.has_recounted, self.has_gap) = (false, false, false);
        (self.frontier, self.steps_back) = (self.place_of(&first), 0);
        self.came_at_step_back = None;
        self.numbered = Numbered { end: self.rows_at_start, ..Numbered::default() };
        (self.total_at_start, self.repeats) = (None, 0);
        self.pages.clear();
        self.told.clear();
        Then::Ask(first)
    }

    fn ask_or_end(&mut self, next: Option<PageRequest>) -> Then {
        next.map_or_else(|| self.pass_ended(), Then::Ask)
    }

    /// Records how far the rows were read.
    fn advance(&mut self, request: &PageRequest, rows: u64) {
        let place = self.place_of(request);
        self.largest = self.largest.max(rows);
        if self.paging != Paging::Page {
            self.frontier = self.frontier.max(place + rows);
            return;
        }
        let numbered = &mut self.numbered;
        if place >= self.frontier {
            self.frontier = place + 1;
            numbered.end += rows;
            numbered.total_before = numbered.total.take();
            numbered.total = self.total;
            numbered.came_at_missing = None;
        }
    }

    fn next_by_offset(&self, request: &PageRequest, rows: u64, new: u64) -> Option<PageRequest> {
        let end = request.offset + rows;
        let goes_on = match self.total {
            Some(total) => end < total,
            // A list without a count ends with its last rows alone.
            None => self.follows.unwrap_or(new > 0 || rows >= self.largest),
        };
        let overlap = self.overlap.min(rows.saturating_sub(1));
        let limit = self.paging.limit(self.size, overlap);
        goes_on.then(|| PageRequest { offset: end - overlap, limit, overlap, ..request.clone() })
    }

    fn next_as_told(&mut self, request: &PageRequest, next: &Onward) -> Option<PageRequest> {
        let is_whole = self.total.is_some_and(|total| self.came >= total);
        match next {
            Onward::Told(told)
                if (!is_whole || self.has_shifted || self.repeats > 0)
                    && self.told.insert(hash_of(told)) =>
            {
                Some(PageRequest { told: Some(told.clone()), ..request.clone() })
            }
            _ => None,
        }
    }

    /// Reads pages before the furthest again, one by one, as far as rows may have moved according
    /// to the count. Then continues.
    fn step_back_by_page(&mut self, request: &PageRequest, rows: u64) -> Then {
        let Numbered { total_before, came_at_missing, .. } = self.numbered;
        let furthest = self.frontier + u64::from(came_at_missing.is_some());
        let back = furthest.saturating_sub(request.page.into());
        let fell = total_before.zip(self.total).map_or(0, |(was, is)| was.saturating_sub(is));
        let is_settled = rows > 0 && back >= fell.div_ceil(self.largest.max(1));
        let start = self.start.as_ref().map_or(1, |start| start.page);
        if !is_settled && request.page > start {
            if self.may_ask_again(1) {
                return Then::Ask(PageRequest { page: request.page - 1, ..request.clone() });
            }
            self.has_gap = true;
        }
        // Rows that moved since the furthest page came are looked for behind it.
        let goes_on = match self.numbered.came_at_missing.take() {
            Some(came) => came < self.came && Some(self.numbered.end) < self.total,
            None => match self.numbered.total {
                Some(total) => self.numbered.end < total,
                None => self.follows.unwrap_or(true),
            },
        };
        let next = u32::try_from(self.frontier + 1).ok().filter(|_| goes_on);
        self.ask_or_end(next.map(|page| PageRequest { page, ..request.clone() }))
    }

    /// Whether that many pages may be requested again: in total about twice as many as there are.
    fn may_ask_again(&mut self, pages: u64) -> bool {
        const ALWAYS: u64 = 100;
        let most = ALWAYS + 2 * self.pages_with_news;
        let may = self.pages_again.saturating_add(pages) <= most;
        if may {
            self.pages_again += pages;
        }
        may
    }

    /// The request that reads again what is before a position, a few times at most.
    fn step_back(&mut self, request: &PageRequest, rows: u64) -> Option<PageRequest> {
        let start = self.start.as_ref().map_or(0, |start| start.offset);
        if request.offset <= start {
            return None;
        }
        let has_found_nothing = self.came_at_step_back == Some(self.came) && self.has_page_since;
        let factor = 1 << (2 * self.steps_back.min(MOST_STEPS_BACK));
        if has_found_nothing || self.steps_back >= MOST_STEPS_BACK || !self.may_ask_again(factor) {
            return None;
        }
        self.steps_back += 1;
        (self.came_at_step_back, self.has_page_since) = (Some(self.came), false);
        self.overlap = self.overlap.saturating_mul(8).min(rows / 2).max(1);
        self.pages.clear();
        let offset = request.offset.saturating_sub(rows * factor).max(start);
        let overlap = u64::from(offset > start);
        Some(PageRequest { offset, overlap, ..request.clone() })
    }

    /// A page is empty, or not found.
    fn missing(&mut self, request: &PageRequest) -> Then {
        match self.paging {
            // The row that it overlaps was there.
            Paging::LimitOffset { .. } if request.overlap > 0 => {
                let again = self.step_back(request, request.limit.into());
                self.ask_or_end(again)
            }
            // There were to be more.
            Paging::Page if self.numbered.total.is_some() => {
                if self.place_of(request) >= self.frontier {
                    self.numbered.total_before = self.numbered.total;
                    self.numbered.came_at_missing.get_or_insert(self.came);
                }
                self.step_back_by_page(request, 0)
            }
            _ => self.pass_ended(),
        }
    }

    /// A page came that came before, for another request.
    fn stuck(&mut self, request: &PageRequest, facts: &Facts<'_>) -> Then {
        let is_second = self.pages.len() == 1 && request.told.is_none();
        let is_rest = request.overlap > 0 && (facts.keys.len() as u64) < self.largest;
        match (self.total, facts.next) {
            // The server ignores the paging: that page was the whole list. Or it is what a
            // list without a count ends with.
            (None, Onward::Unsaid | Onward::End) if is_second || is_rest => self.pass_ended(),
            (None, _) => Then::Fail(self.incomplete()),
            (Some(_), _) => self.pass_ended(),
        }
    }

    /// Decides on the list, when nothing more follows.
    fn pass_ended(&mut self) -> Then {
        let is_whole = match self.total {
            Some(total) => {
                // A pass whose pages have no count is compared with the last count of the previous one.
                let at_start = self.total_at_start.unwrap_or(total);
                // What was inserted into pages that had come is more than what was there.
                let grew = total.saturating_sub(at_start);
                self.came >= total || (self.came >= at_start && grew > 0 && self.repeats <= grew)
            }
            None => self.follows != Some(true),
        };
        // A count that stayed what it was, and was reached, leaves no room for a gap.
        let has_gap = self.has_gap && (self.has_recounted || self.total.is_none());
        if is_whole && !has_gap {
            return Then::End;
        }
        let has_shifted = self.has_shifted || self.repeats > 0;
        match self.start.clone() {
            Some(start) if has_shifted && self.passes < MOST_PASSES => {
                self.passes += 1;
                self.begin_pass(start)
            }
            _ if self.is_resumed => self.begin_anew(),
            _ => Then::Fail(self.incomplete()),
        }
    }

    fn incomplete(&self) -> Error {
        Error::incomplete(self.came, self.total).of(self.operation)
    }

    fn too_many(&self) -> Error {
        let message = format!(
            "the list has more than {MOST_ROWS} rows, the limit for detecting duplicates: continue \
             from the position of this error"
        );
        Error::incomplete(self.came, self.total).saying(message).of(self.operation)
    }
}

fn hash_of_page(keys: &[Key]) -> u64 {
    let mut hasher = DefaultHasher::new();
    keys.iter().for_each(|key| key.hash.hash(&mut hasher));
    hasher.finish()
}

fn hash_of(told: &Told) -> u64 {
    let mut hasher = DefaultHasher::new();
    told.hash(&mut hasher);
    hasher.finish()
}
