use crate::{
    document::{METHODS, Node, Pointer, operations},
    rule::{Context, Example, Rule},
};

/// Every operation has its parameters to itself.
pub(super) const RULE: Rule = Rule {
    name: "own-parameters",
    summary: "parameters of a path, and parameters that are references, are copied into their \
              operations",
    reason: "How a parameter is generated depends on the operation's other parameters.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      operationId: get-a
      parameters:
        - {$ref: '#/components/parameters/Page'}
components:
  parameters:
    Page: {name: page, in: query, schema: {type: integer}}
",
        after: "\
openapi: 3.0.3
paths:
  /a/{id}:
    get:
      operationId: get-a
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: page, in: query, schema: {type: integer}}
components: {}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut owned: Vec<(Pointer, Node)> = Vec::new();
    for operation in operations(document) {
        let is_reference = |node: &Node| node.reference_target().is_some();
        let own = operation.node.get("parameters").into_iter().flat_map(Node::items);
        let shared = operation.path_item.get("parameters").is_some();
        if !shared && !own.into_iter().any(is_reference) {
            continue;
        }
        let parameters = operation.parameters(document);
        let parameters = parameters.into_iter().map(|(_, parameter)| parameter.clone());
        let place = operation.node.place;
        owned.push((operation.pointer(), Node::array(place, parameters)));
    }
    for (pointer, parameters) in owned {
        if let Some(operation) = document.at_mut(&pointer) {
            operation.set("parameters", parameters);
            context.changed(pointer.to_string());
        }
    }
    let items = document.get_mut("paths").into_iter().flat_map(Node::members_mut);
    for (_, item) in items {
        if item.members().any(|(key, _)| METHODS.contains(&&**key)) {
            item.remove("parameters");
        }
    }
    if let Some(components) = document.get_mut("components") {
        components.remove("parameters");
    }
}
