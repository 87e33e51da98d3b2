//! The documented schemas of requests, and the documented format of errors.

use std::sync::LazyLock;

use prolific_api::Operation;
use serde_json::{Map, Value};

use super::{
    answer::Refusal,
    call::whole_number,
    check::{Faults, Schemas},
    layout,
};

/// The requests of every operation, as `regen` extracts them from `prolific.json`.
static REQUESTS: LazyLock<Value> = LazyLock::new(|| {
    let document = serde_json::from_str(include_str!("requests.json"));
    document.unwrap_or_default()
});

fn described(operation: &Operation) -> &'static Value {
    &REQUESTS["operations"][operation.operation_id]
}

/// Whether the errors of an operation are documented as a bare object instead of wrapped in
/// `error`.
pub(super) fn is_refused_barely(operation: &Operation) -> bool {
    let form = described(operation)["4XX"]["$ref"].as_str().unwrap_or_default();
    form.ends_with("BareError")
}

/// A request as it was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent<'a> {
    pub(super) query: &'a [(String, String)],
    pub(super) content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// Checks a request against the document; returns its body, which is null if it is not JSON.
///
/// # Errors
///
/// 415 for a body of another media type; 422 with the positions of what is wrong in a layout; 400
/// with all other faults by the names of their fields.
pub(super) fn checked(operation: &Operation, sent: Sent<'_>) -> Result<Value, Refusal> {
    let described = described(operation);
    let schemas = Schemas(&REQUESTS["components"]["schemas"]);
    let mut faults = Faults::default();
    for parameter in described["parameters"].as_array().into_iter().flatten() {
        check_parameter(schemas, parameter, sent.query, &mut faults);
    }
    let body = match described.get("requestBody") {
        Some(body) => check_body(schemas, body, sent, &mut faults)?,
        None => Value::Null,
    };
    if faults.is_empty() {
        return Ok(body);
    }
    // The errors of a layout have a separate documented format.
    let issues = layout::issues(&faults);
    if issues.is_empty() {
        return Err(Refusal::Detail(400, faults.into_json()));
    }
    Err(Refusal::Layout(issues))
}

fn check_parameter(
    schemas: Schemas<'_>,
    parameter: &Value,
    query: &[(String, String)],
    faults: &mut Faults,
) {
    let name = parameter["name"].as_str().unwrap_or_default();
    let schema = &parameter["schema"];
    match query.iter().find(|(sent, _)| sent == name) {
        Some((_, text)) if schemas.is_text(schema) => {
            schemas.check(schema, &Value::String(text.clone()), name, faults);
        }
        Some((_, text)) => {
            let parsed = || serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into());
            let value = whole_number(text).map_or_else(parsed, Value::from);
            schemas.check(schema, &value, name, faults);
        }
        None if parameter["required"] == true => {
            faults.add(name, "This query parameter is required.");
        }
        None => {}
    }
}

fn check_body(
    schemas: Schemas<'_>,
    described: &Value,
    sent: Sent<'_>,
    faults: &mut Faults,
) -> Result<Value, Refusal> {
    // A missing body is treated as an empty object, so that errors name its fields.
    let is_empty = sent.body.trim_ascii().is_empty();
    let body = if is_empty { &b"{}"[..] } else { sent.body };
    let content = described["content"].as_object().into_iter().flat_map(Map::iter);
    let media = sent.content_type.unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    let is_required = described["required"] == true;
    let is_missing = sent.body.is_empty() && media.is_empty();
    let mut content =
        content.filter(|(documented, _)| is_missing || documented.eq_ignore_ascii_case(media));
    let Some((media, described)) = content.next() else {
        return Err(Refusal::new(415, format!("Unsupported media type {media:?} in request.")));
    };
    if media != "application/json" {
        return Ok(Value::Null);
    }
    let body = serde_json::from_slice(body)
        .map_err(|error| Refusal::bad(format!("The body is not JSON: {error}.")))?;
    schemas.check(&described["schema"], &body, "", faults);
    if is_empty && is_required && faults.is_empty() {
        faults.add("", "A body is required.");
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use prolific_api::OPERATIONS;

    use super::{REQUESTS, described};

    #[test]
    fn every_operation_is_described() {
        let operations = REQUESTS["operations"].as_object().unwrap();
        assert_eq!(operations.len(), OPERATIONS.len());
        for operation in OPERATIONS {
            assert!(described(operation).is_object(), "{}", operation.operation_id);
        }
    }
}
