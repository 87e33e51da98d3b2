//! Patches that would change more than the workflow lets them.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use crate::runner::{git, text};

/// What is done to a clone.
type Change = fn(&Path);

/// Each is made of a change to a clone, or written by hand where git would not make it.
pub(crate) fn hostile(remote: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let by_change: [(&str, Change); 15] = [
        ("a workflow", |clone| write(clone, ".github/workflows/evil.yml", "on: push\n")),
        ("a file beside the generated ones", |clone| {
            write(clone, "prolific-api/src/lib.rs", "evil!();\n");
        }),
        ("a build script", |clone| write(clone, "prolific-api/build.rs", "fn main() {}\n")),
        ("an allowed file and one that is not", |clone| {
            write(clone, "openapi/pages/thing.md", "a\n");
            write(clone, "xtask/src/main.rs", "evil!();\n");
        }),
        ("a folder that begins like an allowed one", |clone| {
            write(clone, "openapi-evil/a", "a\n");
        }),
        ("a file that begins like an allowed one", |clone| {
            write(clone, "tests/every_operation/table.rs.rs", "a\n");
        }),
        ("a rename into an allowed folder", |clone| {
            git(clone, &["mv", "prolific-api/src/lib.rs", "openapi/lib.rs"]);
        }),
        ("a symbolic link", |clone| {
            std::os::unix::fs::symlink("../../.git/config", clone.join("openapi/link")).unwrap();
        }),
        ("a program", |clone| {
            let page = clone.join("openapi/pages/thing.md");
            fs::set_permissions(page, fs::Permissions::from_mode(0o755)).unwrap();
        }),
        ("a binary file", |clone| {
            fs::write(clone.join("openapi/a"), b"\0\x01\x02").unwrap();
        }),
        ("a path with a quote", |clone| write(clone, "openapi/a\"b.md", "a\n")),
        ("a path with a line break", |clone| write(clone, "openapi/a\n.github", "a\n")),
        ("a file that git obeys", |clone| write(clone, "openapi/.gitattributes", "* -diff\n")),
        ("a hidden file", |clone| write(clone, "openapi/.hidden/a", "a\n")),
        ("another repository", |clone| {
            let entry = "160000,3d3c42e5aac5ba805825da76410c181273ba90b1,openapi/inner";
            git(clone, &["update-index", "--add", "--cacheinfo", entry]);
        }),
    ];
    let made = by_change.map(|(name, change)| (name, patch_of(remote, change)));
    let by_hand = [
        ("nothing", String::new()),
        ("no patch", "evil\n".to_owned()),
        ("a path that leads out", added("openapi/../.github/workflows/evil.yml")),
        ("a path out of the repository", added("../evil")),
        ("an absolute path", added("/tmp/evil")),
        ("the settings of git", added("openapi/.git/config")),
        ("the hooks of git", added(".git/hooks/pre-commit")),
        ("a folder of another case", added("OpenAPI/a")),
        ("a copy of what is not allowed", "diff --git a/prolific-api/src/lib.rs b/openapi/../x.rs\nsimilarity index 100%\ncopy from prolific-api/src/lib.rs\ncopy to x.rs\n".to_owned()),
    ];
    let by_hand = by_hand.into_iter().map(|(name, patch)| (name, patch.into_bytes()));
    made.into_iter().chain(by_hand).collect()
}

fn write(clone: &Path, file: &str, content: &str) {
    let file = clone.join(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

fn patch_of(remote: &Path, change: Change) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["clone", "--quiet", text(remote), "clone"]);
    let clone = folder.path().join("clone");
    change(&clone);
    if !git(&clone, &["ls-files", "--stage"]).contains("160000") {
        git(&clone, &["add", "--all"]);
    }
    let patch = git(&clone, &["diff", "--cached", "--binary", "--full-index", "HEAD"]);
    assert!(!patch.is_empty());
    patch.into_bytes()
}

fn added(path: &str) -> String {
    format!(
        "diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+evil\n"
    )
}
