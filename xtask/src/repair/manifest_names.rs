use crate::{
    document::{Node, Renames},
    rule::{Context, Example, Rule},
};

/// Components are called what the manifest says.
pub(super) const RULE: Rule = Rule {
    name: "manifest-names",
    summary: "a schema that `[names]` of the manifest lists takes the name it gives",
    reason: "Documented names are made of paths and places (`ApiV1…ResponsesContent…Status`); \
             nobody wants to read them in Rust.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                $ref: >-
                  #/components/schemas/Get
                  Thing_Response_200
components:
  schemas:
    Get Thing_Response_200:
      type: object
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing'
components:
  schemas:
    Thing:
      type: object
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut renames = Renames::default();
    let schemas = document.get("components").and_then(|components| components.get("schemas"));
    let taken = |name: &str| schemas.is_some_and(|schemas| schemas.get(name).is_some());
    let mut clashes = Vec::new();
    for (documented, node) in schemas.into_iter().flat_map(Node::members) {
        let Some(name) = context.settings.names.get(&**documented) else {
            continue;
        };
        if **documented == *name {
            continue;
        }
        if taken(name) {
            clashes.push((documented.clone(), name.clone(), node.place));
            continue;
        }
        renames.insert("schemas", documented, name);
        context.changed(format!("{documented} -> {name}"));
    }
    for (documented, name, _) in clashes {
        let pointer = ["components", "schemas", &documented].into_iter().collect();
        context.refuse(
            document,
            &pointer,
            documented.place,
            format!("the manifest calls this schema `{name}`, which another one is called already"),
            "give it another name in [names]",
        );
    }
    renames.apply(document);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{manifest::Settings, rule::tests::apply};

    #[test]
    fn a_name_that_is_taken_is_refused() {
        let mut settings = Settings::default();
        settings.names.insert("A".to_owned(), "B".to_owned());
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {type: string}\n    B: {type: string}\n";
        let findings = apply(&RULE, &settings, text).findings;
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].place.line, findings[0].place.column), (4, 5));
    }
}
