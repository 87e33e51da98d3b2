use crate::{
    document::{Document, Kind, Node, walk},
    rule::{Context, Example, Rule},
};

/// A query parameter of which a page does not say how it is written.
pub(super) const RULE: Rule = Rule {
    name: "query-structures",
    summary: "a query parameter of a page is a list, an object or a choice, without a `style`",
    reason: "The documentation's generator drops `style` and `explode`. Without them OpenAPI means \
             `a=1&a=2`, which is only the most likely form.",
    example: Example {
        before: "\
# List Things

GET https://api.example.com/v1/things

```yaml
openapi: 3.1.1
paths:
  /v1/things:
    get:
      parameters:
        - name: ids
          in: query
          schema:
            type: array
            items:
              type: string
```
",
        after: "\
openapi: 3.1.1
paths:
  /v1/things:
    get:
      parameters:
        - name: ids
          in: query
          schema:
            type: array
            items:
              type: string
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    if context.page.is_none() {
        return;
    }
    let mut found = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        let is_open = kind == Kind::Parameter
            && node.get_str("in") == Some("query")
            && node.get("style").is_none();
        let structure =
            node.get("schema").filter(|_| is_open).and_then(|schema| structure(schema, document));
        if let Some(structure) = structure {
            found.push((pointer.clone(), node.place, structure));
        }
    });
    for (pointer, place, structure) in found {
        let problem =
            format!("{structure} in the query, but the page does not say how to encode it");
        let remedy = "OpenAPI's default is assumed (`style: form, explode: true`): test it";
        context.warn(document, &pointer, place, problem, remedy);
    }
}

/// What a value is that has more than one way to be written in a query.
fn structure(schema: &Node, document: &Node) -> Option<&'static str> {
    let schema = Document(document).resolve(schema)?;
    let is_choice = schema.get("oneOf").or_else(|| schema.get("anyOf")).is_some();
    match schema.get_str("type") {
        Some("array") => Some("a list"),
        Some("object") => Some("an object"),
        _ if is_choice => Some("a choice"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_parameter_that_says_how_or_is_a_scalar_or_elsewhere_is_as_it_should_be() {
        let page = |from: &str, to: &str| RULE.example.before.replace(from, to);
        for page in [
            page("in: query", "in: query\n          style: form"),
            page("in: query", "in: header"),
            page("type: array", "type: string"),
            RULE.example.after.to_owned(),
        ] {
            assert_eq!(apply_alone(&RULE, &page).warnings, [], "{page}");
        }
    }

    #[test]
    fn objects_and_choices_behind_a_reference_are_told_too() {
        let schemas = "components:\n  schemas:\n    O: {type: object}\n    C: {oneOf: [{type: string}, {type: integer}]}\n```";
        for (name, what) in [("O", "an object"), ("C", "a choice")] {
            let reference = format!("$ref: '#/components/schemas/{name}'\n");
            let page = RULE.example.before.replace(
                "type: array\n            items:\n              type: string\n",
                &reference,
            );
            let warnings =
                apply_alone(&RULE, &page.replace("\n```\n", &format!("\n{schemas}\n"))).warnings;
            assert!(warnings[0].problem.starts_with(what), "{warnings:?}");
        }
    }
}
