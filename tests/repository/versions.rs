//! Versions that are written in several places.

use regex::Regex;

use super::{file, manifest, version};

const PACKAGES: [&str; 4] = ["prolific-api", "prolific-api-ext", "tests", "xtask"];

/// The oldest Rust that the libraries support.
fn oldest_rust() -> String {
    manifest("Cargo.toml")["workspace"]["package"]["rust-version"].as_str().unwrap().to_owned()
}

#[test]
fn the_crates_move_together_and_require_each_other_as_they_are() {
    for package in PACKAGES {
        let manifest = manifest(&format!("{package}/Cargo.toml"));
        let shared = &manifest["package"]["version"]["workspace"];
        assert_eq!(shared.as_bool(), Some(true), "{package} has a version of its own");
    }
    let version = version();
    let (core, _) = version.split_once('+').unwrap();
    let workspace = manifest("Cargo.toml");
    for package in ["prolific-api", "prolific-api-ext"] {
        let required = &workspace["workspace"]["dependencies"][package]["version"];
        assert_eq!(required.as_str(), Some(core), "the workspace's requirement of {package}");
    }
}

#[test]
fn the_version_carries_the_date_of_the_documentation() {
    let facts = file("openapi/prolific.openapi.yaml");
    let date = Regex::new(r"(?m)^  version: (\S+)$").unwrap();
    let date = &date.captures(&facts).unwrap()[1];
    let version = version();
    let (_, metadata) = version.split_once('+').unwrap();
    assert_eq!(metadata, date, "set the version in Cargo.toml to the date of the facts");
}

#[test]
fn the_oldest_rust_is_the_same_wherever_it_is_written() {
    let oldest = oldest_rust();
    for package in ["tests", "xtask"] {
        let manifest = manifest(&format!("{package}/Cargo.toml"));
        assert_eq!(manifest["package"]["rust-version"].as_str(), Some(&*oldest), "{package}");
    }
    let checked = format!("MSRV: \"{oldest}\"");
    assert!(file(".github/workflows/ci.yml").contains(&checked), "ci.yml has no `{checked}`");

    let mention = Regex::new(r"(?i)\bRust (?:toolchain )?\(?(1\.\d+)").unwrap();
    for page in ["README.md", "CONTRIBUTING.md"] {
        let text = file(page);
        let found: Vec<&str> =
            mention.captures_iter(&text).map(|found| found.get(1).unwrap().as_str()).collect();
        assert!(!found.is_empty(), "{page} doesn't say which Rust it needs");
        assert!(found.iter().all(|found| *found == oldest), "{page} says {found:?}, not {oldest}");
    }
    for page in ["prolific-api/README.md", "prolific-api-ext/README.md"] {
        let text = file(page);
        let mut found = mention.captures_iter(&text).map(|found| found[1].to_owned());
        assert!(found.all(|found| found == oldest), "{page} says another Rust than {oldest}");
    }
}
