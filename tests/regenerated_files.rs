//! What is checked in is what the sources make.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

use std::fmt::Write as _;

use prolific_tests::repository;
use xtask::{
    output::State,
    pipeline::{Made, make},
    read::Sources,
};

fn made() -> Made {
    let mut sources = Sources::default();
    let manifest = repository().join("openapi/regen.toml");
    make(&mut sources, &manifest, "cargo xtask regen").unwrap_or_else(|findings| {
        let lines: Vec<String> =
            findings.iter().map(|finding| finding.display(&sources).to_string()).collect();
        panic!("the sources are not accepted:\n{}", lines.join("\n"))
    })
}

#[test]
fn the_generated_files_are_current() {
    let mut stale = String::new();
    for output in made().outputs {
        let path = output.path.display();
        match output.state().unwrap() {
            State::Current => {}
            State::Missing => writeln!(stale, "{path} is missing").unwrap(),
            State::Stale { diff } => writeln!(stale, "{path} is stale:\n{diff}").unwrap(),
        }
    }
    assert!(stale.is_empty(), "{stale}run `cargo xtask regen` and commit what it writes");
}

#[test]
fn two_runs_make_the_same_bytes() {
    let contents = |made: Made| -> Vec<String> {
        made.outputs.into_iter().map(|output| output.content).collect()
    };
    assert_eq!(contents(made()), contents(made()));
}

#[test]
fn the_documented_page_is_kept_byte_for_byte() {
    let name = "get-task-builder-dataset-status.md";
    let published = repository().join("../shared/prolific/pages").join(name);
    let Ok(published) = std::fs::read(&published) else {
        println!("skipped: {} is not there", published.display());
        return;
    };
    assert_eq!(std::fs::read(repository().join("openapi/pages").join(name)).unwrap(), published);
}
