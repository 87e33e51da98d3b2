//! The workspaces.

mod balance;
mod member;
#[cfg(test)]
mod on_the_wire;
mod workspace;

pub use balance::{Balance, BalanceParts};
pub use member::Member;
pub use workspace::{Workspace, WorkspaceSummary};

use std::fmt::Display;

use prolific_api::types;

use crate::{
    Error, Result, WorkspaceId,
    pages::{Pages, Paging},
    resource::{read, read_left, request, resource},
};

const CREATE: &str = "create-workspace";
const GET: &str = "get-workspace";
const UPDATE: &str = "update-workspace";
const BALANCE: &str = "get-workspace-balance";

const LIST: &str = "get-workspaces";

resource! {
    /// What can be done with workspaces. Made by
    /// [`Prolific::workspaces`](crate::Prolific::workspaces).
    Workspaces
}

impl Workspaces {
    /// The workspaces that the token gives access to. It reads only, and each page is repeated
    /// after any transient failure. How it pages is known from Prolific's command line alone.
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
    /// let workspaces: Vec<_> = prolific.workspaces().list().try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-workspaces")]
    pub fn list(&self) -> Pages<WorkspaceSummary> {
        Pages::new(
            &self.prolific,
            LIST,
            Paging::UNBOUNDED,
            |prolific, page| async move {
                let call = prolific.api().get_workspaces();
                call.limit(page.limit).offset(page.offset).send().await
            },
            WorkspaceSummary::read,
        )
    }

    /// A workspace.
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
    /// # let id = simulator.workspace_id()?;
    /// let workspace = prolific.workspaces().get(&id).await?;
    /// println!("{:?} has {} projects", workspace.title, workspace.projects.len());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-workspace")]
    pub async fn get(&self, id: &WorkspaceId) -> Result<Workspace> {
        let call = self.prolific.api().get_workspace().workspace_id(id.as_str());
        read(call.send().await, GET, Workspace::read)
    }

    /// Makes a workspace, from a [`types::CreateWorkspace`] or its builder.
    ///
    /// It makes one at every call, so it is repeated only where the server did not act: after a
    /// connection that did not stand, and after 429. Known from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) where the title is missing or empty,
    /// before anything is sent; those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{money::Currency, raw::types::CreateWorkspace};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let new = CreateWorkspace::builder().title("Birds").currency_code(Currency::Gbp);
    /// let workspace = prolific.workspaces().create(new).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-workspace")]
    pub async fn create(
        &self,
        workspace: impl TryInto<types::CreateWorkspace, Error: Display>,
    ) -> Result<Workspace> {
        let body = request(workspace, CREATE)?;
        if body.title.trim().is_empty() {
            let message = "the title of a workspace is empty: give it one";
            return Err(Error::invalid_input(message).of(CREATE));
        }
        let prolific = self.prolific.with_bodies_left();
        let answer = prolific.api().create_workspace().body(body).send().await;
        read_left(answer, CREATE, Workspace::read)
    }

    /// Changes a workspace: what is set in the [`types::UpdateWorkspace`] or its builder is sent,
    /// and nothing else. Which fields can be changed, and whether id and title have to be sent,
    /// is not documented: that a change may be partial is inferred.
    ///
    /// Repeating it leaves the same workspace, so it is repeated after any transient failure.
    ///
    /// # Errors
    ///
    /// Those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::raw::types::UpdateWorkspace;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.workspace_id()?;
    /// let change = UpdateWorkspace::builder().title("Birds of Iceland".to_owned());
    /// prolific.workspaces().update(&id, change).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update-workspace")]
    pub async fn update(
        &self,
        id: &WorkspaceId,
        change: impl TryInto<types::UpdateWorkspace, Error: Display>,
    ) -> Result<Workspace> {
        let call = self.prolific.api().update_workspace().workspace_id(id.as_str());
        read(call.body(request(change, UPDATE)?).send().await, UPDATE, Workspace::read)
    }

    /// The funds of a workspace.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.workspace_id()?;
    /// let balance = prolific.workspaces().balance(&id).await?;
    /// println!("{:?} in minor units of {:?}", balance.available, balance.currency);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-workspace-balance")]
    pub async fn balance(&self, id: &WorkspaceId) -> Result<Balance> {
        let call = self.prolific.api().get_workspace_balance().workspace_id(id.as_str());
        read(call.send().await, BALANCE, |raw| Ok(raw.into()))
    }
}
