use prolific_api::types;

use super::{GET_IMPORT_STATUS, ImportStatus};
use crate::{
    DatasetId, ImportId, Timestamp,
    model::model,
    open_enum::open_enum,
    poll::{Standing, Watch},
};

model! {
    /// The import of a file into a dataset of version 4.
    ///
    /// The counts tell how it went, as far as the server sends them; those that are known from the
    /// official CLI alone say so.
    pub struct Import from types::ImportJob {
        keys {
            /// The id.
            id: ImportId = import_id,
            /// The status.
            status: ImportStatus,
        }
        /// The dataset.
        pub dataset_id: Option<DatasetId>,
        /// Where the records came from.
        pub source: Option<ImportSource> = type_,
        /// The name of the file that the link was asked for with.
        pub filename: Option<String>,
        /// How many records were accepted, those that were there already included.
        pub accepted: Option<u64> = accepted_count,
        /// How many of the accepted were there already. *(known from the official CLI only)*
        pub duplicates: Option<u64> = duplicate_count,
        /// How many records were refused.
        pub rejected: Option<u64> = rejected_count,
        /// The records that were refused, if some were.
        pub errors: Vec<RecordError>,
        /// Why it failed.
        pub reason: Option<String>,
        /// How many records were written so far. *(known from the official CLI only)*
        pub written_so_far: Option<u64> = written_count,
        /// How many duplicates were met so far. *(known from the official CLI only)*
        pub duplicates_so_far: Option<u64> = duplicate_seen_count,
        /// How many records were refused so far. *(known from the official CLI only)*
        pub rejected_so_far: Option<u64> = rejected_seen_count,
        /// How far it has come, in whatever it counts. *(known from the official CLI only)*
        pub processed_offset: Option<u64>,
        /// When the link was given out.
        pub created_at: Option<Timestamp>,
        /// When it began to be read. *(known from the official CLI only)*
        pub processing_started_at: Option<Timestamp>,
        /// When it last changed.
        pub updated_at: Option<Timestamp>,
    }
}

open_enum! {
    /// Where the records of an import come from.
    pub enum ImportSource from types::ImportType {
        /// An uploaded file.
        FileUpload = "file_upload",
    }
}

model! {
    /// A record that was refused.
    pub struct RecordError from types::ImportError {
        /// Which record. Those of an [import](Import) count from 0, those of an
        /// [append](super::AppendReport) from 1.
        pub record: Option<u64> = record_index,
        /// The key of the field that is wrong; `_raw` if the record could not be read at all.
        pub field: Option<String>,
        /// What is wrong with it.
        pub reason: Option<String>,
    }
}

impl Import {
    /// How many records are new in the dataset: those accepted, less those that were there
    /// already. None where the server does not say how many were accepted.
    pub fn new_records(&self) -> Option<u64> {
        Some(self.accepted?.saturating_sub(self.duplicates.unwrap_or_default()))
    }

    /// Whether every record of the file was taken in.
    pub fn is_complete(&self) -> bool {
        self.standing() == Standing::Succeeded
    }

    fn refused(&self) -> u64 {
        self.rejected.unwrap_or_default().max(self.errors.len() as u64)
    }

    fn standing(&self) -> Standing {
        match &self.status {
            ImportStatus::Partial | ImportStatus::PendingSchema => Standing::Partial,
            ImportStatus::Complete if self.refused() > 0 => Standing::Partial,
            status => status.standing(),
        }
    }
}

/// How many records were taken in, how many were not, and what is wrong with the first of those.
pub(super) fn taken(accepted: Option<u64>, refused: u64, errors: &[RecordError]) -> String {
    let taken = match accepted {
        Some(accepted) => {
            let all = accepted.saturating_add(refused);
            format!("{accepted} of {all} records were accepted, {refused} refused")
        }
        None => format!("records refused: {refused}"),
    };
    with_first_fault(&taken, errors)
}

/// Adds what is wrong with the first record that was refused.
fn with_first_fault(said: &str, errors: &[RecordError]) -> String {
    let first = errors.iter().find_map(|RecordError { record, field, reason, .. }| {
        let record = record.map(|record| format!("record {record}"));
        // A record that could not be read has this field.
        let field = field.as_deref().filter(|field| *field != "_raw");
        fault(record, field, reason.as_deref())
    });
    with_fault(said, first)
}

/// What is wrong with a record or a datapoint, as far as the server says it.
pub(super) fn fault(
    of: Option<String>,
    field: Option<&str>,
    reason: Option<&str>,
) -> Option<String> {
    if field.is_none() && reason.is_none() {
        return None;
    }
    let field = field.map(|field| format!("`{field}`"));
    let place: Vec<String> = [of, field].into_iter().flatten().collect();
    let parts = [place.join(", "), reason.unwrap_or_default().to_owned()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Some(crate::error::excerpt(&parts.join(": ")))
}

/// Adds what is wrong with the first to how many there are.
pub(super) fn with_fault(said: &str, first: Option<String>) -> String {
    match first {
        Some(first) => format!("{}: {first}", said.trim_end_matches('.')),
        None => said.to_owned(),
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
    standing: |_, _, import| import.standing(),
    advice: |import| {
        match import.status {
        ImportStatus::Uninitialised => {
            Some("the file never arrived: upload it again, which starts a new import".into())
        }
        ImportStatus::PendingSchema => Some(
            "no records are imported until the dataset gets its first schema; the file need not be \
             uploaded again"
                .into(),
        ),
        ImportStatus::Failed => {
            let reason = crate::error::excerpt(import.reason.as_deref()?);
            Some(with_first_fault(&reason, &import.errors))
        }
        _ if import.standing() == Standing::Partial => {
            Some(taken(import.accepted, import.refused(), &import.errors))
        }
        _ => None,
    }
    },
};
