//! The users.

use crate::resource::resource;

resource! {
    /// What can be done with users. Made by [`Prolific::users`](crate::Prolific::users).
    Users
}
