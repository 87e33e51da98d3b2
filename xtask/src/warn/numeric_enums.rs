use crate::{
    document::{Kind, Node, walk},
    rule::{Context, Example, Rule},
};

/// An enum of a page whose strings look like integers.
pub(super) const RULE: Rule = Rule {
    name: "numeric-enums",
    summary: "the values of a string enum of a page all look like integers",
    reason: "The documentation's generator writes every enum as strings. The page doesn't show \
             whether the API sends `8000` or `\"8000\"`, so it is left as it is.",
    example: Example {
        before: "\
# Get Rate

GET https://api.example.com/v1/rate

```yaml
openapi: 3.1.1
components:
  schemas:
    Rate:
      type: string
      enum: ['8000', '16000']
```
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Rate:
      type: string
      enum: ['8000', '16000']
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
        let values = node.get("enum").filter(|_| kind == Kind::Schema);
        let are_numbers = |values: &&Node| {
            let mut texts = values.items().map(Node::as_str).peekable();
            texts.peek().is_some() && texts.all(|text| text.is_some_and(is_integer))
        };
        if let Some(values) = values.filter(are_numbers) {
            found.push((pointer.join("enum"), values.place));
        }
    });
    for (pointer, place) in found {
        let problem = "an enum of strings that look like integers: the API may send numbers";
        let remedy = "they are kept as strings: compare them with a response of the API";
        context.warn(document, &pointer, place, problem, remedy);
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn words_among_the_numbers_are_as_they_should_be() {
        let warned = |values: &str| {
            let page = RULE.example.before.replace("['8000', '16000']", values);
            apply_alone(&RULE, &page).warnings.len()
        };
        for values in ["['8000', auto]", "['16:9']", "[]"] {
            assert_eq!(warned(values), 0, "{values}");
        }
        assert_eq!(warned("[8000, 16000]"), 1);
        assert_eq!(apply_alone(&RULE, RULE.example.after).warnings, []);
    }
}
