//! Invitations of researchers to a workspace.

use prolific_api::types;

use crate::{
    Error, Prolific, ResearcherId, Result, Whole, WorkspaceId,
    model::{Read as _, model},
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

model! {
    /// The outcome of inviting people.
    pub struct Invited {
        /// The invitations that were made.
        pub invitations: Vec<Invitation>,
        /// The addresses that no invitation was made for.
        pub not_invited: Vec<String>,
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
    /// Returns [`Partial`](crate::ErrorKind::Partial) if an address got no invitation, unless that
    /// is [allowed](Whole::allow_partial), with [`Invited`] as [`last_seen`](Error::last_seen);
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if there
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
    /// println!("{} invited", invited.invitations.len());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-invitation")]
    pub fn create<E: Into<String>>(
        &self,
        workspace_id: &WorkspaceId,
        emails: impl IntoIterator<Item = E>,
        role: WorkspaceRole,
    ) -> Whole<Invited> {
        let emails = emails.into_iter().map(Into::into).collect();
        let invited = invite(self.prolific.clone(), workspace_id.clone(), emails, role);
        Whole::new(invited, Invited::lack)
    }
}

async fn invite(
    prolific: Prolific,
    workspace_id: WorkspaceId,
    emails: Vec<String>,
    role: WorkspaceRole,
) -> Result<Invited> {
    if emails.is_empty() {
        let message = "there are no addresses: give at least one";
        return Err(Error::invalid_input(message).of(CREATE));
    }
    let request =
        serde_json::json!({ "association": workspace_id, "emails": emails, "role": role });
    let prolific = prolific.with_bodies_left();
    let call = prolific.api().create_invitation();
    let call = call.body(body::<types::CreateInvitation>(request, CREATE)?);
    read_left(call.send().await, CREATE, |raw| {
        let invitations = Vec::read(raw.invitations, CREATE)?;
        Ok(Invited { not_invited: not_invited(emails, &invitations), invitations })
    })
}

/// The addresses without an invitation. One that doesn't say whom it invites may be of any.
fn not_invited(mut emails: Vec<String>, invitations: &[Invitation]) -> Vec<String> {
    let of = |it: &Invitation| it.invitee.as_ref().and_then(|invitee| invitee.email.clone());
    let invited: Vec<String> = invitations.iter().filter_map(of).collect();
    emails.retain(|email| !invited.iter().any(|it| it.eq_ignore_ascii_case(email.trim())));
    emails.truncate(emails.len().saturating_sub(invitations.len() - invited.len()));
    emails
}

impl Invited {
    fn lack(&mut self) -> Option<Error> {
        let (done, not_done) = (self.invitations.len(), self.not_invited.len());
        let all = done + not_done;
        let message = format!("{done} of {all} addresses were invited, {not_done} were not");
        (not_done > 0).then(|| Error::partly(CREATE, message))
    }
}
