use crate::{
    document::{Key, Node, Pointer, Value, insert_at},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// A number as an exclusive bound becomes a bound that is said to be exclusive.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "exclusive-bounds",
    summary: "`exclusiveMinimum: N` becomes `minimum: N, exclusiveMinimum: true`; likewise the \
              maximum",
    reason: "In OpenAPI 3.0 the exclusive bound is a boolean next to the bound. If there are two \
             bounds, the narrower one is kept.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Share:
      type: number
      exclusiveMinimum: 0
      exclusiveMaximum: 1.5
      maximum: 1
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Share:
      type: number
      minimum: 0
      exclusiveMinimum: true
      maximum: 1
",
    },
    apply,
};

const BOUNDS: [(&str, &str, std::cmp::Ordering); 2] = [
    ("exclusiveMinimum", "minimum", std::cmp::Ordering::Less),
    ("exclusiveMaximum", "maximum", std::cmp::Ordering::Greater),
];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        for (exclusive, bound, wider) in BOUNDS {
            unite(schema, exclusive, bound, wider, at, notes);
        }
    });
}

fn unite(
    schema: &mut Node,
    exclusive: &str,
    bound: &str,
    wider: std::cmp::Ordering,
    at: &Pointer,
    notes: &mut Notes,
) {
    let Some(number) = schema.get(exclusive).filter(|node| is_number(node)).cloned() else {
        return;
    };
    notes.changed(format!("{exclusive} {} at {at}", number.as_text().unwrap_or_default()));
    let inclusive = schema.get(bound).filter(|node| is_number(node));
    if inclusive.is_some_and(|inclusive| compare(&number, inclusive) == Some(wider)) {
        schema.remove(exclusive);
        return;
    }
    let flag = Node::new(number.place, Value::Boolean(true));
    if schema.get(bound).is_some() {
        schema.set(bound, number);
    } else {
        insert_before(schema, exclusive, bound, number);
    }
    schema.set(exclusive, flag);
}

fn insert_before(schema: &mut Node, key: &str, new: &str, node: Node) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let at = members.get_index_of(key).unwrap_or(members.len());
    let place = node.place;
    insert_at(members, at, Key::new(place, new), node);
}

fn is_number(node: &Node) -> bool {
    matches!(node.value, Value::Number(_))
}

fn compare(first: &Node, second: &Node) -> Option<std::cmp::Ordering> {
    let (Value::Number(first), Value::Number(second)) = (&first.value, &second.value) else {
        return None;
    };
    match (first.as_i64(), second.as_i64()) {
        (Some(first), Some(second)) => Some(first.cmp(&second)),
        _ => first.as_f64()?.partial_cmp(&second.as_f64()?),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{type: number, {keywords}}}\n")
    }

    #[test]
    fn the_narrower_of_two_bounds_is_kept() {
        let cases = [
            ("minimum: 1, exclusiveMinimum: 1", "minimum: 1, exclusiveMinimum: true"),
            ("minimum: 1, exclusiveMinimum: 2", "minimum: 2, exclusiveMinimum: true"),
            ("minimum: 1, exclusiveMinimum: 0.5", "minimum: 1"),
            ("maximum: 1, exclusiveMaximum: 0", "maximum: 0, exclusiveMaximum: true"),
            ("maximum: 1, exclusiveMaximum: 2", "maximum: 1"),
            ("exclusiveMaximum: -3", "maximum: -3, exclusiveMaximum: true"),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
    }
}
