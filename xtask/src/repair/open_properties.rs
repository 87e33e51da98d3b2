use crate::{
    document::{Node, Pointer, Value},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// What is said of the properties that are not named becomes `additionalProperties`.
pub(super) const RULE: Rule = Rule {
    name: "open-properties",
    summary: "`unevaluatedProperties` of a schema without parts becomes `additionalProperties`; so \
              do `patternProperties` where no others are allowed",
    reason: "`additionalProperties` is all that OpenAPI 3.0.3 has. Without parts the two mean the \
             same. That the patterns of the names are lost is told.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Closed:
      type: object
      properties: {a: {type: string}}
      unevaluatedProperties: false
    Labels:
      type: object
      patternProperties: {'^x-': {type: string}}
      additionalProperties: false
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Closed:
      type: object
      properties: {a: {type: string}}
      additionalProperties: false
    Labels:
      type: object
      additionalProperties: {type: string}
",
    },
    apply,
};

/// The keywords whose schemas take part in what is evaluated.
const PARTS: [&str; 8] =
    ["allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "$ref"];

/// Patterns that every name fits.
const ANY_NAME: [&str; 6] = ["", ".*", "^.*$", ".", ".+", "^.+$"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        close_evaluated(schema, at, notes);
        unite_patterns(schema, at, notes);
    });
}

fn close_evaluated(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    for (keyword, of_all) in
        [("unevaluatedProperties", "additionalProperties"), ("unevaluatedItems", "items")]
    {
        let Some(unevaluated) = schema.get(keyword) else {
            continue;
        };
        let has_parts = PARTS.iter().any(|part| schema.get(part).is_some());
        if is_anything(unevaluated) || (!has_parts && schema.get(of_all).is_some()) {
            notes.changed(format!("{keyword} at {at}"));
            schema.remove(keyword);
        } else if !has_parts && keyword == "unevaluatedProperties" {
            notes.changed(format!("{keyword} at {at}"));
            schema.rename(keyword, of_all);
        }
    }
}

fn unite_patterns(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(patterns) = schema.get("patternProperties").cloned() else {
        return;
    };
    let others = schema.get("additionalProperties").cloned();
    let takes_any_name = patterns.members().any(|(pattern, _)| ANY_NAME.contains(&&**pattern));
    let is_closed = others.as_ref().is_some_and(|others| others.value == Value::Boolean(false));
    let others = match others {
        _ if is_closed || (takes_any_name && patterns.members().count() == 1) => None,
        Some(others) if !is_anything(&others) => Some(others),
        // Any other property may be there too: the final rule keeps the patterns as they are.
        _ => return,
    };
    let mut distinct: Vec<Node> = Vec::new();
    for value in patterns.members().map(|(_, value)| value).chain(&others) {
        if !distinct.contains(value) {
            distinct.push(value.clone());
        }
    }
    notes.changed(format!("{} patterns at {at}", patterns.members().count()));
    if !takes_any_name {
        let problem = "OpenAPI 3.0.3 can't say which names a property may have";
        let remedy = "properties of other names are allowed, too";
        notes.warn(&at.join("patternProperties"), patterns.place, problem, remedy);
    }
    let values = match &distinct[..] {
        [] => Node::new(patterns.place, Value::Boolean(false)),
        [only] => only.clone(),
        _ => Node::object(patterns.place, [("anyOf", Node::array(patterns.place, distinct))]),
    };
    schema.remove("additionalProperties");
    schema.rename("patternProperties", "additionalProperties");
    schema.set("additionalProperties", values);
}

fn is_anything(node: &Node) -> bool {
    node.value == Value::Boolean(true) || node.as_object().is_some_and(|members| members.is_empty())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{type: object, {keywords}}}\n")
    }

    #[test]
    fn a_map_is_of_all_that_its_patterns_allow() {
        let cases = [
            ("patternProperties: {'.*': {type: string}}", "additionalProperties: {type: string}"),
            (
                "patternProperties: {a: {type: string}, b: {type: integer}}, additionalProperties: false",
                "additionalProperties: {anyOf: [{type: string}, {type: integer}]}",
            ),
            (
                "patternProperties: {a: {type: string}}, additionalProperties: {type: string}",
                "additionalProperties: {type: string}",
            ),
            ("unevaluatedProperties: {type: string}", "additionalProperties: {type: string}"),
            ("unevaluatedProperties: true, allOf: [{}]", "allOf: [{}]"),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
    }

    #[test]
    fn what_would_refuse_more_than_was_documented_is_left() {
        for keywords in [
            "patternProperties: {'^x': {type: string}}",
            "unevaluatedProperties: false, allOf: [{}]",
        ] {
            let text = schema(keywords);
            assert_eq!(apply_alone(&RULE, &text).document, node(&text), "{keywords}");
        }
    }
}
