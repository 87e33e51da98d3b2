use prolific_api::types;

use super::{
    GET_MIGRATION_STATUS, MigrationStatus,
    import::{fault, with_fault},
};
use crate::{
    DatapointId, DatasetId, MigrationId, Timestamp,
    model::model,
    poll::{Standing, Watch},
};

model! {
    /// The migration of a dataset to a new schema: its datapoints are read again.
    pub struct Migration from types::MigrationJob {
        keys {
            /// The id.
            id: MigrationId = job_id,
            /// The status.
            status: MigrationStatus,
        }
        /// The dataset.
        pub dataset_id: Option<DatasetId>,
        /// Which schema of the dataset it leads to: the first is 1. It is not the version 3 or 4 of
        /// the dataset.
        pub schema_version: Option<u64>,
        /// How many datapoints were read again.
        pub reprocessed: Option<u64> = reprocessed_count,
        /// How many did not fit whole; of a partial one.
        pub failed: Option<u64> = failed_count,
        /// The fields that are null now; of a partial one.
        pub errors: Vec<NulledField>,
        /// Why it failed.
        pub reason: Option<String>,
        /// When it began.
        pub created_at: Option<Timestamp>,
        /// When it last changed. Inferred: no documentation has it.
        pub updated_at: Option<Timestamp>,
    }
}

model! {
    /// A field that a migration set to null, as it did not fit the new schema.
    pub struct NulledField from types::MigrationError {
        /// The datapoint.
        pub datapoint_id: Option<DatapointId>,
        /// The key of the field.
        pub field: Option<String>,
        /// Why it did not fit.
        pub reason: Option<String>,
    }
}

impl Migration {
    /// Whether every datapoint fits the new schema.
    pub fn is_complete(&self) -> bool {
        self.standing() == Standing::Succeeded
    }

    fn misfits(&self) -> u64 {
        self.failed.unwrap_or_default().max(self.errors.len() as u64)
    }

    /// How many datapoints did not fit whole, and the first field that did not.
    fn nulled(&self) -> String {
        let all = self.reprocessed.map(|all| format!(" of {all}")).unwrap_or_default();
        let nulled = format!("{}{all} datapoints could not be fully converted", self.misfits());
        let first = self.errors.iter().find_map(|NulledField { field, reason, .. }| {
            fault(None, field.as_deref(), reason.as_deref())
        });
        with_fault(&nulled, first)
    }

    fn standing(&self) -> Standing {
        match &self.status {
            MigrationStatus::Partial => Standing::Partial,
            MigrationStatus::Complete if self.misfits() > 0 => Standing::Partial,
            status => status.standing(),
        }
    }
}

/// A migration, and the dataset that it is of.
pub(super) type MigrationKey = (DatasetId, MigrationId);

/// Waiting for a migration to end.
pub(super) static MIGRATED: Watch<MigrationKey, Migration> = Watch {
    operation: Some(GET_MIGRATION_STATUS),
    subject: |(dataset, migration)| format!("schema migration {migration} of dataset {dataset}"),
    look: |prolific, (dataset, migration)| {
        Box::pin(async move { prolific.datasets().migration_status(&dataset, &migration).await })
    },
    state: |migration| migration.status.as_str().into(),
    standing: |_, _, migration| migration.standing(),
    advice: |migration| match migration.status {
        MigrationStatus::Failed => migration.reason.as_deref().map(crate::error::excerpt),
        _ if migration.standing() == Standing::Partial => Some(migration.nulled()),
        _ => None,
    },
};
