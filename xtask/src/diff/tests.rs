use std::collections::BTreeSet;

use super::{
    Class, Diff, RULES,
    cases::{OF_DOCUMENTS, OF_OPERATIONS, OF_SCHEMAS, component, operation},
    compare,
};
use crate::{manifest::Settings, pipeline::fix, read::Sources, rule::tests::node};

/// The rules that say what changed from one document to another.
fn rules(diff: &Diff) -> Vec<(&'static str, Class)> {
    diff.changes.iter().map(|change| (change.rule.name, change.class)).collect()
}

fn diff(old: &str, new: &str) -> Diff {
    compare(&node(old), &node(new))
}

#[test]
fn a_change_of_a_schema_is_of_the_class_that_the_table_says_for_each_side() {
    for (name, old, new) in OF_SCHEMAS {
        let rule = RULES.iter().find(|rule| rule.name == *name).unwrap();
        for (is_asked, class) in [(true, rule.in_requests), (false, rule.in_answers)] {
            let found = diff(&component(old, is_asked), &component(new, is_asked));
            assert_eq!(rules(&found), [(*name, class)], "{old} -> {new}: {found:?}");
        }
    }
}

#[test]
fn a_change_of_an_operation_is_of_the_class_that_the_table_says() {
    for (name, old, new) in OF_OPERATIONS {
        let rule = RULES.iter().find(|rule| rule.name == *name).unwrap();
        let found = diff(&operation(old), &operation(new));
        assert_eq!(rules(&found), [(*name, rule.in_requests)], "{old} -> {new}: {found:?}");
        assert_eq!(
            rule.in_requests, rule.in_answers,
            "{name} is reported for an operation as a whole"
        );
    }
}

#[test]
fn a_change_of_a_document_is_found() {
    for (name, old, new) in OF_DOCUMENTS {
        let document = |said: &str| format!("openapi: 3.0.3\n{said}\n");
        let found = diff(&document(old), &document(new));
        let names: Vec<&str> = found.changes.iter().map(|change| change.rule.name).collect();
        // What the client sends changes with the media types that there are.
        let names: Vec<&str> = names
            .into_iter()
            .filter(|found| found == name || *found != "media-type-added")
            .collect();
        assert_eq!(names, [*name], "{old} -> {new}: {found:?}");
    }
}

#[test]
fn a_property_that_goes_one_way_changes_for_that_way_alone() {
    let both = |property: &str| {
        component(&format!("{{type: object, properties: {{p: {property}}}}}"), true)
            .replace("description: OK", "description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}")
    };
    let plain = "{type: string}";
    let (read, write) = ("{type: string, readOnly: true}", "{type: string, writeOnly: true}");
    let cases = [
        (plain, read, "read-only-added", Class::Breaking),
        (read, plain, "read-only-removed", Class::Additive),
        (plain, write, "write-only-added", Class::Breaking),
        (write, plain, "write-only-removed", Class::Additive),
        (
            "{type: string, maxLength: 2, readOnly: true}",
            "{type: string, maxLength: 1, readOnly: true}",
            "bound-tightened",
            Class::Documentation,
        ),
        (
            "{type: string, maxLength: 2, writeOnly: true}",
            "{type: string, maxLength: 1, writeOnly: true}",
            "bound-tightened",
            Class::Breaking,
        ),
        (
            "{type: string, maxLength: 2}",
            "{type: string, maxLength: 1}",
            "bound-tightened",
            Class::Breaking,
        ),
    ];
    for (old, new, name, class) in cases {
        let found = diff(&both(old), &both(new));
        assert_eq!(rules(&found), [(name, class)], "{old} -> {new}");
    }
}

/// Rules with separate tests.
const SHOWN_ELSEWHERE: [&str; 6] = [
    "read-only-added",
    "read-only-removed",
    "write-only-added",
    "write-only-removed",
    "schema-renamed",
    "schema-respelt",
];

