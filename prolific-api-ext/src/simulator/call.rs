use prolific_api::Operation;
use serde_json::{Map, Value};

use super::answer::Refusal;

/// An object of JSON.
pub(super) type Object = Map<String, Value>;

/// A call of a documented operation.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) operation: &'static Operation,
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Call {
    /// A parameter of the path.
    pub(super) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A parameter of the query that must be there.
    pub(super) fn required_query(&self, name: &str) -> Result<&str, Refusal> {
        let given = self.query(name).filter(|value| !value.is_empty());
        given.ok_or_else(|| Refusal::field(name, "This query parameter is required."))
    }

    /// The body, which is an object.
    pub(super) fn object(&self) -> Result<Object, Refusal> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Refusal::bad(format!("The body is no JSON object: {error}.")))
    }

    /// The body, which may be left out.
    pub(super) fn optional_object(&self) -> Result<Object, Refusal> {
        if self.body.trim_ascii().is_empty() { Ok(Object::new()) } else { self.object() }
    }
}

/// A text of an object that must be there.
pub(super) fn required_text<'a>(body: &'a Object, name: &str) -> Result<&'a str, Refusal> {
    match body.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(Value::String(_)) => Err(Refusal::field(name, "This field may not be blank.")),
        Some(_) => Err(Refusal::field(name, "Not a valid string.")),
        None => Err(required(name)),
    }
}

/// A field of an object that must be there.
pub(super) fn required_value<'a>(body: &'a Object, name: &str) -> Result<&'a Value, Refusal> {
    body.get(name).filter(|value| !value.is_null()).ok_or_else(|| required(name))
}

/// A number of an object that must be there.
pub(super) fn required_number(body: &Object, name: &str) -> Result<f64, Refusal> {
    let number = required_value(body, name)?.as_f64();
    number.ok_or_else(|| Refusal::field(name, "A valid number is required."))
}

/// A list of an object that must be there.
pub(super) fn required_list<'a>(body: &'a Object, name: &str) -> Result<&'a [Value], Refusal> {
    match required_value(body, name)? {
        Value::Array(list) => Ok(list),
        _ => Err(Refusal::field(name, "Expected a list of items.")),
    }
}

fn required(name: &str) -> Refusal {
    Refusal::field(name, "This field is required.")
}

/// The texts of a list.
pub(super) fn texts(list: &[Value]) -> Vec<String> {
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
