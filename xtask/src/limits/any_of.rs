use crate::{
    check::Findings,
    document::{Document, Kind, Node, walk},
};

/// The generator makes a struct of an `anyOf`, with the branches flattened into it. That serves
/// objects; an answer that is anything else is never read.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    walk(document, &mut |node, kind, pointer| {
        let branches = node.get("anyOf").and_then(Node::as_array).unwrap_or_default();
        let is_object = |branch: &Node| {
            Document(document)
                .resolve(branch)
                .is_some_and(|branch| branch.get_str("type") == Some("object"))
        };
        if kind != Kind::Schema || branches.len() < 2 || branches.iter().all(is_object) {
            return;
        }
        let problem = "the client can't read an `anyOf` with a branch that is not an object";
        let remedy = "write `oneOf` if exactly one branch applies at a time";
        findings.add(&pointer.join("anyOf"), node.place, problem, remedy);
    });
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    fn schemas(branch: &str) -> String {
        format!(
            "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {{anyOf: [{{$ref: '#/components/schemas/B'}}, {branch}]}}\n    B: {{type: object}}\n"
        )
    }

    #[test]
    fn an_any_of_is_taken_where_all_are_objects() {
        assert_refused(&schemas("{type: string, enum: [a]}"), "/A/anyOf", "not an object");
        assert_taken(&schemas("{type: object}"));
    }
}
