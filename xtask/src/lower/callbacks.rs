use crate::{
    check::resolved,
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// A callback that is a reference is written out.
pub(super) const RULE: Rule = Rule {
    name: "callbacks",
    summary: "a callback of an operation that is a reference is written out; one that leads nowhere \
              is dropped",
    reason: "The generator has no use for callbacks, which are requests that the server makes, but \
             stops at a reference in their place. What they carry belongs to the types of their \
             resource.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    post:
      callbacks:
        done: {$ref: '#/components/callbacks/Done'}
      responses: {}
components:
  callbacks:
    Done: {}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    post:
      callbacks:
        done: {}
      responses: {}
components:
  callbacks:
    Done: {}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let Some(shared) = document.get("components").filter(|all| all.get("callbacks").is_some())
    else {
        return;
    };
    let place = document.place;
    let shared = Node::object(place, [("components", shared.clone())]);
    walk_mut(document, &mut |node, kind, pointer| {
        let callbacks = node.get_mut("callbacks").filter(|_| kind == Kind::Operation);
        let Some(callbacks) = callbacks.and_then(Node::as_object_mut) else {
            return;
        };
        callbacks.retain(|name, callback| {
            if callback.reference_target().is_none() {
                return true;
            }
            context.changed(format!("{name} at {pointer}"));
            let definition = resolved(&shared, callback);
            let definition = definition.filter(|found| found.reference_target().is_none()).cloned();
            definition.map(|definition| *callback = definition).is_some()
        });
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn a_callback_that_is_written_at_the_operation_stays_and_a_circle_goes() {
        let text = |callbacks: &str| {
            format!(
                "openapi: 3.0.3\npaths: {{/a: {{post: {{callbacks: {callbacks}, responses: {{}}}}}}}}\ncomponents: {{callbacks: {{A: {{$ref: '#/components/callbacks/A'}}}}}}\n"
            )
        };
        let own = text("{done: {'{$url}': {post: {responses: {}}}}}");
        assert_eq!(apply_alone(&RULE, &own).document, node(&own));
        let circle = text("{done: {$ref: '#/components/callbacks/A'}}");
        assert_eq!(apply_alone(&RULE, &circle).document, node(&text("{}")));
    }
}
