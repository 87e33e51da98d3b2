//! Each direct dependency is declared once, in the root's `Cargo.toml`, with a line on why it is there.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

use prolific_tests::repository;

fn manifest(folder: &str) -> String {
    fs::read_to_string(repository().join(folder).join("Cargo.toml")).unwrap()
}

/// The declarations of every table whose name ends so, each with the line above it.
fn declared(manifest: &str, table: &str) -> Vec<(String, String)> {
    let mut is_inside = false;
    let mut above = "";
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            let name = line.trim_matches(['[', ']']);
            is_inside = name.ends_with(table);
            // A table of one dependency alone is not how they are written here.
            assert!(!name.contains(&format!("{table}.")), "{line}");
        } else if is_inside && line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            found.push((line.to_owned(), above.to_owned()));
        }
        above = line;
    }
    found
}

/// The declarations without a reason.
fn unexplained(manifest: &str) -> Vec<String> {
    let all = declared(manifest, "workspace.dependencies");
    let outside = all.into_iter().filter(|(line, _)| !line.contains("path = "));
    outside.filter(|(_, above)| !above.starts_with("# ")).map(|(line, _)| line).collect()
}

#[test]
fn every_direct_dependency_says_why_it_is_there() {
    let root = manifest("");
    assert!(declared(&root, "workspace.dependencies").len() > 40);
    assert_eq!(unexplained(&root), [""; 0]);
}

#[test]
fn every_package_takes_its_dependencies_from_the_workspace() {
    let root = manifest("");
    let (_, members) = root.split_once("members = [").unwrap();
    let members =
        members.split(']').next().unwrap().split(',').map(|name| name.trim_matches([' ', '"']));
    for member in members {
        assert!(Path::new(&repository()).join(member).exists(), "{member}");
        let own = declared(&manifest(member), "dependencies").into_iter().filter(|(line, _)| {
            !line.contains("workspace = true") && !line.contains("path = \".\"")
        });
        assert_eq!(own.collect::<Vec<_>>(), [], "{member}");
    }
}

#[test]
fn a_dependency_without_a_reason_is_found() {
    let manifest = "[workspace.dependencies]\n# Why.\na = \"1\"\nb = \"1\"\n\nc.version = \"1\"\n";
    assert_eq!(unexplained(manifest), ["b = \"1\"", "c.version = \"1\""]);
}
