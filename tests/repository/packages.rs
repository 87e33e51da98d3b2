//! What the packages hold when they are published.

use std::{collections::BTreeSet, path::Path, process::Command};

use prolific_tests::repository;
use regex::Regex;

/// The files of a package, by their paths from its root.
fn listed(package: &str) -> BTreeSet<String> {
    let listed = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline", "-p", package])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    String::from_utf8(listed.stdout).unwrap().lines().map(|path| path.replace('\\', "/")).collect()
}

/// The modules in separate files that are only compiled for tests.
fn test_modules(root: &Path, file: &str) -> Vec<String> {
    let declared = Regex::new(r"#\[cfg\(test\)\]\s*(?:pub(?:\(crate\))? )?mod (\w+);").unwrap();
    let text = std::fs::read_to_string(root.join(file)).unwrap();
    let (folder, name) = file.rsplit_once('/').unwrap();
    let folder = match name {
        "mod.rs" | "lib.rs" => folder.to_owned(),
        _ => file.trim_end_matches(".rs").to_owned(),
    };
    let names = declared.captures_iter(&text).map(|found| found[1].to_owned());
    names.map(|name| format!("{folder}/{name}")).collect()
}

#[test]
fn what_is_published_has_no_tests() {
    for package in ["prolific-api", "prolific-api-ext"] {
        let listed = listed(package);
        assert!(listed.contains("src/lib.rs") && listed.contains("LICENSE-MIT"), "{listed:?}");
        let sources =
            listed.iter().filter(|path| path.starts_with("src/") && path.ends_with(".rs"));
        let modules = sources.flat_map(|file| test_modules(&repository().join(package), file));
        let modules: Vec<String> = modules.collect();
        for module in &modules {
            let is_of_it = |path: &&String| {
                **path == format!("{module}.rs") || path.starts_with(&format!("{module}/"))
            };
            let found: Vec<_> = listed.iter().filter(is_of_it).collect();
            assert!(found.is_empty(), "{package} publishes tests: {found:?}");
        }
        let others: Vec<_> = listed.iter().filter(|path| path.starts_with("tests/")).collect();
        assert!(others.is_empty(), "{package} publishes tests: {others:?}");
    }
}
