//! Samples of the schemas of `prolific.json`, and every way in which an answer may be loose.

use std::sync::LazyLock;

use prolific_tests::repository;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Layouts and filters nest without end.
const DEEPEST: usize = 7;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = std::fs::read_to_string(repository().join("openapi/prolific.json")).unwrap();
    serde_json::from_str(&text).unwrap()
});

/// The document.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// The schema of the JSON that an operation answers with success, and the status.
pub(crate) fn answer_of(method: &str, path: &str) -> (u16, Option<&'static Value>) {
    let operation = &document()["paths"][path][method.to_lowercase()];
    let responses = operation["responses"].as_object().unwrap();
    let (status, response) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
    (status.parse().unwrap(), response.pointer("/content/application~1json/schema"))
}

/// The request of the schema at this pointer with nothing in it but what is required.
pub(crate) fn least<T: DeserializeOwned>(pointer: &str) -> T {
    let schema = document().pointer(pointer).unwrap();
    serde_json::from_value(sample(schema, 0, false)).unwrap()
}

/// A sample with everything in it that is documented.
pub(crate) fn whole(schema: &Value) -> Value {
    sample(schema, 0, true)
}

fn resolved(schema: &Value) -> &Value {
    let target = schema.get("$ref").and_then(Value::as_str);
    target.map_or(schema, |target| resolved(document().pointer(&target[1..]).unwrap()))
}

/// The schema behind references and the single part of an `allOf`.
fn seen_through(schema: &Value) -> &Value {
    let schema = resolved(schema);
    match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([part]) => seen_through(part),
        _ => schema,
    }
}

fn branches(schema: &Value) -> Option<&Vec<Value>> {
    schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array)
}

fn sample(schema: &Value, depth: usize, is_whole: bool) -> Value {
    let schema = seen_through(schema);
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values[0].clone();
    }
    if let Some(branches) = branches(schema) {
        return sample(&branches[0], depth, is_whole);
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") if schema["format"] == "date-time" => json!("2022-04-18T11:25:02Z"),
        Some("string") if schema["format"] == "uuid" => {
            json!("0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d")
        }
        Some("string") => json!("a text"),
        Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(7)),
        Some("number") => json!(283.34),
        Some("boolean") => json!(true),
        Some("array") if depth >= DEEPEST => json!([]),
        Some("array") => json!([sample(&schema["items"], depth + 1, is_whole)]),
        Some("object") => Value::Object(object(schema, depth, is_whole)),
        _ => json!({ "any": "thing" }),
    }
}

