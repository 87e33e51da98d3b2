//! Filter sets, which keep their old versions.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    audience,
    call::Call,
    ids, page,
    table::{extend, picked, shown},
    world::World,
};

fn to_json(set: &Value) -> Value {
    let mut json = shown(set);
    json["eligible_participant_count"] = json!(audience::count(&set["filters"]));
    json
}

fn add(world: &mut World, fields: Value) -> Value {
    let id = ids::object_id();
    let mut set = json!({
        "id": id,
        "name": "",
        "workspace_id": null,
        "organisation_id": null,
        "version": 1,
        "is_deleted": false,
        "is_locked": false,
        "filters": [],
        "~older": [],
    });
    extend(&mut set, fields);
    to_json(world.filter_sets.add(&id, set))
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let names = ["name", "workspace_id", "organisation_id", "filters"];
    created(&add(world, picked(&call.body, &names)))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    let set = world.filter_sets.named(call.parameter("id"))?;
    let Some(version) = call.query("version_number") else { return ok(&to_json(set)) };
    let older = set["~older"].as_array().into_iter().flatten();
    let mut versions = older.chain([set]);
    let found = versions.find(|each| each["version"].as_u64() == version.parse().ok());
    ok(&to_json(found.ok_or_else(|| Refusal::not_found("version of the filter set"))?))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let is_of = |set: &&Value, name: &str| call.query(name).is_none_or(|owner| set[name] == owner);
    let sets = world.filter_sets.values();
    let sets = sets.filter(|set| is_of(set, "workspace_id") && is_of(set, "organisation_id"));
    page::by_offset(call, sets.map(to_json).collect())
}

/// Returns a set that may be changed.
fn unlocked<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Value, Refusal> {
    let set = world.filter_sets.named_mut(call.parameter("id"))?;
    // The status 409 is inferred.
    if set["is_locked"] == true {
        Err(Refusal::conflict("The filter set is locked."))
    } else {
        Ok(set)
    }
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let set = unlocked(world, call)?;
    let mut old = set.clone();
    if let (Some(Value::Array(mut older)), Value::Object(old_fields)) =
        (old.get_mut("~older").map(Value::take), &mut old)
    {
        old_fields.remove("~older");
        older.push(old);
        set["~older"] = json!(older);
    }
    set["version"] = json!(set["version"].as_u64().unwrap_or_default() + 1);
    extend(set, picked(&call.body, &["name", "filters"]));
    ok(&to_json(set))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Reply {
    unlocked(world, call)?;
    world.filter_sets.remove(call.parameter("id"))?;
    Ok(Answer::empty(204))
}

pub(super) fn copy(world: &mut World, call: &Call) -> Reply {
    let set = world.filter_sets.named(call.parameter("id"))?;
    let mut fields = picked(set, &["name", "workspace_id", "organisation_id", "filters"]);
    let name = match call.text("new_name") {
        "" => format!("{} copy", set["name"].as_str().unwrap_or_default()),
        name => name.to_owned(),
    };
    fields["name"] = json!(name);
    created(&add(world, fields))
}

pub(super) fn lock(world: &mut World, call: &Call) -> Reply {
    set_locked(world, call, true)
}

pub(super) fn unlock(world: &mut World, call: &Call) -> Reply {
    set_locked(world, call, false)
}

fn set_locked(world: &mut World, call: &Call, is_locked: bool) -> Reply {
    let set = world.filter_sets.named_mut(call.parameter("id"))?;
    set["is_locked"] = json!(is_locked);
    ok(&to_json(set))
}
