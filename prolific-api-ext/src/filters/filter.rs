use std::{
    collections::BTreeMap,
    ops::{RangeFrom, RangeInclusive, RangeToInclusive},
};

use prolific_api::types;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Bound, FilterId};
use crate::{
    Error, Result,
    model::{Read, by_json},
};

/// A condition on participants, or a group of conditions.
///
/// Created by [`select`](super::select), [`range`](super::range), [`all_of`](super::all_of) and
/// [`any_of`](super::any_of), so that it has either choices or a range. A filter in a response with
/// an undocumented form or undocumented keys is kept and sent back unchanged; one that has both is
/// refused before it is sent.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::filters::{self, Filter};
///
/// let filter = filters::all_of([
///     filters::select("handedness", ["0"]),
///     filters::any_of([filters::range("age", 18..=30), filters::range("age", 50..)]),
/// ]);
/// let json = serde_json::to_string(&filter)?;
/// assert_eq!(serde_json::from_str::<Filter>(&json)?, filter);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Filter {
    /// Participants who chose one of several answers.
    Select(SelectFilter),
    /// Participants whose answer is within bounds.
    Range(RangeFilter),
    /// Participants who meet all or any of several filters.
    Group(FilterGroup),
    /// A filter of an undocumented form.
    Unknown(Value),
}

impl Filter {
    /// The documented form that the JSON has, if any.
    fn documented(json: &Value) -> Option<Self> {
        let select = || SelectFilter::deserialize(json).ok().map(Self::Select);
        let range = || RangeFilter::deserialize(json).ok().map(Self::Range);
        let group = || FilterGroup::deserialize(json).ok().map(Self::Group);
        select().or_else(range).or_else(group)
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Ok(Self::documented(&json).unwrap_or(Self::Unknown(json)))
    }
}

/// Participants who chose one of several answers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SelectFilter {
    /// The filter.
    pub filter_id: FilterId,
    /// The keys of the choices, as in [`FilterDefinition::choices`](super::FilterDefinition::choices)
    /// and [`Choice::key`](super::Choice::key).
    pub selected_values: Vec<String>,
    /// The share of the sample for each choice; equal shares if empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weightings: BTreeMap<String, f64>,
}

/// Participants whose answer is within bounds.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RangeFilter {
    /// The filter.
    pub filter_id: FilterId,
    /// The bounds.
    pub selected_range: SelectedRange,
    /// The share of the sample for each part of the range.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weightings: BTreeMap<String, RangeWeighting>,
}

/// The bounds of a range, inclusive.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SelectedRange {
    /// The lowest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<Bound>,
    /// The highest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<Bound>,
}

/// The share of the sample for a part of a range.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RangeWeighting {
    /// The part.
    pub selected_range: SelectedRange,
    /// Its weight relative to the other parts.
    pub weighting: f64,
}

/// Participants who meet all or any of several filters.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FilterGroup {
    /// All or any.
    #[serde(rename = "filter_id")]
    pub operator: GroupOperator,
    /// The filters.
    pub selected_filters: Vec<Filter>,
}

/// How many filters of a group participants have to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum GroupOperator {
    /// All of them.
    And,
    /// At least one of them.
    Or,
}

/// Selects participants who chose one of several answers, by the keys of the choices.
///
/// The [catalogue](super::Filters::list) has the ids of filters and the keys of choices;
/// [`Filters::search`](super::Filters::search) and [`Filters::choices`](super::Filters::choices)
/// find them without reading all of it. Choices are given by key (`"0"`), not by label. In filters
/// on studies, groups and participants, the keys are ids.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{ParticipantGroupId, filters};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let left_handed = filters::select("handedness", ["0"]);
/// let panel = ParticipantGroupId::new("65f1c2e8a7b3")?;
/// let invited = filters::select("participant_group_allowlist", [panel]);
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
pub fn select<C: Into<String>>(
    filter_id: impl Into<FilterId>,
    choices: impl IntoIterator<Item = C>,
) -> Filter {
    Filter::Select(SelectFilter {
        filter_id: filter_id.into(),
        selected_values: choices.into_iter().map(Into::into).collect(),
        weightings: BTreeMap::new(),
    })
}

