use crate::{
    document::{Node, Pointer, Value},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// Bounds of integers and counts are whole numbers of 64 bits.
pub(super) const RULE: Rule = Rule {
    name: "whole-numbers",
    summary: "`minimum: 0.5` of an integer becomes 1, `maxLength: 10.0` becomes 10; a bound that 64 \
              bits can't hold goes",
    reason: "Tools take a schema with another bound for any JSON. An integer fits the whole bound \
             exactly when it fits the documented one.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Count: {type: integer, minimum: 0.5, maximum: 9.0}
    Name: {type: string, maxLength: 10.0}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Count: {type: integer, minimum: 1, maximum: 9}
    Name: {type: string, maxLength: 10}
",
    },
    apply,
};

const COUNTS: [&str; 6] =
    ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

/// Beyond this a float skips integers.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        for count in COUNTS {
            make_whole(schema, count, f64::floor, at, notes, true);
        }
        if schema.get_str("type") != Some("integer") {
            return;
        }
        drop_part_of_one(schema, at, notes);
        for (bound, exclusive, whole) in [
            ("minimum", "exclusiveMinimum", f64::ceil as fn(f64) -> f64),
            ("maximum", "exclusiveMaximum", f64::floor),
        ] {
            if make_whole(schema, bound, whole, at, notes, false) {
                schema.remove(exclusive);
            }
        }
    });
}

/// Makes a bound whole; tells whether it was between two integers.
fn make_whole(
    schema: &mut Node,
    keyword: &str,
    whole: fn(f64) -> f64,
    at: &Pointer,
    notes: &mut Notes,
    only_exact: bool,
) -> bool {
    let Some(Node { value: Value::Number(number), place }) = schema.get(keyword).cloned() else {
        return false;
    };
    let Some(float) = number.as_f64().filter(|_| !number.is_i64()) else {
        return false;
    };
    if only_exact && (number.is_u64() || float.fract() != 0.0 || float < 0.0) {
        return false;
    }
    if float.abs() > EXACT {
        let problem = format!("the `{keyword}` is beyond the integers of 64 bits");
        let remedy = format!("tools can't hold it: it is kept as `x-{keyword}`");
        notes.warn(&at.join(keyword), place, problem, remedy);
        notes.changed(format!("x-{keyword} at {at}"));
        schema.rename(keyword, &format!("x-{keyword}"));
        schema.remove(keyword);
        return true;
    }
    let Ok(integer) = format!("{:.0}", whole(float)).parse::<i64>() else {
        return false;
    };
    notes.changed(format!("{number} -> {integer} at {at}"));
    schema.set(keyword, Node::new(place, Value::Number(integer.into())));
    float.fract() != 0.0
}

/// Every integer is a multiple of 0.5.
fn drop_part_of_one(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(Node { value: Value::Number(number), .. }) = schema.get("multipleOf").cloned() else {
        return;
    };
    let Some(float) = number.as_f64().filter(|float| number.is_f64() && *float > 0.0) else {
        return;
    };
    if float.fract() == 0.0 && float <= EXACT {
        make_whole(schema, "multipleOf", f64::floor, at, notes, true);
        return;
    }
    let parts = 1.0 / float;
    let is_part = (parts - parts.round()).abs() < 1e-9;
    let extension = if is_part { "every integer is one" } else { "tools can't hold it" };
    if !is_part {
        let place = schema.place;
        let problem = format!("`multipleOf: {number}` of an integer");
        notes.warn(&at.join("multipleOf"), place, problem, "it is kept as `x-multipleOf`");
        schema.rename("multipleOf", "x-multipleOf");
    }
    notes.changed(format!("multipleOf {number} at {at}: {extension}"));
    schema.remove("multipleOf");
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{type: integer, {keywords}}}\n")
    }

    #[test]
    fn the_same_integers_fit() {
        let cases = [
            ("minimum: 0.5, exclusiveMinimum: true", "minimum: 1"),
            ("maximum: 2.5", "maximum: 2"),
            ("minimum: 1.0, exclusiveMinimum: true", "minimum: 1, exclusiveMinimum: true"),
            ("multipleOf: 0.01", ""),
            ("multipleOf: 10.0", "multipleOf: 10"),
            ("maximum: 1.0e+30", "x-maximum: 1.0e+30"),
            ("minimum: 5", "minimum: 5"),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
        let beyond = apply_alone(&RULE, &schema("maximum: 18446744073709551615"));
        assert_eq!(beyond.warnings.len(), 1);
    }

    #[test]
    fn bounds_of_numbers_stay() {
        let text = schema("minimum: 0.5").replace("integer", "number");
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}
