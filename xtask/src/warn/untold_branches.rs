use std::collections::HashSet;

use crate::{
    document::{Document, Kind, Node, is_mapped_to, walk},
    rule::{Context, Example, Rule},
};

/// A union that its discriminator does not tell apart.
pub(super) const RULE: Rule = Rule {
    name: "untold-branches",
    summary: "branches of a `oneOf` with a discriminator have no value for it, or the same value, \
              or the mapping refers to none of them",
    reason: "The client uses the first branch that matches. Without a distinct value, a branch \
             with fewer properties also matches values meant for others.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
      discriminator: {propertyName: kind}
    Cat: {type: object, properties: {kind: {type: string}}}
    Dog: {type: object, properties: {kind: {type: string, enum: [dog]}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
      discriminator: {propertyName: kind}
    Cat: {type: object, properties: {kind: {type: string}}}
    Dog: {type: object, properties: {kind: {type: string, enum: [dog]}}}
",
    },
    apply,
};

/// How deep the values of a branch are looked for: parts of parts.
const DEEPEST: usize = 8;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    walk(document, &mut |union, kind, at| {
        let Some(branches) = union.get("oneOf").filter(|_| kind == Kind::Schema) else {
            return;
        };
        let Some(discriminator) = union.get("discriminator") else {
            return;
        };
        let Some(tag) = discriminator.get_str("propertyName") else {
            return;
        };
        let mapping: Vec<_> =
            discriminator.get("mapping").into_iter().flat_map(Node::members).collect();
        for (value, target) in &mapping {
            if !branches.items().any(|branch| is_mapped_to(target, branch)) {
                let at = at.join("discriminator").join("mapping").join(&***value);
                let problem =
                    format!("`{}` is mapped to something that is not a branch", &***value);
                let remedy = "map it to a branch: until then the client keeps such values as JSON";
                context.warn(document, &at, target.place, problem, remedy);
            }
        }
        let mut seen = HashSet::new();
        for (index, branch) in branches.items().enumerate() {
            let mapped = mapping.iter().filter(|(_, target)| is_mapped_to(target, branch));
            let mut texts: Vec<_> = mapped.map(|(value, _)| Some(value.to_string())).collect();
            if texts.is_empty() {
                let listed = values(document, branch, tag, DEEPEST).unwrap_or_default();
                texts.extend(listed.iter().map(Node::as_text));
            }
            if !texts.is_empty() && texts.into_iter().all(|text| seen.insert(text)) {
                continue;
            }
            let at = at.join("oneOf").join(index.to_string());
            let problem = format!("this branch has no distinct value of `{tag}`");
            let remedy = "the client may read another branch as this one: make the property \
                          required, with an enum of the values that are sent";
            context.warn(document, &at, branch.place, problem, remedy);
        }
    });
}

/// The values that a branch lists for a property, at any depth.
fn values<'a>(document: &'a Node, schema: &'a Node, tag: &str, depth: usize) -> Option<&'a [Node]> {
    let depth = depth.checked_sub(1)?;
    let schema = Document(document).resolve(schema)?;
    let property = schema.get("properties").and_then(|properties| properties.get(tag));
    let listed = property.and_then(|property| enum_of(document, property, depth));
    let parts = || schema.get("allOf").into_iter().flat_map(Node::items);
    listed.or_else(|| parts().find_map(|part| values(document, part, tag, depth)))
}

fn enum_of<'a>(document: &'a Node, property: &'a Node, depth: usize) -> Option<&'a [Node]> {
    let depth = depth.checked_sub(1)?;
    let property = Document(document).resolve(property)?;
    let parts = || property.get("allOf").into_iter().flat_map(Node::items);
    let own = property.get("enum").and_then(Node::as_array);
    own.or_else(|| parts().find_map(|part| enum_of(document, part, depth)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    const ENUM: &str = "{type: string, enum: [cat]}";

    #[test]
    fn the_branch_is_named_that_is_not_told() {
        let warnings = apply_alone(&RULE, RULE.example.before).warnings;
        let subjects: Vec<_> = warnings.iter().map(|warning| warning.subject()).collect();
        assert_eq!(subjects, ["/components/schemas/Pet/oneOf/0"]);
        let told = RULE.example.before.replace("kind: {type: string}", &format!("kind: {ENUM}"));
        assert_eq!(apply_alone(&RULE, &told).warnings, []);
        let part = told.replace(
            "Cat: {type",
            "Cat: {allOf: [{$ref: '#/components/schemas/Base'}]}\n    Base: {type",
        );
        assert_eq!(apply_alone(&RULE, &part).warnings, []);
    }

    #[test]
    fn values_that_branches_share_tell_none_of_them() {
        let shared = "kind: {$ref: '#/components/schemas/Kind'}";
        let text = RULE.example.before.replace("kind: {type: string}", shared);
        let text = text.replace("kind: {type: string, enum: [dog]}", shared);
        let text = text + "    Kind: {type: string, enum: [cat, dog]}\n";
        assert_eq!(apply_alone(&RULE, &text).warnings.len(), 1);
    }

    #[test]
    fn a_mapping_tells_branches_and_one_that_leads_to_none_is_told_of() {
        let shared = "kind: {$ref: '#/components/schemas/Kind'}";
        let text = RULE.example.before.replace("kind: {type: string}", shared);
        let text = text.replace("kind: {type: string, enum: [dog]}", shared);
        let text = text + "    Kind: {type: string, enum: [cat, dog]}\n";
        let mapped = |mapping| {
            let with = format!("{{propertyName: kind, mapping: {mapping}}}");
            let text = text.replace("{propertyName: kind}", &with);
            let warnings = apply_alone(&RULE, &text).warnings;
            warnings.iter().map(|warning| warning.subject()).collect::<Vec<_>>()
        };
        assert_eq!(mapped("{cat: '#/components/schemas/Cat', dog: Dog}"), [""; 0]);
        assert_eq!(
            mapped("{cat: Cat, dog: Dog, cow: '#/components/schemas/Kind'}"),
            ["/components/schemas/Pet/discriminator/mapping/cow"]
        );
    }
}
