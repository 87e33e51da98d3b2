//! Participant groups.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::Call,
    ids, page,
    table::{extend, picked, shown},
    world::World,
};

/// Finds a group that was not deleted.
pub(super) fn named<'a>(world: &'a World, id: &str) -> Result<&'a Value, Refusal> {
    let group = world.groups.named(id)?;
    if group["is_deleted"] == true {
        Err(Refusal::not_found("participant group"))
    } else {
        Ok(group)
    }
}

fn members(group: &Value) -> &[Value] {
    group["~members"].as_array().map_or(&[], Vec::as_slice)
}

/// The participants of a group.
pub(super) fn participants(world: &World, id: &str) -> Result<Vec<String>, Refusal> {
    let ids = members(named(world, id)?).iter().filter_map(|row| row["participant_id"].as_str());
    Ok(ids.map(str::to_owned).collect())
}

/// The members of all groups, deleted ones included.
pub(super) fn all_members(world: &World) -> impl Iterator<Item = &str> {
    let rows = world.groups.values().flat_map(members);
    rows.filter_map(|row| row["participant_id"].as_str())
}

fn to_json(world: &World, group: &Value) -> Value {
    let mut json = shown(group);
    json["participant_count"] = json!(members(group).len());
    json["feeder_studies"] = feeders(world, &group["id"]);
    json
}

/// The studies whose completion codes change a group.
fn feeders(world: &World, group: &Value) -> Value {
    let feeder = |study: &Value| {
        let codes = study["completion_codes"].as_array().into_iter().flatten();
        let feeding = codes.filter_map(|code| {
            let mut actions = code["actions"].as_array().into_iter().flatten();
            let action = actions.find(|action| action["participant_group"] == *group)?;
            Some(json!({
                "code": code["code"], "code_type": code["code_type"], "action": action["action"] }))
        });
        let codes: Vec<Value> = feeding.collect();
        let mut feeder = picked(study, &["id", "name", "status"]);
        feeder["internal_name"] = json!(study["internal_name"].as_str().unwrap_or_default());
        feeder["feeder_completion_codes"] = json!(codes);
        (!codes.is_empty()).then_some(feeder)
    };
    world.studies.values().filter_map(feeder).collect()
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let id = ids::object_id();
    let mut group = json!({
        "id": id,
        "description": null,
        "workspace_id": null,
        "organisation_id": null,
        "project_id": null,
        "is_deleted": false,
        "~members": [],
    });
    let names = ["name", "description", "workspace_id", "organisation_id"];
    extend(&mut group, picked(&call.body, &names));
    world.groups.add(&id, group);
    for participant in call.texts("participant_ids") {
        set_member(world, &id, &participant, true);
    }
    created(&to_json(world, world.groups.named(&id)?))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    ok(&to_json(world, named(world, call.parameter("id"))?))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let is_active = call.query("active") != Some("false");
    let searched = call.query("search").unwrap_or_default().to_lowercase();
    let is_wanted = |group: &&Value| {
        let name = group["name"].as_str().unwrap_or_default().to_lowercase();
        let is_of = |name: &str| call.query(name).is_none_or(|owner| group[name] == owner);
        (group["is_deleted"] != true) == is_active
            && is_of("workspace_id")
            && is_of("project_id")
            && name.contains(&searched)
    };
    let groups = world.groups.values().filter(is_wanted);
    page::by_offset(call, groups.map(|group| to_json(world, group)).collect())
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("id");
    named(world, id)?;
    let group = world.groups.named_mut(id)?;
    extend(group, picked(&call.body, &["name", "description"]));
    if call.body["participant_ids"].is_array() {
        group["~members"] = json!([]);
        for participant in call.texts("participant_ids") {
            set_member(world, id, &participant, true);
        }
    }
    ok(&to_json(world, world.groups.named(id)?))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Reply {
    named(world, call.parameter("id"))?;
    world.groups.named_mut(call.parameter("id"))?["is_deleted"] = json!(true);
    Ok(Answer::empty(204))
}

/// Adds a participant to a group or removes it; does nothing if that is already so.
pub(super) fn set_member(world: &mut World, id: &str, participant: &str, is_member: bool) {
    let now = world.moment().text();
    let Ok(group) = world.groups.named_mut(id) else { return };
    let Some(members) = group["~members"].as_array_mut() else { return };
    let known = members.iter().position(|row| row["participant_id"] == participant);
    match (known, is_member) {
        (None, true) => {
            members.push(json!({ "participant_id": participant, "datetime_created": now }));
        }
        (Some(number), false) => {
            members.remove(number);
        }
        _ => {}
    }
}

pub(super) fn list_participants(world: &mut World, call: &Call) -> Reply {
    ok(&json!({ "results": members(named(world, call.parameter("id"))?) }))
}

pub(super) fn add_participants(world: &mut World, call: &Call) -> Reply {
    change(world, call, true)
}

pub(super) fn remove_participants(world: &mut World, call: &Call) -> Reply {
    change(world, call, false)
}

fn change(world: &mut World, call: &Call, is_member: bool) -> Reply {
    let id = call.parameter("id");
    named(world, id)?;
    for participant in call.texts("participant_ids") {
        if !world.is_doomed(&participant) {
            set_member(world, id, &participant, is_member);
        }
    }
    list_participants(world, call)
}
