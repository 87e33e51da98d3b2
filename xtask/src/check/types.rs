use std::collections::HashSet;

use super::Findings;
use crate::document::{
    ASSERTIONS, COMPOSED, Kind, Node, Pointer, TYPES, Value, is_composed, is_of_type, walk,
};

/// Keywords whose value is one of the schema's own.
const BOUNDS: [&str; 3] = ["minimum", "maximum", "multipleOf"];

/// Every schema that says something says it in a way that tools don't take for "any JSON", and
/// every enum is one of typed values.
pub(super) fn check(findings: &mut Findings<'_>) {
    walk(findings.document, &mut |node, kind, pointer| {
        if kind == Kind::Schema && node.reference_target().is_none() {
            check_type(findings, node, pointer);
            check_enum(findings, node, pointer);
        }
    });
}

fn check_type(findings: &mut Findings<'_>, schema: &Node, pointer: &Pointer) {
    let Some(node) = schema.get("type") else {
        check_untyped(findings, schema, pointer);
        return;
    };
    let Some(name) = node.as_str() else {
        return;
    };
    let at = pointer.join("type");
    if !TYPES.contains(&name) {
        let problem = format!("`{name}` is not a type in OpenAPI 3.0.3");
        findings.add(&at, node.place, problem, format!("use one of {}", TYPES.join(", ")));
    }
    if name == "array" && schema.get("items").is_none() {
        let problem = "the array has no `items`, so the type of its elements is unknown";
        findings.add(
            pointer,
            schema.place,
            problem,
            "add `items`, or `items: {}` if the elements may have any type",
        );
    }
    for (keyword, of) in ASSERTIONS {
        if let Some(member) = schema.get(keyword).filter(|_| !of.contains(&name)) {
            let problem = format!("`{keyword}` has no effect with `type: {name}`");
            let of = of.join("` or `");
            let remedy = format!("one of them is wrong: `{keyword}` applies to type `{of}`");
            findings.add(&pointer.join(keyword), member.place, problem, remedy);
        }
    }
    check_bounds(findings, schema, name, pointer);
    check_composition(findings, schema, name, pointer);
}

/// The bounds of an integer are integers that tools can hold.
fn check_bounds(findings: &mut Findings<'_>, schema: &Node, name: &str, pointer: &Pointer) {
    let bounds = BOUNDS.into_iter().filter(|_| name == "integer");
    for (keyword, member) in bounds.filter_map(|keyword| Some((keyword, schema.get(keyword)?))) {
        if !is_written_whole(member) {
            let problem =
                format!("the `{keyword}` of an integer is not written as a 64-bit integer");
            let remedy =
                "tools treat this schema as arbitrary JSON: write it as an integer, or omit it";
            findings.add(&pointer.join(keyword), member.place, problem, remedy);
        }
    }
}

/// An enum is whole: what other schemas add to it would make tools forget it.
fn check_composition(findings: &mut Findings<'_>, schema: &Node, name: &str, pointer: &Pointer) {
    let is_enum = schema.get("enum").is_some() && !matches!(name, "object" | "array");
    let composing = COMPOSED.into_iter().filter(|_| is_enum);
    for (keyword, member) in composing.filter_map(|keyword| Some((keyword, schema.get(keyword)?))) {
        let problem = format!("tools treat a schema with `{keyword}` and `enum` as arbitrary JSON");
        let remedy = "keep only the `enum`: it already lists the valid values";
        findings.add(&pointer.join(keyword), member.place, problem, remedy);
    }
}

fn check_untyped(findings: &mut Findings<'_>, schema: &Node, pointer: &Pointer) {
    let mut keywords = ASSERTIONS.iter().map(|(keyword, _)| keyword);
    let said = keywords.find(|keyword| schema.get(keyword).is_some());
    if let Some(keyword) = said.filter(|keyword| !is_composed(schema) || **keyword == "enum") {
        let problem =
            format!("tools treat a schema with `{keyword}` but no `type` as arbitrary JSON");
        findings.add(pointer, schema.place, problem, "add the `type`");
    }
}

