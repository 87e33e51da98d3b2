//! The catalogue of filters that choose who takes part, and the filters themselves.
//!
//! A [`Filter`] is made by [`select`], [`range`], [`all_of`] and [`any_of`]. Its id and the keys of
//! its choices come from the catalogue: [`Filters::list`] has all of it, [`Filters::search`] and
//! [`Filters::choices`] find a part.
//!
//! ```
//! use prolific_api_ext::filters::{self, EligibilityQuery};
//!
//! # use prolific_api_ext::simulator::Simulator;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> prolific_api_ext::Result<()> {
//! # let simulator = Simulator::start();
//! # let prolific = simulator.prolific()?;
//! let filters = [filters::range("age", 18..=30), filters::select("handedness", ["0"])];
//! # if false {
//! let count = prolific.filters().eligible_count(EligibilityQuery::new(filters)).await?;
//! println!("{count} participants");
//! # }
//! # Ok(())
//! # }
//! ```

mod bound;
mod definition;
mod eligibility;
mod filter;
mod filter_id;
mod search;

pub use bound::Bound;
pub use definition::{FilterDataType, FilterDefinition, FilterKind};
pub use eligibility::{Breakdown, BreakdownQuery, EligibilityQuery, EligibleCount, SampleType};
pub use filter::{
    Filter, FilterGroup, GroupOperator, RangeFilter, RangeWeighting, SelectFilter, SelectedRange,
    all_of, any_of, range, select,
};
pub use filter_id::FilterId;
pub use search::{Choice, ChoicePreview, FoundFilter, Match};

pub(crate) use filter::{check, problems};

use prolific_api::types;
use serde_json::{Map, Value};

use crate::{
    Error, Result, WorkspaceId,
    model::{self, answer},
    pages::{Pages, Paging, listed},
    request::body,
    resource::{present, read, resource},
};

const COUNT: &str = "get-eligible-count";
const BREAKDOWN: &str = "get-filter-breakdown";
const RULE_TREE: &str = "get-filter-rule-tree";
/// How many characters a text to search for has at most; documented.
const LONGEST: usize = 200;
/// How many rows a page of a search has at most.
const PAGE: Paging = Paging::LimitOffset { max: Some(100) };

resource! {
    /// What can be done with filters. Made by [`Prolific::filters`](crate::Prolific::filters).
    Filters
}

