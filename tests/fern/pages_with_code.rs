//! Pages whose texts would be code in documentation of Rust, in every place that a text has.
//! rustdoc itself is asked what it would run of the clients that are made of them.

use std::{fmt::Write as _, fs, path::Path};

use serde_json::{Map, Value, json};
use xtask::{
    pipeline::{Made, make},
    read::Sources,
};

use crate::clients;

/// What rustdoc takes for Rust, or might take for it.
const FORMS: &[&str] = &[
    "a\n\n```\nf();\n```\n",
    "a\n\n```rust\nf();\n```\n",
    "a\n\n```text,rust\nf();\n```\n",
    "a\n\n```{.x}\nf();\n```\n",
    "a\n\n```,rust\nf();\n```\n",
    "a\n\n```(c) rust\nf();\n```\n",
    "a\n\n```rust\tx\nf();\n```\n",
    "a\n\n```test_harness\n#[test] fn t() { f(); }\n```\n",
    "a\n\n```standalone_crate\nf();\n```\n",
    "a\n\n```ignore\nf();\n```\n",
    "a\n\n```no_run,edition2021\nf();\n```\n",
    "a\n\n```&#114;ust\nf();\n```\n",
    "a\n\n~~~ rust\nf();\n~~~\n",
    "a\n\n> ```\n> f();\n> ```\n",
    "a\n\n>     f();\n",
    "> > - ~~~\n> >   f();\n",
    "- a\n\n      f();\n",
    "-     f();\n",
    "1.     f();\n",
    "a\n\n \tf();\n",
    "a\n\n\tf();\n",
    "a\n\n    *(&mut ()) = { f(); };\n",
    "    f();\n",
    "- ```\n  f();\n  let _ = r#\"\n  ```\n  \"#;\n",
    "a\n\n~~~ x`y\n```\nf();\n~~~\n",
    "a\n\n````json\n```\n````\n\n> ~~~\n> f();\n> ~~~\n",
    "a\n\n```json\n    ```\n```\n\n    f();\n",
    "[^a]:\n    ```\n    f();\n    ```\n\n[^a]",
    "<div>\n\n```\nf();\n```\n</div>",
    "<details><summary>a</summary>\n\n    f();\n\n</details>",
    "<!-- a\n-->\n```\nf();\n```",
    "| a |\n|---|\n| b |\n\n    f();\n",
    "# a\n    f();\n",
    "a\n---\n    f();\n",
    "a\r\r```\rf();\r```\r",
    "a\u{2028}\u{2028}```\u{2028}f();\u{2028}```",
    "a\n\n\u{a0}   f();\n\n \u{a0}   f();\n",
    "a\u{0}\n\n```\nf();\u{202e}\n```",
    "*/ fn g() {} /**\n\n```\nf();\n```\n",
    "a\n```*/\n/// ```\nf();\n```",
    "\\\n\n```\nf();\n```",
    "```\nf();",
    "[a]: javascript:f() '\n\n    f();\n'\n[a] [b](fn@f) [c](mod@f) [f] [u8]",
    "<script>\nf();\n</script>\n![](https://a.example/b.png)",
    "\"]\n#![doc = \"```\nf();\n```\"]",
];

/// A document with an operation and its schemas for each text, with each text once in every
/// position of a document.
fn document(texts: &[&str]) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    let mut tags = Vec::new();
    for index in 0..texts.len() {
        let mut place = index;
        let mut text = || {
            place += 1;
            texts[place % texts.len()]
        };
        let tag = format!("t{index}{}", text());
        tags.push(json!({"name": tag, "description": text()}));
        let name = format!("S{index}{}", text());
        let reference = name.replace('~', "~0").replace('/', "~1").replace('%', "%25");
        let property = json!({
            "type": "string",
            "title": text(),
            "description": text(),
            "default": text(),
            "example": text(),
            "x-note": text(),
        });
        let schema = json!({
            "type": "object",
            "title": text(),
            "description": text(),
            "properties": {
                format!("a{}", text()): property,
                "b": {"type": "string", "enum": ["x", text()], "description": text()},
                "c": {"type": "string", "pattern": text()},
            },
        });
        schemas.insert(name, schema);
        let reference = json!({"$ref": format!("#/components/schemas/{reference}")});
        let content = json!({"application/json": {"schema": reference}});
        let operation = json!({
            "operationId": format!("post-p{index}{}", text()),
            "tags": [tag],
            "summary": text(),
            "description": text(),
            "externalDocs": {"url": "https://a.example", "description": text()},
            "parameters": [{
                "name": format!("q{}", text()),
                "in": "query",
                "description": text(),
                "schema": {"type": "string"},
            }],
            "requestBody": {"description": text(), "content": content},
            "responses": {"200": {"description": text(), "content": content}},
        });
        // Braces would be variables.
        let path = format!("/p{index}{}", text()).replace(['{', '}'], "");
        paths.insert(path, json!({"summary": text(), "post": operation}));
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "tags": tags,
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

/// A document with a schema of many properties, each described by a text.
fn properties(texts: &[String]) -> Value {
    let property = |text: &String| json!({"type": "string", "description": text});
    let properties: Map<String, Value> =
        (0..).zip(texts).map(|(index, text)| (format!("p{index}"), property(text))).collect();
    let schema = json!({"type": "object", "properties": properties});
    let content = json!({"application/json": {"schema": schema}});
    let response = json!({"200": {"description": "OK", "content": content}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "get-a", "responses": response}}},
    })
}

