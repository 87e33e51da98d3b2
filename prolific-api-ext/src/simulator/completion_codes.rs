//! Completion codes: how a code changes the submission that was finished with it.

use serde_json::{Value, json};

use super::{answer::Refusal, groups, money::number, studies, submissions, world::World};

fn codes(study: &Value) -> &[Value] {
    study["completion_codes"].as_array().map_or(&[], Vec::as_slice)
}

fn has_action(code: &Value, action: &str) -> bool {
    code["actions"].as_array().into_iter().flatten().any(|each| each["action"] == action)
}

/// Checks the codes of a Task Builder study, which has exactly one.
///
/// # Errors
///
/// 400.
pub(super) fn check(study: &Value) -> Result<(), Refusal> {
    if study["data_collection_method"].is_null() {
        return Ok(());
    }
    let is_right = |code: &Value| {
        let is_reviewed = ["MANUALLY_REVIEW", "AUTOMATICALLY_APPROVE"]
            .iter()
            .any(|action| has_action(code, action));
        code["code_type"] == "COMPLETED" && is_reviewed
    };
    match codes(study) {
        [] => Ok(()),
        [code] if is_right(code) => Ok(()),
        _ => {
            let detail = "A Task Builder study has one code, of type COMPLETED, with \
                          MANUALLY_REVIEW or AUTOMATICALLY_APPROVE.";
            Err(Refusal::field("completion_codes", detail))
        }
    }
}

/// Adds the code that Prolific creates to a Task Builder study without one, and generates missing
/// code texts.
pub(super) fn complete(study: &mut Value) {
    if !study["data_collection_method"].is_null() && codes(study).is_empty() {
        let action = json!({ "action": "MANUALLY_REVIEW" });
        study["completion_codes"] = json!([{
            "code": null, "code_type": "COMPLETED", "actions": [action], "actor": "participant" }]);
    }
    let id = study["id"].as_str().unwrap_or_default();
    let suffix = id.get(id.len().saturating_sub(5)..).unwrap_or_default().to_uppercase();
    let codes = study["completion_codes"].as_array_mut();
    for (number, code) in codes.into_iter().flatten().enumerate() {
        if code["code"].is_null() {
            code["code"] = json!(format!("C{number}{suffix}"));
        }
    }
}

/// Finds a code of the study by its text and by who may use it.
pub(super) fn find<'a>(study: &'a Value, code: &str, actor: &str) -> Option<&'a Value> {
    codes(study).iter().find(|known| {
        known["code"] == code && known["actor"].as_str().unwrap_or("participant") == actor
    })
}

/// Returns what happens to a submission for a code that a participant entered or a researcher set.
/// An unknown code leaves it to the review. `data` is the input of a dynamic payment.
pub(super) fn run(world: &mut World, submission: &str, code: Option<&Value>, data: &Value) {
    let actions = code.and_then(|code| code["actions"].as_array()).cloned().unwrap_or_default();
    let mut status = "AWAITING REVIEW";
    for action in &actions {
        match action["action"].as_str().unwrap_or_default() {
            "AUTOMATICALLY_APPROVE" => status = "APPROVED",
            "DYNAMIC_PAYMENT" if data["percentage_of_reward"].is_number() => {
                let share = json!({ "~share": data["percentage_of_reward"] });
                submissions::change(world, submission, share);
                status = "PARTIALLY APPROVED";
            }
            "FIXED_SCREEN_OUT_PAYMENT" if has_slot(world, submission, action) => {
                let reward = json!({ "~fixed_reward": action["fixed_screen_out_reward"] });
                submissions::change(world, submission, reward);
                status = "SCREENED OUT";
            }
            "REQUEST_RETURN" => {
                let now = json!({ "return_requested": world.moment().text() });
                submissions::change(world, submission, now);
            }
            "ADD_TO_PARTICIPANT_GROUP" => set_member(world, submission, action, true),
            "REMOVE_FROM_PARTICIPANT_GROUP" => set_member(world, submission, action, false),
            _ => {}
        }
    }
    submissions::set_status(world, submission, status);
    if status == "SCREENED OUT" {
        pause_when_slots_are_used(world, submission, &actions);
    }
}

fn set_member(world: &mut World, submission: &str, action: &Value, is_member: bool) {
    let participant = world.submissions.get(submission).map(|row| row["participant"].clone());
    let participant = participant.unwrap_or_default();
    let group = action["participant_group"].as_str().unwrap_or_default();
    groups::set_member(world, group, participant.as_str().unwrap_or_default(), is_member);
}

fn study_of(world: &World, submission: &str) -> String {
    let submission = world.submissions.get(submission);
    submission.and_then(|row| row["study_id"].as_str()).unwrap_or_default().to_owned()
}

fn slots_left(world: &World, study: &str, action: &Value) -> f64 {
    let of_study = world.submissions.of_field("study_id", study);
    let used = of_study.filter(|row| row["status"] == "SCREENED OUT").count();
    number(action, "slots") - used as f64
}

fn has_slot(world: &World, submission: &str, action: &Value) -> bool {
    slots_left(world, &study_of(world, submission), action) > 0.0
}

/// A study pauses by itself when the last slot for a screen-out is used.
fn pause_when_slots_are_used(world: &mut World, submission: &str, actions: &[Value]) {
    let study = study_of(world, submission);
    let is_active = world.studies.get(&study).is_some_and(|study| study["status"] == "ACTIVE");
    let of_slots = actions.iter().find(|action| action["action"] == "FIXED_SCREEN_OUT_PAYMENT");
    let is_used = of_slots.is_some_and(|action| slots_left(world, &study, action) <= 0.0);
    if is_active && is_used {
        studies::set_status(world, &study, "PAUSED");
    }
}
