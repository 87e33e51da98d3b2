use super::cover::Cover;
use crate::{
    document::{Kind, Node, Pointer, is_mapped_to, walk},
    rule::{Context, Example, Rule},
};

/// The branches of a union come in an order in which the first that fits is the right one.
pub(super) const RULE: Rule = Rule {
    name: "union-order",
    summary: "a branch of a `oneOf` is placed before those that would also match its values; a \
              duplicate branch is removed",
    reason: "The generated code uses the first branch that matches: after `number`, an `integer` \
             is never read, and after an object with fewer properties, the additional ones are \
             lost without an error.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Amount:
      oneOf:
        - {type: number, description: How much.}
        - {type: integer}
        - {type: number}
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Named'
        - $ref: '#/components/schemas/Dog'
    Named: {type: object, required: [name], properties: {name: {type: string}}}
    Dog: {type: object, required: [name, barks], properties: {name: {type: string}, barks: {type: boolean}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Amount:
      oneOf:
        - {type: integer}
        - {type: number, description: How much.}
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Dog'
        - $ref: '#/components/schemas/Named'
    Named: {type: object, required: [name], properties: {name: {type: string}}}
    Dog: {type: object, required: [name, barks], properties: {name: {type: string}, barks: {type: boolean}}}
",
    },
    apply,
};

/// The relation between two branches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The second is tried first.
    SecondFirst,
    /// Either may be tried first.
    Any,
    /// Whichever is tried first takes the values of the other, and loses some of them.
    Indistinguishable,
}

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut unions: Vec<(Pointer, Vec<usize>)> = Vec::new();
    let mut mixed: Vec<(Pointer, String)> = Vec::new();
    let cover = Cover::of(document);
    walk(document, &mut |node, kind, pointer| {
        let branches = node.get("oneOf").and_then(Node::as_array).unwrap_or_default();
        if kind != Kind::Schema || branches.len() < 2 {
            return;
        }
        let is_told = is_told_by_mapping(node, branches);
        let order = ordered(&cover, branches, |first, second| {
            if !is_told {
                mixed.push((pointer.clone(), format!("{first} and {second}")));
            }
        });
        if !order.iter().copied().eq(0..branches.len()) {
            unions.push((pointer.clone(), order));
        }
    });
    for (pointer, branches) in mixed {
        let place = document.at(&pointer).map_or(document.place, |node| node.place);
        let problem = format!(
            "nothing tells the branches {branches} of this `oneOf` apart: the client always reads \
             the first"
        );
        let remedy = "give each a required property with an enum of a single value";
        context.warn(document, &pointer, place, problem, remedy);
    }
    for (pointer, order) in unions {
        let branches = document.at_mut(&pointer).and_then(|node| node.get_mut("oneOf"));
        if let Some(branches) = branches.and_then(Node::as_array_mut) {
            let ordered = order.iter().filter_map(|index| branches.get(*index).cloned());
            *branches = ordered.collect();
            context.changed(pointer.to_string());
        }
    }
}

/// Whether a discriminator says which values are of which branch.
fn is_told_by_mapping(union: &Node, branches: &[Node]) -> bool {
    let mapping = union.get("discriminator").and_then(|node| node.get("mapping"));
    let is_mapped = |branch: &Node| {
        mapping.into_iter().flat_map(Node::members).any(|(_, target)| is_mapped_to(target, branch))
    };
    branches.iter().all(is_mapped)
}

