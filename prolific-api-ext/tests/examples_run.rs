//! The documentation of what can be done in AI Task Builder has examples, and they run.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

/// The files with the methods for the resources of AI Task Builder.
const FILES: [&str; 9] = [
    "batches/export.rs",
    "batches/mod.rs",
    "batches/report.rs",
    "batches/setup.rs",
    "batches/sync.rs",
    "collections/export.rs",
    "collections/mod.rs",
    "datasets/mod.rs",
    "instructions/mod.rs",
];

/// The public methods of the resources of a file, each with its documentation.
fn methods(file: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let mut documentation = String::new();
    let mut methods = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(told) = line.strip_prefix("///") {
            documentation.push_str(told);
            documentation.push('\n');
            continue;
        }
        let declared = line.strip_prefix("pub async fn ").or_else(|| line.strip_prefix("pub fn "));
        let name = declared.and_then(|rest| rest.split(['(', '<']).next());
        let documentation = match line.starts_with("#[") {
            true => continue,
            false => std::mem::take(&mut documentation),
        };
        // Settings of a request take themselves, a resource is borrowed.
        if let Some(name) = name.filter(|_| lines[at..at + 2].concat().contains("&self")) {
            methods.push((name.to_owned(), documentation));
        }
    }
    methods
}

/// Whether the example that is shown calls the method, on a client of a simulator, and is run.
fn has_an_example_that_runs(name: &str, documentation: &str) -> bool {
    let examples = documentation.split("```").skip(1).step_by(2);
    let is_run =
        |example: &str| example.starts_with('\n') && example.contains("simulator::example(");
    let calls = |example: &str| {
        example.lines().any(|line| !line.starts_with(" # ") && line.contains(&format!(".{name}(")))
    };
    examples.into_iter().any(|example| is_run(example) && calls(example))
}

#[test]
fn every_method_of_ai_task_builder_has_an_example_that_runs_against_the_simulator() {
    let mut count = 0;
    for file in FILES {
        for (name, documentation) in methods(file) {
            count += 1;
            assert!(has_an_example_that_runs(&name, &documentation), "{file}: {name}");
        }
    }
    assert!(count >= 40, "only {count} methods are looked at");
}
