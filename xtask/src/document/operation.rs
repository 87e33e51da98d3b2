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
    paths.flat_map(|(path, path_item)| {
        let members = path_item.members().filter(|(key, _)| METHODS.contains(&&***key));
        members.map(move |(method, node)| Operation { path, path_item, method, node })
    })
}

/// How a message names a place of the document: by its pointer, behind the operation it is in.
pub fn subject(document: &Node, pointer: &Pointer) -> String {
    if *pointer == Pointer::root() {
        return "document".to_owned();
    }
    let operation = match pointer.tokens()[..] {
        ["paths", path, method, ..] if METHODS.contains(&method) => document
            .at(&["paths", path, method].into_iter().collect())
            .and_then(|operation| operation.get_str("operationId")),
        _ => None,
    };
    match operation {
        Some(operation) => format!("{operation} ({pointer})"),
        None => pointer.to_string(),
    }
}
