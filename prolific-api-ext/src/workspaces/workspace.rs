use prolific_api::types;

use super::Member;
use crate::{Result, WorkspaceId, resource::present};

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
    pub(super) fn read(raw: types::WorkspaceSummary) -> Result<Self> {
        let types::WorkspaceSummary {
            description,
            id,
            naivety_distribution_rate,
            owner,
            title,
            users,
        } = raw;
        Ok(Self {
            id: WorkspaceId::new(present(id, "id")?)?,
            title,
            description,
            owner,
            users: users.into_iter().map(Member::from).collect(),
            naivety_distribution_rate,
        })
    }
}
