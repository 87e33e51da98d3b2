use std::collections::HashSet;

use super::Findings;
use crate::document::{Node, Pointer, operations};

const LOCATIONS: [&str; 4] = ["path", "query", "header", "cookie"];

/// Every parameter is of a place that exists and is listed once.
pub(super) fn check(findings: &mut Findings<'_>) {
    for operation in operations(findings.document) {
        let pointer = operation.pointer();
        let mut seen = HashSet::new();
        let parameters = operation.node.get("parameters").into_iter().flat_map(Node::items);
        for (index, parameter) in parameters.enumerate() {
            let at = pointer.join("parameters").join(index.to_string());
            let Some(parameter) = resolved(findings.document, parameter) else {
                continue;
            };
            let (name, location) = (parameter.get_str("name"), parameter.get_str("in"));
            if let Some(location) = location.filter(|location| !LOCATIONS.contains(location)) {
                let problem = format!("a parameter in `{location}`");
                findings.add(
                    &at,
                    parameter.place,
                    problem,
                    format!("it can be in {}", LOCATIONS.join(", ")),
                );
            }
            if !seen.insert((name, location)) {
                let problem =
                    format!("the parameter `{}` is listed twice", name.unwrap_or_default());
                findings.add(&at, parameter.place, problem, "list it once");
            }
            if parameter.get("schema").is_none() && parameter.get("content").is_none() {
                let problem = format!("the parameter `{}` has no schema", name.unwrap_or_default());
                findings.add(&at, parameter.place, problem, "add one");
            }
        }
    }
}

/// A definition, or the one that a reference names.
pub(super) fn resolved<'a>(document: &'a Node, node: &'a Node) -> Option<&'a Node> {
    match node.reference_target() {
        Some(target) => document.at(&Pointer::from_reference(target)?),
        None => Some(node),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assert_found, with_operation};

    #[test]
    fn parameters_that_can_not_be_sent_are_found() {
        let parameters = "parameters:\n  - {name: a, in: body, schema: {type: string}}\n  - {name: b, in: query, schema: {type: string}}\n  - {name: b, in: query, schema: {type: string}}\n  - {name: c, in: query}\n";
        let text = with_operation(
            "/a",
            &format!("operationId: a\n{parameters}responses: {{'200': {{description: OK}}}}"),
        );
        assert_found(
            &text,
            &[
                (8, "parameters/0", "in `body`"),
                (10, "parameters/2", "listed twice"),
                (11, "parameters/3", "no schema"),
            ],
        );
    }
}
