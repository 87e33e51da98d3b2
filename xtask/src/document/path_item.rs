use super::{Document, METHODS, Node, identity};

/// Moves what a path item says of all its operations into these.
pub fn push_down(item: &mut Node, document: &Node) {
    let parameters = item.remove("parameters");
    let servers = item.remove("servers");
    let methods = item.members_mut().filter(|(key, _)| METHODS.contains(&&***key));
    for (_, operation) in methods {
        if let Some(servers) = servers.as_ref().filter(|_| operation.get("servers").is_none()) {
            operation.set("servers", servers.clone());
        }
        if let Some(parameters) = &parameters {
            let own: Vec<Node> = parameters_of(operation);
            let is_own = |shared: &Node| {
                let resolve = |node| Document(document).resolve(node);
                let shared = resolve(shared).map(identity);
                own.iter().any(|own| resolve(own).map(identity) == shared)
            };
            let shared = parameters.items().filter(|shared| !is_own(shared)).cloned();
            let all = Node::array(parameters.place, shared.chain(own.iter().cloned()));
            operation.set("parameters", all);
        }
    }
}

fn parameters_of(operation: &Node) -> Vec<Node> {
    operation.get("parameters").into_iter().flat_map(Node::items).cloned().collect()
}
