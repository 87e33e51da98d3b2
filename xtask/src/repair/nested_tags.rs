use crate::{
    document::{Kind, Node, Pointer, walk_mut},
    rule::{Context, Example, Rule},
};

/// What the generator of the documentation puts in front of a package's name.
const PREFIX: &str = "subpackage_";

/// Tags that are lists of packages become tags.
pub(super) const RULE: Rule = Rule {
    name: "nested-tags",
    summary: "a tag that is a path of packages, as a list or separated by dots, becomes its last \
              element without `subpackage_`; likewise the tags that the document lists",
    reason: "A tag has to be a string. The last element of the path contains the previous ones \
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
    post:
      tags:
        - subpackage_things.subpackage_things/parts
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      tags:
        - things/parts
    put: {}
    post:
      tags:
        - things/parts
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut refused = Vec::new();
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::Tag {
            flatten_name(node, context);
        }
        if kind != Kind::Operation {
            return;
        }
        part_packages(node);
        match tag_with_a_loss(node) {
            Some(index) => refused.push(pointer.join("tags").join(index.to_string())),
            None => flatten(node, pointer, context),
        }
    });
    for pointer in refused {
        let place = document.at(&pointer).map_or(document.place, |tag| tag.place);
        let problem = "the last element of the tag does not contain the others";
        let remedy =
            "a tag is a path of packages (`a`, `a/b`): write anything else as separate tags";
        context.refuse(document, &pointer, place, problem, remedy);
    }
}

/// A tag of the later dialect, `subpackage_a.subpackage_a/b`, becomes the list that it is.
fn part_packages(operation: &mut Node) {
    let tags = operation.get_mut("tags").and_then(Node::as_array_mut);
    for tag in tags.into_iter().flatten() {
        if let Some(path) = path_of(tag) {
            *tag = path;
        }
    }
}

fn path_of(tag: &Node) -> Option<Node> {
    let packages: Vec<&str> = tag.as_str()?.split('.').collect();
    let is_path = packages.iter().all(|package| package.starts_with(PREFIX));
    let packages = packages.into_iter().map(|package| Node::string(tag.place, package));
    is_path.then(|| Node::array(tag.place, packages.collect::<Vec<_>>()))
}

/// The name of a tag that the document lists, by which operations have it.
fn flatten_name(tag: &mut Node, context: &mut Context<'_>) {
    let Some(documented) = tag.get("name") else {
        return;
    };
    let path = path_of(documented).or_else(|| documented.as_array().map(|_| documented.clone()));
    if let Some(name) = path.and_then(last_of_path) {
        context.changed(format!("{} in the list", name.as_str().unwrap_or_default()));
        tag.set("name", name);
    }
}

/// The first tag that has more to say than its last element.
fn tag_with_a_loss(operation: &Node) -> Option<usize> {
    let mut tags = operation.get("tags").into_iter().flat_map(Node::items);
    tags.position(|tag| {
        let path = tag.as_array().unwrap_or_default();
        path.windows(2).any(|pair| match (pair[0].as_str(), pair[1].as_str()) {
            (Some(outer), Some(inner)) => {
                !inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
            }
            _ => true,
        })
    })
}

fn flatten(operation: &mut Node, pointer: &Pointer, context: &mut Context<'_>) {
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
            context.changed(format!("none, of {pointer} in the root package"));
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

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn tags_that_are_no_packages_stay() {
        let text = "openapi: 3.1.1\npaths:\n  /a:\n    get:\n      tags: [user, a.b, a.subpackage_b, '']\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert!(applied.changes.is_empty());
    }

    #[test]
    fn the_tags_that_the_document_lists_are_called_as_those_of_operations() {
        let text = "openapi: 3.1.1\ntags: [{name: subpackage_a.subpackage_a/b, description: d}, {name: subpackage_c}, {name: plain}, {name: [subpackage_d]}]\n";
        let after = "openapi: 3.1.1\ntags: [{name: a/b, description: d}, {name: c}, {name: plain}, {name: d}]\n";
        assert_eq!(apply_alone(&RULE, text).document, node(after));
        assert!(apply_alone(&RULE, after).changes.is_empty());
    }

    #[test]
    fn a_tag_that_is_no_path_is_refused_at_its_place() {
        let text = RULE.example.before.replace("subpackage_things/parts", "subpackage_parts");
        let applied = apply_alone(&RULE, &text);
        let found: Vec<_> = applied.findings.iter().map(|f| (f.place.line, f.subject())).collect();
        let expected = [(6, "/paths/~1a/get/tags/0"), (13, "/paths/~1a/post/tags/0")];
        assert_eq!(found, expected.map(|(line, subject)| (line, subject.to_owned())));
        let tags = |document: &crate::document::Node| {
            document.at(&["paths", "/a", "get", "tags"].into_iter().collect()).cloned()
        };
        assert_eq!(tags(&applied.document), tags(&node(&text)));
    }

    #[test]
    fn a_change_says_where_there_is_no_tag_left() {
        let changes = apply_alone(&RULE, RULE.example.before).changes;
        assert_eq!(
            changes,
            ["things/parts", "none, of /paths/~1a/put in the root package", "things/parts"]
        );
    }
}
