use std::collections::BTreeMap;

use super::{
    enums::is_enum,
    names::{Names, Wanted},
    reach::Reach,
};
use crate::{
    document::{Document, Key, Kind, Node, Object, Pointer, Value, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// What requests and answers share is copied for the answers.
pub(super) const RULE: Rule = Rule {
    name: "answer-copies",
    summary: "a schema that is more than a scalar and is used in both requests and responses gets \
              a copy for responses, `…Answer`",
    reason: "Responses are read leniently and requests are sent exactly, which a single type can't \
             do. The request type keeps the name, since callers write it.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    put:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    put:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/ThingAnswer'}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string}
    ThingAnswer:
      type: object
      required: [name]
      properties:
        name: {type: string}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let reach = Reach::of(document);
    let names = Names::of(document);
    let copies: BTreeMap<String, String> = Document(document)
        .schemas()
        .filter(|(name, _)| reach.by_requests(name) && reach.by_answers(name))
        .filter(|(_, schema)| !is_scalar(schema))
        .map(|(name, _)| (name.to_string(), names.or_else(format!("{name}Answer"), "Copy")))
        .collect();
    let answers: Vec<(Pointer, Kind)> =
        reach.answer_parts(document).into_iter().map(|part| (part.pointer, part.kind)).collect();
    define(document, &copies, context);
    for (pointer, kind) in answers {
        let copy = pointer.schema_component().and_then(|name| copies.get(name));
        let part = copy.map_or(pointer, |copy| Pointer::to_schema(copy));
        if let Some(node) = document.at_mut(&part) {
            redirect(node, kind, &copies);
        }
    }
}

/// Whether lowering treats the schema in requests and in answers alike: it is a scalar. What is
/// an enum is opened where it is used.
fn is_scalar(schema: &Node) -> bool {
    let composed =
        ["properties", "items", "additionalProperties", "allOf", "oneOf", "anyOf", "not"];
    let is_nullable_enum = is_enum(schema) && schema.is_true("nullable");
    !is_nullable_enum && composed.iter().all(|key| schema.get(key).is_none())
}

/// Inserts the copies, each after its original.
fn define(document: &mut Node, copies: &BTreeMap<String, String>, context: &mut Context<'_>) {
    let mut names = Names::of(document);
    let mut defined = Object::new();
    for (key, schema) in Document(document).schemas() {
        defined.insert(key.clone(), schema.clone());
        let Some(copy) = copies.get(&**key) else {
            continue;
        };
        let from = Pointer::to_schema(key);
        let what = format!("the copy of `{key}` for responses");
        let wanted = Wanted { name: copy, what: &what, from: &from };
        if names.take(document, &wanted, &from, context) {
            defined.insert(Key::new(key.place, copy), schema.clone());
        }
        context.changed(&**key);
    }
    let components = document.get_mut("components");
    if let Some(schemas) = components.and_then(|components| components.get_mut("schemas")) {
        schemas.value = Value::Object(defined);
    }
}

fn redirect(part: &mut Node, kind: Kind, copies: &BTreeMap<String, String>) {
    walk_part_mut(part, kind, &mut |node, kind, _| {
        if kind == Kind::Discriminator {
            redirect_mapping(node, copies);
        }
        if let Some(copy) = node.reference_target().and_then(|target| redirected(target, copies)) {
            *node = Node::reference(node.place, &copy);
        }
    });
}

fn redirect_mapping(discriminator: &mut Node, copies: &BTreeMap<String, String>) {
    let mapping = discriminator.get_mut("mapping").into_iter().flat_map(Node::members_mut);
    for (_, target) in mapping {
        if let Some(copy) = target.as_str().and_then(|target| redirected(target, copies)) {
            *target = Node::string(target.place, copy.to_reference());
        }
    }
}

fn redirected(target: &str, copies: &BTreeMap<String, String>) -> Option<Pointer> {
    let target = Pointer::from_reference(target)?;
    copies.get(target.schema_component()?).map(|copy| Pointer::to_schema(copy))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        document::Node,
        rule::tests::{apply_alone, node},
    };

    fn document(request: &str, answer: &str, schemas: &str) -> String {
        format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      operationId: make-a\n      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/{request}'}}}}}}}}\n      responses:\n        '200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{answer}'}}}}}}}}\ncomponents:\n  schemas:\n    {}\n",
            schemas.replace('\n', "\n    ")
        )
    }

    const S: &str = "S: {type: object, properties: {t: {$ref: '#/components/schemas/T'}, e: {$ref: '#/components/schemas/E'}}}\nT: {type: object, properties: {s: {type: array, items: {$ref: '#/components/schemas/S'}}}}\nE: {type: string, enum: [a]}";

    fn text(document: &Node, schema: &str) -> String {
        let pointer = ["components", "schemas", schema].into_iter().collect();
        serde_json::to_string(document.at(&pointer).unwrap()).unwrap()
    }

    #[test]
    fn what_one_direction_carries_alone_is_not_copied() {
        let schemas = format!("{S}\nR: {{type: object, properties: {{x: {{type: string}}}}}}");
        let before = document("R", "S", &schemas);
        assert_eq!(apply_alone(&RULE, &before).document, node(&before));
    }

    #[test]
    fn copies_refer_to_copies_and_scalars_are_shared() {
        let copied = apply_alone(&RULE, &document("S", "S", S)).document;
        let answer = text(&copied, "SAnswer");
        assert!(answer.contains("schemas/TAnswer") && answer.contains("schemas/E\""), "{answer}");
        assert!(text(&copied, "TAnswer").contains("schemas/SAnswer\""));
        assert!(text(&copied, "S").contains("schemas/T\""));
    }

    #[test]
    fn what_leads_from_an_answer_to_a_shared_schema_leads_to_its_copy() {
        let schemas = format!("{S}\nL: {{type: array, items: {{$ref: '#/components/schemas/S'}}}}");
        let copied = apply_alone(&RULE, &document("S", "L", &schemas)).document;
        assert!(text(&copied, "L").contains("schemas/SAnswer"));
    }

    #[test]
    fn a_discriminator_of_answers_names_the_copies() {
        let schemas = "U: {oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: t, mapping: {a: '#/components/schemas/A'}}}\nA: {type: object, properties: {t: {type: string, enum: [a]}}}";
        let copied = apply_alone(&RULE, &document("U", "U", schemas)).document;
        assert_eq!(text(&copied, "UAnswer").matches("schemas/AAnswer").count(), 2);
        assert_eq!(text(&copied, "U").matches("schemas/A\"").count(), 2);
    }

    #[test]
    fn a_copy_that_would_be_called_like_another_schema_gets_a_longer_name() {
        let schemas = format!("{S}\nSAnswer: {{type: string}}");
        let applied = apply_alone(&RULE, &document("S", "S", &schemas));
        assert_eq!(applied.findings, []);
        assert!(text(&applied.document, "SAnswerCopy").contains("schemas/TAnswer"));
    }
}
