use prolific_api::{Timestamp, types};

use super::{GET_IMPORT_STATUS, ImportStatus};
use crate::{
    DatasetId, Error, ImportId, Result,
    open_enum::text,
    poll::Watch,
    resource::{count, given, present},
};

/// The import of a file into a dataset of version 4.
///
/// The counts tell how it went, as far as the server sends them; those that are known from the
/// command line alone say so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The dataset.
    pub dataset_id: Option<DatasetId>,
    /// How it stands.
    pub status: ImportStatus,
    /// Where the records came from, as the API writes it: `file_upload` so far.
    pub source: Option<String>,
    /// The name of the file that the link was asked for with.
    pub filename: Option<String>,
    /// How many records were accepted, those that were there already included.
    pub accepted: Option<i64>,
    /// How many of the accepted were there already. Known from the command line alone.
    pub duplicates: Option<i64>,
    /// How many records were refused.
    pub rejected: Option<i64>,
    /// The records that were refused, where some were.
    pub errors: Vec<RecordError>,
    /// Why it failed.
    pub reason: Option<String>,
    /// How many records were written so far. Known from the command line alone.
    pub written_so_far: Option<i64>,
    /// How many duplicates were met so far. Known from the command line alone.
    pub duplicates_so_far: Option<i64>,
    /// How many records were refused so far. Known from the command line alone.
    pub rejected_so_far: Option<i64>,
    /// How far it has come, in whatever it counts. Known from the command line alone.
    pub processed_offset: Option<i64>,
    /// When the link was given out.
    pub created_at: Option<Timestamp>,
    /// When it began to be read. Known from the command line alone.
    pub processing_started_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// A record that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordError {
    /// Which record. Those of an [import](Import) count from 0, those of an
    /// [append](super::AppendReport) from 1.
    pub record: Option<i64>,
    /// The key of the field that is wrong; `_raw` where the record could not be read at all.
    pub field: Option<String>,
    /// What is wrong with it.
    pub reason: Option<String>,
}

/// What came of an import that did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportOutcome {
    /// Every record was taken in.
    Complete(Import),
    /// Some records were taken in; [`Import::errors`] has the others.
    Partial(Import),
    /// The file waits for the dataset to get its first schema
    /// ([`set_schema`](super::Datasets::set_schema)), and is taken in then without another upload.
    PendingSchema(Import),
}

impl Import {
    /// How many records are new in the dataset: those accepted, less those that were there
    /// already. None where the server does not say how many were accepted.
    pub fn new_records(&self) -> Option<i64> {
        Some(self.accepted?.saturating_sub(self.duplicates.unwrap_or_default()))
    }
}

impl ImportOutcome {
    /// The import.
    pub fn import(&self) -> &Import {
        match self {
            Self::Complete(import) | Self::Partial(import) | Self::PendingSchema(import) => import,
        }
    }

    /// Whether every record was taken in.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::Complete(_))
    }

    pub(super) fn of(import: Import) -> Result<Self> {
        match import.status {
            ImportStatus::Complete => Ok(Self::Complete(import)),
            ImportStatus::Partial => Ok(Self::Partial(import)),
            ImportStatus::PendingSchema => Ok(Self::PendingSchema(import)),
            status => Err(Error::unexpected(format!("the import did not end as {status}"))),
        }
    }
}

impl TryFrom<types::ImportJob> for Import {
    type Error = Error;

    fn try_from(answer: types::ImportJob) -> Result<Self> {
        let types::ImportJob {
            accepted_count,
            created_at,
            dataset_id,
            duplicate_count,
            duplicate_seen_count,
            errors,
            filename,
            import_id,
            processed_offset,
            processing_started_at,
            reason,
            rejected_count,
            rejected_seen_count,
            status,
            type_,
            updated_at,
            written_count,
            ..
        } = answer;
        Ok(Self {
            id: given(ImportId::new(present(import_id, "import_id")?))?,
            dataset_id: dataset_id.and_then(|id| DatasetId::new(id).ok()),
            status: present(status, "status")?.into(),
            source: type_.as_ref().map(text),
            filename,
            accepted: count(accepted_count),
            duplicates: count(duplicate_count),
            rejected: count(rejected_count),
            errors: errors.unwrap_or_default().into_iter().map(RecordError::from).collect(),
            reason,
            written_so_far: count(written_count),
            duplicates_so_far: count(duplicate_seen_count),
            rejected_so_far: count(rejected_seen_count),
            processed_offset: count(processed_offset),
            created_at,
            processing_started_at,
            updated_at,
        })
    }
}

impl From<types::ImportError> for RecordError {
    fn from(error: types::ImportError) -> Self {
        let types::ImportError { field, reason, record_index, .. } = error;
        Self { record: count(record_index), field, reason }
    }
}

/// An import, and the dataset that it is of.
pub(super) type ImportKey = (DatasetId, ImportId);

/// Waiting for an import to end.
pub(super) static IMPORTED: Watch<ImportKey, Import> = Watch {
    operation: Some(GET_IMPORT_STATUS),
    subject: |(dataset, import)| format!("import {import} of dataset {dataset}"),
    look: |prolific, (dataset, import)| {
        Box::pin(async move { prolific.datasets().import_status(&dataset, &import).await })
    },
    state: |import| import.status.as_str().into(),
    standing: |_, _, import| import.status.standing(),
    advice: |import| match import.status {
        ImportStatus::Uninitialised => {
            Some("the file never arrived: upload it again, which opens an import of its own".into())
        }
        ImportStatus::Failed => import.reason.as_deref().map(crate::error::excerpt),
        _ => None,
    },
};
