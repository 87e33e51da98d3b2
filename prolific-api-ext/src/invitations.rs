//! Invitations of researchers to a workspace.

use prolific_api::types;

use crate::{
    Error, ResearcherId, Result, WorkspaceId,
    model::{Read, model},
    open_enum::open_enum,
    request::body,
    resource::{read_left, resource},
    workspaces::WorkspaceRole,
};

const CREATE: &str = "create-invitation";

model! {
    /// An invitation.
    pub struct Invitation from types::Invitation {
        /// The workspace.
        pub workspace_id: Option<WorkspaceId> = association,
        /// The invited person.
        pub invitee: Option<Invitee>,
        /// The user who sent it.
        pub invited_by: Option<ResearcherId>,
        /// The status.
        pub status: Option<InvitationStatus>,
        /// The link that accepts the invitation. Anyone who has it can accept.
        pub invite_link: Option<InviteLink>,
        /// The role of the invited person.
        pub role: Option<WorkspaceRole>,
    }
}

model! {
    /// An invited person.
    pub struct Invitee from types::Invitee {
        /// The id, if the person has an account.
        pub id: Option<ResearcherId>,
        /// The name.
        pub name: Option<String>,
        /// The email address.
        pub email: Option<String>,
    }
}

open_enum! {
    /// The status of an invitation.
    pub enum InvitationStatus from types::InvitationStatus {
        /// Sent.
        Invited = "INVITED",
        /// Accepted.
        Accepted = "ACCEPTED",
    }
}

crate::secret_text::secret_text! {
    /// The link that accepts an invitation. Hidden in `Debug`.
    InviteLink
}

resource! {
    /// Operations on invitations. Returned by
    /// [`Prolific::invitations`](crate::Prolific::invitations).
    Invitations
}

impl Invitations {
    /// Invites people to a workspace. Each address gets an email.
    ///
    /// Unsafe: every call sends the emails again, so it is retried only if the server did not act.
    /// Which fields are required is not documented.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if there
    /// are no addresses; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::workspaces::WorkspaceRole;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let invited = prolific.invitations();
    /// let invited = invited.create(&workspace, ["ann@example.com"], WorkspaceRole::Admin).await?;
    /// println!("{} invited", invited.len());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-invitation")]
    pub async fn create<E: Into<String>>(
        &self,
        workspace_id: &WorkspaceId,
        emails: impl IntoIterator<Item = E>,
        role: WorkspaceRole,
    ) -> Result<Vec<Invitation>> {
        let emails: Vec<String> = emails.into_iter().map(Into::into).collect();
        if emails.is_empty() {
            let message = "there are no addresses: give at least one";
            return Err(Error::invalid_input(message).of(CREATE));
        }
        let request =
            serde_json::json!({ "association": workspace_id, "emails": emails, "role": role });
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_invitation();
        let call = call.body(body::<types::CreateInvitation>(request, CREATE)?);
        read_left(call.send().await, CREATE, |raw| Read::read(raw.invitations, CREATE))
    }
}
