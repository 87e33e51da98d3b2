//! The instructions of legacy batches, which have no layout.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, created, ok},
    batches::named,
    call::{Call, required_list, required_text},
    ids, layout, page,
    world::World,
};

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    page::whole(named(world, call)?.instructions.clone())
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    created(&store(world, call)?)
}

pub(super) fn replace(world: &mut World, call: &Call) -> Reply {
    ok(&store(world, call)?)
}

fn store(world: &mut World, call: &Call) -> Result<Value, Refusal> {
    let body = call.object()?;
    let sent = required_list(&body, "instructions")?;
    let (user, now) = (world.user.clone(), world.moment().text());
    let batch = named(world, call)?;
    if batch.layout.is_some() {
        let detail = "The batch was created with batch_items, which contain its instructions.";
        return Err(Refusal::new(422, detail));
    }
    let mut stored = Vec::new();
    for (number, instruction) in sent.iter().enumerate() {
        let Some(fields) = instruction.as_object() else {
            return Err(Refusal::field("instructions", "Expected objects."));
        };
        required_text(fields, "description")?;
        required_text(fields, "type")?;
        if !layout::is_instruction(instruction) {
            return Err(Refusal::field("type", "The type is unknown."));
        }
        let mut entry = json!({
            "id": ids::uuid(),
            "batch_id": batch.id,
            "created_by": user,
            "created_at": now,
            "order": number,
            "parent_type": "batch",
            "parent_id": batch.id,
        });
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            entry[name.as_str()] = value.clone();
        }
        stored.push(entry);
    }
    batch.instructions.clone_from(&stored);
    Ok(Value::Array(stored))
}
