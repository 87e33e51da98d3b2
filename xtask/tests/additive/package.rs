//! A package of generated clients and the programs on them, beside those of `tests/fern`.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::program;

/// Two clients, and a program on the first.
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) program: String,
}

impl Pair {
    pub(crate) fn new(name: String, old: String, new: String) -> Self {
        let program = program::of(&old);
        Self { name, old, new, program }
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The programs that don't compile against both of their clients, with what the compiler says.
pub(crate) fn broken(pairs: &[Pair]) -> Vec<(usize, String)> {
    let folder = repository().join("target/additive");
    let _ = fs::remove_dir_all(folder.join("src"));
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("Cargo.toml"), manifest()).unwrap();
    let mut library = String::from("#![allow(warnings)]\n");
    for (index, pair) in pairs.iter().enumerate() {
        for (side, client) in [("old", &pair.old), ("new", &pair.new)] {
            let module = format!("case{index}_{side}");
            let path = folder.join("src").join(&module);
            fs::create_dir_all(&path).unwrap();
            fs::write(path.join("client.rs"), client).unwrap();
            fs::write(path.join("program.rs"), &pair.program).unwrap();
            let _ = writeln!(
                library,
                "pub mod {module} {{ pub mod client; mod program; impl progenitor_client::ClientHooks<()> for client::Client {{}} }}"
            );
        }
    }
    fs::write(folder.join("src/lib.rs"), library).unwrap();
    let cargo = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--message-format", "short", "--target-dir"])
        .arg(repository().join("target/fern/target"))
        .current_dir(&folder)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&cargo.stderr);
    let broken = pairs.iter().enumerate().filter_map(|(index, pair)| {
        let of_pair = |line: &&str| line.contains(&format!("src/case{index}_"));
        let errors: Vec<&str> = stderr.lines().filter(of_pair).collect();
        let told = || (index, format!("{}\n{}", pair.name, errors.join("\n")));
        (!errors.is_empty()).then(told)
    });
    let broken: Vec<(usize, String)> = broken.collect();
    assert!(cargo.status.success() || !broken.is_empty(), "{stderr}");
    broken
}

/// The dependencies of a generated client, as the workspace has them.
fn manifest() -> String {
    let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let mut package = String::from(
        "[workspace]\n\n[package]\nname = \"additive\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[features]\nschemars = []\n\n[dependencies]\n",
    );
    for name in
        ["bytes", "futures-core", "progenitor-client", "regex", "reqwest", "serde", "serde_json"]
    {
        let line = workspace.lines().find(|line| line.starts_with(&format!("{name} = ")));
        let _ = writeln!(package, "{}", line.unwrap());
    }
    package
}
