use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Map, Value, json};

use super::{fixed, read};

/// Schemas of OpenAPI 3.1: those that OpenAPI 3.0.3 can fully express, and those that it can only
/// express more loosely, so that more values are valid.
const SCHEMAS: &str = include_str!("schemas.yaml");

/// Values of every form that the schemas speak of.
fn values() -> Vec<Value> {
    let scalars = json!([
        null, true, false, -1, 0, 0.5, 1, 2, 3, 4, 4.5, 5, 6, 1e20, "", "a", "b", "c", "aa", "1",
        "x-y"
    ]);
    let composites = json!([
        [], [1], ["a"], ["a", 1], [1, "a"], ["a", "b"], ["a", 1, true], [null], [[]], [{}],
        {}, {"a": 1}, {"a": "a"}, {"b": 1}, {"a": 1, "b": 2}, {"a": "a", "b": "b"}, {"c": null},
        {"x-y": "a"}, {"x-y": 1}, {"a": null}, {"a": {"a": "a"}}, {"a": [], "c": "a"},
        {"a": 1, "x-y": "a"}, {"d": "a"}, {"a": "a", "c": "a"}
    ]);
    [scalars, composites].iter().flat_map(|all| all.as_array().unwrap().clone()).collect()
}

struct Validator {
    schemas: Schemas,
    indices: Vec<(String, SchemaIndex)>,
}

impl Validator {
    /// The schemas of a document, as JSON Schema 2020-12 understands them.
    fn of(document: &Value) -> Self {
        const ID: &str = "http://document.example/openapi.json";
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.add_resource(ID, document.clone()).unwrap();
        let mut schemas = Schemas::new();
        let names = document["components"]["schemas"].as_object().unwrap().keys();
        let indices = names
            .map(|name| {
                let at = format!("{ID}#/components/schemas/{name}");
                (name.clone(), compiler.compile(&at, &mut schemas).unwrap())
            })
            .collect();
        Self { schemas, indices }
    }

    fn fits(&self, name: &str, value: &Value) -> bool {
        let (_, index) = self.indices.iter().find(|(known, _)| known == name).unwrap();
        self.schemas.validate(value, *index).is_ok()
    }
}

/// An OpenAPI 3.0.3 document as JSON Schema 2020-12. `nullable` has the meaning that all tools give
/// it, next to a `type` and next to other schemas.
fn translated(node: &Value) -> Value {
    let Value::Object(members) = node else {
        return match node {
            Value::Array(items) => items.iter().map(translated).collect(),
            other => other.clone(),
        };
    };
    let mut schema: Map<String, Value> =
        members.iter().map(|(key, member)| (key.clone(), translated(member))).collect();
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if schema.get(flag) == Some(&Value::Bool(true)) {
            let number = schema.remove(bound).unwrap();
            schema.insert(flag.to_owned(), number);
        }
    }
    if schema.remove("nullable") != Some(Value::Bool(true)) {
        return Value::Object(schema);
    }
    match schema.get("type").cloned() {
        Some(name) => drop(schema.insert("type".to_owned(), json!([name, "null"]))),
        None => return json!({"anyOf": [schema, {"type": "null"}]}),
    }
    Value::Object(schema)
}

#[test]
fn the_same_values_fit_and_none_less() {
    let before = Validator::of(&yaml_serde::from_str(SCHEMAS).unwrap());
    let after = Validator::of(&translated(&read(&fixed(SCHEMAS).0)));
    for (name, _) in &before.indices {
        let is_wider = name.starts_with("Wider");
        let mut is_seen_wider = false;
        for value in values() {
            let (fitted, fits) = (before.fits(name, &value), after.fits(name, &value));
            is_seen_wider |= fits && !fitted;
            assert!(fits || !fitted, "{name} refuses {value}");
            assert!(is_wider || fitted || !fits, "{name} takes {value}");
        }
        assert_eq!(is_seen_wider, is_wider, "{name}");
    }
}

#[test]
fn the_schemas_part_the_values() {
    let validator = Validator::of(&yaml_serde::from_str(SCHEMAS).unwrap());
    let same = ["Any", "True", "False", "AllTypes"];
    for (name, _) in validator.indices.iter().filter(|(name, _)| !same.contains(&name.as_str())) {
        let fit = values().iter().filter(|value| validator.fits(name, value)).count();
        assert!(fit > 0 && fit < values().len(), "{name}: {fit}");
    }
}
