//! Test participants, whose accounts are not real.

use serde_json::json;

use super::{
    answer::{Reply, created},
    call::Call,
    ids,
    world::World,
};

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let id = ids::object_id();
    let participant = json!({ "participant_id": id, "email": call.body["email"] });
    world.test_participants.add(&id, participant);
    created(&json!({ "participant_id": id }))
}
