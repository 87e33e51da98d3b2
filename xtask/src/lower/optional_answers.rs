use std::collections::{BTreeMap, BTreeSet};

use super::reach::Reach;
use crate::{
    document::{ALTERNATIVES, Document, Kind, Node, Pointer, Value, walk_part, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// What answers carry is optional.
pub(super) const RULE: Rule = Rule {
    name: "optional-answers",
    summary: "in responses, `required` is dropped unless it tells the branches of a union apart, \
              and numbers in lists and maps become nullable",
    reason: "Relying on a required field means that a single row without it fails the whole list. \
             In a union with a discriminator, the discriminator stays required; in other unions, \
             whatever the branches require. A missing number in a list is sent as null, or as NaN, \
             which is read as null.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Pets:
      type: object
      required: [results]
      properties:
        results: {type: array, items: {$ref: '#/components/schemas/Pet'}}
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
      discriminator: {propertyName: kind}
    Cat:
      type: object
      required: [kind, name]
      properties:
        kind: {type: string, enum: [cat]}
        name: {type: string}
    Dog:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [dog]}
        weights: {type: array, items: {type: number}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Pets:
      type: object
      properties:
        results: {type: array, items: {$ref: '#/components/schemas/Pet'}}
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
      discriminator: {propertyName: kind}
    Cat:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [cat]}
        name: {type: string}
    Dog:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [dog]}
        weights: {type: array, items: {type: number, nullable: true}}
",
    },
    apply,
};

/// What stays required of the branches of unions: the discriminator, or all where there is none.
type Kept = BTreeMap<Pointer, Option<String>>;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let parts = Reach::of(document).answer_parts(document);
    let mut kept = Kept::new();
    for part in &parts {
        if let Some(node) = document.at(&part.pointer) {
            walk_part(node, part.kind, &mut |node, kind, inner| {
                if kind == Kind::Schema {
                    keep_of_branches(document, node, &part.pointer.concat(inner), &mut kept);
                }
            });
        }
    }
    let numbers: BTreeSet<String> = Document(document)
        .schemas()
        .filter(|(_, schema)| is_number(schema))
        .map(|(name, _)| Pointer::to_schema(name).to_reference())
        .collect();
    for part in &parts {
        let Some(node) = document.at_mut(&part.pointer) else {
            continue;
        };
        walk_part_mut(node, part.kind, &mut |node, kind, inner| {
            if kind != Kind::Schema {
                return;
            }
            let at = part.pointer.concat(inner);
            let is_relaxed = relax(node, kept.get(&at));
            if allow_null(node, &numbers) || is_relaxed {
                context.changed(at.to_string());
            }
        });
    }
}

fn keep_of_branches(document: &Node, schema: &Node, at: &Pointer, kept: &mut Kept) {
    let discriminator = schema.get("discriminator").and_then(|node| node.get_str("propertyName"));
    for union in ALTERNATIVES {
        let branches = schema.get(union).into_iter().flat_map(Node::items).enumerate();
        for (index, branch) in branches {
            let at = at.join(union).join(index.to_string());
            keep(document, branch, at, discriminator, kept);
        }
    }
}

/// Notes a branch, and the schemas that it is composed of.
fn keep(document: &Node, branch: &Node, at: Pointer, tag: Option<&str>, kept: &mut Kept) {
    let tag_of_all = kept.get(&at).is_none_or(|known| known.as_deref() == tag);
    let is_known = kept.contains_key(&at) && tag_of_all;
    // A branch of several unions keeps what all of them need.
    kept.insert(at.clone(), tag.filter(|_| tag_of_all).map(str::to_owned));
    if is_known {
        return;
    }
    let target = branch.reference_target().and_then(Pointer::from_reference);
    if let Some((target, definition)) =
        target.and_then(|at| document.at(&at).map(|node| (at, node)))
    {
        keep(document, definition, target, tag, kept);
    }
    for (index, part) in branch.get("allOf").into_iter().flat_map(Node::items).enumerate() {
        keep(document, part, at.join("allOf").join(index.to_string()), tag, kept);
    }
}

