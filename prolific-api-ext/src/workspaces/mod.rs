//! The workspaces.

use crate::resource::resource;

resource! {
    /// What can be done with workspaces. Made by [`Prolific::workspaces`](crate::Prolific::workspaces).
    Workspaces
}
