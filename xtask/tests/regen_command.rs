//! `cargo xtask regen` as a person runs it, on an API that is not Prolific's.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

const MANIFEST: &str = "\
[document]
title = \"Things\"
version = \"2.0.0\"

[[source]]
file = \"pages/get-thing.md\"

[security.key]
type = \"apiKey\"
in = \"header\"
name = \"Authorization\"

[names]
\"Things_get_Response_200\" = \"Thing\"

[output]
document = \"things.json\"
client = \"../client/src\"
";

const PAGE: &str = "\
# Get Thing

GET https://things.example/v1/things/{id}

```yaml
openapi: 3.1.1
info:
  title: Get Thing
  version: endpoint_things.get
paths:
  /v1/things/{id}:
    get:
      operationId: get-thing
      tags:
        - - subpackage_things
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Things_get_Response_200'}
components:
  schemas:
    Things_get_Response_200:
      type: object
      properties:
        colour: {$ref: '#/components/schemas/Colour'}
    Colour:
      type: string
      enum:
        - value: red
        - value: green
```
";

const OUTPUTS: [&str; 5] = [
    "openapi/things.json",
    "client/src/mod.rs",
    "client/src/httpmock.rs",
    "client/src/resources/shared.rs",
    "client/src/resources/things.rs",
];

/// A project with one page.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("openapi/pages")).unwrap();
    fs::write(folder.path().join("openapi/regen.toml"), MANIFEST).unwrap();
    fs::write(folder.path().join("openapi/pages/get-thing.md"), PAGE).unwrap();
    folder
}

fn regen(project: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["regen", "--manifest", "openapi/regen.toml", "--report", "short"])
        .args(arguments)
        .current_dir(project)
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn edit(project: &Path, file: &str, from: &str, to: &str) {
    let path = project.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replace(from, to)).unwrap();
}

fn outputs(project: &Path) -> Vec<Option<String>> {
    OUTPUTS.iter().map(|file| fs::read_to_string(project.join(file)).ok()).collect()
}

