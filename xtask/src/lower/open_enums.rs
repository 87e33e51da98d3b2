use std::collections::{BTreeMap, BTreeSet};

use super::{
    closed::{Closed, is_enum_component},
    inline_enums::name_inline_enums,
    names::{Names, Wanted},
    reach::{Part, Reach},
};
use crate::{
    document::{Document, Key, Node, Object, Pointer, Value, walk_part, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// String enums of answers are opened.
pub(super) const RULE: Rule = Rule {
    name: "open-enums",
    summary: "where an answer carries a string enum `E`, it carries `OpenE` instead: one of `E`, \
              or of `UnknownE`, any other string; requests keep `E`",
    reason: "A closed enum fails the whole answer on the day the server adds a value. `oneOf` of \
             the enum and `not` the enum is exact JSON Schema, and the generator makes a union \
             of known and unknown of it. What tells the branches of a union apart stays closed: opened, \
             it would fit the first branch always.",
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
    let reach = Reach::of(document);
    let parts = reach.answer_parts(document);
    let closed = Closed::of(document, &parts);
    for (pointer, reason) in closed.given_up() {
        context.changed(format!("{pointer} stays closed: {reason}"));
    }
    let mut names = Names::of(document);
    name_inline_enums(document, &parts, &closed, &mut names, context);

    let parts = Reach::of(document).answer_parts(document);
    let unions = Unions::new(document, &parts, &closed, &names);
    unions.define(document, &mut names, context);
    unions.redirect(document, &parts, &closed);
}

/// The open union that answers carry in the place of an enum, by the enum's name.
struct Unions(BTreeMap<String, String>);

impl Unions {
    fn new(document: &Node, parts: &[Part], closed: &Closed, names: &Names) -> Self {
        let used: BTreeSet<String> =
            parts.iter().flat_map(|part| used_openly(document, part, closed)).collect();
        let enums =
            used.into_iter().filter(|name| is_enum_component(document, &Pointer::to_schema(name)));
        let open = |name: &str| names.or_else(format!("Open{name}"), "Enum");
        Self(enums.map(|name| (name.clone(), open(&name))).collect())
    }

    /// Adds the unions, each behind the enum that it comes from.
    fn define(&self, document: &mut Node, names: &mut Names, context: &mut Context<'_>) {
        let mut defined = Object::new();
        for (key, schema) in Document(document).schemas() {
            defined.insert(key.clone(), schema.clone());
            let Some(open) = self.0.get(&**key) else {
                continue;
            };
            let from = Pointer::to_schema(key);
            let unknown = names.or_else(format!("Unknown{key}"), "Value");
            for (name, schema) in open_union(key, [open, &unknown], schema) {
                let what = format!("what answers carry in the place of `{key}`");
                let wanted = Wanted { name: &name, what: &what, from: &from };
                if names.take(document, &wanted, &from, context) {
                    defined.insert(Key::new(key.place, name), schema);
                }
            }
            context.changed(&**key);
        }
        let components = document.get_mut("components");
        if let Some(schemas) = components.and_then(|components| components.get_mut("schemas")) {
            schemas.value = Value::Object(defined);
        }
    }

    /// Points what answers carry at the unions.
    fn redirect(&self, document: &mut Node, parts: &[Part], closed: &Closed) {
        for part in parts {
            if let Some(node) = document.at_mut(&part.pointer) {
                self.redirect_part(node, part, closed);
            }
        }
    }

    fn redirect_part(&self, node: &mut Node, part: &Part, closed: &Closed) {
        walk_part_mut(node, part.kind, &mut |node, _, inner| {
            let target = node.reference_target().and_then(Pointer::from_reference);
            let Some(name) = target.as_ref().and_then(Pointer::schema_component) else {
                return;
            };
            let open = self.0.get(name);
            if let Some(open) = open.filter(|_| !closed.holds(&part.pointer.concat(inner))) {
                *node = Node::reference(node.place, &Pointer::to_schema(open));
            }
        });
    }
}

/// The schema components that a part of an answer refers to where it is not closed.
fn used_openly(document: &Node, part: &Part, closed: &Closed) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let Some(node) = document.at(&part.pointer) else {
        return used;
    };
    walk_part(node, part.kind, &mut |node, _, inner| {
        let target = node.reference_target().and_then(Pointer::from_reference);
        if let Some(name) = target.as_ref().and_then(Pointer::schema_component)
            && !closed.holds(&part.pointer.concat(inner))
        {
            used.insert(name.to_owned());
        }
    });
    used
}

/// The union of a string enum and all other strings, and the schema of those.
fn open_union(name: &Key, [open, unknown]: [&str; 2], schema: &Node) -> [(String, Node); 2] {
    let place = schema.place;
    let text = |text: &str| Node::string(place, text);
    let variant = |title: &str, name: &str| {
        let reference = Node::reference(place, &Pointer::to_schema(name));
        Node::object(place, [("title", text(title)), ("allOf", Node::array(place, [reference]))])
    };
    let variants = Node::array(place, [variant("Known", name), variant("Unknown", unknown)]);
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
    [(open.to_owned(), union), (unknown.to_owned(), others)]
}

#[cfg(test)]
mod tests {
    use super::{Node, RULE};
    use crate::rule::tests::{Applied, apply_alone, node};

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
                .at(&["components", "schemas", "OpenMakeAResponse200"].into_iter().collect())
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

    fn at<'a>(document: &'a Node, pointer: &[&str]) -> &'a Node {
        document.at(&pointer.iter().copied().collect()).unwrap()
    }

    fn schema<'a>(document: &'a Node, name: &str) -> &'a Node {
        at(document, &["components", "schemas", name])
    }

    /// What the rule makes of these schemas, the first of them an answer of an operation.
    fn answered(schemas: &str) -> Applied {
        let (name, _) = schemas.split_once(':').unwrap();
        let answer = format!("{{$ref: '#/components/schemas/{name}'}}");
        apply_alone(&RULE, &document(schemas, "{type: string}", &answer))
    }

    /// Holds that the rule leaves these schemas as they are, and says how often it gave in.
    fn assert_closed(schemas: &str, given_up: usize) {
        let applied = answered(schemas);
        let (name, _) = schemas.split_once(':').unwrap();
        let answer = format!("{{$ref: '#/components/schemas/{name}'}}");
        let before = node(&document(schemas, "{type: string}", &answer));
        assert_eq!(applied.document, before, "{}", applied.document.to_json().unwrap());
        let closed = applied.changes.iter().filter(|change| change.contains("stays closed"));
        assert_eq!(closed.count(), given_up, "{:?}", applied.changes);
    }

    #[test]
    fn what_tells_the_branches_of_a_union_apart_stays_closed() {
        let branch = |name: &str, kind: &str| {
            format!("\n{name}: {{type: object, required: [kind], properties: {{kind: {kind}}}}}")
        };
        let union = "Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}";
        let discriminated = union.replace("]}", "], discriminator: {propertyName: kind}}");
        let cat = branch("Cat", "{type: string, enum: [cat]}");
        let dog = branch("Dog", "{type: string, enum: [dog]}");
        assert_closed(&format!("{union}{cat}{dog}"), 2);
        assert_closed(&format!("{discriminated}{cat}{dog}"), 2);
        let named = branch("Cat", "{allOf: [{$ref: '#/components/schemas/CatKind'}]}");
        let kind = "\nCatKind: {type: string, enum: [cat]}";
        assert_closed(&format!("{union}{named}{dog}{kind}"), 2);
        let any = branch("Dog", "{type: string}");
        assert_closed(&format!("{union}{cat}{any}"), 1);
    }

    #[test]
    fn inline_branches_are_told_apart_as_well() {
        assert_closed(
            "Pet:\n  oneOf:\n    - {title: Cat, type: object, properties: {kind: {type: string, enum: [cat]}}}\n    - allOf:\n        - {type: object, properties: {kind: {type: string, enum: [dog]}}}\n        - {type: object, properties: {bark: {type: string}}}",
            2,
        );
        assert_closed(
            "Pets: {oneOf: [{type: array, items: {type: string, enum: [a]}}, {type: array, items: {type: string, enum: [b]}}]}",
            2,
        );
    }

    #[test]
    fn what_does_not_tell_branches_apart_is_opened() {
        let schemas = "Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}\nCat: {type: object, properties: {kind: {type: string, enum: [cat]}, mood: {$ref: '#/components/schemas/Mood'}}}\nDog: {type: object, properties: {kind: {type: string, enum: [dog]}, mood: {$ref: '#/components/schemas/Mood'}, size: {type: string, enum: [s, m]}}}\nMood: {type: string, enum: [good, bad]}";
        let document = answered(schemas).document;
        let property = |schema, name| {
            at(&document, &["components", "schemas", schema, "properties", name])
                .reference_target()
                .map(str::to_owned)
        };
        assert_eq!(property("Cat", "kind"), None);
        assert_eq!(property("Cat", "mood").as_deref(), Some("#/components/schemas/OpenMood"));
        assert_eq!(property("Dog", "mood").as_deref(), Some("#/components/schemas/OpenMood"));
        assert_eq!(property("Dog", "size").as_deref(), Some("#/components/schemas/OpenDogSize"));
    }

    #[test]
    fn enums_that_are_branches_of_one_union_stay_closed() {
        let enums = "\nA: {type: string, enum: [a, b]}\nB: {type: string, enum: [b, c]}";
        let union =
            "U: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}";
        assert_closed(&format!("{union}{enums}"), 2);
        // This one is open as it is documented.
        let union = "U: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}";
        assert_closed(&format!("{union}{enums}"), 0);
    }

    #[test]
    fn what_may_not_be_and_what_is_narrowed_stays_closed() {
        assert_closed("S: {type: object, properties: {n: {not: {type: string, enum: [bad]}}}}", 0);
        assert_closed(
            "S: {allOf: [{$ref: '#/components/schemas/E'}, {type: string, enum: [a]}]}\nE: {type: string, enum: [a, b]}",
            2,
        );
        assert_closed(
            "S: {allOf: [{$ref: '#/components/schemas/B'}, {type: object, properties: {e: {type: string, enum: [a]}}}]}\nB: {type: object, properties: {e: {type: string, enum: [a, b]}}}",
            2,
        );
    }

    #[test]
    fn unions_that_hold_themselves_come_to_an_end() {
        let schemas = "A: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}\nB: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}";
        assert_closed(schemas, 0);
    }

    #[test]
    fn two_answers_of_one_operation_have_names_of_their_own() {
        let text = document("S: {type: object}", "{type: string}", "{type: string, enum: [x]}");
        let second = "        '201': {description: OK, content: {application/json: {schema: {type: string, enum: [y]}}}}\ncomponents:";
        let applied = apply_alone(&RULE, &text.replace("components:", second));
        assert_eq!(applied.findings, []);
        for (name, value) in [("MakeAResponse200", "x"), ("MakeAResponse201", "y")] {
            let values = schema(&applied.document, name).get("enum").unwrap();
            assert_eq!(values.as_array().unwrap()[0].as_str(), Some(value));
        }
    }

    #[test]
    fn an_enum_inside_a_shared_response_is_opened() {
        let text = document("S: {type: object}", "{type: string}", "{}");
        let text = text.replace(
            "{description: OK, content: {application/json: {schema: {}}}}",
            "{$ref: '#/components/responses/Done'}",
        );
        let shared = "components:\n  responses:\n    Done: {description: OK, content: {application/json: {schema: {type: object, properties: {s: {type: string, enum: [x]}}}}}}";
        let applied = apply_alone(&RULE, &text.replace("components:", shared));
        let media = ["content", "application/json", "schema", "properties", "s"];
        let done = [["components", "responses", "Done"].as_slice(), &media].concat();
        assert_eq!(
            at(&applied.document, &done).reference_target(),
            Some("#/components/schemas/OpenDoneResponseS")
        );
    }

    #[test]
    fn what_would_be_called_like_another_type_gets_a_longer_name() {
        let cases = [
            ("E: {type: string, enum: [a]}\nOpenE: {type: object}", "OpenEEnum"),
            ("E: {type: string, enum: [a]}\nopen-e: {oneOf: [{type: string}]}", "OpenEEnum"),
            ("E: {type: string, enum: [a]}\nUnknownE: {type: object}", "UnknownEValue"),
            (
                "S: {type: object, properties: {status: {type: string, enum: [a]}}}\nS_status: {type: object}",
                "SStatusValue",
            ),
            (
                "S: {type: object, properties: {a_b: {type: string, enum: [a]}, aB: {type: string, enum: [b]}}}",
                "SAB2",
            ),
            (
                "S: {type: object, properties: {a_b: {type: string, enum: [a], description: D.}, aB: {type: string, enum: [a]}}}",
                "SAB",
            ),
        ];
        for (schemas, name) in cases {
            let applied = answered(schemas);
            assert_eq!(applied.findings, [], "{schemas}");
            at(&applied.document, &["components", "schemas", name]);
        }
    }
}
