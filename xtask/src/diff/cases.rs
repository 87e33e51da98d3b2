//! Pairs of documents, each with the rule that it shows. The test that compiles programs against
//! generated clients reads them too.

/// A component that requests alone carry, or answers alone.
pub(super) fn component(schema: &str, is_asked: bool) -> String {
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

/// A rule, and the two schemas that show it.
pub(super) const OF_SCHEMAS: &[(&str, &str, &str)] = &[
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
    (
        "property-added",
        "{type: object, properties: {o: {type: string}}}",
        "{type: object, properties: {o: {type: string}, p: {type: string}}}",
    ),
    (
        "property-added",
        "{allOf: [{$ref: '#/components/schemas/O'}, {type: object, properties: {p: {type: string}}}]}",
        "{allOf: [{$ref: '#/components/schemas/O'}, {type: object, properties: {p: {type: string}, q: {type: string}}}]}",
    ),
    (
        "required-property-added",
        "{type: object, properties: {o: {type: string}}}",
        "{type: object, required: [p], properties: {o: {type: string}, p: {type: string}}}",
    ),
    (
        "property-removed",
        "{type: object, properties: {o: {type: string}, p: {type: string}}}",
        "{type: object, properties: {o: {type: string}}}",
    ),
    ("object-form-changed", "{type: object}", "{type: object, properties: {p: {type: string}}}"),
    (
        "object-form-changed",
        "{type: object, required: [p], properties: {p: {type: string}}}",
        "{type: object, additionalProperties: true}",
    ),
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
    ("enum-value-added", "{type: string, enum: [a, c]}", "{type: string, enum: [a, b, c]}"),
    ("constant-widened", "{type: string, enum: [a]}", "{type: string, enum: [a, b]}"),
    ("constant-widened", "{type: integer, enum: [1]}", "{type: integer, enum: [1, 2]}"),
    ("enum-value-removed", "{type: string, enum: [a, b]}", "{type: string, enum: [a]}"),
    ("enum-added", "{type: string}", "{type: string, enum: [a]}"),
    ("enum-removed", "{type: string, enum: [a]}", "{type: string}"),
    (
        "variant-added",
        "{oneOf: [{$ref: '#/components/schemas/O'}, {type: integer}]}",
        "{oneOf: [{$ref: '#/components/schemas/O'}, {type: integer}, {$ref: '#/components/schemas/A'}]}",
    ),
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
        "discriminator-changed",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o}}",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o, mapping: {x: '#/components/schemas/O'}}}",
    ),
    (
        "discriminator-value-added",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o, mapping: {x: '#/components/schemas/O'}}}",
        "{oneOf: [{$ref: '#/components/schemas/O'}], discriminator: {propertyName: o, mapping: {x: '#/components/schemas/O', y: '#/components/schemas/O'}}}",
    ),
    (
        "additional-properties-opened",
        "{type: object, properties: {o: {type: string}}, additionalProperties: false}",
        "{type: object, properties: {o: {type: string}}}",
    ),
    (
        "additional-properties-closed",
        "{type: object, properties: {o: {type: string}}}",
        "{type: object, properties: {o: {type: string}}, additionalProperties: false}",
    ),
    (
        "additional-properties-opened",
        "{type: object, properties: {o: {type: string}}}",
        "{type: object, properties: {o: {type: string}}, additionalProperties: true}",
    ),
    (
        "additional-properties-changed",
        "{type: object, properties: {o: {type: string}}, additionalProperties: true}",
        "{type: object, properties: {o: {type: string}}}",
    ),
    (
        "additional-properties-changed",
        "{type: object, properties: {o: {type: string}}, additionalProperties: {}}",
        "{type: object, properties: {o: {type: string}}, additionalProperties: false}",
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

/// A rule, and what each of two documents has in its one operation.
pub(super) const OF_OPERATIONS: &[(&str, &str, &str)] = &[
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
        "responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}",
        "responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}, '202': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}",
    ),
    (
        "status-with-other-body-added",
        "responses: {'200': {description: OK, content: {application/json: {schema: {type: string}}}}}",
        "responses: {'200': {description: OK, content: {application/json: {schema: {type: string}}}}, '202': {description: OK, content: {application/json: {schema: {type: string}}}}}",
    ),
    (
        "status-with-other-body-added",
        "responses: {'200': {description: OK, content: {application/json: {}}}}",
        "responses: {'200': {description: OK, content: {application/json: {}}}, '202': {description: OK}}",
    ),
    (
        "status-with-other-body-added",
        "responses: {'200': {description: OK, content: {application/json: {schema: {type: string}}}}}",
        "responses: {'200': {description: OK, content: {application/json: {schema: {type: string}}}}, '202': {description: OK, content: {application/json: {schema: {type: integer}}}}}",
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

const SCHEMES: &str = "components:\n  schemas:\n    A: {type: object, properties: {a: {type: string}}}\n  securitySchemes:\n    k: {type: apiKey, in: header, name: K}\n    l: {type: apiKey, in: header, name: L}\n    o: {type: oauth2, flows: {}}\n";

pub(super) fn operation(said: &str) -> String {
    let id = if said.contains("operationId") { "" } else { "operationId: get-a, " };
    let responses =
        if said.contains("responses") { "" } else { "responses: {'200': {description: OK}}, " };
    format!("openapi: 3.0.3\npaths:\n  /a:\n    get: {{{id}{responses}{said}}}\n{SCHEMES}")
}

/// A rule, and the content of two documents after their version.
pub(super) const OF_DOCUMENTS: &[(&str, &str, &str)] = &[
    ("operation-added", "paths: {}", "paths: {/a: {get: {responses: {'200': {description: OK}}}}}"),
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
