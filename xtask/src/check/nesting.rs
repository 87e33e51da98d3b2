use super::Findings;
use crate::{
    document::{Node, Pointer},
    read::DEEPEST_NESTING,
};

/// No value is deeper than a reader of JSON goes, whatever the repairs put around it.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    if let Some((pointer, node)) = too_deep(document, DEEPEST_NESTING, &mut Pointer::root()) {
        let problem = format!("it is nested more than {DEEPEST_NESTING} levels deep");
        findings.add(&pointer, node.place, problem, "move the inner part into a component");
    }
}

/// The first mapping or list nested more than this many levels deep.
fn too_deep<'a>(
    node: &'a Node,
    levels: usize,
    pointer: &mut Pointer,
) -> Option<(Pointer, &'a Node)> {
    if node.as_object().is_none() && node.as_array().is_none() {
        return None;
    }
    let Some(levels) = levels.checked_sub(1) else {
        return Some((pointer.clone(), node));
    };
    let members = node.members().map(|(key, member)| (key.to_string(), member));
    let items = node.items().enumerate().map(|(index, item)| (index.to_string(), item));
    for (token, inner) in members.chain(items) {
        pointer.push(token);
        if let Some(found) = too_deep(inner, levels, pointer) {
            return Some(found);
        }
        pointer.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::DEEPEST_NESTING;
    use crate::{
        check::{check, tests::with_schemas},
        document::{Node, Place},
        rule::tests::node,
    };

    fn nested(lists: usize) -> Node {
        let empty = Node::array(Place::default(), []);
        let example = (1..lists).fold(empty, |inner, _| Node::array(Place::default(), [inner]));
        let mut document = node(&with_schemas("A: {}"));
        document.set("x-example", example);
        document
    }

    #[test]
    fn what_is_deeper_than_readers_of_json_go_is_found() {
        assert_eq!(check(&nested(DEEPEST_NESTING - 1)), []);
        let found = check(&nested(DEEPEST_NESTING));
        let rules: Vec<_> = found.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["nesting"]);
        let pointer = "/x-example".to_owned() + &"/0".repeat(DEEPEST_NESTING - 1);
        assert_eq!(found[0].subject(), pointer);
    }
}
