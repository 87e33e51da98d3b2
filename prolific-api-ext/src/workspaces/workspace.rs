use prolific_api::types;

use super::Member;
use crate::{
    ProjectId, Result, WorkspaceId,
    resource::{given, present},
};

/// A workspace.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The id of the user who made it.
    pub owner: Option<String>,
    /// Its members.
    pub users: Vec<Member>,
    /// The ids of its projects. One that nothing can be asked with is left out.
    pub projects: Vec<ProjectId>,
    /// The id of its wallet.
    pub wallet: Option<String>,
    /// How speed is weighed against participants that are new to studies; 0 is all for speed, 1
    /// is the most. Deprecated.
    pub naivety_distribution_rate: Option<f64>,
}

impl Workspace {
    #[allow(deprecated, reason = "it is read as long as it is sent")]
    pub(super) fn read(raw: types::Workspace) -> Result<Self> {
        let types::Workspace {
            description,
            id,
            naivety_distribution_rate,
            owner,
            projects,
            title,
            users,
            wallet,
            ..
        } = raw;
        Ok(Self {
            id: given(WorkspaceId::new(present(id, "id")?))?,
            title,
            description,
            owner,
            users: users.into_iter().map(Member::from).collect(),
            projects: projects.into_iter().filter_map(project_id).collect(),
            wallet,
            naivety_distribution_rate: naivety_distribution_rate.map(f64::from),
        })
    }
}

/// The name and the purpose are documented too, but the documented example has the id alone.
fn project_id(raw: types::ProjectRef) -> Option<ProjectId> {
    let types::ProjectRef { id, .. } = raw;
    ProjectId::new(id?).ok()
}

/// A workspace as lists have it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WorkspaceSummary {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The id of the user who made it.
    pub owner: Option<String>,
    /// Its members.
    pub users: Vec<Member>,
    /// How speed is weighed against participants that are new to studies; 0 is all for speed, 1
    /// is the most. Deprecated.
    pub naivety_distribution_rate: Option<f64>,
}

impl WorkspaceSummary {
    #[allow(deprecated, reason = "it is read as long as it is sent")]
    pub(super) fn read(raw: types::WorkspaceSummary) -> Result<Self> {
        let types::WorkspaceSummary {
            description,
            id,
            naivety_distribution_rate,
            owner,
            title,
            users,
            ..
        } = raw;
        Ok(Self {
            id: given(WorkspaceId::new(present(id, "id")?))?,
            title,
            description,
            owner,
            users: users.into_iter().map(Member::from).collect(),
            naivety_distribution_rate: naivety_distribution_rate.map(f64::from),
        })
    }
}