/// The indices of the branches in the order in which they are tried.
pub(super) fn ordered<'a>(
    cover: &Cover<'a>,
    branches: &'a [Node],
    mut is_mixed: impl FnMut(usize, usize),
) -> Vec<usize> {
    let is_again = |index: &usize| {
        branches[..*index].iter().any(|earlier| is_same(earlier, &branches[*index]))
    };
    let mut open: Vec<usize> = (0..branches.len()).filter(|index| !is_again(index)).collect();
    let mut behind: Vec<(usize, usize)> = Vec::new();
    for (position, first) in open.iter().enumerate() {
        for second in &open[position + 1..] {
            match order(cover, &branches[*first], &branches[*second]) {
                Order::SecondFirst => behind.push((*first, *second)),
                Order::Any => {}
                Order::Indistinguishable => is_mixed(*first, *second),
            }
            if order(cover, &branches[*second], &branches[*first]) == Order::SecondFirst {
                behind.push((*second, *first));
            }
        }
    }
    let mut ordered = Vec::new();
    while !open.is_empty() {
        let waits = |index: &usize| {
            behind.iter().any(|(late, early)| late == index && open.contains(early))
        };
        // A circle of branches that would each come first is broken at the first of them.
        let next = open.iter().position(|index| !waits(index)).unwrap_or(0);
        ordered.push(open.remove(next));
    }
    ordered
}

fn order<'a>(cover: &Cover<'a>, first: &'a Node, second: &'a Node) -> Order {
    if !cover.covers(first, second) {
        return Order::Any;
    }
    if !cover.covers(second, first) {
        return Order::SecondFirst;
    }
    match (cover.keeps_all_of(first, second), cover.keeps_all_of(second, first)) {
        (false, true) => Order::SecondFirst,
        (false, false) => Order::Indistinguishable,
        (true, _) => Order::Any,
    }
}

/// Whether two branches are one, however they are described.
fn is_same(first: &Node, second: &Node) -> bool {
    let without_words = |branch: &Node| {
        let mut branch = branch.clone();
        ["description", "title", "example"].into_iter().for_each(|word| drop(branch.remove(word)));
        branch
    };
    without_words(first) == without_words(second)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    fn union(branches: &str, schemas: &str) -> crate::rule::tests::Applied {
        let text = format!(
            "openapi: 3.0.3\ncomponents:\n  schemas:\n    U: {{oneOf: [{branches}]}}\n{schemas}"
        );
        apply_alone(&RULE, &text)
    }

    const A: &str = "    A: {type: object, properties: {a: {type: string}, b: {type: string}}}\n";

    #[test]
    fn branches_that_nothing_tells_apart_are_told_of() {
        let b = "    B: {type: object, properties: {c: {type: string}}}\n";
        let applied = union(
            "{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}",
            &format!("{A}{b}"),
        );
        assert_eq!(applied.warnings.len(), 1, "{:?}", applied.warnings);
        assert!(applied.changes.is_empty());
        let mapping = "], discriminator: {propertyName: k, mapping: {a: A, b: '#/components/schemas/B'}}, enum: [";
        let applied = union(
            &format!(
                "{{$ref: '#/components/schemas/A'}}, {{$ref: '#/components/schemas/B'}}{mapping}1"
            ),
            &format!("{A}{b}"),
        );
        assert_eq!(applied.warnings, []);
    }

    #[test]
    fn a_tag_tells_branches_apart_and_more_properties_come_first() {
        let b =
            A.replace("A:", "B:").replace("{a: {type: string}", "{a: {type: string, enum: [x]}");
        let schemas =
            format!("{}{b}", A.replace("a: {type: string}", "a: {type: string, enum: [y]}"));
        let refs = "{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}";
        let applied = union(refs, &schemas);
        assert!(applied.changes.is_empty() && applied.warnings.is_empty());
        let more = A.replace("A:", "B:").replace("b: {type", "c: {type: integer}, b: {type");
        let applied = union(refs, &format!("{A}{more}"));
        assert_eq!(applied.changes, ["/components/schemas/U"]);
        assert!(applied.warnings.is_empty());
    }

    #[test]
    fn what_is_open_comes_last_and_schemas_that_hold_themselves_come_to_an_end() {
        let applied = union(
            "{type: object, additionalProperties: true}, {$ref: '#/components/schemas/A'}",
            A,
        );
        assert_eq!(applied.changes, ["/components/schemas/U"]);
        let circle = "    C: {type: object, properties: {u: {$ref: '#/components/schemas/U'}}}\n";
        let applied = union("{$ref: '#/components/schemas/C'}, {type: string}", circle);
        assert!(applied.changes.is_empty());
    }
}
