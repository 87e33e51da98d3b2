//! Pools of credentials that are handed to participants.

use prolific_api::types;

use crate::{
    WorkspaceId,
    pages::{Pages, Paging, listed},
    resource::resource,
};

resource! {
    /// What can be done with credential pools here. Everything else is reached through
    /// [`Prolific::api`](crate::Prolific::api). Made by [`Prolific::credentials`](crate::Prolific::credentials).
    Credentials
}

impl Credentials {
    /// The credential pools of a workspace. All of them come at once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "list-credential-pools")]
    pub fn list(&self, workspace: &WorkspaceId) -> Pages<types::CredentialPoolSummary> {
        listed!(self, "list-credential-pools", Paging::Whole, [workspace], |api, _page| {
            api.list_credential_pools().workspace_id(workspace.as_str())
        })
    }
}
