use crate::{
    document::{Key, Node, Pointer, insert_at},
    rule::{Context, Example, Rule},
};

/// `webhooks` become `x-webhooks`.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "webhooks",
    summary: "`webhooks` become `x-webhooks`; empty `paths` are added if there are none",
    reason: "OpenAPI 3.0.3 has no webhooks; its tools read this extension. It requires `paths`, \
             which a document with only webhooks lacks.",
    example: Example {
        before: "\
openapi: 3.1.1
info: {title: T, version: '1'}
webhooks:
  created:
    post:
      responses:
        '200': {description: Got it.}
",
        after: "\
openapi: 3.1.1
info: {title: T, version: '1'}
paths: {}
x-webhooks:
  created:
    post:
      responses:
        '200': {description: Got it.}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let Some(webhooks) = document.get_key("webhooks").cloned() else {
        add_paths(document, context);
        return;
    };
    let count = document.get("webhooks").map_or(0, |webhooks| webhooks.members().count());
    let at = Pointer::from_iter(["webhooks"]);
    if document.get("x-webhooks").is_some() {
        let problem = "the document has both `webhooks` and `x-webhooks`";
        context.refuse(document, &at, webhooks.place, problem, "keep one of them");
        return;
    }
    let problem =
        format!("OpenAPI 3.0.3 has no webhooks: {count} of them are kept as `x-webhooks`");
    let remedy = "no client code is generated for them";
    context.warn(document, &at, webhooks.place, problem, remedy);
    context.changed(format!("{count} webhooks"));
    add_paths(document, context);
    document.rename("webhooks", "x-webhooks");
}

/// A document without paths is one of webhooks or components alone.
fn add_paths(document: &mut Node, context: &mut Context<'_>) {
    let has_others =
        ["webhooks", "x-webhooks", "components"].iter().any(|key| document.get(key).is_some());
    if document.get("paths").is_some() || !has_others {
        return;
    }
    let place = document.place;
    context.changed("no paths");
    if let Some(members) = document.as_object_mut() {
        let at = ["webhooks", "x-webhooks", "components"]
            .iter()
            .filter_map(|key| members.get_index_of(*key))
            .min();
        let key = Key::new(place, "paths");
        insert_at(members, at.unwrap_or(members.len()), key, Node::object(place, []));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn a_document_of_components_alone_gets_paths_and_an_empty_one_does_not() {
        let applied = apply_alone(&RULE, "openapi: 3.1.1\ncomponents: {}\n");
        assert_eq!(applied.document, node("openapi: 3.1.1\npaths: {}\ncomponents: {}\n"));
        assert!(apply_alone(&RULE, "openapi: 3.1.1\n").changes.is_empty());
    }

    #[test]
    fn webhooks_of_both_names_are_refused() {
        let applied = apply_alone(&RULE, "openapi: 3.1.1\nwebhooks: {}\nx-webhooks: {}\n");
        assert_eq!(applied.findings.len(), 1);
    }
}
