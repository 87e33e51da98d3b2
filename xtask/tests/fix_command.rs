//! `cargo xtask fix` as a person runs it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

const PAGE: &str = "openapi/pages/get-task-builder-dataset-status.md";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn fix(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("fix")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn one_page_comes_out_as_json_and_the_report_stays_apart() {
    let output = fix(&repository(), &[PAGE]);
    assert!(output.status.success(), "{}", stderr(&output));
    insta::assert_snapshot!("documented_page_fixed", stdout(&output));
    insta::assert_snapshot!("documented_page_report", stderr(&output));
}

#[test]
fn what_is_fixed_needs_no_fixing() {
    let folder = tempfile::tempdir().unwrap();
    let once = stdout(&fix(&repository(), &[PAGE]));
    std::fs::write(folder.path().join("once.json"), &once).unwrap();
    assert_eq!(stdout(&fix(folder.path(), &["once.json"])), once);
}

#[test]
fn many_files_are_written_to_a_folder_and_all_errors_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::copy(repository().join(PAGE), folder.path().join("good.md")).unwrap();
    write("words.md", "# Only words\n");
    write("async.md", "# A\n\n```yaml\nasyncapi: 2.6.0\n```\n");
    write("flat.txt", "# A ```yaml openapi: 3.1.1 info: title: A paths: /a: get: operationId: a");
    write(
        "bad.yaml",
        "openapi: 3.1.1\ninfo: {title: A, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      operationId: get-a\n      responses:\n        '200':\n          description: OK\n          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/No'}\n",
    );
    write("broken.yaml", "openapi: [\n");
    let files =
        ["good.md", "words.md", "async.md", "flat.txt", "bad.yaml", "broken.yaml", "gone.md"];
    let output = fix(folder.path(), &[&files[..], &["--out-dir", "out"]].concat());
    let short = ["--out-dir", "out", "--report", "short"];
    let short = fix(folder.path(), &[&files[..], &short].concat());

    assert_eq!(output.status.code(), Some(1));
    let written: Vec<_> = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(written, ["good.json"]);
    insta::assert_snapshot!("findings_of_all_files", without_rules(&short));
    insta::assert_snapshot!("findings_with_their_lines", without_rules(&output));
}

/// The report without the rows of the rules.
fn without_rules(output: &Output) -> String {
    let text = stderr(output);
    text.lines()
        .filter(|line| !line.starts_with("repair") && !line.starts_with("warn "))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_json_report_has_everything_in_one_document() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(repository().join(PAGE), folder.path().join("good.md")).unwrap();
    std::fs::write(folder.path().join("bad.json"), "{\"openapi\": [,]}").unwrap();
    std::fs::create_dir_all(folder.path().join("out/good.json/in-the-way")).unwrap();
    let files = ["good.md", "bad.json", "--out-dir", "out", "--report", "json"];
    let output = fix(folder.path(), &files);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let told: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((&told["command"], &told["outcome"]), (&"fix".into(), &"failed".into()));
    let finding = &told["findings"][0];
    assert_eq!(finding["file"], "bad.json");
    assert_eq!((&finding["line"], &finding["level"]), (&1.into(), &"error".into()));
    assert!(finding["pointer"].is_null() && finding["problem"].is_string(), "{finding}");
    assert!(told["failures"][0].as_str().unwrap().contains("good.json"), "{told}");
    assert!(told["rules"].as_array().unwrap().len() > 5, "{told}");
}

#[test]
fn a_report_shows_a_limited_number_of_errors_and_counts_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let odd: String = (0..1000).map(|n| format!("    S{n}: {{type: odd}}\n")).collect();
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{odd}"
    );
    std::fs::write(folder.path().join("odd.yaml"), text).unwrap();
    let short = stderr(&fix(folder.path(), &["odd.yaml", "--report", "short"]));
    assert_eq!(short.matches("odd.yaml:").count(), 50, "{short}");
    assert!(short.contains("and 950 more errors"), "{short}");
    let json = fix(folder.path(), &["odd.yaml", "--report", "json"]);
    let told: serde_json::Value = serde_json::from_slice(&json.stderr).unwrap();
    assert_eq!(told["findings"].as_array().unwrap().len(), 1000);
}

#[test]
fn an_output_that_can_not_be_written_hides_no_findings() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(repository().join(PAGE), folder.path().join("good.md")).unwrap();
    std::fs::write(folder.path().join("words.md"), "# Only words\n").unwrap();
    std::fs::create_dir_all(folder.path().join("out/good.json/in-the-way")).unwrap();
    let output = fix(folder.path(), &["good.md", "words.md", "--out-dir", "out"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stderr(&output);
    assert!(text.contains("words.md:1:1") && text.contains("out/good.json"), "{text}");
}

#[test]
fn a_file_is_not_overwritten_with_what_is_made_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"paths\": {}}";
    std::fs::write(folder.path().join("a.json"), text).unwrap();
    let output = fix(folder.path(), &["a.json", "--out-dir", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("would be overwritten"), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(folder.path().join("a.json")).unwrap(), text);
}

#[test]
fn the_rules_are_listed_and_each_is_explained() {
    let list = stdout(&fix(&repository(), &["--rules"]));
    assert!(list.lines().count() > 10, "{list}");
    for line in list.lines() {
        let (name, summary) = line[8..].split_once(' ').unwrap();
        let explained = stdout(&fix(&repository(), &["--explain", name]));
        assert!(explained.starts_with(name) && explained.contains(summary.trim()), "{explained}");
    }
    insta::assert_snapshot!(
        "rule_explained",
        stdout(&fix(&repository(), &["--explain", "empty-content"]))
    );
    let unknown = fix(&repository(), &["--explain", "no-rule"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("--rules"), "{}", stderr(&unknown));
}

#[test]
fn calls_that_can_not_be_meant_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("b")).unwrap();
    for name in ["a.md", "b/a.md"] {
        std::fs::write(folder.path().join(name), "# A\n").unwrap();
    }
    let cases = [
        (&["a.md", "b/a.md"][..], "--out-dir DIR"),
        (&["a.md", "b/a.md", "--out-dir", "out"], "would both be written to out/a.json"),
        (&[], "<FILE>"),
    ];
    for (arguments, said) in cases {
        let output = fix(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn each_page_of_a_file_of_many_is_a_separate_document() {
    let folder = tempfile::tempdir().unwrap();
    let page = std::fs::read_to_string(repository().join(PAGE)).unwrap();
    let asyncapi = "```yaml\nasyncapi: 2.6.0\n```\n";
    std::fs::write(folder.path().join("all.md"), format!("{page}\n{asyncapi}\n{page}")).unwrap();

    let to_stdout = fix(folder.path(), &["all.md"]);
    assert_eq!(to_stdout.status.code(), Some(2));
    assert!(stderr(&to_stdout).contains("--out-dir DIR"), "{}", stderr(&to_stdout));

    let output = fix(folder.path(), &["all.md", "--out-dir", "out"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("AsyncAPI"), "{}", stderr(&output));
    let alone = stdout(&fix(&repository(), &[PAGE]));
    for name in ["out/all-1.json", "out/all-3.json"] {
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), alone, "{name}");
    }
    assert!(!folder.path().join("out/all-2.json").exists());
}
