//! Participants whom the researcher does not know, and can't write to.
//!
//! That Prolific refuses such a message as it refuses other unknown ids is inferred.

use std::collections::HashSet;

use serde_json::Value;

use super::{answer::Refusal, groups, responses::Response, world::World};

/// Refuses recipients who never took a place in a study, responded to a batch or a collection, or
/// wrote, are in no group, and are not test participants.
///
/// # Errors
///
/// 404.
pub(super) fn refuse(world: &World, recipients: &[String]) -> Result<(), Refusal> {
    let of_batches = world.batches.values().flat_map(|batch| &batch.responses);
    let of_collections = world.collections.values().flat_map(|collection| &collection.responses);
    let responded =
        of_batches.chain(of_collections).map(|Response { participant, .. }| participant);
    let known: HashSet<&str> = texts(world.submissions.values(), "participant")
        .chain(texts(world.conversations.values(), "~participant"))
        .chain(world.test_participants.ids())
        .chain(groups::all_members(world))
        .chain(responded.map(String::as_str))
        .collect();
    refuse_others(recipients, &known, "participant")
}

/// Refuses recipients without a submission in a study.
///
/// # Errors
///
/// 404.
pub(super) fn refuse_for_study(
    world: &World,
    study: &str,
    recipients: &[String],
) -> Result<(), Refusal> {
    let of_study = world.submissions.of_field("study_id", study);
    let known = texts(of_study, "participant").collect();
    refuse_others(recipients, &known, "participant of the study")
}

fn texts<'a>(
    objects: impl Iterator<Item = &'a Value>,
    field: &'static str,
) -> impl Iterator<Item = &'a str> {
    objects.filter_map(move |object| object[field].as_str())
}

fn refuse_others(recipients: &[String], known: &HashSet<&str>, what: &str) -> Result<(), Refusal> {
    match recipients.iter().find(|id| !known.contains(id.as_str())) {
        Some(id) => Err(Refusal::not_found(&format!("{what} as {id:?}"))),
        None => Ok(()),
    }
}
