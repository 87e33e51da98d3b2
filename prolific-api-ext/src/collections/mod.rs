//! The collections of AI Task Builder.

use crate::resource::resource;

resource! {
    /// What can be done with collections of AI Task Builder. Made by [`Prolific::collections`](crate::Prolific::collections).
    Collections
}
