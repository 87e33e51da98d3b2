use std::{collections::HashSet, fmt::Write as _};

use crate::{
    document::{ALTERNATIVES, Key, Kind, Node, Value, walk_mut},
    rule::{Context, Example, Rule},
};

/// An alternative that is listed twice is listed once.
pub(super) const RULE: Rule = Rule {
    name: "equal-variants",
    summary: "duplicate variants of a `oneOf` or `anyOf` are dropped",
    reason: "A value that matches two variants of a `oneOf` is invalid, so no value would be \
             valid. The variants were different types before the page was generated, such as an \
             integer and a number.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Limit:
      oneOf:
        - type: number
          format: double
        - type: string
        - format: double
          type: number
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Limit:
      oneOf:
        - type: number
          format: double
        - type: string
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        for keyword in ALTERNATIVES {
            let Some(variants) = node.get_mut(keyword).and_then(Node::as_array_mut) else {
                continue;
            };
            let count = variants.len();
            let mut seen = HashSet::new();
            variants.retain(|variant| count < 2 || seen.insert(canonical(variant)));
            for _ in variants.len()..count {
                context.changed(format!("of {pointer}"));
            }
        }
    });
}

/// The JSON of a value, its members in the order of the alphabet.
fn canonical(node: &Node) -> String {
    let mut text = String::new();
    write(node, &mut text);
    text
}

fn write(node: &Node, text: &mut String) {
    match &node.value {
        Value::Object(members) => {
            let mut sorted: Vec<(&Key, &Node)> = members.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, member) in sorted {
                let _ = write!(text, "{:?}:", &**key);
                write(member, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        _ => text.push_str(&serde_json::to_string(node).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn variants_that_differ_by_a_word_or_by_order_stay() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A:\n      oneOf:\n        - {type: string, description: One.}\n        - {type: string, description: Two.}\n        - {type: string, enum: [a, b]}\n        - {type: string, enum: [b, a]}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert!(applied.changes.is_empty());
    }
}
