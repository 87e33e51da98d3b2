use std::collections::BTreeMap;

use crate::{
    document::{Key, Kind, Node, Object, Pointer, operations, walk_mut},
    rule::{Context, Example, Rule},
};

/// A body of a form that the generator has no types for is sent as it is given.
pub(super) const RULE: Rule = Rule {
    name: "request-media",
    summary: "a request body of another media type than JSON, form, text or binary data becomes \
              binary data, which the client sends under the documented media type",
    reason: "The generator stops at JSON lines, CSV and the like. Whoever calls has the bytes.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    post:
      requestBody:
        content:
          application/x-ndjson:
            schema: {type: string}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    post:
      requestBody:
        content:
          application/octet-stream:
            schema: {type: string, format: binary}
            x-media-type: application/x-ndjson
",
    },
    apply,
};

const BINARY: &str = "application/octet-stream";
const EXTENSION: &str = "x-media-type";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        let content = node.get_mut("content").filter(|_| kind == Kind::RequestBody);
        let Some(members) = content.and_then(Node::as_object_mut) else {
            return;
        };
        let [(media, body)] = members.iter().collect::<Vec<_>>()[..] else {
            return;
        };
        if is_expressible(media) {
            return;
        }
        context.changed(format!("{media} of {pointer}"));
        *members = Object::from_iter([(Key::new(media.place, BINARY), as_binary(media, body))]);
    });
}

fn as_binary(media: &Key, body: &Node) -> Node {
    let place = body.place;
    let text = |text: &str| Node::string(place, text);
    let schema = Node::object(place, [("type", text("string")), ("format", text("binary"))]);
    Node::object(place, [("schema", schema), (EXTENSION, text(media))])
}

/// Multipart bodies are more than bytes: their parts are named in the header.
fn is_expressible(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or_default().trim();
    let known = ["application/json", "application/x-www-form-urlencoded", "text/plain", BINARY];
    known.contains(&media) || media.starts_with("multipart/")
}

/// The media types that lowered bodies are sent under, by the id of the operation.
pub(crate) fn media_types(lowered: &Node) -> BTreeMap<String, String> {
    let body = |body: &Node| {
        let target = body.reference_target().and_then(Pointer::from_reference);
        let body = target.and_then(|target| lowered.at(&target)).unwrap_or(body).clone();
        body.get("content")?.get(BINARY)?.get_str(EXTENSION).map(str::to_owned)
    };
    let of_operations = operations(lowered).filter_map(|operation| {
        let media = body(operation.node.get("requestBody")?)?;
        Some((operation.node.get_str("operationId")?.to_owned(), media))
    });
    of_operations.collect()
}

#[cfg(test)]
mod tests {
    use super::{RULE, media_types};
    use crate::rule::tests::apply_alone;

    #[test]
    fn the_media_type_is_known_by_the_operation() {
        let text = "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      operationId: append\n      requestBody: {$ref: '#/components/requestBodies/Lines'}\ncomponents:\n  requestBodies:\n    Lines: {content: {text/csv: {schema: {type: string}}}}\n";
        let lowered = apply_alone(&RULE, text).document;
        assert_eq!(media_types(&lowered).get("append").map(String::as_str), Some("text/csv"));
    }

    #[test]
    fn a_body_of_several_forms_is_left_to_the_limits() {
        let text = RULE.example.before.replace(
            "          application/x-ndjson:",
            "          text/csv: {}\n          application/x-ndjson:",
        );
        assert!(apply_alone(&RULE, &text).changes.is_empty());
    }
}
