//! The studies.

use crate::resource::resource;

resource! {
    /// What can be done with studies. Made by [`Prolific::studies`](crate::Prolific::studies).
    Studies
}
