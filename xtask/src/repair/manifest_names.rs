use std::collections::HashMap;

use crate::{
    document::{Document, Key, Node, Pointer, Renames},
    rule::{Context, Example, Rule},
};

/// Components are called what the manifest says.
pub(super) const RULE: Rule = Rule {
    name: "manifest-names",
    summary: "a schema listed under `[names]` in the manifest gets the name given there",
    reason: "Documented names are built from paths and locations \
             (`ApiV1…ResponsesContent…Status`), and are unreadable in Rust.",
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
    let names = &context.settings.names;
    let keys: Vec<Key> = Document(document).schemas().map(|(key, _)| key.clone()).collect();
    let new_name = |key: &Key| names.get(&**key).cloned().unwrap_or_else(|| key.to_string());
    let mut holders: HashMap<String, usize> = HashMap::new();
    keys.iter().for_each(|key| *holders.entry(new_name(key)).or_default() += 1);

    let mut renames = Renames::default();
    for documented in &keys {
        let name = new_name(documented);
        if **documented == *name {
            continue;
        }
        if holders.get(&name).is_some_and(|holders| *holders > 1) {
            refuse(document, documented, &name, context);
            continue;
        }
        renames.insert("schemas", documented, &name);
        context.changed(format!("{documented} -> {name}"));
    }
    if !renames.is_empty() {
        renames.apply(document);
    }
}

fn refuse(document: &Node, documented: &Key, name: &str, context: &mut Context<'_>) {
    context.refuse(
        document,
        &Pointer::to_schema(documented),
        documented.place,
        format!(
            "the manifest names this schema `{name}`, but another schema already has that \
                 name"
        ),
        "give it another name under [names]",
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        manifest::Settings,
        rule::tests::{apply, node},
    };

    #[test]
    fn a_name_that_is_taken_is_refused() {
        let mut settings = Settings::default();
        settings.names.insert("A".to_owned(), "B".to_owned());
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {type: string}\n    B: {type: string}\n";
        let findings = apply(&RULE, &settings, text).findings;
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].place.line, findings[0].place.column), (4, 5));
    }

    #[test]
    fn two_schemas_may_swap_their_names() {
        let mut settings = Settings::default();
        for (from, to) in [("A", "B"), ("B", "A")] {
            settings.names.insert(from.to_owned(), to.to_owned());
        }
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {type: string}\n    B: {allOf: [{$ref: '#/components/schemas/A'}]}\n";
        let applied = apply(&RULE, &settings, text);
        assert_eq!(applied.findings, []);
        let swapped = "openapi: 3.1.1\ncomponents:\n  schemas:\n    B: {type: string}\n    A: {allOf: [{$ref: '#/components/schemas/B'}]}\n";
        assert_eq!(applied.document, node(swapped));
    }
}
