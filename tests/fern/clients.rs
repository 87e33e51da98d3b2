//! A package for each generated client, in the target folder, with what the workspace has locked:
//! packages are checked beside each other, modules of one are not.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use prolific_tests::repository;
use xtask::pipeline::Made;

/// Checks a package for each API.
pub(crate) fn check(made: &[(&str, Made)]) {
    let folder = repository().join("target/fern/clients");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let members: Vec<&str> = made.iter().map(|(api, _)| *api).collect();
    let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    fs::write(folder.join("Cargo.toml"), workspace).unwrap();
    for (api, made) in made {
        let package = folder.join(api);
        write_module(&package.join("src").join(api), made);
        fs::write(package.join("Cargo.toml"), manifest(api)).unwrap();
        fs::write(package.join("src/lib.rs"), library(api)).unwrap();
    }
    let cargo = Command::new(env!("CARGO"))
        .args(["check", "--workspace", "--quiet", "--offline", "--target-dir"])
        .arg(repository().join("target/fern/target"))
        .current_dir(&folder)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&cargo.stderr);
    assert!(cargo.status.success(), "{}", stderr.chars().take(8000).collect::<String>());
}

fn write_module(folder: &Path, made: &Made) {
    fs::create_dir_all(folder).unwrap();
    for output in
        made.outputs.iter().filter(|output| output.path.extension().is_some_and(|e| e == "rs"))
    {
        fs::write(folder.join(output.path.file_name().unwrap()), &output.content).unwrap();
    }
}

fn library(api: &str) -> String {
    format!(
        "#![allow(warnings)]\npub mod {api} {{\n    pub mod client;\n    pub mod httpmock;\n    pub mod operations;\n    pub mod resources;\n    impl progenitor_client::ClientHooks<()> for client::Client {{}}\n}}\n"
    )
}

/// The dependencies of a generated client, as the workspace has them.
fn manifest(api: &str) -> String {
    let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let mut package = format!(
        "[package]\nname = \"fern-{api}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[features]\nschemars = []\n\n[dependencies]\n"
    );
    for name in [
        "bytes",
        "futures-core",
        "httpmock",
        "progenitor-client",
        "regex",
        "reqwest",
        "serde",
        "serde_json",
    ] {
        let line = workspace.lines().find(|line| line.starts_with(&format!("{name} = ")));
        writeln!(package, "{}", line.unwrap()).unwrap();
    }
    package
}
