//! The projects of workspaces.

mod filters;
#[cfg(test)]
mod on_the_wire;
mod project;

pub use filters::ProjectStudyFilters;
pub use project::{Project, ProjectSummary, ProjectType, PublicDetails, PublicProjectStatus};

use std::fmt::Display;

use prolific_api::types;

use crate::{
    Error, ProjectId, Result, WorkspaceId,
    pages::{Pages, Paging},
    resource::{read, read_left, request, resource},
};

const LIST: &str = "get-projects";
const GET: &str = "get-project";
const CREATE: &str = "create-project";
const UPDATE: &str = "update-project";

resource! {
    /// What can be done with projects of workspaces. Made by [`Prolific::projects`](crate::Prolific::projects).
    Projects
}

impl Projects {
    /// The studies of a project, documented to come in pages. It reads only, and each
    /// page is repeated after any transient failure. The rows are those of the raw client.
    #[inline]
    #[doc(alias = "get-project-studies")]
    pub fn studies(&self, id: &ProjectId) -> Pages<types::StudySummary, ProjectStudyFilters> {
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
            Ok,
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
    pub fn list(&self, workspace: &WorkspaceId) -> Pages<ProjectSummary> {
        let id = workspace.clone();
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
            ProjectSummary::read,
        )
    }

    /// A project.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Those of a call; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer
    /// has no id.
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
        read(call.send().await, GET, Project::read)
    }

    /// Makes a project in a workspace, from a [`types::CreateProject`] or its builder.
    ///
    /// It makes one at every call, so it is repeated only where the server did not act: after a
    /// connection that did not stand, and after 429. Known from the published specification;
    /// that an `owner` can be sent from Prolific's command line alone.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) where the title is missing or empty,
    /// before anything is sent; those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::raw::types::CreateProject;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.workspace_id()?;
    /// let new = CreateProject::builder().title("Birds of Iceland");
    /// let project = prolific.projects().create(&id, new).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-project")]
    pub async fn create(
        &self,
        workspace: &WorkspaceId,
        project: impl TryInto<types::CreateProject, Error: Display>,
    ) -> Result<Project> {
        let body = request(project, CREATE)?;
        if body.title.trim().is_empty() {
            let message = "the title of a project is empty: give it one";
            return Err(Error::invalid_input(message).of(CREATE));
        }
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_project().workspace_id(workspace.as_str());
        read_left(call.body(body).send().await, CREATE, Project::read)
    }

    /// Changes a project: what is set in the [`types::UpdateProject`] or its builder is sent, and
    /// nothing else. The public title can't be changed once studies have been published.
    ///
    /// Repeating it leaves the same project, so it is repeated after any transient failure. Known
    /// from the published specification.
    ///
    /// # Errors
    ///
    /// Those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::raw::types::UpdateProject;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.project_id()?;
    /// let change = UpdateProject::builder().hidden(true);
    /// prolific.projects().update(&id, change).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update-project")]
    pub async fn update(
        &self,
        id: &ProjectId,
        change: impl TryInto<types::UpdateProject, Error: Display>,
    ) -> Result<Project> {
        let call = self.prolific.api().update_project().project_id(id.as_str());
        read(call.body(request(change, UPDATE)?).send().await, UPDATE, Project::read)
    }
}
