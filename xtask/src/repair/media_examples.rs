use crate::{
    document::{Kind, Node, Pointer, Value},
    notes::{Notes, repair_each},
    rule::{Context, Example, Rule},
};

/// The examples of a media type, a parameter or a header are named example objects.
pub(super) const RULE: Rule = Rule {
    name: "media-examples",
    summary: "`examples` of a media type, a parameter or a header that are a list, or bare values, \
              become example objects; an `example` beside them moves among them",
    reason: "OpenAPI has named example objects there, and allows either `example` or `examples`.",
    example: Example {
        before: "\
openapi: 3.0.0
paths:
  /a:
    parameters:
      - {name: a, in: query, schema: {type: string}, examples: [x]}
      - {name: b, in: query, schema: {type: string}, example: y, examples: {one: {value: z}}}
      - {name: c, in: query, schema: {type: string}, examples: {one: w}}
",
        after: "\
openapi: 3.0.0
paths:
  /a:
    parameters:
      - {name: a, in: query, schema: {type: string}, examples: {example-1: {value: x}}}
      - {name: b, in: query, schema: {type: string}, examples: {one: {value: z}, example: {value: y}}}
      - {name: c, in: query, schema: {type: string}, examples: {one: {value: w}}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_each(document, context, |node, kind, at, notes| {
        if matches!(kind, Kind::MediaType | Kind::Parameter | Kind::Header) {
            name_examples(node, at, notes);
        }
    });
}

fn name_examples(holder: &mut Node, at: &Pointer, notes: &mut Notes) {
    let beside = holder.get("example").cloned();
    let Some(examples) = holder.get_mut("examples") else {
        return;
    };
    let place = examples.place;
    if let Value::Array(items) = &mut examples.value {
        notes.changed(format!("a list at {at}"));
        let items = std::mem::take(items).into_iter().enumerate();
        let named: Vec<(String, Node)> =
            items.map(|(index, item)| (format!("example-{}", index + 1), item)).collect();
        *examples = Node::object(place, []);
        named.into_iter().for_each(|(name, item)| examples.set(&name, item));
    }
    for (name, example) in examples.members_mut().filter(|(_, example)| !is_example(example)) {
        notes.changed(format!("{name} at {at}"));
        let value = std::mem::replace(example, Node::object(example.place, []));
        example.set("value", value);
    }
    let Some(example) = beside.filter(|_| examples.as_object().is_some()) else {
        return;
    };
    notes.changed(format!("example at {at}"));
    let is_there = examples.members().any(|(_, known)| known.get("value") == Some(&example));
    if !is_there {
        let names = std::iter::once("example".to_owned())
            .chain((2..).map(|number| format!("example-{number}")));
        let free = names.into_iter().find(|name| examples.get(name).is_none());
        let named = Node::object(example.place, [("value", example)]);
        examples.set(&free.unwrap_or_default(), named);
    }
    holder.remove("example");
}

/// Whether this is an example object, and no bare value.
fn is_example(node: &Node) -> bool {
    let known =
        |key: &str| key == "$ref" || key.starts_with("x-") || Kind::Example.shape_of(key).is_some();
    node.as_object()
        .is_some_and(|members| !members.is_empty() && members.keys().all(|key| known(key)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn an_example_that_is_among_them_is_not_added_twice() {
        let text = |rest: &str| {
            format!(
                "openapi: 3.0.0\ncomponents: {{headers: {{H: {{{rest}examples: {{a: {{value: 1}}}}}}}}}}\n"
            )
        };
        let applied = apply_alone(&RULE, &text("example: 1, "));
        assert_eq!(applied.document, node(&text("")));
    }
}
