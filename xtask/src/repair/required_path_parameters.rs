use crate::{
    document::{Key, Kind, Node, Value, insert_at, walk_mut},
    rule::{Context, Example, Rule},
};

/// A path parameter is required, whatever the page says.
pub(super) const RULE: Rule = Rule {
    name: "required-path-parameters",
    summary: "a path parameter without `required: true` gets it",
    reason: "A path is incomplete without its parameters, and OpenAPI requires `required: true`.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /parts/{number}:
    get:
      parameters:
        - name: number
          in: path
          required: false
          schema:
            type: integer
",
        after: "\
openapi: 3.1.1
paths:
  /parts/{number}:
    get:
      parameters:
        - name: number
          in: path
          required: true
          schema:
            type: integer
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, _| {
        if kind != Kind::Parameter || node.get_str("in") != Some("path") || node.is_true("required")
        {
            return;
        }
        context.changed(node.get_str("name").unwrap_or_default());
        require(node);
    });
}

/// Sets `required`, after `in` if it is missing.
fn require(parameter: &mut Node) {
    let yes = Node::new(parameter.place, Value::Boolean(true));
    let Some(members) = parameter.as_object_mut() else {
        return;
    };
    match members.get_mut("required") {
        Some(required) => required.value = yes.value,
        None => {
            let at = members.get_index_of("in").map_or(0, |index| index + 1);
            insert_at(members, at, Key::new(yes.place, "required"), yes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn parameters_of_paths_and_components_are_meant_too_and_others_are_not() {
        let text = "openapi: 3.1.1\npaths:\n  /a/{b}:\n    parameters:\n      - {name: b, in: path, schema: {}}\n      - {name: c, in: query, schema: {}}\ncomponents:\n  parameters:\n    D: {name: d, in: path, schema: {}}\n";
        let expected = text.replace("in: path", "in: path, required: true");
        assert_eq!(apply_alone(&RULE, text).document, node(&expected));
    }
}
