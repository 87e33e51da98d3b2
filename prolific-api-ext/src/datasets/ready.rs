use super::{DatasetStatus, GET_STATUS};
use crate::{DatasetId, poll::Watch};

/// Waiting for a dataset to be READY.
pub(super) static READY: Watch<DatasetId, DatasetStatus> = Watch {
    operation: Some(GET_STATUS),
    subject: |id| format!("dataset {id}"),
    look: |prolific, id| Box::pin(async move { prolific.datasets().status(&id).await }),
    state: |status| status.as_str().into(),
    standing: |_, _, status| status.standing(),
    advice: |status| {
        let is_empty = *status == DatasetStatus::Uninitialised;
        is_empty.then(|| {
            "nothing was uploaded to it, and it stays in this state until something is".to_owned()
        })
    },
};
