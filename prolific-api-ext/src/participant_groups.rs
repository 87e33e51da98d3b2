//! Participant groups of a workspace.

mod from_study;
mod membership_change;

pub use membership_change::MembershipChange;

use prolific_api::types;

use crate::{
    Error, OrganisationId, ParticipantGroupId, ParticipantId, ProjectId, Result, StudyId,
    Timestamp, Whole, WorkspaceId,
    model::{answer, made, model},
    open_enum::open_enum,
    pages::{Pages, Paging, listed},
    request::{body, request},
    resource::{read, resource},
    studies::{CompletionCodeType, StudyStatus},
};

const GET: &str = "get-participant-group";
const CREATE: &str = "create-participant-group";
const UPDATE: &str = "update-participant-group";
const DELETE: &str = "delete-participant-group";

model! {
    /// A group of participants.
    pub struct ParticipantGroup from types::ParticipantGroup {
        /// The id.
        key id: ParticipantGroupId,
        /// The name.
        pub name: Option<String>,
        /// The description.
        pub description: Option<String>,
        /// The workspace that it belongs to.
        pub workspace_id: Option<WorkspaceId>,
        /// The organisation that it belongs to.
        pub organisation_id: Option<OrganisationId>,
        /// The project that it belongs to.
        pub project_id: Option<ProjectId>,
        /// The number of participants.
        pub participant_count: Option<u64>,
        /// Whether it was deleted.
        pub is_deleted: Option<bool>,
        /// The studies whose completion codes add to it or remove from it.
        pub feeder_studies: Vec<FeederStudy>,
    }
}

model! {
    /// A study whose completion codes add to a group or remove from it.
    pub struct FeederStudy from types::FeederStudy {
        /// The id.
        pub id: Option<StudyId>,
        /// The title that participants see.
        pub name: Option<String>,
        /// The title that they do not see.
        pub internal_name: Option<String>,
        /// The status.
        pub status: Option<StudyStatus>,
        /// The codes.
        pub completion_codes: Vec<FeederCode> = feeder_completion_codes,
    }
}

model! {
    /// A completion code that adds to a group or removes from it.
    pub struct FeederCode from types::FeederCode {
        /// The code.
        pub code: Option<String>,
        /// The type of the code.
        pub code_type: Option<CompletionCodeType>,
        /// The effect of the code.
        pub action: Option<FeederAction>,
    }
}

open_enum! {
    /// The effect of a completion code on a group.
    pub enum FeederAction from types::FeederAction {
        /// Adds the participant.
        Add = "ADD_TO_PARTICIPANT_GROUP",
        /// Removes the participant.
        Remove = "REMOVE_FROM_PARTICIPANT_GROUP",
    }
}

model! {
    /// A participant in a group.
    pub struct Membership from types::GroupMembership {
        /// The participant.
        key participant_id: ParticipantId,
        /// When the participant was added.
        pub created_at: Option<Timestamp> = datetime_created,
    }
}

request! {
    /// A group to [create](ParticipantGroups::create).
    pub struct NewParticipantGroup(
        /// The name.
        name: String
    ) {
        /// The workspace that it belongs to.
        workspace_id: WorkspaceId,
        /// The organisation that it belongs to.
        organisation_id: OrganisationId,
        /// The description.
        description: String,
        /// The participants.
        participant_ids: Vec<ParticipantId>,
    }
}

request! {
    /// A [change](ParticipantGroups::update) of a group. To change its participants, use
    /// [`add`](ParticipantGroups::add) and [`remove`](ParticipantGroups::remove), which don't undo
    /// concurrent changes.
    #[derive(Default)]
    pub struct ParticipantGroupChange() {
        /// The name.
        name: String,
        /// The description. *(known from an example only)*
        description: String,
    }
}

resource! {
    /// Operations on participant groups. Returned by
    /// [`Prolific::participant_groups`](crate::Prolific::participant_groups).
    ParticipantGroups
}

