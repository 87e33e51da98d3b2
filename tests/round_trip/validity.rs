//! Whether a value is one of its schema: the document as JSON Schema.

use std::{collections::BTreeMap, mem};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Map, Value, json};

use super::samples::Role;

const LOCATION: &str = "http://example.test/openapi.json";

/// The schemas of a document, as one role sees them.
pub(crate) struct Validity {
    schemas: Schemas,
    compiler: Compiler,
    compiled: BTreeMap<String, SchemaIndex>,
}

impl Validity {
    pub(crate) fn of(document: &Value, role: Role) -> Self {
        let mut document = document.clone();
        translate(&mut document, role);
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource(LOCATION, document).unwrap();
        Self { schemas: Schemas::new(), compiler, compiled: BTreeMap::new() }
    }

    /// What is wrong with a value of the schema at a pointer.
    pub(crate) fn fault(&mut self, pointer: &str, value: &Value) -> Option<String> {
        let schema = match self.compiled.get(pointer) {
            Some(known) => *known,
            None => self.compile(pointer),
        };
        self.schemas.validate(value, schema).err().map(|error| format!("{error:#}"))
    }

    fn compile(&mut self, pointer: &str) -> SchemaIndex {
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || "/~_-.".contains(*c);
        let escaped: String = pointer
            .chars()
            .flat_map(|c| match is_plain(&c) {
                true => vec![c.to_string()],
                false => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
            })
            .collect();
        let location = format!("{LOCATION}#{escaped}");
        let schema = self.compiler.compile(&location, &mut self.schemas);
        let schema = schema.unwrap_or_else(|error| panic!("{pointer}: {error:#}"));
        self.compiled.insert(pointer.to_owned(), schema);
        schema
    }
}

/// From the words of OpenAPI 3.0 to those of JSON Schema.
fn translate(value: &mut Value, role: Role) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| translate(value, role)),
        Value::Object(members) => {
            members.values_mut().for_each(|value| translate(value, role));
            translate_bounds(members);
            ask_for_what_is_sent(members, role);
            if members.get("nullable") == Some(&json!(true)) {
                members.remove("nullable");
                let schema = Value::Object(mem::take(members));
                members.insert("anyOf".to_owned(), json!([{ "type": "null" }, schema]));
            }
        }
        _ => {}
    }
}

fn translate_bounds(schema: &mut Map<String, Value>) {
    for (bound, flag) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if !schema.get(flag).is_some_and(Value::is_boolean) {
            continue;
        }
        let is_excluded = schema.remove(flag) == Some(json!(true));
        if let Some(number) = schema.get(bound).filter(|_| is_excluded).cloned() {
            schema.remove(bound);
            schema.insert(flag.to_owned(), number);
        }
    }
}

/// What the other side sets is not required of this one.
fn ask_for_what_is_sent(schema: &mut Map<String, Value>, role: Role) {
    let not_ours = match role {
        Role::Request => "readOnly",
        Role::Answer => "writeOnly",
    };
    let properties = schema.get("properties").cloned().unwrap_or_default();
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| {
            let property = name.as_str().and_then(|name| properties.get(name));
            property.is_none_or(|property| property[not_ours] != true)
        });
    }
}
