//! Messages and their conversations.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created},
    call::Call,
    clock::{seconds, seconds_of},
    groups, ids, page, strangers,
    table::{picked, shown},
    world::World,
};

/// The maximum number of recipients of a bulk message.
pub(super) const RECIPIENTS: usize = 4000;
/// How far back messages can be listed, in seconds.
const LONGEST_LOOK_BACK: f64 = 30.0 * 24.0 * 3600.0;
const EXCLUDED_SENDERS: usize = 10;

/// The id of the newest conversation with a participant that meets a condition.
fn known_with(
    world: &World,
    participant: &str,
    is_wanted: impl Fn(&Value) -> bool,
) -> Option<String> {
    let mut with = world.conversations.of_field("~participant", participant).rev();
    let found = with.find(|conversation| is_wanted(conversation))?;
    found["id"].as_str().map(str::to_owned)
}

/// Opens a conversation with a participant; returns its id.
pub(super) fn open(world: &mut World, participant: &str, about: &Value) -> String {
    let id = ids::object_id();
    let conversation = json!({
        "id": id,
        "subject": about["subject"],
        "topic": about["topic"],
        "study_id": about["study_id"],
        "~workspace": about["workspace_id"],
        "~broadcast": about["broadcast_id"],
        "~is_default": about["subject"].is_null(),
        "~participant": participant,
        "~changed": ids::next(),
    });
    world.conversations.add(&id, conversation);
    id
}

/// Returns the default conversation with a participant, and opens it if there is none.
fn default_with(world: &mut World, participant: &str) -> String {
    let known = known_with(world, participant, |known| known["~is_default"] == true);
    known.unwrap_or_else(|| open(world, participant, &Value::Null))
}

/// Adds a message to a conversation.
pub(super) fn post(world: &mut World, conversation: &str, sender: &str, body: &str, study: &Value) {
    let (id, now) = (ids::object_id(), world.moment().text());
    let mut data = json!({});
    if study.is_string() {
        data["study_id"] = study.clone();
    }
    let is_unread = sender != world.user;
    let message = json!({
        "id": id,
        "body": body,
        "channel_id": conversation,
        "sender_id": sender,
        "sender": sender,
        "datetime_created": now,
        "sent_at": now,
        "type": "message",
        "data": data,
        "~is_unread": is_unread,
    });
    world.messages.add(&id, message);
    if let Ok(conversation) = world.conversations.named_mut(conversation) {
        conversation["~changed"] = json!(ids::next());
        if is_unread {
            conversation["~is_replied"] = json!(true);
        }
    }
}

/// Makes a participant write to the researcher about a study.
pub(super) fn receive(world: &mut World, participant: &str, study: &str, body: &str) {
    let about = known_with(world, participant, |known| known["study_id"] == study);
    let conversation = about.unwrap_or_else(|| default_with(world, participant));
    post(world, &conversation, participant, body, &json!(study));
}

/// Sends a message from the researcher to the default conversation with each participant.
fn send_to(world: &mut World, call: &Call, participants: &[String]) -> Reply {
    if participants.len() > RECIPIENTS {
        let detail = format!("A message can have at most {RECIPIENTS} recipients.");
        return Err(Refusal::bad(detail));
    }
    strangers::refuse(world, participants)?;
    let user = world.user.clone();
    for participant in participants {
        let conversation = default_with(world, participant);
        post(world, &conversation, &user, call.text("body"), &call.body["study_id"]);
    }
    Ok(Answer::empty(204))
}

pub(super) fn send(world: &mut World, call: &Call) -> Reply {
    let recipient = [call.text("recipient_id").to_owned()];
    let Some(conversation) = call.body["conversation_id"].as_str() else {
        return send_to(world, call, &recipient);
    };
    strangers::refuse(world, &recipient)?;
    world.conversations.named(conversation)?;
    let user = world.user.clone();
    post(world, conversation, &user, call.text("body"), &call.body["study_id"]);
    Ok(Answer::empty(204))
}

pub(super) fn send_to_many(world: &mut World, call: &Call) -> Reply {
    send_to(world, call, &call.texts("ids"))
}

pub(super) fn send_to_group(world: &mut World, call: &Call) -> Reply {
    let participants = groups::participants(world, call.text("participant_group_id"))?;
    send_to(world, call, &participants)
}

