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
        let remedy = "use an OpenAPI 3.0 or 3.1 document";
        findings.add(&Pointer::from_iter(["openapi"]), version.place, problem, remedy);
    }
    walk(document, &mut |node, kind, pointer| check_object(findings, node, kind, pointer));
}

fn check_object(findings: &mut Findings<'_>, node: &Node, kind: Kind, pointer: &Pointer) {
    let Some(members) = node.as_object() else {
        let problem = format!("found {}, expected {}", node.description(), kind.description());
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
            let problem = format!("{} has no `{}`", kind.description(), field.name);
            let remedy = "OpenAPI 3.0.3 requires it: add it where the document is published";
            findings.add(pointer, node.place, problem, remedy);
        }
    }
}

/// What the specification says of several fields, or of none.
fn check_fields_together(findings: &mut Findings<'_>, node: &Node, kind: Kind, pointer: &Pointer) {
    let has_example = kind.shape_of("examples").is_some() && node.get("example").is_some();
    if has_example && let Some(examples) = node.get_key("examples") {
        let problem = format!("{} has both `example` and `examples`", kind.description());
        let remedy = "OpenAPI 3.0.3 allows only one of them: keep `examples`";
        findings.add(&pointer.join("examples"), examples.place, problem, remedy);
    }
    if kind == Kind::Responses && node.members().next().is_none() {
        let problem = "the operation documents no response";
        let remedy = "OpenAPI 3.0.3 requires one: add it where the document is published";
        findings.add(pointer, node.place, problem, remedy);
    }
}

fn check_reference(findings: &mut Findings<'_>, node: &Node, pointer: &Pointer) {
    for (key, member) in node.members() {
        if &**key == "$ref" {
            check_shape(findings, member, Shape::Text, &pointer.join("$ref"));
        } else if !key.starts_with("x-") {
            let problem = format!("OpenAPI 3.0 ignores `{key}` next to a `$ref`");
            let remedy = "move it to the definition that the reference names";
            findings.add(&pointer.join(&**key), key.place, problem, remedy);
        }
    }
}

fn unknown_field(findings: &mut Findings<'_>, key: &Key, kind: Kind, pointer: &Pointer) {
    let problem = match kind {
        Kind::Paths => format!("the path `{key}` does not begin with `/`"),
        Kind::Responses => format!("`{key}` is not an HTTP status"),
        _ => format!("`{key}` is not a field of {} in OpenAPI 3.0.3", kind.description()),
    };
    let remedy = "no rule repairs this, and tools that don't know the field would drop it: write a \
                  rule, or rename it to `x-…`";
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
        // A value that is not a mapping is reported when it is visited.
        (Shape::One(_) | Shape::BooleanOr(_), _) => return,
        (Shape::Text, _) => "a string",
        (Shape::Boolean, _) => "a boolean",
        (Shape::Number, _) => "a number",
        (Shape::DataList | Shape::List(_), _) => "a list",
        (Shape::Parts(_), _) => "a list with at least one entry",
        (Shape::Names, _) => "a list of one or more distinct strings",
        (Shape::Count, _) => "a non-negative integer",
        (Shape::Map(_), _) => "a mapping",
        (Shape::TextList, _) => "a list of strings",
        (Shape::TextMap, _) => "a mapping with string values",
    };
    let problem = format!("found {}, expected {expected}", describe(node));
    findings.add(
        pointer,
        node.place,
        problem,
        "no rule repairs this: write one, or correct it where it is published",
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
        Some(inner) => format!("{} that contains {}", node.description(), inner.description()),
        None => node.description().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assert_found, with_operation, with_schemas};

    #[test]
    fn forms_that_are_not_the_specifications_are_found() {
        let cases = [
            ("type: [string, 'null']", "/A/type", "found a list, expected a string"),
            ("type: string\nconst: x", "/A/const", "`const` is not a field"),
            (
                "$ref: '#/components/schemas/B'\ndescription: lost",
                "/A/description",
                "next to a `$ref`",
            ),
            ("allOf: {type: object}", "/A/allOf", "found a mapping, expected a list"),
            ("type: string\nminLength: -1", "/A/minLength", "a non-negative integer"),
            ("type: string\nmaxLength: 1.5", "/A/maxLength", "a non-negative integer"),
            ("type: object\nrequired: []", "/A/required", "one or more distinct strings"),
            ("type: object\nrequired: [a, a]", "/A/required", "one or more distinct strings"),
            ("oneOf: []", "/A/oneOf", "at least one entry"),
            ("properties: {a: string}", "/A/properties/a", "found a string, expected a schema"),
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
            &[(
                7,
                "a (/paths/~1a/get/tags)",
                "a list that contains a list, expected a list of strings",
            )],
        );
    }

    #[test]
    fn what_the_specification_demands_is_missed() {
        assert_found(
            "openapi: 3.0.3\n",
            &[(1, "document", "has no `info`"), (1, "document", "has no `paths`")],
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
        assert_found(&text, &[(7, "/responses/ok", "`ok` is not an HTTP status")]);
    }
}
