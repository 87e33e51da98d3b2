//! The page on the official command line: each call that it names is there, and no command is missing.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeSet, fs, path::Path};

/// The rows of a page: command and calls.
fn rows() -> Vec<(&'static str, Vec<&'static str>)> {
    let page = include_str!("../src/guide/command_line.md");
    let cells = page.lines().filter(|line| line.starts_with("| `")).map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let calls = cells[2].split(" + ").map(|call| call.trim_matches('`')).collect();
        (cells[1].trim_matches('`'), calls)
    });
    cells.collect()
}

/// The source of a resource, which is a file or a folder.
fn source(path: &Path) -> String {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap().map(|entry| source(&entry.unwrap().path()));
        return entries.collect();
    }
    fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn every_call_of_the_page_is_a_public_method_of_its_resource() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let client = source(&root.join("client.rs"));
    let rows = rows();
    assert_eq!(rows.len(), 85 + 15);
    for (command, calls) in rows {
        assert!(!calls.is_empty(), "{command}");
        for call in calls {
            let (resource, method) = call.split_once("().").unwrap_or_else(|| panic!("{call}"));
            assert!(client.contains(&format!("pub fn {resource}(&self)")), "{command}: {call}");
            let code = source(&root.join(resource)) + &source(&root.join(format!("{resource}.rs")));
            let is_there = ["pub fn", "pub async fn"].iter().any(|word| {
                ["(", "<"].iter().any(|end| code.contains(&format!("{word} {method}{end}")))
            });
            assert!(is_there, "{command}: no public method {call}");
        }
    }
}

#[test]
fn no_command_but_templates_is_missing() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/prolific/cli-commands.md");
    let Ok(list) = fs::read_to_string(&path) else {
        println!("skipped: the list of commands is not here");
        return;
    };
    let numbered = |line: &&str| line.starts_with('|') && line.contains("| `");
    let commands = list.lines().filter(numbered).map(|line| {
        let cell = line.split('|').nth(2).unwrap().trim().trim_matches('`');
        cell.split(" (").next().unwrap().to_owned()
    });
    let commands = commands.filter(|command| !command.starts_with("template"));
    let on_page: BTreeSet<String> =
        rows().iter().map(|(command, _)| (*command).to_owned()).collect();
    let missing: Vec<String> = commands.filter(|command| !on_page.contains(command)).collect();
    assert_eq!(missing, Vec::<String>::new());
}
