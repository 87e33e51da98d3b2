use prolific_api::types;

use crate::{
    ProjectId, Result, WorkspaceId,
    open_enum::open_enum,
    resource::{given, present},
    workspaces::Member,
};

open_enum! {
    /// Who sees a project.
    pub enum ProjectType from types::ProjectType {
        /// Its members alone.
        Private = "PRIVATE",
        /// Participants too, with its [public details](PublicDetails).
        Public = "PUBLIC",
    }
}

open_enum! {
    /// Whether participants are shown a public project.
    pub enum PublicProjectStatus from types::PublicProjectStatus {
        /// It is shown.
        Enabled = "ENABLED",
        /// It is not.
        Disabled = "DISABLED",
    }
}

/// What participants see of a public project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublicDetails {
    /// Whether it is shown.
    pub status: Option<PublicProjectStatus>,
    /// The title.
    pub title: Option<String>,
    /// A line on it.
    pub short_description: Option<String>,
    /// More on it.
    pub description: Option<String>,
}

impl From<types::PublicDetailsAnswer> for PublicDetails {
    fn from(raw: types::PublicDetailsAnswer) -> Self {
        let types::PublicDetailsAnswer { description, short_description, status, title, .. } = raw;
        Self { status: status.map(Into::into), title, short_description, description }
    }
}

/// A project.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The id of the user who made it.
    pub owner: Option<String>,
    /// The workspace that it belongs to.
    pub workspace_id: Option<WorkspaceId>,
    /// Who sees it.
    pub project_type: Option<ProjectType>,
    /// What participants see of it; public projects only.
    pub public_details: Option<PublicDetails>,
    /// Its members.
    pub users: Vec<Member>,
    /// Whether its studies are the waves of one.
    pub is_longitudinal: Option<bool>,
    /// The plan of the waves and what became of them, as the raw client has it.
    pub longitudinal: Option<types::ProjectLongitudinal>,
    /// How speed is weighed against participants that are new to studies; 0 is all for speed, 1
    /// is the most. Deprecated.
    pub naivety_distribution_rate: Option<f64>,
}

impl Project {
    #[allow(deprecated, reason = "it is read as long as it is sent")]
    pub(super) fn read(raw: types::Project) -> Result<Self> {
        let types::Project {
            description,
            id,
            is_longitudinal,
            longitudinal,
            naivety_distribution_rate,
            owner,
            public_details,
            title,
            type_,
            users,
            workspace,
            ..
        } = raw;
        Ok(Self {
            id: given(ProjectId::new(present(id, "id")?))?,
            title,
            description,
            owner,
            workspace_id: workspace.and_then(|id| WorkspaceId::new(id).ok()),
            project_type: type_.map(Into::into),
            public_details: public_details.map(Into::into),
            users: users.into_iter().map(Member::from).collect(),
            is_longitudinal,
            longitudinal,
            naivety_distribution_rate: naivety_distribution_rate.map(f64::from),
        })
    }
}

/// A project as lists have it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProjectSummary {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The id of the user who made it.
    pub owner: Option<String>,
    /// Who sees it.
    pub project_type: Option<ProjectType>,
    /// What participants see of it; public projects only.
    pub public_details: Option<PublicDetails>,
    /// Its members.
    pub users: Vec<Member>,
    /// How speed is weighed against participants that are new to studies; 0 is all for speed, 1
    /// is the most. Deprecated.
    pub naivety_distribution_rate: Option<f64>,
}

impl ProjectSummary {
    #[allow(deprecated, reason = "it is read as long as it is sent")]
    pub(super) fn read(raw: types::ProjectSummary) -> Result<Self> {
        let types::ProjectSummary {
            description,
            id,
            naivety_distribution_rate,
            owner,
            public_details,
            title,
            type_,
            users,
            ..
        } = raw;
        Ok(Self {
            id: given(ProjectId::new(present(id, "id")?))?,
            title,
            description,
            owner,
            project_type: type_.map(Into::into),
            public_details: public_details.map(Into::into),
            users: users.into_iter().map(Member::from).collect(),
            naivety_distribution_rate: naivety_distribution_rate.map(f64::from),
        })
    }
}
