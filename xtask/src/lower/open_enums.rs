use std::collections::{BTreeSet, HashMap};

use super::reach::Reach;
use crate::{
    document::{Key, Kind, Node, Object, Pointer, Value, operations, walk_part, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// String enums of answers are opened.
pub(super) const RULE: Rule = Rule {
    name: "open-enums",
    summary: "where an answer carries a string enum `E`, it carries `OpenE` instead: one of `E`, \
              or of `UnknownE`, any other string; requests keep `E`",
    reason: "A closed enum fails the whole answer on the day the server adds a value. `oneOf` of \
             the enum and `not` the enum is exact JSON Schema, and the generator makes a union \
             of known and unknown of it. A schema that requests carry too gets a copy for \
             answers, `…Answer`.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get:
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
      properties:
        status:
          allOf:
            - $ref: '#/components/schemas/Status'
    Status:
      type: string
      description: How it stands.
      enum: [READY, ERROR]
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get:
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
      properties:
        status:
          allOf:
            - $ref: '#/components/schemas/OpenStatus'
    Status:
      type: string
      description: How it stands.
      enum: [READY, ERROR]
    OpenStatus:
      description: How it stands.
      oneOf:
        - title: Known
          allOf:
            - $ref: '#/components/schemas/Status'
        - title: Unknown
          allOf:
            - $ref: '#/components/schemas/UnknownStatus'
    UnknownStatus:
      type: string
      description: A value that the documentation of `Status` does not list.
      not:
        enum: [READY, ERROR]
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    name_inline_enums(document, context);
    let reach = Reach::of(document);
    let names = AnswerNames::new(document, &reach);
    names.define(document, context);
    names.redirect(document, &reach);
}

/// What answers carry in the place of which schema.
struct AnswerNames {
    /// Enum -> its open union.
    enums: HashMap<String, String>,
    /// Schema that requests carry too -> its copy for answers.
    copies: HashMap<String, String>,
}

impl AnswerNames {
    fn new(document: &Node, reach: &Reach) -> Self {
        let enums: HashMap<String, String> = schemas(document)
            .filter(|(name, schema)| reach.by_answers(name) && is_string_enum(schema))
            .filter(|(name, _)| !is_open_already(document, name))
            .map(|(name, _)| (name.to_string(), format!("Open{name}")))
            .collect();
        let holders = holders_of(document, enums.keys().cloned().collect());
        let copies = holders
            .into_iter()
            .filter(|name| !enums.contains_key(name))
            .filter(|name| reach.by_answers(name) && reach.by_requests(name))
            .map(|name| (name.clone(), format!("{name}Answer")))
            .collect();
        Self { enums, copies }
    }

    /// Adds the unions and the copies, each behind the schema that it comes from.
    fn define(&self, document: &mut Node, context: &mut Context<'_>) {
        let mut clashes = Vec::new();
        let mut defined = Object::new();
        let taken = |name: &str| schemas(document).any(|(key, _)| **key == *name);
        for (key, schema) in schemas(document) {
            defined.insert(key.clone(), schema.clone());
            let additions = match (self.enums.get(&**key), self.copies.get(&**key)) {
                (Some(open), _) => open_union(key, open, schema),
                (_, Some(copy)) => vec![(copy.clone(), schema.clone())],
                _ => continue,
            };
            for (name, schema) in additions {
                if taken(&name) {
                    clashes.push((key.clone(), name));
                    continue;
                }
                defined.insert(Key::new(key.place, name), schema);
            }
            context.changed(&**key);
        }
        for (key, name) in clashes {
            let pointer = ["components", "schemas", &key].into_iter().collect();
            let problem =
                format!("answers need a schema `{name}` beside `{key}`, but there is one");
            context.refuse(
                document,
                &pointer,
                key.place,
                problem,
                "name one of them in [names] of the manifest",
            );
        }
        let components = document.get_mut("components");
        if let Some(schemas) = components.and_then(|components| components.get_mut("schemas")) {
            schemas.value = Value::Object(defined);
        }
    }

    /// Points whatever only answers carry at the unions and the copies.
    fn redirect(&self, document: &mut Node, reach: &Reach) {
        let paths = document.get_mut("paths").into_iter().flat_map(Node::members_mut);
        for (_, operation) in paths.flat_map(|(_, item)| item.members_mut()) {
            if let Some(responses) = operation.get_mut("responses") {
                self.redirect_part(responses, Kind::Responses);
            }
        }
        let Some(components) = document.get_mut("components") else {
            return;
        };
        for (section, kind) in [("responses", Kind::Response), ("headers", Kind::Header)] {
            let definitions = components.get_mut(section).into_iter().flat_map(Node::members_mut);
            definitions.for_each(|(_, node)| self.redirect_part(node, kind));
        }
        let schemas = components.get_mut("schemas").into_iter().flat_map(Node::members_mut);
        for (name, schema) in schemas {
            let is_copy = self.copies.values().any(|copy| **copy == **name);
            let is_answer = reach.by_answers(name) && !reach.by_requests(name);
            if is_copy || is_answer {
                self.redirect_part(schema, Kind::Schema);
            }
        }
    }

    fn redirect_part(&self, part: &mut Node, kind: Kind) {
        walk_part_mut(part, kind, &mut |node, _, _| {
            let target = node.reference_target().and_then(Pointer::from_reference);
            let Some(name) = target.as_ref().and_then(Pointer::schema_component) else {
                return;
            };
            if let Some(new) = self.enums.get(name).or_else(|| self.copies.get(name)) {
                *node = Node::reference(node.place, &schema_pointer(new));
            }
        });
    }
}

fn schemas(document: &Node) -> impl Iterator<Item = (&Key, &Node)> {
    let components = document.get("components");
    components.and_then(|components| components.get("schemas")).into_iter().flat_map(Node::members)
}

fn schema_pointer(name: &str) -> Pointer {
    ["components", "schemas", name].into_iter().collect()
}

fn is_string_enum(schema: &Node) -> bool {
    schema.get_str("type") == Some("string") && schema.get("enum").is_some()
}

fn is_open_already(document: &Node, name: &str) -> bool {
    schemas(document)
        .any(|(key, schema)| **key == format!("Open{name}") && schema.get("oneOf").is_some())
}

/// The schemas that hold one of these, directly or through others.
fn holders_of(document: &Node, mut held: BTreeSet<String>) -> BTreeSet<String> {
    loop {
        let before = held.len();
        for (name, schema) in schemas(document) {
            if !held.contains(&**name) && refers_to(schema, &held) {
                held.insert(name.to_string());
            }
        }
        if held.len() == before {
            return held;
        }
    }
}

fn refers_to(schema: &Node, names: &BTreeSet<String>) -> bool {
    let mut refers = false;
    walk_part(schema, Kind::Schema, &mut |node, _, _| {
        let target = node.reference_target().and_then(Pointer::from_reference);
        let name = target.as_ref().and_then(Pointer::schema_component);
        refers |= name.is_some_and(|name| names.contains(name));
    });
    refers
}

/// The union of a string enum and all other strings, and the schema of those.
fn open_union(name: &Key, open: &str, schema: &Node) -> Vec<(String, Node)> {
    let place = schema.place;
    let unknown = format!("Unknown{name}");
    let text = |text: &str| Node::string(place, text);
    let variant = |title: &str, name: &str| {
        let reference = Node::reference(place, &schema_pointer(name));
        Node::object(place, [("title", text(title)), ("allOf", Node::array(place, [reference]))])
    };
    let variants = Node::array(place, [variant("Known", name), variant("Unknown", &unknown)]);
    let description = schema.get("description").map(|node| ("description", node.clone()));
    let union = Node::object(place, description.into_iter().chain([("oneOf", variants)]));
    let values = Node::array(place, schema.get("enum").into_iter().flat_map(Node::items).cloned());
    let about = format!("A value that the documentation of `{name}` does not list.");
    let others = Node::object(
        place,
        [
            ("type", text("string")),
            ("description", text(&about)),
            ("not", Node::object(place, [("enum", values)])),
        ],
    );
    vec![(open.to_owned(), union), (unknown, others)]
}

/// Gives the string enums that stand inline in what answers carry a name, that of the schema
/// or the operation they are in with the properties that lead to them.
fn name_inline_enums(document: &mut Node, context: &mut Context<'_>) {
    let reach = Reach::of(document);
    let mut named: Vec<(String, Node)> = Vec::new();
    let owners: Vec<(Pointer, Kind, String)> = operations(document)
        .filter_map(|operation| {
            let id = operation.node.get_str("operationId")?;
            let owner = format!("{}Response", pascal(id));
            Some((operation.pointer().join("responses"), Kind::Responses, owner))
        })
        .chain(
            schemas(document)
                .filter(|(name, _)| reach.by_answers(name))
                .map(|(name, _)| (schema_pointer(name), Kind::Schema, name.to_string())),
        )
        .collect();
    for (pointer, kind, owner) in owners {
        let Some(part) = at_mut(document, &pointer) else {
            continue;
        };
        walk_part_mut(part, kind, &mut |node, kind, inner| {
            let is_whole = *inner == Pointer::root();
            if kind == Kind::Schema
                && is_string_enum(node)
                && (!is_whole || node.is_true("nullable"))
            {
                let suffix = if is_whole { "Value".to_owned() } else { property_path(inner) };
                let name = format!("{owner}{suffix}");
                named.push((name.clone(), take_enum(node, &name)));
            }
        });
    }
    for (name, schema) in named {
        context.changed(format!("{name} (inline)"));
        define_inline(document, name, schema, context);
    }
}

fn define_inline(document: &mut Node, name: String, schema: Node, context: &mut Context<'_>) {
    let place = schema.place;
    let taken =
        schemas(document).find(|(key, _)| ***key == *name).map(|(_, schema)| schema.clone());
    match taken {
        Some(other) if other == schema => {}
        Some(_) => {
            let problem = format!(
                "an enum that stands here inline would be called `{name}`, as another schema is"
            );
            context.refuse(
                document,
                &schema_pointer(&name),
                place,
                problem,
                "name that schema in [names] of the manifest",
            );
        }
        None => {
            let components = document.object_at("components");
            if let Some(schemas) = components.and_then(|components| components.object_at("schemas"))
            {
                schemas.set(&name, schema);
            }
        }
    }
}

/// Takes an inline enum out of its place, where a reference stays. Whether null may stand there
/// is a matter of the place.
fn take_enum(node: &mut Node, name: &str) -> Node {
    let place = node.place;
    let reference = Node::reference(place, &schema_pointer(name));
    let stays = match node.remove("nullable") {
        Some(nullable) => Node::object(
            place,
            [("nullable", nullable), ("allOf", Node::array(place, [reference]))],
        ),
        None => reference,
    };
    let mut schema = std::mem::replace(node, stays);
    if let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) {
        values.retain(|value| value.value != Value::Null);
    }
    if let Some(default) = schema.remove("default") {
        schema.set("x-default", default);
    }
    schema
}

/// The properties of a pointer, as a name; what is not a property's name says nothing.
fn property_path(pointer: &Pointer) -> String {
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

fn pascal(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word[..1].to_ascii_uppercase() + &word[1..])
        .collect()
}

fn at_mut<'a>(document: &'a mut Node, pointer: &Pointer) -> Option<&'a mut Node> {
    pointer.tokens().into_iter().try_fold(document, |node, token| node.get_mut(token))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn document(schemas: &str, request: &str, answer: &str) -> String {
        let schemas = schemas.replace('\n', "\n    ");
        format!(
            "\
openapi: 3.0.3
paths:
  /a:
    post:
      operationId: make-a
      requestBody: {{content: {{application/json: {{schema: {request}}}}}}}
      responses:
        '200': {{description: OK, content: {{application/json: {{schema: {answer}}}}}}}
components:
  schemas:
    {schemas}
"
        )
    }

    const REF_E: &str = "{$ref: '#/components/schemas/E'}";
    const REF_S: &str = "{$ref: '#/components/schemas/S'}";
    const SCHEMAS: &str = "E: {type: string, enum: [a]}\nS: {type: object, properties: {e: {$ref: '#/components/schemas/E'}}}";

    #[test]
    fn an_enum_of_requests_alone_stays_closed() {
        let text = document(SCHEMAS, REF_S, "{type: string}");
        let applied = apply_alone(&RULE, &text);
        assert_eq!(applied.document, node(&text));
        assert!(applied.changes.is_empty());
    }

    #[test]
    fn what_requests_and_answers_share_is_copied_for_the_answers() {
        let document = apply_alone(&RULE, &document(SCHEMAS, REF_S, REF_S)).document;
        let target = |pointer: &[&str]| {
            document
                .at(&pointer.iter().copied().collect())
                .unwrap()
                .get_str("$ref")
                .unwrap()
                .to_owned()
        };
        let media = ["content", "application/json", "schema"];
        let request = [["paths", "/a", "post", "requestBody"].as_slice(), &media].concat();
        let answer = [["paths", "/a", "post", "responses", "200"].as_slice(), &media].concat();
        assert_eq!(target(&request), "#/components/schemas/S");
        assert_eq!(target(&answer), "#/components/schemas/SAnswer");
        let property = |schema| target(&["components", "schemas", schema, "properties", "e"]);
        assert_eq!(property("S"), "#/components/schemas/E");
        assert_eq!(property("SAnswer"), "#/components/schemas/OpenE");
    }

    #[test]
    fn an_inline_enum_is_named_by_the_way_that_leads_to_it() {
        let schemas = "S:\n  type: object\n  properties:\n    a_list:\n      type: array\n      items: {type: string, nullable: true, enum: [x, null]}";
        let applied = apply_alone(&RULE, &document(schemas, "{type: string}", REF_S));
        let json = applied.document.to_json().unwrap();
        let items = applied
            .document
            .at(&["components", "schemas", "S", "properties", "a_list", "items"]
                .into_iter()
                .collect())
            .unwrap();
        assert!(items.is_true("nullable"), "{json}");
        assert!(json.contains("#/components/schemas/OpenSAListItem"), "{json}");
        let closed = applied
            .document
            .at(&["components", "schemas", "SAListItem"].into_iter().collect())
            .unwrap();
        assert_eq!(closed.get("enum").unwrap().items().count(), 1);
    }

    #[test]
    fn an_enum_that_is_the_answer_is_opened() {
        let schema = apply_alone(
            &RULE,
            &document("S: {type: object}", "{type: string}", "{type: string, enum: [x]}"),
        )
        .document;
        assert!(
            schema
                .at(&["components", "schemas", "OpenMakeAResponse"].into_iter().collect())
                .is_some()
        );
    }

    #[test]
    fn a_nullable_component_keeps_null_at_its_uses() {
        let applied = apply_alone(
            &RULE,
            &document(
                "E: {type: string, nullable: true, enum: [a, null]}",
                "{type: string}",
                REF_E,
            ),
        );
        let schemas = applied.document.get("components").unwrap().get("schemas").unwrap();
        assert!(schemas.get("E").unwrap().is_true("nullable"));
        assert!(schemas.get("OpenEValue").is_some(), "{}", applied.document.to_json().unwrap());
    }

    #[test]
    fn a_name_that_is_taken_is_refused() {
        let schemas = "E: {type: string, enum: [a]}\nOpenE: {type: object}";
        let findings = apply_alone(&RULE, &document(schemas, "{type: string}", REF_E)).findings;
        assert_eq!(findings.len(), 1);
        assert!(findings[0].problem.contains("`OpenE` beside `E`"), "{findings:?}");
    }
}
