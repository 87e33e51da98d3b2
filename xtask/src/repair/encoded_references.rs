use std::collections::HashSet;

use crate::{
    document::{Kind, Node, Pointer, Value, walk_mut},
    rule::{Context, Example, Rule},
};

/// A percent-encoded reference names its component in plain letters.
pub(super) const RULE: Rule = Rule {
    name: "encoded-references",
    summary: "a percent-encoded `$ref` to a component is decoded",
    reason: "It is a URI, and may be encoded; but generators look for the name as it is written.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      allOf:
        - $ref: '#/components/schemas/B%2EC'
    B.C:
      type: string
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      allOf:
        - $ref: '#/components/schemas/B.C'
    B.C:
      type: string
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let known = components(document);
    walk_mut(document, &mut |node, kind, _| {
        if kind.takes_reference()
            && let Some(reference) = node.get_mut("$ref")
        {
            decode(reference, &known, context);
        }
        if kind == Kind::Discriminator
            && let Some(mapping) = node.get_mut("mapping")
        {
            mapping.members_mut().for_each(|(_, target)| decode(target, &known, context));
        }
    });
}

/// The pointers to all components.
fn components(document: &Node) -> HashSet<Pointer> {
    let sections = document.get("components").into_iter().flat_map(Node::members);
    let all = sections.flat_map(|(section, definitions)| {
        let names = definitions.members().map(|(name, _)| name);
        names.map(|name| Pointer::from_iter(["components", &**section, &**name]))
    });
    all.collect()
}

fn decode(reference: &mut Node, known: &HashSet<Pointer>, context: &mut Context<'_>) {
    let Some(text) = reference.as_str().filter(|text| text.contains('%')) else {
        return;
    };
    let target = Pointer::from_reference(text).filter(|target| known.contains(target));
    let Some(plain) = target.map(|target| target.to_reference()).filter(|plain| plain != text)
    else {
        return;
    };
    context.changed(&*plain);
    reference.value = Value::String(plain);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn a_mapping_is_decoded_and_what_leads_nowhere_stays_for_the_check() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A:\n      oneOf: [{$ref: '#/components/schemas/B%20C'}, {$ref: '#/components/schemas/%20'}]\n      discriminator: {propertyName: t, mapping: {b: '#/components/schemas/B%20C', c: '%20'}}\n    B C: {type: object}\n";
        let expected = text.replace("B%20C", "B C");
        assert_eq!(apply_alone(&RULE, text).document, node(&expected));
    }
}
