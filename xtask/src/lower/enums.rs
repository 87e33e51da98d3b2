use super::{
    closed::Closed,
    names::{Names, Wanted, add_schemas},
    reach::{pascal, property_path},
};
use crate::{
    document::{Kind, Node, Pointer, Value, operation_at, walk, walk_mut},
    rule::{Context, Example, Rule},
};

/// Enums become components.
pub(super) const RULE: Rule = Rule {
    name: "enums",
    summary: "an inline enum of strings or numbers becomes a component with an open type; any \
              other enum is dropped, except a boolean with a single value; an enum that another \
              part of an `allOf` narrows stays inline and closed",
    reason: "A closed enum rejects the whole response as soon as the server adds a value, and the \
             generator creates a separate type for each inline enum.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      properties:
        status: {$ref: '#/components/schemas/Status'}
        level: {type: integer, description: Which., nullable: true, enum: [1, 2, null]}
        flag: {type: boolean, enum: [true]}
        rest: {type: boolean, enum: [true, false]}
    Status: {type: string, enum: [READY, ERROR]}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      properties:
        status: {$ref: '#/components/schemas/Status'}
        level:
          description: Which.
          nullable: true
          allOf: [{$ref: '#/components/schemas/ThingLevel'}]
        flag: {type: boolean, enum: [true]}
        rest: {type: boolean}
    Status: {type: string, enum: [READY, ERROR]}
    ThingLevel: {type: integer, enum: [1, 2], description: Which.}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    drop_others(document, context);
    let closed = Closed::of(document);
    for pointer in closed.places() {
        context.changed(format!("{pointer} stays closed: another part of an `allOf` narrows it"));
    }
    stand_inline(document, &closed);
    name_inline_enums(document, &closed, context);
}

/// Drops the values of what can't be an enum in Rust, nor is a constant.
fn drop_others(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        let is_kept = is_enum(node) || is_boolean_constant(node);
        if kind == Kind::Schema && node.get("enum").is_some() && !is_kept {
            node.remove("enum");
            context.changed(format!("the values of {pointer}"));
        }
    });
}

/// Inlines enums that must be closed at the places that refer to them.
fn stand_inline(document: &mut Node, closed: &Closed) {
    let mut found = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        let target = node.reference_target().filter(|_| kind == Kind::Schema);
        let Some(target) = target.and_then(Pointer::from_reference) else {
            return;
        };
        let schema = document.at(&target).filter(|_| is_enum_component(document, &target));
        found.extend(schema.filter(|_| closed.holds(pointer)).map(|schema| {
            let mut schema = schema.clone();
            schema.remove("title");
            (pointer.clone(), schema)
        }));
    });
    for (pointer, schema) in found {
        if let Some(node) = document.at_mut(&pointer) {
            *node = schema;
        }
    }
}

/// An enum that stood inline.
struct Named {
    name: String,
    schema: Node,
    /// What it is called after.
    owner: Pointer,
    /// Where it stood.
    at: Pointer,
}

/// Names the inline enums after the schema that contains them and the properties that lead to them.
fn name_inline_enums(document: &mut Node, closed: &Closed, context: &mut Context<'_>) {
    let mut names = Names::of(document);
    let mut found: Vec<Named> = Vec::new();
    walk(document, &mut |node, kind, at| {
        if kind != Kind::Schema || !is_inline_enum(node, at) || closed.holds(at) {
            return;
        }
        let (owner, name) = name_at(document, at);
        let name = name_of_its_own(names.or_else(name, "Value"), node, &found);
        let (at, schema) = (at.clone(), as_component(node));
        found.push(Named { name, schema, owner, at });
    });
    for named in &found {
        if let Some(node) = document.at_mut(&named.at) {
            refer(node, &named.name);
        }
    }
    let mut defined: Vec<Named> = Vec::new();
    for named in found {
        // Two media types of one response, or two paths to one meaning, may share a type.
        let is_known = defined
            .iter()
            .any(|known| known.name == named.name && has_values_of(&known.schema, &named.schema));
        if is_known || !take_name(document, &named, &mut names, context) {
            continue;
        }
        context.changed(format!("{} ({})", named.name, named.at));
        add_schemas(document, [(named.name.clone(), named.schema.clone())]);
        defined.push(named);
    }
}

/// What an enum in this place is called after, and its name.
pub(super) fn name_at(document: &Node, at: &Pointer) -> (Pointer, String) {
    let id = || pascal(operation_at(document, at).unwrap_or_default());
    let (length, base) = match at.tokens()[..] {
        ["components", "schemas", name, ..] => (3, name.to_owned()),
        ["components", "responses", name, ..] => (3, with_ending(name, "Response")),
        ["components", "requestBodies", name, ..] => (3, with_ending(name, "Body")),
        ["components", _, name, ..] => (3, pascal(name)),
        ["paths", _, _, "responses", status, ..] => {
            (3, format!("{}Response{}", id(), pascal(status)))
        }
        ["paths", _, _, "requestBody", ..] => (3, format!("{}Body", id())),
        ["paths", _, _, "parameters", index, ..] => {
            let holder = ["parameters", index].into_iter().collect();
            let parameter = document.at(&leading(at, 3).concat(&holder));
            let name = parameter.and_then(|parameter| parameter.get_str("name"));
            (3, id() + &pascal(name.unwrap_or_default()))
        }
        _ => (at.tokens().len().min(3), id()),
    };
    let inner: Pointer = at.tokens().into_iter().skip(length).collect();
    let path = property_path(&inner);
    let is_component = inner == Pointer::root();
    (leading(at, length), if is_component { base + "Value" } else { base + &path })
}

