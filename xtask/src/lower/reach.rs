use std::collections::HashSet;

use crate::document::{Kind, METHODS, Node, Pointer, walk_part};

/// The schema components that requests and answers are made of.
#[derive(Debug, Default)]
pub(super) struct Reach {
    requests: HashSet<String>,
    answers: HashSet<String>,
}

impl Reach {
    /// Follows the references of every operation.
    pub(super) fn of(document: &Node) -> Self {
        let mut reach = Self::default();
        let path_items = document.get("paths").into_iter().flat_map(Node::members);
        for (_, path_item) in path_items {
            for (key, node) in path_item.members() {
                match &**key {
                    "parameters" => {
                        follow_each(document, node, Kind::Parameter, &mut reach.requests)
                    }
                    method if METHODS.contains(&method) => reach.follow_operation(document, node),
                    _ => {}
                }
            }
        }
        reach
    }

    fn follow_operation(&mut self, document: &Node, operation: &Node) {
        if let Some(parameters) = operation.get("parameters") {
            follow_each(document, parameters, Kind::Parameter, &mut self.requests);
        }
        if let Some(body) = operation.get("requestBody") {
            follow(document, body, Kind::RequestBody, &mut self.requests);
        }
        if let Some(responses) = operation.get("responses") {
            follow(document, responses, Kind::Responses, &mut self.answers);
        }
    }

    /// Whether requests may carry the schema.
    pub(super) fn by_requests(&self, schema: &str) -> bool {
        self.requests.contains(schema)
    }

    /// Whether answers may carry the schema.
    pub(super) fn by_answers(&self, schema: &str) -> bool {
        self.answers.contains(schema)
    }
}

fn follow_each(document: &Node, list: &Node, kind: Kind, schemas: &mut HashSet<String>) {
    list.items().for_each(|item| follow(document, item, kind, schemas));
}

/// Notes the schemas that a part of the document refers to, directly or through others.
fn follow(document: &Node, part: &Node, kind: Kind, schemas: &mut HashSet<String>) {
    let mut targets = Vec::new();
    walk_part(part, kind, &mut |node, kind, _| {
        if kind.takes_reference()
            && let Some(target) = node.reference_target().and_then(Pointer::from_reference)
        {
            targets.push((target, kind));
        }
    });
    for (target, kind) in targets {
        let is_new = match target.schema_component() {
            Some(name) => schemas.insert(name.to_owned()),
            None => true,
        };
        if let Some(definition) = document.at(&target).filter(|_| is_new) {
            follow(document, definition, kind, schemas);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reach;
    use crate::rule::tests::node;

    #[test]
    fn schemas_are_reached_through_components_and_through_themselves() {
        let document = node("\
openapi: 3.0.3
paths:
  /a:
    parameters:
      - {name: p, in: query, schema: {$ref: '#/components/schemas/Shared'}}
    post:
      requestBody: {$ref: '#/components/requestBodies/Body'}
      responses:
        '200': {$ref: '#/components/responses/Answer'}
components:
  requestBodies:
    Body: {content: {application/json: {schema: {$ref: '#/components/schemas/Asked'}}}}
  responses:
    Answer: {description: OK, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}}
  schemas:
    Asked: {type: object}
    Tree: {type: object, properties: {child: {$ref: '#/components/schemas/Tree'}, leaf: {$ref: '#/components/schemas/Shared'}}}
    Shared: {type: string}
    Unused: {type: string}
");
        let reach = Reach::of(&document);
        let sides = |name| (reach.by_requests(name), reach.by_answers(name));
        assert_eq!(sides("Asked"), (true, false));
        assert_eq!(sides("Tree"), (false, true));
        assert_eq!(sides("Shared"), (true, true));
        assert_eq!(sides("Unused"), (false, false));
    }
}
