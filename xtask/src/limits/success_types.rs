use crate::{
    check::Findings,
    document::{Document, Node, is_json, operations},
};

/// The success responses of an operation must have the same type.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    for operation in operations(document) {
        let responses = operation.responses();
        let mut answers = responses
            .filter(|(status, _)| status.starts_with('2') || &***status == "default")
            .filter_map(|(status, response)| Some((status, Document(document).resolve(response)?)));
        let Some((first, answer)) = answers.next() else {
            continue;
        };
        let Some((status, _)) = answers.find(|(_, other)| !are_of_one_type(answer, other)) else {
            continue;
        };
        let problem =
            format!("the responses `{}` and `{}` have different types", &**first, &**status);
        let remedy = "the client reads all success responses as one type: give both the same \
                      schema, or remove one from the source";
        let at = operation.pointer().join("responses").join(&**status);
        findings.add(&at, status.place, problem, remedy);
    }
}

/// Whether the client reads both as one: nothing, the same bytes or the same schema.
fn are_of_one_type(one: &Node, other: &Node) -> bool {
    let media = |answer: &Node| {
        let (media, node) = answer.get("content")?.members().next()?;
        Some((media.to_string(), node.get("schema").cloned()))
    };
    let are_bytes = |media: &str| !is_json(media);
    match (media(one), media(other)) {
        (Some((one, schema)), Some((other, other_schema))) => {
            are_bytes(&one) && are_bytes(&other) || (one == other && schema == other_schema)
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    fn answers(first: &str, second: &str) -> String {
        format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      operationId: a\n      responses:\n        '200': {first}\n        '202': {second}\n        '400': {{description: No}}\n"
        )
    }

    #[test]
    fn answers_of_two_types_are_refused_and_of_one_are_taken() {
        let json =
            |name: &str| format!("{{content: {{application/json: {{schema: {{type: {name}}}}}}}}}");
        let none = "{description: None}";
        let bytes = "{content: {audio/mpeg: {}}}";
        for (first, second) in [
            (json("string"), json("integer")),
            (json("string"), none.to_owned()),
            (json("string"), bytes.to_owned()),
            (bytes.to_owned(), none.to_owned()),
        ] {
            let text = answers(&first, &second);
            assert_refused(&text, "a (/paths/~1a/get/responses/202)", "`200` and `202`");
        }
        assert_taken(&answers(&json("string"), &json("string")));
        assert_taken(&answers(bytes, "{content: {image/png: {}}}"));
        assert_taken(&answers(none, none));
    }
}
