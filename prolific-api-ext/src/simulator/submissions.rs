//! The submissions of participants.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, created, ok},
    call::{Call, Object},
    clock::{seconds, seconds_of, time_text},
    completion_codes, hooks, ids, money, page,
    storage::Purpose,
    studies,
    table::{extend, picked, shown},
    world::World,
};
use crate::submissions::FEEDBACK_FILES;

/// The documented minimum length of a rejection message.
const REJECTION_MESSAGE: usize = 100;
/// How long a place is reserved before its participant starts, in seconds.
const RESERVATION: f64 = 600.0;
/// The seconds after which a submission that awaits review is approved.
const LONGEST_REVIEW: f64 = 21.0 * 24.0 * 3600.0;

/// The statuses from which a submission can still be paid.
pub(super) const UNDER_WAY: [&str; 3] = ["RESERVED", "ACTIVE", "AWAITING REVIEW"];
/// The statuses of paid submissions.
pub(super) const PAID: [&str; 2] = ["APPROVED", "PARTIALLY APPROVED"];

fn count(world: &World, study: &Value, statuses: &[&[&str]]) -> usize {
    let of_study = world.submissions.of_field("study_id", study["id"].as_str().unwrap_or_default());
    let is_counted =
        |row: &&Value| statuses.iter().any(|list| list.iter().any(|it| row["status"] == *it));
    of_study.filter(is_counted).count()
}

/// How many places of a study are taken. Submissions that were returned, timed out, rejected or
/// screened out take none.
pub(super) fn places_taken(world: &World, study: &Value) -> usize {
    count(world, study, &[&UNDER_WAY, &PAID])
}

/// How many places have a finished submission.
pub(super) fn finished(world: &World, study: &Value) -> usize {
    count(world, study, &[&["AWAITING REVIEW"], &PAID])
}

/// How many places are paid.
pub(super) fn paid_places(world: &World, study: &Value) -> usize {
    count(world, study, &[&PAID])
}

/// Whether a study has no place left.
pub(super) fn is_full(world: &World, study: &Value) -> bool {
    places_taken(world, study) as f64 >= money::number(study, "total_available_places")
}

/// How many places of a study's URL are taken, and how many more it has because of screen-outs.
pub(super) fn at_address(world: &World, study: &str, address: &Value) -> (usize, usize) {
    let of_study = world.submissions.of_field("study_id", study);
    let there = of_study.filter(|row| row["~address"] == *address);
    let is_taken =
        |row: &Value| UNDER_WAY.iter().chain(&PAID).any(|status| row["status"] == *status);
    there.fold((0, 0), |(taken, screened_out), row| {
        let is_out = row["status"] == "SCREENED OUT";
        (taken + usize::from(is_taken(row)), screened_out + usize::from(is_out))
    })
}

/// The URL that a participant is sent to: the one with the fewest taken places.
fn address(world: &World, study: &Value) -> Value {
    let id = study["id"].as_str().unwrap_or_default();
    let details = study["access_details"].as_array().into_iter().flatten();
    let open = |detail: &&Value| {
        let (taken, _) = at_address(world, id, &detail["external_url"]);
        (taken as f64) < money::number(detail, "total_allocation")
    };
    let first = details.clone().find(open).or_else(|| details.clone().next());
    first.map_or_else(|| study["external_study_url"].clone(), |it| it["external_url"].clone())
}

/// Checks that this many places of a study can be taken.
///
/// # Errors
///
/// 404 for no study; 409 for one that is not ACTIVE or has fewer places left.
pub(super) fn check_places(world: &World, id: &str, count: usize) -> Result<(), Refusal> {
    let study = world.studies.named(id)?;
    if study["status"] != "ACTIVE" {
        let detail = format!("The study is not ACTIVE but {}.", study["status"]);
        return Err(Refusal::conflict(detail));
    }
    let taken = places_taken(world, study);
    if (taken + count) as f64 > money::number(study, "total_available_places") {
        let detail = format!("{taken} places are taken, so {count} more are too many.");
        return Err(Refusal::conflict(detail));
    }
    Ok(())
}

