use crate::{
    document::{Node, operations},
    rule::{Context, Example, Rule},
};

/// A 200 of which nothing is said but that it comes.
pub(super) const RULE: Rule = Rule {
    name: "answers-without-content",
    summary: "the 200 response of a GET, or on a page of any operation except a DELETE, has no \
              content",
    reason: "Pages about files lose the media type of the response, and the client ignores the \
             body of a response without one.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /things/{id}/audio:
    get:
      operationId: get-audio
      responses:
        '200':
          description: Successful response
",
        after: "\
openapi: 3.1.1
paths:
  /things/{id}/audio:
    get:
      operationId: get-audio
      responses:
        '200':
          description: Successful response
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    let is_page = context.page.is_some();
    for operation in operations(document) {
        let has_body = match &**operation.method {
            "get" => true,
            "head" | "delete" | "options" => false,
            _ => is_page,
        };
        let responses = operation.node.get("responses").filter(|_| has_body);
        let Some((responses, answer)) = responses.and_then(|all| Some((all, all.get("200")?)))
        else {
            continue;
        };
        if answer.get("content").is_some() || answer.reference_target().is_some() {
            continue;
        }
        let place = responses.get_key("200").map_or(answer.place, |key| key.place);
        let at = operation.pointer().join("responses").join("200");
        let problem = "no content is documented for this response, so the client ignores its body";
        let remedy = "if the API sends a body, such as a file, document its media type where this \
                      is published";
        context.warn(document, &at, place, problem, remedy);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn what_deletes_and_what_has_content_or_another_status_has_no_warning() {
        let text = RULE.example.before;
        for other in [
            text.replace("get:", "delete:"),
            text.replace("get:", "post:"),
            text.replace("'200'", "'204'"),
            text.replace("Successful response", "D\n          content: {audio/mpeg: {}}"),
        ] {
            assert_eq!(apply_alone(&RULE, &other).warnings, [], "{other}");
        }
    }

    #[test]
    fn a_page_that_posts_has_one() {
        let yaml = RULE.example.before.replace("get:", "post:");
        let page = format!("# T\n\nPOST https://h.example/things\n\n```yaml\n{yaml}```\n");
        assert_eq!(apply_alone(&RULE, &page).warnings.len(), 1);
    }
}
