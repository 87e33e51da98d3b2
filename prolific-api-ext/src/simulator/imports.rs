//! Importing a file into a V4 dataset.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    clock::{Moment, Progress},
    datasets::read_file,
    ids,
    records::Parsed,
    schema::Schema,
};

#[derive(Debug)]
pub(super) struct Import {
    pub(super) id: String,
    pub(super) filename: String,
    created_at: String,
    updated_at: String,
    started_at: Option<String>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The link was issued, but the file has not been received.
    Uninitialised,
    /// The file waits for the dataset to get a schema.
    Parked(Bytes),
    /// The file was received; with its content once it is parsed.
    UnderWay {
        progress: Progress,
        step: usize,
        parsed: Option<Parsed>,
    },
    Settled(Outcome),
}

#[derive(Debug)]
struct Outcome {
    accepted: usize,
    duplicates: usize,
    rejected: usize,
    errors: Vec<Value>,
    /// Why it failed.
    reason: Option<&'static str>,
}

impl Outcome {
    fn status(&self) -> &'static str {
        match (self.reason, self.rejected) {
            (Some(_), _) => "failed",
            (None, 0) => "complete",
            (None, _) => "partial",
        }
    }
}

impl Import {
    pub(super) fn new(filename: &str, moment: Moment) -> Self {
        Self {
            id: ids::uuid(),
            filename: filename.to_owned(),
            created_at: moment.text(),
            updated_at: moment.text(),
            started_at: None,
            state: State::Uninitialised,
        }
    }

    /// Stores the file when it is received for the first time.
    pub(super) fn receive(&mut self, body: &Bytes, has_schema: bool, moment: Moment) -> bool {
        if !matches!(self.state, State::Uninitialised) {
            return false;
        }
        self.updated_at = moment.text();
        self.state = if has_schema { under_way(None, moment) } else { State::Parked(body.clone()) };
        has_schema
    }

    /// Stores the parsed content of the file.
    pub(super) fn was_read(&mut self, read: Parsed) {
        if let State::UnderWay { parsed, .. } = &mut self.state {
            *parsed = Some(read);
        }
    }

    /// The dataset got its first schema.
    pub(super) fn unpark(&mut self, schema: &Schema, moment: Moment) {
        if let State::Parked(body) = &self.state {
            let parsed = read_file(&self.filename, body, Some(schema)).unwrap_or_default();
            self.state = under_way(Some(parsed), moment);
            self.updated_at = moment.text();
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        matches!(self.state, State::UnderWay { .. })
    }

    /// Makes progress at a poll. At the end it returns the records to store, and
    /// [`settle`](Self::settle) receives how many of them existed already.
    pub(super) fn look(&mut self, moment: Moment, is_doomed: bool) -> Option<Vec<Box<str>>> {
        let State::UnderWay { progress, step, parsed } = &mut self.state else { return None };
        let looked = progress.look(moment);
        if looked > *step {
            self.updated_at = moment.text();
        }
        *step = looked.min(1);
        if *step > 0 {
            self.started_at.get_or_insert_with(|| moment.text());
        }
        if !progress.is_over(looked) {
            return None;
        }
        let mut parsed = parsed.take()?;
        let accepted = std::mem::take(&mut parsed.accepted);
        let reason = match (is_doomed, accepted.len(), parsed.rejected) {
            (true, ..) => Some("The import was set to fail."),
            (_, 0, 0) => Some("The file contains no records."),
            (_, 0, _) => Some("No record could be accepted."),
            _ => None,
        };
        self.state = State::Settled(Outcome {
            accepted: if is_doomed { 0 } else { accepted.len() },
            duplicates: 0,
            rejected: parsed.rejected,
            errors: parsed.errors.iter().map(|error| error.to_json()).collect(),
            reason,
        });
        (!is_doomed).then_some(accepted)
    }

    pub(super) fn settle(&mut self, known: usize) {
        if let State::Settled(outcome) = &mut self.state {
            outcome.duplicates = known;
        }
    }

    fn status(&self) -> &'static str {
        match &self.state {
            State::Uninitialised => "uninitialised",
            State::Parked(_) => "pending_schema",
            State::UnderWay { step: 0, .. } => "queued",
            State::UnderWay { .. } => "processing",
            State::Settled(outcome) => outcome.status(),
        }
    }

    pub(super) fn to_json(&self, dataset: &str) -> Value {
        let mut json = json!({
            "dataset_id": dataset,
            "import_id": self.id,
            "type": "file_upload",
            "filename": self.filename,
            "status": self.status(),
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "processing_started_at": self.started_at,
        });
        if let State::Settled(outcome) = &self.state {
            json["accepted_count"] = json!(outcome.accepted);
            json["duplicate_count"] = json!(outcome.duplicates);
            json["rejected_count"] = json!(outcome.rejected);
            json["written_count"] = json!(outcome.accepted - outcome.duplicates);
            json["reason"] = json!(outcome.reason);
            json["errors"] = json!(outcome.errors);
        }
        json
    }
}

fn under_way(parsed: Option<Parsed>, moment: Moment) -> State {
    State::UnderWay { progress: Progress::new(2, moment), step: 0, parsed }
}
