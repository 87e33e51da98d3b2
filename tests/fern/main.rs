//! Other APIs, documented in the same dialect: all pages of each are merged and generated through
//! a manifest of its own, and what comes of them compiles. The pages are not in this repository;
//! where they are not beside it, these tests say so and are skipped.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

mod clients;

use std::path::{Path, PathBuf};

use prolific_tests::repository;
use xtask::{
    output::{Output, write_all},
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
    for (api, count, skipped) in APIS {
        let Some(folder) = pages(api) else {
            continue;
        };
        assert_eq!(folder.read_dir().unwrap().count(), count, "{api}");
        let Made { outputs, .. } = made(&manifest(api));
        assert_eq!(count_of_operations(&document(&outputs)), count - skipped, "{api}");
        write_all(&outputs).unwrap();
    }
}

#[test]
fn the_generated_clients_and_mock_helpers_compile() {
    let mut apis = vec!["constructs"];
    apis.extend(APIS.iter().map(|(api, ..)| *api).filter(|api| pages(api).is_some()));
    let made: Vec<(&str, Made)> = apis.into_iter().map(|api| (api, made(&manifest(api)))).collect();
    clients::check(&made);
}