#[test]
fn every_rule_of_the_table_is_shown() {
    let shown = [OF_SCHEMAS, OF_OPERATIONS, OF_DOCUMENTS].concat();
    let shown: BTreeSet<&str> =
        shown.iter().map(|(name, ..)| *name).chain(SHOWN_ELSEWHERE).collect();
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(shown, rules);
}

#[test]
fn the_page_of_the_rules_shows_the_table_that_is_used() {
    let mut expected =
        String::from("| change | in requests | in responses | why |\n|---|---|---|---|\n");
    for rule in RULES {
        let (name, reason) = (rule.name, rule.reason);
        let (requests, answers) = (rule.in_requests.as_str(), rule.in_answers.as_str());
        expected += &format!("| `{name}` | {requests} | {answers} | {reason} |\n");
    }
    assert_eq!(include_str!("rules.md"), expected);
}

#[test]
fn nothing_is_said_of_two_equal_documents() {
    for (_, old, _) in OF_SCHEMAS {
        let text = component(old, true);
        assert!(diff(&text, &text).changes.is_empty(), "{old}");
    }
    for (_, old, _) in OF_OPERATIONS {
        assert!(diff(&operation(old), &operation(old)).changes.is_empty(), "{old}");
    }
}

#[test]
fn a_schema_that_took_the_place_of_another_is_renamed_and_compared() {
    let old = component("{type: array, items: {$ref: '#/components/schemas/A'}}", false);
    for (name, rule) in [("Fresh", "schema-renamed"), ("a", "schema-respelt")] {
        let new = old
            .replace("#/components/schemas/A'", &format!("#/components/schemas/{name}'"))
            .replace("    A: {type: string}", &format!("    {name}: {{type: integer}}"));
        let names: Vec<&str> = diff(&old, &new).changes.iter().map(|c| c.rule.name).collect();
        let mut expected = ["type-changed", rule];
        expected.sort_by_key(|name| *name != rule);
        let mut names = names;
        names.sort_by_key(|name| *name != rule);
        assert_eq!(names, expected, "{name}");
    }
}

#[test]
fn a_change_is_told_once_at_its_component_with_operations_that_it_reaches() {
    let document = |kind: &str| {
        let paths: String = ["a", "b", "c", "d"]
            .map(|id| format!("  /{id}:\n    get: {{operationId: {id}, responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S'}}}}}}}}}}}}\n"))
            .concat();
        format!(
            "openapi: 3.0.3\npaths:\n{paths}components:\n  schemas:\n    S: {{type: object, properties: {{t: {{$ref: '#/components/schemas/T'}}, s: {{$ref: '#/components/schemas/S'}}}}}}\n    T: {{type: {kind}}}\n"
        )
    };
    let found = diff(&document("string"), &document("integer"));
    assert_eq!(rules(&found), [("type-changed", Class::Breaking)]);
    assert_eq!(found.changes[0].carriers.named, ["a", "b", "c"]);
    assert_eq!(found.changes[0].carriers.others, 1);
}

#[test]
fn a_security_scheme_under_another_name_is_the_same() {
    let old = "openapi: 3.0.3\npaths: {/a: {get: {security: [{k: []}]}}}\ncomponents: {securitySchemes: {k: {type: http, scheme: bearer}}}\n";
    assert!(diff(old, &old.replace("k:", "token:")).changes.is_empty());
    let open = old.replace("security: [{k: []}]", "security: []");
    assert_eq!(rules(&diff(&open, old))[0].0, "security-tightened");
}

