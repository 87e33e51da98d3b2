use super::{enums::refer, names::define};
use crate::{
    document::{Kind, Node, Place, walk_mut},
    rule::{Context, Example, Rule},
};

/// What is secret gets a type that does not show it.
pub(super) const RULE: Rule = Rule {
    name: "secrets",
    summary: "strings that the facts mark with `x-secret: true` get the type for secrets, if the \
              manifest names one",
    reason: "Generated types print all fields in `Debug`, which ends up in logs: webhook secrets, \
             presigned links, passwords.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      properties:
        url: {type: string, x-secret: true}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      properties:
        url: {type: string}
",
    },
    apply,
};

/// The extension of a text that is secret.
pub(crate) const EXTENSION: &str = "x-secret";

/// The component that is replaced by the client's type for secrets.
pub(crate) const SECRET: &str = "Secret";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let has_secrets = context.settings.has_secrets;
    let mut secrets = 0;
    let mut refused = Vec::new();
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema || node.get(EXTENSION).is_none() {
            return;
        }
        let is_marked = node.is_true(EXTENSION);
        let is_text = node.get_str("type") == Some("string") && node.get("enum").is_none();
        let is_property = pointer.schema_component().is_none();
        if !(is_marked && is_text && is_property) {
            refused.push((pointer.clone(), node.place));
            return;
        }
        node.remove(EXTENSION);
        if has_secrets {
            refer(node, SECRET);
        }
        secrets += 1;
        context.changed(format!("{pointer} is a secret"));
    });
    for (pointer, place) in refused {
        context.refuse(
            document,
            &pointer,
            place,
            "`x-secret` must be `true`, and only applies to strings",
            "set `x-secret: true` on a property or a list item that is an unrestricted string",
        );
    }
    if has_secrets && secrets > 0 {
        define(document, SECRET, secret(document.place), context);
    }
}

fn secret(place: Place) -> Node {
    let text = |text: &str| Node::string(place, text);
    let members = [("type", "string"), ("description", "A secret.")];
    Node::object(place, members.map(|(key, value)| (key, text(value))))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        manifest::Settings,
        rule::tests::{apply, node},
    };

    fn settings() -> Settings {
        Settings { has_secrets: true, ..Settings::default() }
    }

    #[test]
    fn secrets_are_the_type_that_the_manifest_names() {
        let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: object, properties: {url: {type: string, format: uri, nullable: true, x-secret: true}, all: {type: array, items: {type: string, x-secret: true}}}}}}\n";
        let after = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: object, properties: {url: {nullable: true, allOf: [{$ref: '#/components/schemas/Secret'}]}, all: {type: array, items: {$ref: '#/components/schemas/Secret'}}}}, Secret: {type: string, description: A secret.}}}\n";
        assert_eq!(apply(&RULE, &settings(), text).document, node(after));
    }

    #[test]
    fn what_can_not_be_a_secret_is_refused() {
        for schema in [
            "{type: integer, x-secret: true}",
            "{type: string, x-secret: 'yes'}",
            "{type: string, x-secret: false}",
            "{type: string, enum: [a], x-secret: true}",
            "{$ref: '#/components/schemas/B', x-secret: true}",
        ] {
            let text = format!(
                "openapi: 3.0.3\ncomponents: {{schemas: {{A: {{type: object, properties: {{a: {schema}}}}}, B: {{type: string}}}}}}\n"
            );
            assert_eq!(apply(&RULE, &settings(), &text).findings.len(), 1, "{schema}");
        }
    }
}
