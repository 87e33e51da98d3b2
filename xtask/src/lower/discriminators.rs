use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Kind, Node, Pointer, Value, walk},
    rule::{Context, Example, Rule},
};

/// What a discriminator says, the branches say.
pub(super) const RULE: Rule = Rule {
    name: "discriminators",
    summary: "a branch of a `oneOf` with a discriminator has its values as an enum, required",
    reason: "The generator knows no discriminator and takes the first branch that fits: without \
             a value of its own, every branch with fewer properties would fit the others.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}
    Cat: {type: object, properties: {kind: {type: string}, purrs: {type: boolean}}}
    Dog: {allOf: [{$ref: '#/components/schemas/Base'}]}
    Base: {type: object, properties: {kind: {type: string}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}
    Cat: {type: object, properties: {kind: {type: string, enum: [cat]}, purrs: {type: boolean}}, required: [kind]}
    Dog: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {kind: {type: string, enum: [Dog]}}, required: [kind]}]}
    Base: {type: object, properties: {kind: {type: string}}}
",
    },
    apply,
};

/// The property and the values that a branch is told by.
type Tags = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut tags = Tags::new();
    let mut used_beside: BTreeSet<String> = BTreeSet::new();
    walk(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        match discriminated(node) {
            Some(tag) => note(node, tag, &mut tags),
            None if is_branch_of_discriminated(document, pointer) => {}
            None => used_beside.extend(component(node)),
        }
    });
    for (schema, by_tag) in tags {
        for (tag, values) in by_tag {
            let at = Pointer::to_schema(&schema);
            if says_so(document, &at, &tag) {
                continue;
            }
            if used_beside.contains(&schema) {
                warn(document, &at, &tag, context);
            } else if say(document, &at, &tag, &values) {
                context.changed(format!("{tag} of {at}"));
            }
        }
    }
}

fn discriminated(schema: &Node) -> Option<&str> {
    schema.get("oneOf")?;
    schema.get("discriminator")?.get_str("propertyName")
}

fn is_branch_of_discriminated(document: &Node, pointer: &Pointer) -> bool {
    let mut union = pointer.clone();
    union.pop();
    if union.tokens().last() != Some(&"oneOf") {
        return false;
    }
    union.pop();
    document.at(&union).is_some_and(|union| discriminated(union).is_some())
}

fn component(node: &Node) -> Option<String> {
    let target = Pointer::from_reference(node.reference_target()?)?;
    target.schema_component().map(str::to_owned)
}

/// Notes the values by which a union tells its branches apart.
fn note(union: &Node, tag: &str, tags: &mut Tags) {
    let mapping = union.get("discriminator").and_then(|node| node.get("mapping"));
    let mapped: Vec<(String, String)> = mapping
        .into_iter()
        .flat_map(Node::members)
        .filter_map(|(value, target)| {
            let text = target.as_str()?;
            let pointer = Pointer::from_reference(text);
            let name = pointer.as_ref().and_then(Pointer::schema_component).unwrap_or(text);
            Some((value.to_string(), name.to_owned()))
        })
        .collect();
    for branch in union.get("oneOf").into_iter().flat_map(Node::items).filter_map(component) {
        let values = mapped.iter().filter(|(_, name)| *name == branch);
        let mut values: BTreeSet<String> = values.map(|(value, _)| value.clone()).collect();
        if values.is_empty() {
            values.insert(branch.clone());
        }
        tags.entry(branch).or_default().entry(tag.to_owned()).or_default().extend(values);
    }
}

/// Whether a branch lists the values of the property itself, wherever that stands in it.
fn says_so(document: &Node, at: &Pointer, tag: &str) -> bool {
    let mut open: Vec<&Node> = document.at(at).into_iter().collect();
    let mut left = 64;
    while let Some(schema) = open.pop() {
        left -= 1;
        if left == 0 {
            return false;
        }
        let property = schema.get("properties").and_then(|properties| properties.get(tag));
        let target = |node: &Node| node.reference_target().and_then(Pointer::from_reference);
        let listed = |property: &Node| {
            let alone = property.get("allOf").and_then(Node::as_array).and_then(<[Node]>::first);
            let target = target(property).or_else(|| target(alone?));
            let property = target.and_then(|at| document.at(&at)).unwrap_or(property);
            property.get("enum").is_some()
        };
        if property.is_some_and(listed) {
            return true;
        }
        open.extend(target(schema).and_then(|at| document.at(&at)));
        open.extend(schema.get("allOf").into_iter().flat_map(Node::items));
    }
    false
}

