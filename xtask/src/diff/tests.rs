use std::collections::BTreeSet;

use super::{Class, Diff, RULES, compare};
use crate::rule::tests::node;

/// A component that requests alone carry, or answers alone.
fn component(schema: &str, is_asked: bool) -> String {
    let content = "{content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}";
    let (asked, answered) = match is_asked {
        true => (format!("requestBody: {content}}}, "), String::new()),
        false => (String::new(), format!(", content: {}", &content["{content: ".len()..])),
    };
    let answered = answered.trim_end_matches('}').to_owned() + if is_asked { "" } else { "}}}" };
    format!(
        "openapi: 3.0.3\npaths:\n  /a:\n    post: {{operationId: make, {asked}responses: {{'200': {{description: OK{answered}}}}}}}\ncomponents:\n  schemas:\n    S: {schema}\n    A: {{type: string}}\n    B: {{type: string}}\n    O: {{type: object, properties: {{o: {{type: string}}}}}}\n"
    )
}

/// The rules that say what changed from one document to another.
fn rules(diff: &Diff) -> Vec<(&'static str, Class)> {
    diff.changes.iter().map(|change| (change.rule.name, change.class)).collect()
}

fn diff(old: &str, new: &str) -> Diff {
    compare(&node(old), &node(new))
}

/// A rule, and the two schemas that show it.
const OF_SCHEMAS: &[(&str, &str, &str)] = &[
    (
        "schema-replaced",
        "{type: array, items: {$ref: '#/components/schemas/A'}}",
        "{type: array, items: {$ref: '#/components/schemas/B'}}",
    ),
    (
        "schema-replaced",
        "{type: array, items: {type: string}}",
        "{type: array, items: {$ref: '#/components/schemas/B'}}",
    ),
    (
        "schema-replaced",
        "{type: array, items: {$ref: '#/components/schemas/A'}}",
        "{type: array, items: {type: string}}",
    ),
    ("type-changed", "{type: string}", "{type: integer}"),
    ("type-changed", "{}", "{type: integer}"),
    ("type-changed", "{type: array, items: {type: string}}", "{type: array}"),
    ("type-changed", "{oneOf: [{type: string}]}", "{anyOf: [{type: string}]}"),
    ("format-of-rust-changed", "{type: string}", "{type: string, format: date-time}"),
    ("format-of-rust-changed", "{type: string, format: binary}", "{type: string, format: byte}"),
    ("format-changed", "{type: string, format: uuid}", "{type: string}"),
    ("format-changed", "{type: integer, format: int32}", "{type: integer, format: int64}"),
    (
        "null-added",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string, nullable: true}}}",
    ),
    (
        "null-added",
        "{type: array, items: {$ref: '#/components/schemas/A'}}",
        "{type: array, items: {nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}}",
    ),
    (
        "null-removed",
        "{type: array, items: {type: string, nullable: true}}",
        "{type: array, items: {type: string}}",
    ),
    (
        "null-of-property-removed",
        "{type: object, properties: {p: {type: string, nullable: true}}}",
        "{type: object, properties: {p: {type: string}}}",
    ),
    ("property-added", "{type: object}", "{type: object, properties: {p: {type: string}}}"),
    (
        "property-added",
        "{allOf: [{$ref: '#/components/schemas/O'}]}",
        "{allOf: [{$ref: '#/components/schemas/O'}, {type: object, properties: {p: {type: string}}}]}",
    ),
    (
        "required-property-added",
        "{type: object}",
        "{type: object, required: [p], properties: {p: {type: string}}}",
    ),
    ("property-removed", "{type: object, properties: {p: {type: string}}}", "{type: object}"),
    (
        "property-became-required",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, required: [p], properties: {p: {type: string}}}",
    ),
    ("property-became-required", "{type: object}", "{type: object, required: [p]}"),
    (
        "property-became-optional",
        "{type: object, required: [p], properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string}}}",
    ),
    (
        "branch-requirement-changed",
        "{oneOf: [{type: object, properties: {p: {type: string}}}]}",
        "{oneOf: [{type: object, required: [p], properties: {p: {type: string}}}]}",
    ),
    (
        "branch-requirement-changed",
        "{oneOf: [{type: object, required: [p], properties: {p: {type: string}}}]}",
        "{oneOf: [{type: object, properties: {p: {type: string}}}]}",
    ),
    ("enum-value-added", "{type: string, enum: [a]}", "{type: string, enum: [a, b]}"),
    ("enum-value-removed", "{type: string, enum: [a, b]}", "{type: string, enum: [a]}"),
    ("enum-added", "{type: string}", "{type: string, enum: [a]}"),
    ("enum-removed", "{type: string, enum: [a]}", "{type: string}"),
    (
        "variant-added",
        "{oneOf: [{$ref: '#/components/schemas/A'}]}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/O'}]}",
    ),
    ("variant-added", "{oneOf: [{type: string}]}", "{oneOf: [{type: integer}, {type: string}]}"),
    (
        "variant-removed",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/O'}]}",
        "{oneOf: [{$ref: '#/components/schemas/A'}]}",
    ),
    ("variant-removed", "{anyOf: [{type: integer}, {type: string}]}", "{anyOf: [{type: string}]}"),
    (
        "composition-changed",
        "{allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
        "{allOf: [{$ref: '#/components/schemas/A'}, {minLength: 1}, {maxLength: 2}]}",
    ),
    ("composition-changed", "{type: string}", "{type: string, not: {enum: [a]}}"),
    (
        "discriminator-changed",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o}}",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: p}}",
    ),
    (
        "discriminator-changed",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o, mapping: {x: '#/components/schemas/O'}}}",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o}}",
    ),
    (
        "discriminator-changed",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o, mapping: {x: '#/components/schemas/O'}}}",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o, mapping: {x: '#/components/schemas/A'}}}",
    ),
    (
        "discriminator-value-added",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o}}",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o, mapping: {x: '#/components/schemas/O'}}}",
    ),
    (
        "additional-properties-opened",
        "{type: object, additionalProperties: false}",
        "{type: object}",
    ),
    (
        "additional-properties-closed",
        "{type: object, additionalProperties: true}",
        "{type: object, additionalProperties: false}",
    ),
    (
        "additional-properties-changed",
        "{type: object, additionalProperties: {type: string}}",
        "{type: object}",
    ),
    (
        "type-changed",
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, additionalProperties: {type: integer}}",
    ),
    ("bound-tightened", "{type: integer, maximum: 9}", "{type: integer, maximum: 8}"),
    ("bound-tightened", "{type: integer}", "{type: integer, minimum: 1}"),
    ("bound-tightened", "{type: array, items: {}}", "{type: array, uniqueItems: true, items: {}}"),
    ("bound-tightened", "{type: string, pattern: a}", "{type: string, pattern: b}"),
    ("bound-loosened", "{type: string, maxLength: 8}", "{type: string, maxLength: 9}"),
    ("bound-loosened", "{type: string, minLength: 2}", "{type: string, minLength: 1}"),
    ("bound-loosened", "{type: string, pattern: a}", "{type: string}"),
    (
        "bound-loosened",
        "{type: number, maximum: 1, exclusiveMaximum: true}",
        "{type: number, maximum: 1}",
    ),
    ("default-changed", "{type: string}", "{type: string, default: a}"),
    ("deprecated", "{type: string}", "{type: string, deprecated: true}"),
    ("deprecated", "{type: string, deprecated: true}", "{type: string}"),
    ("words-changed", "{type: string, description: a}", "{type: string, description: b}"),
    ("words-changed", "{type: string}", "{type: string, example: b}"),
    ("extension-changed", "{type: string, x-unit: pence}", "{type: string, x-unit: pounds}"),
];

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

