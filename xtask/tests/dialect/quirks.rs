//! Every quirk of the dialect that was met on real pages, with the least page that has it, the
//! rule that deals with it and the result. The sections are those of the catalogue of quirks;
//! the pages are of an API that does not exist.

use serde_json::Value;

use crate::pages::{Fixed, fix};

/// A quirk, a line of the catalogue.
struct Quirk {
    section: &'static str,
    quirk: &'static str,
    /// What deals with it: a rule, or `read` or a check where it is refused; `-` where nothing has
    /// to.
    by: &'static str,
    page: Page,
    outcome: Outcome,
}

/// The page that has the quirk.
enum Page {
    /// This schema, as the component `A`.
    Schema(&'static str),
    /// These members of the operation, in addition to an id and a response.
    Operation(&'static str),
    /// These answers.
    Answers(&'static str),
    /// These components, and an answer that refers to the first of them.
    Components(&'static str),
    /// This YAML under the request line of the API.
    Yaml(&'static str),
    /// This text.
    Text(&'static str),
}

/// The result.
enum Outcome {
    /// This, at this place.
    Is(&'static str, &'static str),
    /// Nothing, at this place.
    Gone(&'static str),
    /// The page as it is, with a warning in which these words are.
    Warned(&'static str),
    /// A refusal in which these words are.
    Refused(&'static str),
}

use Outcome::{Gone, Is, Refused, Warned};
use Page::{Answers, Components, Operation, Schema, Text, Yaml};

const fn quirk(
    section: &'static str,
    quirk: &'static str,
    by: &'static str,
    page: Page,
    outcome: Outcome,
) -> Quirk {
    Quirk { section, quirk, by, page, outcome }
}

const A: &str = "/components/schemas/A";

const QUIRKS: &[Quirk] = &[
    quirk(
        "1 Enums",
        "an entry is a mapping",
        "enum-values",
        Schema("{type: string, enum: [{value: READY}]}"),
        Is(A, "{type: string, enum: [READY]}"),
    ),
    quirk(
        "1 Enums",
        "an entry is a literal",
        "enum-values",
        Schema("{type: string, enum: [{type: stringLiteral, value: auto}]}"),
        Is(A, "{type: string, enum: [auto]}"),
    ),
    quirk(
        "1 Enums",
        "a boolean literal under `type: string`",
        "literal-types",
        Schema("{type: string, enum: [{type: booleanLiteral, value: true}]}"),
        Is(A, "{type: boolean, enum: [true]}"),
    ),
    quirk(
        "1 Enums",
        "scalars and mappings in one document",
        "enum-values",
        Schema("{type: string, enum: [tool, {value: user}]}"),
        Is(A, "{type: string, enum: [tool, user]}"),
    ),
    quirk(
        "1 Enums",
        "an entry with a description",
        "enum-values",
        Schema("{type: string, enum: [{value: a, description: The first.}]}"),
        Is(A, "{type: string, enum: [a], x-enum-descriptions: {a: The first.}}"),
    ),
    quirk(
        "1 Enums",
        "an entry with another key",
        "enum-values",
        Schema("{type: string, enum: [{value: a, casing: b}]}"),
        Refused("`value`, `casing`"),
    ),
    quirk(
        "1 Enums",
        "integer-looking strings",
        "numeric-enums",
        Schema("{type: string, enum: [{value: '8000'}, {value: '48000'}]}"),
        Warned("look like integers"),
    ),
    quirk(
        "1 Enums",
        "one value twice",
        "equal-values",
        Schema("{type: string, enum: [{value: asteria}, {value: luna}, {value: asteria}]}"),
        Is(A, "{type: string, enum: [asteria, luna]}"),
    ),
    quirk(
        "1 Enums",
        "the empty string",
        "enum-values",
        Schema("{type: string, enum: [{value: ''}, {value: a}]}"),
        Is(A, "{type: string, enum: ['', a]}"),
    ),
    quirk(
        "1 Enums",
        "symbols alone",
        "enum-values",
        Schema("{type: string, enum: [{value: '='}, {value: '<>'}, {value: '。'}, {value: '||'}]}"),
        Is(A, "{type: string, enum: ['=', '<>', '。', '||']}"),
    ),
    quirk(
        "1 Enums",
        "values that differ by the sign",
        "numeric-enums",
        Schema("{type: string, enum: [{value: '-1'}, {value: '1'}]}"),
        Is(A, "{type: string, enum: ['-1', '1']}"),
    ),
    quirk(
        "1 Enums",
        "values that are no identifiers, and keywords",
        "enum-values",
        Schema(
            "{type: string, enum: [{value: Two words}, {value: '16:9'}, {value: Hélène}, {value: async}]}",
        ),
        Is(A, "{type: string, enum: [Two words, '16:9', Hélène, async]}"),
    ),
    quirk(
        "1 Enums",
        "strings that look like booleans and null",
        "enum-values",
        Schema(
            "{type: string, enum: [{value: 'no'}, {value: 'true'}, {value: none}, {value: 'null'}]}",
        ),
        Is(A, "{type: string, enum: ['no', 'true', none, 'null']}"),
    ),
    quirk(
        "2 Operations",
        "tags are a path of packages",
        "nested-tags",
        Operation("tags: [[subpackage_things, subpackage_things/parts]]"),
        Is("/paths/~1things~1{id}/get/tags", "[things/parts]"),
    ),
    quirk(
        "2 Operations",
        "tags of the root package",
        "nested-tags",
        Operation("tags: [[]]"),
        Gone("/paths/~1things~1{id}/get/tags"),
    ),
    quirk(
        "2 Operations",
        "tags that do not repeat each other",
        "nested-tags",
        Operation("tags: [[subpackage_things, subpackage_parts]]"),
        Refused("does not contain"),
    ),
    quirk(
        "2 Operations",
        "the version is the name of the endpoint",
        "endpoint-version",
        Operation("summary: Get"),
        Is("/info/version", "'1.0.0'"),
    ),
    quirk(
        "2 Operations",
        "the name of the endpoint is kept",
        "endpoint-version",
        Operation("summary: Get"),
        Is("/paths/~1things~1{id}/get/x-endpoint", "things.get"),
    ),
    quirk(
        "2 Operations",
        "the version is folded",
        "endpoint-version",
        Yaml(
            "openapi: 3.1.1\ninfo:\n  title: T\n  version: >-\n    endpoint_things.get\npaths:\n  /things/{id}:\n    get:\n      operationId: get\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {'200': {description: OK}}\n",
        ),
        Is("/paths/~1things~1{id}/get/x-endpoint", "things.get"),
    ),
    quirk(
        "2 Operations",
        "no servers",
        "missing-servers",
        Operation("summary: Get"),
        Is("/servers", "[{url: 'https://api.example.com/v1'}]"),
    ),
    quirk(
        "2 Operations",
        "no servers, and a request line of another endpoint",
        "missing-servers",
        Text(
            "GET https://api.example.com/v1/others\n\n```yaml\nopenapi: 3.1.1\ninfo: {title: T, version: endpoint_a.b}\npaths:\n  /things:\n    get: {operationId: b, responses: {'200': {description: OK}}}\n```\n",
        ),
        Refused("matches no operation in its YAML"),
    ),
    quirk(
        "2 Operations",
        "a kebab-case operationId",
        "-",
        Operation("description: Kebab."),
        Is("/paths/~1things~1{id}/get/operationId", "get-thing-v-3"),
    ),
    quirk(
        "2 Operations",
        "a DELETE with a body",
        "bodies-without-meaning",
        Yaml(
            "openapi: 3.1.1\ninfo: {title: T, version: endpoint_things.delete}\npaths:\n  /things/{id}:\n    delete:\n      operationId: delete\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      requestBody: {content: {application/json: {schema: {type: object}}}}\n      responses: {'204': {description: Gone}}\n",
        ),
        Warned("a DELETE request has a body"),
    ),
    quirk(
        "3 Parameters",
        "bearer authorization as a parameter",
        "authorization-parameter",
        Operation(
            "parameters:\n        - name: Authorization\n          in: header\n          description: Bearer authentication of the form `Bearer <token>`.\n          required: true\n          schema: {type: string}",
        ),
        Is(
            "/components/securitySchemes",
            "{bearer: {type: http, scheme: bearer, description: Bearer authentication of the form `Bearer <token>`.}}",
        ),
    ),
    quirk(
        "3 Parameters",
        "authorization of which the form is not known",
        "authorization-parameter",
        Operation(
            "parameters:\n        - {name: Authorization, in: header, description: 'Header authentication of the form `undefined <token>`', required: true, schema: {type: string}}",
        ),
        Is(
            "/components/securitySchemes/authorization",
            "{type: apiKey, in: header, name: Authorization, description: 'Header authentication of the form `undefined <token>`'}",
        ),
    ),
    quirk(
        "3 Parameters",
        "a key as a parameter",
        "authorization-parameter",
        Operation(
            "parameters:\n        - {name: xi-api-key, in: header, required: true, schema: {type: string}}",
        ),
        Is(
            "/components/securitySchemes",
            "{xi-api-key: {type: apiKey, in: header, name: xi-api-key}}",
        ),
    ),
    quirk(
        "3 Parameters",
        "the operation requires the key",
        "authorization-parameter",
        Operation(
            "parameters:\n        - {name: Api-Key, in: header, required: true, schema: {type: string}}",
        ),
        Is("/paths/~1things~1{id}/get/security", "[{api-key: []}]"),
    ),
    quirk(
        "3 Parameters",
        "no credentials are invented",
        "-",
        Operation("summary: Get"),
        Gone("/components/securitySchemes"),
    ),
    quirk(
        "3 Parameters",
        "a path parameter that is not required",
        "required-path-parameters",
        Yaml(
            "openapi: 3.1.1\ninfo: {title: T, version: endpoint_things.get}\npaths:\n  /things/{id}:\n    get:\n      operationId: get\n      parameters: [{name: id, in: path, required: false, schema: {type: string}}]\n      responses: {'200': {description: OK}}\n",
        ),
        Is("/paths/~1things~1{id}/get/parameters/0/required", "true"),
    ),
    quirk(
        "3 Parameters",
        "a path variable that is no identifier",
        "-",
        Text(
            "GET https://api.example.com/v1/things/{thing-id}\n\n```yaml\nopenapi: 3.1.1\ninfo: {title: T, version: endpoint_a.b}\npaths:\n  /things/{thing-id}:\n    get:\n      operationId: b\n      parameters: [{name: thing-id, in: path, required: true, schema: {type: string}}]\n      responses: {'200': {description: OK}}\n```\n",
        ),
        Is("/paths/~1things~1{thing-id}/get/parameters/0/name", "thing-id"),
    ),
    quirk(
        "3 Parameters",
        "a path variable without a parameter",
        "path-parameters",
        Yaml(
            "openapi: 3.1.1\ninfo: {title: T, version: endpoint_things.get}\npaths:\n  /things/{id}:\n    get:\n      operationId: get\n      responses: {'200': {description: OK}}\n",
        ),
        Refused("has no parameter"),
    ),
    quirk(
        "3 Parameters",
        "a required version header with a default that looks like a date",
        "-",
        Operation(
            "parameters:\n        - {name: X-Api-Version, in: header, required: true, schema: {type: string, default: '2025-06-26'}}",
        ),
        Is(
            "/paths/~1things~1{id}/get/parameters/0",
            "{name: X-Api-Version, in: header, required: true, schema: {type: string, default: '2025-06-26'}}",
        ),
    ),
    quirk(
        "3 Parameters",
        "a list in the query without a style",
        "query-structures",
        Operation(
            "parameters:\n        - {name: ids, in: query, schema: {type: array, items: {type: string}}}",
        ),
        Warned("a list in the query"),
    ),
    quirk(
        "3 Parameters",
        "an object in the query",
        "query-structures",
        Operation("parameters:\n        - {name: metadata, in: query, schema: {type: object}}"),
        Warned("an object in the query"),
    ),
    quirk(
        "3 Parameters",
        "a choice in the query",
        "query-structures",
        Operation(
            "parameters:\n        - {name: q, in: query, schema: {oneOf: [{type: string}, {type: integer}]}}",
        ),
        Warned("a choice in the query"),
    ),
    quirk(
        "3 Parameters",
        "an empty list of parameters",
        "empty-members",
        Text(
            "GET https://api.example.com/v1/things\n\n```yaml\nopenapi: 3.1.1\ninfo: {title: T, version: endpoint_a.b}\npaths:\n  /things:\n    get:\n      operationId: b\n      parameters: []\n      responses: {'200': {description: OK}}\n```\n",
        ),
        Gone("/paths/~1things/get/parameters"),
    ),
    quirk(
        "4 Responses and bodies",
        "`content: {}` on an error",
        "empty-content",
        Answers("'200': {description: OK}\n        '422': {description: No., content: {}}"),
        Is("/paths/~1things~1{id}/get/responses/422", "{description: No.}"),
    ),
    quirk(
        "4 Responses and bodies",
        "`content: {}` on an answer of success",
        "empty-content",
        Answers("'200': {description: OK, content: {}}"),
        Refused("its content is not documented"),
    ),
    quirk(
        "4 Responses and bodies",
        "JSON on a 204",
        "bodiless-statuses",
        Yaml(
            "openapi: 3.1.1\ninfo: {title: T, version: endpoint_things.delete}\npaths:\n  /things/{id}:\n    delete:\n      operationId: delete\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {'204': {description: Gone, content: {application/json: {schema: {$ref: '#/components/schemas/T_Response_204'}}}}}\ncomponents:\n  schemas:\n    T_Response_204: {type: object, properties: {}}\n",
        ),
        Is("/paths/~1things~1{id}/delete/responses", "{'204': {description: Gone}}"),
    ),
    quirk(
        "4 Responses and bodies",
        "the schema of a 204 that nothing else uses",
        "bodiless-statuses",
        Yaml(
            "openapi: 3.1.1\ninfo: {title: T, version: endpoint_things.delete}\npaths:\n  /things/{id}:\n    delete:\n      operationId: delete\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {'204': {description: Gone, content: {application/json: {schema: {$ref: '#/components/schemas/T_Response_204'}}}}}\ncomponents:\n  schemas:\n    T_Response_204: {type: object, properties: {}}\n    T: {type: object}\n",
        ),
        Is("/components/schemas", "{T: {type: object}}"),
    ),
    quirk(
        "4 Responses and bodies",
        "an answer of any type",
        "any-type",
        Answers(
            "'200': {description: OK, content: {application/json: {schema: {description: Any type}}}}",
        ),
        Is("/paths/~1things~1{id}/get/responses/200/content/application~1json/schema", "{}"),
    ),
    quirk(
        "4 Responses and bodies",
        "an inline object without properties",
        "empty-members",
        Answers(
            "'200': {description: OK, content: {application/json: {schema: {type: object, properties: {}}}}}",
        ),
        Is(
            "/paths/~1things~1{id}/get/responses/200/content/application~1json/schema",
            "{type: object}",
        ),
    ),
    quirk(
        "4 Responses and bodies",
        "binary, and a stream of events beside JSON",
        "-",
        Answers(
            "'200': {description: OK, content: {text/event-stream: {schema: {type: string, format: binary}}, application/json: {schema: {type: object}}}}",
        ),
        Is(
            "/paths/~1things~1{id}/get/responses/200/content",
            "{text/event-stream: {schema: {type: string, format: binary}}, application/json: {schema: {type: object}}}",
        ),
    ),
    quirk(
        "4 Responses and bodies",
        "a stream of events with the schema of one",
        "event-streams",
        Answers("'200': {description: OK, content: {text/event-stream: {schema: {type: object}}}}"),
        Warned("describes a single event"),
    ),
    quirk(
        "4 Responses and bodies",
        "a multipart form without its file",
        "multipart-files",
        Operation(
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {model_id: {type: string}}}}}}",
        ),
        Warned("has no file"),
    ),
    quirk(
        "4 Responses and bodies",
        "a multipart form without anything",
        "multipart-files",
        Operation(
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {}}}}}",
        ),
        Warned("has no file"),
    ),
    quirk(
        "5 Components",
        "a colon in the name",
        "component-names",
        Components("'type_:Episode': {type: string}"),
        Is("/components/schemas", "{Episode: {type: string}}"),
    ),
    quirk(
        "5 Components",
        "a space in the name",
        "component-names",
        Components("API Keys_create_Response_201: {type: string}"),
        Is("/components/schemas", "{APIKeys_create_Response_201: {type: string}}"),
    ),
    quirk(
        "5 Components",
        "a reference that is folded at the space",
        "component-names",
        Yaml(
            "openapi: 3.1.1\ninfo: {title: T, version: endpoint_things.get}\npaths:\n  /things/{id}:\n    get:\n      operationId: get\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses:\n        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: >-\n                  #/components/schemas/Manage\n                  things_Response_200\ncomponents:\n  schemas:\n    Manage things_Response_200: {type: object}\n",
        ),
        Is(
            "/paths/~1things~1{id}/get/responses/200/content/application~1json/schema/$ref",
            "'#/components/schemas/ManageThings_Response_200'",
        ),
    ),
    quirk(
        "5 Components",
        "a percent-encoded reference",
        "component-names",
        Schema("{type: object, properties: {b: {$ref: '#/components/schemas/%41'}}}"),
        Is("/components/schemas/A/properties/b/$ref", "'#/components/schemas/A'"),
    ),
    quirk(
        "5 Components",
        "a reference that leads nowhere",
        "references",
        Schema("{type: object, properties: {b: {$ref: '#/components/schemas/B'}}}"),
        Refused("does not exist"),
    ),
    quirk(
        "5 Components",
        "names that differ by punctuation alone",
        "-",
        Components(
            "OverrideInput: {type: string}\n    Override-Input: {$ref: '#/components/schemas/OverrideInput'}",
        ),
        Is(
            "/components/schemas",
            "{OverrideInput: {type: string}, Override-Input: {$ref: '#/components/schemas/OverrideInput'}}",
        ),
    ),
    quirk(
        "5 Components",
        "names that would be one once they are legal",
        "component-names",
        Components("A B: {type: string}\n    AB: {type: integer}"),
        Refused("this name becomes `AB`, and so does `A B`"),
    ),
    quirk(
        "5 Components",
        "a description beside a reference",
        "reference-siblings",
        Schema(
            "{type: object, properties: {b: {$ref: '#/components/schemas/A', description: How it stands.}}}",
        ),
        Is(
            "/components/schemas/A/properties/b",
            "{allOf: [{$ref: '#/components/schemas/A'}], description: How it stands.}",
        ),
    ),
    quirk("5 Components", "no components", "-", Operation("summary: Get"), Gone("/components")),
    quirk(
        "5 Components",
        "a component that nothing refers to",
        "-",
        Components("A: {type: object}\n    ModelGroup: {type: string}"),
        Is("/components/schemas/ModelGroup", "{type: string}"),
    ),
    quirk(
        "5 Components",
        "a schema that holds itself",
        "-",
        Schema("{type: object, properties: {inner: {$ref: '#/components/schemas/A'}}}"),
        Is(A, "{type: object, properties: {inner: {$ref: '#/components/schemas/A'}}}"),
    ),
    quirk(
        "6 Schemas",
        "null among the types",
        "null-types",
        Schema("{type: [array, 'null'], items: {type: string}, default: []}"),
        Is(A, "{type: array, nullable: true, items: {type: string}, default: []}"),
    ),
    quirk(
        "6 Schemas",
        "a choice of a reference and null",
        "null-types",
        Schema(
            "{type: object, properties: {b: {oneOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}], description: D.}}}",
        ),
        Is(
            "/components/schemas/A/properties/b",
            "{allOf: [{$ref: '#/components/schemas/A'}], nullable: true, description: D.}",
        ),
    ),
    quirk(
        "6 Schemas",
        "a choice of something inline and null",
        "null-types",
        Schema("{oneOf: [{type: string, format: uuid}, {type: 'null'}]}"),
        Is(A, "{type: string, format: uuid, nullable: true}"),
    ),
    quirk(
        "6 Schemas",
        "a choice of several and null",
        "null-types",
        Schema("{anyOf: [{type: string}, {type: integer}, {type: 'null'}]}"),
        Is(A, "{anyOf: [{type: string}, {type: integer}], nullable: true}"),
    ),
    quirk(
        "6 Schemas",
        "any type as additional properties",
        "any-type",
        Schema("{type: object, additionalProperties: {description: Any type}}"),
        Is(A, "{type: object, additionalProperties: true}"),
    ),
    quirk(
        "6 Schemas",
        "a choice of objects with tags, without a discriminator",
        "enum-values",
        Schema(
            "{oneOf: [{type: object, properties: {type: {type: string, enum: [{type: stringLiteral, value: a}]}}, required: [type]}, {type: object, properties: {type: {type: string, enum: [{type: stringLiteral, value: b}]}}, required: [type]}]}",
        ),
        Is(
            A,
            "{oneOf: [{type: object, properties: {type: {type: string, enum: [a]}}, required: [type]}, {type: object, properties: {type: {type: string, enum: [b]}}, required: [type]}]}",
        ),
    ),
    quirk(
        "6 Schemas",
        "a discriminator of inline variants",
        "inline-discriminators",
        Schema(
            "{oneOf: [{type: object, properties: {type: {type: string, enum: [a]}}, required: [type]}, {type: object, properties: {type: {type: string, enum: [b]}}, required: [type]}], discriminator: {propertyName: type}}",
        ),
        Is("/components/schemas/A/x-discriminator", "{propertyName: type}"),
    ),
    quirk(
        "6 Schemas",
        "an inline variant with its tag alone",
        "tags-alone",
        Schema(
            "{oneOf: [{type: object, properties: {type: {type: string, enum: [a], description: 'Discriminator value: a'}}}, {type: object, properties: {type: {type: string, enum: [b], description: 'Discriminator value: b'}, b: {type: string}}}]}",
        ),
        Warned("only its tag"),
    ),
    quirk(
        "6 Schemas",
        "a choice of one reference",
        "only-variant",
        Schema("{type: object, properties: {b: {oneOf: [{$ref: '#/components/schemas/A'}]}}}"),
        Is("/components/schemas/A/properties/b", "{$ref: '#/components/schemas/A'}"),
    ),
    quirk(
        "6 Schemas",
        "a variant that is listed twice",
        "equal-variants",
        Schema(
            "{oneOf: [{type: number, format: double}, {type: string}, {type: number, format: double}]}",
        ),
        Is(A, "{oneOf: [{type: number, format: double}, {type: string}]}"),
    ),
    quirk(
        "6 Schemas",
        "the same primitive twice, with words of its own",
        "-",
        Schema(
            "{oneOf: [{type: string, description: A name.}, {type: string, description: An id.}]}",
        ),
        Is(
            A,
            "{oneOf: [{type: string, description: A name.}, {type: string, description: An id.}]}",
        ),
    ),
    quirk(
        "6 Schemas",
        "formats that OpenAPI does not know",
        "-",
        Schema("{type: string, format: objectid}"),
        Is(A, "{type: string, format: objectid}"),
    ),
    quirk(
        "6 Schemas",
        "formats that are none",
        "idle-formats",
        Schema(
            "{type: object, properties: {a: {type: string, format: enum}, b: {type: string, format: string}}}",
        ),
        Is("/components/schemas/A/properties", "{a: {type: string}, b: {type: string}}"),
    ),
    quirk(
        "6 Schemas",
        "a default",
        "-",
        Schema("{type: object, properties: {a: {type: number, format: double, default: 0.5}}}"),
        Is("/components/schemas/A/properties/a", "{type: number, format: double, default: 0.5}"),
    ),
    quirk(
        "6 Schemas",
        "an object without properties",
        "empty-members",
        Schema("{type: object, properties: {}}"),
        Is(A, "{type: object}"),
    ),
    quirk(
        "6 Schemas",
        "properties that are called like keywords",
        "enum-values",
        Schema(
            "{type: object, properties: {enum: {type: array, items: {type: string}}, type: {type: string, enum: [{value: a}]}, $ref: {type: string}, required: {type: boolean}, async: {type: string}}, required: [enum, $ref]}",
        ),
        Is(
            A,
            "{type: object, properties: {enum: {type: array, items: {type: string}}, type: {type: string, enum: [a]}, $ref: {type: string}, required: {type: boolean}, async: {type: string}}, required: [enum, $ref]}",
        ),
    ),
    quirk(
        "6 Schemas",
        "a property called additionalProperties",
        "any-type",
        Schema("{type: object, properties: {additionalProperties: {description: Any type}}}"),
        Is("/components/schemas/A/properties", "{additionalProperties: {}}"),
    ),
    quirk(
        "7 Pages",
        "a fence inside a block scalar",
        "-",
        Operation(
            "description: |\n        Send this:\n        ```json\n        {}\n        ```\n        And wait.",
        ),
        Is(
            "/paths/~1things~1{id}/get/description",
            "\"Send this:\\n```json\\n{}\\n```\\nAnd wait.\\n\"",
        ),
    ),
    quirk(
        "7 Pages",
        "HTML in descriptions",
        "-",
        Operation("description: '<<Info> Two<br/>lines'"),
        Is("/paths/~1things~1{id}/get/description", "<<Info> Two<br/>lines"),
    ),
    quirk(
        "7 Pages",
        "an AsyncAPI document",
        "read",
        Text(
            "# Talk\n\nGET /v1/talk\n\n## AsyncAPI Specification\n\n```yaml\nasyncapi: 2.6.0\ninfo: {title: T, version: subpackage_a.a}\nchannels: {}\n```\n",
        ),
        Refused("AsyncAPI"),
    ),
    quirk(
        "7 Pages",
        "a page in words, without YAML",
        "read",
        Text(
            "# T\n\nGET https://api.example.com/v1/a\n\n## Response\n\n### 200\n\n- `id` (string)\n",
        ),
        Refused("in prose"),
    ),
    quirk(
        "7 Pages",
        "an escaped copy",
        "read",
        Text(
            "# T\n\nGET https://api.example.com/v1/a\n\n\\`\\`\\`yaml\n\nopenapi: 3.1.1\n\ntags:\n\n\\- a\n",
        ),
        Refused("escaped"),
    ),
    quirk(
        "7 Pages",
        "a copy without white space",
        "read",
        Text(
            "# T ```yaml openapi: 3.1.1 info: title: T version: endpoint_a.b paths: /a: get: {} ```\n",
        ),
        Refused("the YAML has lost its white space"),
    ),
    quirk(
        "7 Pages",
        "a copy with an empty line behind each",
        "-",
        Text(
            "GET https://api.example.com/v1/things\n\n```yaml\n\nopenapi: 3.1.1\n\ninfo:\n\n  title: T\n\n  version: endpoint_a.b\n\npaths:\n\n  /things:\n\n    get:\n\n      operationId: b\n\n      responses:\n\n        '200':\n\n          description: OK\n\n```\n",
        ),
        Is("/paths/~1things/get/operationId", "b"),
    ),
    quirk(
        "7 Pages",
        "such a copy of a reference that is folded at the space",
        "component-names",
        Text(
            "GET https://api.example.com/v1/things\n\n```yaml\n\nopenapi: 3.1.1\n\ninfo: {title: T, version: endpoint_a.b}\n\npaths:\n\n  /things:\n\n    get:\n\n      operationId: b\n\n      responses:\n\n        '200':\n\n          description: OK\n\n          content:\n\n            application/json:\n\n              schema:\n\n                $ref: >-\n\n                  #/components/schemas/Manage\n\n                  things\n\ncomponents:\n\n  schemas:\n\n    Manage things: {type: object}\n\n```\n",
        ),
        Is("/components/schemas", "{ManageThings: {type: object}}"),
    ),
    quirk(
        "7 Pages",
        "a fence whose YAML is escaped",
        "read",
        Text(
            "GET https://api.example.com/v1/things\n\n```yaml\nopenapi: 3.1.1\npaths:\n  /things:\n    get:\n      tags:\n        \\- a\n        \\- b: c\n```\n",
        ),
        Refused("escaped"),
    ),
    quirk(
        "7 Pages",
        "a fence of four marks around one of three",
        "-",
        Text(
            "GET https://api.example.com/v1/things\n\n````yaml\nopenapi: 3.1.1\ninfo: {title: T, version: endpoint_a.b}\npaths:\n  /things:\n    get:\n      operationId: b\n      description: |\n        ```json\n        {}\n        ```\n      responses: {'200': {description: OK}}\n````\n",
        ),
        Is("/paths/~1things/get/operationId", "b"),
    ),
    quirk(
        "7 Pages",
        "headings of other levels above the fence",
        "-",
        Text(
            "#### OpenAPI Specification\n\nGET https://api.example.com/v1/things\n\n**Examples:** Example 1 (yaml):\n\n```yaml\nopenapi: 3.1.1\ninfo: {title: T, version: endpoint_a.b}\npaths:\n  /things:\n    get: {operationId: b, responses: {'200': {description: OK}}}\n```\n",
        ),
        Is("/servers/0/url", "'https://api.example.com/v1'"),
    ),
    quirk(
        "8 Later dialect",
        "servers, a title, tags of packages in one string",
        "openapi-version",
        Text(
            "> For clean Markdown of any page, append .md to the page URL.\n\n# T\n\nGET https://api.example.com/v1/things\n\n```yaml\nopenapi: 3.1.0\ninfo: {title: API, version: 1.0.0}\nservers: [{url: 'https://api.example.com/v1'}]\npaths:\n  /things:\n    get:\n      operationId: list\n      tags: [subpackage_a.subpackage_a/b]\n      responses: {'200': {description: OK}}\n```\n",
        ),
        Is("/paths/~1things/get/tags", "[a/b]"),
    ),
    quirk(
        "8 Later dialect",
        "error bodies, dotted names, null among the types",
        "null-types",
        Text(
            "# T\n\nGET https://api.example.com/v1/things\n\n```yaml\nopenapi: 3.1.0\ninfo: {title: API, version: 1.0.0}\nservers: [{url: 'https://api.example.com/v1'}]\npaths:\n  /things:\n    get:\n      operationId: list\n      tags: [user]\n      responses: {'200': {description: OK}, '400': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/apidata.APIError'}}}}}\ncomponents:\n  schemas:\n    apidata.APIError: {type: object, title: APIError, properties: {message: {type: [string, 'null']}}}\n```\n",
        ),
        Is(
            "/components/schemas",
            "{apidata.APIError: {type: object, title: APIError, properties: {message: {type: string, nullable: true}}}}",
        ),
    ),
    quirk(
        "8 Later dialect",
        "a key that may be left out",
        "authorization-parameter",
        Operation(
            "parameters:\n        - {name: xi-api-key, in: header, required: false, schema: {type: string}}",
        ),
        Is("/paths/~1things~1{id}/get/security", "[{}, {xi-api-key: []}]"),
    ),
];

impl Page {
    fn text(&self) -> String {
        let operation = |members: &str, answers: &str| {
            let parameters =
                "        - {name: id, in: path, required: true, schema: {type: string}}";
            let members = match members.strip_prefix("parameters:\n") {
                Some(others) => format!("parameters:\n{others}\n{parameters}"),
                None => format!("{members}\n      parameters:\n{parameters}"),
            };
            format!(
                "openapi: 3.1.1\ninfo:\n  title: Get Thing\n  version: endpoint_things.get\npaths:\n  /things/{{id}}:\n    get:\n      operationId: get-thing-v-3\n      {members}\n      responses:\n        {answers}\n"
            )
        };
        let answer = |schema: &str| {
            format!(
                "'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}"
            )
        };
        let page = |yaml: &str| {
            let method = if yaml.contains("    delete:\n") { "DELETE" } else { "GET" };
            format!(
                "# Get Thing\n\n{method} https://api.example.com/v1/things/{{id}}\n\n```yaml\n{yaml}```\n"
            )
        };
        match self {
            Schema(schema) => page(&format!(
                "{}components:\n  schemas:\n    A: {schema}\n",
                operation("summary: Get", &answer("A"))
            )),
            Components(components) => {
                let (first, _) = components.rsplit_once("\n    ").unwrap_or((components, ""));
                let name = first.rsplit_once(": {").unwrap().0.trim_matches('\'');
                page(&format!(
                    "{}components:\n  schemas:\n    {components}\n",
                    operation("summary: Get", &answer(name))
                ))
            }
            Operation(members) => page(&operation(members, "'200': {description: OK}")),
            Answers(answers) => page(&operation("summary: Get", answers)),
            Yaml(yaml) => page(yaml),
            Text(text) => (*text).to_owned(),
        }
    }
}

/// The pages of the quirks that are not refused, by name.
pub(crate) fn accepted() -> impl Iterator<Item = (String, String)> {
    let accepted = QUIRKS.iter().filter(|quirk| !matches!(quirk.outcome, Refused(_)));
    accepted.map(|quirk| (format!("{}: {}", quirk.section, quirk.quirk), quirk.page.text()))
}

#[test]
fn every_quirk_of_the_catalogue_comes_out_as_the_table_says() {
    for Quirk { section, quirk, by, page, outcome } in QUIRKS {
        let name = format!("{section}: {quirk}");
        let text = page.text();
        let fixed = match (fix(&text), outcome) {
            (Ok(fixed), _) => fixed,
            (Err(findings), Refused(words)) => {
                let told = findings.iter().any(|finding| {
                    finding.problem.contains(words) && (finding.rule == *by || *by == "read")
                });
                assert!(told, "{name}: {findings:#?}");
                continue;
            }
            (Err(findings), _) => panic!("{name} is refused: {findings:#?}"),
        };
        assert_outcome(&name, &fixed, by, outcome);
    }
}

fn assert_outcome(name: &str, fixed: &Fixed, by: &str, outcome: &Outcome) {
    let found = |pointer: &str| fixed.document.pointer(pointer);
    match outcome {
        Is(pointer, expected) => {
            let expected: Value = yaml_serde::from_str(expected).unwrap();
            assert_eq!(found(pointer), Some(&expected), "{name}");
        }
        Gone(pointer) => assert_eq!(found(pointer), None, "{name}"),
        Warned(words) => {
            let warnings = &fixed.report.warnings;
            let told = warnings.iter().any(|one| one.problem.contains(words) && one.rule == by);
            assert!(told, "{name}: {warnings:#?}");
        }
        Refused(_) => panic!("{name} is accepted: {}", fixed.json),
    }
    assert!(by == "-" || times(fixed, by) > 0, "{name}: {by} did nothing\n{}", fixed.report);
}

/// How often a rule did something, as the report says.
fn times(fixed: &Fixed, rule: &str) -> usize {
    let report = fixed.report.to_string();
    let words = report.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = words.into_iter().find(|words| words[1] == rule);
    row.map_or(0, |words| words[2].parse().unwrap())
}

/// Prints the table for the note: `cargo test -p xtask --test dialect -- --nocapture table`.
#[test]
fn every_section_of_the_catalogue_is_in_the_table() {
    for number in 1..=8 {
        let of_section =
            QUIRKS.iter().filter(|quirk| quirk.section.starts_with(&number.to_string()));
        assert!(of_section.clone().count() > 0, "section {number}");
        for Quirk { section, quirk, by, outcome, .. } in of_section {
            let outcome = match outcome {
                Is(..) | Gone(_) if *by == "-" => "kept",
                Is(..) | Gone(_) => "repaired",
                Warned(_) => "warned",
                Refused(_) => "refused",
            };
            println!("| {section} | {quirk} | {by} | {outcome} |");
        }
    }
}
