use prolific_api::{Timestamp, types};

use super::{GET_MIGRATION_STATUS, MigrationStatus};
use crate::{
    DatasetId, Error, MigrationId, Result,
    poll::Watch,
    resource::{count, given, present},
};

/// The migration of a dataset to a new schema: its datapoints are read again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// Its id.
    pub id: MigrationId,
    /// The dataset.
    pub dataset_id: Option<DatasetId>,
    /// How it stands.
    pub status: MigrationStatus,
    /// Which schema of the dataset it leads to: the first is 1. It is not the version 3 or 4 of
    /// the dataset.
    pub schema_version: Option<i64>,
    /// How many datapoints were read again.
    pub reprocessed: Option<i64>,
    /// How many did not fit whole; of a partial one.
    pub failed: Option<i64>,
    /// The fields that are null now; of a partial one.
    pub errors: Vec<NulledField>,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// When it last changed. Inferred: no documentation has it.
    pub updated_at: Option<Timestamp>,
}

/// A field that a migration set to null, as it did not fit the new schema.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NulledField {
    /// The id of the datapoint.
    pub datapoint_id: Option<String>,
    /// The key of the field.
    pub field: Option<String>,
    /// Why it did not fit.
    pub reason: Option<String>,
}

/// What came of a migration that did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MigrationOutcome {
    /// Every datapoint fits the new schema.
    Complete(Migration),
    /// Some fields are null now; [`Migration::errors`] has them.
    Partial(Migration),
}

impl MigrationOutcome {
    /// The migration.
    pub fn migration(&self) -> &Migration {
        match self {
            Self::Complete(migration) | Self::Partial(migration) => migration,
        }
    }

    /// Whether every datapoint fits the new schema.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::Complete(_))
    }

    pub(super) fn of(migration: Migration) -> Result<Self> {
        match migration.status {
            MigrationStatus::Complete => Ok(Self::Complete(migration)),
            MigrationStatus::Partial => Ok(Self::Partial(migration)),
            status => Err(Error::unexpected(format!("the migration did not end as {status}"))),
        }
    }
}

impl TryFrom<types::MigrationJob> for Migration {
    type Error = Error;

    fn try_from(answer: types::MigrationJob) -> Result<Self> {
        let types::MigrationJob {
            created_at,
            dataset_id,
            errors,
            failed_count,
            job_id,
            reason,
            reprocessed_count,
            schema_version,
            status,
            updated_at,
            ..
        } = answer;
        Ok(Self {
            id: given(MigrationId::new(present(job_id, "job_id")?))?,
            dataset_id: dataset_id.and_then(|id| DatasetId::new(id).ok()),
            status: present(status, "status")?.into(),
            schema_version: count(schema_version),
            reprocessed: count(reprocessed_count),
            failed: count(failed_count),
            errors: errors.unwrap_or_default().into_iter().map(NulledField::from).collect(),
            reason,
            created_at,
            updated_at,
        })
    }
}

impl From<types::MigrationError> for NulledField {
    fn from(error: types::MigrationError) -> Self {
        let types::MigrationError { datapoint_id, field, reason, .. } = error;
        Self { datapoint_id, field, reason }
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
    standing: |_, _, migration| migration.status.standing(),
    advice: |migration| match migration.status {
        MigrationStatus::Failed => migration.reason.as_deref().map(crate::error::excerpt),
        _ => None,
    },
};
