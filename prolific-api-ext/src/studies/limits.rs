//! What is refused of a new study, and of a change of one, before it is sent.

use super::{NewStudy, StudyChange};
use crate::{
    Error, Minor, Result,
    filters::{self, Filter},
};

/// What both a new study and a change of one may have set.
struct Numbers<'a> {
    minutes: Option<u64>,
    reward: Option<Minor>,
    naivety: Option<f64>,
    filters: &'a [Filter],
    has_filter_set: bool,
}

/// The documented conditions of a new study that can be told from the request alone.
pub(super) fn check(study: &NewStudy) -> Result<()> {
    refuse(lacking(study))?;
    check_numbers(&Numbers {
        minutes: study.minutes,
        reward: study.reward,
        naivety: study.naivety_distribution_rate,
        filters: study.filters.as_deref().unwrap_or_default(),
        has_filter_set: study.filter_set_id.is_some(),
    })
}

/// The documented conditions of a change.
pub(super) fn check_change(change: &StudyChange) -> Result<()> {
    check_numbers(&Numbers {
        minutes: change.minutes,
        reward: change.reward,
        naivety: change.naivety_distribution_rate.flatten(),
        filters: change.filters.iter().flatten().next().map(Vec::as_slice).unwrap_or_default(),
        has_filter_set: change.filter_set_id.iter().flatten().next().is_some(),
    })
}

fn refuse(problem: Option<&'static str>) -> Result<()> {
    problem.map_or(Ok(()), |problem| Err(Error::invalid_input(problem)))
}

fn check_numbers(numbers: &Numbers<'_>) -> Result<()> {
    let Numbers { minutes, reward, naivety, filters, has_filter_set } = numbers;
    let problem = if minutes.is_some_and(|minutes| minutes < 1) {
        Some("a study takes at least 1 minute: raise minutes")
    } else if reward.is_some_and(|reward| reward < Minor::ZERO || !reward.is_whole()) {
        Some("the reward of a study is a whole number of pence or cents, and not negative")
    } else if naivety.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
        Some("the naivety_distribution_rate of a study is 0 to 1")
    } else if *has_filter_set && !filters.is_empty() {
        Some("a study takes filters or a filter set, not both: leave one out")
    } else {
        None
    };
    refuse(problem)?;
    filters::check(filters)
}

fn lacking(study: &NewStudy) -> Option<&'static str> {
    let has_method = study.data_collection_method.is_some();
    let has_task = has_method || study.external_url.is_some() || study.access_details.is_some();
    if study.name.trim().is_empty() {
        return Some("the name of a study is empty: give it one");
    }
    if !has_task {
        return Some(
            "a study needs a task: set one of external_url, access_details, batch and collection",
        );
    }
    if has_method && study.data_collection_id.is_none() {
        return Some(
            "a study with a data_collection_method needs the batch or collection: set data_collection_id",
        );
    }
    if study.reward.is_none() {
        return Some("a study needs a reward: set it, in pence or cents");
    }
    if study.minutes.is_none() {
        return Some("a study needs an estimate of how long it takes: set minutes");
    }
    None
}
