use std::collections::HashSet;

use super::{cover::Cover, reach::Reach, union_order::ordered};
use crate::{
    document::{Kind, Node, Pointer, Value, walk, walk_mut, walk_part},
    rule::{Context, Example, Rule},
};

/// Objects may have properties that are not documented.
pub(super) const RULE: Rule = Rule {
    name: "additional-properties",
    summary: "`additionalProperties: false` is dropped unless a union needs it to tell its \
              branches apart",
    reason: "Otherwise the generated code would reject a response as soon as the server adds a \
             property, and would omit properties of an `allOf` that its closed parts don't list. \
             Requests contain only documented properties in either case.",
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
    let needed = needed_by_unions(document, &opened, &closed);
    let needless: HashSet<Pointer> =
        closed.into_iter().filter(|pointer| !needed.contains(pointer)).collect();
    open(document, &needless);
    let mut told: Vec<String> = needless.iter().map(Pointer::to_string).collect();
    told.sort();
    told.into_iter().for_each(|pointer| context.changed(pointer));
}

/// The objects that have no properties but those that are named. One that has none at all is left
/// where only requests carry it: as a map it would ask for properties.
fn closed_objects(document: &Node) -> HashSet<Pointer> {
    let reach = Reach::of(document);
    let is_asked = |pointer: &Pointer| match pointer.tokens()[..] {
        ["components", "schemas", name, ..] => !reach.by_answers(name),
        ["paths", _, _, "requestBody" | "parameters", ..] => true,
        _ => false,
    };
    let mut closed = HashSet::new();
    walk(document, &mut |node, kind, pointer| {
        let is_closed = || node.get(REST).is_some_and(|rest| rest.value == Value::Boolean(false));
        let is_empty = || node.get("properties").is_none() && node.get("allOf").is_none();
        if kind == Kind::Schema && is_closed() && !(is_empty() && is_asked(pointer)) {
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

/// The closed objects in branches of unions whose branches would be distinguished differently if
/// these were open.
fn needed_by_unions(document: &Node, opened: &Node, closed: &HashSet<Pointer>) -> HashSet<Pointer> {
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
            keep(document, pointer.join("oneOf"), closed, &mut needed);
        }
    });
    needed
}

/// Keeps what is closed in a part of the document, and in what it refers to.
fn keep(document: &Node, part: Pointer, closed: &HashSet<Pointer>, needed: &mut HashSet<Pointer>) {
    let mut seen = HashSet::from([part.clone()]);
    let mut open = vec![part];
    while let Some(part) = open.pop() {
        let Some(node) = document.at(&part) else {
            continue;
        };
        walk_part(node, Kind::Schema, &mut |node, _, inner| {
            let at = part.concat(inner);
            if closed.contains(&at) {
                needed.insert(at);
            }
            let target = node.reference_target().and_then(Pointer::from_reference);
            open.extend(target.filter(|target| seen.insert(target.clone())));
        });
    }
}

fn branches(schema: &Node) -> Option<&[Node]> {
    schema.get("oneOf")?.as_array().filter(|branches| branches.len() > 1)
}

/// The order in which the branches are tried, and which of them take the values of which others.
fn told_apart<'a>(cover: &Cover<'a>, branches: &'a [Node]) -> (Vec<usize>, Vec<bool>) {
    let order = ordered(cover, branches, |_, _| {});
    let covers = |outer| branches.iter().map(move |inner| cover.covers(outer, inner));
    (order, branches.iter().flat_map(covers).collect())
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
    fn what_is_closed_inside_of_branches_and_behind_their_titles_stays_closed() {
        for text in [
            "Either: {oneOf: [{type: object, required: [x], properties: {x: {type: object, properties: {a: {type: string}}, additionalProperties: false}}}, {type: object, required: [x], properties: {x: {type: object, properties: {b: {type: string}}, additionalProperties: false}}}]}",
            "Either: {oneOf: [{title: One, allOf: [{$ref: '#/components/schemas/A'}]}, {title: Two, allOf: [{$ref: '#/components/schemas/B'}]}]}
A: {type: object, properties: {a: {type: string}}, additionalProperties: false}
B: {type: object, properties: {b: {type: string}}, additionalProperties: false}",
        ] {
            let text = schemas(text);
            assert_eq!(apply_alone(&RULE, &text).document, node(&text));
        }
    }

    #[test]
    fn an_empty_object_that_is_sent_stays_closed() {
        let text = "openapi: 3.0.3\npaths: {/a: {put: {requestBody: {content: {application/json: {schema: {type: object, additionalProperties: false}}}}, responses: {}}}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }

    #[test]
    fn objects_whose_other_properties_have_a_type_are_no_closed_ones() {
        let text = schemas("Map: {type: object, additionalProperties: {type: string}}");
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}
