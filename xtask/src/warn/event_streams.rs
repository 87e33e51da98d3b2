use crate::{
    document::{Document, Kind, Node, walk},
    rule::{Context, Example, Rule},
};

const MEDIA_TYPE: &str = "text/event-stream";

/// The schema of an event, under a stream of them.
pub(super) const RULE: Rule = Rule {
    name: "event-streams",
    summary: "an event stream has the schema of a single event",
    reason: "OpenAPI 3.0 can't express an event stream: a schema describes the whole body. Tools \
             that follow the schema wait for the end of the stream, and then fail to parse it.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /chat:
    post:
      responses:
        '200':
          description: OK
          content:
            text/event-stream:
              schema:
                type: object
",
        after: "\
openapi: 3.1.1
paths:
  /chat:
    post:
      responses:
        '200':
          description: OK
          content:
            text/event-stream:
              schema:
                type: object
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    let mut found = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        let stream = node.get("content").filter(|_| kind == Kind::Response);
        let schema = stream.and_then(|content| content.get(MEDIA_TYPE)?.get("schema"));
        if let Some(schema) = schema.filter(|schema| !is_text(schema, document)) {
            found.push((pointer.join("content").join(MEDIA_TYPE).join("schema"), schema.place));
        }
    });
    for (pointer, place) in found {
        let problem = "the schema of this event stream describes a single event";
        let remedy = "read the body as a stream, and each event by this schema";
        context.warn(document, &pointer, place, problem, remedy);
    }
}

/// Whether the whole body is what the schema says: text, or anything.
fn is_text(schema: &Node, document: &Node) -> bool {
    let schema = Document(document).resolve(schema);
    schema.is_none_or(|schema| {
        schema.get_str("type") == Some("string") || schema.members().count() == 0
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_stream_of_bytes_and_other_media_are_as_they_should_be() {
        let text = RULE.example.before.replace("type: object", "type: string");
        assert_eq!(apply_alone(&RULE, &text).warnings, []);
        let json = RULE.example.before.replace("text/event-stream", "application/json");
        assert_eq!(apply_alone(&RULE, &json).warnings, []);
    }
}
