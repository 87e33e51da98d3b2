//! How many participants match filters: invented numbers, but stable for the same filters, and
//! smaller for more filters.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, ok},
    call::Call,
    filters,
    money::number,
    world::World,
};

/// The total number of participants.
const EVERYBODY: f64 = 120_000.0;
/// Smaller numbers are shown as zero, as documented.
const LEAST_SHOWN: f64 = 25.0;
/// The assumed number of choices of a filter, and the assumed width of a range.
const CHOICES: f64 = 10.0;
const WIDTH: f64 = 80.0;

/// The share of a population that matches a filter.
fn share(filter: &Value) -> f64 {
    let parts = filter["selected_filters"].as_array();
    if let Some(parts) = parts {
        let shares = parts.iter().map(share);
        return match filter["filter_id"].as_str() {
            Some("or") => 1.0 - shares.map(|share| 1.0 - share).product::<f64>(),
            _ => shares.product(),
        };
    }
    if let Some(values) = filter["selected_values"].as_array() {
        let id = filter["filter_id"].as_str().unwrap_or_default();
        // A list names its participants individually.
        let of = if id.contains("list") { EVERYBODY } else { CHOICES };
        let share = (values.len() as f64 / of).min(1.0);
        return if id.ends_with("blocklist") { 1.0 - share } else { share };
    }
    let range = &filter["selected_range"];
    let bound = |name: &str| range[name].as_f64().or_else(|| range[name].as_str()?.parse().ok());
    match (bound("lower"), bound("upper")) {
        (Some(lower), Some(upper)) => ((upper - lower + 1.0) / WIDTH).clamp(0.0, 1.0),
        _ => 0.5,
    }
}

fn people(filters: &Value) -> f64 {
    filters.as_array().into_iter().flatten().map(share).product::<f64>() * EVERYBODY
}

fn shown(people: f64) -> u64 {
    if people < LEAST_SHOWN { 0 } else { people as u64 }
}

/// The number of participants that match filters, as the API shows it.
pub(super) fn count(filters: &Value) -> u64 {
    shown(people(filters))
}

pub(super) fn eligible(_: &mut World, call: &Call) -> Reply {
    ok(&json!({ "count": count(&call.body["filters"]) }))
}

/// A population by the choices of a filter.
fn split(people: f64, choices: &[&str]) -> Value {
    let each = people / choices.len().max(1) as f64;
    choices.iter().map(|choice| ((*choice).to_owned(), json!(shown(each)))).collect()
}

pub(super) fn breakdown(_: &mut World, call: &Call) -> Reply {
    let by = &call.body["breakdown_filter"];
    let selected = by["selected_values"].as_array().map_or(&[][..], Vec::as_slice);
    let mut keys: Vec<&str> = selected.iter().filter_map(Value::as_str).collect();
    let range = &by["selected_range"];
    let bounds = [number(range, "lower"), number(range, "upper")];
    let middle = ((bounds[0] + bounds[1]) / 2.0).floor();
    let buckets = [format!("{}-{middle}", bounds[0]), format!("{}-{}", middle + 1.0, bounds[1])];
    if range.is_object() {
        keys.extend(buckets.iter().map(String::as_str));
    }
    keys.push("N/A");
    ok(&json!({ "breakdown": split(people(&call.body["filters"]), &keys) }))
}

pub(super) fn distribution(world: &mut World, call: &Call) -> Reply {
    world.workspaces.named(call.required_query("workspace_id")?)?;
    let catalogue = filters::catalogue(world);
    let choices = |id: &str| -> Option<Vec<String>> {
        let filter = catalogue.iter().find(|filter| filter["filter_id"] == id)?;
        Some(filter["choices"].as_object()?.keys().cloned().collect())
    };
    let id = call.parameter("id");
    choices(id).ok_or_else(|| Refusal::not_found("filter with choices"))?;
    let wanted = call.required_query("distribution_filters")?.split(',').map(str::trim);
    let distribution = wanted.filter_map(|id| {
        let choices = choices(id)?;
        let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
        Some((id.to_owned(), split(EVERYBODY, &choices)))
    });
    ok(&json!({ "distribution": distribution.collect::<Value>() }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{EVERYBODY, count};

    #[test]
    fn more_filters_leave_fewer_and_what_is_below_25_is_shown_as_none() {
        let select = |values: Value| json!({ "filter_id": "sex", "selected_values": values });
        let age = json!({ "filter_id": "age", "selected_range": { "lower": 18, "upper": 57 } });
        assert_eq!(count(&json!([])), EVERYBODY as u64);
        assert_eq!(count(&json!([select(json!(["0"]))])), 12_000);
        assert_eq!(count(&json!([select(json!(["0"])), age])), 6_000);
        let either = json!({ "filter_id": "or", "selected_filters": [age, age] });
        assert_eq!(count(&json!([either])), 90_000);
        let listed = |count: usize| {
            let ids: Vec<String> = (0..count).map(|id| id.to_string()).collect();
            json!([{ "filter_id": "custom_allowlist", "selected_values": ids }])
        };
        assert_eq!((count(&listed(24)), count(&listed(25))), (0, 25));
    }
}
