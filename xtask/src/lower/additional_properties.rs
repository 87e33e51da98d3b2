use std::collections::HashSet;

use super::{cover::Cover, union_order::ordered};
use crate::{
    document::{Kind, Node, Pointer, Value, walk, walk_mut},
    rule::{Context, Example, Rule},
};

/// Objects may have properties that are not documented.
pub(super) const RULE: Rule = Rule {
    name: "additional-properties",
    summary: "`additionalProperties: false` is dropped where no union needs it to tell its branches \
              apart",
    reason: "The generated code would fail an answer on the day the server adds a property, and of \
             the parts of an `allOf` it would leave out what the closed ones don't name. What is \
             sent has no properties but the documented ones either way.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: object, properties: {a: {type: string}}, additionalProperties: false}
    Either:
      oneOf:
        - {type: object, properties: {a: {type: string}}, additionalProperties: false}
        - {type: object, properties: {b: {type: string}}, additionalProperties: false}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: object, properties: {a: {type: string}}}
    Either:
      oneOf:
        - {type: object, properties: {a: {type: string}}, additionalProperties: false}
        - {type: object, properties: {b: {type: string}}, additionalProperties: false}
",
    },
    apply,
};

const REST: &str = "additionalProperties";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let closed = closed_objects(document);
    if closed.is_empty() {
        return;
    }
    let mut opened = document.clone();
    open(&mut opened, &closed);
    let needed = needed_by_unions(document, &opened);
    let needless: HashSet<Pointer> =
        closed.into_iter().filter(|pointer| !needed.contains(pointer)).collect();
    open(document, &needless);
    let mut told: Vec<String> = needless.iter().map(Pointer::to_string).collect();
    told.sort();
    told.into_iter().for_each(|pointer| context.changed(pointer));
}

fn closed_objects(document: &Node) -> HashSet<Pointer> {
    let mut closed = HashSet::new();
    walk(document, &mut |node, kind, pointer| {
        let is_closed = || node.get(REST).is_some_and(|rest| rest.value == Value::Boolean(false));
        if kind == Kind::Schema && is_closed() {
            closed.insert(pointer.clone());
        }
    });
    closed
}

fn open(document: &mut Node, these: &HashSet<Pointer>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema && these.contains(pointer) {
            node.remove(REST);
        }
    });
}

/// The branches of the unions whose branches are told apart in another way once they are open.
fn needed_by_unions(document: &Node, opened: &Node) -> HashSet<Pointer> {
    let (closed_cover, open_cover) = (Cover::of(document), Cover::of(opened));
    let mut needed = HashSet::new();
    walk(document, &mut |node, kind, pointer| {
        let (Kind::Schema, Some(branches)) = (kind, branches(node)) else {
            return;
        };
        let Some(open_branches) = opened.at(pointer).and_then(self::branches) else {
            return;
        };
        if told_apart(&closed_cover, branches) != told_apart(&open_cover, open_branches) {
            let at = pointer.join("oneOf");
            needed.extend(branches.iter().enumerate().map(|(index, branch)| {
                let target = branch.reference_target().and_then(Pointer::from_reference);
                target.unwrap_or_else(|| at.join(index.to_string()))
            }));
        }
    });
    needed
}

fn branches(schema: &Node) -> Option<&[Node]> {
    schema.get("oneOf")?.as_array().filter(|branches| branches.len() > 1)
}

/// The order in which the branches are tried, and those that nothing tells apart.
fn told_apart<'a>(cover: &Cover<'a>, branches: &'a [Node]) -> (Vec<usize>, Vec<(usize, usize)>) {
    let mut mixed = Vec::new();
    let order = ordered(cover, branches, |first, second| mixed.push((first, second)));
    (order, mixed)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schemas(text: &str) -> String {
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    {}\n", text.replace('\n', "\n    "))
    }

    #[test]
    fn a_union_that_other_properties_tell_apart_does_not_need_it() {
        let tagged = "\
Either: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
A: {type: object, required: [kind], properties: {kind: {type: string, enum: [a]}}REST}
B: {type: object, required: [kind], properties: {kind: {type: string, enum: [b]}}REST}";
        let before = schemas(&tagged.replace("REST", ", additionalProperties: false"));
        let after = schemas(&tagged.replace("REST", ""));
        assert_eq!(apply_alone(&RULE, &before).document, node(&after));
    }

    #[test]
    fn a_component_that_a_union_needs_closed_stays_closed() {
        let text = schemas(
            "Either: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
A: {type: object, properties: {a: {type: string}}, additionalProperties: false}
B: {type: object, properties: {b: {type: string}}, additionalProperties: false}",
        );
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }

    #[test]
    fn objects_whose_other_properties_have_a_type_are_no_closed_ones() {
        let text = schemas("Map: {type: object, additionalProperties: {type: string}}");
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}