fn leading(at: &Pointer, length: usize) -> Pointer {
    at.tokens().into_iter().take(length).collect()
}

fn with_ending(name: &str, ending: &str) -> String {
    let name = pascal(name);
    format!("{}{ending}", name.strip_suffix(ending).unwrap_or(&name))
}

/// Whether two enums are one type: what their places say of them may differ.
fn has_values_of(one: &Node, other: &Node) -> bool {
    let values = |schema: &Node| {
        let values = schema.get("enum").into_iter().flat_map(Node::items).cloned();
        values.filter(|value| value.value != Value::Null).collect::<Vec<_>>()
    };
    values(one) == values(other)
}

/// The name, numbered where another enum that stood inline has it.
fn name_of_its_own(name: String, schema: &Node, found: &[Named]) -> String {
    let is_another = |name: &str| {
        let mut named = found.iter().filter(|known| known.name == name);
        named.any(|known| !has_values_of(&known.schema, schema))
    };
    let numbered = (2..).map(|number| format!("{name}{number}"));
    let mut candidates = std::iter::once(name.clone()).chain(numbered);
    candidates.find(|name| !is_another(name)).unwrap_or(name)
}

fn take_name(document: &Node, named: &Named, names: &mut Names, context: &mut Context<'_>) -> bool {
    let wanted = Wanted { name: &named.name, what: "the inline enum here", from: &named.owner };
    names.take(document, &wanted, &named.at, context)
}

/// What an enum is wherever it is used.
const OF_THE_ENUM: [&str; 3] = ["type", "enum", "description"];

/// What is said of the type, and not of its use.
const OF_THE_TYPE: [&str; 9] =
    ["type", "enum", "format", "title", "minimum", "maximum", "minLength", "maxLength", "pattern"];

/// The enum without what depends on its use, such as whether null is allowed.
fn as_component(node: &Node) -> Node {
    let mut schema = Node::object(node.place, []);
    for key in OF_THE_ENUM {
        if let Some(member) = node.get(key) {
            schema.set(key, member.clone());
        }
    }
    if let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) {
        values.retain(|value| value.value != Value::Null);
    }
    schema
}

/// Replaces an enum that becomes a component by a reference, with the description of its use.
pub(super) fn refer(node: &mut Node, name: &str) {
    let reference = Node::reference(node.place, &Pointer::to_schema(name));
    for key in OF_THE_TYPE {
        node.remove(key);
    }
    if node.members().next().is_none() {
        *node = reference;
    } else {
        node.set("allOf", Node::array(node.place, [reference]));
    }
}

/// Whether the schema is an enum of texts or of numbers.
pub(super) fn is_enum(schema: &Node) -> bool {
    let kind = schema.get_str("type");
    let is_value = |value: &Node| match (&value.value, kind) {
        (Value::String(_), Some("string")) => true,
        (Value::Number(number), Some("number")) => number.as_f64().is_some(),
        (Value::Number(number), Some("integer")) => whole(number).is_some(),
        (Value::Null, Some(_)) => schema.is_true("nullable"),
        _ => false,
    };
    let values = schema.get("enum").and_then(Node::as_array).unwrap_or_default();
    values.iter().all(is_value) && values.iter().any(|value| value.value != Value::Null)
}

/// Whether the schema is a boolean that has one value. The generator makes any boolean of it.
fn is_boolean_constant(schema: &Node) -> bool {
    let values = schema.get("enum").and_then(Node::as_array).unwrap_or_default();
    let is_one = matches!(values, [Node { value: Value::Boolean(_), .. }]);
    is_one && schema.get_str("type") == Some("boolean") && !schema.is_true("nullable")
}

/// The whole number that a value of an integer is.
pub(super) fn whole(number: &serde_json::Number) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    let is_whole = |number: &f64| number.fract() == 0.0 && number.abs() <= MOST;
    #[allow(clippy::cast_possible_truncation, reason = "it is whole, and within bounds")]
    number.as_i64().or_else(|| number.as_f64().filter(is_whole).map(|number| number as i64))
}

/// Whether this is a component that is an enum and nothing else.
pub(super) fn is_enum_component(document: &Node, at: &Pointer) -> bool {
    at.schema_component().is_some()
        && document.at(at).is_some_and(|node| is_enum(node) && !node.is_true("nullable"))
}

/// An enum component already has a name, unless it allows null: that depends on the place where it
/// is used.
fn is_inline_enum(schema: &Node, at: &Pointer) -> bool {
    let is_component = at.schema_component().is_some();
    is_enum(schema) && (!is_component || schema.is_true("nullable"))
}

