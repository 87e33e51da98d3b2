use std::collections::HashMap;

use super::Findings;
use crate::document::{Key, Node};

/// No two paths may differ only in the names of their variables, since a request would match both.
pub(super) fn check(findings: &mut Findings<'_>) {
    let mut templates: HashMap<String, &Key> = HashMap::new();
    let paths = findings.document.get("paths").into_iter().flat_map(Node::members);
    for (path, _) in paths {
        if let Some(first) = templates.insert(without_names(path), path) {
            let problem =
                format!("`{path}` is the same path as `{first}` at line {}", first.place.line);
            let pointer = ["paths", &**path].into_iter().collect();
            findings.add(&pointer, path.place, problem, "give their variables the same names");
        }
    }
}

/// A template whose variables have no names.
pub(crate) fn without_names(path: &str) -> String {
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |template, piece| {
        let rest = piece.split_once('}').map_or(piece, |(_, rest)| rest);
        template + "{}" + rest
    })
}

#[cfg(test)]
mod tests {
    use super::without_names;
    use crate::check::tests::assert_found;

    #[test]
    fn paths_that_differ_by_the_names_of_variables_are_found() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a/{x}/b: {}\n  /a/{y}/b: {}\n  /a/{y}/c: {}\n";
        assert_found(text, &[(5, "/paths/~1a~1{y}~1b", "the same path as `/a/{x}/b` at line 4")]);
    }

    #[test]
    fn the_names_are_what_stands_in_braces() {
        assert_eq!(without_names("/a/{b}-{c}/{d"), "/a/{}-{}/{}d");
    }
}
