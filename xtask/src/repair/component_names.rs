use std::collections::HashMap;

use crate::{
    document::{Key, Kind, Node, Renames, capitalised, is_legal_in_component},
    rule::{Context, Example, Rule},
};

/// What some generators of documentation put in front of the package and the name of a type,
/// which a colon parts: `type_:Episode` is of the root package.
const TYPE: &str = "type_";

/// Component names with illegal characters become legal.
pub(super) const RULE: Rule = Rule {
    name: "component-names",
    summary: "a component name loses the characters that are not allowed; the words they parted \
              begin with capitals, and every `$ref` follows",
    reason: "Only letters, digits, `.`, `_` and `-` are allowed. The documented name is built of \
             tag, operation and role, and stays so: it does not depend on other components. Names \
             that would fall together spell out what is not allowed (`A B` -> `A_x20_B`), as they \
             are of different things.",
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
        let names: Vec<&Key> = definitions.members().map(|(name, _)| name).collect();
        let legal = legal_names(&names);
        let mut holders: HashMap<&str, &Key> = HashMap::new();
        for (documented, legal) in names.into_iter().zip(&legal) {
            if let Some(first) = holders.insert(legal, documented) {
                clashes.push((section.clone(), documented.clone(), first.clone(), legal.clone()));
            } else if *legal != **documented {
                renames.insert(section, documented, legal);
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
    for decoded in renames.apply(document) {
        context.changed(format!("{decoded} decoded"));
    }
}

/// A legal name for each. Those that would fall together with another one are spelled out.
fn legal_names(documented: &[&Key]) -> Vec<String> {
    let short: Vec<String> = documented.iter().map(|name| legal_name(name)).collect();
    let mut holders: HashMap<&str, usize> = HashMap::new();
    short.iter().for_each(|name| *holders.entry(name).or_default() += 1);
    let is_free = |name: &str| !name.is_empty() && holders.get(name) == Some(&1);
    let pairs = documented.iter().zip(&short);
    pairs
        .map(|(documented, short)| match is_free(short) || is_legal(documented) {
            true => short.clone(),
            false => spelled_out(documented),
        })
        .collect()
}

fn is_legal(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_legal_in_component)
}

fn legal_name(documented: &str) -> String {
    if is_legal(documented) {
        return documented.to_owned();
    }
    let name = documented.strip_prefix(TYPE).filter(|name| name.contains(':'));
    capitalised(name.unwrap_or(documented), is_legal_in_component)
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
            ("::", ""),
        ];
        for (documented, legal) in cases {
            assert_eq!(legal_name(documented), legal);
        }
    }

    fn names(text: &str) -> Vec<String> {
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.findings, []);
        let schemas =
            applied.document.at(&["components", "schemas"].into_iter().collect()).cloned();
        schemas.unwrap().members().map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn two_names_never_become_one() {
        let cases = [
            (["A B", "AB"], ["A_x20_B", "AB"]),
            (["A B", "A:B"], ["A_x20_B", "A_x3A_B"]),
            (["type_:A", "A"], ["type__x3A_A", "A"]),
            (["Override-Input", "OverrideInput"], ["Override-Input", "OverrideInput"]),
            (["::", "日"], ["_x3A__x3A_", "_x65E5_"]),
        ];
        for ([first, second], expected) in cases {
            let text = format!(
                "openapi: 3.1.1\ncomponents:\n  schemas:\n    '{first}': {{type: string}}\n    '{second}': {{$ref: '#/components/schemas/{first}'}}\n"
            );
            assert_eq!(names(&text), expected);
            let target = format!("\"#/components/schemas/{}\"", expected[0]);
            let json = apply_alone(&RULE, &text).document.to_json().unwrap();
            assert!(json.contains(&target), "{json}");
        }
    }

    #[test]
    fn a_name_that_looks_like_one_spelled_out_is_refused_with_both_places() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A B: {type: string}\n    AB: {type: object}\n    A_x20_B: {type: object}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.findings.len(), 1);
        assert_eq!(applied.findings[0].place.line, 6);
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
