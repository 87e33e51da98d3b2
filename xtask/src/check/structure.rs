use std::collections::HashSet;

use super::Findings;
use crate::document::{Key, Kind, Node, Pointer, Shape, Value, walk};

/// Every object has the fields that the specification gives it, each of the right form.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    let version = document.get("openapi").filter(|node| node.as_str() != Some("3.0.3"));
    if let Some(version) = version {
        let text = version.as_str().unwrap_or(version.description());
        let problem = format!("the version is {text}, not 3.0.3");
        let remedy = "name a document of OpenAPI 3.0 or 3.1";
        findings.add(&Pointer::from_iter(["openapi"]), version.place, problem, remedy);
    }
    walk(document, &mut |node, kind, pointer| check_object(findings, node, kind, pointer));
}

fn check_object(findings: &mut Findings<'_>, node: &Node, kind: Kind, pointer: &Pointer) {
    let Some(members) = node.as_object() else {
        let problem = format!("{} where {} is expected", node.description(), kind.description());
        findings.add(pointer, node.place, problem, "write it as a mapping");
        return;
    };
    if kind.takes_reference() && members.contains_key("$ref") {
        check_reference(findings, node, pointer);
        return;
    }
    for (key, member) in members {
        match kind.shape_of(key) {
            Some(shape) => check_shape(findings, member, shape, &pointer.join(&**key)),
            None if key.starts_with("x-") => {}
            None => unknown_field(findings, key, kind, pointer),
        }
    }
    check_fields_together(findings, node, kind, pointer);
    for field in kind.fields().iter().filter(|field| field.required) {
        if !members.contains_key(field.name) {
            let problem = format!("{} without `{}`", kind.description(), field.name);
            let remedy = "OpenAPI 3.0.3 demands it: add it where the document is published";
            findings.add(pointer, node.place, problem, remedy);
        }
    }
}

/// What the specification says of several fields, or of none.
fn check_fields_together(findings: &mut Findings<'_>, node: &Node, kind: Kind, pointer: &Pointer) {
    let has_example = kind.shape_of("examples").is_some() && node.get("example").is_some();
    if has_example && let Some(examples) = node.get_key("examples") {
        let problem = format!("{} with `example` and `examples`", kind.description());
        let remedy = "OpenAPI 3.0.3 allows one of the two: keep the `examples`";
        findings.add(&pointer.join("examples"), examples.place, problem, remedy);
    }
    if kind == Kind::Responses && node.members().next().is_none() {
        let problem = "an operation that documents no answer";
        let remedy = "OpenAPI 3.0.3 demands one: add it where the document is published";
        findings.add(pointer, node.place, problem, remedy);
    }
}

fn check_reference(findings: &mut Findings<'_>, node: &Node, pointer: &Pointer) {
    for (key, member) in node.members() {
        if &**key == "$ref" {
            check_shape(findings, member, Shape::Text, &pointer.join("$ref"));
        } else if !key.starts_with("x-") {
            let problem = format!("`{key}` beside a `$ref` is ignored in OpenAPI 3.0");
            let remedy = "move it to the definition that the reference names";
            findings.add(&pointer.join(&**key), key.place, problem, remedy);
        }
    }
}

fn unknown_field(findings: &mut Findings<'_>, key: &Key, kind: Kind, pointer: &Pointer) {
    let problem = match kind {
        Kind::Paths => format!("the path `{key}` does not begin with `/`"),
        Kind::Responses => format!("`{key}` is no HTTP status"),
        _ => format!("{} of OpenAPI 3.0.3 has no field `{key}`", kind.description()),
    };
    let remedy = "no rule repairs this, and a tool that does not know it would drop it: write a \
                  rule, or call it `x-…`";
    findings.add(&pointer.join(&**key), key.place, problem, remedy);
}

