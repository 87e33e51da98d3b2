use super::{Node, Value};

/// The types of OpenAPI 3.0.3.
pub const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// The keywords that say what a value is, and the types that have a use for each.
pub const ASSERTIONS: [(&str, &[&str]); 19] = [
    ("enum", &["string", "number", "integer", "boolean"]),
    ("format", &["string", "number", "integer"]),
    ("items", &["array"]),
    ("properties", &["object"]),
    ("additionalProperties", &["object"]),
    ("required", &["object"]),
    ("pattern", &["string"]),
    ("minLength", &["string"]),
    ("maxLength", &["string"]),
    ("minimum", NUMERIC),
    ("maximum", NUMERIC),
    ("exclusiveMinimum", NUMERIC),
    ("exclusiveMaximum", NUMERIC),
    ("multipleOf", NUMERIC),
    ("minItems", &["array"]),
    ("maxItems", &["array"]),
    ("uniqueItems", &["array"]),
    ("minProperties", &["object"]),
    ("maxProperties", &["object"]),
];

const NUMERIC: &[&str] = &["number", "integer"];

/// The formats of numbers; every other one is of strings.
const NUMERIC_FORMATS: [&str; 4] = ["int32", "int64", "float", "double"];

/// Whether a keyword restricts values, in addition to the type.
pub fn is_assertion(keyword: &str) -> bool {
    ASSERTIONS.iter().any(|(known, _)| *known == keyword)
}

/// Whether the keyword of a schema, with its value, has a meaning for values of this type.
pub fn asserts_of(keyword: &str, value: &Node, name: &str) -> bool {
    if let Some(format) = value.as_str().filter(|_| keyword == "format") {
        let of = if NUMERIC_FORMATS.contains(&format) { NUMERIC } else { &["string"] };
        return of.contains(&name);
    }
    ASSERTIONS.iter().any(|(known, of)| *known == keyword && of.contains(&name))
}

/// The type of a value, as a schema names it. A whole number is an integer, however it is
/// written.
pub fn type_of(value: &Node) -> &'static str {
    match &value.value {
        Value::Null => "null",
        Value::Boolean(_) => "boolean",
        Value::Number(number) if is_whole(number) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether a value is of a type, as JSON Schema sees it.
pub fn is_of_type(value: &Node, name: &str) -> bool {
    let of = type_of(value);
    of == name || (name == "number" && of == "integer")
}

fn is_whole(number: &serde_json::Number) -> bool {
    number.is_i64()
        || number.is_u64()
        || number.as_f64().is_some_and(|number| number.fract() == 0.0)
}

#[cfg(test)]
mod tests {
    use super::{asserts_of, is_of_type, type_of};
    use crate::rule::tests::node;

    #[test]
    fn a_whole_number_is_an_integer_however_it_is_written() {
        let values = node("openapi: x\nx-v: [1, 1.0, 1.5, '1', null, true]");
        let of: Vec<_> = values.get("x-v").unwrap().items().map(type_of).collect();
        assert_eq!(of, ["integer", "integer", "number", "string", "null", "boolean"]);
        let whole = values.get("x-v").unwrap().items().next().unwrap();
        assert!(is_of_type(whole, "number"));
    }

    #[test]
    fn a_format_is_of_the_type_that_its_name_is_known_for() {
        let value = node("openapi: x\nx-f: int32\nx-g: uuid");
        assert!(asserts_of("format", value.get("x-f").unwrap(), "integer"));
        assert!(!asserts_of("format", value.get("x-f").unwrap(), "string"));
        assert!(asserts_of("format", value.get("x-g").unwrap(), "string"));
        assert!(asserts_of("items", value.get("x-g").unwrap(), "array"));
    }
}
