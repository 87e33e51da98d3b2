//! The projects of workspaces.

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
    /// What can be done with projects of workspaces. Made by [`Prolific::projects`](crate::Prolific::projects).
    Projects
}

impl Projects {
    /// The studies of a project, documented to come in pages. Safe: each page is retried after any
    /// transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let project = simulator.project_id()?;
    /// let studies = prolific.projects().studies(&project).newest_first();
    /// println!("{} studies", studies.collect_all().await?.len());
    /// # Ok(())
    /// # }
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

    /// The projects of a workspace. It reads only, and each page is repeated after any transient
    /// failure. How it pages is known from Prolific's command line alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.workspace_id()?;
    /// let projects: Vec<_> = prolific.projects().list(&id).try_collect().await?;
    /// # Ok(())
    /// # }
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

    /// A project.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer)
    /// if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.project_id()?;
    /// let project = prolific.projects().get(&id).await?;
    /// println!("{:?}", project.title);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-project")]
    pub async fn get(&self, id: &ProjectId) -> Result<Project> {
        let call = self.prolific.api().get_project().project_id(id.as_str());
        answer(call.send().await, GET)
    }

    /// Makes a project in a workspace.
    ///
    /// Unsafe: it makes one at every call, so it is retried only if the server did not act. Known
    /// from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the title is
    /// empty; an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::projects::NewProject;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.workspace_id()?;
    /// let new = NewProject::new("Birds of Iceland");
    /// let project = prolific.projects().create(&id, new).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-project")]
    pub async fn create(&self, workspace_id: &WorkspaceId, project: NewProject) -> Result<Project> {
        if project.title.trim().is_empty() {
            let message = "the title of a project is empty: give it one";
            return Err(Error::invalid_input(message).of(CREATE));
        }
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_project().workspace_id(workspace_id.as_str());
        made(call.body(body::<types::CreateProject>(&project, CREATE)?).send().await, CREATE)
    }

    /// Changes a project: what is set is sent, and nothing else. The public title can't be changed
    /// once studies have been published.
    ///
    /// Idempotent: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::projects::ProjectChange;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.project_id()?;
    /// prolific.projects().update(&id, ProjectChange::new().hidden(true)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update-project")]
    pub async fn update(&self, id: &ProjectId, change: ProjectChange) -> Result<Project> {
        let call = self.prolific.api().update_project().project_id(id.as_str());
        answer(call.body(body::<types::UpdateProject>(&change, UPDATE)?).send().await, UPDATE)
    }

    /// Deletes a draft of a study of a project. [`Studies::delete`](crate::studies::Studies::delete)
    /// does the same without the project.
    ///
    /// Idempotent: retried after any transient failure; a study that the first attempt deleted may
    /// then be [`NotFound`](crate::ErrorKind::NotFound). Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    #[doc(alias = "delete-project-study")]
    pub async fn delete_study(&self, id: &ProjectId, study_id: &StudyId) -> Result<()> {
        let call = self.prolific.api().delete_project_study().project_id(id.as_str());
        read(call.study_id(study_id.as_str()).send().await, DELETE_STUDY, Ok)
    }
}
