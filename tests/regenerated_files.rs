//! What is checked in is what the sources make.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use prolific_tests::repository;
use xtask::{
    output::State,
    pipeline::{Made, make},
    read::Sources,
};

fn made() -> Made {
    let mut sources = Sources::default();
    let manifest = repository().join("openapi/regen.toml");
    make(&mut sources, &manifest, "cargo xtask regen").unwrap_or_else(|findings| {
        let lines: Vec<String> =
            findings.iter().map(|finding| finding.display(&sources).to_string()).collect();
        panic!("the sources are not accepted:\n{}", lines.join("\n"))
    })
}

#[test]
fn the_generated_files_are_current() {
    let mut stale = String::new();
    let made = made();
    assert_eq!(made.obsolete, Vec::<PathBuf>::new());
    for output in made.outputs {
        let path = output.path.display();
        match output.state().unwrap() {
            State::Current => {}
            State::Missing => writeln!(stale, "{path} is missing").unwrap(),
            State::Stale { diff } => writeln!(stale, "{path} is stale:\n{diff}").unwrap(),
        }
    }
    assert!(stale.is_empty(), "{stale}run `cargo xtask regen` and commit what it writes");
}

#[test]
fn two_runs_make_the_same_bytes() {
    let contents = |made: Made| -> Vec<String> {
        made.outputs.into_iter().map(|output| output.content).collect()
    };
    assert_eq!(contents(made()), contents(made()));
}

#[test]
fn the_documented_page_is_kept_byte_for_byte() {
    let name = "get-task-builder-dataset-status.md";
    let published = repository().join("../shared/prolific/pages").join(name);
    let Ok(published) = std::fs::read(&published) else {
        println!("skipped: {} is not there", published.display());
        return;
    };
    assert_eq!(std::fs::read(repository().join("openapi/pages").join(name)).unwrap(), published);
}

#[test]
fn the_example_of_the_raw_clients_readme_is_a_program_of_it() {
    let read = |path| std::fs::read_to_string(repository().join("prolific-api").join(path));
    let readme = read("README.md").unwrap();
    let (_, rest) = readme.split_once("```rust\n").unwrap();
    let (example, _) = rest.split_once("```\n").unwrap();
    let program = read("examples/raw_status.rs").unwrap();
    assert!(example.contains("async fn main") && program.ends_with(example), "{example}");
}

/// The generated files of the client by their names.
fn client() -> BTreeMap<PathBuf, String> {
    let folder = repository().join("prolific-api/src/generated");
    let folders = [folder.join("resources"), folder];
    let entries = folders.iter().flat_map(|folder| folder.read_dir().unwrap());
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    paths.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn no_type_of_the_client_has_the_methods_of_another_by_deref() {
    for (path, code) in client() {
        assert!(!code.contains("ops::Deref"), "{} implements Deref", path.display());
    }
    let advice = prolific_api::types::RewardRecommendations(Vec::new());
    let lent: &[prolific_api::types::RewardRecommendation] = advice.as_ref();
    assert!(lent.is_empty());
    assert_eq!(prolific_api::types::StudyType("SINGLE".to_owned()).as_str(), "SINGLE");
}

/// The documentation that the generated client has for a type or for a field of it.
fn words_of(client: &str, schema: &str, property: Option<&str>) -> String {
    let heads = ["struct", "enum"].map(|kind| format!("pub {kind} {schema} {{"));
    let at = heads.iter().find_map(|head| client.find(head));
    let at = at.unwrap_or_else(|| panic!("no type {schema}"));
    let documented = match property {
        None => &client[..at],
        Some(property) => {
            let fields = &client[at..];
            let field = format!("pub {property}:");
            &fields[..fields.find(&field).unwrap_or_else(|| panic!("no {field} of {schema}"))]
        }
    };
    let lines = documented.lines().rev().skip_while(|line| line.trim().is_empty());
    let is_before =
        |line: &str| line.trim_start().starts_with("pub ") || line.ends_with(['}', '{']);
    lines.take_while(|line| !is_before(line)).collect()
}

#[test]
fn what_is_inferred_says_so_in_the_documentation_of_the_client() {
    let read = |path| std::fs::read_to_string(repository().join(path)).unwrap();
    let client = client().into_values().collect::<String>();
    let document: serde_json::Value = serde_json::from_str(&read("openapi/prolific.json")).unwrap();
    let mut count = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let properties = schema["properties"].as_object().into_iter().flatten();
        let properties = properties.map(|(property, schema)| (Some(property.as_str()), schema));
        for (property, schema) in properties.chain([(None, schema)]) {
            if schema["x-source"] == "inferred" {
                let words = words_of(&client, name, property);
                assert!(
                    words.contains("Inferred: no source says so."),
                    "{name} {property:?}: {words}"
                );
                count += 1;
            }
        }
    }
    assert!(count > 5, "the facts mark only {count} as inferred");
}

/// The names that the generator makes up where it knows none: `Variant0`, `ThingSubtype1`,
/// `Response200`, `OneOf1Items`.
fn made_up(client: &str) -> Vec<&str> {
    let words = client.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let is_numbered = |word: &str, stem: &str| {
        let after = word.split(stem).nth(1);
        after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
    };
    let stems = ["Variant", "Subtype", "Response", "OneOf", "AnyOf", "AllOf", "Item"];
    words.filter(|word| stems.iter().any(|stem| is_numbered(word, stem))).collect()
}

#[test]
fn no_name_of_the_client_is_made_up() {
    assert_eq!(made_up("enum Bound { Variant0(f64), Unknown(Value) }"), ["Variant0"]);
    assert_eq!(made_up("struct GetThingResponse200; struct ThingItemAnswer;").len(), 1);
    let files = client();
    assert!(files.len() > 20);
    for (path, text) in files {
        assert_eq!(made_up(&text), Vec::<&str>::new(), "{}", path.display());
    }
}
