use super::told::Told;
use crate::{Error, Result};

/// What Prolific's own command line asks for at a time.
const LIMIT: u32 = 200;

/// How an operation is asked for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paging {
    /// By `limit` and `offset`. The largest limit, where one is documented.
    LimitOffset {
        /// The largest `limit` that is documented.
        max: Option<u32>,
    },
    /// By `page`, from 1 on, and `page_size`.
    Page,
    /// By `limit`, and a `cursor` that the page before tells. The largest limit, where one is
    /// documented.
    Cursor {
        /// The largest `limit` that is documented.
        max: Option<u32>,
    },
    /// Not at all: everything comes at once, unless the response tells of a next page.
    Whole,
}

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// How many items to give, where [`Paging::LimitOffset`].
    pub(crate) limit: u32,
    /// How many items to leave out.
    pub(crate) offset: u64,
    /// The number of the page, from 1 on.
    pub(crate) page: u32,
    /// How many items a page is to have, where the caller said so.
    pub(crate) page_size: Option<u32>,
    /// How many rows at its beginning are to be those at the end of the page before.
    pub(super) overlap: u64,
    /// What the page before tells to ask for.
    pub(super) told: Option<Told>,
}

impl Paging {
    /// By `limit` and `offset`, with no documented bound.
    pub(crate) const UNBOUNDED: Self = Self::LimitOffset { max: None };

    /// The request for the first page.
    pub(super) fn first(self, size: Option<u32>) -> Result<PageRequest> {
        if let Some(size) = size {
            self.check(size)?;
        }
        let limit = self.limit(size, 0);
        Ok(PageRequest { limit, offset: 0, page: 1, page_size: size, overlap: 0, told: None })
    }

    fn check(self, size: u32) -> Result<()> {
        let refused = match self {
            Self::Whole => {
                return Err(Error::invalid_input(
                    "this operation takes no page size: leave page_size out",
                ));
            }
            Self::LimitOffset { max: Some(max) } | Self::Cursor { max: Some(max) }
                if size > max =>
            {
                Some(max)
            }
            _ if size == 0 => None,
            _ => return Ok(()),
        };
        let bound = refused.map_or_else(|| "at least 1".to_owned(), |max| format!("1 to {max}"));
        Err(Error::invalid_input(format!("a page size of {size} is none of {bound}")))
    }

    /// How many rows to ask for, so that as many are new as without the overlap.
    pub(super) fn limit(self, size: Option<u32>, overlap: u64) -> u32 {
        let overlap = u32::try_from(overlap).unwrap_or(u32::MAX);
        let limit = size.unwrap_or(LIMIT).saturating_add(overlap);
        match self {
            Self::LimitOffset { max: Some(max) } => limit.min(max),
            _ => limit,
        }
    }
}
