use super::told::Told;
use crate::{Error, Result};

/// The page size of the official command line.
const LIMIT: u32 = 200;

/// How an operation is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paging {
    /// By `limit` and `offset`, with the maximum limit if documented.
    LimitOffset {
        /// The documented maximum of `limit`.
        max: Option<u32>,
    },
    /// By `page`, starting at 1, and `page_size`.
    Page,
    /// By `limit`, and a `cursor` from the previous page, with the maximum limit if documented.
    Cursor {
        /// The documented maximum of `limit`.
        max: Option<u32>,
    },
    /// Not paged, unless the response names a next page.
    Whole,
}

/// Which page to request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// The number of items, for [`Paging::LimitOffset`].
    pub(crate) limit: u32,
    /// The number of items to skip.
    pub(crate) offset: u64,
    /// The page number, starting at 1.
    pub(crate) page: u32,
    /// The page size, if the caller chose one.
    pub(crate) page_size: Option<u32>,
    /// How many rows at its start repeat the end of the previous page.
    pub(super) overlap: u64,
    /// What the previous page says to request.
    pub(super) told: Option<Told>,
}

impl Paging {
    /// By `limit` and `offset`, without a documented maximum.
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
                    "this operation has no page size: don't set page_size",
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
        Err(Error::invalid_input(format!("the page size is {size}, but must be {bound}")))
    }

    /// How many rows to request, so that the overlap does not reduce the new ones.
    pub(super) fn limit(self, size: Option<u32>, overlap: u64) -> u32 {
        let overlap = u32::try_from(overlap).unwrap_or(u32::MAX);
        let limit = size.unwrap_or(LIMIT).saturating_add(overlap);
        match self {
            Self::LimitOffset { max: Some(max) } => limit.min(max),
            _ => limit,
        }
    }
}
