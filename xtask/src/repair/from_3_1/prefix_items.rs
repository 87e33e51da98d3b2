use crate::{
    document::{Node, Pointer, Value},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// A tuple becomes a list of what may be in it.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "prefix-items",
    summary: "`prefixItems` become `items` that match any of them; a following `items: false` \
              becomes `maxItems`",
    reason: "OpenAPI 3.0.3 can't express the position of items. Their types and maximum number are \
             kept; the loss of their order is reported.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Point:
      type: array
      prefixItems: [{type: number}, {type: number}]
      items: false
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Point:
      type: array
      maxItems: 2
      items: {type: number}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        if schema.get("prefixItems").is_some_and(|parts| parts.as_array().is_some())
            && let Some(parts) = schema.remove("prefixItems")
        {
            notes.changed(format!("{} at {at}", parts.items().count()));
            unite(schema, &parts, at, notes);
        }
    });
}

fn unite(schema: &mut Node, parts: &Node, at: &Pointer, notes: &mut Notes) {
    let place = parts.place;
    let count = parts.items().count();
    let rest = schema.remove("items");
    let is_most = |most: &Node| match &most.value {
        Value::Number(most) => most.as_u64().is_some_and(|most| most <= count as u64),
        _ => false,
    };
    let is_capped = schema.get("maxItems").is_some_and(is_most);
    let ends = rest.as_ref().is_some_and(fits_nothing);
    if ends && !is_capped {
        schema.set("maxItems", Node::new(place, Value::Number(count.into())));
    }
    let rest = rest.unwrap_or_else(|| Node::object(place, []));
    let mut distinct: Vec<Node> = Vec::new();
    for part in parts.items().chain(Some(&rest).filter(|_| !ends && !is_capped)) {
        if !distinct.contains(part) {
            distinct.push(part.clone());
        }
    }
    if distinct.len() > 1 {
        let problem = "OpenAPI 3.0.3 can't express the order of the items";
        notes.warn(at, place, problem, "the items may be any of the documented ones");
    }
    let is_anything = |part: &Node| part.as_object().is_some_and(|members| members.is_empty());
    let items = match &distinct[..] {
        [only] => only.clone(),
        parts if parts.is_empty() || parts.iter().any(is_anything) => Node::object(place, []),
        _ => Node::object(place, [("anyOf", Node::array(place, distinct))]),
    };
    schema.set("items", items);
}

/// Whether this is `false`, or what `boolean-schemas` makes of it.
fn fits_nothing(schema: &Node) -> bool {
    let is_anything = |node: &Node| node.as_object().is_some_and(|all| all.is_empty());
    schema.value == Value::Boolean(false) || schema.get("not").is_some_and(is_anything)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{{keywords}}}\n")
    }

    #[test]
    fn the_items_are_any_of_those_that_may_stand_there() {
        let string_or_integer = "items: {anyOf: [{type: string}, {type: integer}]}";
        let cases = [
            (
                "prefixItems: [{type: string}, {type: integer}], items: {not: {}}",
                format!("maxItems: 2, {string_or_integer}"),
            ),
            ("prefixItems: [{type: string}], items: {type: integer}", string_or_integer.to_owned()),
            (
                "prefixItems: [{type: string}, {type: integer}], minItems: 2, maxItems: 2",
                format!("minItems: 2, maxItems: 2, {string_or_integer}"),
            ),
            ("prefixItems: [{type: string}]", "items: {}".to_owned()),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(&after)), "{before}");
        }
    }

    #[test]
    fn an_order_that_is_lost_is_told() {
        let lost = schema("prefixItems: [{type: string}, {type: integer}], items: false");
        assert_eq!(apply_alone(&RULE, &lost).warnings.len(), 1);
        assert_eq!(apply_alone(&RULE, RULE.example.before).warnings, []);
    }
}
