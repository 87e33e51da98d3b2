use crate::{
    document::{Kind, Node, is_union, walk},
    rule::{Context, Example, Rule},
};

/// A schema whose subtypes are composed of it.
pub(super) const RULE: Rule = Rule {
    name: "subtypes",
    summary: "a schema has a `discriminator` and no `oneOf`: subtypes composed of it can replace \
              it",
    reason: "The client has a single type for the schema, with the properties of the base. What \
             the subtypes add is neither read nor sent.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind}
    Cat:
      allOf:
        - $ref: '#/components/schemas/Pet'
        - {type: object, properties: {purrs: {type: boolean}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind}
    Cat:
      allOf:
        - $ref: '#/components/schemas/Pet'
        - {type: object, properties: {purrs: {type: boolean}}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    walk(document, &mut |node, kind, at| {
        let key = node.get_key("discriminator").filter(|_| kind == Kind::Schema);
        let Some(key) = key.filter(|_| !is_union(node)) else {
            return;
        };
        let problem = "a `discriminator` without a `oneOf`: the client doesn't know the subtypes";
        let remedy = "where the schema is used, write a `oneOf` of its subtypes with this \
                      discriminator";
        context.warn(document, &at.join("discriminator"), key.place, problem, remedy);
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_base_is_told_where_it_stands_and_a_union_is_not() {
        let told = |text: &str| {
            let warnings = apply_alone(&RULE, text).warnings;
            warnings.iter().map(|warning| warning.subject()).collect::<Vec<_>>()
        };
        let text = RULE.example.before;
        assert_eq!(told(text), ["/components/schemas/Pet/discriminator"]);
        let base = "type: object\n      required: [kind]\n      properties: {kind: {type: string}}";
        for union in ["oneOf", "anyOf"] {
            let branches = format!("{union}: [{{$ref: '#/components/schemas/Cat'}}]");
            assert_eq!(told(&text.replace(base, &branches)), [""; 0]);
        }
        let part = format!(
            "allOf: [{{{}, discriminator: {{propertyName: kind}}}}]",
            base.replace("\n      ", ", ")
        );
        let text =
            text.replace(base, &part).replace("      discriminator: {propertyName: kind}\n", "");
        assert_eq!(told(&text), ["/components/schemas/Pet/allOf/0/discriminator"]);
        let property = "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {type: object, properties: {discriminator: {type: string}}}\n";
        assert_eq!(told(property), [""; 0]);
    }
}
