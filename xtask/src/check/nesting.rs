use super::Findings;
use crate::{
    document::{Node, Pointer},
    read::DEEPEST_NESTING,
};

/// No value is deeper than a reader of JSON goes, whatever the repairs put around it.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    if let Some((pointer, node)) = too_deep(document, DEEPEST_NESTING, &mut Pointer::root()) {
        let problem = format!("it is nested deeper than {DEEPEST_NESTING} levels");
        findings.add(&pointer, node.place, problem, "make a component of what is inside");
    }
}

/// The first mapping or list that is deeper than so many levels.
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
    use crate::check::tests::{assert_found, with_schemas};

    #[test]
    fn what_is_deeper_than_readers_of_json_go_is_found() {
        let nested = |lists: usize| {
            let (open, close) = ("[".repeat(lists), "]".repeat(lists));
            with_schemas(&format!("A: {{example: {open}{close}}}"))
        };
        // The document, `components`, `schemas` and `A` are above.
        assert_found(&nested(DEEPEST_NESTING - 4), &[]);
        // The reader goes as deep and no deeper, so the tree is made deeper here.
        let mut document = crate::rule::tests::node(&nested(DEEPEST_NESTING - 4));
        let inner = std::mem::replace(
            document.get_mut("components").unwrap(),
            crate::document::Node::object(Default::default(), []),
        );
        document.get_mut("components").unwrap().set("x-deeper", inner);
        let found = crate::check::check(&document);
        assert!(found.iter().any(|finding| finding.rule == "nesting"), "{found:?}");
    }
}
