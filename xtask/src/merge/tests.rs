use serde_json::{Value, json};

use super::{Difference, DifferenceKind, follow, pass::DocumentedSource};
use crate::{
    document::{Node, Place},
    read::{Sources, read},
};

const HEAD: &str =
    "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://h'}]\n";

struct Merged {
    document: Value,
    differences: Vec<Difference>,
}

impl Merged {
    fn schema(&self, name: &str) -> &Value {
        &self.document["components"]["schemas"][name]
    }

    fn names(&self) -> Vec<&str> {
        let schemas = self.document["components"]["schemas"].as_object();
        schemas.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }

    fn told(&self, kind: DifferenceKind) -> Vec<String> {
        let told = self.differences.iter().filter(|difference| difference.kind == kind);
        told.map(|difference| format!("{}: {}", difference.subject, difference.problem)).collect()
    }
}

/// Documented sources, whether they document the whole API, and the facts.
fn merged(documented: &[(&str, bool)], facts: &str) -> Merged {
    let mut sources = Sources::default();
    let mut node = |text: &str| {
        let id = sources.add("source", format!("{HEAD}{text}"));
        read(&sources, id).unwrap().node
    };
    let documented = documented.iter().map(|(text, is_complete)| DocumentedSource {
        document: node(text),
        is_complete: *is_complete,
    });
    let documented = documented.collect();
    let facts = node(facts);
    let info = Node::object(Place::default(), [("title", Node::string(Place::default(), "T"))]);
    let (document, differences) = follow(info, documented, &facts).unwrap();
    Merged { document: serde_json::to_value(&document).unwrap(), differences }
}

/// `GET /things`, whose 200 has a schema.
fn things(schema: &str, components: &str) -> String {
    let components = match components {
        "" => String::new(),
        components => format!("components:\n  schemas:\n{components}"),
    };
    format!(
        "paths:\n  /things:\n    get:\n      operationId: list-things\n      x-retry: safe\n      responses:\n        '200':\n          description: Things.\n          content:\n            application/json:\n              schema: {schema}\n{components}"
    )
}

const THING: &str = "{$ref: '#/components/schemas/Thing'}";

#[test]
fn what_is_documented_wins_and_the_facts_name_and_annotate_it() {
    let documented = things(
        "{$ref: '#/components/schemas/Get_Response_200'}",
        "    Get_Response_200: {type: object, properties: {state: {$ref: '#/components/schemas/Get_State'}, size: {type: integer, description: Theirs.}}}\n    Get_State: {type: string, enum: [NEW, READY]}\n",
    );
    let facts = things(
        THING,
        "    Thing: {type: object, description: A thing., properties: {state: {allOf: [{$ref: '#/components/schemas/State'}], description: How it is.}, size: {type: number, x-unit: pence}}}\n    State: {type: string, enum: [READY, OLD], x-terminal: [READY]}\n",
    );
    let merged = merged(&[(&documented, false)], &facts);
    assert_eq!(merged.names(), ["State", "Thing"]);
    assert_eq!(
        *merged.schema("Thing"),
        json!({
            "type": "object",
            "description": "A thing.",
            "properties": {
                "state": {
                    "allOf": [{ "$ref": "#/components/schemas/State" }],
                    "description": "How it is.",
                },
                "size": { "type": "integer", "x-unit": "pence", "description": "Theirs." },
            },
        })
    );
    assert_eq!(
        *merged.schema("State"),
        json!({ "type": "string", "enum": ["READY", "NEW"], "x-terminal": ["READY"] })
    );
    assert_eq!(merged.document["paths"]["/things"]["get"]["x-retry"], "safe");
    assert_eq!(
        merged.told(DifferenceKind::Followed),
        [
            "State: the value NEW is documented, but not in the facts",
            "State: the value OLD is in the facts, but not documented",
            "Thing.size: documented as integer, but number in the facts",
        ]
    );
}

