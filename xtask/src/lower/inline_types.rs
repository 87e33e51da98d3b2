use std::collections::HashSet;

use super::{
    reach::{pascal, schemas},
    types::{Clash, clashes},
};
use crate::{
    document::{Node, type_name},
    rule::{Context, Example, Rule},
};

/// A schema that stands inline gets a name of its own.
pub(super) const RULE: Rule = Rule {
    name: "inline-types",
    summary: "where the type of a schema that stands inline would be called like another type, it \
              gets a `title` that says what it belongs to",
    reason: "The generator names such a type by the way that leads to it, and takes whatever type \
             has that name already, without a word.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Foo:
      type: object
      properties:
        bar: {type: object, properties: {a: {type: string}}}
    FooBar: {type: string}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Foo:
      type: object
      properties:
        bar: {type: object, properties: {a: {type: string}}, title: FooBarOfFoo}
    FooBar: {type: string}
",
    },
    apply,
};

/// A new name may be taken as well; more often than this it never is.
const ROUNDS: usize = 3;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    for _ in 0..ROUNDS {
        let clashes = clashes(document);
        if clashes.is_empty() {
            return;
        }
        let mut taken: HashSet<String> =
            schemas(document).map(|(name, _)| type_name(name)).collect();
        taken.extend(clashes.iter().map(|clash| clash.name.clone()));
        for clash in clashes {
            name(document, &clash, &mut taken, context);
        }
    }
}

fn name(
    document: &mut Node,
    clash: &Clash,
    taken: &mut HashSet<String>,
    context: &mut Context<'_>,
) {
    if clash.second.schema_component().is_some() {
        return;
    }
    let title = candidates(clash).into_iter().find(|title| taken.insert(title.clone()));
    let node = document.at_mut(&clash.second);
    if let Some((node, title)) = node.zip(title) {
        context.changed(format!("{} is `{title}`", clash.second));
        node.set("title", Node::string(node.place, title));
    }
}

/// Names that tell it from the other, the shortest first.
fn candidates(clash: &Clash) -> Vec<String> {
    let name = &clash.name;
    let owner = match clash.second.tokens()[..] {
        ["paths", _, _, "responses", status, ..] => pascal(status),
        ["paths", path, method, ..] => format!("{}{}", pascal(method), pascal(path)),
        ["components", _, owner, ..] => pascal(owner),
        _ => String::new(),
    };
    let place: String = clash.second.tokens().iter().map(|token| pascal(token)).collect();
    let names = [format!("{name}Of{owner}"), format!("{name}Inline"), format!("{name}At{place}")];
    names.iter().map(|name| type_name(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn two_answers_of_one_title_are_two_types() {
        let answer = |property: &str| {
            format!(
                "{{content: {{application/json: {{schema: {{title: Item, type: object, properties: {{{property}: {{type: string}}}}}}}}}}}}"
            )
        };
        let text = format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    get: {{operationId: a, responses: {{'200': {}}}}}\n    put: {{operationId: b, responses: {{'201': {}}}}}\n",
            answer("x"),
            answer("y")
        );
        let json = apply_alone(&RULE, &text).document.to_json().unwrap();
        assert!(json.contains(r#""title": "Item""#), "{json}");
        assert!(json.contains(r#""title": "ItemOf201""#), "{json}");
        let alike = text.replace("{y:", "{x:");
        assert!(apply_alone(&RULE, &alike).changes.is_empty());
    }
}
