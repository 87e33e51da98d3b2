use prolific_api::types;

/// A member of a workspace or a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The id of the user.
    pub id: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// What the user may do, `WORKSPACE_ADMIN` for one.
    pub roles: Vec<String>,
}

impl From<types::WorkspaceUser> for Member {
    fn from(raw: types::WorkspaceUser) -> Self {
        let types::WorkspaceUser { email, id, name, roles, .. } = raw;
        Self { id, name, email, roles }
    }
}