#[test]
fn what_the_facts_know_from_elsewhere_stays_and_the_rest_goes() {
    let documented = things(THING, "    Thing: {type: object, properties: {a: {type: string}}}\n");
    let facts = things(
        THING,
        "    Thing:\n      type: object\n      properties:\n        a: {type: string}\n        seen: {type: string, x-source: cli}\n        gone: {type: string, x-unit: pence}\n",
    );
    let merged = merged(&[(&documented, false)], &facts);
    let properties = merged.schema("Thing")["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["a", "seen"]);
    assert_eq!(
        merged.told(DifferenceKind::Followed),
        ["Thing.gone: in the facts, but not documented"]
    );
    assert_eq!(
        merged.told(DifferenceKind::AboutNothing),
        ["Thing.gone: `x-unit` refers to something that is not documented"]
    );
}

#[test]
fn a_value_that_the_facts_know_from_elsewhere_stays() {
    let documented = things("{type: string, enum: [A]}", "");
    let facts = things("{type: string, enum: [A, B], x-value-source: {B: cli}}", "");
    let merged = merged(&[(&documented, false)], &facts);
    let schema = &merged.document["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    assert_eq!(schema["enum"], json!(["A", "B"]));
    assert_eq!(merged.differences, []);
}

#[test]
fn copies_that_one_type_can_say_are_united() {
    let documented = things(
        "{type: object, properties: {one: {$ref: '#/components/schemas/One'}, two: {$ref: '#/components/schemas/Two'}}}",
        "    One: {type: object, required: [id], properties: {id: {type: string}, state: {type: string, enum: [A]}}}\n    Two: {type: object, properties: {id: {type: string}, state: {type: string, enum: [B]}, more: {type: integer}}}\n",
    );
    let facts = things(
        "{type: object, properties: {one: {$ref: '#/components/schemas/Thing'}, two: {$ref: '#/components/schemas/Thing'}}}",
        "    Thing: {type: object, required: [id], properties: {id: {type: string}, state: {type: string, enum: [A, B]}, more: {type: integer}}}\n",
    );
    let merged = merged(&[(&documented, false)], &facts);
    assert_eq!(merged.names(), ["Thing"]);
    let thing = merged.schema("Thing");
    assert_eq!(thing["properties"]["state"]["enum"], json!(["A", "B"]));
    assert_eq!(thing["required"], Value::Null);
    assert!(thing["properties"]["more"].is_object());
    // What another copy has is not said to be undocumented.
    assert_eq!(
        merged.told(DifferenceKind::Followed),
        ["Thing.id: required, but documented as optional"]
    );
    let copies = merged.told(DifferenceKind::Copies);
    assert_eq!(copies.len(), 1);
    assert!(copies[0].contains("`state` has B, A in some of them"), "{copies:?}");
    assert!(copies[0].contains("`more` exists in some of them"), "{copies:?}");
}

#[test]
fn copies_that_no_one_type_can_say_are_kept_apart_and_told() {
    let documented = things(
        "{type: object, properties: {one: {$ref: '#/components/schemas/One'}, two: {$ref: '#/components/schemas/Two'}, three: {$ref: '#/components/schemas/Three'}}}",
        "    One: {type: object, properties: {id: {type: string}}}\n    Two: {type: object, properties: {id: {type: array, items: {type: string}}}}\n    Three: {type: object, properties: {id: {type: string}, b: {type: string}}}\n",
    );
    let facts = things(
        "{type: object, properties: {one: {$ref: '#/components/schemas/Thing'}, two: {$ref: '#/components/schemas/Thing'}, three: {$ref: '#/components/schemas/Thing'}}}",
        "    Thing: {type: object, properties: {id: {type: string}, b: {type: string}}}\n",
    );
    let merged = merged(&[(&documented, false)], &facts);
    assert_eq!(merged.names(), ["Thing", "Two"]);
    assert_eq!(
        merged.told(DifferenceKind::Apart),
        ["Thing: documented in a way that `Thing` can't express: it is named `Two`"]
    );
    let schema = &merged.document["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    assert_eq!(schema["properties"]["two"], json!({ "$ref": "#/components/schemas/Two" }));
}

#[test]
fn one_documented_schema_in_places_of_two_names_becomes_both() {
    let documented = things(
        "{type: object, properties: {one: {$ref: '#/components/schemas/Any'}, two: {$ref: '#/components/schemas/Any'}}}",
        "    Any: {type: object, properties: {id: {type: string}}}\n",
    );
    let facts = things(
        "{type: object, properties: {one: {$ref: '#/components/schemas/One'}, two: {$ref: '#/components/schemas/Two'}}}",
        "    One: {type: object, properties: {id: {type: string}}}\n    Two: {type: object, properties: {id: {type: string}}}\n",
    );
    let merged = merged(&[(&documented, false)], &facts);
    assert_eq!(merged.names(), ["One", "Two"]);
    assert_eq!(
        merged.told(DifferenceKind::Names),
        ["Any: is used where the facts have One and Two"]
    );
}

#[test]
fn a_correction_of_the_facts_stands() {
    let documented = things("{type: object, properties: {code: {type: string, enum: [A]}}}", "");
    let facts = things(
        "{type: object, properties: {code: {type: string, x-corrects: Any text is taken.}}}",
        "",
    );
    let merged = merged(&[(&documented, false)], &facts);
    let schema = &merged.document["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    assert_eq!(schema["properties"]["code"]["enum"], Value::Null);
    assert_eq!(merged.told(DifferenceKind::Followed), Vec::<String>::new());
    assert_eq!(
        merged.told(DifferenceKind::Corrected),
        ["list-things 200.code: Any text is taken."]
    );
}

#[test]
fn a_correction_of_what_the_documentation_says_too_is_told() {
    let schema = "{type: object, properties: {code: {type: string}}}";
    let facts = things(
        "{type: object, properties: {code: {type: string, x-corrects: Documented as a list.}}}",
        "",
    );
    let merged = merged(&[(&things(schema, ""), false)], &facts);
    assert_eq!(
        merged.told(DifferenceKind::AboutNothing),
        ["list-things 200.code: `x-corrects` corrects nothing: the documentation says the same"]
    );
}

#[test]
fn an_operation_is_one_whatever_its_variables_are_called() {
    let documented = "paths:\n  /a/{thing_id}:\n    delete:\n      operationId: things_Delete\n      tags: [things]\n      parameters: [{name: thing_id, in: path, required: true, schema: {type: string}}]\n      responses: {'204': {description: Done.}}\n";
    let facts = "paths:\n  /a/{id}:\n    delete:\n      operationId: delete-thing\n      tags: [stuff]\n      x-retry: idempotent\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {'204': {description: Done.}}\n";
    let merged = merged(&[(documented, false)], facts);
    let operation = &merged.document["paths"]["/a/{id}"]["delete"];
    assert_eq!(operation["operationId"], "delete-thing");
    assert_eq!(operation["tags"], json!(["stuff"]));
    assert_eq!(operation["parameters"][0]["name"], "id");
    assert_eq!(merged.differences, []);
}

/// `METHOD /path` of an operation without a body.
fn operation(path: &str, more: &str) -> String {
    format!(
        "  {path}:\n    get: {{operationId: 'get{path}'{more}, responses: {{'204': {{description: Done.}}}}}}\n"
    )
}

#[test]
fn what_the_whole_document_lacks_is_out_unless_the_facts_know_it_from_elsewhere() {
    let documented = format!("paths:\n{}{}", operation("/a", ""), operation("/old", ""));
    let facts = format!(
        "x-removed: {{GET /old: Since spring.}}\npaths:\n{}{}{}",
        operation("/a", ""),
        operation("/seen", ", x-source: cli"),
        operation("/b", "")
    );
    let whole = merged(&[(&documented, true)], &facts);
    let paths = |merged: &Merged| {
        merged.document["paths"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(paths(&whole), ["/a", "/seen"]);
    assert_eq!(
        whole.told(DifferenceKind::Gone),
        ["get/b: the document of the whole API no longer has it, and the facts name no other \
          source"]
    );
    assert_eq!(whole.told(DifferenceKind::Removed).len(), 1);
    let page = merged(&[(&documented, false)], &facts);
    assert_eq!(paths(&page), ["/a", "/b", "/seen"]);
}

#[test]
fn the_first_documented_source_is_followed_and_the_others_are_compared() {
    let first = things("{type: object, properties: {a: {type: string}}}", "");
    let second = things("{type: object, properties: {a: {type: integer}, b: {type: string}}}", "");
    let facts = things("{type: object, properties: {a: {type: string}}}", "");
    let merged = merged(&[(&first, true), (&second, false)], &facts);
    let schema = &merged.document["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    assert_eq!(schema["properties"], json!({ "a": { "type": "string" } }));
    assert_eq!(
        merged.told(DifferenceKind::Covered),
        [
            "list-things 200.a: documented as text, but an integer in the page",
            "list-things 200.b: in the page, but not documented",
        ]
    );
}

#[test]
fn a_request_takes_the_documented_requirements_and_a_response_those_that_both_have() {
    let schema = "{type: object, required: [a], properties: {a: {type: string}}}";
    let of_facts = "{type: object, properties: {a: {type: string}}}";
    let operation = |schema: &str| {
        format!(
            "paths:\n  /things:\n    post:\n      operationId: make-thing\n      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n      responses: {{'200': {{description: Made., content: {{application/json: {{schema: {schema}}}}}}}}}\n"
        )
    };
    let merged = merged(&[(&operation(schema), false)], &operation(of_facts));
    let post = &merged.document["paths"]["/things"]["post"];
    let sent = &post["requestBody"]["content"]["application/json"]["schema"];
    let received = &post["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!((&sent["required"], &received["required"]), (&json!(["a"]), &Value::Null));
}

#[test]
fn a_new_operation_keeps_documented_names_and_none_that_the_facts_have_for_something_else() {
    let documented = things(
        "{type: object, properties: {message: {$ref: '#/components/schemas/Message'}, other: {$ref: '#/components/schemas/Other'}}}",
        "    Message: {type: object, properties: {text: {type: string}, next: {$ref: '#/components/schemas/Message'}}}\n    Other: {type: object, properties: {a: {type: string}}}\n",
    );
    let facts = "paths:\n  /messages:\n    get:\n      operationId: list-messages\n      responses: {'200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}}}\ncomponents:\n  schemas:\n    Message: {type: object, properties: {id: {type: integer}}}\n";
    let merged = merged(&[(&documented, false)], facts);
    assert_eq!(merged.names(), ["DocumentedMessage", "Message", "Other"]);
    assert_eq!(
        merged.schema("DocumentedMessage")["properties"]["next"],
        json!({ "$ref": "#/components/schemas/DocumentedMessage" })
    );
    assert_eq!(merged.schema("Message")["properties"], json!({ "id": { "type": "integer" } }));
}

#[test]
fn schemas_that_hold_themselves_come_to_an_end() {
    let tree = "    Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}\n";
    let of_facts = "{type: object, properties: {children: {type: array, items: {type: object, properties: {children: {type: array}}}}}}";
    let merged = merged(
        &[(&things("{$ref: '#/components/schemas/Tree'}", tree), false)],
        &things(of_facts, ""),
    );
    assert_eq!(merged.schema("Tree")["properties"]["children"]["type"], "array");
}

#[test]
fn names_settle_however_deep_the_schemas_are_that_can_not_share_one() {
    let chain = |prefix: &str, last: &str| {
        let links = (0..12).map(|level| {
            format!("    {prefix}{level}: {{type: object, properties: {{n: {{$ref: '#/components/schemas/{prefix}{}'}}}}}}\n", level + 1)
        });
        links.collect::<String>()
            + &format!("    {prefix}12: {{type: object, properties: {{x: {last}}}}}\n")
    };
    let both = |one: &str, other: &str| {
        format!(
            "{{type: object, properties: {{a: {{$ref: '#/components/schemas/{one}0'}}, b: {{$ref: '#/components/schemas/{other}0'}}}}}}"
        )
    };
    let components =
        chain("A", "{type: string}") + &chain("B", "{type: array, items: {type: integer}}");
    let merged = merged(
        &[(&things(&both("A", "B"), &components), false)],
        &things(&both("L", "L"), &chain("L", "{type: string}")),
    );
    assert_eq!(merged.schema("L12")["properties"]["x"]["type"], "string");
    assert_eq!(merged.schema("B12")["properties"]["x"]["type"], "array");
    assert_eq!(merged.schema("B0")["properties"]["n"]["$ref"], "#/components/schemas/B1");
}

#[test]
fn parts_that_compositions_share_are_looked_at_once() {
    let levels = (0..30).map(|level| {
        let part = format!("{{$ref: '#/components/schemas/L{}'}}", level + 1);
        format!("    L{level}: {{allOf: [{part}, {part}, {part}, {part}]}}\n")
    });
    let components = levels.collect::<String>()
        + "    L30: {type: object, properties: {size: {type: integer}}}\n";
    let merged = merged(
        &[(&things("{$ref: '#/components/schemas/L0'}", &components), false)],
        &things(THING, "    Thing: {type: object, properties: {size: {type: string}}}\n"),
    );
    assert_eq!(merged.schema("Thing")["properties"]["size"]["type"], "integer");
}

#[test]
fn a_composition_that_is_no_object_is_followed_and_told() {
    let of_facts = things(
        "{type: object, properties: {cost: {type: object, properties: {a: {type: string}}}}}",
        "",
    );
    let texts = "{type: object, properties: {cost: {allOf: [{type: string}, {type: string, maxLength: 5}]}}}";
    let merged = merged(&[(&things(texts, ""), false)], &of_facts);
    assert_eq!(
        merged.told(DifferenceKind::Followed),
        ["list-things 200.cost: documented as a composition, but an object in the facts"]
    );
    let schema = &merged.document["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    assert_eq!(schema["properties"]["cost"]["allOf"][1]["maxLength"], 5);
}

#[test]
fn a_server_with_a_base_path_makes_no_other_operations() {
    let documented = things("{type: string}", "").replace("/things", "/");
    let documented = format!("x: y\n{documented}");
    let facts = things("{type: string}", "").replace("/things:", "/v1/:");
    let mut sources = Sources::default();
    let mut node = |text: String| {
        let id = sources.add("source", text);
        read(&sources, id).unwrap().node
    };
    let head = HEAD.replace("https://h", "https://h/v1");
    let document = node(format!("{head}{documented}"));
    let facts = node(format!("{HEAD}{facts}"));
    let info = Node::object(Place::default(), []);
    let documented = vec![DocumentedSource { document, is_complete: true }];
    let (document, differences) = follow(info, documented, &facts).unwrap();
    let document = serde_json::to_value(&document).unwrap();
    assert_eq!(document["paths"]["/v1/"]["get"]["operationId"], "list-things");
    assert_eq!(differences, []);
}

#[test]
fn servers_that_the_facts_do_not_have_are_told_and_not_used() {
    let mut sources = Sources::default();
    let mut node = |head: &str| {
        let id = sources.add("source", format!("{head}{}", things("{type: string}", "")));
        read(&sources, id).unwrap().node
    };
    let document = node(&HEAD.replace("https://h", "https://evil.example"));
    let facts = node(HEAD);
    let documented = vec![DocumentedSource { document, is_complete: false }];
    let info = Node::object(Place::default(), []);
    let (document, differences) = follow(info, documented, &facts).unwrap();
    assert_eq!(serde_json::to_value(&document).unwrap()["servers"][0]["url"], "https://h");
    let kinds: Vec<_> = differences.iter().map(|difference| difference.kind).collect();
    assert_eq!(kinds, [DifferenceKind::Servers]);
}

#[test]
fn a_removal_ends_where_a_part_of_a_path_ends() {
    let documented = format!("paths:\n{}{}", operation("/user", ""), operation("/users", ""));
    let facts = "x-removed: {/user: Gone.}\npaths: {}\n";
    let merged = merged(&[(&documented, true)], facts);
    let paths: Vec<_> = merged.document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/users"]);
}

#[test]
fn another_status_and_another_media_type_are_told() {
    let documented = things("{type: string}", "")
        .replace("'200'", "'201'")
        .replace("application/json", "text/csv");
    let merged = merged(&[(&documented, false)], &things("{type: string}", ""));
    assert_eq!(
        merged.told(DifferenceKind::Followed),
        [
            "list-things 201: documented as 201, but 200 in the facts",
            "list-things 201: the media type application/json is in the facts, but not documented",
            "list-things 201: the media type text/csv is documented, but not in the facts",
        ]
    );
}

/// `GET /things` with this security, in a source with different default security.
fn secured(of_source: &str, of_operation: &str) -> String {
    let operation = things("{type: object}", "");
    let operation =
        operation.replace("      x-retry", &format!("      {of_operation}\n      x-retry"));
    format!(
        "{of_source}\n{operation}components: {{securitySchemes: {{token: {{type: apiKey, in: header, name: Authorization}}}}}}\n"
    )
}

#[test]
fn an_operation_that_only_one_of_the_two_has_open_to_everybody_is_told() {
    const NEEDED: &str = "security: [{token: []}]";
    for (documented, facts, told) in [
        (("", "security: []"), ("", NEEDED), Some("documented as public")),
        (("", "security: [{}]"), ("", NEEDED), Some("documented as public")),
        (("", "security: [{token: []}, {}]"), (NEEDED, ""), Some("documented as public")),
        (("security: []", ""), (NEEDED, ""), Some("documented as public")),
        ((NEEDED, "security: []"), (NEEDED, ""), Some("documented as public")),
        ((NEEDED, ""), ("", "security: []"), Some("documented as requiring")),
        (("", NEEDED), ("", ""), Some("documented as requiring")),
        (("", NEEDED), (NEEDED, ""), None),
        (("", "security: [{other: []}]"), (NEEDED, ""), None),
        (("", ""), ("", NEEDED), None),
        (("", "security: []"), ("", "security: []"), None),
        (("", "security: []"), ("", ""), None),
    ] {
        let page = secured(documented.0, documented.1);
        let merged = merged(&[(&page, false)], &secured(facts.0, facts.1));
        let found = merged.told(DifferenceKind::Security);
        assert_eq!(found.len(), usize::from(told.is_some()), "{documented:?} {facts:?}: {found:?}");
        assert!(told.is_none_or(|words| found[0].contains(words)), "{found:?}");
    }
}
