//! Pools of credentials that are given to participants.

use std::fmt;

use prolific_api::types;

use crate::{
    CredentialPoolId, Error, Result, WorkspaceId,
    model::{self, model},
    pages::{Pages, Paging, listed},
    request::body,
    resource::{present, read, read_left, resource},
};

const CREATE: &str = "create-credential-pool";
const UPDATE: &str = "update-credential-pool";

model! {
    /// A pool of credentials.
    pub struct CredentialPool from types::CredentialPoolSummary {
        /// The id.
        key id: CredentialPoolId = credential_pool_id,
        /// The number of credentials.
        pub total: Option<u64> = total_credentials,
        /// The number of credentials that were not given out yet.
        pub available: Option<u64> = available_credentials,
        /// The workspace that it belongs to.
        pub workspace_id: Option<WorkspaceId>,
    }
}

/// A user name and password for a participant. `Debug` shows the user name only.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    username: String,
    password: String,
}

impl Credential {
    /// Creates a credential.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the user name or the password is
    /// empty, or contains a comma, a quote or a line break: they are sent as lines of
    /// `username,password`, and how to escape such characters is not documented.
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Result<Self> {
        let (username, password) = (username.into(), password.into());
        let is_odd = |text: &str| text.is_empty() || text.contains([',', '"', '\n', '\r']);
        if is_odd(&username) || is_odd(&password) {
            return Err(Error::invalid_input(
                "a user name or a password is empty, or contains a comma, a quote or a line break",
            ));
        }
        Ok(Self { username, password })
    }

    /// The user name.
    pub fn username(&self) -> &str {
        &self.username
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("username", &self.username).finish_non_exhaustive()
    }
}

resource! {
    /// Operations on credential pools. Returned by
    /// [`Prolific::credentials`](crate::Prolific::credentials).
    Credentials
}

impl Credentials {
    /// Lists the credential pools of a workspace. Not paged: one request returns all of them.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// for pool in prolific.credentials().list(&workspace).collect_all().await? {
    ///     println!("{pool:?}");
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "list-credential-pools")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<CredentialPool> {
        listed!(self, "list-credential-pools", Paging::Whole, [workspace_id], |api, _page| {
            api.list_credential_pools().workspace_id(workspace_id.as_str())
        })
    }

    /// Creates a pool, and returns its id. A study gives out its credentials by
    /// [`credential_pool_id`](crate::studies::NewStudy::credential_pool_id).
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if there
    /// are no credentials; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::credentials::Credential;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let credentials = [Credential::new("ann", "a password")?, Credential::new("bob", "another")?];
    /// let pool = prolific.credentials().create(&workspace, credentials).await?;
    /// println!("{pool}");
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-credential-pool")]
    pub async fn create(
        &self,
        workspace_id: &WorkspaceId,
        credentials: impl IntoIterator<Item = Credential>,
    ) -> Result<CredentialPoolId> {
        let credentials = lines(credentials, CREATE)?;
        let request =
            serde_json::json!({ "workspace_id": workspace_id, "credentials": credentials });
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_credential_pool();
        let call = call.body(body::<types::CreateCredentialPool>(request, CREATE)?);
        read_left(call.send().await, CREATE, id)
    }

    /// Adds credentials to a pool.
    ///
    /// Conditional: user names that are already in the pool are refused with 409
    /// ([`Conflict`](crate::ErrorKind::Conflict)). After a retry that would mean success, so it is
    /// retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if there
    /// are no credentials; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::credentials::Credential;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let pool = prolific.credentials().create(&workspace, [Credential::new("ann", "x")?]).await?;
    /// prolific.credentials().add(&pool, [Credential::new("bob", "a password")?]).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-credential-pool")]
    pub async fn add(
        &self,
        id: &CredentialPoolId,
        credentials: impl IntoIterator<Item = Credential>,
    ) -> Result<()> {
        let request = serde_json::json!({ "credentials": lines(credentials, UPDATE)? });
        let call = self.prolific.api().update_credential_pool().credential_pool_id(id.as_str());
        let call = call.body(body::<types::UpdateCredentialPool>(request, UPDATE)?);
        read(call.send().await, UPDATE, |_| Ok(()))
    }
}

fn id(raw: types::CredentialPool) -> Result<CredentialPoolId> {
    let id = present(raw.credential_pool_id, "credential_pool_id")?;
    model::key(Some(id), "credential_pool_id")
}

/// Writes lines of `username,password`.
fn lines(
    credentials: impl IntoIterator<Item = Credential>,
    operation: &'static str,
) -> Result<String> {
    let lines: Vec<String> = credentials
        .into_iter()
        .map(|Credential { username, password }| format!("{username},{password}"))
        .collect();
    match lines.is_empty() {
        true => {
            Err(Error::invalid_input("there are no credentials: give at least one").of(operation))
        }
        false => Ok(lines.join("\n")),
    }
}
