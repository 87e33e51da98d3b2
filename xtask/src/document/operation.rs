use super::{Key, METHODS, Node, Pointer};

/// An operation of a document.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// The path template.
    pub path: &'a Key,
    /// The path item that holds it.
    pub path_item: &'a Node,
    /// The method, in lower case as in the document.
    pub method: &'a Key,
    /// The operation object.
    pub node: &'a Node,
}

impl Operation<'_> {
    /// Where it stands.
    pub fn pointer(&self) -> Pointer {
        ["paths", self.path, self.method].into_iter().collect()
    }
}

/// The operations of a document, in its order.
pub fn operations(document: &Node) -> impl Iterator<Item = Operation<'_>> {
    let paths = document.get("paths").into_iter().flat_map(Node::members);
    let paths = paths.filter(|(path, _)| path.starts_with('/'));
    paths.flat_map(|(path, path_item)| {
        let members = path_item.members().filter(|(key, _)| METHODS.contains(&&***key));
        members.map(move |(method, node)| Operation { path, path_item, method, node })
    })
}

/// The id of the operation that a place of the document is in.
pub fn operation_at<'a>(document: &'a Node, pointer: &Pointer) -> Option<&'a str> {
    match pointer.tokens()[..] {
        ["paths", path, method, ..] if METHODS.contains(&method) => {
            document.get("paths")?.get(path)?.get(method)?.get_str("operationId")
        }
        _ => None,
    }
}
