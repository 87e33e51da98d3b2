//! The page on the operations, which is made of what the methods say of themselves.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use prolific_api::OPERATIONS;

/// The cells of each row of the page, from the second on.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let page = include_str!("../src/guide/operations.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
}

/// The operations that the page has a method for.
fn with_method() -> BTreeSet<&'static str> {
    rows().filter(|cells| !cells[3].is_empty()).map(|cells| cells[1]).collect()
}

fn text(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is not for tests and not the simulator, without comments.
fn code(folder: &Path) -> String {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let tests = ["on_the_wire", "upload_faults", "download_tests", "simulator", "fault_table"];
    paths.retain(|path| !tests.contains(&path.file_stem().unwrap().to_str().unwrap()));
    let texts = paths.iter().map(|path| match path.is_dir() {
        true => code(path),
        false => {
            let text = text(path.clone());
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            lines.collect::<Vec<_>>().join("\n")
        }
    });
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_method_that_calls_an_operation_says_so() {
    let code = code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let called =
        OPERATIONS.iter().filter(|operation| code.contains(&format!(".{}()", operation.id)));
    let called: BTreeSet<&str> = called.map(|operation| operation.operation_id).collect();
    let on_page = with_method();
    let silent: Vec<_> = called.difference(&on_page).collect();
    assert!(
        silent.is_empty(),
        "called, and no public method has `#[doc(alias = \"…\")]` of it: {silent:?}; add it and run \
         `cargo xtask regen`"
    );
    assert_eq!(on_page.difference(&called).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn every_method_is_called_by_a_test_and_every_operation_is_simulated() {
    assert_eq!(rows().count(), OPERATIONS.len());
    for cells in rows() {
        let [id, test, simulated] = [cells[1], cells[7], cells[8]];
        assert_eq!(simulated, "yes", "{id}");
        if !REMOVED.contains(&id) {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(test).is_file(), "{id}: {test:?}");
        }
    }
}

/// Operations that are published no more.
const REMOVED: [&str; 1] = ["get-filter-distribution"];

#[test]
fn every_operation_has_a_method_but_those_that_were_removed() {
    let with_method = with_method();
    let without: Vec<&str> = OPERATIONS
        .iter()
        .map(|operation| operation.operation_id)
        .filter(|operation| !with_method.contains(operation))
        .collect();
    assert_eq!(without, REMOVED);
}
