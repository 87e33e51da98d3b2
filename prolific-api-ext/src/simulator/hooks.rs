//! Webhooks: secrets, subscriptions and the events that are sent to them.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::Call,
    deliveries, ids, page,
    table::{extend, picked, shown},
    world::World,
};

/// The types of events, which are the documented ones.
const EVENT_TYPES: [(&str, &str); 4] = [
    ("study.status.change", "The status of a study changed."),
    ("study.progress.change", "A study has more or fewer submissions."),
    ("study.has_high_return_rate", "Many participants return their submission of a study."),
    ("submission.status.change", "The status of a submission changed."),
];

pub(super) fn event_types(_: &mut World, _: &Call) -> Reply {
    let types = EVENT_TYPES
        .map(|(name, description)| json!({ "event_type": name, "description": description }));
    ok(&json!({ "results": types }))
}

/// A new secret replaces the previous one immediately.
pub(super) fn create_secret(world: &mut World, call: &Call) -> Reply {
    let workspace = call.text("workspace_id");
    world.workspaces.named(workspace)?;
    let id = ids::object_id();
    let secret = json!({ "id": id, "value": ids::secret(), "workspace_id": workspace });
    let older = world.secrets.of_field("workspace_id", workspace);
    let older = older.last().and_then(|secret| secret["id"].as_str()).map(str::to_owned);
    if let Some(older) = older {
        world.secrets.remove(&older)?;
    }
    created(world.secrets.add(&id, secret))
}

pub(super) fn secrets(world: &mut World, call: &Call) -> Reply {
    let workspace = call.required_query("workspace_id")?;
    world.workspaces.named(workspace)?;
    let secrets = world.secrets.of_field("workspace_id", workspace);
    ok(&json!({ "results": secrets.collect::<Vec<_>>() }))
}

/// Checks the event type and the target of a subscription.
fn check(hook: &Value) -> Result<(), Refusal> {
    if let Some(kind) = hook["event_type"].as_str()
        && !EVENT_TYPES.iter().any(|(known, _)| *known == kind)
    {
        return Err(Refusal::field("event_type", "There is no such event type."));
    }
    match hook["target_url"].as_str() {
        Some(url) if !url.starts_with("https://") && !deliveries::is_local(url) => {
            Err(Refusal::field("target_url", "An https URL is required."))
        }
        _ => Ok(()),
    }
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    world.workspaces.named(call.text("workspace_id"))?;
    check(&call.body)?;
    let (id, confirmation) = (ids::object_id(), ids::secret());
    let mut hook = picked(&call.body, &["event_type", "target_url", "workspace_id"]);
    let made = json!({
        "id": id,
        "is_enabled": false,
        "~confirmation": confirmation,
        "~is_confirmed": false,
        "~is_wanted": call.body["is_enabled"] != false,
    });
    extend(&mut hook, made);
    Ok(created(&shown(world.hooks.add(&id, hook)))?.with("x-hook-secret", confirmation))
}

pub(super) fn confirm(world: &mut World, call: &Call) -> Reply {
    let hook = world.hooks.named_mut(call.parameter("subscription_id"))?;
    if hook["~confirmation"] != call.text("secret") {
        return Err(Refusal::field("secret", "The secret does not match the subscription."));
    }
    if hook["~is_confirmed"] == false {
        let is_enabled = hook["~is_wanted"].clone();
        extend(hook, json!({ "~is_confirmed": true, "is_enabled": is_enabled }));
    }
    ok(&shown(hook))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    ok(&shown(world.hooks.named(call.parameter("subscription_id"))?))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let is_enabled = call.query("is_enabled") != Some("false");
    let workspace = call.query("workspace_id");
    let hooks = world.hooks.values().filter(|hook| {
        hook["is_enabled"] == is_enabled
            && workspace.is_none_or(|workspace| hook["workspace_id"] == workspace)
    });
    page::by_offset(call, hooks.map(shown).collect())
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    check(&call.body)?;
    let hook = world.hooks.named_mut(call.parameter("subscription_id"))?;
    if hook["~is_confirmed"] == false && call.body["is_enabled"] == true {
        return Err(Refusal::field("is_enabled", "The subscription is not confirmed."));
    }
    extend(hook, picked(&call.body, &["event_type", "target_url", "is_enabled"]));
    extend(hook, json!({ "~failing_since": null }));
    ok(&shown(hook))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Reply {
    world.hooks.remove(call.parameter("subscription_id"))?;
    Ok(Answer::empty(204))
}

/// The statuses in a query: a single one, or a JSON list.
fn statuses(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| vec![text.to_owned()])
}

/// The events of a subscription, newest first.
pub(super) fn events(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("subscription_id");
    world.hooks.named(id)?;
    let wanted = call.query("status").map(statuses);
    let resource = call.query("resource_id");
    let events = world.events.of_field("~hook", id).rev().filter(|event| {
        wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|status| event["status"] == **status))
            && resource.is_none_or(|resource| event["resource_id"] == resource)
    });
    page::by_offset(call, events.map(shown).collect())
}

/// Sends an event to the subscriptions of a workspace.
pub(super) fn emit(world: &mut World, workspace: &str, event_type: &str, mut payload: Value) {
    payload["event_type"] = json!(event_type);
    let now = world.moment().text();
    let is_told = |hook: &&Value| {
        hook["is_enabled"] == true
            && hook["event_type"] == event_type
            && hook["workspace_id"] == workspace
    };
    let hooks: Vec<Value> = world.hooks.values().filter(is_told).cloned().collect();
    for hook in hooks {
        let id = ids::object_id();
        let event = json!({
            "id": id,
            "datetime_created": now,
            "datetime_updated": now,
            "event_type": event_type,
            "resource_id": payload["resource_id"],
            "status": "PENDING",
            "target_url": hook["target_url"],
            "payload": payload,
            "~hook": hook["id"],
            "~tries": 0,
            "~due": 0,
        });
        world.events.add(&id, event);
    }
    deliveries::hand_out(world);
}
