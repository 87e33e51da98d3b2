//! Other APIs that are documented in the same dialect: all pages of each are merged and generated
//! through a separate manifest, and the result compiles. The pages are not in this repository;
//! without them, these tests print that they are skipped.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

mod clients;
mod pages_with_code;

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use prolific_tests::repository;
use xtask::{
    output::Output,
    pipeline::{Made, make},
    read::Sources,
};

/// The APIs, each with how many pages it has and how many of them are left out.
const APIS: [(&str, usize, usize); 4] =
    [("cohere", 31, 0), ("openrouter", 24, 0), ("fanvue", 73, 0), ("elevenlabs", 164, 3)];

/// The folder of the pages of an API, if it is there.
fn pages(api: &str) -> Option<PathBuf> {
    let folder = repository().join("../shared/fern-pages").join(api);
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

fn manifest(api: &str) -> PathBuf {
    repository().join("tests/fern").join(format!("{api}.toml"))
}

/// What is made of the constructs of this repository, and of each API whose pages are there.
static MADE: LazyLock<Vec<(&str, Made)>> = LazyLock::new(|| {
    let apis = APIS.iter().map(|(api, ..)| *api).filter(|api| pages(api).is_some());
    ["constructs"].into_iter().chain(apis).map(|api| (api, made(&manifest(api)))).collect()
});

/// What the manifest of an API makes.
fn made(manifest: &Path) -> Made {
    let mut sources = Sources::default();
    make(&mut sources, manifest, "cargo xtask regen").unwrap_or_else(|findings| {
        let lines: Vec<String> =
            findings.iter().map(|finding| finding.display(&sources).to_string()).collect();
        panic!("{} is not accepted:\n{}", manifest.display(), lines.join("\n"))
    })
}

fn document(outputs: &[Output]) -> serde_json::Value {
    let document = outputs.iter().find(|output| output.path.ends_with("document.json"));
    serde_json::from_str(&document.unwrap().content).unwrap()
}

fn count_of_operations(document: &serde_json::Value) -> usize {
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|item| item.as_object().unwrap().values());
    operations.filter(|member| member.get("responses").is_some()).count()
}

#[test]
fn every_page_is_an_operation_of_its_api_but_those_that_are_left_out_with_a_reason() {
    for (api, Made { outputs, .. }) in MADE.iter() {
        let Some((_, count, skipped)) = APIS.iter().find(|(known, ..)| known == api) else {
            continue;
        };
        let folder = pages(api).unwrap();
        assert_eq!(folder.read_dir().unwrap().count(), *count, "{api}");
        assert_eq!(count_of_operations(&document(outputs)), count - skipped, "{api}");
    }
}

#[test]
fn the_generated_clients_and_mock_helpers_compile() {
    clients::check(&MADE);
}
