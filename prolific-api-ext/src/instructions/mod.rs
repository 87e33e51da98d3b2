//! The instructions of batches of AI Task Builder.

use crate::resource::resource;

resource! {
    /// What can be done with instructions of batches of AI Task Builder. Made by [`Prolific::instructions`](crate::Prolific::instructions).
    Instructions
}
