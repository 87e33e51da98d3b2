//! The repository as a whole: versions, packages, changelog, and words.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod changelog;
mod packages;
mod plain_words;
mod versions;

use std::fs;

use prolific_tests::repository;

/// A file of the repository, by its path from the root.
fn file(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A manifest.
fn manifest(path: &str) -> toml::Table {
    file(path).parse().unwrap()
}

/// The version of the crates.
fn version() -> String {
    manifest("Cargo.toml")["workspace"]["package"]["version"].as_str().unwrap().to_owned()
}
