//! Broadcasts: a message to many participants, each in a separate conversation.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, created, ok},
    call::Call,
    groups, ids, messages, page, strangers,
    table::shown,
    world::World,
};

fn to_json(world: &World, broadcast: &Value) -> Value {
    let mut json = shown(broadcast);
    let id = broadcast["id"].as_str().unwrap_or_default();
    json["replied_count"] = json!(messages::replied(world, id));
    json
}

/// Returns the recipients of a broadcast and their source: the participants in the request, those
/// of a group, or those of the study. The names of these sources are not documented.
fn audience(world: &World, call: &Call) -> Result<(&'static str, Vec<String>), Refusal> {
    let named = ["participant_ids", "recipient_ids"];
    if let Some(name) = named.into_iter().find(|name| call.body[*name].is_array()) {
        let participants = call.texts(name);
        strangers::refuse_for_study(world, call.text("study_id"), &participants)?;
        return Ok(("participants", participants));
    }
    if let Some(group) = call.body["participant_group_id"].as_str() {
        return Ok(("participant_group", groups::participants(world, group)?));
    }
    let of_study = world.submissions.of_field("study_id", call.text("study_id"));
    let mut participants: Vec<String> =
        of_study.filter_map(|row| row["participant"].as_str().map(str::to_owned)).collect();
    participants.sort_unstable();
    participants.dedup();
    Ok(("study", participants))
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    // A repeated id returns what was stored under it.
    if let Some(known) = world.broadcasts.get(call.text("id")) {
        return created(&to_json(world, known));
    }
    let (source, recipients) = audience(world, call)?;
    if recipients.len() > messages::RECIPIENTS {
        let detail = format!("A broadcast can have at most {} recipients.", messages::RECIPIENTS);
        return Err(Refusal::bad(detail));
    }
    let id = match call.text("id") {
        "" => ids::object_id(),
        id => id.to_owned(),
    };
    let broadcast = json!({
        "id": id,
        "study_id": call.text("study_id"),
        "subject": call.text("subject"),
        "topic": call.body["topic"],
        "body": call.text("body"),
        "audience_source": source,
        "recipient_count": recipients.len(),
        "datetime_created": world.moment().text(),
        "~workspace": call.body["workspace_id"],
    });
    world.broadcasts.add(&id, broadcast);
    let mut about = call.body.clone();
    about["subject"] = json!(call.text("subject"));
    about["broadcast_id"] = json!(id);
    let user = world.user.clone();
    for participant in recipients {
        let conversation = messages::open(world, &participant, &about);
        messages::post(world, &conversation, &user, call.text("body"), &about["study_id"]);
    }
    created(&to_json(world, world.broadcasts.named(&id)?))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    ok(&to_json(world, world.broadcasts.named(call.parameter("broadcast_id"))?))
}

/// The broadcasts, newest first.
pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let is = |broadcast: &Value, field: &str, query: &str| {
        call.query(query).is_none_or(|wanted| broadcast[field] == wanted)
    };
    let rows = world.broadcasts.values().rev();
    let rows =
        rows.filter(|row| is(row, "study_id", "study_id") && is(row, "~workspace", "workspace_id"));
    page::by_cursor(call, rows.map(|row| to_json(world, row)).collect())
}
