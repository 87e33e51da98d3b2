use crate::{
    document::{Key, Kind, Node, Pointer, Shape, Value},
    notes::{Notes, repair_each},
    rule::{Context, Example, Rule},
};

/// A number or a boolean where a text is expected becomes one.
pub(super) const RULE: Rule = Rule {
    name: "plain-texts",
    summary: "a number or a boolean where OpenAPI expects a text becomes a text: `version: 1.0`",
    reason: "Without quotes YAML reads `1.0`, `8443` and `true` as numbers and booleans. Digits \
             that the number does not keep, as of `1.10`, are told.",
    example: Example {
        before: "\
openapi: 3.1.1
info: {title: T, version: 2}
servers:
  - url: https://api.example.com:{port}
    variables:
      port: {enum: [443, '8443'], default: 443}
",
        after: "\
openapi: 3.1.1
info: {title: T, version: '2'}
servers:
  - url: https://api.example.com:{port}
    variables:
      port: {enum: ['443', '8443'], default: '443'}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_each(document, context, |node, kind, at, notes| {
        let is_typed = |key: &Key| kind == Kind::Schema && matches!(&**key, "type" | "required");
        for (key, member) in node.members_mut().filter(|(key, _)| !is_typed(key)) {
            let at = at.join(&**key);
            match (kind.shape_of(key), &mut member.value) {
                (Some(Shape::Text), _) => quote(member, &at, notes),
                (Some(Shape::TextList | Shape::Names), Value::Array(items)) => {
                    items.iter_mut().for_each(|item| quote(item, &at, notes));
                }
                (Some(Shape::TextMap), Value::Object(members)) => {
                    members.values_mut().for_each(|value| quote(value, &at, notes));
                }
                _ => {}
            }
        }
    });
}

fn quote(node: &mut Node, at: &Pointer, notes: &mut Notes) {
    let text = match &node.value {
        Value::Number(number) => number.to_string(),
        Value::Boolean(value) => value.to_string(),
        _ => return,
    };
    if matches!(&node.value, Value::Number(number) if number.is_f64()) {
        let problem = format!("`{text}` is a number where a text is expected");
        let remedy = "it is read as that text: put it in quotes if it has other digits";
        notes.warn(at, node.place, problem, remedy);
    }
    notes.changed(format!("'{text}' at {at}"));
    node.value = Value::String(text);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn digits_that_may_be_lost_are_told() {
        let applied = apply_alone(&RULE, "openapi: 3.1\ninfo: {title: T, version: 1.10}\n");
        assert_eq!(applied.document.get_str("openapi"), Some("3.1"));
        assert_eq!(applied.warnings.len(), 2);
    }

    #[test]
    fn numbers_of_schemas_stay_numbers() {
        let text = "openapi: 3.1.1\ncomponents: {schemas: {A: {enum: [1], default: 1, example: 1, maximum: 1}}}\n";
        assert!(apply_alone(&RULE, text).changes.is_empty());
    }
}
