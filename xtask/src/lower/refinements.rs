use indexmap::IndexMap;

use super::compositions::{is_object, properties, property_names, write_out};
use crate::{
    document::{ALTERNATIVES, Key, Kind, Node, Pointer, is_union, walk},
    rule::{Context, Example, Rule},
};

/// Restrictions that a union adds to the properties next to it are left to the server.
pub(super) const RULE: Rule = Rule {
    name: "refinements",
    summary: "a `oneOf` or `anyOf` whose branches add no properties to those next to it is \
              dropped; the properties of an `anyOf` of objects are merged with those next to it, \
              untyped if the branches differ",
    reason: "Such branches only restrict which properties may be combined. The generator would \
             create a type with all properties for each branch, or fail.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Check:
      type: object
      properties: {status: {type: string}, conclusion: {type: string}}
      oneOf:
        - {required: [conclusion], properties: {status: {enum: [done]}}}
        - {properties: {status: {enum: [queued]}}}
    Search:
      type: object
      required: [text]
      properties: {text: {type: string}}
      anyOf:
        - {type: object, required: [page], properties: {page: {type: integer}}}
        - {type: object, properties: {after: {type: string}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Check:
      type: object
      properties: {status: {type: string}, conclusion: {type: string}}
    Search:
      type: object
      required: [text]
      properties: {text: {type: string}, page: {type: integer}, after: {type: string}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut refined: Vec<(Pointer, Node)> = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema
            && let Some(schema) = refined_by_none(document, node)
        {
            refined.push((pointer.clone(), schema));
        }
    });
    if refined.is_empty() {
        return;
    }
    for (pointer, schema) in refined.into_iter().rev() {
        if let Some(node) = document.at_mut(&pointer) {
            *node = schema;
        }
        context.changed(pointer.to_string());
    }
    write_out(document, context);
}

/// The schema without unions that only refine it.
fn refined_by_none(document: &Node, schema: &Node) -> Option<Node> {
    is_union(schema).then_some(())?;
    let mut plain = schema.clone();
    plain.remove("oneOf");
    plain.remove("anyOf");
    let own = property_names(document, &plain);
    if own.is_empty() || !is_object(document, &plain) {
        return None;
    }
    let adds_none = |branch: &Node| {
        branch.reference_target().is_none() && property_names(document, branch).is_subset(&own)
    };
    let mut refined = schema.clone();
    for keyword in ALTERNATIVES {
        let branches = schema.get(keyword).and_then(Node::as_array).unwrap_or_default();
        if branches.is_empty() || !branches.iter().all(|branch| is_object(document, branch)) {
            continue;
        }
        if branches.iter().all(adds_none) {
            refined.remove(keyword);
        } else if keyword == "anyOf" {
            refined.remove(keyword);
            join(document, &mut refined, branches);
        }
    }
    (refined != *schema).then_some(refined)
}

/// Gives a schema the properties of the branches that it has not: each may be missing. What the
/// branches define differently is anything.
fn join(document: &Node, schema: &mut Node, branches: &[Node]) {
    let mut of_branches: IndexMap<&Key, Node> = IndexMap::new();
    for (name, property) in branches.iter().flat_map(|branch| properties(document, branch)) {
        let known = of_branches.entry(name).or_insert_with(|| property.clone());
        if without_words(known) != without_words(property) {
            *known = either(known, property);
        }
    }
    let Some(own) = schema.object_at("properties") else {
        return;
    };
    for (name, property) in of_branches {
        if own.get(name).is_none() {
            own.set(name, property);
        }
    }
}

/// What takes the values of both: of two enums one with all, of others anything.
fn either(one: &Node, other: &Node) -> Node {
    let values = |schema: &Node| schema.get("enum").and_then(Node::as_array).map(<[Node]>::to_vec);
    let (Some(mut all), Some(more)) = (values(one), values(other)) else {
        return Node::object(one.place, []);
    };
    if one.get_str("type") != other.get_str("type") {
        return Node::object(one.place, []);
    }
    let new: Vec<Node> = more.into_iter().filter(|value| !all.contains(value)).collect();
    all.extend(new);
    let mut united = one.clone();
    united.set("enum", Node::array(one.place, all));
    united
}

fn without_words(schema: &Node) -> Node {
    let mut schema = schema.clone();
    ["description", "example", "title"].iter().for_each(|word| drop(schema.remove(word)));
    schema
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn what_a_component_demands_as_a_branch_may_be_missing() {
        let text = |schema: &str| {
            format!(
                "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {schema}\n    B: {{type: object, required: [b], properties: {{a: {{type: integer}}, b: {{type: string}}}}}}\n"
            )
        };
        let before = text(
            "{type: object, properties: {a: {type: string}}, anyOf: [{$ref: '#/components/schemas/B'}, {type: object}]}",
        );
        let after = text("{type: object, properties: {a: {type: string}, b: {type: string}}}");
        assert_eq!(apply_alone(&RULE, &before).document, node(&after));
    }

    #[test]
    fn what_branches_define_differently_takes_the_values_of_all() {
        let text =
            |schema: &str| format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {schema}\n");
        let before = text(
            "{type: object, properties: {t: {type: string}}, anyOf: [{type: object, properties: {a: {type: string}, v: {type: string, enum: [x]}}}, {type: object, properties: {a: {type: integer}, v: {type: string, enum: [y]}}}]}",
        );
        let after = text(
            "{type: object, properties: {t: {type: string}, a: {}, v: {type: string, enum: [x, y]}}}",
        );
        assert_eq!(apply_alone(&RULE, &before).document, node(&after));
    }

    #[test]
    fn branches_with_properties_of_their_own_stay_in_a_one_of() {
        let text = "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {type: object, properties: {a: {type: string}}, oneOf: [{properties: {b: {type: string}}}, {required: [a]}]}\n    B: {oneOf: [{type: string}], properties: {a: {type: string}}}\n    C: {anyOf: [{type: object, properties: {a: {type: string}}}]}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}
