use crate::{
    document::{Kind, Node, walk},
    rule::{Context, Example, Rule},
};

/// What the generator of the documentation says of a tag that it adds to a variant.
const MARKER: &str = "Discriminator value";

/// A variant of which a page has the tag alone.
pub(super) const RULE: Rule = Rule {
    name: "tags-alone",
    summary: "a variant on a page has only its tag, and others have more",
    reason: "The documentation's generator sometimes loses the fields of an inlined variant. There \
             may be none, so it is left as it is.",
    example: Example {
        before: "\
# Send

POST https://api.example.com/v1/send

```yaml
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
              description: 'Discriminator value: text'
            text:
              type: string
        - type: object
          properties:
            type:
              type: string
              enum: [video]
              description: 'Discriminator value: video'
```
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
              description: 'Discriminator value: text'
            text:
              type: string
        - type: object
          properties:
            type:
              type: string
              enum: [video]
              description: 'Discriminator value: video'
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    if context.page.is_none() {
        return;
    }
    let mut found = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        let Some(variants) = node.get("oneOf").filter(|_| kind == Kind::Schema) else {
            return;
        };
        let have_more = variants.items().any(|variant| !is_tag_alone(variant));
        let alone = variants.items().enumerate().filter(|(_, variant)| is_tag_alone(variant));
        for (index, variant) in alone.filter(|_| have_more) {
            found.push((pointer.join("oneOf").join(index.to_string()), variant.place));
        }
    });
    for (pointer, place) in found {
        let problem = "a variant has only its tag: the page may have lost its fields";
        let remedy = "compare it with an example on the page";
        context.warn(document, &pointer, place, problem, remedy);
    }
}

fn is_tag_alone(variant: &Node) -> bool {
    let properties = variant.get("properties").and_then(Node::as_object);
    let only = properties.filter(|properties| properties.len() == 1);
    only.and_then(|properties| properties.values().next())
        .is_some_and(|tag| tag.get_str("description").is_some_and(|text| text.starts_with(MARKER)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn the_variant_is_named_and_where_none_has_more_nothing_is_told() {
        let warnings = apply_alone(&RULE, RULE.example.before).warnings;
        assert_eq!(warnings[0].subject(), "/components/schemas/Part/oneOf/1");
        let none =
            RULE.example.before.replace("            text:\n              type: string\n", "");
        assert_eq!(apply_alone(&RULE, &none).warnings, []);
        assert_eq!(apply_alone(&RULE, RULE.example.after).warnings, []);
    }
}
