//! Exports of the demographic data of a study's participants.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, ok},
    call::Call,
    world::World,
};

const FILTERS: usize = 15;
const COMBINATIONS: usize = 2;

/// Returns a row for each submission. The column names are inferred; ages and sexes are invented.
fn csv(world: &World, study: &str) -> Answer {
    let mut csv =
        "Submission id,Participant id,Status,Started at,Completed at,Completion code,Age,Sex\r\n"
            .to_owned();
    for (number, row) in world.submissions.of_field("study_id", study).enumerate() {
        let names = ["id", "participant", "status", "started_at", "completed_at", "entered_code"];
        let [id, who, status, started, completed, code] = names.map(|name| {
            let text = row[name].as_str().unwrap_or_default();
            if text.contains([',', '"', '\r', '\n']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text.to_owned()
            }
        });
        let (age, sex) = (18 + number * 7 % 60, ["Male", "Female"][number % 2]);
        let _ = write!(csv, "{id},{who},{status},{started},{completed},{code},{age},{sex}\r\n");
    }
    Answer::of(200, "text/csv", csv)
}

fn used(study: &Value) -> &[Value] {
    study["~exported"].as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn export(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("id");
    let study = world.studies.named_mut(id)?;
    let filters = call.body.get("filters").cloned().unwrap_or_else(|| json!([]));
    if filters.as_array().is_some_and(|filters| filters.len() > FILTERS) {
        let detail = format!("An export can have at most {FILTERS} filters.");
        return Err(Refusal::field("filters", &detail));
    }
    // Exporting with the same filters again is free.
    if !used(study).contains(&filters) {
        if used(study).len() >= COMBINATIONS {
            let detail =
                format!("A study can have at most {COMBINATIONS} combinations of filters.");
            return Err(Refusal::field("filters", &detail));
        }
        let mut exported = used(study).to_vec();
        exported.push(filters);
        study["~exported"] = json!(exported);
    }
    Ok(csv(world, id))
}

pub(super) fn history(world: &mut World, call: &Call) -> Reply {
    let study = world.studies.named(call.parameter("id"))?;
    let filters: Vec<&Value> = used(study).iter().filter_map(Value::as_array).flatten().collect();
    ok(&json!({ "count": used(study).len(), "filters": filters }))
}

pub(super) fn old_export(world: &mut World, call: &Call) -> Reply {
    world.studies.named(call.parameter("id"))?;
    Ok(csv(world, call.parameter("id")))
}
