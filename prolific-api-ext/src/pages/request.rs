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
    PageAndSize,
    /// By `page` alone.
    Page,
    /// Not at all: everything comes at once.
    Whole,
}

/// Which page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// How many items to give, where [`Paging::LimitOffset`].
    pub(crate) limit: u32,
    /// How many items to leave out.
    pub(crate) offset: u64,
    /// The number of the page, from 1 on.
    pub(crate) page: u32,
    /// How many items a page is to have, where the caller said so.
    pub(crate) page_size: Option<u32>,
}

impl Paging {
    /// By `limit` and `offset`, with no documented bound.
    pub(crate) const UNBOUNDED: Self = Self::LimitOffset { max: None };

    /// The request for the first page.
    pub(super) fn first(self, size: Option<u32>) -> Result<PageRequest> {
        if let Some(size) = size {
            self.check(size)?;
        }
        Ok(PageRequest { limit: size.unwrap_or(LIMIT), offset: 0, page: 1, page_size: size })
    }

    fn check(self, size: u32) -> Result<()> {
        let refused = match self {
            Self::Page | Self::Whole => {
                return Err(Error::invalid_input(
                    "this operation takes no page size: leave page_size out",
                ));
            }
            Self::LimitOffset { max: Some(max) } if size > max => Some(max),
            Self::LimitOffset { .. } | Self::PageAndSize if size == 0 => None,
            Self::LimitOffset { .. } | Self::PageAndSize => return Ok(()),
        };
        let bound = refused.map_or_else(|| "at least 1".to_owned(), |max| format!("1 to {max}"));
        Err(Error::invalid_input(format!("a page size of {size} is none of {bound}")))
    }

    /// Whether there may be a page after another.
    pub(super) fn is_paged(self) -> bool {
        self != Self::Whole
    }
}

impl PageRequest {
    /// The request for the page after this one, which had so many rows: no row is left out,
    /// however many the server gives at a time.
    pub(super) fn after(self, rows: usize) -> Self {
        Self { offset: self.offset + rows as u64, page: self.page + 1, ..self }
    }
}