#[test]
fn a_schema_that_another_took_the_place_of_is_not_told_to_be_gone_as_well() {
    let document = |there: &str, schemas: &str| {
        format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    get: {{operationId: a, responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{there}'}}}}}}}}}}}}\ncomponents:\n  schemas:\n    Kept: {{type: string}}\n{schemas}"
        )
    };
    let old = document("Old", "    Old: {type: string}\n    Gone: {type: string}\n");
    let found = diff(&old, &document("Kept", ""));
    assert_eq!(
        rules(&found),
        [("schema-replaced", Class::Breaking), ("schema-removed", Class::Breaking)]
    );
    assert_eq!(found.changes[1].subjects.len(), 1, "{found:?}");
}

/// Compares two documents as the command does.
fn repaired_diff(old: &str, new: &str) -> Diff {
    let repaired = |text: &str| {
        let mut sources = Sources::default();
        let id = sources.add("document", text);
        fix(&sources, id, &Settings::default()).unwrap().0
    };
    compare(&repaired(old), &repaired(new))
}

fn texts(diff: &Diff) -> Vec<(Class, &str)> {
    diff.changes.iter().map(|change| (change.class, &*change.text)).collect()
}

const WHOLE: &str =
    "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://a.example'}]\n";

#[test]
fn an_enum_and_a_union_of_its_constants_are_the_same() {
    let document = |schema: &str| {
        format!(
            "{WHOLE}paths:\n  /a:\n    get: {{operationId: get-a, responses: {{'200': {{description: OK, content: {{application/json: {{schema: {schema}}}}}}}}}}}\n"
        )
    };
    let same = [
        "{type: string, enum: [a, b]}",
        "{enum: [b, a]}",
        "{oneOf: [{const: a}, {const: b}]}",
        "{type: string, anyOf: [{enum: [a]}, {type: string, enum: [b]}]}",
    ];
    for (old, new) in same.iter().flat_map(|old| same.iter().map(move |new| (old, new))) {
        assert_eq!(texts(&repaired_diff(&document(old), &document(new))), [], "{old} -> {new}");
    }
    let nullable =
        ["{type: [string, 'null'], enum: [a, null]}", "{oneOf: [{const: a}, {type: 'null'}]}"];
    assert_eq!(texts(&repaired_diff(&document(nullable[0]), &document(nullable[1]))), []);

    let described = document("{oneOf: [{const: a, description: The first.}, {const: b}]}");
    let found = repaired_diff(&document(same[0]), &described);
    assert_eq!(texts(&found), [(Class::Documentation, "response `200`: `description` added")]);
    let more = document("{oneOf: [{const: a}, {const: b}, {const: c}]}");
    let found = repaired_diff(&document(same[0]), &more);
    assert_eq!(texts(&found), [(Class::Additive, "response `200`: enum value `c` added")]);
}

#[test]
fn a_union_that_lost_or_got_a_branch_is_told_once() {
    let document = |request: &str, id: &str, either: &str| {
        format!(
            "{WHOLE}paths:\n  /u:\n    post:\n      operationId: post-u\n      requestBody: {{required: true, content: {{application/json: {{schema: {request}}}}}}}\n      responses:\n        '200': {{description: OK, content: {{application/json: {{schema: {{type: object, properties: {{id: {id}, either: {either}}}}}}}}}}}\ncomponents:\n  schemas:\n    A: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}\n    B: {{type: object, required: [b], properties: {{b: {{type: string}}}}}}\n    C: {{type: object, required: [c], properties: {{c: {{type: string}}}}}}\n"
        )
    };
    let [a, b, c] = ["A", "B", "C"].map(|name| format!("{{$ref: '#/components/schemas/{name}'}}"));
    let union = |branches: &[&str]| format!("{{oneOf: [{}]}}", branches.join(", "));
    let old = document(
        &union(&[&a, &b]),
        "{oneOf: [{type: integer}, {type: string}]}",
        &union(&[&a, &b]),
    );
    let new = document(&a, "{type: integer}", &union(&[&a, &b, &c]));
    let found = repaired_diff(&old, &new);
    assert_eq!(
        texts(&found),
        [
            (Class::Breaking, "request: is `A`: type union → object"),
            (Class::Breaking, "response `200`: `id`: type union → integer"),
            (Class::Additive, "response `200`: `either`: variant `C` added"),
        ]
    );
    let narrowed = document(&union(&[&a, &b]), "{type: integer}", &union(&[&a, &c]));
    let wide = document(&union(&[&a, &b, &c]), "{type: integer}", &union(&[&a, &c]));
    let found = repaired_diff(&wide, &narrowed);
    assert_eq!(texts(&found), [(Class::Breaking, "request: variant `C` removed")]);
}

#[test]
fn what_the_body_of_an_error_is_is_documentation() {
    let error = |schema: &str| {
        operation(&format!(
            "responses: {{'200': {{description: OK}}, '404': {{description: No, content: {{application/json: {{schema: {schema}}}}}}}}}"
        ))
    };
    let schemas = ["{type: string}", "{type: integer}", "{$ref: '#/components/schemas/A'}"];
    for (old, new) in schemas.iter().zip(schemas.iter().skip(1)) {
        let found = diff(&error(old), &error(new));
        assert_eq!((found.changes.len(), found.class()), (1, Some(Class::Documentation)), "{new}");
    }
}

#[test]
fn words_alone_are_documentation() {
    let old = operation(
        "summary: a, description: b, parameters: [{name: q, in: query, description: c, schema: {type: string, description: d, example: e}}]",
    );
    let new = operation(
        "summary: b, description: c, parameters: [{name: q, in: query, description: d, schema: {type: string, description: e, example: f}}]",
    );
    let found = diff(&old, &new);
    assert_eq!(found.changes.len(), 4, "{found:?}");
    assert_eq!(found.class(), Some(Class::Documentation));
}

#[test]
fn what_moves_between_the_parts_of_a_composition_does_not_change() {
    let whole = "{type: object, required: [o], properties: {o: {type: string}, p: {type: string}}}";
    let parts = "{type: object, required: [o], allOf: [{$ref: '#/components/schemas/O'}], properties: {p: {type: string}}}";
    let nested = "{allOf: [{required: [o], allOf: [{$ref: '#/components/schemas/O'}, {type: object, properties: {p: {type: string}}}]}]}";
    let all = [whole, parts, nested];
    for (old, new) in all.iter().flat_map(|old| all.iter().map(move |new| (old, new))) {
        let found = diff(&component(old, true), &component(new, true));
        assert!(found.changes.is_empty(), "{old} -> {new}: {found:?}");
    }
}

#[test]
fn named_and_nameless_schemas_that_lead_around_each_other_come_to_an_end() {
    let head = "openapi: 3.0.3\ncomponents:\n  schemas:\n";
    let old = format!(
        "{head}    A: {{type: object, properties: {{x: {{type: object, properties: {{x: {{$ref: '#/components/schemas/A'}}}}}}}}}}\n"
    );
    let new = format!(
        "{head}    A: {{type: object, properties: {{x: {{$ref: '#/components/schemas/B'}}}}}}\n    B: {{type: object, properties: {{x: {{type: object, properties: {{x: {{$ref: '#/components/schemas/B'}}}}}}}}}}\n"
    );
    let found = diff(&old, &new);
    assert!(found.changes.iter().any(|change| change.rule.name == "schema-replaced"), "{found:?}");
    let circle = format!(
        "{head}    A: {{$ref: '#/components/schemas/B'}}\n    B: {{$ref: '#/components/schemas/A'}}\n"
    );
    assert_eq!(diff(&circle, &circle).changes.len(), 0);
    assert!(!diff(&circle, &new).changes.is_empty());
}

#[test]
fn a_step_of_two_documents_follows_from_their_gravest_change() {
    let found = diff(&operation("x-retry: safe"), &operation("x-retry: unsafe, summary: s"));
    assert_eq!(found.class(), Some(Class::Breaking));
    assert_eq!(found.changes[0].class, Class::Breaking, "the gravest comes first");
    assert_eq!(found.step("0.3.1".parse().unwrap()).as_str(), "minor");
}
