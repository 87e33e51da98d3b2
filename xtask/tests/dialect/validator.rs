//! The schema of OpenAPI 3.0 that the OpenAPI Initiative publishes
//! (<https://spec.openapis.org/oas/3.0/schema/2021-09-28>, Apache-2.0), and a validator for it.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

const SCHEMA: &str = include_str!("openapi/schema-3.0-2021-09-28.json");

pub(crate) struct Validator {
    schemas: Schemas,
    root: SchemaIndex,
}

impl Validator {
    pub(crate) fn new() -> Self {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let id = schema["id"].as_str().unwrap().to_owned();
        let mut compiler = Compiler::new();
        compiler.add_resource(&id, schema).unwrap();
        let mut schemas = Schemas::new();
        let root = compiler.compile(&id, &mut schemas).unwrap();
        Self { schemas, root }
    }

    /// What the schema has against a document; nothing if it is valid.
    pub(crate) fn complaint(&self, document: &Value) -> Option<String> {
        self.schemas.validate(document, self.root).err().map(|error| format!("{error:#}"))
    }
}

#[test]
fn the_validator_complains_of_what_openapi_3_0_does_not_have() {
    let validator = Validator::new();
    let document = |schema: &str| {
        let text = format!(
            r#"{{"openapi":"3.0.3","info":{{"title":"T","version":"1"}},"paths":{{}},"components":{{"schemas":{{"A":{schema}}}}}}}"#
        );
        serde_json::from_str::<Value>(&text).unwrap()
    };
    assert_eq!(validator.complaint(&document(r#"{"type":"string","nullable":true}"#)), None);
    for schema in
        [r#"{"type":["string","null"]}"#, r#"{"type":"string","const":"a"}"#, r#"{"required":[]}"#]
    {
        assert!(validator.complaint(&document(schema)).is_some(), "{schema}");
    }
}
