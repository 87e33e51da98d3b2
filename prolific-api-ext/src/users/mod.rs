//! The users.

#[cfg(test)]
mod on_the_wire;
mod user;

pub use user::User;

use crate::{
    Result,
    resource::{read, resource},
};

const ME: &str = "get-user";

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
    /// let me = prolific.users().me().await?;
    /// println!("{} is {:?}", me.id, me.email);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-user")]
    pub async fn me(&self) -> Result<User> {
        read(self.prolific.api().get_user().send().await, ME, User::read)
    }
}
