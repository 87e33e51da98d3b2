//! What no rule repairs and no lowering takes: it is refused or warned of, with its place.

use std::{fs, path::Path};

use xtask::{
    finding::Finding,
    manifest::Settings,
    pipeline::{fix, make},
    read::Sources,
};

/// How a document is met, where, and in which words.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Met {
    Refused(&'static str, &'static str),
    Warned(&'static str, &'static str),
}

use Met::{Refused, Warned};

/// What is added to a valid header: members of the document, of `components.schemas`, or of the
/// only operation.
enum Input {
    Members(&'static str),
    Schemas(&'static str),
    Operation(&'static str),
}

use Input::{Members, Operation, Schemas};

impl Input {
    fn document(&self) -> String {
        let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";
        let responses = "responses: {'200': {description: OK}}";
        match self {
            Members(members) => format!("{head}{members}\n"),
            Schemas(schemas) => {
                format!(
                    "{head}paths: {{}}\ncomponents:\n  schemas:\n    {}\n",
                    schemas.replace('\n', "\n    ")
                )
            }
            Operation(fields) => {
                let own = if fields.contains("responses") { "" } else { responses };
                format!(
                    "{head}paths:\n  /a:\n    post:\n      operationId: a\n      {}\n      {own}\n",
                    fields.replace('\n', "\n      ")
                )
            }
        }
    }
}

pub(crate) fn is_met(findings: &[Finding], at: &str, words: &str) -> bool {
    findings.iter().any(|finding| {
        assert!(finding.place.line > 2 || finding.pointer.is_none(), "{finding:?}");
        finding.subject().contains(at) && finding.problem.contains(words)
    })
}

/// Constructs that had a repair once and never needed it.
const FRONT_END: &[(&str, Input, Met)] = &[
    (
        "empty values",
        Members("paths: {}\nservers:\ntags: [{name: a, description: }]"),
        Refused("/servers", "found null, expected a list"),
    ),
    ("an empty definition", Schemas("A:"), Refused("/schemas/A", "found null, expected a schema")),
    (
        "a server variable without a default",
        Members(
            "paths: {}\nservers: [{url: 'https://{r}.example.com', variables: {r: {enum: [eu]}}}]",
        ),
        Refused("/servers/0/variables/r", "has no `default`"),
    ),
    (
        "a field of a later version",
        Members("paths: {}\n$self: https://a.example"),
        Refused("/$self", "`$self` is not a field"),
    ),
    (
        "another dialect of schemas",
        Members("paths: {}\njsonSchemaDialect: http://json-schema.org/draft-07/schema#"),
        Refused("/jsonSchemaDialect", "not a field"),
    ),
    (
        "a required flag",
        Schemas("A: {type: object, properties: {b: {type: string, required: true}}}"),
        Warned("/properties/b/required", "has no effect"),
    ),
    (
        "a name that is required twice",
        Schemas("A: {type: object, required: [a, a]}"),
        Refused("/A/required", "one or more distinct strings"),
    ),
    (
        "definitions inside a schema",
        Schemas("A: {type: object, $defs: {B: {type: string}}}"),
        Refused("/A/$defs", "`$defs` is not a field"),
    ),
    (
        "a reference into a schema that has no such place",
        Schemas(
            "A: {type: object, properties: {b: {type: string}}}\nC: {$ref: '#/components/schemas/A/properties/c'}",
        ),
        Refused("/C/$ref", "does not exist"),
    ),
    ("an anchor", Schemas("A: {$anchor: a, type: object}"), Refused("/A/$anchor", "not a field")),
    (
        "a reference to an anchor",
        Schemas("A: {$ref: '#a'}"),
        Refused("/A/$ref", "not a reference within this document"),
    ),
    (
        "an id",
        Schemas("A: {$id: 'https://a.example/a', type: object}"),
        Refused("/A/$id", "not a field"),
    ),
    (
        "a reference by id",
        Schemas("A: {$ref: 'https://a.example/a'}"),
        Refused("/A/$ref", "not a reference within this document"),
    ),
    (
        "a dynamic reference",
        Schemas("A: {$dynamicRef: '#a'}"),
        Refused("/A/$dynamicRef", "not a field"),
    ),
    (
        "a reference to a shared path item",
        Members(
            "paths: {/a: {$ref: '#/components/pathItems/P'}}\ncomponents: {pathItems: {P: {}}}",
        ),
        Refused("/paths/~1a/$ref", "this path item is a reference"),
    ),
    (
        "shared path items",
        Members("paths: {}\ncomponents: {pathItems: {P: {}}}"),
        Refused("/components/pathItems", "`pathItems` is not a field"),
    ),
    (
        "no responses",
        Members("paths: {/a: {get: {operationId: a}}}"),
        Refused("/paths/~1a/get", "has no `responses`"),
    ),
    (
        "empty responses",
        Operation("responses: {}"),
        Refused("/post/responses", "documents no response"),
    ),
    (
        "a response without a description",
        Operation("responses: {'200': {}}"),
        Refused("/responses/200", "has no `description`"),
    ),
    (
        "a range in small letters",
        Operation("responses: {2xx: {description: d}}"),
        Refused("/responses/2xx", "not an HTTP status"),
    ),
    (
        "failures alone",
        Operation("responses: {'400': {description: d}}"),
        Warned("/post/responses", "no success response"),
    ),
    (
        "an ignored header",
        Operation("parameters: [{name: Accept, in: header, schema: {type: string}}]"),
        Warned("/parameters/0", "ignores a header parameter `Accept`"),
    ),
    (
        "mutual TLS",
        Members("paths: {}\ncomponents: {securitySchemes: {m: {type: mutualTLS}}}"),
        Refused("/securitySchemes/m", "`mutualTLS` is not a valid security scheme type"),
    ),
    (
        "roles",
        Members(
            "paths: {}\nsecurity: [{b: [admin]}]\ncomponents: {securitySchemes: {b: {type: http, scheme: bearer}}}",
        ),
        Refused("/security/0/b", "has no scopes"),
    ),
    (
        "a list of examples",
        Operation("parameters: [{name: a, in: query, schema: {type: string}, examples: [x]}]"),
        Refused("/parameters/0/examples", "found a list, expected a mapping"),
    ),
    (
        "a bare example",
        Operation("parameters: [{name: a, in: query, schema: {type: string}, examples: {one: w}}]"),
        Refused("/examples/one", "found a string, expected an example"),
    ),
    (
        "an example beside examples",
        Operation(
            "parameters: [{name: a, in: query, schema: {type: string}, example: y, examples: {one: {value: z}}}]",
        ),
        Refused("/parameters/0/examples", "`example` and `examples`"),
    ),
    (
        "nullable of 3.1",
        Schemas("A: {type: string, nullable: true}"),
        Warned("/A/nullable", "no effect in OpenAPI 3.1"),
    ),
    (
        "a constant that is a mapping",
        Schemas("A: {const: {a: 1}}"),
        Refused("/A/const", "`const` is not a field"),
    ),
    (
        "an enum of several types",
        Schemas("A: {enum: [a, 1]}"),
        Refused("/A", "`enum` but no `type`"),
    ),
    (
        "an enum of mappings",
        Schemas("A: {type: object, enum: [{a: 1}]}"),
        Refused("/A/enum", "an enum entry with the keys"),
    ),
    (
        "a value of another type",
        Schemas("A: {type: integer, enum: [1, a]}"),
        Refused("/A/enum/1", "this value is a string"),
    ),
    (
        "null that an enum does not allow",
        Schemas("A: {type: string, enum: [a, null]}"),
        Refused("/A/enum/1", "this value is null"),
    ),
    (
        "an enum beside parts",
        Schemas("A: {type: string, enum: [a], allOf: [{type: string}]}"),
        Refused("/A/allOf", "and `enum`"),
    ),
    (
        "types beside parts",
        Schemas("A: {type: [string, integer], anyOf: [{type: string}, {type: integer}]}"),
        Refused("/A/type", "found a list, expected a string"),
    ),
    (
        "properties that are not evaluated",
        Schemas("A: {type: object, unevaluatedProperties: false}"),
        Refused("/A/unevaluatedProperties", "not a field"),
    ),
    (
        "properties by pattern",
        Schemas("A: {type: object, patternProperties: {'^x': {type: string}}}"),
        Refused("/A/patternProperties", "not a field"),
    ),
    (
        "items as a list",
        Schemas("A: {type: array, items: [{type: string}]}"),
        Refused("/A/items", "expected"),
    ),
    (
        "items that are not evaluated",
        Schemas("A: {type: array, items: {}, unevaluatedItems: false}"),
        Refused("/A/unevaluatedItems", "not a field"),
    ),
    (
        "a condition",
        Schemas("A: {type: object, if: {required: [a]}, then: {required: [b]}}"),
        Refused("/A/if", "`if` is not a field"),
    ),
    (
        "names of properties",
        Schemas("A: {type: object, propertyNames: {maxLength: 1}}"),
        Refused("/A/propertyNames", "not a field"),
    ),
    (
        "a keyword of the author's own",
        Schemas("A: {type: string, unit: cm}"),
        Refused("/A/unit", "`unit` is not a field"),
    ),
    (
        "a field of the author's own",
        Operation("internalNote: For us."),
        Refused("/post/internalNote", "`internalNote` is not a field"),
    ),
    (
        "a bound between integers",
        Schemas("A: {type: integer, minimum: 0.5}"),
        Refused("/A/minimum", "not written as a 64-bit integer"),
    ),
    (
        "a bound beyond integers",
        Schemas("A: {type: integer, maximum: 1.0e+30}"),
        Refused("/A/maximum", "not written as a 64-bit integer"),
    ),
    (
        "a count that is a fraction",
        Schemas("A: {type: string, maxLength: 10.5}"),
        Refused("/A/maxLength", "a non-negative integer"),
    ),
    (
        "a default of another type",
        Schemas("A: {type: integer, default: ten}"),
        Warned("/A/default", "`ten` does not match"),
    ),
    (
        "a default that is not in the enum",
        Schemas("A: {type: string, enum: [a], default: c}"),
        Warned("/A/default", "`c` does not match"),
    ),
];

#[test]
fn what_no_rule_repairs_is_refused_or_warned_of_with_its_place() {
    for (name, input, met) in FRONT_END {
        let mut sources = Sources::default();
        let id = sources.add("document.yaml", input.document());
        match (met, fix(&sources, id, &Settings::default())) {
            (Refused(at, words), Err(found)) => {
                assert!(is_met(&found, at, words), "{name}: {found:#?}")
            }
            (Warned(at, words), Ok((_, report))) => {
                assert!(is_met(&report.warnings, at, words), "{name}: {:#?}", report.warnings);
            }
            (_, result) => panic!("{name}: {result:#?}"),
        }
    }
}

const ONE: &str = "{content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}, description: d}";

/// Constructs that the generator can't express and that had a lowering once.
const GENERATOR: &[(&str, Input, Met)] = &[
    (
        "a shared callback",
        Members(
            "paths: {/a: {post: {operationId: a, callbacks: {c: {$ref: '#/components/callbacks/C'}}, responses: {'200': {description: d}}}}}\ncomponents: {callbacks: {C: {}}}",
        ),
        Refused("", "the generator"),
    ),
    (
        "a cookie",
        Operation("parameters: [{name: session, in: cookie, schema: {type: string}}]"),
        Refused("/parameters/0", "the generator"),
    ),
    ("a negation", Schemas("A: {type: string, not: {enum: [none]}}"), Warned("/A/not", "`not`")),
    ("a schema that nothing fits", Schemas("A: false"), Warned("/A/not", "`not`")),
    (
        "a negation that the generator stops at",
        Schemas("A: {type: array, items: {not: {type: integer}}}"),
        Warned("/A/items/not", "`not`"),
    ),
    (
        "a negation of a whole schema",
        Schemas(
            "A: {not: {$ref: '#/components/schemas/B'}}\nB: {type: object, properties: {a: {type: string}}}",
        ),
        Warned("/A/not", "`not`"),
    ),
    (
        "subtypes that are composed of their base",
        Schemas(
            "A: {type: object, properties: {t: {type: string}}, discriminator: {propertyName: t}}\nB: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {b: {type: string}}}]}",
        ),
        Warned("/A/discriminator", "doesn't know the subtypes"),
    ),
    (
        "a range of media types",
        Operation(
            "responses: {'200': {description: d, content: {'*/*': {schema: {type: object, properties: {a: {type: string}}}}}}}",
        ),
        Warned("/responses/200/content/*~1*", "a range of media types"),
    ),
    (
        "a body that is not JSON",
        Operation("requestBody: {content: {application/xml: {schema: {type: object}}}}"),
        Warned("/requestBody/content/application~1xml", "the body as bytes"),
    ),
    (
        "an operation that is served elsewhere",
        Operation("servers: [{url: 'https://uploads.example.com'}]"),
        Warned("/post/servers", "is served at https://uploads.example.com"),
    ),
    (
        "this component is a nullable union",
        Schemas("A: {oneOf: [{type: string}, {type: integer}, {type: 'null'}]}"),
        Refused("/A/nullable", "generated twice"),
    ),
    (
        "a union with a base",
        Schemas(
            "A: {type: object, properties: {a: {type: string}}, oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}\nB: {type: object, properties: {b: {type: string}}}\nC: {type: object, properties: {c: {type: string}}}",
        ),
        Refused("/A/properties", "next to a `oneOf`"),
    ),
    (
        "a composition of itself",
        Schemas(
            "A: {type: object, properties: {b: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {c: {type: string}}}]}}}",
        ),
        Refused("/A/", ""),
    ),
    (
        "a discriminator that branches don't repeat",
        Schemas(
            "A: {oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: t}}\nB: {type: object, properties: {t: {type: string}}}\nC: {type: object, properties: {t: {type: string}, c: {type: string}}}",
        ),
        Warned("/A/oneOf/0", "no distinct value of `t`"),
    ),
    (
        "an operation that the generated code has",
        Members(
            "paths: {/a: {post: {operationId: request, responses: {'200': {description: d}}}}}",
        ),
        Refused("request (/paths/~1a/post/operationId)", "already has a `request`"),
    ),
    (
        "parameters of one name",
        Operation(
            "parameters: [{name: id, in: query, schema: {type: string}}, {name: id, in: header, schema: {type: string}}]",
        ),
        Refused("/parameters/1", "the same name in Rust"),
    ),
    (
        "parameters of one method",
        Operation(
            "parameters: [{name: ids, in: query, schema: {type: string}}, {name: 'ids[]', in: query, schema: {type: string}}]",
        ),
        Refused("/parameters/1", "the same name in Rust"),
    ),
    (
        "a parameter that the builder has",
        Operation("parameters: [{name: send, in: query, schema: {type: string}}]"),
        Refused("/parameters/0", "already has a `send`"),
    ),
    (
        "an inline type of a taken name",
        Schemas(
            "Foo: {type: object, properties: {bar: {type: object, properties: {a: {type: string}}}}}\nFooBar: {type: string}",
        ),
        Refused("/Foo/properties/bar", "`FooBar`"),
    ),
    (
        "two types of success",
        Operation(
            "responses: {'200': {description: d, content: {application/json: {schema: {type: string}}}}, '202': {description: d, content: {application/json: {schema: {type: integer}}}}}",
        ),
        Refused("/responses/202", "have different types"),
    ),
];

#[test]
fn what_the_generator_can_not_express_is_refused_or_warned_of_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("regen.toml");
    let output = "[output]\ndocument = 'd.json'\nclient = 'c'\n";
    let text =
        format!("[document]\ntitle = 'T'\nversion = '1'\n[[source]]\nfile = 'api.yaml'\n{output}");
    fs::write(&manifest, text).unwrap();
    for (name, input, met) in GENERATOR {
        fs::write(folder.path().join("api.yaml"), input.document()).unwrap();
        let mut sources = Sources::default();
        match (met, make(&mut sources, &manifest, "cargo xtask regen")) {
            (Refused(at, words), Err(found)) => {
                assert!(is_met(&found, at, words), "{name}: {found:#?}")
            }
            (Warned(at, words), Ok(made)) => {
                let warnings = &made.report.warnings;
                assert!(is_met(warnings, at, words), "{name}: {warnings:#?}");
            }
            (_, Err(found)) => panic!("{name}: {found:#?}"),
            (_, Ok(made)) => panic!("{name} is taken: {:#?}", made.report.warnings),
        }
    }
}

#[test]
fn the_same_answer_of_two_statuses_is_one_type() {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{/a: {{get: {{operationId: a, responses: {{'200': {ONE}, '201': {ONE}}}}}}}}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.yaml"), text).unwrap();
    let manifest = folder.path().join("regen.toml");
    fs::write(&manifest, "[document]\ntitle = 'T'\nversion = '1'\n[[source]]\nfile = 'api.yaml'\n[output]\ndocument = 'd.json'\nclient = 'c'\n").unwrap();
    let made = make(&mut Sources::default(), &manifest, "cargo xtask regen").unwrap();
    let shared = Path::new("resources/shared.rs");
    let client = made.outputs.iter().find(|output| output.path.ends_with(shared)).unwrap();
    assert_eq!(client.content.matches("pub struct AResponse").count(), 1);
}
