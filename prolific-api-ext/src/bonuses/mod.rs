//! The bonus payments.

use crate::resource::resource;

resource! {
    /// What can be done with bonus payments. Made by [`Prolific::bonuses`](crate::Prolific::bonuses).
    Bonuses
}
