//! The submissions of participants.

use crate::resource::resource;

resource! {
    /// What can be done with submissions of participants. Made by [`Prolific::submissions`](crate::Prolific::submissions).
    Submissions
}
