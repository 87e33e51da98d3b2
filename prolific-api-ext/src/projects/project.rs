use prolific_api::types;
use serde_json::{Map, Value};

use crate::{
    ProjectId, ResearcherId, WorkspaceId,
    filters::Filter,
    model::{Read, model},
    open_enum::open_enum,
    request::request,
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
    /// Whether participants can see the project.
    pub enum PublicProjectStatus from types::PublicProjectStatus {
        /// It is shown.
        Enabled = "ENABLED",
        /// It is not.
        Disabled = "DISABLED",
    }
}

request! {
    /// What participants see of a public project.
    #[derive(Default)]
    pub struct PublicDetails() {
        /// Whether it is shown.
        status: PublicProjectStatus,
        /// The title. It can't be changed once studies have been published.
        title: String,
        /// A line on it.
        short_description: String,
        /// More on it.
        description: String,
    }
}

impl Read<types::PublicDetailsAnswer> for PublicDetails {
    fn read(raw: types::PublicDetailsAnswer, at: &'static str) -> crate::Result<Self> {
        Ok(Self {
            status: Read::read(raw.status, at)?,
            title: raw.title,
            short_description: raw.short_description,
            description: raw.description,
        })
    }
}

model! {
    /// A project.
    pub struct Project from types::Project {
        /// The id.
        key id: ProjectId,
        /// The name.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The user who made it.
        pub owner: Option<ResearcherId>,
        /// The workspace that it belongs to.
        pub workspace_id: Option<WorkspaceId> = workspace,
        /// Who sees it.
        pub project_type: Option<ProjectType> = type_,
        /// What participants see of it; public projects only.
        pub public_details: Option<PublicDetails>,
        /// The members.
        pub users: Vec<Member>,
        /// Whether its studies are waves of a longitudinal study.
        pub is_longitudinal: Option<bool>,
        /// The plan of the waves, and their outcome.
        pub longitudinal: Option<Longitudinal>,
        /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
        /// Deprecated.
        pub naivety_distribution_rate: Option<f64>,
    }
}

model! {
    /// The plan of the waves of a longitudinal study, and their outcome.
    pub struct Longitudinal from types::ProjectLongitudinal {
        /// The plan.
        pub config: Option<LongitudinalConfig>,
        /// Its outcome; the fields are not documented.
        pub retention: Map<String, Value>,
    }
}

/// The plan of the waves of a longitudinal study.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LongitudinalConfig {
    /// How many participants should complete all waves.
    pub target_completions: u64,
    /// The expected share of participants who stay.
    pub retention_rate: f64,
    /// Who may take part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

impl LongitudinalConfig {
    /// Makes a plan.
    pub fn new(target_completions: u64, retention_rate: f64) -> Self {
        Self { target_completions, retention_rate, filters: Vec::new() }
    }

    /// Sets who may take part.
    #[must_use]
    pub fn filters(mut self, filters: impl IntoIterator<Item = Filter>) -> Self {
        self.filters = filters.into_iter().collect();
        self
    }
}

impl Read<types::LongitudinalConfigAnswer> for LongitudinalConfig {
    fn read(raw: types::LongitudinalConfigAnswer, at: &'static str) -> crate::Result<Self> {
        let target: Option<u64> = Read::read(raw.target_completions, at)?;
        Ok(Self {
            target_completions: target.unwrap_or_default(),
            retention_rate: raw.retention_rate.map(f64::from).unwrap_or_default(),
            filters: Read::read(raw.filters, at)?,
        })
    }
}

model! {
    /// A project as a row of a list.
    pub struct ProjectSummary from types::ProjectSummary {
        /// The id.
        key id: ProjectId,
        /// The name.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The user who made it.
        pub owner: Option<ResearcherId>,
        /// Who sees it.
        pub project_type: Option<ProjectType> = type_,
        /// What participants see of it; public projects only.
        pub public_details: Option<PublicDetails>,
        /// The members.
        pub users: Vec<Member>,
        /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
        /// Deprecated.
        pub naivety_distribution_rate: Option<f64>,
    }
}

request! {
    /// A project to [create](super::Projects::create).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::projects::NewProject;
    ///
    /// let new = NewProject::new("Birds of Iceland").description("All waves.");
    /// ```
    pub struct NewProject(
        /// The name.
        title: String
    ) {
        /// What it is for.
        description: String,
        /// The user who owns it. *(known from the official CLI only)*
        owner: ResearcherId,
        /// Who sees it.
        project_type: ProjectType = "type",
        /// What participants see of it; public projects only.
        public_details: PublicDetails,
        /// Whether its studies are waves of a longitudinal study.
        is_longitudinal: bool,
        /// The plan of the waves.
        longitudinal: NewLongitudinal,
        /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
        /// Deprecated.
        naivety_distribution_rate: f64,
    }
}

request! {
    /// The plan of the waves of a new project.
    pub struct NewLongitudinal(
        /// The plan.
        config: LongitudinalConfig
    ) {}
}

request! {
    /// A [change](super::Projects::update) of a project. Fields that are not set stay as they are.
    #[derive(Default)]
    pub struct ProjectChange() {
        /// The name.
        title: String,
        /// What it is for.
        description: String,
        /// The user who owns it.
        owner: ResearcherId,
        /// Its position among the others.
        position: u64,
        /// Whether it is hidden.
        hidden: bool,
        /// Who sees it.
        project_type: ProjectType = "type",
        /// What participants see of it; public projects only.
        public_details: PublicDetails,
        /// Whether its studies are taken one after another.
        is_sequential: bool,
    }
}