#[test]
fn any_manifest_makes_its_document_client_and_mocks() {
    let project = project();
    let output = regen(project.path(), &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    insta::assert_snapshot!("report_of_regen", stderr(&output));

    let files = outputs(project.path());
    let [Some(document), Some(index), Some(httpmock), Some(shared), Some(things)] = &files[..]
    else {
        panic!("{files:?}");
    };
    let command = "cargo xtask regen --manifest regen.toml";
    for file in [document, index, httpmock, shared, things] {
        assert!(file.lines().next().unwrap().contains(command), "{file}");
        assert!(!file.to_lowercase().contains("prolific"), "something is hard-wired");
    }
    assert!(things.contains("pub enum Colour") && httpmock.contains("pub trait MockServerExt"));
}

#[test]
fn the_table_of_operations_says_what_the_client_makes_of_an_answer() {
    let json = "            application/json:\n              schema: {$ref: '#/components/schemas/Things_get_Response_200'}\n";
    let csv = "            text/csv:\n              schema: {type: string}\n";
    for (content, calls) in [(json, "self.0.json()"), (csv, "self.0.bytes()")] {
        let project = project();
        edit(project.path(), "openapi/pages/get-thing.md", json, content);
        let output = regen(project.path(), &[]);
        assert!(output.status.success(), "{}", stderr(&output));
        let things = outputs(project.path())[4].clone().unwrap();
        assert!(things.contains(calls), "{things}");
        assert_eq!(things.contains("answer: AnswerKind::Bytes,"), content == csv, "{things}");
        assert!(things.contains("success: &[200u16],"), "{things}");
    }
}

#[test]
fn operations_run_on_the_module_that_the_manifest_names() {
    let project = project();
    let manifest = "[client]\nruntime = \"crate::api::runtime\"\n\n[output]";
    edit(project.path(), "openapi/regen.toml", "[output]", manifest);
    let output = regen(project.path(), &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let index = outputs(project.path())[1].clone().unwrap();
    assert!(index.contains("use crate::api::runtime as runtime;"), "{index}");
}

#[test]
fn two_runs_give_the_same_bytes_and_the_second_changes_nothing() {
    let project = project();
    regen(project.path(), &[]);
    let first = outputs(project.path());
    let again = regen(project.path(), &[]);
    assert_eq!(outputs(project.path()), first);
    assert!(stderr(&again).contains("unchanged openapi/things.json"), "{}", stderr(&again));
    assert!(!stderr(&again).contains("wrote "), "{}", stderr(&again));
}

#[test]
fn check_writes_nothing_and_names_what_is_missing_or_stale_and_the_command() {
    let project = project();
    let missing = regen(project.path(), &["--check"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("missing   openapi/things.json"), "{}", stderr(&missing));
    assert_eq!(outputs(project.path()), [const { None }; 5]);

    regen(project.path(), &[]);
    let current = regen(project.path(), &["--check"]);
    assert!(current.status.success());
    assert_eq!(stderr(&current), "no errors, no warnings, 5 files unchanged\n");

    let before = outputs(project.path());
    edit(project.path(), "openapi/pages/get-thing.md", "value: green", "value: blue");
    let stale = regen(project.path(), &["--check"]);
    let text = stderr(&stale);
    assert_eq!(stale.status.code(), Some(1));
    // A change of a resource is one of its file and of the digests.
    for (file, is_stale) in OUTPUTS.into_iter().zip([true, true, false, false, true]) {
        assert_eq!(text.contains(&format!("stale     {file}\n")), is_stale, "{text}");
    }
    assert!(
        text.contains("-          \"green\"") && text.contains("+          \"blue\""),
        "{text}"
    );
    assert!(
        text.ends_with(
            "next: run `cargo xtask regen --manifest openapi/regen.toml`, and commit \
                            the 3 files that it changes\n"
        ),
        "{text}"
    );
    assert_eq!(outputs(project.path()), before);

    regen(project.path(), &[]);
    assert!(outputs(project.path())[4].as_ref().unwrap().contains("\"blue\""));
}

#[test]
fn obsolete_files_are_reported_and_removed() {
    let project = project();
    regen(project.path(), &[]);
    let things = project.path().join(OUTPUTS[4]);
    let (gone, own) = (things.with_file_name("gone.rs"), things.with_file_name("own.rs"));
    fs::copy(&things, &gone).unwrap();
    fs::write(&own, "//! Somebody's own.\n").unwrap();
    let check = regen(project.path(), &["--check"]);
    assert_eq!(check.status.code(), Some(1));
    let told = "obsolete  client/src/resources/gone.rs\n";
    assert!(stderr(&check).contains(told), "{}", stderr(&check));
    assert!(stderr(&check).contains("1 file obsolete"), "{}", stderr(&check));
    assert!(gone.exists());
    let written = regen(project.path(), &[]);
    assert!(stderr(&written).contains("removed   client/src/resources/gone.rs\n"));
    assert!(!gone.exists() && own.exists());
    assert!(regen(project.path(), &["--check"]).status.success());
}

#[test]
fn a_json_report_has_the_files_and_the_errors_in_one_document() {
    let project = project();
    let regen_json = |arguments: &[&str]| -> serde_json::Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["regen", "--manifest", "openapi/regen.toml", "--report", "json"]);
        let output = command.args(arguments).current_dir(project.path()).output().unwrap();
        serde_json::from_slice(&output.stderr).unwrap()
    };
    let told = regen_json(&[]);
    assert_eq!(told["outcome"], "accepted");
    assert_eq!(
        told["files"][0],
        serde_json::json!({"path": "openapi/things.json", "state": "written", "diff": null})
    );
    let rules = told["rules"].as_array().unwrap();
    let enums = rules.iter().find(|rule| rule["name"] == "enum-values").unwrap();
    let expected = serde_json::json!({"stage": "repair", "name": "enum-values", "count": 2, "changes": ["red", "green"]});
    assert_eq!(*enums, expected);

    edit(project.path(), "openapi/pages/get-thing.md", "value: green", "value: blue");
    let told = regen_json(&["--check"]);
    assert_eq!((&told["outcome"], &told["files"][0]["state"]), (&"stale".into(), &"stale".into()));
    assert!(told["files"][0]["diff"].as_str().unwrap().contains("blue"), "{told}");

    edit(project.path(), "openapi/pages/get-thing.md", "schemas/Colour'", "schemas/Color'");
    let told = regen_json(&[]);
    assert_eq!(told["outcome"], "refused");
    let expected = serde_json::json!({
        "level": "error", "rule": "references", "file": "openapi/pages/get-thing.md",
        "line": 30, "column": 24, "pointer": "/components/schemas/Thing/properties/colour/$ref",
        "operation": null, "problem": "`#/components/schemas/Color` does not exist",
        "remedy": "define it, or correct the reference",
    });
    assert_eq!(told["findings"], serde_json::json!([expected]));
}

#[test]
fn a_source_may_hold_many_pages() {
    let project = project();
    let other = PAGE.replace("/v1/things/", "/v1/parts/").replace("get-thing", "get-part");
    let other = other.replace("endpoint_things", "endpoint_parts");
    let path = project.path().join("openapi/pages/get-thing.md");
    fs::write(path, format!("{PAGE}\n{other}")).unwrap();
    let output = regen(project.path(), &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document = fs::read_to_string(project.path().join("openapi/things.json")).unwrap();
    for path in ["/v1/things/{id}", "/v1/parts/{id}"] {
        assert!(document.contains(&format!("\"{path}\"")), "{document}");
    }
}

#[test]
fn a_document_that_was_generated_before_is_marked_once() {
    let project = project();
    let page = "openapi/pages/get-thing.md";
    edit(project.path(), page, "openapi: 3.1.1", "openapi: 3.1.1\nx-generated: by me");
    let output = regen(project.path(), &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document = fs::read_to_string(project.path().join("openapi/things.json")).unwrap();
    assert!(document.starts_with("{ \"x-generated\": \"by `cargo xtask"), "{document}");
    assert_eq!(document.matches("x-generated").count(), 1, "{document}");
}

#[test]
fn a_source_that_is_not_accepted_leaves_every_file_as_it_was() {
    let project = project();
    regen(project.path(), &[]);
    let before = outputs(project.path());
    let page = "openapi/pages/get-thing.md";
    edit(project.path(), page, "'#/components/schemas/Colour'", "'#/components/schemas/Color'");
    edit(project.path(), page, "type: string\n      enum", "type: text\n      enum");
    let output = regen(project.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(
        text.contains(
            "openapi/pages/get-thing.md:30:24: \
                           /components/schemas/Thing/properties/colour/$ref: \
                           `#/components/schemas/Color` does not exist"
        ),
        "{text}"
    );
    assert!(
        text.contains("openapi/pages/get-thing.md:32:13: /components/schemas/Colour/type: `text`"),
        "{text}"
    );
    assert_eq!(outputs(project.path()), before);
}

/// Runs it as a person does, with everything drawn.
fn told(project: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["regen", "--manifest", "openapi/regen.toml"]).args(arguments);
    stderr(&command.current_dir(project).output().unwrap())
}

#[test]
fn a_person_is_shown_each_cause_once_with_the_counts_and_the_next_command() {
    let project = project();
    let missing = "'#/components/schemas/Missing'";
    let broken = PAGE.replace(
        "colour: {$ref: '#/components/schemas/Colour'}",
        &format!("colour: {{$ref: {missing}}}\n        other: {{$ref: {missing}}}"),
    );
    let other = ["things", "Things", "get-thing", "Get Thing", "Colour"]
        .into_iter()
        .zip(["parts", "Parts", "get-part", "Get Part", "Hue"]);
    let other = other.fold(broken.clone(), |page, (from, to)| page.replace(from, to));
    let other = other.replace("https://parts.example", "https://things.example");
    let pages = project.path().join("openapi/pages");
    fs::write(pages.join("get-thing.md"), &broken).unwrap();
    fs::write(
        pages.join("get-part.md"),
        other.replace("value: red", "value: blue\n        - value: 7"),
    )
    .unwrap();
    edit(project.path(), "openapi/regen.toml", "pages/get-thing.md", "pages/*.md");
    insta::assert_snapshot!("causes_of_regen", told(project.path(), &[]));
}

#[test]
fn a_person_is_shown_what_is_stale_and_the_next_command() {
    let project = project();
    told(project.path(), &[]);
    edit(project.path(), "openapi/pages/get-thing.md", "value: green", "value: blue");
    let told = told(project.path(), &["--check"]);
    // What differs is generated.
    let lines: Vec<&str> = told.lines().filter(|line| !line.starts_with("  ")).collect();
    insta::assert_snapshot!("stale_files_of_regen", lines.join("\n"));
}

#[test]
fn rules_that_changed_nothing_are_listed_on_request() {
    let project = project();
    assert!(!stderr(&regen(project.path(), &[])).contains(" 0\n"));
    let all = stderr(&regen(project.path(), &["--all"]));
    assert!(all.lines().filter(|line| line.ends_with(" 0")).count() > 20, "{all}");
}

#[test]
fn errors_in_a_manifest_are_reported_with_their_place() {
    let cases = [
        (
            "pages/get-thing.md",
            "pages/gone.md",
            "openapi/pages/gone.md:1:1: document: the file can't be read",
        ),
        (
            "Things_get_Response_200",
            "Nothing",
            "openapi/regen.toml:14:13: document: [names] refers to `Nothing`",
        ),
        (
            "[output]",
            "[retry]\nget-thing = \"often\"\n[output]",
            "openapi/regen.toml:17:13: document: the manifest can't be read",
        ),
        ("[output]", "[retry]\nget-thng = \"safe\"\n[output]", "[retry] refers to `get-thng`"),
        ("[names]", "[nmes]", "unknown field `nmes`"),
        ("\"Thing\"", "\"Colour\"", "but another schema already has that name"),
    ];
    for (from, to, said) in cases {
        let project = project();
        edit(project.path(), "openapi/regen.toml", from, to);
        let output = regen(project.path(), &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn what_the_generator_can_not_express_is_a_finding_and_no_panic() {
    let project = project();
    // Of a documented source it would be set aside.
    let facts = "[[source]]\nrole = \"facts\"";
    edit(project.path(), "openapi/regen.toml", "[[source]]", facts);
    let websocket = "      operationId: get-thing\n      x-dropshot-websocket: true";
    edit(project.path(), "openapi/pages/get-thing.md", "      operationId: get-thing", websocket);
    let output = regen(project.path(), &[]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("the generator refuses") && !text.contains("RUST_BACKTRACE"), "{text}");
    let place = "openapi/pages/get-thing.md:13:7: get-thing (/paths/~1v1~1things~1{id}/get): ";
    assert!(text.starts_with(place), "{text}");
    assert_eq!(outputs(project.path()), [const { None }; 5]);
}

#[test]
fn values_that_would_be_one_variant_keep_their_type() {
    let project = project();
    let colliding = "value: '='\n        - value: '>'";
    edit(project.path(), "openapi/pages/get-thing.md", "value: red", colliding);
    let output = regen(project.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let client = outputs(project.path())[4].clone().unwrap();
    for variant in ["Equals = \"=\",", "GreaterThan = \">\","] {
        assert!(client.contains(variant), "{variant}");
    }
}

#[test]
fn client_settings_that_are_not_rust_are_reported_at_their_place() {
    let cases = [
        ("runtime = \"foo()\"", "a path"),
        ("timestamp = \"foo bar\"", "a path"),
        ("module = \"a-b\"", "a path"),
    ];
    for (setting, what) in cases {
        let project = project();
        let manifest = format!("[client]\n{setting}\n\n[output]");
        edit(project.path(), "openapi/regen.toml", "[output]", &manifest);
        let text = stderr(&regen(project.path(), &[]));
        assert!(text.starts_with("openapi/regen.toml:17:"), "{text}");
        assert!(text.contains(what), "{text}");
    }
}
