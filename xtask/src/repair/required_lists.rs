use crate::{
    document::{Node, Pointer, Value},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// `required` of a schema is a list of names.
pub(super) const RULE: Rule = Rule {
    name: "required-lists",
    summary: "`required: true` of a property moves into the `required` of its object; an empty \
              `required` goes, and so does a name that is listed twice",
    reason: "A boolean is the habit of an old draft of JSON Schema and of parameters. OpenAPI \
             3.0.3 demands a list of different names, one at least.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      required: [a, a]
      properties:
        a: {type: string}
        b: {type: string, required: true}
        c: {type: string, required: false}
        d: {type: object, required: []}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      required: [a, b]
      properties:
        a: {type: string}
        b: {type: string}
        c: {type: string}
        d: {type: object}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, lift_flags);
    repair_schemas(document, context, |schema, at, notes| {
        keep_flag_of_nothing(schema, at, notes);
        tidy_list(schema, at, notes);
    });
}

/// What the properties say of themselves.
fn lift_flags(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let mut lifted = Vec::new();
    for (name, property) in schema.get_mut("properties").into_iter().flat_map(Node::members_mut) {
        if let Some(Node { value: Value::Boolean(required), place }) = property.get("required") {
            notes.changed(format!("{name} at {at}"));
            lifted.extend(required.then(|| Node::string(*place, &**name)));
            property.remove("required");
        }
    }
    let Some(first) = lifted.first() else {
        return;
    };
    if schema.get("required").is_none_or(|list| list.as_array().is_none()) {
        schema.set("required", Node::array(first.place, []));
    }
    if let Some(list) = schema.get_mut("required").and_then(Node::as_array_mut) {
        list.extend(lifted);
    }
}

fn keep_flag_of_nothing(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(Node { value: Value::Boolean(_), place }) = schema.get("required") else {
        return;
    };
    let problem = "`required` is a boolean, and the schema is no property of an object";
    notes.warn(
        &at.join("required"),
        *place,
        problem,
        "it says nothing, and is kept as `x-required`",
    );
    notes.changed(format!("x-required at {at}"));
    schema.rename("required", "x-required");
}

fn tidy_list(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(list) = schema.get_mut("required").and_then(Node::as_array_mut) else {
        return;
    };
    let mut names: Vec<Node> = Vec::new();
    for name in list.iter() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.len() < list.len() {
        notes.changed(format!("{} listed twice at {at}", list.len() - names.len()));
        *list = names;
    }
    if list.is_empty() {
        notes.changed(format!("empty at {at}"));
        schema.remove("required");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn a_flag_of_no_property_is_kept_beside_and_told() {
        let text = "openapi: 3.1.1\ncomponents: {schemas: {A: {type: string, required: true}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(&text.replace("required", "x-required")));
        assert_eq!(applied.warnings.len(), 1);
    }

    #[test]
    fn a_property_called_required_is_data() {
        let text = "openapi: 3.1.1\ncomponents: {schemas: {A: {properties: {required: {type: boolean}}}}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}
