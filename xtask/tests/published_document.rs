//! A client generated from the published document compiles, and passes the tests of the wrapper
//! crate.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The version of the copied packages. Cargo tells what is built of them from what is built here by
/// it alone, as they have the same names and the same places in their workspaces.
const VERSION: &str = "0.0.0-published-document";

/// What git has of the packages, in a folder that stays, so that what is built of it stays too.
fn copy() -> PathBuf {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("published-document");
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(listed.status.success(), "git ls-files failed");
    for file in String::from_utf8(listed.stdout).unwrap().split_terminator('\0') {
        let (from, to) = (repository().join(file), copy.join(file));
        let Ok(content) = fs::read(&from) else {
            continue;
        };
        let content = match file {
            "Cargo.toml" | "Cargo.lock" => renumbered(content),
            _ => content,
        };
        if fs::read(&to).is_ok_and(|there| there == content) {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, content).unwrap();
    }
    copy
}

/// A manifest or a lock file whose packages of ours have another version.
fn renumbered(content: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8(content).unwrap();
    let own = env!("CARGO_PKG_VERSION");
    let (required, _) = own.split_once('+').unwrap_or((own, ""));
    let [own, required] = [own, required].map(|version| format!("version = \"{version}\""));
    let ours = ["prolific-api", "prolific-api-ext", "prolific-speed", "prolific-tests", "xtask"];
    let mut package = "";
    let lines = text.lines().map(|line| {
        package = line.strip_prefix("name = ").map_or(package, |name| name.trim_matches('"'));
        let is_of_ours = line == own && (package.is_empty() || ours.contains(&package));
        let new = format!("version = \"{VERSION}\"");
        match is_of_ours {
            true => new,
            false if line.contains("{ path = ") => line.replace(&required, &new),
            false => line.to_owned(),
        }
    });
    (lines.collect::<Vec<_>>().join("\n") + "\n").into_bytes()
}

#[test]
fn the_client_of_the_published_document_passes_the_tests_of_the_crate_on_top() {
    let published = repository().join("../shared/prolific/official/openapi-2026-07.yml");
    let Ok(text) = fs::read(&published) else {
        eprintln!("skipped: {} is not there", published.display());
        return;
    };
    let copy = copy();
    fs::create_dir_all(copy.join("openapi/documented")).unwrap();
    fs::write(copy.join("openapi/documented/openapi.yaml"), text).unwrap();

    let regen = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["regen", "--manifest"])
        .arg(copy.join("openapi/regen.toml"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&regen.stderr);
    assert!(regen.status.success(), "{told}");

    let tests = Command::new(env!("CARGO"))
        .args([
            "test",
            "--locked",
            "--offline",
            "--package",
            "prolific-api-ext",
            "--lib",
            "--tests",
        ])
        .current_dir(&copy)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&tests.stderr) + String::from_utf8_lossy(&tests.stdout);
    assert!(tests.status.success(), "{told}");
}

/// The folder that this test was built in: the dependencies are there.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_path_buf()
}
