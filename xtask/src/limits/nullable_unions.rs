use crate::{
    check::Findings,
    document::{Document, Node, Pointer, is_union},
};

/// No component is a union or null.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    for (name, schema) in Document(document).schemas() {
        let at = Pointer::to_schema(name);
        if is_union(schema) && schema.is_true("nullable") {
            let problem = "this component is a nullable union, whose type would be generated twice";
            let remedy = "allow null where the component is used instead";
            let place = schema.get("nullable").map_or(schema.place, |node: &Node| node.place);
            findings.add(&at.join("nullable"), place, problem, remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    #[test]
    fn a_component_that_is_a_union_or_null_is_refused_and_a_property_is_not() {
        let union = "{nullable: true, oneOf: [{type: integer}, {type: string}]}";
        let schema =
            |text: &str| format!("openapi: 3.0.3\ncomponents: {{schemas:\n  {{A: {text}}}}}\n");
        assert_refused(&schema(union), "/A/nullable", "generated twice");
        assert_taken(&schema(&format!("{{type: object, properties: {{a: {union}}}}}")));
    }
}
