use std::collections::HashSet;

use super::Findings;
use crate::document::{Document, Kind, Node, Pointer, identity, walk};

const LOCATIONS: [&str; 4] = ["path", "query", "header", "cookie"];

/// Every parameter is of a place that exists, is listed once, and says what it is in one way.
pub(super) fn check(findings: &mut Findings<'_>) {
    walk(findings.document, &mut |node, kind, pointer| match kind {
        Kind::PathItem | Kind::Operation => check_list(findings, node, pointer),
        Kind::Parameter => {
            check_location(findings, node, pointer);
            check_form(findings, node, pointer);
        }
        Kind::Header => check_form(findings, node, pointer),
        _ => {}
    });
}

fn check_list(findings: &mut Findings<'_>, holder: &Node, pointer: &Pointer) {
    let mut seen = HashSet::new();
    let parameters = holder.get("parameters").into_iter().flat_map(Node::items);
    for (index, parameter) in parameters.enumerate() {
        let Some(resolved) = Document(findings.document).resolve(parameter) else {
            continue;
        };
        if !seen.insert(identity(resolved)) {
            let name = resolved.get_str("name").unwrap_or_default();
            let problem = format!("the parameter `{name}` is listed twice");
            let at = pointer.join("parameters").join(index.to_string());
            findings.add(&at, parameter.place, problem, "list it once");
        }
    }
}

fn check_location(findings: &mut Findings<'_>, parameter: &Node, pointer: &Pointer) {
    let location = parameter.get_str("in");
    if let Some(location) = location.filter(|location| !LOCATIONS.contains(location)) {
        let problem = format!("`{location}` is not a valid parameter location");
        let remedy = format!("use one of {}", LOCATIONS.join(", "));
        findings.add(pointer, parameter.place, problem, remedy);
    }
}

/// A schema, or a content of one media type.
fn check_form(findings: &mut Findings<'_>, node: &Node, pointer: &Pointer) {
    if node.reference_target().is_some() {
        return;
    }
    let name = node.get_str("name").map_or_else(String::new, |name| format!(" `{name}`"));
    let media = node.get("content").map(|content| content.members().count());
    let (problem, remedy) = match (node.get("schema"), media) {
        (None, None) => ("has no schema", "add one"),
        (Some(_), Some(_)) => {
            ("has both `schema` and `content`", "keep the one that describes what is sent")
        }
        (None, Some(media)) if media != 1 => {
            ("needs exactly one media type", "keep one media type")
        }
        _ => return,
    };
    let what = if node.get("in").is_some() { "parameter" } else { "header" };
    findings.add(pointer, node.place, format!("the {what}{name} {problem}"), remedy);
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
                (8, "parameters/0", "`body` is not a valid parameter location"),
                (10, "parameters/2", "listed twice"),
                (11, "parameters/3", "no schema"),
            ],
        );
    }

    #[test]
    fn parameters_of_a_path_are_looked_at_too() {
        let text = with_operation("/a", "operationId: a\nresponses: {'200': {description: OK}}");
        let shared = "  /a:\n    parameters:\n      - {name: x, in: nowhere, schema: {type: string}}\n      - {name: y, in: query}\n      - {name: y, in: query, schema: {type: string}}\n";
        assert_found(
            &text.replace("  /a:\n", shared),
            &[
                (6, "/paths/~1a/parameters/0", "`nowhere` is not a valid parameter location"),
                (7, "/paths/~1a/parameters/1", "`y` has no schema"),
                (8, "/paths/~1a/parameters/2", "listed twice"),
            ],
        );
    }

    #[test]
    fn a_parameter_says_in_one_way_what_it_is() {
        let parameters = "parameters:\n  - {name: a, in: query, schema: {type: string}, content: {application/json: {}}}\n  - {name: b, in: query, content: {}}\n";
        let text = with_operation(
            "/a",
            &format!("operationId: a\n{parameters}responses: {{'200': {{description: OK}}}}"),
        );
        assert_found(
            &text,
            &[
                (8, "parameters/0", "`a` has both `schema` and `content`"),
                (9, "parameters/1", "`b` needs exactly one media type"),
            ],
        );
    }
}
