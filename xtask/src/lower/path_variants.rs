use super::spelling::of_variant;
use crate::{
    document::{Key, Node},
    rule::{Context, Example, Rule},
};

/// Operations of one method and path are requested under that path.
pub(super) const RULE: Rule = Rule {
    name: "path-variants",
    summary: "the fragment that tells operations of one method and path apart is not sent",
    reason: "The manifest sets apart what two pages say of one path; the server has the one.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /chat: {post: {operationId: chat}}
  /chat#stream: {post: {operationId: chat-stream}}
",
        after: "\
openapi: 3.0.3
paths:
  /chat: {post: {operationId: chat}}
  \"/chat\u{E000}variant stream\u{E000}\": {post: {operationId: chat-stream}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let Some(paths) = document.get_mut("paths").and_then(Node::as_object_mut) else {
        return;
    };
    *paths = std::mem::take(paths)
        .into_iter()
        .map(|(path, item)| match path.split_once('#') {
            None => (path, item),
            Some((requested, variant)) => {
                context.changed(&*path);
                (Key::new(path.place, of_variant(requested, variant)), item)
            }
        })
        .collect();
}
