use crate::{
    document::{Kind, Node, Value, is_of_type, walk},
    rule::{Context, Example, Rule},
};

/// A default that is no value of its schema.
pub(super) const RULE: Rule = Rule {
    name: "stray-defaults",
    summary: "a `default` has another type than its schema, or is not in its enum",
    reason: "OpenAPI requires it to match the schema. The client doesn't send defaults; it only \
             documents them.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    A: {type: integer, default: ten}
    B: {type: string, enum: [a, b], default: c}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    A: {type: integer, default: ten}
    B: {type: string, enum: [a, b], default: c}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    walk(document, &mut |schema, kind, at| {
        let Some(default) = schema.get("default").filter(|_| kind == Kind::Schema) else {
            return;
        };
        if !fits(schema, default) {
            let text = default.as_text().unwrap_or_else(|| default.description().to_owned());
            let problem = format!("the default `{text}` does not match its schema");
            let remedy = "check which of them is wrong";
            context.warn(document, &at.join("default"), default.place, problem, remedy);
        }
    });
}

/// Whether a schema itself, without what it refers to, takes the value.
fn fits(schema: &Node, value: &Node) -> bool {
    if value.value == Value::Null && schema.is_true("nullable") {
        return true;
    }
    let is_typed = schema.get_str("type").is_none_or(|name| is_of_type(value, name));
    is_typed && schema.get("enum").is_none_or(|values| values.items().any(|one| one == value))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_default_that_fits_has_no_warning() {
        let text = |schema: &str| {
            format!("openapi: 3.0.3\ncomponents: {{schemas: {{A: {{{schema}}}}}}}\n")
        };
        for schema in [
            "type: number, default: 1",
            "type: integer, default: 1.0",
            "type: string, nullable: true, default: null",
            "allOf: [{$ref: '#/components/schemas/A'}], default: 1",
            "default: {any: thing}",
        ] {
            assert_eq!(apply_alone(&RULE, &text(schema)).warnings, [], "{schema}");
        }
        let stray = apply_alone(&RULE, &text("type: string, default: null"));
        assert_eq!(stray.warnings[0].subject(), "/components/schemas/A/default");
    }
}
