//! Studies.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::Call,
    clock::{seconds, seconds_of},
    completion_codes, hooks, ids,
    money::{self, number},
    page, submissions,
    table::{extend, picked, shown},
    world::World,
};

impl World {
    /// The workspace of a study, by its project.
    pub(super) fn workspace_of(&self, study: &Value) -> &str {
        let project = self.projects.get(study["project"].as_str().unwrap_or_default());
        project.and_then(|project| project["workspace"].as_str()).unwrap_or_default()
    }
}

/// A study as a response shows it, with its computed fields.
pub(super) fn to_json(world: &World, study: &Value) -> Value {
    let mut json = shown(study);
    let (reward, minutes) = (number(study, "reward"), number(study, "estimated_completion_time"));
    let an_hour = if minutes > 0.0 { money::finite(reward / minutes * 60.0).round() } else { 0.0 };
    let taken = submissions::places_taken(world, study);
    extend(
        &mut json,
        json!({
            "places_taken": taken,
            "total_cost": money::of_places(study).total(),
            "average_reward_per_hour": an_hour,
            "estimated_reward_per_hour": an_hour,
        }),
    );
    json
}

/// The source of the participants' work, of which a study has exactly one.
fn check_source(body: &Value) -> Result<(), Refusal> {
    let sources = ["external_study_url", "access_details", "data_collection_method"];
    if sources.iter().any(|name| !body[*name].is_null()) {
        return Ok(());
    }
    let detail = "One of external_study_url, access_details and data_collection_method is \
                  required.";
    Err(Refusal::bad(detail))
}

/// The total number of places of a study with several URLs.
fn places_of(access_details: &Value) -> Option<f64> {
    let details = access_details.as_array()?;
    Some(details.iter().map(|detail| number(detail, "total_allocation")).sum())
}

/// The minutes that a submission may take if the study doesn't set them: the documented minimum.
fn default_maximum(minutes: f64) -> f64 {
    (2.0 + 2.0 * minutes + 2.0 * minutes.sqrt()).ceil()
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    check_source(&call.body)?;
    completion_codes::check(&call.body)?;
    let id = ids::object_id();
    let minutes = number(&call.body, "estimated_completion_time");
    let project = world.projects.ids().next().unwrap_or_default();
    let mut study = json!({
        "total_available_places": places_of(&call.body["access_details"]).unwrap_or(1.0),
        "maximum_allowed_time": default_maximum(minutes),
        "project": project,
        "study_type": "SINGLE",
        "completion_codes": [],
        "device_compatibility": [],
        "peripheral_requirements": [],
        "filters": [],
    });
    extend(&mut study, call.body.clone());
    let workspace = world.workspaces.get(world.workspace_of(&study));
    let currency = workspace.map_or(json!("GBP"), |workspace| workspace["~currency"].clone());
    extend(
        &mut study,
        json!({
            "id": id,
            "status": "UNPUBLISHED",
            "is_ready_to_publish": true,
            "date_created": world.moment().text(),
            "published_at": null,
            "currency_code": currency,
            "presentment_currency_code": currency,
        }),
    );
    completion_codes::complete(&mut study);
    let json = to_json(world, world.studies.get(&id).unwrap_or(&study));
    world.studies.add(&id, study);
    created(&json)
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    publish_in_background(world, call.parameter("id"))?;
    ok(&to_json(world, world.studies.named(call.parameter("id"))?))
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("id");
    let old = world.studies.named(id)?.clone();
    let mut new = old.clone();
    extend(&mut new, call.body.clone());
    // Access details are documented to add places on every call.
    if let Some(more) = places_of(&call.body["access_details"]) {
        let mut details = old["access_details"].as_array().cloned().unwrap_or_default();
        details.extend(call.body["access_details"].as_array().cloned().unwrap_or_default());
        new["access_details"] = json!(details);
        new["total_available_places"] = json!(number(&old, "total_available_places") + more);
    }
    completion_codes::check(&new)?;
    check_places(world, &old, &new)?;
    *world.studies.named_mut(id)? = new;
    reopen(world, id)?;
    ok(&to_json(world, world.studies.named(id)?))
}

/// The number of places can't fall below those taken, and additional places have to be paid for.
fn check_places(world: &World, old: &Value, new: &Value) -> Result<(), Refusal> {
    if is_draft(old) {
        return Ok(());
    }
    let places = number(new, "total_available_places");
    if places < submissions::places_taken(world, old) as f64 {
        let detail = "There can't be fewer places than are already taken.";
        return Err(Refusal::field("total_available_places", detail));
    }
    let more = money::of_places(new).total() - money::of_places(old).total();
    if more > 0.0 { money::suffices(world, world.workspace_of(old), more) } else { Ok(()) }
}

fn is_draft(study: &Value) -> bool {
    study["status"] == "UNPUBLISHED" || study["status"] == "SCHEDULED"
}

