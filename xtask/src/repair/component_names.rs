use std::collections::HashMap;

use crate::{
    document::{Key, Kind, Node, Renames, capitalised, is_legal_in_component},
    rule::{Context, Example, Rule},
};

/// Component names with illegal characters become legal.
pub(super) const RULE: Rule = Rule {
    name: "component-names",
    summary: "a component name loses the characters that are not allowed; the words they parted \
              begin with capitals, and every `$ref` follows",
    reason: "Only letters, digits, `.`, `_` and `-` are allowed. The documented name is built of \
             tag, operation and role, and stays so: it does not depend on other components. Two \
             names that would fall together are refused.",
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
                $ref: '#/components/schemas/My things_Response_200'
components:
  schemas:
    My things_Response_200:
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
                $ref: '#/components/schemas/MyThings_Response_200'
components:
  schemas:
    MyThings_Response_200:
      type: object
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut renames = Renames::default();
    let mut clashes = Vec::new();
    let sections = document.get("components").into_iter().flat_map(Node::members);
    let known = sections.filter(|(name, _)| Kind::Components.shape_of(name).is_some());
    for (section, definitions) in known {
        let mut names: HashMap<String, &Key> = HashMap::new();
        for (documented, _) in definitions.members() {
            let legal = legal_name(documented);
            if let Some(first) = names.insert(legal.clone(), documented) {
                clashes.push((section.clone(), documented.clone(), first.clone(), legal));
                continue;
            }
            if legal != **documented && !legal.is_empty() {
                renames.insert(section, documented, &legal);
                context.changed(format!("{documented} -> {legal}"));
            }
        }
    }
    for (section, documented, first, legal) in clashes {
        let pointer = ["components", &*section, &*documented].into_iter().collect();
        context.refuse(
            document,
            &pointer,
            documented.place,
            format!(
                "made legal, this name is `{legal}`, and so is `{first}` at line {}",
                first.place.line
            ),
            "name both in [names] of the manifest",
        );
    }
    renames.apply(document);
}

fn legal_name(documented: &str) -> String {
    if documented.chars().all(is_legal_in_component) {
        return documented.to_owned();
    }
    capitalised(documented, is_legal_in_component)
}

#[cfg(test)]
mod tests {
    use super::{RULE, legal_name};
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn legal_names_stay_and_others_lose_what_is_not_allowed() {
        let cases = [
            ("already.legal_Name-1", "already.legal_Name-1"),
            ("AI Task Builder_get_Response_200", "AITaskBuilder_get_Response_200"),
            ("type_:Episode", "Type_Episode"),
            ("a/b", "AB"),
            ("Größe", "GrE"),
            ("::", ""),
        ];
        for (documented, legal) in cases {
            assert_eq!(legal_name(documented), legal);
        }
    }

    #[test]
    fn two_names_that_fall_together_are_refused_with_both_places() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A B: {type: string}\n    AB: {type: object}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.findings.len(), 1);
        assert_eq!(applied.findings[0].place.line, 5);
        assert!(applied.findings[0].problem.contains("`A B` at line 4"));
    }

    #[test]
    fn discriminator_mappings_follow() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    'A B': {type: object}\n    C:\n      oneOf: [{$ref: '#/components/schemas/A%20B'}]\n      discriminator: {propertyName: t, mapping: {x: '#/components/schemas/A B', y: A B}}\n";
        let json = apply_alone(&RULE, text).document.to_json().unwrap();
        assert!(!json.contains("A B") && !json.contains("%20"), "{json}");
        assert_eq!(json.matches("\"#/components/schemas/AB\"").count(), 2);
    }

    #[test]
    fn an_extension_of_the_components_is_data() {
        let text = "openapi: 3.1.1\ncomponents:\n  x-meta: {'a b': 1}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}
