use std::collections::HashMap;

use super::Findings;
use crate::document::{Kind, Node, Pointer, is_legal_in_component, operations, walk};

/// Names of components are legal, and operation ids are unique. Types of names
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
                let problem = format!("`{name}` is not a valid component name");
                let remedy = "only letters, digits, `.`, `_` and `-` are allowed: rename it under \
                              [names] in the manifest";
                findings.add(&at, name.place, problem, remedy);
            }
        }
    }
}

/// What an operation without an id is called, and ids that differ by case or punctuation alone, are
/// matters of the client: see [`crate::operation_names`].
fn check_operation_ids(findings: &mut Findings<'_>) {
    let mut ids: HashMap<&str, String> = HashMap::new();
    for operation in operations(findings.document) {
        let (method, line) = (operation.method.to_uppercase(), operation.method.place.line);
        let here = format!("{method} {} at line {line}", operation.path);
        let Some((id, text)) =
            operation.node.get("operationId").and_then(|id| Some((id, id.as_str()?)))
        else {
            continue;
        };
        if let Some(there) = ids.insert(text, here) {
            let problem = format!("`{text}` is also the id of {there}");
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
            &[(6, "/components/schemas/A b", "not a valid component name")],
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
    fn two_operations_of_one_id_are_found() {
        let responses = "responses: {'200': {description: OK}}";
        let text = with_operation("/a", &format!("operationId: get-a\n{responses}"))
            + &format!(
                "    put:\n      operationId: get-a\n      {responses}\n    patch:\n      operationId: getA\n      {responses}\n    post:\n      {responses}\n"
            );
        let subject = "get-a (/paths/~1a/put/operationId)";
        assert_found(&text, &[(9, subject, "also the id of GET /a at line 5")]);
    }
}