/// A rule, and what each of two documents has in its one operation.
const OF_OPERATIONS: &[(&str, &str, &str)] = &[
    ("operation-renamed", "operationId: get-a", "operationId: fetch-a"),
    ("operation-respelt", "operationId: get-a", "operationId: getA"),
    ("resource-changed", "tags: [a]", "tags: [b, a]"),
    ("repeated-less", "x-retry: idempotent", "x-retry: unsafe"),
    ("repeated-less", "", "x-retry: conditional"),
    ("repeated-more", "x-retry: never", "x-retry: safe"),
    ("retry-class-changed", "x-retry: safe", "x-retry: idempotent"),
    ("security-tightened", "", "security: [{k: []}]"),
    ("security-tightened", "security: [{k: []}]", "security: [{k: [], l: []}]"),
    ("security-tightened", "security: [{k: []}, {l: []}]", "security: [{k: []}]"),
    ("security-tightened", "security: [{o: [a]}]", "security: [{o: [a, b]}]"),
    ("security-loosened", "security: [{k: []}]", "security: [{k: []}, {l: []}]"),
    ("security-loosened", "security: [{k: []}]", ""),
    ("parameter-added", "", "parameters: [{name: q, in: query, schema: {type: string}}]"),
    (
        "required-parameter-added",
        "",
        "parameters: [{name: q, in: query, required: true, schema: {type: string}}]",
    ),
    ("parameter-removed", "parameters: [{name: q, in: query, schema: {type: string}}]", ""),
    (
        "parameter-became-required",
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        "parameters: [{name: q, in: query, required: true, schema: {type: string}}]",
    ),
    (
        "parameter-became-optional",
        "parameters: [{name: X-Q, in: header, required: true, schema: {type: string}}]",
        "parameters: [{name: x-q, in: header, schema: {type: string}}]",
    ),
    (
        "parameter-form-changed",
        "parameters: [{name: q, in: query, schema: {type: array, items: {}}}]",
        "parameters: [{name: q, in: query, explode: false, schema: {type: array, items: {}}}]",
    ),
    (
        "parameter-form-changed",
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        "parameters: [{name: q, in: query, content: {application/json: {}}}]",
    ),
    (
        "type-changed",
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        "parameters: [{name: q, in: query, schema: {type: integer}}]",
    ),
    (
        "enum-value-removed",
        "parameters: [{name: q, in: query, content: {application/json: {schema: {type: string, enum: [a, b]}}}}]",
        "parameters: [{name: q, in: query, content: {application/json: {schema: {type: string, enum: [a]}}}}]",
    ),
    ("body-added", "", "requestBody: {content: {application/json: {}}}"),
    ("required-body-added", "", "requestBody: {required: true, content: {application/json: {}}}"),
    ("body-removed", "requestBody: {content: {application/json: {}}}", ""),
    (
        "body-became-required",
        "requestBody: {content: {application/json: {}}}",
        "requestBody: {required: true, content: {application/json: {}}}",
    ),
    (
        "body-became-optional",
        "requestBody: {required: true, content: {application/json: {}}}",
        "requestBody: {content: {application/json: {}}}",
    ),
    (
        "media-type-added",
        "requestBody: {content: {application/json: {}}}",
        "requestBody: {content: {text/csv: {}, application/json: {}}}",
    ),
    (
        "media-type-removed",
        "requestBody: {content: {text/csv: {}, application/json: {}}}",
        "requestBody: {content: {application/json: {}}}",
    ),
    (
        "encoding-changed",
        "requestBody: {content: {multipart/form-data: {}}}",
        "requestBody: {content: {multipart/form-data: {encoding: {a: {contentType: text/csv}}}}}",
    ),
    (
        "type-changed",
        "requestBody: {content: {application/json: {}}}",
        "requestBody: {content: {application/json: {schema: {type: string}}}}",
    ),
    (
        "status-added",
        "responses: {'200': {description: OK, content: {application/json: {}}}}",
        "responses: {'200': {description: OK, content: {application/json: {}}}, '202': {description: OK}}",
    ),
    (
        "status-removed",
        "responses: {'200': {description: OK, content: {application/json: {}}}, '202': {description: OK}}",
        "responses: {'200': {description: OK, content: {application/json: {}}}}",
    ),
    (
        "status-without-body-changed",
        "responses: {'200': {description: OK}, '204': {description: OK}}",
        "responses: {'204': {description: OK}}",
    ),
    (
        "answer-body-added",
        "responses: {'200': {description: OK}}",
        "responses: {'200': {description: OK, content: {application/json: {}}}}",
    ),
    (
        "body-removed",
        "responses: {default: {description: OK, content: {application/json: {}}}}",
        "responses: {default: {description: OK}}",
    ),
    (
        "error-status-added",
        "responses: {'200': {description: OK}}",
        "responses: {'200': {description: OK}, '404': {description: No}}",
    ),
    (
        "error-status-removed",
        "responses: {'200': {description: OK}, default: {description: No}}",
        "responses: {'200': {description: OK}}",
    ),
    (
        "error-body-changed",
        "responses: {'200': {description: OK}, '4XX': {description: No}}",
        "responses: {'200': {description: OK}, '4XX': {description: No, content: {application/json: {}}}}",
    ),
    (
        "answer-header-added",
        "responses: {'200': {description: OK}}",
        "responses: {'200': {description: OK, headers: {X: {schema: {type: string}}}}}",
    ),
    (
        "answer-header-removed",
        "responses: {'200': {description: OK, headers: {X: {schema: {type: string}}}}}",
        "responses: {'200': {description: OK}}",
    ),
    ("deprecated", "", "deprecated: true"),
    ("words-changed", "tags: [a]", "tags: [a, b]"),
    ("words-changed", "summary: a", "summary: b"),
    ("words-changed", "", "callbacks: {c: {'{$request.body#/url}': {post: {responses: {}}}}}"),
    ("extension-changed", "", "x-note: n"),
];

