use std::collections::HashMap;

use crate::{
    check::Findings,
    document::{Kind, Node, Value, field_name, walk},
};

/// The field of a struct that takes the properties which are not documented.
const REST: &str = "extra";

/// The properties of an object must have distinct names in Rust.
pub(super) fn check(findings: &mut Findings<'_>) {
    walk(findings.document, &mut |node, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        let rest = node.get("additionalProperties");
        let has_rest = rest.is_some_and(|rest| !matches!(rest.value, Value::Boolean(_)));
        let mut names: HashMap<String, &str> = HashMap::new();
        if has_rest {
            names.insert(REST.to_owned(), "additionalProperties");
        }
        for (property, schema) in node.get("properties").into_iter().flat_map(Node::members) {
            if let Some(first) = names.insert(field_name(property), property) {
                let problem = format!("`{property}` and `{first}` become the same field in Rust");
                let remedy = "the generator can't tell them apart: remove one of them from the \
                              `properties` in the source";
                let at = pointer.join("properties").join(&**property);
                findings.add(&at, schema.place, problem, remedy);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    fn object(members: &str) -> String {
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {{type: object, {members}}}\n")
    }

    #[test]
    fn properties_that_fall_together_are_refused() {
        let two = "properties: {id: {type: string}, _id: {type: string}}";
        assert_refused(&object(two), "/A/properties/_id", "`_id` and `id` become the same field");
        let extra = "properties: {extra: {type: string}}";
        assert_taken(&object(&format!("{extra}, additionalProperties: true")));
        let typed = format!("{extra}, additionalProperties: {{type: string}}");
        assert_refused(&object(&typed), "/A/properties/extra", "additionalProperties");
    }
}
