//! Projects of a workspace.

mod cost;
mod filters;
#[cfg(test)]
mod on_the_wire;
mod project;

pub use cost::ProjectCost;
pub use filters::ProjectStudyFilters;
pub use project::{
    Longitudinal, LongitudinalConfig, NewLongitudinal, NewProject, Project, ProjectChange,
    ProjectSummary, ProjectType, PublicDetails, PublicProjectStatus,
};

use prolific_api::types;

use crate::{
    Error, ProjectId, Result, StudyId, WorkspaceId,
    model::{self, answer, made},
    pages::{Pages, Paging},
    request::body,
    resource::{read, resource},
    studies::StudySummary,
};

const LIST: &str = "get-projects";
const GET: &str = "get-project";
const CREATE: &str = "create-project";
const UPDATE: &str = "update-project";
const DELETE_STUDY: &str = "delete-project-study";

resource! {
    /// Operations on projects. Returned by [`Prolific::projects`](crate::Prolific::projects).
    Projects
}

impl Projects {
    /// Lists the studies of a project, in pages as documented.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let project = simulator.project_id()?;
    /// let studies = prolific.projects().studies(&project).newest_first();
    /// println!("{} studies", studies.collect_all().await?.len());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-project-studies")]
    pub fn studies(&self, id: &ProjectId) -> Pages<StudySummary, ProjectStudyFilters> {
        let id = id.clone();
        Pages::new(
            &self.prolific,
            "get-project-studies",
            Paging::Page,
            move |prolific, page| {
                let id = id.clone();
                async move {
                    let call = prolific
                        .api()
                        .get_project_studies()
                        .project_id(id.as_str())
                        .page(page.page);
                    match page.page_size {
                        Some(size) => call.page_size(size).send().await,
                        None => call.send().await,
                    }
                }
            },
            model::row,
        )
        .with_query("ordering", "date_created")
    }

    /// Lists the projects of a workspace. *(paging: known from the official CLI only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.workspace_id()?;
    /// let projects: Vec<_> = prolific.projects().list(&id).try_collect().await?;
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-projects")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<ProjectSummary> {
        let id = workspace_id.clone();
        Pages::new(
            &self.prolific,
            LIST,
            Paging::UNBOUNDED,
            move |prolific, page| {
                let id = id.clone();
                async move {
                    let call = prolific.api().get_projects().workspace_id(id.as_str());
                    call.limit(page.limit).offset(page.offset).send().await
                }
            },
            model::row,
        )
    }

    /// Fetches a project.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.project_id()?;
    /// let project = prolific.projects().get(&id).await?;
    /// println!("{:?}", project.title);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-project")]
    pub async fn get(&self, id: &ProjectId) -> Result<Project> {
        let call = self.prolific.api().get_project().project_id(id.as_str());
        answer(call.send().await, GET)
    }

    /// Creates a project in a workspace.
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// title is empty; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::projects::NewProject;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.workspace_id()?;
    /// let new = NewProject::new("Birds of Iceland");
    /// let project = prolific.projects().create(&id, new).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-project")]
    pub async fn create(&self, workspace_id: &WorkspaceId, project: NewProject) -> Result<Project> {
        if project.title.trim().is_empty() {
            let message = "the title of a project is empty: set one";
            return Err(Error::invalid_input(message).of(CREATE));
        }
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_project().workspace_id(workspace_id.as_str());
        made(call.body(body::<types::CreateProject>(&project, CREATE)?).send().await, CREATE)
    }

    /// Changes a project. Only the fields that are set are sent. The public title can't be changed
    /// once studies have been published.
    ///
    /// Idempotent: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::projects::ProjectChange;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.project_id()?;
    /// prolific.projects().update(&id, ProjectChange::new().hidden(true)).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-project")]
    pub async fn update(&self, id: &ProjectId, change: ProjectChange) -> Result<Project> {
        let call = self.prolific.api().update_project().project_id(id.as_str());
        answer(call.body(body::<types::UpdateProject>(&change, UPDATE)?).send().await, UPDATE)
    }

    /// Deletes a draft of a project. [`Studies::delete`](crate::studies::Studies::delete) does the
    /// same without naming the project.
    ///
    /// Idempotent: retried after any transient failure. A retry may then find the draft already
    /// deleted and return [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.project_id()?;
    /// # let study = simulator.active_study()?;
    /// # let study = prolific.studies().duplicate(&study, None).await?.id;
    /// prolific.projects().delete_study(&id, &study).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-project-study")]
    pub async fn delete_study(&self, id: &ProjectId, study_id: &StudyId) -> Result<()> {
        let call = self.prolific.api().delete_project_study().project_id(id.as_str());
        read(call.study_id(study_id.as_str()).send().await, DELETE_STUDY, Ok)
    }
}
