use super::{Export, Owner};
use crate::{ExportId, poll::Watch};

pub(super) const GET_BATCH_STATUS: &str = "get-batch-export-status";
pub(super) const GET_COLLECTION_STATUS: &str = "get-collection-export-status";

/// Waiting for an export of a batch to be complete.
pub(super) static BATCH: Watch<(Owner, ExportId), Export> = watch(GET_BATCH_STATUS);

/// Waiting for an export of a collection to be complete.
pub(super) static COLLECTION: Watch<(Owner, ExportId), Export> = watch(GET_COLLECTION_STATUS);

const fn watch(operation: &'static str) -> Watch<(Owner, ExportId), Export> {
    Watch {
        operation: Some(operation),
        subject: |(owner, id)| format!("export {id} of {owner}"),
        look: |prolific, (owner, id)| Box::pin(async move { owner.status(&prolific, &id).await }),
        state: |export| export.status.as_str().into(),
        standing: |_, _, export| export.status.standing(),
        advice: |export| {
            let is_failure = export.status.is_failure();
            is_failure.then(|| "request it again to start another one".to_owned())
        },
    }
}