/// Makes a participant reserve a place; returns the id of the submission.
///
/// # Errors
///
/// As [`check_places`].
pub(super) fn reserve(world: &mut World, id: &str) -> Result<String, Refusal> {
    check_places(world, id, 1)?;
    let study = world.studies.named(id)?;
    let (submission, moment) = (ids::object_id(), world.moment());
    let row = json!({
        "id": submission,
        "study_id": id,
        "participant": ids::object_id(),
        "status": "RESERVED",
        "started_at": moment.text(),
        "completed_at": null,
        "entered_code": null,
        "parent_study_id": null,
        "bonus_payments": [],
        "return_requested": null,
        "~address": address(world, study),
        "~since": seconds(moment.now),
    });
    world.submissions.add(&submission, row);
    tell(world, &submission);
    Ok(submission)
}

/// Makes a participant start.
pub(super) fn begin(world: &mut World, id: &str) -> Result<(), Refusal> {
    expect(world, id, &["RESERVED"])?;
    let now = json!({ "started_at": world.moment().text() });
    change(world, id, now);
    set_status(world, id, "ACTIVE");
    Ok(())
}

/// Makes a participant finish, with or without a code.
pub(super) fn finish(world: &mut World, id: &str, code: Option<&str>) -> Result<(), Refusal> {
    let row = expect(world, id, &["RESERVED", "ACTIVE"])?;
    let study = world.studies.named(row["study_id"].as_str().unwrap_or_default())?;
    let known = code.and_then(|code| completion_codes::find(study, code, "participant")).cloned();
    let done = json!({ "completed_at": world.moment().text(), "entered_code": code });
    change(world, id, done);
    completion_codes::run(world, id, known.as_ref(), &Value::Null);
    Ok(())
}

/// Ends a submission without finishing it.
pub(super) fn end(world: &mut World, id: &str, status: &str) -> Result<(), Refusal> {
    expect(world, id, &UNDER_WAY)?;
    set_status(world, id, status);
    Ok(())
}

/// Finds a submission if it has one of these statuses.
fn expect<'a>(world: &'a World, id: &str, statuses: &[&str]) -> Result<&'a Value, Refusal> {
    let row = world.submissions.named(id)?;
    if statuses.iter().any(|status| row["status"] == *status) {
        return Ok(row);
    }
    Err(Refusal::conflict(format!("The submission is {}.", row["status"])))
}

/// Replaces fields of a submission.
pub(super) fn change(world: &mut World, id: &str, members: Value) {
    if let Ok(row) = world.submissions.named_mut(id) {
        extend(row, members);
    }
}

/// Sets the status of a submission, updates its study, and notifies the webhooks.
pub(super) fn set_status(world: &mut World, id: &str, status: &str) {
    let is_new = world.submissions.get(id).is_some_and(|row| row["status"] != status);
    if !is_new {
        return;
    }
    let since = seconds(world.moment().now);
    change(world, id, json!({ "status": status, "~since": since }));
    tell(world, id);
    let study = world.submissions.get(id).map(|row| row["study_id"].clone()).unwrap_or_default();
    studies::settle(world, study.as_str().unwrap_or_default());
}

fn tell(world: &mut World, id: &str) {
    let Some(row) = world.submissions.get(id) else { return };
    let change = json!({
        "resource_id": id, "participant_id": row["participant"], "status": row["status"] });
    let progress = json!({ "resource_id": row["study_id"] });
    let study = world.studies.get(row["study_id"].as_str().unwrap_or_default());
    let workspace = study.map(|study| world.workspace_of(study)).unwrap_or_default().to_owned();
    hooks::emit(world, &workspace, "submission.status.change", change);
    hooks::emit(world, &workspace, "study.progress.change", progress);
    let study = world.submissions.get(id).map(|row| row["study_id"].clone()).unwrap_or_default();
    tell_of_returns(world, study.as_str().unwrap_or_default(), &workspace);
}

