//! Checks made before anything is sent.

use std::fmt::Display;

use super::{SubmissionAction, Transition};
use crate::{Error, Result};

/// How many submissions one bulk approval takes; documented as "about".
pub(super) const BULK: usize = 1_000;
/// The minimum length of the message of a rejection, in characters.
const REJECTION: usize = 100;

/// Checks the documented conditions of a transition that the request alone can show.
pub(super) fn transition(request: &Transition) -> Result<()> {
    match check_transition(request) {
        Some(message) => Err(Error::invalid_input(message)),
        None => Ok(()),
    }
}

/// What is wrong with a transition, as far as the request alone can show.
pub(crate) fn check_transition(request: &Transition) -> Option<String> {
    let data = request.completion_code_data.as_ref();
    if let Some(share) = data.map(|data| data.percentage_of_reward)
        && !(8.0..=99.0).contains(&share)
    {
        return Some(format!(
            "a dynamic payment must be 8 to 99 percent of the reward, not {share}"
        ));
    }
    match request.action {
        SubmissionAction::Complete if request.completion_code.is_none() => {
            Some("completing a submission requires a code: set completion_code".to_owned())
        }
        SubmissionAction::Reject if request.rejection_category.is_none() => {
            Some("rejecting a submission requires a reason: set rejection_category".to_owned())
        }
        SubmissionAction::Reject => short(request.message.as_deref().unwrap_or_default()),
        _ => None,
    }
}

fn short(message: &str) -> Option<String> {
    let length = message.chars().count();
    (length < REJECTION).then(|| {
        format!(
            "the message of a rejection has {length} characters, and needs at least {REJECTION}"
        )
    })
}

/// The ids to approve.
pub(super) fn bulk(ids: impl IntoIterator<Item = impl Display>) -> Result<Vec<String>> {
    let ids: Vec<_> = ids.into_iter().map(|id| id.to_string()).collect();
    match ids.len() {
        0 => Err(Error::invalid_input("there is nothing to approve: give at least one id")),
        1..=BULK => Ok(ids),
        count => Err(Error::invalid_input(format!(
            "{count} submissions are too many to approve at once (the documentation says about \
             {BULK}): give at most {BULK} at a time"
        ))),
    }
}
