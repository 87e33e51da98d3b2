use std::collections::HashMap;

use crate::{
    document::{Kind, Node, Place, Pointer, Value, is_of_type, walk, walk_mut},
    notes::Notes,
    rule::{Context, Example, Rule},
};

/// A default that does not fit its own schema becomes an extension.
pub(super) const RULE: Rule = Rule {
    name: "stray-defaults",
    summary: "a `default` that does not fit its schema, by type, enum or bounds, becomes `x-default`",
    reason: "OpenAPI 3.0.3 demands that it fits, and tools refuse the document or make code of it \
             that fails. What is meant can't be known, so that it is told.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    A: {type: integer, default: ten}
    B: {type: string, enum: [a, b], default: c}
    C: {type: string, default: null}
    D: {type: string, default: d}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    A: {type: integer, x-default: ten}
    B: {type: string, enum: [a, b], x-default: c}
    C: {type: string, x-default: null}
    D: {type: string, default: d}
",
    },
    apply,
};

/// Schemas that lead back to themselves are not followed further.
const DEEPEST: usize = 24;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut stray: HashMap<Pointer, (Place, String)> = HashMap::new();
    walk(document, &mut |schema, kind, at| {
        let default = schema.get("default").filter(|_| kind == Kind::Schema);
        if let Some(default) = default.filter(|default| !fits(document, schema, default, DEEPEST)) {
            let text = default.as_text().unwrap_or_else(|| default.description().to_owned());
            stray.insert(at.clone(), (default.place, text));
        }
    });
    let mut notes = Notes::default();
    walk_mut(document, &mut |schema, kind, at| {
        let Some((place, text)) = stray.get(at).filter(|_| kind == Kind::Schema) else {
            return;
        };
        let problem = format!("the default `{text}` does not fit its schema");
        notes.warn(&at.join("default"), *place, problem, "it is kept as `x-default`");
        notes.changed(format!("{text} at {at}"));
        schema.rename("default", "x-default");
        schema.remove("default");
    });
    notes.tell(document, context);
}

/// Whether a value fits a schema, as far as a default needs it: what is not understood here, as
/// patterns and `not`, is taken to fit.
fn fits(document: &Node, schema: &Node, value: &Node, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    if let Some(reference) = schema.reference_target() {
        let target = Pointer::from_reference(reference).and_then(|to| document.at(&to));
        return target.is_none_or(|target| fits(document, target, value, depth));
    }
    let parts = |keyword: &str| {
        let parts = schema.get(keyword).and_then(Node::as_array)?;
        Some(parts.iter().map(|part| fits(document, part, value, depth)).collect::<Vec<_>>())
    };
    let is_null = value.value == Value::Null;
    if is_null && schema.is_true("nullable") {
        return true;
    }
    let of_all = parts("allOf").is_none_or(|fit| fit.into_iter().all(|fits| fits));
    let of_any = parts("anyOf").is_none_or(|fit| fit.into_iter().any(|fits| fits));
    let of_one = parts("oneOf").is_none_or(|fit| fit.into_iter().any(|fits| fits));
    let is_typed = schema.get_str("type").is_none_or(|name| is_of_type(value, name));
    let is_listed = schema.get("enum").is_none_or(|values| values.items().any(|one| one == value));
    of_all
        && of_any
        && of_one
        && is_typed
        && is_listed
        && is_within_bounds(schema, value)
        && members_fit(document, schema, value, depth)
}

fn is_within_bounds(schema: &Node, value: &Node) -> bool {
    let bound = |keyword: &str| match schema.get(keyword).map(|node| &node.value) {
        Some(Value::Number(number)) => number.as_f64(),
        _ => None,
    };
    let (least, most, size) = match &value.value {
        Value::Number(number) => ("minimum", "maximum", number.as_f64()),
        Value::String(text) => ("minLength", "maxLength", Some(count(text.chars().count()))),
        Value::Array(items) => ("minItems", "maxItems", Some(count(items.len()))),
        _ => return true,
    };
    size.is_none_or(|size| {
        bound(least).is_none_or(|least| {
            size > least || (!schema.is_true("exclusiveMinimum") && size >= least)
        }) && bound(most)
            .is_none_or(|most| size < most || (!schema.is_true("exclusiveMaximum") && size <= most))
    })
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}

fn members_fit(document: &Node, schema: &Node, value: &Node, depth: usize) -> bool {
    match &value.value {
        Value::Array(items) => schema
            .get("items")
            .is_none_or(|of| items.iter().all(|item| fits(document, of, item, depth))),
        Value::Object(members) => {
            let names = schema.get("required").into_iter().flat_map(Node::items);
            let mut names = names.filter_map(Node::as_str);
            let named = |name: &str| schema.get("properties").and_then(|all| all.get(name));
            names.all(|name| members.contains_key(name))
                && members.iter().all(|(name, member)| {
                    named(name).is_none_or(|of| fits(document, of, member, depth))
                })
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schemas(text: &str) -> String {
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    {}\n", text.replace('\n', "\n    "))
    }

    #[test]
    fn a_default_that_fits_through_references_and_parts_stays() {
        for text in [
            "A: {type: array, items: {type: string}, default: [a]}",
            "A: {type: number, minimum: 0, default: 1}",
            "A: {type: object, properties: {b: {type: integer}}, default: {b: 1}}",
            "A: {nullable: true, allOf: [{$ref: '#/components/schemas/B'}], default: null}\nB: {type: string}",
            "A: {allOf: [{$ref: '#/components/schemas/B'}], default: b}\nB: {type: string, enum: [b]}",
            "A: {oneOf: [{type: string}, {type: integer}], default: 1}",
            "A: {default: {any: thing}}",
            "A: {allOf: [{$ref: '#/components/schemas/A'}], default: 1}",
        ] {
            let text = schemas(text);
            assert_eq!(apply_alone(&RULE, &text).document, node(&text));
        }
    }

    #[test]
    fn a_default_that_does_not_is_kept_beside() {
        for text in [
            "A: {type: array, items: {type: string}, default: [1]}",
            "A: {type: number, minimum: 0, exclusiveMinimum: true, default: 0}",
            "A: {type: object, required: [c], default: {}}",
            "A: {type: string, minLength: 1, default: ''}",
            "A: {allOf: [{$ref: '#/components/schemas/B'}], default: c}\nB: {type: string, enum: [b]}",
            "A: {type: array, items: {}, default: null}",
        ] {
            let applied = apply_alone(&RULE, &schemas(text));
            let expected = node(&schemas(&text.replace("default", "x-default")));
            assert_eq!(applied.document, expected, "{text}");
            assert_eq!(applied.warnings.len(), 1, "{text}");
        }
    }
}