/// Notifies the webhooks once if many submissions of a study are returned. Prolific's threshold is
/// not documented.
fn tell_of_returns(world: &mut World, id: &str, workspace: &str) {
    let Some(study) = world.studies.get(id) else { return };
    let returned = count(world, study, &[&["RETURNED"]]);
    let all = world.submissions.of_field("study_id", id).count();
    if returned < 5 || returned * 2 < all || study["~is_returned"] == true {
        return;
    }
    if let Ok(study) = world.studies.named_mut(id) {
        study["~is_returned"] = json!(true);
    }
    let event = json!({ "resource_id": id, "metadata": {} });
    hooks::emit(world, workspace, "study.has_high_return_rate", event);
}

/// Ends what is overdue: reservations, submissions, reviews.
pub(super) fn expire(world: &mut World) {
    let now = seconds(world.moment().now);
    let next = |row: &Value| {
        let study = world.studies.get(row["study_id"].as_str()?)?;
        let (status, longest) = match row["status"].as_str()? {
            "RESERVED" => ("TIMED-OUT", RESERVATION),
            "ACTIVE" => ("TIMED-OUT", money::number(study, "maximum_allowed_time") * 60.0),
            "AWAITING REVIEW" => ("APPROVED", LONGEST_REVIEW),
            _ => return None,
        };
        let is_over = now - money::number(row, "~since") >= longest;
        is_over.then(|| (row["id"].as_str().unwrap_or_default().to_owned(), status))
    };
    let due: Vec<(String, &str)> = world.submissions.values().filter_map(next).collect();
    for (id, status) in due {
        set_status(world, &id, status);
    }
}

/// How many seconds a submission took.
fn time_taken(row: &Value) -> u64 {
    let at = |name: &str| row[name].as_str().and_then(seconds_of);
    match (at("started_at"), at("completed_at")) {
        (Some(started), Some(completed)) => (completed - started).max(0.0) as u64,
        _ => 0,
    }
}

/// A submission as it appears in a list.
fn row(world: &World, submission: &Value) -> Value {
    let study = world.studies.get(submission["study_id"].as_str().unwrap_or_default());
    let reward = study.map_or(0.0, |study| money::number(study, "reward"));
    json!({
        "id": submission["id"],
        "participant_id": submission["participant"],
        "status": submission["status"],
        "started_at": submission["started_at"],
        "completed_at": submission["completed_at"],
        "has_siblings": false,
        "study_code": submission["entered_code"],
        "return_requested": submission["return_requested"],
        "is_complete": !submission["completed_at"].is_null(),
        "time_taken": time_taken(submission),
        "reward": reward.round() as i64,
        "star_awarded": false,
        "bonus_payments": submission["bonus_payments"],
        "ip": "",
    })
}

/// The submissions of a study, as rows.
fn rows(world: &World, study: &str) -> Result<Vec<Value>, Refusal> {
    world.studies.named(study)?;
    Ok(world.submissions.of_field("study_id", study).map(|each| row(world, each)).collect())
}