/// Resumes a study that got more places.
fn reopen(world: &mut World, id: &str) -> Result<(), Refusal> {
    let study = world.studies.named(id)?;
    let is_over = study["status"] == "COMPLETED" || study["status"] == "AWAITING REVIEW";
    if is_over && !submissions::is_full(world, study) {
        set_status(world, id, "ACTIVE");
    }
    Ok(())
}

pub(super) fn delete(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("id");
    if !is_draft(world.studies.named(id)?) {
        return Err(Refusal::bad("Only an unpublished study can be deleted."));
    }
    world.studies.remove(id)?;
    Ok(Answer::empty(200))
}

/// Copies a study as a draft.
fn copy(world: &mut World, id: &str, changed: Value) -> Result<String, Refusal> {
    let mut study = shown(world.studies.named(id)?);
    let id = ids::object_id();
    extend(
        &mut study,
        json!({
            "id": id,
            "status": "UNPUBLISHED",
            "date_created": world.moment().text(),
            "published_at": null,
        }),
    );
    extend(&mut study, changed);
    world.studies.add(&id, study);
    Ok(id)
}

pub(super) fn duplicate(world: &mut World, call: &Call) -> Reply {
    let name = world.studies.named(call.parameter("id"))?["name"].as_str().unwrap_or_default();
    let name = json!({ "name": format!("{name} copy") });
    let copy = copy(world, call.parameter("id"), name)?;
    ok(&to_json(world, world.studies.named(&copy)?))
}

pub(super) fn create_test(world: &mut World, call: &Call) -> Reply {
    let study = world.studies.named(call.parameter("id"))?;
    if !is_draft(study) {
        return Err(Refusal::bad("Only a draft can be tested."));
    }
    if world.test_participants.ids().next().is_none() {
        return Err(Refusal::bad("There is no test participant."));
    }
    let name = format!("{} (test)", study["name"].as_str().unwrap_or_default());
    // A test participant is not paid.
    let changed = json!({ "name": name, "status": "ACTIVE", "~is_test": true });
    let id = copy(world, call.parameter("id"), changed)?;
    let url = format!("https://app.prolific.com/studies/{id}");
    ok(&json!({ "study_id": id, "study_url": url }))
}

/// Sets the status of a study, and notifies the webhooks.
pub(super) fn set_status(world: &mut World, id: &str, status: &str) {
    let now = world.moment().text();
    let Ok(study) = world.studies.named_mut(id) else { return };
    if study["status"] == status {
        return;
    }
    study["status"] = json!(status);
    if status == "ACTIVE" && study["published_at"].is_null() {
        study["published_at"] = json!(now);
    }
    let change = json!({ "resource_id": id, "status": status, "metadata": {} });
    let workspace = world.workspace_of(&world.studies.named(id).cloned().unwrap_or_default());
    let workspace = workspace.to_owned();
    hooks::emit(world, &workspace, "study.status.change", change);
}

/// Updates the status of a study that is full or whose submissions are finished.
pub(super) fn settle(world: &mut World, id: &str) {
    let Some(study) = world.studies.get(id) else { return };
    let places = number(study, "total_available_places") as usize;
    let next = match study["status"].as_str().unwrap_or_default() {
        "ACTIVE" | "PAUSED" if submissions::finished(world, study) >= places => "AWAITING REVIEW",
        "AWAITING REVIEW" => "AWAITING REVIEW",
        _ => return,
    };
    let is_over = submissions::paid_places(world, study) >= places;
    set_status(world, id, next);
    if is_over {
        set_status(world, id, "COMPLETED");
    }
}

/// Publishes a study if the balance of its workspace is sufficient.
fn publish(world: &mut World, id: &str) -> Result<(), Refusal> {
    let study = world.studies.named(id)?;
    money::suffices(world, world.workspace_of(study), money::of_places(study).total())?;
    let looks = world.publication_looks;
    world.studies.named_mut(id)?["~looks"] = json!(looks);
    set_status(world, id, if looks > 0 { "PUBLISHING" } else { "ACTIVE" });
    Ok(())
}

pub(super) fn transition(world: &mut World, call: &Call) -> Reply {
    let (id, action) = (call.parameter("id"), call.text("action"));
    let study = world.studies.named(id)?;
    let status = study["status"].as_str().unwrap_or_default();
    let is_timed = call.body["publish_at"].is_string() || study["publish_at"].is_string();
    let next = match (action, status) {
        ("PUBLISH", "UNPUBLISHED") | ("START", "PAUSED" | "AWAITING REVIEW") => "ACTIVE",
        ("SCHEDULE_PUBLISH", "UNPUBLISHED") if is_timed => "SCHEDULED",
        ("SCHEDULE_PUBLISH", "UNPUBLISHED") => {
            return Err(Refusal::field("publish_at", "This field is required."));
        }
        ("CANCEL_PUBLISH", "SCHEDULED") => "UNPUBLISHED",
        ("PAUSE", "ACTIVE") => "PAUSED",
        ("STOP", "ACTIVE" | "PAUSED" | "AWAITING REVIEW") => "COMPLETED",
        _ => {
            let detail = format!("{action} is not possible for a study that is {status}.");
            return Err(Refusal::bad(detail));
        }
    };
    match action {
        "PUBLISH" => publish(world, id)?,
        _ => set_status(world, id, next),
    }
    extend(world.studies.named_mut(id)?, picked(&call.body, &["publish_at"]));
    ok(&to_json(world, world.studies.named(id)?))
}

