use std::collections::HashSet;

use prolific_api::types;

use super::Membership;
use crate::{
    Error, ParticipantGroupId, ParticipantId, Prolific, Result, Whole,
    model::{Read as _, model},
    request::body,
    resource::read,
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
        let message = format!("{done} of {all} participants {what}, {not_done} are not");
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

/// The members of a group. A row that can't be read is an error, as whose it is can't be told.
fn members(rows: Vec<types::GroupMembership>, operation: &'static str) -> Result<Vec<Membership>> {
    let listed = rows.len();
    let members: Vec<Membership> = Vec::read(rows, operation)?;
    if members.len() < listed {
        return Err(Error::unexpected("a member in the response has no `participant_id`"));
    }
    Ok(members)
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
    let call = prolific.api().add_to_participant_group().id(id.as_str());
    read(call.body(body).send().await, ADD, |raw| {
        let members = members(raw.results, ADD)?;
        Ok(MembershipChange::told_by(members, participants, true))
    })
}

pub(super) fn remove(
    prolific: Prolific,
    id: ParticipantGroupId,
    participants: Vec<ParticipantId>,
) -> Whole<MembershipChange> {
    let removed = async move {
        let body = participant_ids(&participants, REMOVE)?;
        let call = prolific.api().remove_from_participant_group().id(id.as_str());
        read(call.body(body).send().await, REMOVE, |raw| {
            let members = members(raw.results, REMOVE)?;
            Ok(MembershipChange::told_by(members, participants, false))
        })
    };
    Whole::new(removed, MembershipChange::not_removed)
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
