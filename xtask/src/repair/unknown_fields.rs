use crate::{
    document::{Key, Kind, Node},
    notes::repair_each,
    rule::{Context, Example, Rule},
};

/// Fields that OpenAPI does not know become extensions.
pub(super) const RULE: Rule = Rule {
    name: "unknown-fields",
    summary: "a field that no object of OpenAPI has becomes `x-…`",
    reason: "It is not allowed, but says nothing that a client could need. A field that has its \
             meaning in another object, or is one letter away from one of this object, is refused: \
             what it says would be lost.",
    example: Example {
        before: "\
openapi: 3.0.0
paths:
  /a:
    get:
      operationId: get-a
      internalNote: For us.
",
        after: "\
openapi: 3.0.0
paths:
  /a:
    get:
      operationId: get-a
      x-internalNote: For us.
",
    },
    apply,
};

/// The kinds whose members all have a name of the author's choice, or are looked at elsewhere.
const OTHERS: [Kind; 5] =
    [Kind::Schema, Kind::Paths, Kind::Responses, Kind::Callback, Kind::SecurityRequirement];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_each(document, context, |node, kind, at, notes| {
        if OTHERS.contains(&kind) || (kind.takes_reference() && node.get("$ref").is_some()) {
            return;
        }
        let is_unknown = |key: &Key| {
            !key.starts_with("x-") && kind.walked_shape_of(key).is_none() && says_nothing(kind, key)
        };
        let unknown: Vec<Key> =
            node.members().map(|(key, _)| key.clone()).filter(is_unknown).collect();
        for key in unknown {
            let extension = format!("x-{key}");
            let problem = format!("{} has no field `{key}`", kind.description());
            notes.warn(&at.join(&*key), key.place, problem, format!("it is kept as `{extension}`"));
            notes.changed(format!("{key} at {at}"));
            node.rename(&key, &extension);
        }
    });
}

/// Whether the field is of no object, and no slip of the pen.
fn says_nothing(kind: Kind, key: &str) -> bool {
    let is_of_another = Kind::ALL
        .iter()
        .any(|other| other.walked_shape_of(key).is_some() && !other.fields().is_empty());
    !is_of_another && !kind.fields().iter().any(|field| field.is_one_slip_from(key))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn what_is_misplaced_or_misspelled_is_left_to_the_check() {
        for field in ["schema: {}", "respones: {}", "Tags: []", "in: query"] {
            let text = format!("openapi: 3.0.0\npaths: {{/a: {{get: {{{field}}}}}}}\n");
            assert_eq!(apply_alone(&RULE, &text).document, node(&text), "{field}");
        }
    }
}