/// What is made of a document.
fn made(name: &str, document: &Value) -> Made {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let manifest = folder.path().join("regen.toml");
    fs::write(&manifest, manifest_of(name)).unwrap();
    let mut sources = Sources::default();
    make(&mut sources, &manifest, "cargo xtask regen").unwrap_or_else(|findings| {
        let lines: Vec<String> =
            findings.iter().map(|finding| finding.display(&sources).to_string()).collect();
        panic!("{name} is not accepted:\n{}", lines.join("\n"))
    })
}

fn manifest_of(name: &str) -> String {
    let mut text = String::from(
        "[document]\ntitle = \"A\"\nversion = \"1\"\n\n[[source]]\nfile = \"api.json\"\n\n[wording]\nx-note = \"{}\"\n\n[output]\ndocument = \"document.json\"\n",
    );
    text += "client = \"client\"\n";
    writeln!(
        text,
        "\n[client]\nlibrary = \"::prolific_api\"\nmodule = \"crate::{name}::client\"\nruntime = \"crate::{name}::runtime\""
    )
    .unwrap();
    text
}

/// Texts of what Markdown is made of, at random, but the same each time.
fn random_texts(count: usize) -> Vec<String> {
    const PARTS: [&str; 30] = [
        "\n", "\n\n", "\n    ", "    ", "\t", " ", "```", "~~~", "````", "\n> ", "\n- ", "\n1. ",
        "rust", "text", "<div>", "</div>", "<!--", "-->", "[", "](", ")", "[^a]:", "# ", "---",
        "|", "\\", "\r", "*/", "f();", "a",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let mut text = || (0..24).map(|_| PARTS[random(PARTS.len())]).collect();
    (0..count).map(|_| text()).collect()
}

/// The tests that rustdoc finds in a package, as `file - item (line): test`.
fn tests_of(folder: &Path, package: &str) -> Vec<String> {
    let package = format!("fern-{package}");
    let list = ["rustdoc", "--package", &package, "--", "--test", "--test-args", "--list"];
    let printed = clients::cargo(folder, &list);
    printed.lines().filter(|line| line.ends_with(": test")).map(str::to_owned).collect()
}

#[test]
fn rustdoc_finds_no_test_in_what_is_made_of_pages_with_code() {
    let forms = made("forms", &document(FORMS));
    let random = made("random", &properties(&random_texts(2000)));
    let modules = vec![("forms".to_owned(), &forms), ("random".to_owned(), &random)];
    let folder = clients::write("pages_with_code", &[("hostile", modules)]);
    clients::cargo(&folder, &["check"]);
    let mut tests = tests_of(&folder, "hostile");
    // The examples of the runtime are written by hand.
    tests.retain(|test| !test.contains("/prolific-api/src/runtime/"));
    assert_eq!(tests, Vec::<String>::new());
}

/// Without this the test above would hold if rustdoc were asked wrongly.
#[test]
fn rustdoc_finds_these_tests_where_the_forms_are_not_made_inert() {
    let folder = clients::write("raw_forms", &[("raw", Vec::new())]);
    let mut library = String::new();
    for (index, form) in FORMS.iter().enumerate() {
        writeln!(library, "#[doc = {form:?}]\npub struct S{index};").unwrap();
    }
    fs::write(folder.join("raw/src/lib.rs"), library).unwrap();
    let found = tests_of(&folder, "raw");
    assert!(found.len() > FORMS.len() / 2, "{found:#?}");
}
