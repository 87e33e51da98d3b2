use super::{Export, Owner};
use crate::{ExportId, poll::Watch};

/// Waiting for an export of a batch to be complete.
pub(super) static BATCH: Watch<(Owner, ExportId), Export> = watch("get-batch-export-status");

/// Waiting for an export of a collection to be complete.
pub(super) static COLLECTION: Watch<(Owner, ExportId), Export> =
    watch("get-collection-export-status");

const fn watch(operation: &'static str) -> Watch<(Owner, ExportId), Export> {
    Watch {
        operation,
        subject: |(owner, id)| format!("export {id} of {owner}"),
        look: |prolific, (owner, id)| Box::pin(async move { owner.status(&prolific, &id).await }),
        state: |export| export.status.as_str(),
        standing: |export| export.status.standing(),
        advice: |export| {
            let is_failure = export.status.is_failure();
            is_failure.then(|| "request it again to start another one".to_owned())
        },
    }
}
