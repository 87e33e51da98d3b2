//! The account of the token, and test participants.

#[cfg(test)]
mod on_the_wire;
mod user;

pub use user::{TestParticipant, User};

use prolific_api::types;

use crate::{
    Result,
    model::{answer, made},
    request::body,
    resource::resource,
};

const ME: &str = "get-user";
const CREATE: &str = "create-test-participant-for-researcher";

resource! {
    /// Operations on users. Returned by [`Prolific::users`](crate::Prolific::users).
    Users
}

impl Users {
    /// Fetches the account that the token belongs to.
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
    /// let me = prolific.users().me().await?;
    /// println!("{} is {:?}", me.id, me.email);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-user")]
    pub async fn me(&self) -> Result<User> {
        answer(self.prolific.api().get_user().send().await, ME)
    }

    /// Creates a participant who can take a [test
    /// study](crate::studies::Studies::create_test_study), with an email address that no account
    /// has. Not available to every account.
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let test = prolific.users().create_test_participant("ann.test@example.com").await?;
    /// println!("{}", test.participant_id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-test-participant-for-researcher")]
    pub async fn create_test_participant(&self, email: &str) -> Result<TestParticipant> {
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_test_participant_for_researcher();
        let request = serde_json::json!({ "email": email });
        let call = call.body(body::<types::CreateTestParticipant>(request, CREATE)?);
        made(call.send().await, CREATE)
    }
}