/// Selects participants whose answer is within bounds, inclusive: `18..=30`, `18..` or `..=30`.
///
/// The [catalogue](super::Filters::list) and [`Filters::search`](super::Filters::search) have the
/// ids of filters and the bounds that they take
/// ([`min`](super::FilterDefinition::min), [`max`](super::FilterDefinition::max)). Whole bounds are
/// sent as integers, dates as text.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::filters;
///
/// let adults = filters::range("age", 18..);
/// let json = serde_json::json!({ "filter_id": "age", "selected_range": { "lower": 18 } });
/// assert_eq!(serde_json::to_value(adults)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn range(filter_id: impl Into<FilterId>, bounds: impl Into<SelectedRange>) -> Filter {
    Filter::Range(RangeFilter {
        filter_id: filter_id.into(),
        selected_range: bounds.into(),
        weightings: BTreeMap::new(),
    })
}

/// Selects participants who meet all of the filters.
pub fn all_of(filters: impl IntoIterator<Item = Filter>) -> Filter {
    group(GroupOperator::And, filters)
}

/// Selects participants who meet at least one of the filters.
pub fn any_of(filters: impl IntoIterator<Item = Filter>) -> Filter {
    group(GroupOperator::Or, filters)
}

fn group(operator: GroupOperator, filters: impl IntoIterator<Item = Filter>) -> Filter {
    Filter::Group(FilterGroup { operator, selected_filters: filters.into_iter().collect() })
}

impl<B: Into<Bound> + Clone> From<RangeInclusive<B>> for SelectedRange {
    fn from(range: RangeInclusive<B>) -> Self {
        let (lower, upper) = range.into_inner();
        Self { lower: Some(lower.into()), upper: Some(upper.into()) }
    }
}

impl<B: Into<Bound>> From<RangeFrom<B>> for SelectedRange {
    fn from(range: RangeFrom<B>) -> Self {
        Self { lower: Some(range.start.into()), upper: None }
    }
}

impl<B: Into<Bound>> From<RangeToInclusive<B>> for SelectedRange {
    fn from(range: RangeToInclusive<B>) -> Self {
        Self { lower: None, upper: Some(range.end.into()) }
    }
}

impl Filter {
    /// Sets the share of the sample for each choice, by key. Only filters created by [`select`]
    /// have such weights; others stay as they are.
    #[must_use]
    pub fn weighted<C: Into<String>>(
        mut self,
        weights: impl IntoIterator<Item = (C, f64)>,
    ) -> Self {
        if let Self::Select(filter) = &mut self {
            filter.weightings =
                weights.into_iter().map(|(choice, weight)| (choice.into(), weight)).collect();
        }
        self
    }

    /// The id of the filter, unless it is a group.
    pub fn filter_id(&self) -> Option<&FilterId> {
        match self {
            Self::Select(filter) => Some(&filter.filter_id),
            Self::Range(filter) => Some(&filter.filter_id),
            Self::Group(_) | Self::Unknown(_) => None,
        }
    }
}

/// Finds what has no possible meaning in a filter and its children. Undocumented forms are up to
/// the caller.
pub(crate) fn problems(filter: &Filter) -> Vec<String> {
    let problem = match filter {
        Filter::Select(filter) if filter.selected_values.is_empty() => {
            format!("the filter `{}` selects nothing: give the keys of choices", filter.filter_id)
        }
        Filter::Select(filter) if filter.weightings.values().any(|weight| !is_weight(*weight)) => {
            format!("a weight of the filter `{}` is negative or not a number", filter.filter_id)
        }
        Filter::Range(filter) => return filter.problem().into_iter().collect(),
        Filter::Group(group) if group.selected_filters.is_empty() => {
            "a group of filters is empty".to_owned()
        }
        Filter::Group(group) => return group.selected_filters.iter().flat_map(problems).collect(),
        Filter::Unknown(filter) if has_both(filter) => {
            "a filter has both `selected_values` and `selected_range`: give one of them".to_owned()
        }
        Filter::Select(_) | Filter::Unknown(_) => return Vec::new(),
    };
    vec![problem]
}

/// Whether a filter selects choices and a range at a time, which none can.
fn has_both(filter: &Value) -> bool {
    ["selected_values", "selected_range"]
        .iter()
        .all(|key| filter.get(key).is_some_and(|value| !value.is_null()))
}

