//! What the workflows of a round work on.

use std::path::PathBuf;

use prolific_api_ext::{
    BatchId, ProjectId, Prolific, StudyId, SubmissionId, WorkspaceId, simulator::Simulator,
};

use crate::caller::Caller;

/// A simulated Prolific, and callers that reach it through the proxy.
pub(crate) struct Stage {
    pub(crate) simulator: Simulator,
    pub(crate) caller: Caller,
    /// A client that reaches the simulator directly, to look.
    pub(crate) direct: Prolific,
    pub(crate) workspace: WorkspaceId,
    pub(crate) project: ProjectId,
    /// A study that nothing happens to.
    pub(crate) study: StudyId,
    pub(crate) submissions: Vec<SubmissionId>,
    /// A batch that has all its responses.
    pub(crate) batch: BatchId,
    /// A workspace that nothing happens in.
    pub(crate) quiet_workspace: WorkspaceId,
    /// Where files go to.
    pub(crate) folder: PathBuf,
}

/// What a workflow found wrong.
pub(crate) type Wrong = Vec<String>;

/// Notes what does not hold.
macro_rules! hold {
    ($wrong:expr, $holds:expr, $($why:tt)+) => {
        if !$holds {
            $wrong.push(format!($($why)+));
        }
    };
}

pub(crate) use hold;
