//! Invitations of researchers to a workspace.

use prolific_api::types;
use serde::Deserialize;

use crate::{
    Error, Prolific, ResearcherId, Result, Whole, WorkspaceId,
    model::{Read, model},
    open_enum::open_enum,
    request::body,
    resource::{read_left_as, resource},
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
        /// The invitations in the response.
        pub invitations: Vec<Invitation>,
        /// The addresses that an invitation was made for.
        pub invited: Vec<String>,
        /// The addresses that no invitation was made for.
        pub not_invited: Vec<String>,
        /// The addresses for which this is not known: the response lists no invitations, or has some
        /// that name none of the given addresses and may be theirs.
        pub in_doubt: Vec<String>,
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
    /// Returns [`Partial`](crate::ErrorKind::Partial) if an address got no invitation, or the
    /// response does not say whether it did, unless that is [allowed](Whole::allow_partial), with
    /// [`Invited`] as [`last_seen`](Error::last_seen);
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
    read_left_as(call.send().await, CREATE, |made: Made| Invited::read_of(made, emails))
}

/// The response, which may not list the invitations.
#[derive(Deserialize)]
struct Made {
    invitations: Option<Vec<types::Invitation>>,
}

impl From<types::InvitationList> for Made {
    fn from(list: types::InvitationList) -> Self {
        Self { invitations: Some(list.invitations) }
    }
}

impl Invitation {
    /// Whether it is for this address.
    fn is_for(&self, email: &str) -> bool {
        let named = self.invitee.as_ref().and_then(|invitee| invitee.email.as_deref());
        named.is_some_and(|named| named.trim().eq_ignore_ascii_case(email.trim()))
    }
}

impl Invited {
    /// Tells who was invited. An invitation that names none of the addresses may be of any that is
    /// left, which the server may write in another way.
    fn read_of(made: Made, emails: Vec<String>) -> Result<Self> {
        let is_listed = made.invitations.is_some();
        let invitations: Vec<Invitation> = Read::read(made.invitations, CREATE)?;
        let (invited, others): (Vec<_>, Vec<_>) = emails
            .into_iter()
            .partition(|email| invitations.iter().any(|invitation| invitation.is_for(email)));
        let is_told = |it: &Invitation| invited.iter().any(|email| it.is_for(email));
        let (not_invited, in_doubt) = match is_listed && invitations.iter().all(is_told) {
            true => (others, Vec::new()),
            false => (Vec::new(), others),
        };
        Ok(Self { invitations, invited, not_invited, in_doubt })
    }

    fn lack(&mut self) -> Option<Error> {
        let counts = [&self.invited, &self.not_invited, &self.in_doubt].map(Vec::len);
        let (all, [done, not_done, in_doubt]) = (counts.iter().sum::<usize>(), counts);
        let mut message = format!("{done} of {all} addresses were invited");
        if not_done > 0 {
            message += &format!(", {not_done} not");
        }
        if in_doubt > 0 {
            message += &format!(", {in_doubt} may have been");
        }
        (done < all).then(|| Error::partly(CREATE, message))
    }
}
