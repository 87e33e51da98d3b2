use crate::{
    document::{Kind, Node, walk},
    rule::{Context, Example, Rule},
};

/// A schema that says what does not fit it.
pub(super) const RULE: Rule = Rule {
    name: "negations",
    summary: "a schema has a `not`",
    reason: "No type can be derived from `not`. The generator rejects most of these schemas, and \
             for the others makes the client refuse responses.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: string, not: {enum: [none]}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: string, not: {enum: [none]}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    walk(document, &mut |node, kind, at| {
        if let Some(key) = node.get_key("not").filter(|_| kind == Kind::Schema) {
            let problem = "a client can't derive a type from `not`";
            let remedy = "remove it, or describe the values that are valid";
            context.warn(document, &at.join("not"), key.place, problem, remedy);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_property_of_that_name_has_no_warning() {
        let text = RULE.example.before.replace(
            "{type: string, not: {enum: [none]}}",
            "{type: object, properties: {not: {type: string}}}",
        );
        assert_eq!(apply_alone(&RULE, &text).warnings, []);
    }
}