/// The values behind the flags of the query.
const FLAGS: [(&str, &[&str]); 9] = [
    ("completed", &["AWAITING REVIEW", "APPROVED", "PARTIALLY APPROVED", "REJECTED"]),
    ("returned", &["RETURNED"]),
    ("awaiting_review", &["AWAITING REVIEW"]),
    ("approved", &["APPROVED"]),
    ("active", &["ACTIVE"]),
    ("timeout", &["TIMED-OUT"]),
    ("rejected", &["REJECTED"]),
    ("screened_out", &["SCREENED OUT"]),
    ("completeoractive", &["ACTIVE", "AWAITING REVIEW", "APPROVED", "PARTIALLY APPROVED"]),
];

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    approve_in_background(world, 1);
    let mut rows = rows(world, call.required_query("study")?)?;
    if let Some(status) = call.query("status") {
        // The query has an underscore where the response has a space.
        let status = status.replace('_', " ");
        rows.retain(|row| row["status"] == status.as_str());
    }
    for (name, statuses) in FLAGS {
        let Some(flag) = call.query(name) else { continue };
        let is_wanted = ["1", "true", "yes", "t"].contains(&flag);
        rows.retain(|row| statuses.iter().any(|status| row["status"] == *status) == is_wanted);
    }
    for (name, is_from) in [("submitted_from", true), ("submitted_before", false)] {
        let Some(day) = call.query(name) else { continue };
        let day = day_of(day)
            .ok_or_else(|| Refusal::field(name, "A day must be written as DD/MM/YYYY."))?;
        rows.retain(|row| match row["completed_at"].as_str() {
            Some(completed) => (completed >= day.as_str()) == is_from,
            None => false,
        });
    }
    // All submissions in a list belong to one study, so its name doesn't affect the order.
    let ordering = call.query("ordering").filter(|ordering| !ordering.ends_with("study_name"));
    let ordering = ordering.map(|ordering| ordering.replace("submission_reward", "reward"));
    page::by_page(call, page::ordered(rows, ordering.as_deref())?)
}

/// The start of a day in the API's format.
fn day_of(text: &str) -> Option<String> {
    let parts: Vec<i16> = text.split('/').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [day, month, year] = parts[..] else { return None };
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let start = date.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(time_text(start.timestamp().into()))
}

pub(super) fn of_study(world: &mut World, call: &Call) -> Reply {
    approve_in_background(world, 1);
    let rows = rows(world, call.parameter("id"))?;
    page::by_offset(call, page::ordered(rows, call.query("ordering"))?)
}

pub(super) fn counts(world: &mut World, call: &Call) -> Reply {
    approve_in_background(world, 1);
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
    approve_in_background(world, 1);
    ok(&shown(world.submissions.named(call.parameter("id"))?))
}

/// The documented part of a submission in the response of a transition.
fn brief(submission: &Value) -> Value {
    let names =
        ["id", "study_id", "participant", "status", "started_at", "completed_at", "entered_code"];
    picked(submission, &names)
}

pub(super) fn transition(world: &mut World, call: &Call) -> Reply {
    let (id, action) = (call.parameter("id"), call.text("action"));
    let row = world.submissions.named(id)?;
    let status = row["status"].as_str().unwrap_or_default();
    let (next, from): (_, &[&str]) = match action {
        "APPROVE" => ("APPROVED", &["AWAITING REVIEW"]),
        "REJECT" => ("REJECTED", &["AWAITING REVIEW"]),
        "RETURN" => ("RETURNED", &UNDER_WAY),
        "START" => ("ACTIVE", &["RESERVED"]),
        "SCREEN_OUT" => ("SCREENED OUT", &["ACTIVE", "AWAITING REVIEW"]),
        "UNREJECT" => ("AWAITING REVIEW", &["REJECTED"]),
        "UNRETURN" => ("AWAITING REVIEW", &["RETURNED"]),
        _ => return complete(world, call),
    };
    if action == "REJECT" {
        check_rejection(call)?;
    }
    // A repeated transition is ignored, as documented.
    if status != next && !from.contains(&status) {
        let detail = format!("{action} is not possible for a submission that is {status}.");
        return Err(Refusal::bad(detail));
    }
    set_status(world, id, next);
    ok(&brief(world.submissions.named(id)?))
}

fn check_rejection(call: &Call) -> Result<(), Refusal> {
    if call.text("message").chars().count() < REJECTION_MESSAGE {
        let detail = format!("At least {REJECTION_MESSAGE} characters are required.");
        return Err(Refusal::field("message", &detail));
    }
    match call.text("rejection_category") {
        "" => Err(Refusal::field("rejection_category", "This field is required.")),
        _ => Ok(()),
    }
}

