//! Migrating a V4 dataset to another schema.

use serde_json::{Value, json};

use super::{
    clock::{Moment, Progress},
    datasets::Datapoint,
    ids,
    schema::Schema,
};

#[derive(Debug)]
pub(super) struct Migration {
    pub(super) id: String,
    version: u64,
    created_at: String,
    updated_at: String,
    progress: Progress,
    outcome: Option<Outcome>,
}

#[derive(Debug)]
struct Outcome {
    reprocessed: usize,
    failed: usize,
    errors: Vec<Value>,
    is_failure: bool,
}

impl Migration {
    pub(super) fn new(version: u64, moment: Moment) -> Self {
        Self {
            id: ids::uuid(),
            version,
            created_at: moment.text(),
            updated_at: moment.text(),
            progress: Progress::new(1, moment),
            outcome: None,
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.outcome.is_none()
    }

    /// Makes progress at a poll; at the end every datapoint is converted.
    pub(super) fn look(
        &mut self,
        moment: Moment,
        schema: &Schema,
        datapoints: &[Datapoint],
        is_failure: bool,
    ) {
        if !self.is_under_way() {
            return;
        }
        let step = self.progress.look(moment);
        if !self.progress.is_over(step) {
            return;
        }
        self.updated_at = moment.text();
        let lacking = |datapoint: &Datapoint| {
            let fields = datapoint.fields();
            let field = schema.lacking(&fields).first().map(|field| (*field).to_owned())?;
            let reason = "is missing, and the schema is strict";
            Some(json!({ "datapoint_id": datapoint.id(), "field": field, "reason": reason }))
        };
        let errors: Vec<Value> = match schema.strict && !is_failure {
            true => datapoints.iter().filter_map(lacking).collect(),
            false => Vec::new(),
        };
        self.outcome = Some(Outcome {
            reprocessed: if is_failure { 0 } else { datapoints.len() },
            failed: errors.len(),
            errors,
            is_failure,
        });
    }

    pub(super) fn to_json(&self, dataset: &str) -> Value {
        let mut json = json!({
            "dataset_id": dataset,
            "job_id": self.id,
            "schema_version": self.version,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "status": "processing",
        });
        let Some(outcome) = &self.outcome else { return json };
        json["status"] = match outcome {
            Outcome { is_failure: true, .. } => json!("failed"),
            Outcome { failed: 0, .. } => json!("complete"),
            _ => json!("partial"),
        };
        json["reprocessed_count"] = json!(outcome.reprocessed);
        json["failed_count"] = json!(outcome.failed);
        json["errors"] = json!(outcome.errors);
        if outcome.is_failure {
            json["reason"] = json!("The migration was set to fail.");
        }
        json
    }
}