impl RangeFilter {
    fn problem(&self) -> Option<String> {
        let parts = self.weightings.values().map(|part| &part.selected_range);
        let weights = self.weightings.values().map(|part| part.weighting);
        let problem = if weights.into_iter().any(|weight| !is_weight(weight)) {
            Some("has a weight that is negative or not a number")
        } else {
            std::iter::once(&self.selected_range).chain(parts).find_map(SelectedRange::problem)
        };
        problem.map(|problem| format!("the filter `{}` {problem}", self.filter_id))
    }
}

impl SelectedRange {
    fn problem(&self) -> Option<&'static str> {
        let number = |bound: &Option<Bound>| bound.as_ref().and_then(Bound::as_f64);
        let (lower, upper) = (number(&self.lower), number(&self.upper));
        if self.lower.is_none() && self.upper.is_none() {
            return Some("has a range without bounds: give at least one");
        }
        if [lower, upper].into_iter().flatten().any(|bound| !bound.is_finite()) {
            return Some("has a bound that is not a number");
        }
        let is_empty = lower.zip(upper).is_some_and(|(lower, upper)| lower > upper);
        is_empty.then_some("has a lower bound above its upper bound")
    }
}

fn is_weight(weight: f64) -> bool {
    weight.is_finite() && weight >= 0.0
}

/// Rejects filters that have no possible meaning.
pub(crate) fn check(filters: &[Filter]) -> Result<()> {
    let problems: Vec<_> = filters.iter().flat_map(problems).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::invalid_input(problems.join("; "))) }
}

/// By JSON, which keeps undocumented forms.
impl Read<types::FilterAnswer> for Filter {
    fn read(raw: types::FilterAnswer, _: &'static str) -> Result<Self> {
        by_json(&raw)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Bound, Filter, all_of, any_of, check, range, select};
    use crate::ErrorKind;

    #[test]
    fn filters_are_written_as_documented_and_whole_bounds_as_integers() {
        let filter = all_of([
            select("handedness", ["0"]),
            any_of([
                range("age", 18.0..=30.0),
                range("age", Bound::Number(50.0)..=Bound::Number(60.0)),
                range("height", 1.5..),
            ]),
            range("date-of-birth", ..="2001-01-01"),
            select("sex", ["0", "1"]).weighted([("0", 1.0), ("1", 2.5)]),
        ]);
        let expected = json!({ "filter_id": "and", "selected_filters": [
            { "filter_id": "handedness", "selected_values": ["0"] },
            { "filter_id": "or", "selected_filters": [
                { "filter_id": "age", "selected_range": { "lower": 18, "upper": 30 } },
                { "filter_id": "age", "selected_range": { "lower": 50, "upper": 60 } },
                { "filter_id": "height", "selected_range": { "lower": 1.5 } } ] },
            { "filter_id": "date-of-birth", "selected_range": { "upper": "2001-01-01" } },
            { "filter_id": "sex", "selected_values": ["0", "1"], "weightings": { "0": 1.0, "1": 2.5 } } ] });
        assert_eq!(serde_json::to_value(&filter).unwrap(), expected);
        check(&[filter]).unwrap();
        let read: Filter = serde_json::from_value(expected.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), expected);
    }

    #[test]
    fn a_filter_of_another_form_is_kept_as_it_came() {
        let odd = [
            json!({ "filter_id": "not", "selected_filters": [] }),
            json!({ "filter_id": "age", "selected_values": ["1"], "selected_range": { "lower": 1 } }),
            json!({ "filter_id": "age", "selected_values": ["1"], "new": true }),
            json!({ "filter_id": "x" }),
            json!("x"),
        ];
        for json in odd {
            let filter: Filter = serde_json::from_value(json.clone()).unwrap();
            assert!(matches!(filter, Filter::Unknown(_)), "{json}");
            assert_eq!(serde_json::to_value(filter).unwrap(), json);
        }
    }

    #[test]
    fn what_can_not_mean_anything_is_refused() {
        let none: [&str; 0] = [];
        let refused = [
            select("sex", none),
            range("age", f64::NAN..),
            range("age", std::ops::RangeInclusive::new(30, 18)),
            all_of([]),
            any_of([all_of([select("sex", none)])]),
            select("sex", ["0"]).weighted([("0", -1.0)]),
            Filter::Unknown(json!({ "filter_id": "age", "selected_values": ["1"],
                "selected_range": { "lower": 1 } })),
        ];
        for filter in refused {
            let error = check(&[filter]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        }
    }
}
