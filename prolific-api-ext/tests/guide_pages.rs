//! The first pages and the guide: what their text has to agree with.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const MODULE: &str = include_str!("../src/guide/mod.rs");

fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn text(path: &str) -> String {
    let path = package().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names and texts of the guide's files with this extension.
fn files(extension: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(package().join("src/guide")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The Rust examples of a page.
fn examples(page: &str) -> Vec<&str> {
    page.split("```rust").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The addresses that a page links to.
fn links(page: &str) -> Vec<&str> {
    page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect()
}

#[test]
fn every_page_is_a_module_and_is_listed() {
    let pages = files("md");
    assert!(pages.len() >= 17, "{}", pages.len());
    for (name, _) in pages {
        assert!(
            MODULE.contains(&format!("#[doc = include_str!(\"{name}.md\")]\npub mod {name} {{}}"))
        );
        assert!(MODULE.contains(&format!("//! | [`{name}`] | ")), "{name} is not listed");
    }
}

#[test]
fn every_example_of_the_guide_is_compiled_and_takes_its_preamble_from_one_place() {
    for (name, page) in files("md") {
        assert!(!page.contains("```ignore") && !page.contains("```rust,ignore"), "{name}");
        assert!(!page.contains("# let simulator = Simulator::start()"), "{name}");
        assert!(!page.contains("# #[tokio::main"), "{name}");
    }
}

/// A blank line would end the block of HTML, and the rest would be text.
#[test]
fn pictures_are_shown_and_have_no_blank_line() {
    let pictures = files("svg");
    assert_eq!(pictures.len(), 3);
    for (name, picture) in pictures {
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"), "{name}");
        assert!(picture.lines().all(|line| !line.trim().is_empty()), "{name}");
        assert!(MODULE.contains(&format!("#[doc = include_str!(\"{name}.svg\")]")), "{name}");
    }
}

/// They are shown by GitHub and the registry too, which hide no line and follow no link of rustdoc.
#[test]
fn the_first_page_has_short_examples_and_links_that_work_anywhere() {
    let page = text("README.md");
    let examples = examples(&page);
    assert_eq!(examples.len(), 2);
    for example in examples {
        let lines = example.lines().skip(1);
        assert!(lines.clone().count() < 25, "{example}");
        assert!(lines.clone().all(|line| !line.starts_with("# ")), "{example}");
    }
    let pages: BTreeSet<String> = files("md").into_iter().map(|(name, _)| name).collect();
    for link in links(&page) {
        assert!(link.starts_with("https://"), "{link}");
        if let Some((_, name)) = link.split_once("/prolific_api_ext/guide/") {
            let name = name.trim_end_matches('/');
            assert!(name.is_empty() || pages.contains(name), "{link}");
        }
    }
}

/// docs.rs shows the files of the published package under `latest/source/`.
#[test]
fn links_to_files_of_the_package_name_files_that_are_published() {
    const SOURCE: &str = "https://docs.rs/crate/prolific-api-ext/latest/source/";
    assert!(text("Cargo.toml").contains("\n    \"docs/**\",\n"), "the package leaves docs out");
    let texts = [text("README.md"), MODULE.to_owned(), text("src/guide/production.md")];
    for page in texts {
        let files: Vec<&str> =
            links(&page).into_iter().filter_map(|link| link.strip_prefix(SOURCE)).collect();
        assert_eq!(files, ["docs/reliability.md", "docs/performance.md"]);
        assert!(files.iter().all(|file| package().join(file).is_file()));
    }
}

#[test]
fn the_first_page_lists_the_features_of_the_package() {
    let manifest = text("Cargo.toml");
    let features = manifest.split("[features]\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let features: BTreeSet<&str> = features
        .lines()
        .filter(|line| !line.starts_with("##"))
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .filter(|name| *name != "default")
        .collect();
    let page = text("README.md");
    let table = page.split("## Features").nth(1).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.flat_map(|row| row.split('|').nth(1).unwrap().split(','));
    let listed: BTreeSet<&str> = cells.map(|name| name.trim().trim_matches('`')).collect();
    assert_eq!(listed, features);
}

#[test]
fn the_page_of_the_repository_begins_with_that_of_the_package() {
    let (repository, package) = (text("../README.md"), text("README.md"));
    let body = |page: &str| page.split_once("\n\n").unwrap().1.to_owned();
    let package = body(&package);
    let shared = package.split("\n## Licence").next().unwrap();
    assert!(body(&repository).starts_with(shared), "copy the page of the package into README.md");
}
