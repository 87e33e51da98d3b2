use super::BatchStatus;
use crate::{BatchId, poll::Watch};

pub(super) const GET_STATUS: &str = "get-task-builder-batch-status";

/// Waiting for a batch to be READY.
pub(super) static READY: Watch<BatchId, BatchStatus> = Watch {
    operation: Some(GET_STATUS),
    subject: |id| format!("batch {id}"),
    look: |prolific, id| Box::pin(async move { prolific.batches().status(&id).await }),
    state: |status| status.as_str().into(),
    standing: |_, _, status| status.standing(),
    advice: |status| {
        let is_untouched = *status == BatchStatus::Uninitialised;
        is_untouched.then(|| {
            "its setup was not started, and it stays in this state until `batches().setup(…)` is \
             called"
                .to_owned()
        })
    },
};
