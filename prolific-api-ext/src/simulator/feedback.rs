//! Participants' feedback on a study.

use serde_json::{Value, json};

use super::{
    answer::{Reply, ok},
    call::Call,
    money::number,
    page,
    table::shown,
    world::World,
};

const RATINGS: [&str; 3] = ["clarity_rating", "difficulty_rating", "fairness_rating"];

/// Makes the participant of a submission rate its study, from 1 to 5, with a comment.
pub(super) fn add(world: &mut World, submission: &Value, rating: u8, text: Option<&str>) {
    let ratings = RATINGS.map(|name| (name.to_owned(), json!(rating.clamp(1, 5))));
    let id = submission["id"].as_str().unwrap_or_default();
    let feedback = json!({
        "participant_id": submission["participant"],
        "category": text.map(|_| "other"),
        "text": text,
        "ratings": ratings.into_iter().collect::<Value>(),
        "~study": submission["study_id"],
        "~submission": id,
    });
    world.feedback.add(id, feedback);
}

/// Whether an entry is in a comma-separated list; without a list, all are.
fn is_named(words: Option<&str>, word: &Value) -> bool {
    words.is_none_or(|words| words.split(',').any(|wanted| word == wanted.trim()))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let study = call.parameter("id");
    world.studies.named(study)?;
    let is_wanted = |entry: &&Value| {
        let submission = world.submissions.get(entry["~submission"].as_str().unwrap_or_default());
        let returned = submission.is_some_and(|row| row["status"] == "RETURNED");
        let source = json!(if returned { "returned" } else { "completed" });
        (call.query("has_written_feedback") != Some("true") || entry["text"].is_string())
            && is_named(call.query("source"), &source)
            && is_named(call.query("category"), &entry["category"])
    };
    let rows = world.feedback.of_field("~study", study).filter(is_wanted);
    page::by_offset_within(call, rows.map(shown).collect(), page::FEEDBACK)
}

pub(super) fn ratings(world: &mut World, call: &Call) -> Reply {
    let study = call.parameter("id");
    world.studies.named(study)?;
    let rows: Vec<&Value> = world.feedback.of_field("~study", study).collect();
    let average = |name: &str| {
        let sum: f64 = rows.iter().map(|row| number(&row["ratings"], name)).sum();
        let average = (!rows.is_empty()).then(|| sum / rows.len() as f64);
        (name.to_owned(), json!({ "average_rating": average, "total_count": rows.len() }))
    };
    ok(&RATINGS.iter().map(|name| average(name)).collect::<Value>())
}
