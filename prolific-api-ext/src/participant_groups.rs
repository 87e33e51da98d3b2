//! The participant groups of workspaces.

mod from_study;

use prolific_api::types;

use crate::{
    Error, OrganisationId, ParticipantGroupId, ParticipantId, ProjectId, Result, StudyId,
    Timestamp, WorkspaceId,
    model::{self, answer, made, model},
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
const ADD: &str = "add-to-participant-group";
const REMOVE: &str = "remove-from-participant-group";

model! {
    /// A group of participants.
    pub struct ParticipantGroup from types::ParticipantGroup {
        /// The id.
        key id: ParticipantGroupId,
        /// The name.
        pub name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The workspace that it belongs to.
        pub workspace_id: Option<WorkspaceId>,
        /// The organisation that it belongs to.
        pub organisation_id: Option<OrganisationId>,
        /// The project that it belongs to.
        pub project_id: Option<ProjectId>,
        /// How many participants are in it.
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
        /// What it stands for.
        pub code_type: Option<CompletionCodeType>,
        /// What it does.
        pub action: Option<FeederAction>,
    }
}

open_enum! {
    /// What a completion code does to a group.
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
        /// Since when.
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
        /// What it is for.
        description: String,
        /// Who is in it.
        participant_ids: Vec<ParticipantId>,
    }
}

request! {
    /// What to [change](ParticipantGroups::update) of a group. Who is in it is changed by
    /// [`add`](ParticipantGroups::add) and [`remove`](ParticipantGroups::remove), which lose nothing
    /// that others add at the same time.
    #[derive(Default)]
    pub struct ParticipantGroupChange() {
        /// The name.
        name: String,
        /// What it is for. *(known from an example only)*
        description: String,
    }
}

resource! {
    /// What can be done with participant groups. Made by
    /// [`Prolific::participant_groups`](crate::Prolific::participant_groups).
    ParticipantGroups
}

impl ParticipantGroups {
    /// The participant groups of a workspace. How they page, and that the workspace may be named
    /// alone, is known from the official CLI only. Safe: each page is retried after any transient
    /// failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// for group in prolific.participant_groups().list(&workspace).collect_all().await? {
    ///     println!("{} {:?}", group.id, group.participant_count);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-participant-groups")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<ParticipantGroup, GroupFilters> {
        listed!(self, "get-participant-groups", Paging::UNBOUNDED, [workspace_id], |api, page| {
            let call = api.get_participant_groups().workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Who is in a participant group. All of them come at once. Safe: retried after any transient
    /// failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// for member in prolific.participant_groups().participants(&id).collect_all().await? {
    ///     println!("{}", member.participant_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-participant-group-participants")]
    pub fn participants(&self, id: &ParticipantGroupId) -> Pages<Membership> {
        listed!(self, "get-participant-group-participants", Paging::Whole, [id], |api, _page| {
            api.get_participant_group_participants().id(id.as_str())
        })
    }

    /// A participant group.
    ///
    /// Safe: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// let group = prolific.participant_groups().get(&id).await?;
    /// println!("{:?}", group.name);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-participant-group")]
    pub async fn get(&self, id: &ParticipantGroupId) -> Result<ParticipantGroup> {
        answer(self.prolific.api().get_participant_group().id(id.as_str()).send().await, GET)
    }

    /// Makes a participant group.
    ///
    /// Unsafe: it makes one at every call, so it is retried only if the server did not act. Known
    /// from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the name is
    /// empty; an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::participant_groups::NewParticipantGroup;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let new = NewParticipantGroup::new("Birdwatchers").workspace_id(workspace);
    /// let group = prolific.participant_groups().create(new).await?;
    /// println!("{}", group.id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-participant-group")]
    pub async fn create(&self, group: NewParticipantGroup) -> Result<ParticipantGroup> {
        if group.name.trim().is_empty() {
            let message = "the name of a participant group is empty: give it one";
            return Err(Error::invalid_input(message).of(CREATE));
        }
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_participant_group();
        let call = call.body(body::<types::CreateParticipantGroup>(&group, CREATE)?);
        made(call.send().await, CREATE)
    }

    /// Changes the name or the description of a participant group.
    ///
    /// Idempotent: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::participant_groups::ParticipantGroupChange;
    ///
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// let change = ParticipantGroupChange::new().name("Ornithologists");
    /// prolific.participant_groups().update(&id, change).await?;
    /// # Ok(())
    /// # }
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
    /// Idempotent: retried after any transient failure; a group that the first attempt deleted may
    /// then be [`NotFound`](crate::ErrorKind::NotFound). Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// prolific.participant_groups().delete(&id).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete-participant-group")]
    pub async fn delete(&self, id: &ParticipantGroupId) -> Result<()> {
        let call = self.prolific.api().delete_participant_group().id(id.as_str());
        read(call.send().await, DELETE, Ok)
    }

    /// Adds participants to a group, and returns who is in it. Those who are in it already stay.
    ///
    /// Idempotent: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if there are none;
    /// an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap();
    /// let members = prolific.participant_groups().add(&id, [&participant]).await?;
    /// assert_eq!(members.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "add-to-participant-group")]
    pub async fn add<'a>(
        &self,
        id: &ParticipantGroupId,
        participants: impl IntoIterator<Item = &'a ParticipantId>,
    ) -> Result<Vec<Membership>> {
        let body = participant_ids(participants, ADD)?;
        let call = self.prolific.api().add_to_participant_group().id(id.as_str());
        read(call.body(body).send().await, ADD, |raw| model::Read::read(raw.results, ADD))
    }

    /// Removes participants from a group, and returns who is in it. Those who are not in it are
    /// passed over.
    ///
    /// Idempotent: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if there are none;
    /// an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewParticipantGroup::new("Birds").workspace_id(workspace.clone());
    /// # let id = prolific.participant_groups().create(new).await?.id;
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap();
    /// prolific.participant_groups().add(&id, [&participant]).await?;
    /// let members = prolific.participant_groups().remove(&id, [&participant]).await?;
    /// assert!(members.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "remove-from-participant-group")]
    pub async fn remove<'a>(
        &self,
        id: &ParticipantGroupId,
        participants: impl IntoIterator<Item = &'a ParticipantId>,
    ) -> Result<Vec<Membership>> {
        let body = participant_ids(participants, REMOVE)?;
        let call = self.prolific.api().remove_from_participant_group().id(id.as_str());
        read(call.body(body).send().await, REMOVE, |raw| model::Read::read(raw.results, REMOVE))
    }
}

fn participant_ids<'a>(
    participants: impl IntoIterator<Item = &'a ParticipantId>,
    operation: &'static str,
) -> Result<types::ParticipantIds> {
    let ids: Vec<_> = participants.into_iter().collect();
    if ids.is_empty() {
        return Err(
            Error::invalid_input("there are no participants: give at least one").of(operation)
        );
    }
    body(serde_json::json!({ "participant_ids": ids }), operation)
}

/// The filters of [`ParticipantGroups::list`].
#[derive(Debug)]
#[non_exhaustive]
pub struct GroupFilters {}

impl<T: Send + 'static> Pages<T, GroupFilters> {
    /// Lists the groups that are active, or those that were deleted.
    pub fn active(self, is_active: bool) -> Self {
        self.with_query("active", is_active.to_string())
    }

    /// Lists the groups whose name matches a text. *(Known from the official CLI only.)*
    pub fn search(self, text: impl Into<String>) -> Self {
        self.with_query("search", text)
    }
}
