//! Validation of values against schemas: the part of OpenAPI 3.0.3 that the document uses for
//! requests.

use serde_json::{Map, Value, json};

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// The errors in a request, by the path of the field: `completion_codes.0.code_type`.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(String, String)>);

impl Faults {
    pub(super) fn add(&mut self, field: &str, fault: impl Into<String>) {
        self.0.push((field.to_owned(), fault.into()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors by field.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, fault)| (field.as_str(), fault.as_str()))
    }

    /// Lists of texts by field, as the API writes them.
    pub(super) fn into_json(self) -> Value {
        let mut fields = Map::new();
        for (field, fault) in self.0 {
            let field = if field.is_empty() { "non_field_errors".to_owned() } else { field };
            if let Value::Array(faults) = fields.entry(field).or_insert(json!([])) {
                faults.push(fault.into());
            }
        }
        fields.into()
    }
}

/// The schemas that references point to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schemas<'a>(pub(super) &'a Value);

impl<'a> Schemas<'a> {
    fn resolved(self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next());
        name.map_or(schema, |name| self.resolved(&self.0[name]))
    }

    /// Whether a schema only accepts texts.
    pub(super) fn is_text(self, schema: &'a Value) -> bool {
        self.resolved(schema)["type"] == "string"
    }

    /// Adds the errors in a value.
    pub(super) fn check(self, schema: &'a Value, value: &Value, at: &str, faults: &mut Faults) {
        let schema = self.resolved(schema);
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        for part in list(schema, "allOf") {
            self.check(part, value, at, faults);
        }
        for union in ["oneOf", "anyOf"] {
            if let Some(branches) = schema[union].as_array() {
                let tag = schema["discriminator"]["propertyName"].as_str();
                self.check_union(branches, tag, union == "oneOf", value, at, faults);
            }
        }
        let fault = wrong_type(schema, value).map(str::to_owned);
        if let Some(fault) = fault.or_else(|| wrong_value(schema, value)) {
            return faults.add(at, fault);
        }
        match value {
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.check(&schema["items"], item, &below(at, &number.to_string()), faults);
                }
            }
            Value::Object(members) => self.check_members(schema, members, at, faults),
            _ => {}
        }
    }

    fn check_members(
        self,
        schema: &'a Value,
        members: &Map<String, Value>,
        at: &str,
        faults: &mut Faults,
    ) {
        let properties = &schema["properties"];
        for name in list(schema, "required").iter().filter_map(Value::as_str) {
            if !members.contains_key(name) && properties[name]["readOnly"] != true {
                faults.add(&below(at, name), "This field is required.");
            }
        }
        for (name, value) in members {
            match (properties.get(name), &schema["additionalProperties"]) {
                (Some(property), _) => self.check(property, value, &below(at, name), faults),
                (None, Value::Bool(false)) => {
                    faults.add(&below(at, name), "This field is not known.");
                }
                (None, Value::Bool(true) | Value::Null) => {}
                (None, other) => self.check(other, value, &below(at, name), faults),
            }
        }
    }

    fn check_union(
        self,
        branches: &'a [Value],
        tag: Option<&str>,
        is_exclusive: bool,
        value: &Value,
        at: &str,
        faults: &mut Faults,
    ) {
        if let Some(branch) = tag.and_then(|tag| self.tagged(branches, tag, value)) {
            return self.check(branch, value, at, faults);
        }
        let tried = branches.iter().map(|branch| {
            let mut faults = Faults::default();
            self.check(branch, value, at, &mut faults);
            faults
        });
        let (matching, failed): (Vec<_>, Vec<_>) = tried.partition(Faults::is_empty);
        if matching.len() > 1 && is_exclusive {
            faults.add(at, "This matches several of the documented variants.");
        } else if matching.is_empty() {
            let closest = failed.into_iter().min_by_key(|faults| faults.0.len());
            faults.0.extend(closest.unwrap_or_default().0);
        }
    }

    /// The branch whose tag matches that of the value.
    fn tagged(self, branches: &'a [Value], tag: &str, value: &Value) -> Option<&'a Value> {
        let is_of_tag = |branch: &&Value| {
            let allowed = &self.resolved(branch)["properties"][tag]["enum"];
            allowed.as_array().is_some_and(|allowed| allowed.contains(&value[tag]))
        };
        branches.iter().find(is_of_tag)
    }
}

fn list<'a>(schema: &'a Value, keyword: &str) -> &'a [Value] {
    schema[keyword].as_array().map_or(&[], Vec::as_slice)
}

fn below(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn wrong_type(schema: &Value, value: &Value) -> Option<&'static str> {
    // A number beyond 64 bits can't be stored exactly.
    let is_whole = |value: &Value| {
        value.is_i64()
            || value.is_u64()
            || value
                .as_f64()
                .is_some_and(|number| number.fract() == 0.0 && number.abs() < TWO_TO_63)
    };
    let (is_right, fault) = match schema["type"].as_str()? {
        "string" => (value.is_string(), "Not a valid string."),
        "integer" => (is_whole(value), "A valid integer is required."),
        "number" => (value.is_number(), "A valid number is required."),
        "boolean" => (value.is_boolean(), "Must be a valid boolean."),
        "array" => (value.is_array(), "Expected a list of items."),
        "object" => (value.is_object(), "Expected an object."),
        _ => return None,
    };
    match is_right {
        true => None,
        false if value.is_null() => Some("This field may not be null."),
        false => Some(fault),
    }
}