#[cfg(test)]
mod tests {
    use super::{Node, RULE};
    use crate::rule::tests::{Applied, apply_alone, node};

    /// A document whose answers carry the first of these schemas.
    fn document(schemas: &str) -> String {
        let (name, _) = schemas.split_once(':').unwrap();
        with_answer(schemas, &format!("{{$ref: '#/components/schemas/{name}'}}"))
    }

    fn with_answer(schemas: &str, answer: &str) -> String {
        let schemas = schemas.replace('\n', "\n    ");
        format!(
            "\
openapi: 3.0.3
paths:
  /a:
    post:
      operationId: make-a
      parameters: [{{name: sort_by, in: query, schema: {{type: string}}}}]
      requestBody: {{content: {{application/json: {{schema: {{type: object}}}}}}}}
      responses:
        '200': {{description: OK, content: {{application/json: {{schema: {answer}}}}}}}
components:
  schemas:
    {schemas}
"
        )
    }

    fn at<'a>(document: &'a Node, pointer: &[&str]) -> &'a Node {
        document.at(&pointer.iter().copied().collect()).unwrap()
    }

    fn schema<'a>(document: &'a Node, name: &str) -> &'a Node {
        at(document, &["components", "schemas", name])
    }

    fn answered(schemas: &str) -> Applied {
        apply_alone(&RULE, &document(schemas))
    }

    /// Holds that the rule leaves these schemas as they are, and says how often it gave in.
    fn assert_closed(schemas: &str, given_up: usize) {
        let applied = answered(schemas);
        let before = node(&document(schemas));
        assert_eq!(applied.document, before, "{}", applied.document.to_json().unwrap());
        let closed = applied.changes.iter().filter(|change| change.contains("stays closed"));
        assert_eq!(closed.count(), given_up, "{:?}", applied.changes);
    }

    #[test]
    fn an_inline_enum_is_named_by_the_way_that_leads_to_it() {
        let schemas = "S:\n  type: object\n  properties:\n    a_list:\n      type: array\n      items: {type: string, nullable: true, enum: [x, null]}";
        let document = answered(schemas).document;
        let items = at(&document, &["components", "schemas", "S", "properties", "a_list", "items"]);
        assert!(items.is_true("nullable"));
        let reference = items.get("allOf").unwrap().items().next().unwrap().reference_target();
        assert_eq!(reference, Some("#/components/schemas/SAListItem"));
        assert_eq!(schema(&document, "SAListItem").get("enum").unwrap().items().count(), 1);
    }

    #[test]
    fn enums_of_operations_are_called_after_them() {
        for (before, after, name) in [
            ("schema: {type: string}", "schema: {type: string, enum: [x]}", "MakeASortBy"),
            ("schema: {type: object}", "schema: {type: integer, enum: [1]}", "MakeABody"),
            ("schema: {}", "schema: {type: number, enum: [0.5]}", "MakeAResponse200"),
        ] {
            let text = with_answer("S: {type: object}", "{}").replacen(before, after, 1);
            let document = apply_alone(&RULE, &text).document;
            assert!(schema(&document, name).get("enum").is_some(), "{name}");
        }
    }

    #[test]
    fn a_nullable_component_keeps_null_at_its_uses() {
        let document = answered("E: {type: string, nullable: true, enum: [a, null]}").document;
        assert!(schema(&document, "E").is_true("nullable"));
        assert_eq!(schema(&document, "EValue").get("enum").unwrap().items().count(), 1);
    }

    #[test]
    fn one_enum_in_two_answers_is_one_type_and_two_are_two() {
        for (schemas, name) in [
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
        ] {
            let applied = answered(schemas);
            assert_eq!(applied.findings, [], "{schemas}");
            schema(&applied.document, name);
        }
    }

    #[test]
    fn what_tells_the_branches_of_a_union_apart_is_open_too() {
        let schemas = "Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}\nCat: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}}}\nDog: {type: object, properties: {kind: {type: string, enum: [dog]}}}\nKind: {type: string, enum: [cat]}";
        let document = answered(schemas).document;
        for (schema, target) in [("Cat", "Kind"), ("Dog", "DogKind")] {
            let kind = at(&document, &["components", "schemas", schema, "properties", "kind"]);
            let expected = format!("#/components/schemas/{target}");
            assert_eq!(kind.reference_target(), Some(&*expected));
        }
    }

    #[test]
    fn what_is_narrowed_stays_closed() {
        assert_closed(
            "S: {allOf: [{$ref: '#/components/schemas/B'}, {type: object, properties: {e: {type: string, enum: [a]}}}]}\nB: {type: object, properties: {e: {type: string, enum: [a, b]}}}",
            2,
        );
    }

    #[test]
    fn the_values_of_what_is_no_enum_in_rust_are_dropped() {
        let schemas = "S: {type: object, properties: {a: {type: boolean, enum: [true, false]}, b: {enum: [1, a]}, c: {type: array, items: {type: string}, enum: [[a]]}, d: {type: integer, enum: [1.5]}}}";
        let json = answered(schemas).document.to_json().unwrap();
        assert!(!json.contains("enum"), "{json}");
    }
}
