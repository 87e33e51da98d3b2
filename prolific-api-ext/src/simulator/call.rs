use serde_json::{Map, Value};

use super::answer::Refusal;

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// A call of a documented operation.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// The body as it was sent.
    pub(super) raw: Vec<u8>,
    /// The body as JSON, checked against the document; null if it is not JSON.
    pub(super) body: Value,
}

impl Call {
    /// A text in the body; empty if it is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_default()
    }

    /// The texts of a list in the body.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        texts(self.body[name].as_array().map_or(&[], Vec::as_slice))
    }

    /// A path parameter.
    pub(super) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A query parameter. One without a value counts as not sent.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// A required query parameter.
    pub(super) fn required_query(&self, name: &str) -> Result<&str, Refusal> {
        self.query(name).ok_or_else(|| Refusal::field(name, "This query parameter is required."))
    }

    /// The body as an object.
    pub(super) fn object(&self) -> Result<Object, Refusal> {
        match &self.body {
            Value::Object(body) => Ok(body.clone()),
            _ => Err(Refusal::bad("The body is not a JSON object.")),
        }
    }
}

/// An integer in a query. One beyond 64 bits is treated as the largest, which nothing reaches.
pub(super) fn whole_number(text: &str) -> Option<u64> {
    let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_whole.then(|| text.parse().unwrap_or(u64::MAX))
}

/// A required text of an object.
pub(super) fn required_text<'a>(body: &'a Object, name: &str) -> Result<&'a str, Refusal> {
    match body.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(Value::String(_)) => Err(Refusal::field(name, "This field may not be blank.")),
        Some(_) => Err(Refusal::field(name, "Not a valid string.")),
        None => Err(required(name)),
    }
}

/// A required field of an object.
pub(super) fn required_value<'a>(body: &'a Object, name: &str) -> Result<&'a Value, Refusal> {
    body.get(name).filter(|value| !value.is_null()).ok_or_else(|| required(name))
}

/// A required list of an object.
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Call, whole_number};

    #[test]
    fn a_whole_number_beyond_64_bits_is_the_largest() {
        let texts =
            ["0", "20", "18446744073709551616", "7814326251219529183547883520", "-1", "1.5", ""];
        let found = [Some(0), Some(20), Some(u64::MAX), Some(u64::MAX), None, None, None];
        assert_eq!(texts.map(whole_number), found);
    }

    #[test]
    fn a_query_parameter_without_a_value_is_one_that_was_not_sent() {
        let sent = [("ordering", ""), ("status", "ACTIVE"), ("search", ""), ("search", "birds")];
        let call = Call {
            parameters: Vec::new(),
            path: String::new(),
            query: sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            raw: Vec::new(),
            body: Value::Null,
        };
        let found = ["ordering", "status", "search", "page"].map(|name| call.query(name));
        assert_eq!(found, [None, Some("ACTIVE"), Some("birds"), None]);
        assert!(call.required_query("ordering").is_err());
    }
}
