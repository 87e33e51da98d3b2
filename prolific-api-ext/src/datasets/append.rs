use prolific_api::{Integer, types};

use super::{RecordError, import::taken, json_lines::Chunk};
use crate::{DatasetId, Error, Prolific, Result, Whole, model::model};

pub(super) const APPEND: &str = "append-dataset-datapoints";

model! {
    /// The outcome of appending records.
    ///
    /// The API does not say how many of the accepted records were there already: a repeated record is
    /// accepted and changes nothing.
    pub struct AppendReport {
        /// How many records the server has answered for.
        pub records: u64,
        /// How many of them were accepted, those that were there already included.
        pub accepted: u64,
        /// How many of them were refused.
        pub rejected: u64,
        /// Why, record by record. [`RecordError::record`] counts from 1 through all the records that
        /// were given, whichever request they were in; blank lines are not counted.
        pub errors: Vec<RecordError>,
    }
}

impl AppendReport {
    /// Whether every record was accepted.
    pub fn is_complete(&self) -> bool {
        self.rejected == 0 && self.errors.is_empty() && self.accepted >= self.records
    }

    fn lack(&mut self) -> Option<Error> {
        if self.is_complete() {
            return None;
        }
        let missing = self.records.saturating_sub(self.accepted);
        let refused = missing.max(self.rejected).max(self.errors.len() as u64);
        Some(Error::partly(APPEND, taken(Some(self.accepted), refused, &self.errors)))
    }

    fn add(&mut self, chunk: &Chunk, answer: types::AppendResult) {
        let types::AppendResult { accepted, errors, rejected, .. } = answer;
        let (before, refused) = (self.records, errors.len() as u64);
        let count = |count: Integer| u64::try_from(count.get()).ok();
        self.errors.extend(errors.into_iter().map(|error| {
            let types::AppendError { field, reason, record_index, .. } = error;
            let mut refused = RecordError::default();
            let index = record_index.and_then(count);
            refused.record = index.map(|index| index.saturating_add(before));
            (refused.field, refused.reason) = (field, reason);
            refused
        }));
        let records = chunk.records as u64;
        let rejected = rejected.and_then(count).unwrap_or(refused);
        let accepted = accepted.and_then(count);
        self.records += records;
        self.rejected += rejected;
        self.accepted += accepted.unwrap_or_else(|| records.saturating_sub(rejected));
    }
}

pub(super) fn append(
    prolific: &Prolific,
    id: &DatasetId,
    chunks: Result<Vec<Chunk>>,
) -> Whole<AppendReport> {
    let (prolific, id) = (prolific.clone(), id.clone());
    let sent = async move {
        let chunks = chunks.map_err(|error| error.of(APPEND))?;
        send(&prolific, &id, chunks).await
    };
    Whole::new(sent, AppendReport::lack)
}

/// Sends one chunk after the other, as the order of the records is that of the caller.
async fn send(prolific: &Prolific, id: &DatasetId, chunks: Vec<Chunk>) -> Result<AppendReport> {
    let total: usize = chunks.iter().map(|chunk| chunk.records).sum();
    let mut report = AppendReport::default();
    for chunk in chunks {
        let call = prolific.api().append_dataset_datapoints().dataset_id(id.as_str());
        match call.body(chunk.lines.clone()).send().await {
            Ok(answer) => report.add(&chunk, answer.into_inner()),
            Err(error) => return Err(failed_after(report, total, error.into())),
        }
    }
    Ok(report)
}

fn failed_after(report: AppendReport, total: usize, error: Error) -> Error {
    let AppendReport { records, accepted, rejected, .. } = &report;
    let done = format!(
        "{records} of {total} records were appended before the error: {accepted} accepted, \
         {rejected} rejected"
    );
    error.of(APPEND).having_done(&done).with_last_seen("partial".to_owned(), report)
}
