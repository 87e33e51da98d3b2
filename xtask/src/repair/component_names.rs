use std::collections::HashMap;

use crate::{
    document::{Document, Key, Kind, Node, Renames, capitalised, is_legal_in_component},
    rule::{Context, Example, Rule},
};

/// What some generators of documentation put in front of the package and the name of a type,
/// which a colon parts: `type_:Episode` is of the root package.
const TYPE: &str = "type_";

/// Component names with illegal characters become legal.
pub(super) const RULE: Rule = Rule {
    name: "component-names",
    summary: "removes invalid characters from a component name, capitalises the words that they \
              separated, and adapts every `$ref`",
    reason: "Only letters, digits, `.`, `_` and `-` are valid. The documented name consists of \
             tag, operation and role, and does not depend on other components of the page. Names \
             that would become the same are refused. In a name without valid letters, the \
             characters are spelled out.",
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
    let known =
        Document(document).sections().filter(|(name, _)| Kind::Components.shape_of(name).is_some());
    for (section, definitions) in known {
        let mut holders: HashMap<String, &Key> = HashMap::new();
        for (documented, _) in definitions.members() {
            let legal = legal_name(documented);
            if let Some(first) = holders.insert(legal.clone(), documented) {
                clashes.push((section.clone(), documented.clone(), first.clone(), legal));
            } else if legal != **documented {
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
                "this name becomes `{legal}`, and so does `{first}` at line {}",
                first.place.line
            ),
            "rename both under [names] in the manifest",
        );
    }
    for decoded in renames.apply(document) {
        context.changed(format!("{decoded} decoded"));
    }
}

fn is_legal(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_legal_in_component)
}

fn legal_name(documented: &str) -> String {
    if is_legal(documented) {
        return documented.to_owned();
    }
    let name = documented.strip_prefix(TYPE).filter(|name| name.contains(':'));
    match capitalised(name.unwrap_or(documented), is_legal_in_component) {
        name if name.is_empty() => spelled_out(documented),
        name => name,
    }
}

/// The name with the numbers of the characters that are not allowed.
fn spelled_out(documented: &str) -> String {
    let mut name = String::new();
    for c in documented.chars() {
        match is_legal_in_component(c) {
            true => name.push(c),
            false => name.push_str(&format!("_x{:X}_", u32::from(c))),
        }
    }
    name
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
            ("type_:Episode", "Episode"),
            ("type_users:Get user", "UsersGetUser"),
            ("type_Episode", "type_Episode"),
            ("a/b", "AB"),
            ("Größe", "GrE"),
            ("::", "_x3A__x3A_"),
            ("日", "_x65E5_"),
        ];
        for (documented, legal) in cases {
            assert_eq!(legal_name(documented), legal);
        }
    }

    #[test]
    fn names_that_would_be_one_are_refused_with_both_places() {
        for (first, second, legal) in
            [("A B", "AB", "AB"), ("A B", "A:B", "AB"), ("type_:A", "A", "A")]
        {
            let text = format!(
                "openapi: 3.1.1\ncomponents:\n  schemas:\n    '{first}': {{type: string}}\n    '{second}': {{type: object}}\n"
            );
            let applied = apply_alone(&RULE, &text);
            assert_eq!(applied.findings.len(), 1);
            assert_eq!(applied.findings[0].place.line, 5);
            let problem = format!("this name becomes `{legal}`, and so does `{first}` at line 4");
            assert!(applied.findings[0].problem.contains(&problem), "{:?}", applied.findings);
        }
        let apart =
            "openapi: 3.1.1\ncomponents: {schemas: {Override-Input: {}, OverrideInput: {}}}\n";
        assert_eq!(apply_alone(&RULE, apart).findings, []);
    }

    #[test]
    fn discriminator_mappings_follow() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    'A B': {type: object}\n    C:\n      oneOf: [{$ref: '#/components/schemas/A%20B'}]\n      discriminator: {propertyName: t, mapping: {x: '#/components/schemas/A B', y: A B}}\n";
        let json = apply_alone(&RULE, text).document.to_json().unwrap();
        assert!(!json.contains("A B") && !json.contains("%20"), "{json}");
        assert_eq!(json.matches("\"#/components/schemas/AB\"").count(), 2);
    }

    #[test]
    fn a_percent_encoded_reference_names_its_component_in_plain_letters() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A:\n      oneOf: [{$ref: '#/components/schemas/B%2EC'}, {$ref: '#/components/schemas/No%20where'}, {$ref: 'a%20b.yaml'}]\n      discriminator: {propertyName: t, mapping: {x: '#/components/schemas/B%2EC'}}\n    B.C: {type: object}\n";
        let plain = text.replace("B%2EC", "B.C").replace("No%20where", "No where");
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(&plain));
        assert_eq!(applied.changes.len(), 2, "{:?}", applied.changes);
    }

    #[test]
    fn what_requires_a_security_scheme_follows() {
        let text = "openapi: 3.1.1\nsecurity: [{My Key: []}]\ncomponents:\n  securitySchemes:\n    My Key: {type: http, scheme: bearer}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(&text.replace("My Key", "MyKey")));
    }

    #[test]
    fn an_extension_of_the_components_is_data() {
        let text = "openapi: 3.1.1\ncomponents:\n  x-meta: {'a b': 1}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}
