use prolific_api::types;

use crate::{ResearcherId, model::model, open_enum::open_enum};

open_enum! {
    /// The role of a member of a workspace.
    pub enum WorkspaceRole from types::WorkspaceRole {
        /// Everything.
        Admin = "WORKSPACE_ADMIN",
        /// Work on studies.
        Collaborator = "WORKSPACE_COLLABORATOR",
    }
}

model! {
    /// A member of a workspace or a project.
    #[derive(Eq)]
    pub struct Member from types::WorkspaceUser {
        /// The id of the user.
        pub id: Option<ResearcherId>,
        /// The name.
        pub name: Option<String>,
        /// The address.
        pub email: Option<String>,
        /// What the user may do.
        pub roles: Vec<WorkspaceRole>,
    }
}
