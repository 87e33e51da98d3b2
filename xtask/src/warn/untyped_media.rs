use crate::{
    document::{Kind, Node, essence, is_json, is_structured, walk},
    rule::{Context, Example, Rule},
};

/// A documented structure in a form that the client doesn't read or write.
pub(super) const RULE: Rule = Rule {
    name: "untyped-media",
    summary: "the schema of a body that is neither JSON nor a form describes an object or a list",
    reason: "The client reads and writes JSON and forms. Any other body, such as XML, is treated \
             as bytes, whatever its schema.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
          content:
            application/xml:
              schema: {type: object}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
          content:
            application/xml:
              schema: {type: object}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    walk(document, &mut |node, kind, at| {
        let is_body = matches!(kind, Kind::RequestBody | Kind::Response);
        let Some(content) = node.get("content").filter(|_| is_body) else {
            return;
        };
        if content.members().any(|(media, _)| is_typed(media)) {
            return;
        }
        for (key, media) in content.members() {
            let schema = media.get("schema").filter(|schema| is_structured(document, schema));
            if schema.is_none() {
                continue;
            }
            let problem = format!("the client treats the body as bytes, since `{key}` is not JSON");
            let remedy = "encode and decode it yourself, or document it as JSON if it is";
            context.warn(document, &at.join("content").join(&**key), key.place, problem, remedy);
        }
    });
}

/// Whether the client has types for this media type, or another rule warns about it.
fn is_typed(media: &str) -> bool {
    let essence = essence(media);
    is_json(media)
        || essence == "application/x-www-form-urlencoded"
        || essence == "text/event-stream"
        || essence.starts_with("multipart/")
        || matches!(essence, "*/*" | "application/*")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn what_the_client_reads_or_no_schema_describes_is_not_told() {
        let told = |content: &str| {
            let text = RULE
                .example
                .before
                .replace("application/xml:\n              schema: {type: object}", content);
            apply_alone(&RULE, &text).warnings.len()
        };
        for content in [
            "application/xml: {schema: {type: object}}",
            "text/csv: {schema: {type: array, items: {}}}",
            "application/x-ndjson: {schema: {allOf: [{type: object}]}}",
            "image/*: {schema: {oneOf: [{type: object}, {type: string}]}}",
            "application/octet-stream: {schema: {type: object}}",
        ] {
            assert_eq!(told(content), 1, "{content}");
        }
        for content in [
            "application/xml: {schema: {type: string}}",
            "application/xml: {}",
            "'application/problem+json': {schema: {type: object}}",
            "'*/*': {schema: {type: object}}",
            "text/event-stream: {schema: {type: object}}",
            "application/xml: {schema: {type: object}}\n            application/json: {}",
        ] {
            assert_eq!(told(content), 0, "{content}");
        }
    }
}
