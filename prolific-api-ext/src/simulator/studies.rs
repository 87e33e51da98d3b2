//! Studies.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::{Call, Object, required_number, required_text},
    ids, page,
    world::World,
};

/// What Prolific takes of a reward, and the VAT on that. Only their form is Prolific's.
pub(super) const FEE: f64 = 0.25;
pub(super) const VAT: f64 = 0.2;

/// The study that a call names.
pub(super) fn named<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Object, Refusal> {
    let found = world.studies.get_mut(call.parameter("id"));
    found.ok_or_else(|| Refusal::not_found("study"))
}

fn number(study: &Object, name: &str) -> f64 {
    study.get(name).and_then(Value::as_f64).unwrap_or_default()
}

/// What it costs in all.
fn total(reward: f64, places: f64) -> f64 {
    reward * places * (1.0 + FEE * (1.0 + VAT))
}

/// A study as it is answered, with what is computed.
fn to_json(world: &World, study: &Object) -> Value {
    let mut json = Value::Object(study.clone());
    let of_it = |submission: &&Object| submission.get("study_id") == study.get("id");
    let places = number(study, "total_available_places");
    json["places_taken"] = json!(world.submissions.values().filter(of_it).count());
    json["total_cost"] = json!(total(number(study, "reward"), places));
    json
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let mut study = call.object()?;
    for name in ["name", "description", "prolific_id_option"] {
        required_text(&study, name)?;
    }
    for name in ["estimated_completion_time", "reward"] {
        required_number(&study, name)?;
    }
    let sources = ["external_study_url", "access_details", "data_collection_method"];
    let has_source = |name: &&str| study.get(*name).is_some_and(|value| !value.is_null());
    if !sources.iter().any(has_source) {
        let detail = "One of external_study_url, access_details and data_collection_method is \
            needed.";
        return Err(Refusal::bad(detail));
    }
    let id = ids::object_id();
    study.entry("total_available_places").or_insert(json!(1));
    let made = [
        ("id", json!(id)),
        ("status", json!("UNPUBLISHED")),
        ("is_ready_to_publish", json!(true)),
        ("date_created", json!(world.moment().text())),
        ("currency_code", json!("GBP")),
        ("presentment_currency_code", json!("GBP")),
    ];
    study.extend(made.map(|(name, value)| (name.to_owned(), value)));
    let json = to_json(world, &study);
    world.studies.insert(id, study);
    created(&json)
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    let study = named(world, call)?.clone();
    ok(&to_json(world, &study))
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let study = named(world, call)?;
    let fixed = ["id", "status", "date_created"];
    study.extend(body.into_iter().filter(|(name, _)| !fixed.contains(&name.as_str())));
    let study = study.clone();
    ok(&to_json(world, &study))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Reply {
    let study = named(world, call)?;
    if study.get("status").is_some_and(|status| status != "UNPUBLISHED") {
        return Err(Refusal::bad("Only an unpublished study can be deleted."));
    }
    world.studies.remove(call.parameter("id"));
    Ok(Answer::empty(200))
}

pub(super) fn duplicate(world: &mut World, call: &Call) -> Reply {
    let mut study = named(world, call)?.clone();
    let id = ids::object_id();
    let name = study.get("name").and_then(Value::as_str).unwrap_or_default();
    let made = [
        ("name", json!(format!("{name} copy"))),
        ("id", json!(id)),
        ("status", json!("UNPUBLISHED")),
        ("date_created", json!(world.moment().text())),
    ];
    study.extend(made.map(|(name, value)| (name.to_owned(), value)));
    let json = to_json(world, &study);
    world.studies.insert(id, study);
    ok(&json)
}

pub(super) fn transition(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let action = required_text(&body, "action")?;
    let study = named(world, call)?;
    let status = study.get("status").and_then(Value::as_str).unwrap_or_default();
    let next = match (action, status) {
        ("PUBLISH", "UNPUBLISHED") | ("START", "PAUSED") => "ACTIVE",
        ("SCHEDULE_PUBLISH", "UNPUBLISHED") => {
            required_text(&body, "publish_at")?;
            "SCHEDULED"
        }
        ("CANCEL_PUBLISH", "SCHEDULED") => "UNPUBLISHED",
        ("PAUSE", "ACTIVE") => "PAUSED",
        ("STOP", "ACTIVE" | "PAUSED") => "COMPLETED",
        _ => {
            let detail = format!("{action} is not possible of a study that is {status}.");
            return Err(Refusal::bad(detail));
        }
    };
    study.insert("status".to_owned(), json!(next));
    if let Some(at) = body.get("publish_at") {
        study.insert("publish_at".to_owned(), at.clone());
    }
    let study = study.clone();
    ok(&to_json(world, &study))
}

/// The studies that a list shows, as rows.
pub(super) fn rows(world: &World, call: &Call, project: Option<&str>) -> Vec<Value> {
    let is_of_project = |study: &&Object| {
        project.is_none_or(|project| study.get("project").is_some_and(|of| of == project))
    };
    let is_of_workspace = |study: &&Object| {
        let Some(workspace) = call.query("workspace_id") else { return true };
        let project = study.get("project").and_then(Value::as_str);
        let project = project.and_then(|project| world.projects.get(project));
        project.is_some_and(|project| project["workspace"] == workspace)
    };
    let is_in_state = |study: &&Object| {
        let Some(states) = call.query("state") else { return true };
        let status = study.get("status").and_then(Value::as_str).unwrap_or_default();
        states.trim_matches(['(', ')']).split('|').any(|state| state == status)
    };
    let studies = world.studies.values();
    let studies = studies.filter(is_of_project).filter(is_of_workspace).filter(is_in_state);
    studies.map(|study| row(world, study)).collect()
}

/// A study as a list shows it.
fn row(world: &World, study: &Object) -> Value {
    const SHOWN: [&str; 13] = [
        "id",
        "name",
        "internal_name",
        "status",
        "study_type",
        "estimated_completion_time",
        "total_available_places",
        "reward",
        "publish_at",
        "date_created",
        "is_ready_to_publish",
        "currency_code",
        "presentment_currency_code",
    ];
    let full = to_json(world, study);
    let shown = SHOWN.iter().filter_map(|name| Some((*name, full.get(*name)?.clone())));
    let mut row: Object = shown.map(|(name, value)| (name.to_owned(), value)).collect();
    for name in ["places_taken", "number_of_submissions"] {
        row.insert(name.to_owned(), full["places_taken"].clone());
    }
    row.insert("total_cost".to_owned(), full["total_cost"].clone());
    Value::Object(row)
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    page::by_page(call, rows(world, call, None))
}

pub(super) fn cost(world: &mut World, call: &Call) -> Reply {
    let study = named(world, call)?;
    let rewards = number(study, "reward") * number(study, "total_available_places");
    let parts = |rewards: f64| {
        let money = |amount: f64| json!({ "amount": amount, "currency": "GBP" });
        let fees = rewards * FEE;
        json!({ "rewards": money(rewards), "fees": money(fees), "tax": money(fees * VAT) })
    };
    ok(&json!({ "rewards": parts(rewards), "bonuses": parts(0.0) }))
}

pub(super) fn estimate(_: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let reward = required_number(&body, "reward")?;
    let places = required_number(&body, "total_available_places")?;
    ok(&json!({ "total_cost": total(reward, places) }))
}
