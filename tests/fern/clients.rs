//! A package for each generated client, in the target folder, with the workspace's locked
//! dependencies: packages are checked in parallel, modules of one package are not.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use prolific_tests::repository;
use xtask::pipeline::Made;

/// Checks a package for each API.
pub(crate) fn check(made: &[(&str, Made)]) {
    let packages: Vec<_> =
        made.iter().map(|(api, made)| (*api, vec![((*api).to_owned(), made)])).collect();
    let folder = write("clients", &packages);
    cargo(&folder, &["check", "--workspace"]);
}

/// Writes a workspace of packages, each with the given modules, and returns its folder.
pub(crate) fn write(workspace: &str, packages: &[(&str, Vec<(String, &Made)>)]) -> PathBuf {
    let folder = repository().join("target/fern").join(workspace);
    fs::create_dir_all(&folder).unwrap();
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let members: Vec<&str> = packages.iter().map(|(name, _)| *name).collect();
    let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    fs::write(folder.join("Cargo.toml"), workspace).unwrap();
    for (name, modules) in packages {
        let package = folder.join(name);
        fs::create_dir_all(package.join("src")).unwrap();
        let mut library = String::from("#![allow(warnings)]\n");
        for (module, made) in modules {
            write_module(&package.join("src").join(module), made);
            library += &declaration(module);
        }
        fs::write(package.join("Cargo.toml"), manifest(name)).unwrap();
        fs::write(package.join("src/lib.rs"), library).unwrap();
    }
    folder
}

/// Runs Cargo in a workspace, and gives what it prints.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let (subcommand, arguments) = arguments.split_first().unwrap();
    let cargo = Command::new(env!("CARGO"))
        .args([subcommand, "--quiet", "--offline", "--target-dir"])
        .arg(repository().join("target/fern/target"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&cargo.stderr);
    assert!(cargo.status.success(), "{}", stderr.chars().take(8000).collect::<String>());
    String::from_utf8(cargo.stdout).unwrap()
}

/// Writes the files of a client, which are in its folder `client` wherever that is.
fn write_module(folder: &Path, made: &Made) {
    for output in
        made.outputs.iter().filter(|output| output.path.extension().is_some_and(|e| e == "rs"))
    {
        let components: Vec<_> = output.path.components().collect();
        let Some(client) = components.iter().rposition(|part| part.as_os_str() == "client") else {
            continue;
        };
        let file = folder.join(components[client..].iter().collect::<PathBuf>());
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, &output.content).unwrap();
    }
}

fn declaration(module: &str) -> String {
    let runtime = repository().join("prolific-api/src/runtime/mod.rs");
    format!(
        "pub mod {module} {{\n    pub mod client;\n    #[path = {runtime:?}]\n    pub mod runtime;\n}}\n"
    )
}

/// The dependencies of a generated client, as the workspace has them.
fn manifest(api: &str) -> String {
    let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let mut package = format!(
        "[package]\nname = \"fern-{api}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[features]\ndefault = [\"httpmock\"]\nhttpmock = [\"dep:httpmock\"]\nschemars = []\n\n[dependencies]\n"
    );
    for name in [
        "bytes",
        "futures-core",
        "http",
        "httpmock",
        "progenitor-client",
        "regex",
        "reqwest",
        "serde",
        "serde_json",
    ] {
        let line = workspace.lines().find(|line| line.starts_with(&format!("{name} = ")));
        let line = line.unwrap().to_owned();
        let line = match name {
            "httpmock" => line.replace(" }", ", optional = true }"),
            _ => line,
        };
        writeln!(package, "{line}").unwrap();
    }
    let runtime = repository().join("prolific-api");
    writeln!(package, "prolific-api = {{ path = {runtime:?}, default-features = false }}").unwrap();
    package
}
