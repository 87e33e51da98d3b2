//! A crate of the generated clients, in the target folder, with what the workspace has locked.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use prolific_tests::repository;
use xtask::pipeline::Made;

/// Checks a crate with a module for each API.
pub(crate) fn check(made: &[(&str, Made)]) {
    let folder = repository().join("target/fern/clients");
    let sources = folder.join("src");
    fs::create_dir_all(&sources).unwrap();
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("Cargo.toml"), package()).unwrap();
    let mut root = String::from("#![allow(warnings)]\n");
    for (api, made) in made {
        write_module(&sources.join(api), made);
        root += &module(api);
    }
    fs::write(sources.join("lib.rs"), root).unwrap();
    let cargo = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--target-dir"])
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

fn module(api: &str) -> String {
    format!(
        "pub mod {api} {{\n    pub mod client;\n    pub mod httpmock;\n    pub mod operations;\n    pub mod resources;\n    impl progenitor_client::ClientHooks<()> for client::Client {{}}\n}}\n"
    )
}

/// The dependencies of a generated client, as the workspace has them.
fn package() -> String {
    let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let mut package = String::from(
        "[workspace]\n\n[package]\nname = \"fern-clients\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[features]\nschemars = []\n\n[dependencies]\n",
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
