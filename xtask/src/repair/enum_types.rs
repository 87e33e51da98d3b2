use crate::{
    document::{Key, Node, Pointer, Value, insert_at, is_of_type, type_of},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// An enum gets the type of its values.
pub(super) const RULE: Rule = Rule {
    name: "enum-types",
    summary: "an enum without a `type` gets that of its values; a whole number of an integer enum \
              is written as one; values that are not of the documented type go",
    reason: "Tools take an enum without a type for any JSON. The values tell the type exactly. A \
             value that is not of the type could never be sent.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Size:
      enum: [small, large, null]
    Level:
      type: integer
      enum: [1.0, 2]
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Size:
      type: string
      nullable: true
      enum: [small, large, null]
    Level:
      type: integer
      enum: [1, 2]
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        if schema.get("enum").and_then(Node::as_array).is_none_or(<[Node]>::is_empty) {
            return;
        }
        if keep_composites_beside(schema, at, notes) {
            return;
        }
        match schema.get("type").is_some() {
            true => fit(schema, at, notes),
            false => infer(schema, at, notes),
        }
    });
}

/// An enum that lists lists or mappings, and whose type allows them.
fn keep_composites_beside(schema: &mut Node, at: &Pointer, notes: &mut Notes) -> bool {
    let is_composite = |name: &str| matches!(name, "array" | "object");
    let documented = documented_types(schema);
    let Some(values) = schema.get("enum") else {
        return false;
    };
    let is_allowed = documented.is_empty() || documented.iter().any(|name| is_composite(name));
    if !is_allowed || !values.items().any(|value| is_composite(type_of(value))) {
        return false;
    }
    let problem = "an enum with lists or mappings among its values";
    let remedy = "tools for OpenAPI 3.0.3 can't hold it: it is kept as `x-enum`";
    notes.warn(&at.join("enum"), values.place, problem, remedy);
    notes.changed(format!("x-enum at {at}"));
    schema.rename("enum", "x-enum");
    true
}

fn documented_types(schema: &Node) -> Vec<String> {
    match schema.get("type") {
        Some(Node { value: Value::String(name), .. }) => vec![name.clone()],
        Some(node) => node.items().filter_map(Node::as_str).map(str::to_owned).collect(),
        None => Vec::new(),
    }
}

fn infer(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(values) = schema.get("enum").cloned() else {
        return;
    };
    let mut types: Vec<&str> = Vec::new();
    for value in values.items().map(type_of) {
        if !types.contains(&value) {
            types.push(value);
        }
    }
    if types.contains(&"number") {
        types.retain(|name| *name != "integer");
    }
    notes.changed(format!("{} at {at}", types.join(", ")));
    let is_nullable = types.contains(&"null");
    types.retain(|name| *name != "null");
    let names = types.iter().map(|name| Node::string(values.place, *name));
    let documented = match types[..] {
        // Null alone fits: `null-types` says why it is written so.
        [] => Node::string(values.place, "string"),
        [name] => Node::string(values.place, name),
        _ => Node::array(values.place, names),
    };
    insert_before_enum(schema, "type", documented);
    if is_nullable && schema.get("nullable").is_none() {
        insert_before_enum(schema, "nullable", Node::new(values.place, Value::Boolean(true)));
    }
}

fn insert_before_enum(schema: &mut Node, key: &str, node: Node) {
    if let Some(members) = schema.as_object_mut() {
        let at = members.get_index_of("enum").unwrap_or(members.len());
        insert_at(members, at, Key::new(node.place, key), node);
    }
}

/// The values that the documented types allow. Where they allow none, the check says so.
fn fit(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let types = documented_types(schema);
    let is_nullable = schema.is_true("nullable");
    let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) else {
        return;
    };
    let fits = |value: &Node| {
        (is_nullable && value.value == Value::Null)
            || types.iter().any(|name| is_of_type(value, name))
    };
    if !values.iter().any(|value| fits(value) && value.value != Value::Null) {
        return;
    }
    for value in values.iter().filter(|value| !fits(value) && type_of(value) != "object") {
        let of = types.join(" or ");
        let text = value.as_text().unwrap_or_else(|| value.description().to_owned());
        let problem = format!("`{text}` in an enum of type {of}");
        notes.warn(
            &at.join("enum"),
            value.place,
            problem,
            "no value of the type is equal to it: it goes",
        );
        notes.changed(format!("without {text} at {at}"));
    }
    values.retain(|value| fits(value) || type_of(value) == "object");
    if types == ["integer"] {
        values.iter_mut().for_each(|value| write_whole(value, at, notes));
    }
}

/// `1.0` as `1`.
fn write_whole(value: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Value::Number(number) = &value.value else {
        return;
    };
    let whole = number.as_f64().filter(|_| number.is_f64()).and_then(|number| {
        // Beyond this a float skips integers.
        let is_exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
        is_exact.then(|| format!("{number:.0}").parse::<i64>().ok())?
    });
    if let Some(whole) = whole {
        notes.changed(format!("{whole} at {at}"));
        value.value = Value::Number(whole.into());
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{{keywords}}}\n")
    }

    #[test]
    fn the_type_is_that_of_the_values() {
        let cases = [
            ("enum: [a, b]", "type: string, enum: [a, b]"),
            ("enum: [1, 2]", "type: integer, enum: [1, 2]"),
            ("enum: [1, 2.5]", "type: number, enum: [1, 2.5]"),
            ("enum: [true]", "type: boolean, enum: [true]"),
            ("enum: [a, 1]", "type: [string, integer], enum: [a, 1]"),
            ("enum: [null]", "type: string, nullable: true, enum: [null]"),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
    }

    #[test]
    fn a_value_of_another_type_goes_and_is_told() {
        let applied = apply_alone(&RULE, &schema("type: string, enum: [a, 1, null]"));
        assert_eq!(applied.document, node(&schema("type: string, enum: [a]")));
        assert_eq!(applied.warnings.len(), 2, "{:?}", applied.warnings);
        let text = schema("type: string, nullable: true, enum: [a, null]");
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }

    #[test]
    fn an_enum_that_no_value_fits_is_left_to_the_check() {
        for keywords in ["type: string, enum: [1, 2]", "type: string, enum: [null]"] {
            let text = schema(keywords);
            assert_eq!(apply_alone(&RULE, &text).document, node(&text));
        }
    }

    #[test]
    fn an_enum_of_mappings_is_kept_beside() {
        let applied = apply_alone(&RULE, &schema("enum: [{a: 1}, x]"));
        assert_eq!(applied.document, node(&schema("x-enum: [{a: 1}, x]")));
        assert_eq!(applied.warnings.len(), 1);
    }
}
