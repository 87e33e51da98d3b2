use super::BatchStatus;
use crate::{BatchId, poll::Watch};

/// Waiting for a batch to be READY.
pub(super) static READY: Watch<BatchId, BatchStatus> = Watch {
    operation: "get-task-builder-batch-status",
    subject: |id| format!("batch {id}"),
    look: |prolific, id| Box::pin(async move { prolific.batches().status(&id).await }),
    state: BatchStatus::as_str,
    standing: BatchStatus::standing,
    advice: |status| {
        let is_untouched = *status == BatchStatus::Uninitialised;
        is_untouched.then(|| {
            "its setup was not called (`batches().setup(…)`), and it stays so until it is"
                .to_owned()
        })
    },
};
