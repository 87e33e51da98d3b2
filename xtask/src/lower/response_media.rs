use crate::{
    document::{JSON, Key, Kind, Node, essence, is_json, walk_mut},
    rule::{Context, Example, Rule},
};

/// An answer that is JSON is called so.
pub(super) const RULE: Rule = Rule {
    name: "response-media",
    summary: "a response with a JSON media type becomes `application/json` with a schema, and its \
              other media types are dropped",
    reason: "The generator treats `application/problem+json` as bytes, and fails if JSON has no \
             schema. If there is JSON, it ignores other media types.",
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
            text/event-stream: {schema: {type: string}}
            application/hal+json: {schema: {type: object}}
        '201':
          description: OK
          content:
            application/json: {}
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
            application/json: {schema: {type: object}}
        '201':
          description: OK
          content:
            application/json: {schema: {}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        let content = node.get_mut("content").filter(|_| kind == Kind::Response);
        let Some(content) = content.and_then(Node::as_object_mut) else {
            return;
        };
        let plain = content.keys().find(|media| essence(media) == JSON);
        let Some(kept) = plain.or_else(|| content.keys().find(|media| is_json(media))).cloned()
        else {
            return;
        };
        let Some(mut media) = content.shift_remove(&kept) else {
            return;
        };
        for other in content.keys() {
            context.changed(format!("{other} of {pointer} is replaced by {kept}"));
        }
        if *kept != *JSON {
            context.changed(format!("{kept} of {pointer}"));
        }
        let mut has_more = media.remove("encoding").is_some();
        if media.get("schema").is_none() {
            media.set("schema", Node::object(media.place, []));
            has_more = true;
        }
        if has_more {
            context.changed(format!("{kept} of {pointer} is any JSON"));
        }
        content.clear();
        content.insert(Key::new(kept.place, JSON), media);
    });
}
