//! The users.

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
    /// What can be done with users. Made by [`Prolific::users`](crate::Prolific::users).
    Users
}

impl Users {
    /// The account that the token belongs to.
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
    /// let me = prolific.users().me().await?;
    /// println!("{} is {:?}", me.id, me.email);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-user")]
    pub async fn me(&self) -> Result<User> {
        answer(self.prolific.api().get_user().send().await, ME)
    }

    /// Makes a participant to try a [test study](crate::studies::Studies::create_test_study) out
    /// with, under an address that no account has. Not open to everybody.
    ///
    /// Unsafe: it makes one at every call, so it is retried only if the server did not act. Known
    /// from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let test = prolific.users().create_test_participant("ann.test@example.com").await?;
    /// println!("{}", test.participant_id);
    /// # Ok(())
    /// # }
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
