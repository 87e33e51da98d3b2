use std::{collections::BTreeMap, fmt};

use prolific_api::{Integer, Number, types};
use serde::{Deserialize, Serialize};

use super::Filter;
use crate::{
    OrganisationId, Result, WorkspaceId,
    model::{Read, model},
    open_enum::open_enum,
    request::request,
};

/// How many participants are eligible.
///
/// Fewer than 25 are shown as 0 by the API, so that 0 does not mean nobody: it is no number here.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::filters::EligibleCount;
///
/// assert_eq!(EligibleCount::of(310).exactly(), Some(310));
/// let few = EligibleCount::of(0);
/// assert_eq!((few.exactly(), few.at_most()), (None, 24));
/// assert_eq!(few.to_string(), "fewer than 25");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub struct EligibleCount(u64);

impl EligibleCount {
    /// Counts below are shown as 0.
    pub const HIDDEN_BELOW: u64 = 25;

    /// The count as the API shows it.
    pub fn of(shown: u64) -> Self {
        Self(shown)
    }

    /// The count, or none if it is hidden.
    pub fn exactly(self) -> Option<u64> {
        (!self.is_hidden()).then_some(self.0)
    }

    /// The highest number that it can be.
    pub fn at_most(self) -> u64 {
        self.exactly().unwrap_or(Self::HIDDEN_BELOW - 1)
    }

    /// Whether there are too few to be shown, or none.
    pub fn is_hidden(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for EligibleCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exactly() {
            Some(count) => count.fmt(f),
            None => write!(f, "fewer than {}", Self::HIDDEN_BELOW),
        }
    }
}

impl Read<Integer> for EligibleCount {
    fn read(raw: Integer, at: &'static str) -> Result<Self> {
        Read::read(raw, at).map(Self)
    }
}

impl Read<Number> for EligibleCount {
    fn read(raw: Number, at: &'static str) -> Result<Self> {
        Read::read(raw, at).map(Self)
    }
}

open_enum! {
    /// How the participants would be sampled.
    pub enum SampleType {
        /// One sample.
        Single = "STUDY_TYPE_SINGLE",
        /// A representative sample.
        Representative = "STUDY_TYPE_REP_SAMPLE",
    }
}

request! {
    /// Whom to [count](super::Filters::eligible_count).
    pub struct EligibilityQuery(
        /// The filters, all of which are to be met.
        filters: Vec<Filter>
    ) {
        /// The workspace whose participants are counted. Default: the current one of the user.
        workspace_id: WorkspaceId,
        /// The organisation whose participants are counted.
        organisation_id: OrganisationId,
        /// How the participants would be sampled. *(known from the official MCP server only)*
        study_type: SampleType,
    }
}

request! {
    /// Whom to [count by the values of a filter](super::Filters::breakdown).
    pub struct BreakdownQuery(
        /// The filters, all of which are to be met.
        filters: Vec<Filter>,
        /// The filter by whose values they are counted. It needs choices or bounds.
        breakdown_filter: Filter
    ) {
        /// The workspace whose participants are counted. Default: the current one of the user.
        workspace_id: WorkspaceId,
    }
}

model! {
    /// How many participants there are by the values of a filter.
    pub struct Breakdown from types::FilterBreakdown {
        /// The counts by the keys of choices or by labels that the server makes; `N/A` is of those
        /// who gave no answer. They need not add up to the count of all.
        pub counts: BTreeMap<String, EligibleCount> = breakdown,
    }
}