/// Completes a submission with a code set by a researcher.
fn complete(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("id");
    let row = world.submissions.named(id)?;
    let study = world.studies.named(row["study_id"].as_str().unwrap_or_default())?;
    let code = completion_codes::find(study, call.text("completion_code"), "researcher").cloned();
    let Some(code) = code else {
        let detail = "The study has no such code with the actor researcher.";
        return Err(Refusal::field("completion_code", detail));
    };
    // A repeated transition is ignored, as documented.
    if UNDER_WAY.iter().any(|status| row["status"] == *status) {
        let done = json!({ "completed_at": world.moment().text(), "entered_code": code["code"] });
        change(world, id, done);
        completion_codes::run(world, id, Some(&code), &call.body["completion_code_data"]);
    }
    ok(&brief(world.submissions.named(id)?))
}

pub(super) fn request_return(world: &mut World, call: &Call) -> Reply {
    let now = world.moment().text();
    let submission = world.submissions.named_mut(call.parameter("id"))?;
    submission["return_requested"] = json!(now);
    ok(&picked(submission, &["id", "status", "participant", "return_requested"]))
}

pub(super) fn approve_many(world: &mut World, call: &Call) -> Reply {
    let ids = if call.body["submission_ids"].is_array() {
        call.texts("submission_ids")
    } else {
        let study = call.text("study_id");
        let found = call.texts("participant_ids").into_iter();
        found.map(|who| of_participant(world, study, &who).unwrap_or(who)).collect()
    };
    let unknown: Vec<&String> =
        ids.iter().filter(|id| world.submissions.get(id).is_none()).collect();
    if !unknown.is_empty() {
        return Err(Refusal::new(404, format!("Unknown submissions: {unknown:?}.")));
    }
    for id in &ids {
        // A submission that does not await review is left unchanged: the approval runs in the
        // background.
        if !world.is_doomed(id) && expect(world, id, &["AWAITING REVIEW"]).is_ok() {
            let looks = world.approval_looks;
            change(world, id, json!({ "~approval": looks }));
        }
    }
    approve_in_background(world, 0);
    ok(&json!("The request to bulk approve has been made successfully."))
}

/// Advances bulk approvals by this many polls, and completes those that are due.
fn approve_in_background(world: &mut World, looks: u64) {
    let under_way = world.submissions.values().filter_map(|row| {
        let left = row["~approval"].as_u64()?.saturating_sub(looks);
        Some((row["id"].as_str()?.to_owned(), left))
    });
    for (id, left) in under_way.collect::<Vec<_>>() {
        let is_done = left == 0;
        change(world, &id, json!({ "~approval": if is_done { Value::Null } else { json!(left) } }));
        if is_done && expect(world, &id, &["AWAITING REVIEW"]).is_ok() {
            set_status(world, &id, "APPROVED");
        }
    }
}

/// A participant's submission to a study.
pub(super) fn of_participant(world: &World, study: &str, participant: &str) -> Option<String> {
    let mut of_study = world.submissions.of_field("study_id", study);
    let found = of_study.find(|row| row["participant"] == participant)?;
    found["id"].as_str().map(str::to_owned)
}

pub(super) fn feedback_upload_url(world: &mut World, call: &Call) -> Reply {
    world.workspaces.named(call.required_query("workspace_id")?)?;
    let filename = call.parameter("filename");
    let extension = filename.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = FEEDBACK_FILES.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known));
    let Some((_, content_type)) = known else {
        return Err(Refusal::bad("Feedback must be a CSV, XLS, XLSX, JSON, TXT or PDF file."));
    };
    let link = world.issue(filename, Purpose::Upload { dataset: None, import: None, content_type });
    created(&json!({
        "upload_url": link.url, "http_method": "PUT", "expires_at": link.expires_at() }))
}