fn wrong_value(schema: &Value, value: &Value) -> Option<String> {
    let bound = |name: &str| schema[name].as_f64();
    let allowed = schema["enum"].as_array();
    if allowed.is_some_and(|allowed| !allowed.contains(value)) {
        return Some(format!("{value} is not a valid choice."));
    }
    let (size, least, most, of) = match value {
        Value::String(text) => {
            let format = schema["format"].as_str().unwrap_or_default();
            if let Some(fault) = wrong_format(format, text) {
                return Some(fault.to_owned());
            }
            (text.chars().count(), "minLength", "maxLength", "characters")
        }
        Value::Array(items) => (items.len(), "minItems", "maxItems", "items"),
        Value::Object(members) => (members.len(), "minProperties", "maxProperties", "members"),
        Value::Number(number) => {
            let number = number.as_f64()?;
            return match (bound("minimum"), bound("maximum")) {
                (Some(least), _) if number < least => {
                    Some(format!("Ensure this value is at least {least}."))
                }
                (_, Some(most)) if number > most => {
                    Some(format!("Ensure this value is at most {most}."))
                }
                _ => None,
            };
        }
        _ => return None,
    };
    let size = size as f64;
    match (bound(least), bound(most)) {
        (Some(least), _) if size < least => Some(format!("At least {least} {of} are required.")),
        (_, Some(most)) if size > most => Some(format!("At most {most} {of} are allowed.")),
        _ => None,
    }
}

fn wrong_format(format: &str, text: &str) -> Option<&'static str> {
    let (is_right, fault) = match format {
        "date-time" => (text.parse::<jiff::Timestamp>().is_ok(), "Not an ISO 8601 time."),
        "uuid" => (is_uuid(text), "Not a valid UUID."),
        "email" => (is_email(text), "Not a valid email address."),
        "uri" => (is_uri(text), "Not a valid URL."),
        _ => return None,
    };
    (!is_right).then_some(fault)
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(is_hex)
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.rsplit_once('@') else { return false };
    let is_plain = !text.contains(|character: char| character.is_whitespace());
    !user.is_empty() && !host.is_empty() && is_plain
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    is_scheme && scheme.bytes().all(is_allowed) && !rest.is_empty() && !rest.contains(' ')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Faults, Schemas};

    fn faults(schema: &Value, value: &Value) -> Value {
        let schemas = json!({
            "Code": { "type": "object", "required": ["kind"], "properties": {
                "kind": { "type": "string", "enum": ["a"] }, "n": { "type": "integer" } } },
            "Other": { "type": "object", "required": ["kind", "m"], "properties": {
                "kind": { "type": "string", "enum": ["b"] }, "m": { "type": "number" } } },
        });
        let mut faults = Faults::default();
        Schemas(&schemas).check(schema, value, "", &mut faults);
        faults.into_json()
    }

    #[test]
    fn names_the_field_of_each_fault() {
        let union = json!({ "type": "array", "minItems": 1, "items": {
            "oneOf": [{ "$ref": "#/components/schemas/Code" }, { "$ref": "#/components/schemas/Other" }],
            "discriminator": { "propertyName": "kind" } } });
        let schema = json!({ "type": "object", "required": ["name", "made"], "properties": {
            "name": { "type": "string", "maxLength": 3, "nullable": true },
            "made": { "type": "string", "readOnly": true },
            "codes": union,
        } });
        let cases = [
            (json!({ "name": null, "codes": [{ "kind": "a" }] }), json!({})),
            (json!({}), json!({ "name": ["This field is required."] })),
            (
                json!({ "name": "four", "codes": [{ "kind": "a", "n": 1.5 }, { "kind": "b" }] }),
                json!({
                    "name": ["At most 3 characters are allowed."],
                    "codes.0.n": ["A valid integer is required."],
                    "codes.1.m": ["This field is required."],
                }),
            ),
            (
                json!({ "name": "a", "codes": [] }),
                json!({ "codes": ["At least 1 items are required."] }),
            ),
            (
                json!({ "name": "a", "codes": null }),
                json!({ "codes": ["This field may not be null."] }),
            ),
            (json!([]), json!({ "non_field_errors": ["Expected an object."] })),
        ];
        for (value, expected) in cases {
            assert_eq!(faults(&schema, &value), expected, "{value}");
        }
    }

    #[test]
    fn a_value_that_is_several_exclusive_forms_is_refused() {
        let schema = json!({ "oneOf": [
            { "type": "object", "required": ["a"] }, { "type": "object", "required": ["b"] } ] });
        assert_eq!(faults(&schema, &json!({ "a": 1 })), json!({}));
        assert!(faults(&schema, &json!({ "a": 1, "b": 2 }))["non_field_errors"].is_array());
        assert!(faults(&schema, &json!({}))["a"].is_array());
    }

    #[test]
    fn whole_numbers_have_at_most_64_bits() {
        let schema = json!({ "type": "integer" });
        for whole in ["1", "-9223372036854775808", "18446744073709551615", "2.0", "1e3"] {
            let value = serde_json::from_str(whole).unwrap();
            assert_eq!(faults(&schema, &value), json!({}), "{whole}");
        }
        for other in ["1.5", "18446744073709551616", "1e30", "-1e30"] {
            let value = serde_json::from_str(other).unwrap();
            assert_ne!(faults(&schema, &value), json!({}), "{other}");
        }
    }

    #[test]
    fn formats_are_checked() {
        let cases = [
            ("date-time", "2026-11-28T16:00:00Z", true),
            ("date-time", "2026-11-28", false),
            ("uuid", "0199c5a4-7b5e-7c3a-9b1f-000000000001", true),
            ("uuid", "d1", false),
            ("email", "a@example.com", true),
            ("email", "a b@example.com", false),
            ("uri", "https://example.com/a", true),
            ("uri", "example.com", false),
            ("objectId", "anything", true),
        ];
        for (format, text, is_right) in cases {
            let schema = json!({ "type": "string", "format": format });
            assert_eq!(faults(&schema, &json!(text)) == json!({}), is_right, "{format} {text}");
        }
    }
}
