use std::collections::{BTreeSet, HashSet};

use super::request_media::FORM_FIELDS;
use crate::document::{
    Document, Kind, METHODS, Node, Operation, Pointer, capitalised, operations, type_name,
    walk_part,
};

/// The components that requests and answers are made of.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    requests: HashSet<Pointer>,
    answers: HashSet<Pointer>,
}

/// A part of the document that requests or answers carry.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its position.
    pub(super) pointer: Pointer,
    /// What it is.
    pub(super) kind: Kind,
}

impl Reach {
    /// Follows the references of every operation.
    pub(crate) fn of(document: &Node) -> Self {
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
        // What no request leads to is what a server sends: the body of a webhook, of a refusal.
        for (name, schema) in Document(document).schemas() {
            if !reach.by_requests(name) && reach.answers.insert(Pointer::to_schema(name)) {
                follow(document, schema, Kind::Schema, &mut reach.answers);
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
            follow_form(document, body, &mut self.requests);
        }
        if let Some(responses) = operation.get("responses") {
            follow(document, responses, Kind::Responses, &mut self.answers);
        }
    }

    /// Whether requests may carry the schema.
    pub(crate) fn by_requests(&self, schema: &str) -> bool {
        self.requests.contains(&Pointer::to_schema(schema))
    }

    /// Whether answers may carry the schema.
    pub(crate) fn by_answers(&self, schema: &str) -> bool {
        self.answers.contains(&Pointer::to_schema(schema))
    }

    /// The schemas and the bodies that requests carry, each once.
    pub(super) fn request_parts(&self, document: &Node) -> Vec<Part> {
        let schemas = Document(document)
            .schemas()
            .map(|(name, _)| Part { pointer: Pointer::to_schema(name), kind: Kind::Schema });
        let shared = Document(document).components("requestBodies").map(|(name, _)| Part {
            pointer: ["components", "requestBodies", &**name].into_iter().collect(),
            kind: Kind::RequestBody,
        });
        let components = schemas.chain(shared).filter(|part| self.requests.contains(&part.pointer));
        let of_operations = operations(document).map(|operation| Part {
            pointer: operation.pointer().join("requestBody"),
            kind: Kind::RequestBody,
        });
        components.chain(of_operations).collect()
    }

    /// The responses and the schemas that answers carry, each once.
    pub(super) fn answer_parts(&self, document: &Node) -> Vec<Part> {
        let of_operations = operations(document).flat_map(|operation| {
            let pointer = operation.pointer().join("responses");
            let responses = operation.responses();
            responses.map(move |(status, _)| Part {
                pointer: pointer.join(&**status),
                kind: Kind::Response,
            })
        });
        let shared = Document(document).components("responses").map(|(name, _)| Part {
            pointer: ["components", "responses", &**name].into_iter().collect(),
            kind: Kind::Response,
        });
        let schemas = Document(document)
            .schemas()
            .map(|(name, _)| Part { pointer: Pointer::to_schema(name), kind: Kind::Schema });
        let components = shared.chain(schemas).filter(|part| self.answers.contains(&part.pointer));
        of_operations.chain(components).collect()
    }
}

/// The schema components that an operation leads to.
pub(crate) fn schemas_of(document: &Node, operation: &Operation<'_>) -> BTreeSet<String> {
    let mut reached = HashSet::new();
    if let Some(parameters) = operation.path_item.get("parameters") {
        follow_each(document, parameters, Kind::Parameter, &mut reached);
    }
    follow(document, operation.node, Kind::Operation, &mut reached);
    if let Some(body) = operation.node.get("requestBody") {
        follow_form(document, body, &mut reached);
    }
    reached.iter().filter_map(|pointer| pointer.schema_component().map(str::to_owned)).collect()
}

/// The types of the components that the requests of an operation lead to, and of those that its
/// answers do. Its parameters are its own: those of its path are lowered.
pub(super) fn carried_by(
    document: &Node,
    operation: &Node,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut reach = Reach::default();
    reach.follow_operation(document, operation);
    let types = |pointers: &HashSet<Pointer>| {
        pointers.iter().filter_map(|one| one.schema_component().map(type_name)).collect()
    };
    (types(&reach.requests), types(&reach.answers))
}

/// The words of a name as one, `get-a_list` as `GetAList`.
pub(super) fn pascal(name: &str) -> String {
    capitalised(name, |c| c.is_ascii_alphanumeric())
}

/// The properties of a pointer, as a name; what is not a property's name says nothing.
pub(super) fn property_path(pointer: &Pointer) -> String {
    let tokens = pointer.tokens();
    let mut path = String::new();
    let mut previous = "";
    for token in &tokens {
        match (previous, *token) {
            ("properties", property) => path += &pascal(property),
            (_, "items") => path += "Item",
            (_, "additionalProperties") => path += "Value",
            ("oneOf" | "anyOf", index) => path += &format!("Variant{index}"),
            _ => {}
        }
        previous = if previous == "properties" { "" } else { token };
    }
    path
}

fn follow_each(document: &Node, list: &Node, kind: Kind, reached: &mut HashSet<Pointer>) {
    list.items().for_each(|item| follow(document, item, kind, reached));
}

/// The fields of a form that is sent as bytes are what requests carry.
fn follow_form(document: &Node, body: &Node, reached: &mut HashSet<Pointer>) {
    let content = Document(document).resolve(body).and_then(|body| body.get("content"));
    let forms = content.into_iter().flat_map(Node::members);
    for form in forms.filter_map(|(_, media)| media.get(FORM_FIELDS)) {
        follow(document, form, Kind::Schema, reached);
    }
}

/// Notes the components that a part of the document refers to, directly or through others.
fn follow(document: &Node, part: &Node, kind: Kind, reached: &mut HashSet<Pointer>) {
    // A chain of references may be as long as the document: a stack of our own does not overflow.
    let mut open = vec![(part, kind)];
    while let Some((part, kind)) = open.pop() {
        walk_part(part, kind, &mut |node, kind, _| {
            if kind.takes_reference()
                && let Some(target) = node.reference_target().and_then(Pointer::from_reference)
                && reached.insert(target.clone())
                && let Some(definition) = document.at(&target)
            {
                open.push((definition, kind));
            }
        });
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
        assert_eq!(sides("Unused"), (false, true));
    }
}
