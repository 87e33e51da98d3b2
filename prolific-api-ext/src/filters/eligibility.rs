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

/// The number of eligible participants.
///
/// The API shows counts below 25 as 0. A 0 therefore does not mean nobody, and is not a number
/// here.
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
    /// Counts below this are shown as 0.
    pub const HIDDEN_BELOW: u64 = 25;

    /// The count as shown by the API.
    pub fn of(shown: u64) -> Self {
        Self(shown)
    }

    /// The count, or `None` if it is hidden.
    pub fn exactly(self) -> Option<u64> {
        (!self.is_hidden()).then_some(self.0)
    }

    /// The highest possible number.
    pub fn at_most(self) -> u64 {
        self.exactly().unwrap_or(Self::HIDDEN_BELOW - 1)
    }

    /// Whether the count is hidden: below 25, possibly zero.
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

/// A value of a map.
impl Read<Option<Integer>> for EligibleCount {
    fn read(raw: Option<Integer>, at: &'static str) -> Result<Self> {
        crate::model::key(raw, at)
    }
}

impl Read<Number> for EligibleCount {
    fn read(raw: Number, at: &'static str) -> Result<Self> {
        Read::read(raw, at).map(Self)
    }
}

open_enum! {
    /// How participants would be sampled.
    pub enum SampleType {
        /// A standard sample.
        Single = "STUDY_TYPE_SINGLE",
        /// A representative sample.
        Representative = "STUDY_TYPE_REP_SAMPLE",
    }
}

request! {
    /// Which participants to [count](super::Filters::eligible_count).
    pub struct EligibilityQuery(
        /// The filters. Participants have to meet all of them.
        filters: Vec<Filter>
    ) {
        /// The workspace whose participants are counted. Default: the user's current one.
        workspace_id: WorkspaceId,
        /// The organisation whose participants are counted.
        organisation_id: OrganisationId,
        /// How participants would be sampled. *(known from the official MCP server only)*
        study_type: SampleType,
    }
}

request! {
    /// Which participants to [count by the values of a filter](super::Filters::breakdown).
    pub struct BreakdownQuery(
        /// The filters. Participants have to meet all of them.
        filters: Vec<Filter>,
        /// The filter to group by. It needs choices or bounds.
        breakdown_filter: Filter
    ) {
        /// The workspace whose participants are counted. Default: the user's current one.
        workspace_id: WorkspaceId,
    }
}

model! {
    /// The number of participants by the values of a filter.
    pub struct Breakdown from types::FilterBreakdown {
        /// The counts, by keys of choices or by labels that the server creates. `N/A` counts
        /// participants without an answer. The counts need not add up to the total.
        pub counts: BTreeMap<String, EligibleCount> = breakdown,
    }
}
