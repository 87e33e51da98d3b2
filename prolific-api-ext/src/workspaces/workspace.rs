use prolific_api::types;

use super::Member;
use crate::{
    ProjectId, ResearcherId, WorkspaceId,
    model::model,
    money::Currency,
    projects::{ProjectType, PublicDetails},
    request::request,
};

model! {
    /// A workspace.
    pub struct Workspace from types::Workspace {
        /// The id.
        key id: WorkspaceId,
        /// The name.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The user who made it.
        pub owner: Option<ResearcherId>,
        /// The members.
        pub users: Vec<Member>,
        /// The projects.
        pub projects: Vec<ProjectRef>,
        /// The id of its wallet.
        pub wallet: Option<String>,
        /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
        /// Deprecated.
        pub naivety_distribution_rate: Option<f64>,
    }
}

model! {
    /// A project of a workspace. The documented example has only the id.
    pub struct ProjectRef from types::ProjectRef {
        /// The id.
        pub id: Option<ProjectId>,
        /// The name.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The user who made it.
        pub owner: Option<ResearcherId>,
        /// Who sees it.
        pub project_type: Option<ProjectType> = type_,
        /// The description for participants.
        pub public_details: Option<PublicDetails>,
        /// The members.
        pub users: Vec<Member>,
    }
}

model! {
    /// A workspace as a row of a list.
    pub struct WorkspaceSummary from types::WorkspaceSummary {
        /// The id.
        key id: WorkspaceId,
        /// The name.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The user who made it.
        pub owner: Option<ResearcherId>,
        /// The members.
        pub users: Vec<Member>,
        /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
        /// Deprecated.
        pub naivety_distribution_rate: Option<f64>,
    }
}

request! {
    /// A workspace to [create](super::Workspaces::create).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{money::Currency, workspaces::NewWorkspace};
    ///
    /// let new = NewWorkspace::new("Birds").currency(Currency::Gbp);
    /// ```
    pub struct NewWorkspace(
        /// The name.
        title: String
    ) {
        /// The currency of all its amounts.
        currency: Currency = "currency_code",
        /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
        /// Deprecated.
        naivety_distribution_rate: f64,
    }
}

request! {
    /// A [change](super::Workspaces::update) of a workspace. Fields that are not set stay as they
    /// are. Which fields can be changed is not documented.
    #[derive(Default)]
    pub struct WorkspaceChange() {
        /// The name.
        title: String,
        /// What it is for.
        description: String,
        /// The user who owns it.
        owner: ResearcherId,
        /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
        /// Deprecated.
        naivety_distribution_rate | no_naivety_distribution_rate: f64,
    }
}