fn object(schema: &Value, depth: usize, is_whole: bool) -> Map<String, Value> {
    let mut sampled = Map::new();
    for (name, property) in
        schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    {
        let is_required = required(schema).any(|required| required == name);
        if is_required || (is_whole && depth < DEEPEST) {
            sampled.insert(name.clone(), sample(property, depth + 1, is_whole));
        }
    }
    if let Some(values) =
        schema.get("additionalProperties").filter(|values| values.is_object() && is_whole)
    {
        sampled.insert("a key".to_owned(), sample(values, depth + 1, is_whole));
    }
    sampled
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// An answer that differs from its documentation in one way.
pub(crate) struct Loose {
    /// How.
    pub(crate) how: String,
    pub(crate) answer: Value,
}

/// Every answer that differs from the whole sample in one way that servers are known to differ.
pub(crate) fn loose(schema: &Value) -> Vec<Loose> {
    let mut found = Vec::new();
    differ(schema, 0, &|answer| answer, "", &mut found);
    found
}

/// Replaces a part of the complete response.
type Within<'a> = &'a dyn Fn(Value) -> Value;

fn differ(schema: &Value, depth: usize, within: Within<'_>, at: &str, found: &mut Vec<Loose>) {
    let is_nullable = schema["nullable"] == true || resolved(schema)["nullable"] == true;
    let schema = seen_through(schema);
    let mut add = |how: &str, part: Value| {
        found.push(Loose { how: format!("{at}: {how}"), answer: within(part) });
    };
    if is_nullable {
        add("null", Value::Null);
    }
    if depth >= DEEPEST {
        return;
    }
    if schema.get("enum").is_some() {
        return add("an unknown value", json!("A NEW value"));
    }
    if let Some(branches) = branches(schema) {
        add("an unknown branch", json!({ "type": "brand_new", "payload": [1, { "a": null }] }));
        for (index, branch) in branches.iter().enumerate() {
            let at = format!("{at}|{index}");
            found.push(Loose { how: at.clone(), answer: within(sample(branch, depth, true)) });
            // The other branches of the samples above it are looked at from their own top.
            differ(branch, depth, within, &at, found);
        }
        return;
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") if schema["format"] == "date-time" => {
            for text in ["2022-04-18 11:25:02.734000+00:00", "2022-04-18T11:25:02", "soon"] {
                add("an odd date", json!(text));
            }
        }
        Some("boolean") => add("null", Value::Null),
        Some("string") => add("an odd text", json!("../\u{0} not-a-uuid ü \n".repeat(40))),
        Some("integer") => {
            for number in [-1, 0, i64::MAX, i64::MIN] {
                add("out of bounds", json!(number));
            }
            if schema.get("x-official-type").is_some() {
                add("as text", json!("3"));
            }
        }
        Some("number") => {
            for number in [json!(-0.5), json!(1e300), json!(12)] {
                add("out of bounds", number);
            }
        }
        Some("array") => {
            add("empty", json!([]));
            if !at.is_empty() {
                add("null", Value::Null);
            }
            let one = sample(&schema["items"], depth + 1, true);
            add("many", Value::Array(vec![one; 3]));
            let within = |item| within(json!([item]));
            differ(&schema["items"], depth + 1, &within, &format!("{at}/[]"), found);
        }
        Some("object") => differ_in_properties(schema, depth, within, at, found),
        Some(_) => {}
        None => add("anything", json!([null, "x"])),
    }
}

fn differ_in_properties(
    schema: &Value,
    depth: usize,
    within: Within<'_>,
    at: &str,
    found: &mut Vec<Loose>,
) {
    let whole = object(schema, depth, true);
    let mut more = whole.clone();
    if schema.get("additionalProperties").is_none_or(|values| !values.is_object()) {
        more.insert("a_new_field".to_owned(), json!({ "deep": [1] }));
        found.push(Loose { how: format!("{at}: a new field"), answer: within(more.into()) });
    }
    for (name, property) in
        schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    {
        let at = format!("{at}/{name}");
        let mut less = whole.clone();
        less.remove(name);
        found.push(Loose { how: format!("{at}: missing"), answer: within(less.into()) });
        let within = |value| {
            let mut changed = whole.clone();
            changed.insert(name.clone(), value);
            within(changed.into())
        };
        differ(property, depth + 1, &within, &at, found);
    }
    if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
        let within = |value| {
            let mut changed = whole.clone();
            changed.insert("a key".to_owned(), value);
            within(changed.into())
        };
        differ(values, depth + 1, &within, &format!("{at}/*"), found);
    }
}

/// What is missing in a decoded response. Undocumented values may be omitted, as may null and an
/// empty list.
pub(crate) fn lost(answer: &Value, decoded: &Value, at: &str) -> Vec<String> {
    match (answer, decoded) {
        (Value::Object(answer), Value::Object(decoded)) => {
            let known = answer.iter().filter(|(name, _)| *name != "a_new_field");
            known
                .flat_map(|(name, value)| match decoded.get(name) {
                    Some(decoded) => lost(value, decoded, &format!("{at}/{name}")),
                    None if value.is_null() || *value == json!([]) || *value == json!({}) => vec![],
                    None => vec![format!("{at}/{name}")],
                })
                .collect()
        }
        (Value::Array(answer), Value::Array(decoded)) if answer.len() == decoded.len() => {
            answer.iter().zip(decoded).flat_map(|(a, d)| lost(a, d, &format!("{at}/[]"))).collect()
        }
        (Value::Number(a), Value::Number(d)) if a.as_f64() == d.as_f64() => vec![],
        (a, d) if a == d => vec![],
        (a, d) => vec![format!("{at}: {a} became {d}")],
    }
}
