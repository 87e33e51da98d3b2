//! What is refused of a new study, and of a change of one, before it is sent.

use prolific_api::{
    Number,
    types::{self, NullableNumber},
};

use crate::{Error, Result};

/// The documented conditions that can be told from the request alone.
#[allow(deprecated, reason = "who sets it is told of a rate that would be refused")]
pub(super) fn check(study: &types::CreateStudy) -> Result<()> {
    let bounds =
        || broken_bounds(Some(study.estimated_completion_time), &study.naivety_distribution_rate);
    let amounts = || broken_amounts(Some(study.reward), study.total_available_places);
    refuse(broken(study).or_else(bounds).or_else(amounts))
}

/// The documented conditions of a change.
#[allow(deprecated, reason = "who sets it is told of a rate that would be refused")]
pub(super) fn check_change(change: &types::UpdateStudy) -> Result<()> {
    let minutes = change.estimated_completion_time;
    let has_set = change.filter_set_id.as_ref().is_some_and(|id| id.is_some());
    let filters = change.filters.as_ref().and_then(|filters| filters.as_deref());
    let has_filters = filters.is_some_and(|filters| !filters.is_empty());
    let broken = (has_set && has_filters).then_some(BOTH);
    let amounts = || broken_amounts(change.reward, change.total_available_places);
    let bounds = || broken_bounds(minutes, &change.naivety_distribution_rate);
    refuse(broken.or_else(bounds).or_else(amounts))
}

const BOTH: &str = "a study takes filters or a filter set, not both: leave one out";

fn refuse(broken: Option<&'static str>) -> Result<()> {
    broken.map_or(Ok(()), |message| Err(Error::invalid_input(message)))
}

fn broken_bounds(
    minutes: Option<Number>,
    naivety: &Option<NullableNumber>,
) -> Option<&'static str> {
    if minutes.is_some_and(|minutes| minutes.as_f64() < 1.0) {
        return Some(
            "the estimated_completion_time of a study is in minutes, and at least 1: raise it",
        );
    }
    let naivety = naivety.as_ref().and_then(|rate| rate.0);
    if naivety.is_some_and(|rate| !(0.0..=1.0).contains(&rate.as_f64())) {
        return Some("the naivety_distribution_rate of a study is 0 to 1");
    }
    None
}

fn broken_amounts(reward: Option<Number>, places: Option<Number>) -> Option<&'static str> {
    let is_amount = |number: Number| number.as_i64().is_some_and(|number| number >= 0);
    if !reward.is_none_or(is_amount) {
        return Some("the reward of a study is a whole number of pence or cents, and not negative");
    }
    if !places.is_none_or(is_amount) {
        return Some("the total_available_places of a study are a whole number, and not negative");
    }
    None
}

fn broken(study: &types::CreateStudy) -> Option<&'static str> {
    let has_method = study.data_collection_method.as_ref().is_some_and(|method| method.is_some());
    let has_task = has_method
        || study.external_study_url.as_ref().is_some_and(|url| url.is_some())
        || study.access_details.as_ref().is_some_and(|details| details.is_some());
    let has_data = study.data_collection_id.as_ref().is_some_and(|id| id.is_some());
    let has_set = study.filter_set_id.as_ref().is_some_and(|id| id.is_some());
    let filters = study.filters.as_ref().and_then(|filters| filters.as_deref());
    let has_filters = filters.is_some_and(|filters| !filters.is_empty());
    if study.name.trim().is_empty() {
        return Some("the name of a study is empty: give it one");
    }
    if !has_task {
        return Some(
            "a study needs a task: set one of external_study_url, access_details and data_collection_method",
        );
    }
    if has_method && !has_data {
        return Some(
            "a study with a data_collection_method needs the batch or collection: set data_collection_id",
        );
    }
    if has_set && has_filters {
        return Some(BOTH);
    }
    None
}
