//! `cargo xtask diff` and the summary of `cargo xtask regen` as a person runs them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

const OLD: &str = "\
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things/{id}:
    get:
      operationId: get-thing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        colour: {type: string, enum: [red, green]}
        size: {type: integer}
";

/// The same as a page of the documentation has it, with a value more and a property less.
const NEW: &str = "\
# Get Thing

GET https://things.example/things/{id}

```yaml
openapi: 3.1.1
info: {title: Things, version: '1'}
paths:
  /things/{id}:
    get:
      operationId: get-thing
      description: Reads it.
      tags: [[subpackage_things]]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        colour: {type: string, enum: [{value: red}, {value: green}, {value: blue}]}
```
";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("old.yaml"), OLD).unwrap();
    fs::write(folder.path().join("new.md"), NEW).unwrap();
    folder
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(folder).output().unwrap()
}

fn diff(folder: &Path, arguments: &[&str]) -> Output {
    run(folder, env!("CARGO_BIN_EXE_xtask"), &[&["diff"], arguments].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_page_is_compared_with_a_document_and_the_step_is_suggested() {
    let folder = folder();
    let output = diff(folder.path(), &["old.yaml", "new.md", "--version", "1.2.3"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    insta::assert_snapshot!("changes_of_a_page", text(&output.stdout));
    let same = diff(folder.path(), &["new.md", "new.md", "--fail-on", "documentation"]);
    assert_eq!(same.status.code(), Some(0));
    assert!(text(&same.stdout).contains("Suggested step: **none**"), "{same:?}");
}

#[test]
fn machines_read_the_changes_as_json() {
    let folder = folder();
    let output = diff(folder.path(), &["old.yaml", "new.md", "--report", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["class"], "breaking");
    let (current, _) = env!("CARGO_PKG_VERSION").split_once('+').unwrap();
    assert_eq!(json["version"]["current"], current);
    let removed = &json["changes"][0];
    let removed_rules: Vec<&str> = json["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["class"] == "breaking")
        .map(|change| change["rule"].as_str().unwrap())
        .collect();
    assert!(removed_rules.contains(&"property-removed"), "{json:#}");
    assert!(removed["text"].is_string() && removed["subjects"].is_array(), "{json:#}");
}

#[test]
fn a_class_may_fail_the_command_and_what_is_not_accepted_does() {
    let folder = folder();
    let code = |arguments: &[&str]| diff(folder.path(), arguments).status.code();
    assert_eq!(code(&["old.yaml", "new.md", "--fail-on", "breaking"]), Some(1));
    fs::write(folder.path().join("added.yaml"), OLD.replace("[red,", "[red, blue,")).unwrap();
    assert_eq!(code(&["old.yaml", "added.yaml", "--fail-on", "breaking"]), Some(0));
    assert_eq!(code(&["old.yaml", "added.yaml", "--fail-on", "additive"]), Some(1));
    fs::write(folder.path().join("words.md"), "# Words\n").unwrap();
    let refused = diff(folder.path(), &["words.md", "gone.yaml"]);
    assert_eq!(refused.status.code(), Some(1));
    let told = text(&refused.stderr);
    insta::assert_snapshot!("documents_that_are_not_accepted", told);
    assert!(refused.stdout.is_empty());
    assert_eq!(code(&["old.yaml", "new.md", "--version", "one"]), Some(2));
}

const MANIFEST: &str = "\
[document]
title = \"Things\"
version = \"1\"
[[source]]
file = \"../old.yaml\"
[output]
document = \"things.json\"
client = \"client\"
";

#[test]
fn regen_ends_with_what_changed_since_the_last_commit() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("openapi")).unwrap();
    fs::write(path.join("openapi/regen.toml"), MANIFEST).unwrap();
    let regen = || {
        let arguments = ["regen", "--manifest", "openapi/regen.toml"];
        let output = run(path, env!("CARGO_BIN_EXE_xtask"), &arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    let git = |arguments: &[&str]| assert!(run(path, "git", arguments).status.success());
    git(&["init", "--quiet"]);
    assert!(regen().contains(
        "no summary of changes: openapi/things.json: the file is not in the last commit"
    ));
    git(&["add", "--all"]);
    let author =
        ["-c", "user.name=T", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"];
    git(&[&author[..], &["commit", "--quiet", "--message", "one"]].concat());
    assert!(regen().contains("## The API did not change"));
    fs::write(path.join("old.yaml"), OLD.replace("size:", "length:")).unwrap();
    let told = regen();
    let summary = told.split_once("## Changes").unwrap().1;
    assert!(
        summary.contains("- schema `Thing` (in `get-thing`): property `size` removed"),
        "{told}"
    );
    assert!(summary.contains("**minor** below 1.0, **major** from 1.0 on"), "{told}");
    fs::write(path.join("openapi/things.json"), "{}").unwrap();
    git(&[&author[..], &["commit", "--quiet", "--all", "--message", "two"]].concat());
    assert!(regen().contains("the committed document has errors"));
}
