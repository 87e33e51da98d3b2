//! The submissions of participants.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, ok},
    call::{Call, Object, required_list, required_text, texts},
    ids, page, studies,
    world::World,
};

/// How long the message of a rejection is at least, as is documented.
const REJECTION_MESSAGE: usize = 100;

/// Makes a submission that awaits its review; says its id.
pub(super) fn add(world: &mut World, study: &str) -> Result<String, Refusal> {
    let known = world.studies.get(study).ok_or_else(|| Refusal::not_found("study"))?;
    if known["status"] != "ACTIVE" {
        return Err(Refusal::conflict("The study is not ACTIVE."));
    }
    let (id, now) = (ids::object_id(), world.moment().text());
    let fields = [
        ("id", json!(id)),
        ("study_id", json!(study)),
        ("participant", json!(ids::object_id())),
        ("status", json!("AWAITING REVIEW")),
        ("started_at", json!(now)),
        ("completed_at", json!(now)),
        ("entered_code", json!("SIMULATED")),
        ("bonus_payments", json!([])),
        ("return_requested", Value::Null),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    world.submissions.insert(id.clone(), Object::from_iter(fields));
    Ok(id)
}

fn named<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Object, Refusal> {
    let found = world.submissions.get_mut(call.parameter("id"));
    found.ok_or_else(|| Refusal::not_found("submission"))
}

/// A submission as a list shows it.
fn row(submission: &Object) -> Value {
    json!({
        "id": submission["id"],
        "participant_id": submission["participant"],
        "status": submission["status"],
        "started_at": submission["started_at"],
        "completed_at": submission["completed_at"],
        "has_siblings": false,
        "study_code": submission["entered_code"],
        "return_requested": submission["return_requested"],
        "is_complete": submission["status"] == "APPROVED",
        "time_taken": 60,
        "star_awarded": false,
        "bonus_payments": submission["bonus_payments"],
    })
}

/// The submissions of a study, as rows.
fn rows(world: &World, study: &str) -> Result<Vec<Value>, Refusal> {
    world.studies.get(study).ok_or_else(|| Refusal::not_found("study"))?;
    let of_study = world.submissions.values().filter(|submission| submission["study_id"] == study);
    Ok(of_study.map(row).collect())
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let mut rows = rows(world, call.required_query("study")?)?;
    if let Some(status) = call.query("status") {
        // The query writes an underscore where the answer has a blank.
        let status = status.replace('_', " ");
        rows.retain(|row| row["status"] == status.as_str());
    }
    page::by_page(call, rows)
}

pub(super) fn of_study(world: &mut World, call: &Call) -> Reply {
    page::by_offset(call, rows(world, call.parameter("id"))?)
}

pub(super) fn counts(world: &mut World, call: &Call) -> Reply {
    studies::named(world, call)?;
    let rows = rows(world, call.parameter("id"))?;
    let mut counts = Object::from_iter([("TOTAL".to_owned(), json!(rows.len()))]);
    for status in [
        "RESERVED",
        "ACTIVE",
        "TIMED-OUT",
        "AWAITING REVIEW",
        "APPROVED",
        "PARTIALLY APPROVED",
        "RETURNED",
        "REJECTED",
        "SCREENED OUT",
    ] {
        let count = rows.iter().filter(|row| row["status"] == status).count();
        counts.insert(status.to_owned(), json!(count));
    }
    ok(&Value::Object(counts))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    ok(&Value::Object(named(world, call)?.clone()))
}

/// The documented part of a submission that a transition answers with.
fn brief(submission: &Object) -> Value {
    let shown =
        ["id", "study_id", "participant", "status", "started_at", "completed_at", "entered_code"];
    let fields = shown.map(|name| (name.to_owned(), submission[name].clone()));
    Value::Object(Object::from_iter(fields))
}

pub(super) fn transition(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let action = required_text(&body, "action")?;
    let submission = named(world, call)?;
    let status = submission["status"].as_str().unwrap_or_default();
    let next = match action {
        "APPROVE" => "APPROVED",
        "REJECT" => {
            if required_text(&body, "message")?.chars().count() < REJECTION_MESSAGE {
                let detail = format!("At least {REJECTION_MESSAGE} characters are needed.");
                return Err(Refusal::field("message", &detail));
            }
            required_text(&body, "rejection_category")?;
            "REJECTED"
        }
        "RETURN" => "RETURNED",
        "START" => "ACTIVE",
        "SCREEN_OUT" => "SCREENED OUT",
        "COMPLETE" | "UNREJECT" | "UNRETURN" => "AWAITING REVIEW",
        _ => return Err(Refusal::field("action", "The action is not known.")),
    };
    // A repeat is ignored, as is documented.
    let is_allowed = status == next
        || match action {
            "APPROVE" | "REJECT" | "SCREEN_OUT" => status == "AWAITING REVIEW",
            "UNREJECT" => status == "REJECTED",
            "UNRETURN" => status == "RETURNED",
            "START" => status == "RESERVED",
            _ => ["RESERVED", "ACTIVE", "AWAITING REVIEW"].contains(&status),
        };
    if !is_allowed {
        let detail = format!("{action} is not possible of a submission that is {status}.");
        return Err(Refusal::bad(detail));
    }
    submission.insert("status".to_owned(), json!(next));
    ok(&brief(submission))
}

pub(super) fn request_return(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    required_list(&body, "request_return_reasons")?;
    let now = world.moment().text();
    let submission = named(world, call)?;
    submission.insert("return_requested".to_owned(), json!(now));
    ok(&json!({
        "id": submission["id"],
        "status": submission["status"],
        "participant": submission["participant"],
        "return_requested": now,
    }))
}

pub(super) fn approve_many(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let ids = if body.contains_key("submission_ids") {
        texts(required_list(&body, "submission_ids")?)
    } else {
        let study = required_text(&body, "study_id")?;
        let participants = texts(required_list(&body, "participant_ids")?);
        let found: Vec<Option<String>> =
            participants.iter().map(|who| of_participant(world, study, who)).collect();
        found.into_iter().map(Option::unwrap_or_default).collect()
    };
    let unknown: Vec<&String> =
        ids.iter().filter(|id| !world.submissions.contains_key(*id)).collect();
    if !unknown.is_empty() {
        return Err(Refusal::bad(format!("Unknown submissions: {unknown:?}.")));
    }
    for id in &ids {
        if let Some(submission) = world.submissions.get_mut(id) {
            submission.insert("status".to_owned(), json!("APPROVED"));
        }
    }
    ok(&json!("The request to bulk approve has been made successfully."))
}

/// The submission of a participant to a study.
pub(super) fn of_participant(world: &World, study: &str, participant: &str) -> Option<String> {
    let found = world.submissions.iter().find(|(_, submission)| {
        submission["study_id"] == study && submission["participant"] == participant
    });
    found.map(|(id, _)| id.clone())
}