fn relax(schema: &mut Node, kept: Option<&Option<String>>) -> bool {
    match kept {
        Some(None) => false,
        None => schema.remove("required").is_some(),
        Some(Some(tag)) => {
            let Some(required) = schema.get_mut("required").and_then(Node::as_array_mut) else {
                return false;
            };
            let before = required.len();
            required.retain(|name| name.value == Value::String(tag.clone()));
            let (is_empty, is_less) = (required.is_empty(), required.len() < before);
            if is_empty {
                schema.remove("required");
            }
            is_less
        }
    }
}

fn is_number(schema: &Node) -> bool {
    matches!(schema.get_str("type"), Some("integer" | "number")) && schema.get("enum").is_none()
}

/// Makes the items of a list and the values of a map nullable if they are numbers. `numbers` are the
/// references to components that are numbers.
fn allow_null(schema: &mut Node, numbers: &BTreeSet<String>) -> bool {
    let mut is_allowed = false;
    for key in ["items", "additionalProperties"] {
        let Some(inner) = schema.get_mut(key).filter(|inner| !inner.is_true("nullable")) else {
            continue;
        };
        if inner.reference_target().is_some_and(|target| numbers.contains(target)) {
            let reference = std::mem::replace(inner, Node::object(inner.place, []));
            inner.set("allOf", Node::array(reference.place, [reference]));
        } else if !is_number(inner) {
            continue;
        }
        let place = inner.place;
        inner.set("nullable", Node { value: Value::Boolean(true), place });
        is_allowed = true;
    }
    is_allowed
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    const OBJECT: &str = "{type: object, required: [a, b], properties: {a: {type: string, enum: [x]}, b: {type: string}}}";

    #[test]
    fn what_requests_carry_stays_required() {
        let text = format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {OBJECT}}}}}}}\n      responses: {{}}\n"
        );
        assert!(apply_alone(&RULE, &text).changes.is_empty());
    }

    #[test]
    fn the_numbers_of_lists_and_maps_may_be_null_in_answers_alone() {
        let list = "{type: array, items: {$ref: '#/components/schemas/N'}}";
        let map = "{type: object, additionalProperties: {type: integer}}";
        let text = |list: &str, map: &str| {
            format!(
                "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {{type: array, items: {{type: number}}}}}}}}}}\n      responses: {{}}\ncomponents: {{schemas: {{N: {{type: number}}, M: {map}, L: {list}, E: {{type: array, items: {{type: integer, enum: [1]}}}}, S: {{type: array, items: {{type: string}}}}}}}}\n"
            )
        };
        let list_after =
            "{type: array, items: {allOf: [{$ref: '#/components/schemas/N'}], nullable: true}}";
        let map_after = "{type: object, additionalProperties: {type: integer, nullable: true}}";
        let applied = apply_alone(&RULE, &text(list, map));
        assert_eq!(applied.document, node(&text(list_after, map_after)));
    }

    #[test]
    fn a_union_without_a_discriminator_keeps_what_its_branches_require() {
        let text = format!(
            "openapi: 3.0.3\ncomponents:\n  schemas:\n    U: {{oneOf: [{{$ref: '#/components/schemas/A'}}, {{type: string}}]}}\n    A: {OBJECT}\n"
        );
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }

    #[test]
    fn a_branch_of_two_unions_keeps_what_both_need() {
        let text = format!(
            "openapi: 3.0.3\ncomponents:\n  schemas:\n    T: {{oneOf: [{{$ref: '#/components/schemas/A'}}, {{type: string}}], discriminator: {{propertyName: a}}}}\n    U: {{oneOf: [{{$ref: '#/components/schemas/A'}}, {{type: string}}]}}\n    A: {OBJECT}\n"
        );
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}