fn say(document: &mut Node, at: &Pointer, tag: &str, values: &BTreeSet<String>) -> bool {
    let Some(schema) = document.at_mut(at) else {
        return false;
    };
    let place = schema.place;
    let text = |text: &str| Node::string(place, text);
    let values = Node::array(place, values.iter().map(|value| text(value)));
    let is_text = |property: &Node| property.get_str("type") == Some("string");
    let property = schema.get_mut("properties").and_then(|properties| properties.get_mut(tag));
    if let Some(property) = property.filter(|property| is_text(property)) {
        property.set("enum", values);
        require(schema, tag);
        return true;
    }
    let property = Node::object(place, [("type", text("string")), ("enum", values)]);
    let is_plain = schema.get("allOf").is_none()
        && schema.get_str("type") == Some("object")
        && schema.get("properties").is_none_or(|properties| properties.get(tag).is_none());
    if is_plain && let Some(properties) = schema.object_at("properties") {
        properties.set(tag, property);
        require(schema, tag);
        return true;
    }
    let part = Node::object(
        place,
        [
            ("type", text("object")),
            ("properties", Node::object(place, [(tag, property)])),
            ("required", Node::array(place, [text(tag)])),
        ],
    );
    match schema.get_mut("allOf").map(|parts| &mut parts.value) {
        Some(Value::Array(parts)) => parts.push(part),
        _ => return false,
    }
    true
}

fn require(schema: &mut Node, tag: &str) {
    let place = schema.place;
    let names = schema.get("required").into_iter().flat_map(Node::items);
    let mut names: Vec<Node> = names.cloned().collect();
    if !names.iter().any(|name| name.as_str() == Some(tag)) {
        names.push(Node::string(place, tag));
        schema.set("required", Node::array(place, names));
    }
}

fn warn(document: &Node, at: &Pointer, tag: &str, context: &mut Context<'_>) {
    let place = document.at(at).map_or(document.place, |node| node.place);
    let problem = format!(
        "`{tag}` tells this branch of a union from the others, but lists no values, and the schema \
         is used elsewhere too: the client may read another branch as this one"
    );
    let remedy = "give the property an enum with the value that is sent, and require it";
    context.warn(document, at, place, problem, remedy);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_branch_that_is_used_elsewhere_stays_and_is_told_of() {
        let text = format!(
            "{}    Home: {{type: object, properties: {{cat: {{$ref: '#/components/schemas/Cat'}}}}}}\n",
            RULE.example.before
        );
        let applied = apply_alone(&RULE, &text);
        assert_eq!(applied.changes, ["kind of /components/schemas/Dog"]);
        assert_eq!(applied.warnings.len(), 1);
    }

    #[test]
    fn a_branch_without_the_property_gets_it() {
        let text = RULE.example.before.replace("kind: {type: string}, purrs", "purrs");
        let json = apply_alone(&RULE, &text).document.to_json().unwrap();
        assert_eq!(json.matches("\"cat\"\n").count(), 1, "{json}");
    }

    #[test]
    fn several_values_of_one_branch_and_a_branch_that_lists_its_own() {
        let text =
            RULE.example.before.replace("cat: '#", "lion: '#/components/schemas/Cat', cat: '#");
        let json = apply_alone(&RULE, &text).document.to_json().unwrap();
        assert!(json.replace([' ', '\n'], "").contains(r#""enum":["cat","lion"]"#), "{json}");
        let listed = RULE.example.before.replace("{type: string}", "{type: string, enum: [x]}");
        assert!(apply_alone(&RULE, &listed).changes.is_empty());
    }
}
