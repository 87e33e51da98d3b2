use std::collections::{HashMap, HashSet};

use super::{
    names::{FreeNames, add_schemas},
    reach::{pascal, schemas},
};
use crate::{
    document::{Kind, Node, Pointer, walk_part, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// A composition inside of what it is composed of becomes a component.
pub(super) const RULE: Rule = Rule {
    name: "inner-compositions",
    summary: "an `allOf` that stands inline in a schema and leads back to it becomes a component",
    reason: "The generator writes the parts of such a schema out where it stands, and in them finds \
             it again, until its stack is full.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Tree:
      type: object
      properties:
        name: {type: string}
        child:
          allOf:
            - $ref: '#/components/schemas/Tree'
            - {type: object, properties: {weight: {type: number}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Tree:
      type: object
      properties:
        name: {type: string}
        child: {$ref: '#/components/schemas/TreeChild'}
    TreeChild:
      allOf:
        - $ref: '#/components/schemas/Tree'
        - {type: object, properties: {weight: {type: number}}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    hoist(document, context);
}

/// Makes components of the compositions that lead back to where they stand.
pub(super) fn hoist(document: &mut Node, context: &mut Context<'_>) {
    let leading = Leading::of(document);
    let owners: Vec<String> = schemas(document).map(|(name, _)| name.to_string()).collect();
    let mut names = FreeNames::of(document);
    let mut components = Vec::new();
    for owner in owners {
        let at = Pointer::to_schema(&owner);
        let Some(schema) = document.at_mut(&at) else {
            continue;
        };
        let mut to_owner = None;
        walk_part_mut(schema, Kind::Schema, &mut |node, kind, inner| {
            if kind != Kind::Schema || is_part(inner) || !is_composed(node) {
                return;
            }
            let to_owner = to_owner.get_or_insert_with(|| leading.to(&at));
            if targets(node).is_disjoint(to_owner) {
                return;
            }
            let name = names.take(&name(&owner, inner));
            let reference = Node::reference(node.place, &Pointer::to_schema(&name));
            context.changed(format!("{} is `{name}`", at.concat(inner)));
            components.push((name, std::mem::replace(node, reference)));
        });
    }
    add_schemas(document, components);
}

/// The components that refer to each component.
struct Leading(HashMap<Pointer, Vec<Pointer>>);

impl Leading {
    fn of(document: &Node) -> Self {
        let mut by_target: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
        for (name, schema) in schemas(document) {
            for target in targets(schema) {
                by_target.entry(target).or_default().push(Pointer::to_schema(name));
            }
        }
        Self(by_target)
    }

    /// A component, and all that lead to it.
    fn to(&self, component: &Pointer) -> HashSet<Pointer> {
        let mut leading = HashSet::from([component.clone()]);
        let mut open = vec![component];
        while let Some(at) = open.pop() {
            for from in self.0.get(at).into_iter().flatten() {
                if leading.insert(from.clone()) {
                    open.push(from);
                }
            }
        }
        leading
    }
}

fn targets(schema: &Node) -> HashSet<Pointer> {
    let mut targets = HashSet::new();
    walk_part(schema, Kind::Schema, &mut |node, _, _| {
        targets.extend(node.reference_target().and_then(Pointer::from_reference));
    });
    targets
}

/// Whether this is the component itself, or a part of an `allOf`, which is written out with it.
fn is_part(inner: &Pointer) -> bool {
    match inner.tokens()[..] {
        [] => true,
        [.., keyword, _] => keyword == "allOf",
        _ => false,
    }
}

/// Whether a schema is made of more than one part.
fn is_composed(schema: &Node) -> bool {
    let parts = schema.get("allOf").map_or(0, |parts| parts.items().count());
    let others = ["properties", "oneOf", "anyOf"];
    parts + others.iter().filter(|keyword| schema.get(keyword).is_some()).count() > 1
}

/// What it is called: its owner, and the properties that lead to it.
fn name(owner: &str, inner: &Pointer) -> String {
    let tokens = inner.tokens();
    let is_word = |index: &usize| {
        let behind_parts = index.checked_sub(1).is_some_and(|before| tokens[before] == "allOf");
        !behind_parts && !matches!(tokens[*index], "properties" | "allOf")
    };
    let words = (0..tokens.len()).filter(is_word).map(|index| pascal(tokens[index]));
    std::iter::once(pascal(owner)).chain(words).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schemas(text: &str) -> String {
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    {}\n", text.replace('\n', "\n    "))
    }

    #[test]
    fn what_does_not_lead_back_and_what_has_one_part_stays() {
        let text = schemas(
            "A: {type: object, properties: {b: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}, a: {nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}}}
B: {type: object}",
        );
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }

    #[test]
    fn a_way_back_through_others_counts_and_a_taken_name_is_not_taken_again() {
        let before = schemas(
            "A: {type: object, properties: {b: {type: array, items: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}}}}
B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}
AbItems: {type: string}",
        );
        let applied = apply_alone(&RULE, &before);
        assert_eq!(
            applied.changes,
            ["/components/schemas/A/properties/b/items is `ABItems2`"],
            "{}",
            applied.document.to_json().unwrap()
        );
    }
}
