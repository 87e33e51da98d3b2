//! Operations that share their method and path: each is documented apart, as what one path answers
//! to one body and to another. The document tells them apart by a fragment, which no request
//! carries.

use crate::document::{Key, Node};

/// Puts the paths of a document under `/path#variant`.
pub fn set_apart(document: &mut Node, variant: &str) {
    let Some(paths) = document.get_mut("paths").and_then(Node::as_object_mut) else {
        return;
    };
    *paths = std::mem::take(paths)
        .into_iter()
        .map(|(path, item)| (Key::new(path.place, format!("{}#{variant}", &*path)), item))
        .collect();
}

/// The path that is requested.
pub fn requested(path: &str) -> &str {
    path.split('#').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{requested, set_apart};
    use crate::{document::operations, rule::tests::node};

    #[test]
    fn a_variant_is_another_path_of_the_document_and_the_same_of_a_request() {
        let mut document = node("openapi: 3.0.3\npaths:\n  /chat:\n    post: {}\n");
        set_apart(&mut document, "stream");
        let paths: Vec<String> =
            operations(&document).map(|operation| operation.path.to_string()).collect();
        assert_eq!(paths, ["/chat#stream"]);
        assert_eq!(requested(&paths[0]), "/chat");
    }
}
