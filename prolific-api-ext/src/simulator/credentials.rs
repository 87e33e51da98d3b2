//! Pools of credentials for the participants of a study.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::Call,
    ids,
    world::World,
};

/// Parses a text of user names and passwords, one pair per line.
///
/// # Errors
///
/// 400 for a text without any, 409 for a user name that is known or that comes twice.
fn read(text: &str, known: &[Value]) -> Result<Vec<Value>, Refusal> {
    let user = |line: &str| line.split(',').next().unwrap_or_default().trim().to_owned();
    let known = known.iter().filter_map(Value::as_str).map(user);
    let mut users: Vec<String> = known.collect();
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let user = user(line);
        if users.contains(&user) {
            return Err(Refusal::conflict(format!("The user name {user:?} exists already.")));
        }
        users.push(user);
        lines.push(json!(line));
    }
    match lines.is_empty() {
        true => Err(Refusal::field("credentials", "There are no credentials.")),
        false => Ok(lines),
    }
}

/// The submissions that received credentials from a pool, in order.
fn given<'a>(world: &'a World, pool: &'a str) -> impl Iterator<Item = &'a Value> {
    let studies = world.studies.of_field("credential_pool_id", pool);
    let studies: Vec<&Value> = studies.map(|study| &study["id"]).collect();
    world.submissions.values().filter(move |row| studies.contains(&&row["study_id"]))
}

fn lines(pool: &Value) -> &[Value] {
    pool["~lines"].as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let workspace = call.text("workspace_id");
    world.workspaces.named(workspace)?;
    let lines = read(call.text("credentials"), &[])?;
    let id = format!("{workspace}_{}", ids::uuid());
    let pool = json!({ "credential_pool_id": id, "workspace_id": workspace, "~lines": lines });
    world.credential_pools.add(&id, pool);
    created(&json!({ "credential_pool_id": id }))
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("credential_pool_id");
    let pool = world.credential_pools.named_mut(id)?;
    let more = read(call.text("credentials"), lines(pool))?;
    if let Some(lines) = pool["~lines"].as_array_mut() {
        lines.extend(more);
    }
    ok(&json!({ "credential_pool_id": id }))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let workspace = call.required_query("workspace_id")?;
    world.workspaces.named(workspace)?;
    let pools = world.credential_pools.of_field("workspace_id", workspace).map(|pool| {
        let total = lines(pool).len();
        let id = pool["credential_pool_id"].as_str().unwrap_or_default();
        json!({
            "credential_pool_id": id,
            "total_credentials": total,
            "available_credentials": total.saturating_sub(given(world, id).count()),
            "workspace_id": workspace,
        })
    });
    ok(&json!({ "credential_pools": pools.collect::<Vec<_>>() }))
}

/// Lists which participant received which credentials. The column names are inferred.
pub(super) fn report(world: &mut World, call: &Call) -> Reply {
    let study = world.studies.named(call.parameter("id"))?;
    let pool = study["credential_pool_id"].as_str();
    let pool = pool.ok_or_else(|| Refusal::not_found("credential pool of the study"))?;
    let known = world.credential_pools.named(pool)?;
    let mut csv = "participant_id,submission_id,username,status\r\n".to_owned();
    for (row, line) in given(world, pool).zip(lines(known)) {
        if row["study_id"] != study["id"] {
            continue;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let user = text(line).split(',').next().unwrap_or_default().replace('"', "\"\"");
        let [participant, id, status] =
            ["participant", "id", "status"].map(|name| text(&row[name]));
        let _ = write!(csv, "{participant},{id},\"{user}\",{status}\r\n");
    }
    Ok(Answer::of(200, "text/csv", csv))
}
