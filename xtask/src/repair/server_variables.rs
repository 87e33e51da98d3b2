use crate::{
    document::{Kind, Node},
    notes::repair_each,
    rule::{Context, Example, Rule},
};

/// A server variable without a default takes the first of its values.
pub(super) const RULE: Rule = Rule {
    name: "server-variables",
    summary: "a server variable without `default` gets the first value of its `enum`; an empty \
              `enum` goes",
    reason: "OpenAPI demands the default, and a list of values has one at least.",
    example: Example {
        before: "\
openapi: 3.1.1
servers:
  - url: https://{region}.example.com/{path}
    variables:
      region: {enum: [eu, us]}
      path: {enum: [], default: v1}
",
        after: "\
openapi: 3.1.1
servers:
  - url: https://{region}.example.com/{path}
    variables:
      region: {enum: [eu, us], default: eu}
      path: {default: v1}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_each(document, context, |variable, kind, at, notes| {
        if kind != Kind::ServerVariable {
            return;
        }
        let first = variable.get("enum").map(|values| values.items().next().cloned());
        if let Some(None) = first {
            notes.changed(format!("enum of {at}"));
            variable.remove("enum");
        }
        if let Some(first) = first.flatten().filter(|_| variable.get("default").is_none()) {
            let text = first.as_text().unwrap_or_default();
            let problem = "a server variable without a default";
            let remedy = format!("`{text}` is taken, the first of its values");
            notes.warn(at, variable.place, problem, remedy);
            notes.changed(format!("{text} of {at}"));
            variable.set("default", first);
        }
    });
}
