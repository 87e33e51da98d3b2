//! The participant groups of workspaces.

use prolific_api::types;

use crate::{
    ParticipantGroupId, WorkspaceId,
    pages::{Pages, Paging, listed},
    resource::resource,
};

resource! {
    /// What can be done with participant groups here. Everything else is reached through
    /// [`Prolific::api`](crate::Prolific::api). Made by [`Prolific::participant_groups`](crate::Prolific::participant_groups).
    ParticipantGroups
}

impl ParticipantGroups {
    /// The participant groups of a workspace; how they page, and that the workspace may be named
    /// alone, is known from the official command line alone.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-participant-groups")]
    pub fn list(&self, workspace: &WorkspaceId) -> Pages<types::ParticipantGroup, GroupFilters> {
        listed!(self, "get-participant-groups", Paging::UNBOUNDED, [workspace], |api, page| {
            let call = api.get_participant_groups().workspace_id(workspace.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Who is in a participant group. All of them come at once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-participant-group-participants")]
    pub fn participants(&self, id: &ParticipantGroupId) -> Pages<types::GroupMembership> {
        listed!(self, "get-participant-group-participants", Paging::Whole, [id], |api, _page| {
            api.get_participant_group_participants().id(id.as_str())
        })
    }
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