const SCHEMES: &str = "components:\n  securitySchemes:\n    k: {type: apiKey, in: header, name: K}\n    l: {type: apiKey, in: header, name: L}\n    o: {type: oauth2, flows: {}}\n";

fn operation(said: &str) -> String {
    let id = if said.contains("operationId") { "" } else { "operationId: get-a, " };
    let responses = if said.contains("responses") { "" } else { "responses: {}, " };
    format!("openapi: 3.0.3\npaths:\n  /a:\n    get: {{{id}{responses}{said}}}\n{SCHEMES}")
}

#[test]
fn a_change_of_an_operation_is_of_the_class_that_the_table_says() {
    for (name, old, new) in OF_OPERATIONS {
        let rule = RULES.iter().find(|rule| rule.name == *name).unwrap();
        let found = diff(&operation(old), &operation(new));
        assert_eq!(rules(&found), [(*name, rule.in_requests)], "{old} -> {new}: {found:?}");
        assert_eq!(rule.in_requests, rule.in_answers, "{name} is told of an operation as a whole");
    }
}

/// A rule, and what each of two documents has beside its version.
const OF_DOCUMENTS: &[(&str, &str, &str)] = &[
    ("operation-added", "paths: {}", "paths: {/a: {get: {}}}"),
    ("operation-removed", "paths: {/a: {get: {}, put: {}}}", "paths: {/a: {get: {}}}"),
    (
        "operation-moved",
        "paths: {/a: {get: {operationId: a}}}",
        "paths: {'/b/{id}': {get: {operationId: a}}}",
    ),
    (
        "operation-moved",
        "paths: {/a: {post: {operationId: a}}}",
        "paths: {/a: {patch: {operationId: a}}}",
    ),
    (
        "parameter-renamed",
        "paths: {'/a/{a}': {get: {parameters: [{name: a, in: path, required: true}]}}}",
        "paths: {'/a/{b}': {get: {parameters: [{name: b, in: path, required: true}]}}}",
    ),
    (
        "parameter-removed",
        "paths: {/a: {parameters: [{name: a, in: query}], get: {}}}",
        "paths: {/a: {get: {}}}",
    ),
    (
        "server-added",
        "servers: [{url: 'https://a'}]",
        "servers: [{url: 'https://a'}, {url: 'https://b'}]",
    ),
    (
        "server-removed",
        "servers: [{url: 'https://a'}, {url: 'https://b'}]",
        "servers: [{url: 'https://a'}]",
    ),
    (
        "server-removed",
        "paths: {/a: {servers: [{url: 'https://a'}, {url: 'https://b'}], get: {}}}",
        "paths: {/a: {get: {servers: [{url: 'https://b'}]}}}",
    ),
    (
        "security-scheme-changed",
        "components: {securitySchemes: {k: {type: apiKey, in: header, name: K}}}",
        "components: {securitySchemes: {k: {type: apiKey, in: header, name: L}}}",
    ),
    (
        "media-type-of-client-changed",
        "components: {requestBodies: {B: {content: {text/csv: {}}}}}",
        "components: {requestBodies: {B: {content: {text/csv: {}, application/json: {}}}}}",
    ),
    ("schema-added", "components: {schemas: {}}", "components: {schemas: {A: {}}}"),
    ("schema-removed", "components: {schemas: {A: {}}}", "components: {schemas: {}}"),
    ("words-changed", "info: {title: T, version: '1'}", "info: {title: T, version: '2'}"),
    ("words-changed", "tags: [{name: a}]", "tags: [{name: a, description: A}]"),
    ("extension-changed", "info: {title: T}", "info: {title: T, x-logo: l}"),
];

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

/// Rules that a test of their own shows.
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
        String::from("| change | in requests | in answers | why |\n|---|---|---|---|\n");
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
    assert_eq!(found.changes[0].operations, ["a", "b", "c"]);
    assert!(found.changes[0].has_more_operations);
}

#[test]
fn a_security_scheme_under_another_name_is_the_same() {
    let old = "openapi: 3.0.3\npaths: {/a: {get: {security: [{k: []}]}}}\ncomponents: {securitySchemes: {k: {type: http, scheme: bearer}}}\n";
    assert!(diff(old, &old.replace("k:", "token:")).changes.is_empty());
    let open = old.replace("security: [{k: []}]", "security: []");
    assert_eq!(rules(&diff(&open, old))[0].0, "security-tightened");
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
