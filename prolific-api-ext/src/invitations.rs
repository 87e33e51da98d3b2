//! Invitations of researchers to workspaces.

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
        /// Who is invited.
        pub invitee: Option<Invitee>,
        /// Who invites.
        pub invited_by: Option<ResearcherId>,
        /// The status.
        pub status: Option<InvitationStatus>,
        /// Where the invitation is accepted. Whoever has it can accept.
        pub invite_link: Option<InviteLink>,
        /// What the invitee may do.
        pub role: Option<WorkspaceRole>,
    }
}

model! {
    /// Who is invited.
    pub struct Invitee from types::Invitee {
        /// The id, of one who has an account.
        pub id: Option<ResearcherId>,
        /// The name.
        pub name: Option<String>,
        /// The address.
        pub email: Option<String>,
    }
}

open_enum! {
    /// How an invitation stands.
    pub enum InvitationStatus from types::InvitationStatus {
        /// Sent.
        Invited = "INVITED",
        /// Accepted.
        Accepted = "ACCEPTED",
    }
}

crate::secret_text::secret_text! {
    /// The address where an invitation is accepted. `Debug` does not show it.
    InviteLink
}

resource! {
    /// What can be done with invitations. Made by
    /// [`Prolific::invitations`](crate::Prolific::invitations).
    Invitations
}

impl Invitations {
    /// Invites people to a workspace, by their addresses, each with a mail.
    ///
    /// Unsafe: it reaches them at every call, so it is retried only if the server did not act. Known
    /// from the published specification; what it needs is not documented.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if there are no
    /// addresses; an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::workspaces::WorkspaceRole;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let invited = prolific.invitations();
    /// let invited = invited.create(&workspace, ["ann@example.com"], WorkspaceRole::Admin).await?;
    /// println!("{} invited", invited.len());
    /// # Ok(())
    /// # }
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
            let message = "there is nobody to invite: give at least one address";
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