impl ParticipantGroups {
    /// Lists the participant groups of a workspace. *(paging, and that the workspace is enough:
    /// known from the official CLI only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// for group in prolific.participant_groups().list(&workspace).collect_all().await? {
    ///     println!("{} {:?}", group.id, group.participant_count);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-participant-groups")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<ParticipantGroup, GroupFilters> {
        listed!(self, "get-participant-groups", Paging::UNBOUNDED, [workspace_id], |api, page| {
            let call = api.get_participant_groups().workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Lists the participants of a group. Not paged: one request returns all of them.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// for member in prolific.participant_groups().participants(&id).collect_all().await? {
    ///     println!("{}", member.participant_id);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-participant-group-participants")]
    pub fn participants(&self, id: &ParticipantGroupId) -> Pages<Membership> {
        listed!(self, "get-participant-group-participants", Paging::Whole, [id], |api, _page| {
            api.get_participant_group_participants().id(id.as_str())
        })
    }

    /// Fetches a participant group.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// let group = prolific.participant_groups().get(&id).await?;
    /// println!("{:?}", group.name);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-participant-group")]
    pub async fn get(&self, id: &ParticipantGroupId) -> Result<ParticipantGroup> {
        answer(self.prolific.api().get_participant_group().id(id.as_str()).send().await, GET)
    }

    /// Creates a participant group.
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// name is empty; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::participant_groups::NewParticipantGroup;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let new = NewParticipantGroup::new("Birdwatchers").workspace_id(workspace);
    /// let group = prolific.participant_groups().create(new).await?;
    /// println!("{}", group.id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-participant-group")]
    pub async fn create(&self, group: NewParticipantGroup) -> Result<ParticipantGroup> {
        if group.name.trim().is_empty() {
            let message = "the name of a participant group is empty: set one";
            return Err(Error::invalid_input(message).of(CREATE));
        }
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_participant_group();
        let call = call.body(body::<types::CreateParticipantGroup>(&group, CREATE)?);
        made(call.send().await, CREATE)
    }

    /// Changes the name or the description of a participant group.
    ///
    /// Idempotent: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::participant_groups::ParticipantGroupChange;
    ///
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// let change = ParticipantGroupChange::new().name("Ornithologists");
    /// prolific.participant_groups().update(&id, change).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-participant-group")]
    pub async fn update(
        &self,
        id: &ParticipantGroupId,
        change: ParticipantGroupChange,
    ) -> Result<ParticipantGroup> {
        let call = self.prolific.api().update_participant_group().id(id.as_str());
        let call = call.body(body::<types::UpdateParticipantGroup>(&change, UPDATE)?);
        answer(call.send().await, UPDATE)
    }

    /// Deletes a participant group.
    ///
    /// Idempotent: retried after any transient failure. A retry may then find the group already
    /// deleted and return [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// prolific.participant_groups().delete(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-participant-group")]
    pub async fn delete(&self, id: &ParticipantGroupId) -> Result<()> {
        let call = self.prolific.api().delete_participant_group().id(id.as_str());
        read(call.send().await, DELETE, Ok)
    }

    /// Adds participants to a group. Those who are already in it stay. Awaiting it returns the
    /// [`MembershipChange`].
    ///
    /// Idempotent: retried after any transient failure. The response is documented to list the
    /// members of the group; if it doesn't, they are [read](Self::participants).
    ///
    /// # Errors
    ///
    /// Returns [`Partial`](crate::ErrorKind::Partial) if some of them are not in the group
    /// afterwards, unless that is [allowed](Whole::allow_partial), with the [`MembershipChange`] as
    /// [`last_seen`](Error::last_seen); [`InvalidInput`](crate::ErrorKind::InvalidInput), before
    /// anything is sent, if the list is empty; another [`ErrorKind`](crate::ErrorKind) if the call
    /// fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap();
    /// let change = prolific.participant_groups().add(&id, [&participant]).await?;
    /// assert_eq!(change.members.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "add-to-participant-group")]
    pub fn add<'a>(
        &self,
        id: &ParticipantGroupId,
        participants: impl IntoIterator<Item = &'a ParticipantId>,
    ) -> Whole<MembershipChange> {
        let participants = participants.into_iter().cloned().collect();
        membership_change::add(self.prolific.clone(), id.clone(), participants)
    }

    /// Removes participants from a group. Those who are not in it are ignored. Awaiting it returns
    /// the [`MembershipChange`].
    ///
    /// Idempotent: retried after any transient failure. The response is documented to list the
    /// members of the group; if it doesn't, they are [read](Self::participants).
    ///
    /// # Errors
    ///
    /// Returns [`Partial`](crate::ErrorKind::Partial) if some of them are still in the group
    /// afterwards, unless that is [allowed](Whole::allow_partial), with the [`MembershipChange`] as
    /// [`last_seen`](Error::last_seen); [`InvalidInput`](crate::ErrorKind::InvalidInput), before
    /// anything is sent, if the list is empty; another [`ErrorKind`](crate::ErrorKind) if the call
    /// fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap();
    /// prolific.participant_groups().add(&id, [&participant]).await?;
    /// let change = prolific.participant_groups().remove(&id, [&participant]).await?;
    /// assert!(change.members.is_empty());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "remove-from-participant-group")]
    pub fn remove<'a>(
        &self,
        id: &ParticipantGroupId,
        participants: impl IntoIterator<Item = &'a ParticipantId>,
    ) -> Whole<MembershipChange> {
        let participants = participants.into_iter().cloned().collect();
        membership_change::remove(self.prolific.clone(), id.clone(), participants)
    }
}

/// The filters of [`ParticipantGroups::list`].
#[derive(Debug)]
#[non_exhaustive]
pub struct GroupFilters {}

impl<T: Send + 'static> Pages<T, GroupFilters> {
    /// Lists active groups, or deleted ones.
    pub fn active(self, is_active: bool) -> Self {
        self.with_query("active", is_active.to_string())
    }

    /// Lists the groups whose name matches a text. *(known from the official CLI only)*
    pub fn search(self, text: impl Into<String>) -> Self {
        self.with_query("search", text)
    }
}
