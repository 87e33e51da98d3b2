//! Filters that choose who can take part, and the catalogue that they come from.
//!
//! Create a [`Filter`] with [`select`], [`range`], [`all_of`] or [`any_of`]. Its id and the keys of
//! its choices come from the catalogue: [`Filters::list`] returns all of it, [`Filters::search`]
//! and [`Filters::choices`] find a part.
//!
//! ```
//! use prolific_api_ext::filters::{self, EligibilityQuery};
//!
//! # prolific_api_ext::simulator::example(async |simulator, prolific| {
//! let filters = [filters::range("age", 18..=30), filters::select("handedness", ["0"])];
//! # if false {
//! let count = prolific.filters().eligible_count(EligibilityQuery::new(filters)).await?;
//! println!("{count} participants");
//! # }
//! # Ok(())
//! # });
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
/// The documented maximum length of a search text, in characters.
const LONGEST: usize = 200;
/// The maximum size of a page of search results.
const PAGE: Paging = Paging::LimitOffset { max: Some(100) };

resource! {
    /// Operations on filters. Returned by [`Prolific::filters`](crate::Prolific::filters).
    Filters
}

impl Filters {
    /// Lists all filters, with the choices that only a workspace has. The list is long, and not
    /// paged: one request returns all of it.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// for filter in prolific.filters().list(&workspace).collect_all().await? {
    ///     println!("{} {:?}", filter.filter_id, filter.title);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-filters")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<FilterDefinition> {
        listed!(self, "get-filters", Paging::Whole, [workspace_id], |api, _page| {
            api.get_filters().workspace_id(workspace_id.as_str())
        })
    }

    /// Lists the filters with a tag, such as `custom-group`. Otherwise like [`list`](Self::list).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let groups = prolific.filters().tagged(&workspace, "custom-group").collect_all().await?;
    /// println!("{} filters", groups.len());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn tagged(
        &self,
        workspace_id: &WorkspaceId,
        tag: impl Into<String>,
    ) -> Pages<FilterDefinition> {
        self.list(workspace_id).with_query("filter_tag", tag)
    }

    /// Searches the filters whose texts or choices contain a text of 1 to 200 characters. A page
    /// has at most 100.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// text is empty or too long.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// for filter in prolific.filters().search("hand", &workspace)?.collect_all().await? {
    ///     println!("{filter:?}");
    /// }
    /// # Ok(())
    /// # });
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

    /// Lists the choices of a filter. A page has at most 100.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the id
    /// is not that of a filter.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// for choice in prolific.filters().choices("handedness", &workspace)?.collect_all().await? {
    ///     println!("{:?} {:?}", choice.key, choice.label);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-filter-choices")]
    pub fn choices(
        &self,
        filter_id: impl Into<FilterId>,
        workspace_id: &WorkspaceId,
    ) -> Result<Pages<Choice>> {
        let id = filter_id.into();
        id.in_path()?;
        Ok(listed!(self, "get-filter-choices", PAGE, [id, workspace_id], |api, page| {
            let call = api.get_filter_choices().filter_id(id.as_str());
            let call = call.workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        }))
    }

    /// Searches the choices of a filter that contain a text of 1 to 200 characters. A page has at
    /// most 100.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the id
    /// is not that of a filter, or the text is empty or too long.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let found = prolific.filters().search_choices("handedness", "left", &workspace)?;
    /// println!("{:?}", found.collect_all().await?);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "search-filter-choices")]
    pub fn search_choices(
        &self,
        filter_id: impl Into<FilterId>,
        text: impl AsRef<str>,
        workspace_id: &WorkspaceId,
    ) -> Result<Pages<Choice>> {
        let (id, text) = (filter_id.into(), searched(text.as_ref())?);
        id.in_path()?;
        Ok(listed!(self, "search-filter-choices", PAGE, [id, text, workspace_id], |api, page| {
            let call = api.search_filter_choices().filter_id(id.as_str()).q(text);
            let call = call.workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        }))
    }

    /// Counts the recently active participants who meet all of the given filters. Counts below 25
    /// can't be told from zero: see [`EligibleCount`].
    ///
    /// Safe, although it is a POST: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a
    /// filter has no possible meaning; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::filters::{self, EligibilityQuery};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let adults = EligibilityQuery::new([filters::range("age", 18..)]).workspace_id(workspace);
    /// // A number, or `fewer than 25`.
    /// println!("{}", prolific.filters().eligible_count(adults).await?);
    /// # Ok(())
    /// # });
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

    /// Counts the participants who meet all of the given filters, by the values of one more filter.
    /// It replaces the distribution within a custom group, which is no longer documented and has no
    /// method here.
    ///
    /// Safe, although it is a POST: retried after any transient failure. *(not published: known
    /// from the official CLI only, and may vanish without notice)*
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a
    /// filter has no possible meaning; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::filters::{self, BreakdownQuery};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let adults = filters::range("age", 18..);
    /// let by_sex = filters::select("sex", ["0", "1"]);
    /// let counts = prolific.filters().breakdown(BreakdownQuery::new([adults], by_sex)).await?.counts;
    /// for (choice, count) in counts {
    ///     println!("{choice}: {count}");
    /// }
    /// # Ok(())
    /// # });
    /// ```
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

    /// Returns the rules on which filters can be combined, as JSON: `and` and `or` nodes with
    /// `max_children`, `max_by_type` and `children`. A single group on top is the root; several
    /// groups all apply. A limit of 0 is a limit; null means no limit.
    ///
    /// Safe: retried after any transient failure. *(not published: known from the official CLI
    /// only, and may vanish without notice)*
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer)
    /// if the tree is empty.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let rules = prolific.filters().rule_tree(&workspace).await?;
    /// println!("{:?}", rules.keys().collect::<Vec<_>>());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-filter-rule-tree")]
    pub async fn rule_tree(&self, workspace_id: &WorkspaceId) -> Result<Map<String, Value>> {
        let call = self.prolific.api().get_filter_rule_tree().workspace_id(workspace_id.as_str());
        read(call.send().await, RULE_TREE, |raw| match raw.rule_tree {
            tree if tree.is_empty() => Err(Error::unexpected("the response has no `rule_tree`")),
            tree => Ok(tree),
        })
    }
}

/// A search text, trimmed.
fn searched(text: &str) -> Result<String> {
    let text = text.trim();
    match text.chars().count() {
        1..=LONGEST => Ok(text.to_owned()),
        0 => Err(Error::invalid_input("the search text is empty: give a text")),
        length => Err(Error::invalid_input(format!(
            "a search text of {length} characters is too long: give at most {LONGEST}"
        ))),
    }
}
