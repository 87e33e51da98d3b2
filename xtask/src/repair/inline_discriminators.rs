use crate::{
    document::{Node, branches},
    notes::repair_schemas,
    rule::{Context, Example, Rule},
};

/// A discriminator between variants that have no names becomes an extension.
pub(super) const RULE: Rule = Rule {
    name: "inline-discriminators",
    summary: "a `discriminator` without a mapping, on inline variants, becomes `x-discriminator`",
    reason: "OpenAPI maps a tag to a schema by name, and ignores inline schemas, so every tag \
             would refer to nothing. Each variant lists its tag itself, so the variants still \
             exclude each other.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Part:
      oneOf:
        - type: object
          properties:
            type:
              type: string
              enum: [text]
          required: [type]
        - type: object
          properties:
            type:
              type: string
              enum: [video]
          required: [type]
      discriminator:
        propertyName: type
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Part:
      oneOf:
        - type: object
          properties:
            type:
              type: string
              enum: [text]
          required: [type]
        - type: object
          properties:
            type:
              type: string
              enum: [video]
          required: [type]
      x-discriminator:
        propertyName: type
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        if is_without_names(schema) {
            notes.set_aside(schema, "discriminator", at);
        }
    });
}

/// Whether no tag of the discriminator refers to a schema: a mapping is missing, and one variant at
/// least has no name that could be the tag.
fn is_without_names(schema: &Node) -> bool {
    let is_open = schema.get("discriminator").is_some_and(|node| node.get("mapping").is_none());
    is_open && branches(schema).any(|variant| variant.reference_target().is_none())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn nothing_documented_is_overwritten() {
        let text = "openapi: 3.1.1\ncomponents: {schemas: {A: {oneOf: [{type: object}], discriminator: {propertyName: t}, x-discriminator: mine}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!((applied.document, applied.findings.len()), (node(text), 1));
    }

    #[test]
    fn a_discriminator_that_leads_somewhere_stays() {
        for keywords in [
            "{oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: t}}",
            "{oneOf: [{type: object}], discriminator: {propertyName: t, mapping: {b: B}}}",
            "{type: object, discriminator: {propertyName: t}}",
            "{type: object, properties: {discriminator: {type: string}, oneOf: {type: array, items: {}}}}",
        ] {
            let text = format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {keywords}\n");
            let applied = apply_alone(&RULE, &text);
            assert_eq!(applied.document, node(&text), "{keywords}");
            assert!(applied.changes.is_empty());
        }
    }
}
