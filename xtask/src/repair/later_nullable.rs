use crate::{
    document::{Node, Value, walk_mut},
    rule::{Context, Example, Rule},
};

/// `nullable` in a document of OpenAPI 3.1 is taken for what its author meant.
pub(super) const RULE: Rule = Rule {
    name: "later-nullable",
    summary: "`nullable: true` in a document of OpenAPI 3.1 becomes the type `'null'` beside the \
              documented one",
    reason: "OpenAPI 3.1 gave the keyword up, so that by the letter it says nothing there. Who \
             writes it means that the value may be null; that it is taken so is told.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A: {type: string, nullable: true}
    B: {type: string, nullable: false}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A: {type: [string, 'null']}
    B: {type: string}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    if document.get_str("openapi").is_none_or(|version| !version.starts_with("3.1")) {
        return;
    }
    let mut first = None;
    walk_mut(document, &mut |schema, kind, at| {
        let is_schema = kind == crate::document::Kind::Schema;
        let Some(nullable) = schema.get("nullable").filter(|_| is_schema).cloned() else {
            return;
        };
        let typed = schema.get("type").filter(|name| name.as_str() != Some("null")).cloned();
        if nullable.value == Value::Boolean(false) {
            context.changed(format!("nullable: false at {at}"));
            schema.remove("nullable");
            return;
        }
        first.get_or_insert((at.clone(), nullable.place));
        if let Some(documented) = typed.filter(|_| nullable.value == Value::Boolean(true)) {
            context.changed(format!("at {at}"));
            let null = Node::string(nullable.place, "null");
            let types = match documented.value {
                Value::Array(mut types) => {
                    types.extend((!types.contains(&null)).then_some(null));
                    types
                }
                _ => vec![documented, null],
            };
            schema.set("type", Node::array(nullable.place, types));
            schema.remove("nullable");
        }
    });
    if let Some((at, place)) = first {
        let problem =
            "`nullable` has no meaning in OpenAPI 3.1, but is taken to mean that null is allowed";
        context.warn(document, &at, place, problem, "see that it is so, here and elsewhere");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn nullable_of_3_0_and_beside_no_type_stays() {
        let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: string, nullable: true}}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
        let text = "openapi: 3.1.0\ncomponents: {schemas: {A: {nullable: true, oneOf: [{}]}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert_eq!(applied.warnings.len(), 1);
    }
}
