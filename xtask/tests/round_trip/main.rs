//! Round trips for every schema of other documents, like those for Prolific in `tests/round_trip`:
//! the document that Prolific publishes, and the pages of four other APIs. Neither is in this
//! repository; without them, the tests print that they are skipped. The clients of the four APIs
//! take minutes to build, so they have to be requested: `cargo test -p xtask --test round_trip --
//! --ignored --nocapture --test-threads 1`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and tells figures")]

mod client;
#[path = "../../../tests/round_trip/comparison.rs"]
mod comparison;
#[path = "../../../tests/round_trip/round.rs"]
mod round;
#[path = "../../../tests/round_trip/samples.rs"]
mod samples;
#[path = "../../../tests/round_trip/validity.rs"]
mod validity;

use std::{
    fs,
    path::{Path, PathBuf},
};

use client::Client;
use round::{Known, send};
use xtask::{pipeline::make, read::Sources};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Something that others publish, if it is there.
fn shared(path: &str) -> Option<PathBuf> {
    let path = repository().join("../shared").join(path);
    let is_there = path.exists();
    if !is_there {
        println!("skipped: {} is not there", path.display());
    }
    is_there.then_some(path)
}

/// Sends all schemas of what a manifest makes round.
fn goes_round(name: &str, manifest: &Path, open: &[Known], least: usize) {
    let mut sources = Sources::default();
    let made = make(&mut sources, manifest, "cargo xtask regen").unwrap_or_else(|findings| {
        let told = findings.iter().map(|finding| finding.display(&sources).to_string());
        panic!("{name} is not accepted:\n{}", told.collect::<Vec<_>>().join("\n"))
    });
    let mut client = Client::build(name, &made);
    let round = send(&client.document(), &client.rows(), open, |of, json| client.turn(of, json));
    println!("{name}: {round}");
    round.hold(least);
}

fn pages_go_round(api: &str, open: &[Known], least: usize) {
    if shared("fern-pages").is_some() {
        let manifest = repository().join("tests/fern").join(format!("{api}.toml"));
        goes_round(api, &manifest, open, least);
    }
}

#[test]
fn every_schema_of_the_published_document_goes_round() {
    let Some(published) = shared("prolific/official/openapi-2026-07.yml") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let copied = |file: &str, from: &Path| {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    };
    copied("documented/openapi.yaml", &published);
    for file in ["prolific.openapi.yaml", "pages/get-task-builder-dataset-status.md"] {
        copied(file, &repository().join("openapi").join(file));
    }
    let manifest = fs::read_to_string(repository().join("openapi/regen.toml")).unwrap();
    // The wrapper crate is not involved.
    let (manifest, _) = manifest.split_once("[wrapper]").unwrap();
    let lines = manifest.lines().filter(|line| !line.starts_with("page = "));
    let manifest = lines.collect::<Vec<_>>().join("\n");
    fs::write(folder.path().join("regen.toml"), manifest).unwrap();
    goes_round("prolific", &folder.path().join("regen.toml"), &[], 10_000);
}

#[test]
#[ignore = "builds a large client"]
fn every_schema_of_cohere_goes_round() {
    pages_go_round("cohere", &[], 3_000);
}

#[test]
#[ignore = "builds a large client"]
fn every_schema_of_openrouter_goes_round() {
    pages_go_round("openrouter", &[], 3_000);
}

#[test]
#[ignore = "builds a large client"]
fn every_schema_of_fanvue_goes_round() {
    pages_go_round("fanvue", &[], 3_000);
}

#[test]
#[ignore = "builds a large client"]
fn every_schema_of_elevenlabs_goes_round() {
    pages_go_round("elevenlabs", &[], 10_000);
}
