//! Prolific's recommended hourly pay.

use serde_json::{Value, json};

use super::{
    answer::{Reply, ok},
    call::Call,
    world::World,
};

/// The minimum and the recommended hourly pay, in pence or cents.
const POUNDS: (u32, u32) = (600, 900);
const DOLLARS: (u32, u32) = (800, 1200);

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    world.workspaces.named(call.required_query("workspace_id")?)?;
    let currency = call.required_query("currency")?;
    let (least, recommended) = if currency == "USD" { DOLLARS } else { POUNDS };
    let row = json!({
        "currency": currency,
        "min_reward_per_hour": least,
        "recommended_reward_per_hour": recommended,
    });
    ok(&Value::Array(vec![row]))
}