impl Filters {
    /// The filters that there are, with the choices that a workspace has of its own. All of them
    /// come at once, and they are many. Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// for filter in prolific.filters().list(&workspace).collect_all().await? {
    ///     println!("{} {:?}", filter.filter_id, filter.title);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-filters")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<FilterDefinition> {
        listed!(self, "get-filters", Paging::Whole, [workspace_id], |api, _page| {
            api.get_filters().workspace_id(workspace_id.as_str())
        })
    }

    /// The filters of a tag, such as `custom-group`. See [`list`](Self::list).
    #[inline]
    pub fn tagged(
        &self,
        workspace_id: &WorkspaceId,
        tag: impl Into<String>,
    ) -> Pages<FilterDefinition> {
        self.list(workspace_id).with_query("filter_tag", tag)
    }

    /// The filters in whose texts or choices a text occurs, of 1 to 200 characters. Safe: each page
    /// is retried after any transient failure. A page has at most 100.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the text is
    /// empty or longer.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// for filter in prolific.filters().search("hand", &workspace)?.collect_all().await? {
    ///     println!("{filter:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "search-filters")]
    pub fn search(
        &self,
        text: impl AsRef<str>,
        workspace_id: &WorkspaceId,
    ) -> Result<Pages<FoundFilter>> {
        let text = searched(text.as_ref())?;
        Ok(listed!(self, "search-filters", PAGE, [text, workspace_id], |api, page| {
            let call = api.search_filters().q(text).workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        }))
    }

    /// The choices of a filter. Safe: each page is retried after any transient failure. A page has
    /// at most 100.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the id names no
    /// filter.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// for choice in prolific.filters().choices("handedness", &workspace)?.collect_all().await? {
    ///     println!("{:?} {:?}", choice.key, choice.label);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-filter-choices")]
    pub fn choices(
        &self,
        filter: impl Into<FilterId>,
        workspace_id: &WorkspaceId,
    ) -> Result<Pages<Choice>> {
        let id = filter.into();
        id.in_path()?;
        Ok(listed!(self, "get-filter-choices", PAGE, [id, workspace_id], |api, page| {
            let call = api.get_filter_choices().filter_id(id.as_str());
            let call = call.workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        }))
    }

    /// The choices of a filter in which a text occurs, of 1 to 200 characters. Safe: each page is
    /// retried after any transient failure. A page has at most 100.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the id names no
    /// filter, or the text is empty or longer.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let found = prolific.filters().search_choices("handedness", "left", &workspace)?;
    /// println!("{:?}", found.collect_all().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "search-filter-choices")]
    pub fn search_choices(
        &self,
        filter: impl Into<FilterId>,
        text: impl AsRef<str>,
        workspace_id: &WorkspaceId,
    ) -> Result<Pages<Choice>> {
        let (id, text) = (filter.into(), searched(text.as_ref())?);
        id.in_path()?;
        Ok(listed!(self, "search-filter-choices", PAGE, [id, text, workspace_id], |api, page| {
            let call = api.search_filter_choices().filter_id(id.as_str()).q(text);
            let call = call.workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        }))
    }

    /// Counts the participants who meet all of some filters and were active lately. Fewer than 25
    /// are not told apart from none: see [`EligibleCount`].
    ///
    /// Safe, though it is a POST: retried after any transient failure. Known from the published
    /// specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a filter can't
    /// mean anything; an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::filters::{self, EligibilityQuery};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let adults = EligibilityQuery::new([filters::range("age", 18..)]).workspace_id(workspace);
    /// // A number, or `fewer than 25`.
    /// println!("{}", prolific.filters().eligible_count(adults).await?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-eligible-count")]
    pub async fn eligible_count(&self, query: EligibilityQuery) -> Result<EligibleCount> {
        check(&query.filters).map_err(|error| error.of(COUNT))?;
        let call = self.prolific.api().get_eligible_count();
        let call = call.body(body::<types::EligibilityQuery>(&query, COUNT)?);
        read(call.send().await, COUNT, |raw| {
            model::Read::read(present(raw.count, "count")?, "count")
        })
    }

    /// Counts the participants who meet all of some filters by the values of one. It takes the place of
    /// the distribution within a custom group, which is documented no more and has no method here.
    ///
    /// Safe, though it is a POST: retried after any transient failure. *Published nowhere: known
    /// from the official CLI only, and may vanish without notice.*
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a filter can't
    /// mean anything; an error if the call fails.
    #[doc(alias = "get-filter-breakdown")]
    pub async fn breakdown(&self, query: BreakdownQuery) -> Result<Breakdown> {
        let filters = [query.breakdown_filter.clone()];
        check(&query.filters)
            .and_then(|()| check(&filters))
            .map_err(|error| error.of(BREAKDOWN))?;
        let call = self.prolific.api().get_filter_breakdown();
        let call = call.body(body::<types::FilterBreakdownQuery>(&query, BREAKDOWN)?);
        answer(call.send().await, BREAKDOWN)
    }

    /// The rules of which filters can stand together, as JSON: `and` and `or` nodes with
    /// `max_children`, `max_by_type` and `children`. A sole group on top is the root; several are
    /// met together. 0 is a limit, null is none.
    ///
    /// Safe: retried after any transient failure. *Published nowhere: known from the official CLI
    /// only, and may vanish without notice.*
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer)
    /// if the tree is empty.
    #[doc(alias = "get-filter-rule-tree")]
    pub async fn rule_tree(&self, workspace_id: &WorkspaceId) -> Result<Map<String, Value>> {
        let call = self.prolific.api().get_filter_rule_tree().workspace_id(workspace_id.as_str());
        read(call.send().await, RULE_TREE, |raw| match raw.rule_tree {
            tree if tree.is_empty() => Err(Error::unexpected("the response has no `rule_tree`")),
            tree => Ok(tree),
        })
    }
}

/// A text to search for, without the blanks around it.
fn searched(text: &str) -> Result<String> {
    let text = text.trim();
    match text.chars().count() {
        1..=LONGEST => Ok(text.to_owned()),
        0 => Err(Error::invalid_input("there is nothing to search for: give a text")),
        length => Err(Error::invalid_input(format!(
            "a text of {length} characters is too long to search for: give at most {LONGEST}"
        ))),
    }
}
