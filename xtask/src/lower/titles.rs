use crate::{
    document::{ALTERNATIVES, Kind, Node, Pointer, walk_mut},
    rule::{Context, Example, Rule},
};

/// An inline schema is named after its position.
pub(super) const RULE: Rule = Rule {
    name: "titles",
    summary: "the `title` of an inline schema is dropped, or becomes its description if it has \
              none; the title of a union branch is kept, and names the variant",
    reason: "The generator would name types after titles, which are meant for readers: two schemas \
             with the same title would become one type, and a changed title would rename a type.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Item:
      title: Item
      type: object
      properties:
        price: {title: Price, oneOf: [{title: Text, type: string}, {type: number}]}
        note: {title: Note, type: string, description: For the buyer.}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Item:
      title: Item
      type: object
      properties:
        price: {oneOf: [{title: Text, type: string}, {type: number}], description: Price}
        note: {type: string, description: For the buyer.}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, at| {
        if kind != Kind::Schema || at.schema_component().is_some() || is_branch(at) {
            return;
        }
        let Some(title) = node.remove("title") else {
            return;
        };
        context.changed(at.to_string());
        if node.get("description").is_none() {
            node.set("description", title);
        }
    });
}

fn is_branch(at: &Pointer) -> bool {
    match at.tokens()[..] {
        [.., keyword, index] => {
            ALTERNATIVES.contains(&keyword) && index.chars().all(|c| c.is_ascii_digit())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn titles_stay_where_they_name_something() {
        let schema = "{title: One, type: object, properties: {title: {type: string}, items: {type: array, items: {title: Two, type: object}}}}";
        let text = format!(
            "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {schema}\n    B: {{anyOf: [{schema}]}}\n    C: {{type: object, properties: {{oneOf: {schema}}}, additionalProperties: {schema}}}\n"
        );
        let json = apply_alone(&RULE, &text).document.to_json().unwrap();
        assert_eq!(json.matches("\"title\": \"One\"").count(), 2, "{json}");
        assert_eq!(json.matches("\"description\": \"One\"").count(), 2, "{json}");
        assert_eq!(json.matches("\"title\": {").count(), 4, "{json}");
        assert_eq!(json.matches("\"description\": \"Two\"").count(), 4, "{json}");
    }
}