/// Publishes a PUBLISHING study after this many polls.
fn publish_in_background(world: &mut World, id: &str) -> Result<(), Refusal> {
    let study = world.studies.named_mut(id)?;
    if study["status"] != "PUBLISHING" {
        return Ok(());
    }
    match study["~looks"].as_u64().unwrap_or_default() {
        0 => set_status(world, id, "ACTIVE"),
        looks => study["~looks"] = json!(looks - 1),
    }
    Ok(())
}

/// Publishes scheduled studies whose time has come. A study that can't be paid for becomes a draft
/// again; that is inferred.
pub(super) fn publish_scheduled(world: &mut World) {
    let now = seconds(world.moment().now);
    let is_due = |study: &&Value| {
        let at = study["publish_at"].as_str().and_then(seconds_of);
        study["status"] == "SCHEDULED" && at.is_some_and(|at| at <= now)
    };
    let due = world.studies.values().filter(is_due);
    let due: Vec<String> =
        due.filter_map(|study| study["id"].as_str().map(str::to_owned)).collect();
    for id in due {
        if publish(world, &id).is_err() {
            set_status(world, &id, "UNPUBLISHED");
        }
    }
}

/// The studies in a list, newest first.
pub(super) fn rows(
    world: &World,
    call: &Call,
    project: Option<&str>,
) -> Result<Vec<Value>, Refusal> {
    let is_wanted = |study: &&Value| {
        let status = study["status"].as_str().unwrap_or_default();
        let searched = call.query("search").unwrap_or_default().to_lowercase();
        let is_found = ["name", "internal_name", "id"].iter().any(|name| {
            study[*name].as_str().unwrap_or_default().to_lowercase().contains(&searched)
        });
        let workspace = call.query("workspace_id");
        let states = call.query("state").map(|states| states.trim_matches(['(', ')']));
        let flag =
            |name: &str, is_so: bool| call.query(name).is_none_or(|flag| (flag == "1") == is_so);
        is_found
            && project.is_none_or(|project| study["project"] == project)
            && workspace.is_none_or(|workspace| world.workspace_of(study) == workspace)
            && states.is_none_or(|states| states.split('|').any(|state| state == status))
            && flag("published", !is_draft(study))
            && flag("active", status == "ACTIVE")
            && flag("completed", status == "COMPLETED")
    };
    let rows = world.studies.values().rev().filter(is_wanted).map(|study| row(world, study));
    page::ordered(rows.collect(), call.query("ordering"))
}

/// A study as it appears in a list.
fn row(world: &World, study: &Value) -> Value {
    let full = to_json(world, study);
    let mut row = picked(
        &full,
        &[
            "id",
            "name",
            "internal_name",
            "status",
            "study_type",
            "estimated_completion_time",
            "total_available_places",
            "places_taken",
            "reward",
            "total_cost",
            "published_at",
            "publish_at",
            "date_created",
            "credential_pool_id",
            "is_ready_to_publish",
            "currency_code",
            "presentment_currency_code",
        ],
    );
    let id = study["id"].as_str().unwrap_or_default();
    row["number_of_submissions"] = json!(world.submissions.of_field("study_id", id).count());
    row
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    page::by_page(call, rows(world, call, None)?)
}

/// The cost of a study: so far, or projected once all of its places are paid.
pub(super) fn cost(world: &mut World, call: &Call) -> Reply {
    let study = world.studies.named(call.parameter("id"))?;
    let (paid, bonuses) = money::paid(world, study);
    let is_projected = call.query("is_projected") == Some("true");
    let rewards = if is_projected { money::of_places(study) } else { paid };
    let currency = &study["currency_code"];
    ok(&json!({ "rewards": rewards.to_json(currency), "bonuses": bonuses.to_json(currency) }))
}

pub(super) fn estimate(_: &mut World, call: &Call) -> Reply {
    ok(&json!({ "total_cost": money::of_places(&call.body).total() }))
}

/// How many places of each URL of a study are taken.
pub(super) fn access_progress(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("id");
    let study = world.studies.named(id)?;
    let Some(details) = study["access_details"].as_array().filter(|list| !list.is_empty()) else {
        return Err(Refusal::new(404, "The study has no access details."));
    };
    let progress = details.iter().map(|detail| {
        let (allocated, screened_out) = submissions::at_address(world, id, &detail["external_url"]);
        json!({
            "external_url": detail["external_url"],
            "total_allocation": detail["total_allocation"],
            "allocated": allocated,
            "capacity_increments": screened_out,
        })
    });
    ok(&json!({ "id": id, "progress": progress.collect::<Vec<_>>(), "_links": {} }))
}