fn check_enum(findings: &mut Findings<'_>, schema: &Node, pointer: &Pointer) {
    let Some(values) = schema.get("enum") else {
        return;
    };
    let at = pointer.join("enum");
    if values.as_array().is_some_and(<[Node]>::is_empty) {
        findings.add(
            &at,
            values.place,
            "the enum has no values",
            "nothing would be valid: remove the keyword",
        );
    }
    let mut seen = HashSet::new();
    for (index, value) in values.items().enumerate() {
        let at = at.join(index.to_string());
        let name = schema.get_str("type").unwrap_or("string");
        let is_null = value.value == Value::Null && schema.is_true("nullable");
        if !is_null && !is_of_type(value, name) {
            let problem =
                format!("the enum has type {name}, but this value is {}", value.description());
            let remedy = "no response would match: write values as the API sends them, and strings \
                          in quotes";
            findings.add(&at, value.place, problem, remedy);
        } else if name == "integer" && !is_written_whole(value) {
            let text = value.as_text().unwrap_or_default();
            let problem = format!("`{text}` is not written as a 64-bit integer");
            let remedy = "tools treat this schema as arbitrary JSON: write it as an integer";
            findings.add(&at, value.place, problem, remedy);
        } else if !seen.insert(value.as_text()) {
            findings.add(&at, value.place, "the value is listed twice", "list it once");
        }
    }
}

/// Whether tools read a number as an integer of 64 bits: `1.0` is one, but not written as one.
fn is_written_whole(node: &Node) -> bool {
    !matches!(&node.value, Value::Number(number) if !number.is_i64())
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assert_found, with_schemas};

    #[test]
    fn an_enum_that_became_untyped_is_found() {
        let text = with_schemas("A:\n  type: string\n  enum:\n    - value: READY\n    - ok");
        assert_found(
            &text,
            &[(
                9,
                "/components/schemas/A/enum/0",
                "the enum has type string, but this value is a mapping",
            )],
        );
        let text = with_schemas("A:\n  enum: [READY]");
        assert_found(&text, &[(7, "/components/schemas/A", "`enum` but no `type`")]);
        assert_found(
            &with_schemas("A: {type: integer, enum: [true, 1, 1]}"),
            &[(6, "/A/enum/0", "this value is a boolean"), (6, "/A/enum/2", "listed twice")],
        );
        assert_found(
            &with_schemas("A: {type: string, enum: []}"),
            &[(6, "/A/enum", "has no values")],
        );
    }

    #[test]
    fn a_nullable_enum_may_list_null() {
        assert_found(&with_schemas("A: {type: string, nullable: true, enum: [a, null]}"), &[]);
    }

    #[test]
    fn what_is_documented_as_something_does_not_pass_as_anything() {
        assert_found(
            &with_schemas("A: {properties: {a: {type: string}}}"),
            &[(6, "/A", "`properties` but no `type`")],
        );
        assert_found(
            &with_schemas("A: {format: date-time}"),
            &[(6, "/A", "`format` but no `type`")],
        );
        assert_found(&with_schemas("A: {type: 'null'}"), &[(6, "/A/type", "`null` is not a type")]);
        assert_found(&with_schemas("A: {type: array}"), &[(6, "/A", "has no `items`")]);
        assert_found(
            &with_schemas("A: {type: string, properties: {}}"),
            &[(6, "/A/properties", "with `type: string`")],
        );
    }

    #[test]
    fn a_description_alone_is_any_json_and_says_so() {
        assert_found(
            &with_schemas(
                "A: {description: Any type}\nB: {allOf: [{type: object}], required: [a]}",
            ),
            &[],
        );
    }

    #[test]
    fn what_tools_read_as_any_json_is_found() {
        let cases = [
            (
                "type: integer, maximum: 18446744073709551615",
                "/A/maximum",
                "not written as a 64-bit integer",
            ),
            ("type: integer, minimum: 0.5", "/A/minimum", "not written as a 64-bit integer"),
            (
                "type: integer, enum: [18446744073709551615]",
                "/A/enum/0",
                "not written as a 64-bit integer",
            ),
            ("type: integer, enum: [1.0]", "/A/enum/0", "`1.0` is not written as a 64-bit integer"),
            ("type: integer, enum: [1.5]", "/A/enum/0", "this value is a number"),
            ("type: string, minimum: 1", "/A/minimum", "with `type: string`"),
            ("type: boolean, format: x", "/A/format", "with `type: boolean`"),
            ("type: array, items: {}, format: x", "/A/format", "with `type: array`"),
            ("type: string, enum: [a], oneOf: [{type: string}]", "/A/oneOf", "and `enum`"),
        ];
        for (schema, subject, problem) in cases {
            assert_found(&with_schemas(&format!("A: {{{schema}}}")), &[(6, subject, problem)]);
        }
    }
}
