use std::collections::HashMap;

use super::Findings;
use crate::document::{Kind, Node, Pointer, folded, is_legal_in_component, operations, walk};

/// Names of components are legal, and operation ids don't fall together in Rust. Types of names
/// that differ by case or punctuation alone are the generator's business: see [`crate::limits`].
pub(super) fn check(findings: &mut Findings<'_>) {
    walk(findings.document, &mut |node, kind, pointer| {
        if kind == Kind::Components {
            check_components(findings, node, pointer);
        }
    });
    check_operation_ids(findings);
}

fn check_components(findings: &mut Findings<'_>, components: &Node, pointer: &Pointer) {
    let sections = components.members();
    let known = sections.filter(|(name, _)| Kind::Components.shape_of(name).is_some());
    for (section, definitions) in known {
        let pointer = pointer.join(&**section);
        for (name, _) in definitions.members() {
            let at = pointer.join(&**name);
            if name.is_empty() || !name.chars().all(is_legal_in_component) {
                let problem = format!("`{name}` is no legal component name");
                let remedy =
                    "letters, digits, `.`, `_` and `-` are: name it in [names] of the manifest";
                findings.add(&at, name.place, problem, remedy);
            }
        }
    }
}

fn check_operation_ids(findings: &mut Findings<'_>) {
    let mut ids: HashMap<String, (&str, String)> = HashMap::new();
    for operation in operations(findings.document) {
        let here = format!("{} {}", operation.method.to_uppercase(), operation.path);
        let Some(id) = operation.node.get("operationId") else {
            let problem = "an operation without `operationId` has no name in Rust";
            findings.add(&operation.pointer(), operation.method.place, problem, "give it one");
            continue;
        };
        let Some(text) = id.as_str() else {
            continue;
        };
        if let Some((first, there)) = ids.insert(folded(text), (text, here)) {
            let problem = format!("`{text}` and `{first}` of {there} are one name in Rust");
            let at = operation.pointer().join("operationId");
            findings.add(&at, id.place, problem, "give each operation its own id");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assert_found, with_operation, with_schemas};

    #[test]
    fn an_illegal_name_is_found() {
        assert_found(
            &with_schemas("A b: {type: string}"),
            &[(6, "/components/schemas/A b", "no legal component name")],
        );
    }

    #[test]
    fn an_extension_of_the_components_has_no_names_to_check() {
        let text = with_schemas("A: {type: string}");
        let text = text.replace("components:\n", "components:\n  x-meta: {'a b': 1, a-b: 2}\n");
        assert_found(&text, &[]);
    }

    #[test]
    fn names_that_differ_by_punctuation_alone_are_two() {
        let text = with_schemas("Override-Input: {type: string}\nOverrideInput: {type: object}");
        assert_found(&text, &[]);
    }

    #[test]
    fn two_operations_of_one_name_are_found_and_so_is_one_without() {
        let responses = "responses: {'200': {description: OK}}";
        let text = with_operation("/a", &format!("operationId: get-a\n{responses}"))
            + &format!(
                "    put:\n      operationId: getA\n      {responses}\n    post:\n      {responses}\n"
            );
        assert_found(
            &text,
            &[
                (9, "getA (/paths/~1a/put/operationId)", "`getA` and `get-a` of GET /a"),
                (11, "/paths/~1a/post", "without `operationId`"),
            ],
        );
    }
}
