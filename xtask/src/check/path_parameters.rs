use super::Findings;
use crate::document::{Operation, operations};

/// Every variable of a path template is a required parameter, and every path parameter is a
/// variable of the template.
pub(super) fn check(findings: &mut Findings<'_>) {
    for operation in operations(findings.document) {
        check_operation(findings, &operation);
    }
}

fn check_operation(findings: &mut Findings<'_>, operation: &Operation<'_>) {
    let mut defined = operation.parameters(findings.document);
    defined.retain(|(_, parameter)| parameter.get_str("in") == Some("path"));
    let Some(variables) = variables(operation.path) else {
        let problem = format!("the braces in `{}` don't match", operation.path);
        findings.add(
            &operation.pointer(),
            operation.path.place,
            problem,
            "correct the path template",
        );
        return;
    };
    for variable in &variables {
        if !defined.iter().any(|(_, parameter)| parameter.get_str("name") == Some(variable)) {
            let problem = format!("the path variable `{{{variable}}}` has no parameter");
            let remedy = "define it under `parameters`, with `in: path`";
            findings.add(&operation.pointer(), operation.path.place, problem, remedy);
        }
    }
    for (_, parameter) in defined {
        let name = parameter.get_str("name").unwrap_or_default();
        if !variables.contains(&name) {
            let problem =
                format!("the path parameter `{name}` is not in the path `{}`", operation.path);
            findings.add(
                &operation.pointer(),
                parameter.place,
                problem,
                "correct the name or the path",
            );
        }
        if !parameter.is_true("required") {
            let problem = format!("the path parameter `{name}` is not `required: true`");
            findings.add(
                &operation.pointer(),
                parameter.place,
                problem,
                "add it: every part of a path is required",
            );
        }
    }
}

/// The names in braces; none where the braces don't match.
fn variables(path: &str) -> Option<Vec<&str>> {
    let mut pieces = path.split('{');
    if pieces.next()?.contains('}') {
        return None;
    }
    pieces
        .map(|piece| {
            let (name, rest) = piece.split_once('}')?;
            (!name.is_empty() && !rest.contains('}')).then_some(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::variables;
    use crate::check::tests::{assert_found, with_operation};

    #[test]
    fn a_path_parameter_without_a_definition_is_found_and_so_is_one_without_use() {
        let operation = "operationId: a\nparameters:\n  - {name: other, in: path, required: true, schema: {type: string}}\nresponses: {'200': {description: OK}}";
        assert_found(
            &with_operation("/a/{id}", operation),
            &[
                (4, "a (/paths/~1a~1{id}/get)", "the path variable `{id}` has no parameter"),
                (8, "a (", "`other` is not in the path"),
            ],
        );
    }

    #[test]
    fn an_optional_path_parameter_is_found() {
        let operation = "operationId: a\nparameters:\n  - {name: id, in: path, required: false, schema: {type: string}}\nresponses: {'200': {description: OK}}";
        assert_found(&with_operation("/a/{id}", operation), &[(8, "a (", "not `required: true`")]);
    }

    #[test]
    fn the_variables_of_a_template() {
        assert_eq!(variables("/a/{b}/c-{d}"), Some(vec!["b", "d"]));
        for path in ["/a/{b", "/a/b}", "/a/{}", "/a/{b}}"] {
            assert_eq!(variables(path), None, "{path}");
        }
    }
}
