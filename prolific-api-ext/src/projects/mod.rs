//! The projects of workspaces.

use crate::resource::resource;

resource! {
    /// What can be done with projects of workspaces. Made by [`Prolific::projects`](crate::Prolific::projects).
    Projects
}