/// Whether a message is in a conversation with this participant.
fn is_with(world: &World, message: &Value, participant: &str) -> bool {
    let conversation = world.conversations.get(message["channel_id"].as_str().unwrap_or_default());
    conversation.is_some_and(|conversation| conversation["~participant"] == participant)
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let (user, after) = (call.query("user_id"), call.query("created_after"));
    if user.is_none() && after.is_none() {
        return Err(Refusal::bad("One of user_id and created_after is required."));
    }
    let after = after.map(|text| earliest(world, text)).transpose()?;
    let excluded: Vec<&str> =
        call.query("excluded_sender_ids").unwrap_or_default().split(',').collect();
    if excluded.len() > EXCLUDED_SENDERS {
        let detail = format!("At most {EXCLUDED_SENDERS} senders can be excluded.");
        return Err(Refusal::field("excluded_sender_ids", &detail));
    }
    let is_wanted = |message: &&Value| {
        let sent = message["sent_at"].as_str().and_then(seconds_of);
        user.is_none_or(|user| is_with(world, message, user))
            && after.is_none_or(|after| sent.is_some_and(|sent| sent >= after))
            && !excluded.iter().any(|sender| message["sender_id"] == *sender)
    };
    let rows: Vec<Value> = world.messages.values().filter(is_wanted).map(shown).collect();
    if let Some(user) = user {
        mark_read(world, |conversation| conversation["~participant"] == user);
    }
    page::whole(rows)
}

/// The start of the period for which messages are listed: a time or a day.
fn earliest(world: &World, text: &str) -> Result<f64, Refusal> {
    let at = seconds_of(text).or_else(|| seconds_of(&format!("{text}T00:00:00Z")));
    let at = at.ok_or_else(|| Refusal::field("created_after", "Not an ISO 8601 date."))?;
    // The day that is thirty days ago still counts.
    let longest = LONGEST_LOOK_BACK + 24.0 * 3600.0;
    if seconds(world.moment().now) - at > longest {
        return Err(Refusal::field("created_after", "The date must be within the last 30 days."));
    }
    Ok(at)
}

/// Reading a conversation marks its messages as read; that is inferred.
fn mark_read(world: &mut World, is_read: impl Fn(&Value) -> bool) {
    let read: Vec<Value> = world
        .conversations
        .values()
        .filter(|conversation| is_read(conversation))
        .map(|conversation| conversation["id"].clone())
        .collect();
    for message in world.messages.values_mut() {
        if read.contains(&message["channel_id"]) {
            message["~is_unread"] = json!(false);
        }
    }
}

pub(super) fn unread(world: &mut World, _: &Call) -> Reply {
    let unread = world.messages.values().filter(|message| message["~is_unread"] == true);
    page::whole(unread.map(shown).collect())
}

pub(super) fn create_conversation(world: &mut World, call: &Call) -> Reply {
    strangers::refuse(world, &[call.text("recipient_id").to_owned()])?;
    let id = open(world, call.text("recipient_id"), &call.body);
    if let Some(body) = call.body["body"].as_str() {
        let user = world.user.clone();
        post(world, &id, &user, body, &call.body["study_id"]);
    }
    created(&shown(world.conversations.named(&id)?))
}

/// The conversations, most recently changed first.
pub(super) fn conversations(world: &mut World, call: &Call) -> Reply {
    let fields =
        [("study_id", "study_id"), ("~workspace", "workspace_id"), ("~broadcast", "broadcast_id")];
    let is_wanted = |conversation: &&Value| {
        fields.iter().all(|(field, query)| {
            call.query(query).is_none_or(|wanted| conversation[*field] == wanted)
        })
    };
    let mut rows: Vec<&Value> = world.conversations.values().filter(is_wanted).collect();
    rows.sort_by_key(|conversation| std::cmp::Reverse(conversation["~changed"].as_u64()));
    let names = ["id", "subject", "topic", "study_id"];
    page::by_cursor(call, rows.into_iter().map(|row| picked(row, &names)).collect())
}

pub(super) fn of_conversation(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("conversation_id");
    world.conversations.named(id)?;
    mark_read(world, |conversation| conversation["id"] == id);
    page::by_cursor(call, world.messages.of_field("channel_id", id).map(shown).collect())
}

/// How many conversations of a broadcast have a reply from the participant.
pub(super) fn replied(world: &World, broadcast: &str) -> usize {
    let opened = world.conversations.of_field("~broadcast", broadcast);
    opened.filter(|conversation| conversation["~is_replied"] == true).count()
}
