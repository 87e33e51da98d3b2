use super::{Document, Key, METHODS, Node, Pointer};

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

impl<'a> Operation<'a> {
    /// Its position in the document.
    pub fn pointer(&self) -> Pointer {
        ["paths", self.path, self.method].into_iter().collect()
    }

    /// Its `operationId`, if it has one.
    pub fn id(&self) -> Option<&'a str> {
        self.node.get_str("operationId")
    }

    /// Its responses by status, references among them.
    pub fn responses(&self) -> impl Iterator<Item = (&'a Key, &'a Node)> + use<'a> {
        self.node.get("responses").into_iter().flat_map(Node::members)
    }

    /// The parameters that it has: its own, and those of its path that it does not replace. Each
    /// is the definition, with the place where it is listed.
    pub fn parameters(&self, document: &'a Node) -> Vec<(Pointer, &'a Node)> {
        let list = |holder: &'a Node, pointer: Pointer| {
            let parameters = holder.get("parameters").into_iter().flat_map(Node::items).enumerate();
            let definitions = parameters.filter_map(move |(index, parameter)| {
                let at = pointer.join("parameters").join(index.to_string());
                Some((at, Document(document).resolve(parameter)?))
            });
            definitions.collect::<Vec<_>>()
        };
        let own = list(self.node, self.pointer());
        let mut all = list(self.path_item, Pointer::from_iter(["paths", &**self.path]));
        all.retain(|(_, shared)| !own.iter().any(|(_, own)| identity(own) == identity(shared)));
        all.extend(own);
        all
    }
}

/// What tells a parameter from the others: its name and where it is sent.
pub fn identity(parameter: &Node) -> (Option<&str>, Option<&str>) {
    (parameter.get_str("name"), parameter.get_str("in"))
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