fn check_shape(findings: &mut Findings<'_>, node: &Node, shape: Shape, pointer: &Pointer) {
    let expected = match (shape, &node.value) {
        (Shape::Data, _)
        | (Shape::Text, Value::String(_))
        | (Shape::Boolean | Shape::BooleanOr(_), Value::Boolean(_))
        | (Shape::Number, Value::Number(_))
        | (Shape::DataList | Shape::List(_), Value::Array(_))
        | (Shape::Map(_), Value::Object(_)) => return,
        (Shape::TextList, Value::Array(items)) if items.iter().all(is_text) => return,
        (Shape::TextMap, Value::Object(members)) if members.values().all(is_text) => return,
        (Shape::Count, Value::Number(number)) if number.is_u64() => return,
        (Shape::Parts(_), Value::Array(items)) if !items.is_empty() => return,
        (Shape::Names, Value::Array(items)) if are_names(items) => return,
        // What is no mapping is found when it is visited.
        (Shape::One(_) | Shape::BooleanOr(_), _) => return,
        (Shape::Text, _) => "a string",
        (Shape::Boolean, _) => "a boolean",
        (Shape::Number, _) => "a number",
        (Shape::DataList | Shape::List(_), _) => "a list",
        (Shape::Parts(_), _) => "a list with one entry at least",
        (Shape::Names, _) => "a list of different strings, one at least,",
        (Shape::Count, _) => "an integer that is not below zero",
        (Shape::Map(_), _) => "a mapping",
        (Shape::TextList, _) => "a list of strings",
        (Shape::TextMap, _) => "a mapping to strings",
    };
    let problem = format!("{} where {expected} is expected", describe(node));
    findings.add(
        pointer,
        node.place,
        problem,
        "no rule repairs this form: write one, or correct it where it is published",
    );
}

fn is_text(node: &Node) -> bool {
    node.as_str().is_some()
}

fn are_names(items: &[Node]) -> bool {
    let different: HashSet<&str> = items.iter().filter_map(Node::as_str).collect();
    !items.is_empty() && different.len() == items.len()
}

/// `a list with a list in it`, as the outermost form alone may be the expected one.
fn describe(node: &Node) -> String {
    let inner =
        node.items().chain(node.members().map(|(_, member)| member)).find(|node| !is_text(node));
    match inner {
        Some(inner) => format!("{} with {} in it", node.description(), inner.description()),
        None => node.description().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assert_found, with_operation, with_schemas};

    #[test]
    fn forms_that_are_not_the_specifications_are_found() {
        let cases = [
            ("type: [string, 'null']", "/A/type", "a list where a string"),
            ("type: string\nconst: x", "/A/const", "no field `const`"),
            (
                "$ref: '#/components/schemas/B'\ndescription: lost",
                "/A/description",
                "beside a `$ref`",
            ),
            ("allOf: {type: object}", "/A/allOf", "a mapping where a list"),
            ("type: string\nminLength: -1", "/A/minLength", "an integer that is not below zero"),
            ("type: string\nmaxLength: 1.5", "/A/maxLength", "an integer that is not below zero"),
            ("type: object\nrequired: []", "/A/required", "one at least"),
            ("type: object\nrequired: [a, a]", "/A/required", "different strings"),
            ("oneOf: []", "/A/oneOf", "one entry at least"),
            ("properties: {a: string}", "/A/properties/a", "a string where a schema"),
        ];
        for (schema, subject, problem) in cases {
            let schema = schema.replace('\n', "\n  ");
            let text = with_schemas(&format!("A:\n  {schema}\nB: {{type: string}}"));
            let found = crate::check::tests::findings(&text);
            let hit =
                found.iter().any(|f| f.subject().contains(subject) && f.problem.contains(problem));
            assert!(hit, "{schema}: {found:?}");
        }
    }

    #[test]
    fn an_extension_may_be_anything() {
        assert_found(&with_schemas("A: {type: string, x-anything: [1]}"), &[]);
    }

    #[test]
    fn nested_tags_that_no_rule_repaired_are_found() {
        let text = with_operation(
            "/a",
            "operationId: a\ntags: [[x]]\nresponses: {'200': {description: OK}}",
        );
        assert_found(
            &text,
            &[(7, "a (/paths/~1a/get/tags)", "a list with a list in it where a list of strings")],
        );
    }

    #[test]
    fn what_the_specification_demands_is_missed() {
        assert_found(
            "openapi: 3.0.3\n",
            &[(1, "document", "without `info`"), (1, "document", "without `paths`")],
        );
        assert_found(
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
            &[(1, "/openapi", "the version is 3.1.0")],
        );
    }

    #[test]
    fn a_path_without_a_slash_and_a_status_that_is_none_are_found() {
        let text = with_operation("a", "operationId: a");
        assert_found(&text, &[(4, "/paths/a", "does not begin with `/`")]);
        let text = with_operation(
            "/a",
            "operationId: a\nresponses: {ok: {description: x}, '200': {description: OK}}",
        );
        assert_found(&text, &[(7, "/responses/ok", "`ok` is no HTTP status")]);
    }
}
