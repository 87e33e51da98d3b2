use super::{
    reach::{Part, Reach},
    wording::describe,
};
use crate::{
    document::{Document, Kind, Node, Value, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// A property that only one side sends is required of that side alone.
pub(super) const RULE: Rule = Rule {
    name: "one-way-properties",
    summary: "requests don't require `readOnly` properties, and responses don't require \
              `writeOnly` ones",
    reason: "OpenAPI defines it so: `required` applies only in the other direction. A caller can't \
             know the id that the server will assign, and a response contains no password.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/New'}
components:
  schemas:
    New:
      type: object
      required: [id, name]
      properties:
        id: {type: string, readOnly: true}
        name: {type: string}
    Account:
      type: object
      required: [secret]
      properties:
        secret: {type: string, writeOnly: true}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/New'}
components:
  schemas:
    New:
      type: object
      required: [name]
      properties:
        id: {type: string, readOnly: true, description: The server sets it.}
        name: {type: string}
    Account:
      type: object
      properties:
        secret: {type: string, writeOnly: true, description: Never part of a response.}
",
    },
    apply,
};

/// How deeply references and parts of an `allOf` are searched for a property.
const DEEPEST: usize = 16;

/// What one direction doesn't carry.
struct Direction {
    flag: &'static str,
    words: &'static str,
}

const REQUESTS: Direction = Direction { flag: "readOnly", words: "The server sets it." };
const ANSWERS: Direction = Direction { flag: "writeOnly", words: "Never part of a response." };

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let reach = Reach::of(document);
    let parts =
        [(REQUESTS, reach.request_parts(document)), (ANSWERS, reach.answer_parts(document))];
    for (direction, parts) in parts {
        parts.iter().for_each(|part| relax(document, part, &direction, context));
    }
}

fn relax(document: &mut Node, part: &Part, direction: &Direction, context: &mut Context<'_>) {
    let Some(mut node) = document.at(&part.pointer).cloned() else {
        return;
    };
    let mut is_changed = false;
    walk_part_mut(&mut node, part.kind, &mut |node, kind, inner| {
        if kind != Kind::Schema {
            return;
        }
        for name in not_required(document, node, direction) {
            is_changed = true;
            context.changed(format!("{name} of {}", part.pointer.concat(inner)));
        }
    });
    if let Some(known) = document.at_mut(&part.pointer).filter(|_| is_changed) {
        *known = node;
    }
}

/// Takes out of `required` what this direction doesn't carry, and gives the names.
fn not_required(document: &Node, object: &mut Node, direction: &Direction) -> Vec<String> {
    let is_one_way = |name: &str| {
        let property = object.get("properties").and_then(|properties| properties.get(name));
        property.is_some_and(|property| is_flagged(document, property, direction.flag, DEEPEST))
    };
    let required = object.get("required").into_iter().flat_map(Node::items);
    let names: Vec<String> = required
        .filter_map(Node::as_str)
        .filter(|name| is_one_way(name))
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return names;
    }
    let required = object.get_mut("required").and_then(Node::as_array_mut);
    let is_left = required.map(|required| {
        required.retain(|name| !matches!(&name.value, Value::String(name) if names.contains(name)));
        !required.is_empty()
    });
    if is_left == Some(false) {
        object.remove("required");
    }
    for name in &names {
        let properties = object.get_mut("properties");
        if let Some(property) = properties.and_then(|properties| properties.get_mut(name)) {
            tell(property, direction.words);
        }
    }
    names
}

/// Whether a property has a flag, by itself or by what it refers to.
fn is_flagged(document: &Node, property: &Node, flag: &str, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let Some(schema) = Document(document).resolve(property) else {
        return false;
    };
    let mut parts = schema.get("allOf").into_iter().flat_map(Node::items);
    schema.is_true(flag) || parts.any(|part| is_flagged(document, part, flag, depth))
}

/// Adds this to the description of a property; a reference can't have one.
fn tell(property: &mut Node, words: &str) {
    if property.reference_target().is_some() {
        let place = property.place;
        let reference = std::mem::replace(property, Node::object(place, []));
        property.set("allOf", Node::array(place, [reference]));
    }
    describe(property, words);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    /// The required properties of a request body.
    fn required_of(schema: &str, others: &str) -> String {
        let text = format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      operationId: a\n      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n      responses: {{}}\ncomponents:\n  schemas:\n    Id: {{type: string, readOnly: true}}\n    {others}\n"
        );
        let document = apply_alone(&RULE, &text).document;
        let json = document.to_json().unwrap().replace([' ', '\n'], "");
        let lists = json.split("\"required\":").skip(1);
        lists.map(|rest| rest.split(']').next().unwrap().to_owned() + "]").collect()
    }

    #[test]
    fn a_read_only_property_is_found_wherever_it_says_so() {
        for id in [
            "{type: string, readOnly: true}",
            "{$ref: '#/components/schemas/Id'}",
            "{allOf: [{$ref: '#/components/schemas/Id'}]}",
            "{readOnly: true, oneOf: [{type: string}, {type: integer}]}",
            "{type: string, nullable: true, readOnly: true}",
        ] {
            let object = format!(
                "{{type: object, required: [id, name], properties: {{id: {id}, name: {{type: string}}}}}}"
            );
            assert_eq!(required_of(&object, ""), "[\"name\"]", "{id}");
            let list = format!("{{type: array, items: {object}}}");
            assert_eq!(required_of(&list, ""), "[\"name\"]", "{id}");
            let map = format!("{{type: object, additionalProperties: {object}}}");
            assert_eq!(required_of(&map, ""), "[\"name\"]", "{id}");
            let union = format!("{{oneOf: [{object}, {{type: string}}]}}");
            assert_eq!(required_of(&union, ""), "[\"name\"]", "{id}");
            let component = "{$ref: '#/components/schemas/New'}";
            assert_eq!(required_of(component, &format!("New: {object}")), "[\"name\"]", "{id}");
        }
    }

    #[test]
    fn what_both_sides_send_stays_required() {
        let object = "{type: object, required: [id], properties: {id: {type: string, readOnly: false}, readOnly: {type: boolean}}}";
        assert_eq!(required_of(object, ""), "[\"id\"]");
    }

    #[test]
    fn an_answer_still_has_what_only_the_server_sends() {
        let text = RULE.example.before.replace(
            "secret: {type: string, writeOnly: true}",
            "secret: {type: string, readOnly: true}",
        );
        let applied = apply_alone(&RULE, &text);
        assert_eq!(applied.changes, ["id of /components/schemas/New"]);
    }
}
