//! The batches of AI Task Builder.

use crate::resource::resource;

resource! {
    /// What can be done with batches of AI Task Builder. Made by [`Prolific::batches`](crate::Prolific::batches).
    Batches
}
