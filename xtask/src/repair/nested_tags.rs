use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// What the generator of the documentation puts in front of a package's name.
const PREFIX: &str = "subpackage_";

/// Tags that are lists of packages become tags.
pub(super) const RULE: Rule = Rule {
    name: "nested-tags",
    summary: "a tag that is a list, a path of packages, becomes its last element without `subpackage_`",
    reason: "A tag is a string. The last element of the path repeats those before it \
             (`subpackage_a`, `subpackage_a/b`), so nothing is lost.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    get:
      tags:
        - - subpackage_things
          - subpackage_things/parts
    put:
      tags:
        - []
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      tags:
        - things/parts
    put: {}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, _| {
        if kind == Kind::Operation {
            flatten(node, context);
        }
    });
}

fn flatten(operation: &mut Node, context: &mut Context<'_>) {
    let Some(tags) = operation.get_mut("tags").and_then(Node::as_array_mut) else {
        return;
    };
    if !tags.iter().any(|tag| tag.as_array().is_some()) {
        return;
    }
    *tags = tags.drain(..).filter_map(last_of_path).collect();
    let names: Vec<&str> = tags.iter().filter_map(Node::as_str).collect();
    match names[..] {
        [] => {
            context.changed("of the root package: none");
            operation.remove("tags");
        }
        _ => context.changed(names.join(", ")),
    }
}

/// The tag itself where it is no path; none for the path of the root package.
fn last_of_path(tag: Node) -> Option<Node> {
    let place = tag.place;
    match tag.as_array() {
        None => Some(tag),
        Some([]) => None,
        Some([.., last]) => match last.as_str() {
            Some(text) => {
                let name = text.split('/').map(|part| part.trim_start_matches(PREFIX));
                Some(Node::string(place, name.collect::<Vec<_>>().join("/")))
            }
            None => Some(last.clone()),
        },
    }
}
