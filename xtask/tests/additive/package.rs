//! A package of generated clients and the programs that use them, similar to those of `tests/fern`.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::program;

/// What is generated of a document.
pub(crate) struct Code {
    /// The files of the client, relative to its folder.
    pub(crate) files: Vec<(PathBuf, String)>,
}

impl Code {
    /// Whether only the first line of a file differs, which has a digest of the document.
    pub(crate) fn is_the_code_of(&self, other: &Self) -> bool {
        let code = |content: &str| content.split_once('\n').map(|(_, code)| code.to_owned());
        let files = |of: &Self| -> Vec<_> {
            of.files.iter().map(|(path, content)| (path.clone(), code(content))).collect()
        };
        files(self) == files(other)
    }
}

/// Two clients, and a program on the first.
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) old: Code,
    pub(crate) new: Code,
    pub(crate) program: String,
}

impl Pair {
    pub(crate) fn new(name: String, old: Code, new: Code) -> Self {
        let program = program::of(&old.files);
        Self { name, old, new, program }
    }
}

/// The common runtime of the clients, without the type that has the methods for operations.
const RUNTIME: &str = "pub mod runtime { pub use crate::runtime::*; pub struct Client; impl std::ops::Deref for Client { type Target = crate::runtime::Client; fn deref(&self) -> &Self::Target { loop {} } } }";

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
    let runtime = repository().join("prolific-api/src/runtime/mod.rs");
    let mut library = format!("#![allow(warnings)]\n#[path = {runtime:?}]\npub mod runtime;\n");
    for (index, pair) in pairs.iter().enumerate() {
        for (side, code) in [("old", &pair.old), ("new", &pair.new)] {
            let module = format!("case{index}_{side}");
            let path = folder.join("src").join(&module);
            fs::create_dir_all(&path).unwrap();
            // Refers to types as a client in a separate module does.
            let types = format!("crate::{module}::client::types::");
            let placed = |code: &str| {
                code.replace("crate :: types :: ", &types).replace("crate::types::", &types)
            };
            for (file, content) in &code.files {
                let file = path.join("client").join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, placed(content)).unwrap();
            }
            fs::write(path.join("program.rs"), placed(&pair.program)).unwrap();
            let _ =
                writeln!(library, "pub mod {module} {{ pub mod client; mod program; {RUNTIME} }}");
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
    for name in [
        "bytes",
        "futures-core",
        "http",
        "progenitor-client",
        "regex",
        "reqwest",
        "serde",
        "serde_json",
    ] {
        let line = workspace.lines().find(|line| line.starts_with(&format!("{name} = ")));
        let _ = writeln!(package, "{}", line.unwrap());
    }
    let runtime = repository().join("prolific-api");
    let _ = writeln!(package, "prolific-api = {{ path = {runtime:?}, default-features = false }}");
    package
}
