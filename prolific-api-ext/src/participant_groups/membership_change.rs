use std::collections::HashSet;

use prolific_api::types;
use serde::Deserialize;
use serde_json::Value;

use super::Membership;
use crate::{
    Error, ParticipantGroupId, ParticipantId, Prolific, Result, Whole,
    model::{Read as _, model},
    request::body,
    resource::read_left_as,
};

const ADD: &str = "add-to-participant-group";
const REMOVE: &str = "remove-from-participant-group";

model! {
    /// The outcome of adding participants to a group, or of removing them.
    pub struct MembershipChange {
        /// Who is in the group now.
        pub members: Vec<Membership>,
        /// Those who were to be added and are in it, or were to be removed and are not.
        pub done: Vec<ParticipantId>,
        /// Those who were to be added and are not in it, or were to be removed and are.
        pub not_done: Vec<ParticipantId>,
    }
}

impl MembershipChange {
    /// Takes in the change of a part, after which the group has its members.
    pub(super) fn extend(&mut self, part: Self) {
        self.members = part.members;
        self.done.extend(part.done);
        self.not_done.extend(part.not_done);
    }

    pub(super) fn not_added(&mut self) -> Option<Error> {
        self.lack(ADD, "are in the group")
    }

    fn not_removed(&mut self) -> Option<Error> {
        self.lack(REMOVE, "are out of the group")
    }

    fn lack(&self, operation: &'static str, what: &str) -> Option<Error> {
        let (done, not_done) = (self.done.len(), self.not_done.len());
        let all = done + not_done;
        let message = format!("{done} of {all} participants {what}, and {not_done} are not");
        (not_done > 0).then(|| Error::partly(operation, message))
    }

    /// Tells whom the members show to have been added or removed.
    fn told_by(members: Vec<Membership>, participants: Vec<ParticipantId>, is_added: bool) -> Self {
        let known: HashSet<_> = members.iter().map(|member| &member.participant_id).collect();
        let (done, not_done) =
            participants.into_iter().partition(|id| known.contains(id) == is_added);
        Self { members, done, not_done }
    }
}

/// The response to a change, which is documented to list the members.
#[derive(Deserialize)]
struct Told {
    results: Option<Vec<types::GroupMembership>>,
    #[serde(default)]
    meta: Value,
    #[serde(default, rename = "_links")]
    links: Value,
}

impl From<types::GroupMembershipList> for Told {
    fn from(list: types::GroupMembershipList) -> Self {
        Self { results: Some(list.results), meta: Value::Null, links: Value::Null }
    }
}

impl Told {
    /// All members of the group; none if it doesn't say them all.
    fn members(self, operation: &'static str) -> Result<Option<Vec<Membership>>> {
        let Some(rows) = self.results else { return Ok(None) };
        let listed = rows.len();
        let count = self.meta.pointer("/count").and_then(Value::as_f64);
        let next = self.links.pointer("/next/href").or_else(|| self.links.pointer("/next"));
        let ends = next.is_none_or(Value::is_null) && count.is_none_or(|it| it <= listed as f64);
        let members: Vec<Membership> = Vec::read(rows, operation)?;
        Ok((ends && members.len() == listed).then_some(members))
    }
}

pub(super) fn add(
    prolific: Prolific,
    id: ParticipantGroupId,
    participants: Vec<ParticipantId>,
) -> Whole<MembershipChange> {
    let added = async move { added(&prolific, &id, participants).await };
    Whole::new(added, MembershipChange::not_added)
}

pub(super) async fn added(
    prolific: &Prolific,
    id: &ParticipantGroupId,
    participants: Vec<ParticipantId>,
) -> Result<MembershipChange> {
    let body = participant_ids(&participants, ADD)?;
    let left = prolific.with_bodies_left();
    let call = left.api().add_to_participant_group().id(id.as_str()).body(body);
    let told = read_left_as(call.send().await, ADD, |told: Told| told.members(ADD));
    let members = members(prolific, id, told).await?;
    Ok(MembershipChange::told_by(members, participants, true))
}

pub(super) fn remove(
    prolific: Prolific,
    id: ParticipantGroupId,
    participants: Vec<ParticipantId>,
) -> Whole<MembershipChange> {
    let removed = async move {
        let body = participant_ids(&participants, REMOVE)?;
        let left = prolific.with_bodies_left();
        let call = left.api().remove_from_participant_group().id(id.as_str()).body(body);
        let told = read_left_as(call.send().await, REMOVE, |told: Told| told.members(REMOVE));
        let members = members(&prolific, &id, told).await?;
        Ok(MembershipChange::told_by(members, participants, false))
    };
    Whole::new(removed, MembershipChange::not_removed)
}

/// The members of a group after a change that was accepted; read where its response doesn't say them
/// all, as nobody is out of a group because a response doesn't name them.
async fn members(
    prolific: &Prolific,
    id: &ParticipantGroupId,
    told: Result<Option<Vec<Membership>>>,
) -> Result<Vec<Membership>> {
    match told {
        Ok(Some(members)) => return Ok(members),
        Ok(None) => {}
        Err(error) if is_accepted(&error) && error.body().is_empty() => {}
        Err(error) => return Err(error),
    }
    let members = prolific.participant_groups().participants(id).collect_all().await;
    members.map_err(|error| {
        error.having_done("the change was accepted, but its response does not list the members")
    })
}

fn is_accepted(error: &Error) -> bool {
    error.status().is_some_and(|status| status.is_success())
}

fn participant_ids(
    ids: &[ParticipantId],
    operation: &'static str,
) -> Result<types::ParticipantIds> {
    if ids.is_empty() {
        let message = "there are no participants: give at least one";
        return Err(Error::invalid_input(message).of(operation));
    }
    body(serde_json::json!({ "participant_ids": ids }), operation)
}
