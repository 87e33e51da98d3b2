//! Workspaces, and their balance.

mod balance;
mod member;
mod money_turn;
#[cfg(test)]
mod on_the_wire;
mod workspace;

pub use balance::{Balance, BalanceParts};
pub use member::{Member, WorkspaceRole};
pub(crate) use money_turn::{Deadline, MoneyTurn};
pub use workspace::{NewWorkspace, ProjectRef, Workspace, WorkspaceChange, WorkspaceSummary};

use prolific_api::types;

use crate::{
    Error, Result, WorkspaceId,
    model::{self, answer, made},
    pages::{Pages, Paging},
    request::body,
    resource::resource,
};

const CREATE: &str = "create-workspace";
const GET: &str = "get-workspace";
const UPDATE: &str = "update-workspace";
const BALANCE: &str = "get-workspace-balance";

const LIST: &str = "get-workspaces";

resource! {
    /// Operations on workspaces. Returned by [`Prolific::workspaces`](crate::Prolific::workspaces).
    Workspaces
}

impl Workspaces {
    /// Lists the workspaces that the token gives access to. *(paging: known from the official CLI
    /// only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let workspaces: Vec<_> = prolific.workspaces().list().try_collect().await?;
    /// # Ok(())
    /// # });
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
            model::row,
        )
    }

    /// Fetches a workspace.
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
    /// # let id = simulator.workspace_id()?;
    /// let workspace = prolific.workspaces().get(&id).await?;
    /// println!("{:?} has {} projects", workspace.title, workspace.projects.len());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-workspace")]
    pub async fn get(&self, id: &WorkspaceId) -> Result<Workspace> {
        let call = self.prolific.api().get_workspace().workspace_id(id.as_str());
        answer(call.send().await, GET)
    }

    /// Creates a workspace.
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
    /// use prolific_api_ext::{money::Currency, workspaces::NewWorkspace};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let new = NewWorkspace::new("Birds").currency(Currency::Gbp);
    /// let workspace = prolific.workspaces().create(new).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-workspace")]
    pub async fn create(&self, workspace: NewWorkspace) -> Result<Workspace> {
        if workspace.title.trim().is_empty() {
            let message = "the title of a workspace is empty: set one";
            return Err(Error::invalid_input(message).of(CREATE));
        }
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_workspace();
        made(call.body(body::<types::CreateWorkspace>(&workspace, CREATE)?).send().await, CREATE)
    }

    /// Changes a workspace. Only the fields that are set are sent. Which fields can be changed, and
    /// whether id and title are required, is not documented; that a partial change is accepted is
    /// inferred.
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
    /// use prolific_api_ext::workspaces::WorkspaceChange;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.workspace_id()?;
    /// let change = WorkspaceChange::new().title("Birds of Iceland");
    /// prolific.workspaces().update(&id, change).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-workspace")]
    pub async fn update(&self, id: &WorkspaceId, change: WorkspaceChange) -> Result<Workspace> {
        let call = self.prolific.api().update_workspace().workspace_id(id.as_str());
        answer(call.body(body::<types::UpdateWorkspace>(&change, UPDATE)?).send().await, UPDATE)
    }

    /// Returns the balance of a workspace.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.workspace_id()?;
    /// let balance = prolific.workspaces().balance(&id).await?;
    /// println!("{:?} in minor units of {:?}", balance.available, balance.currency);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-workspace-balance")]
    pub async fn balance(&self, id: &WorkspaceId) -> Result<Balance> {
        let call = self.prolific.api().get_workspace_balance().workspace_id(id.as_str());
        answer(call.send().await, BALANCE)
    }
}
