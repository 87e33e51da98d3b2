//! Code that the compiler refuses, and what it says. It is compiled against this package as Cargo built it
//! for the tests, so that nothing else is built.

use std::{env, ffi::OsStr, fs, path::PathBuf, process::Command, time::SystemTime};

/// The folder of what Cargo built, where this test is.
fn built() -> PathBuf {
    env::current_exe().unwrap().parent().unwrap().to_owned()
}

/// The libraries of this package there, the latest first: with other features there are others.
fn libraries() -> Vec<PathBuf> {
    let of_package = |path: &PathBuf| {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        name.starts_with("libprolific_api-") && name.ends_with(".rlib")
    };
    let files = fs::read_dir(built()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(of_package).collect();
    let changed = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    files.sort_by_key(|path| std::cmp::Reverse(changed(path).unwrap_or(SystemTime::UNIX_EPOCH)));
    files
}

/// What the compiler says to a statement.
fn said_to(statement: &str) -> String {
    let program =
        format!("use prolific_api::types::*; pub fn written() {{ let _ = {statement}; }}");
    let folder = tempfile::tempdir().unwrap();
    let (source, output) = (folder.path().join("written.rs"), folder.path().join("written.rmeta"));
    fs::write(&source, program).unwrap();
    for library in libraries() {
        let mut compiler = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        compiler.args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "-Adeprecated"]);
        compiler.arg("-L").arg(format!("dependency={}", built().display()));
        compiler.arg("--extern").arg(format!("prolific_api={}", library.display()));
        let said = compiler.arg("-o").arg(&output).arg(&source).output().unwrap();
        let said = String::from_utf8(said.stderr).unwrap();
        // Of another build, whose dependencies are gone.
        if !["E0460", "E0463", "E0514", "E0786"].iter().any(|code| said.contains(code)) {
            return said;
        }
    }
    panic!("no library of this package is built");
}

#[test]
fn a_setter_says_what_it_takes() {
    assert_eq!(said_to("CreateStudy::builder().name(\"a\").reward(1)"), "");
    let cases = [
        (
            "CreateStudy::builder().name(1)",
            "the trait bound `std::string::String: From<{integer}>` is not satisfied",
        ),
        (
            "CreateStudy::builder().reward(\"much\".as_bytes())",
            "the trait bound `prolific_api::Number: From<&[u8]>` is not satisfied",
        ),
        (
            "CreateStudy::builder().completion_codes(CompletionCode::builder())",
            "this setter takes a list of `prolific_api::types::CompletionCode` or an `Option` of it",
        ),
        ("CreateStudy::builder().completion_codes(CompletionCode::builder())", "`[item]`"),
        ("CreateStudy::builder().nmae(\"a\")", "there is a method `name` with a similar name"),
        (
            "CreateStudy { ..todo!() }",
            "cannot create non-exhaustive struct using struct expression",
        ),
    ];
    let wrong = cases.iter().filter_map(|(statement, expected)| {
        let said = said_to(statement);
        let errors = said.matches("\nerror").count() + usize::from(said.starts_with("error"));
        // The last one says how many there were.
        let is_as_expected = said.contains(expected) && errors == 2;
        (!is_as_expected).then(|| format!("{statement}:\n{said}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>().join("\n"), "");
}
