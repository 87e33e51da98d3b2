use crate::{
    document::{Node, Pointer, Value},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// A tuple becomes a list of what may be in it.
pub(super) const RULE: Rule = Rule {
    name: "prefix-items",
    summary: "`prefixItems` (or `items` as a list) become `items` of any of them; `items: false` \
              behind them becomes `maxItems`",
    reason: "OpenAPI 3.0.3 can't say which item stands where. What the items are and how many \
             there can be at most is kept; that their order is lost is told.",
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
        name_as_of_late(schema);
        if let Some(Node { value: Value::Array(parts), place }) = schema.get("prefixItems").cloned()
        {
            notes.changed(format!("{} at {at}", parts.len()));
            schema.remove("prefixItems");
            unite(schema, Node::array(place, parts), at, notes);
        } else if is_none(schema.get("items")) {
            // No item fits: the list is empty.
            notes.changed(format!("no items at {at}"));
            cap(schema, 0);
            schema.remove("items");
        }
    });
}

/// The older drafts call them `items`, and `additionalItems` what follows them.
fn name_as_of_late(schema: &mut Node) {
    if schema.get("items").is_some_and(|items| items.as_array().is_some()) {
        schema.rename("items", "prefixItems");
        schema.rename("additionalItems", "items");
    }
}

fn unite(schema: &mut Node, parts: Node, at: &Pointer, notes: &mut Notes) {
    let place = parts.place;
    let count = parts.items().count();
    let has_rest_of_its_own = schema.get("items").is_some();
    if !has_rest_of_its_own {
        schema.rename("unevaluatedItems", "items");
    }
    let rest = schema.remove("items");
    if is_none(rest.as_ref()) {
        cap(schema, count);
    }
    let is_capped = schema.get("maxItems").is_some_and(|most| at_most(most, count));
    let mut distinct: Vec<Node> = Vec::new();
    let rest = match rest {
        _ if is_capped => None,
        Some(rest) if rest.value != Value::Boolean(true) => Some(rest),
        _ => Some(Node::object(place, [])),
    };
    for part in parts.items().chain(&rest) {
        if !distinct.contains(part) {
            distinct.push(part.clone());
        }
    }
    if distinct.len() > 1 {
        let problem = "OpenAPI 3.0.3 can't say which item of a list stands where";
        notes.warn(at, place, problem, "the items may be any of the documented ones");
    }
    let is_anything = |part: &Node| part.as_object().is_some_and(|members| members.is_empty());
    let items = match &mut distinct[..] {
        [] => Node::object(place, []),
        [only] => only.clone(),
        parts if parts.iter().any(is_anything) => Node::object(place, []),
        parts => Node::object(place, [("anyOf", Node::array(place, parts.to_vec()))]),
    };
    schema.set("items", items);
}

/// Whether no item fits.
fn is_none(items: Option<&Node>) -> bool {
    items.is_some_and(|items| {
        let is_anything = |node: &Node| node.as_object().is_some_and(|all| all.is_empty());
        let alone = items.as_object().is_some_and(|members| members.len() == 1);
        items.value == Value::Boolean(false) || (alone && items.get("not").is_some_and(is_anything))
    })
}

fn at_most(most: &Node, count: usize) -> bool {
    matches!(&most.value, Value::Number(number) if number.as_u64().is_some_and(|most| most <= count as u64))
}

fn cap(schema: &mut Node, count: usize) {
    if schema.get("maxItems").is_none_or(|most| !at_most(most, count)) {
        schema.set("maxItems", Node::new(schema.place, Value::Number(count.into())));
    }
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
            (
                "items: [{type: string}], additionalItems: false",
                "maxItems: 1, items: {type: string}".to_owned(),
            ),
            (
                "prefixItems: [{type: string}], unevaluatedItems: false",
                "maxItems: 1, items: {type: string}".to_owned(),
            ),
            ("items: {not: {}}", "maxItems: 0".to_owned()),
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
