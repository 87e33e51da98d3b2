//! The changelog has the form of keepachangelog.com, which a release is made of.

use std::process::{Command, Output};

use prolific_tests::repository;
use regex::Regex;

use super::{file, version};

const HEADINGS: [&str; 6] = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

fn notes(tag: &str) -> Output {
    Command::new("bash").arg(repository().join(".ci/release-notes")).arg(tag).output().unwrap()
}

#[test]
fn the_changelog_has_unreleased_changes_first_and_the_releases_with_their_dates() {
    let text = file("CHANGELOG.md");
    let sections: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(sections.first(), Some(&"[Unreleased]"));
    let release = Regex::new(r"^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$").unwrap();
    for section in &sections[1..] {
        assert!(release.is_match(section), "`{section}` is not `[1.2.3] - 2026-01-31`");
    }
    for heading in text.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(HEADINGS.contains(&heading), "`{heading}` is none of {HEADINGS:?}");
    }
}

#[test]
#[cfg(unix)]
fn the_notes_of_a_release_are_its_section_of_the_changelog() {
    let version = version();
    let (core, _) = version.split_once('+').unwrap();
    let made = notes(&format!("v{core}"));
    let stderr = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "{stderr}");
    let notes = String::from_utf8(made.stdout).unwrap();
    assert!(notes.trim_start().starts_with("###") || notes.trim_start().starts_with("The "));
    assert!(!notes.contains("\n## "), "more than one section: {notes}");
    assert!(file("CHANGELOG.md").contains(notes.trim()));
}

#[test]
#[cfg(unix)]
fn a_tag_of_another_version_is_refused() {
    for tag in ["v9.9.9", "0.1.0", "v0.1.0; true", ""] {
        let refused = notes(tag);
        assert_eq!(refused.status.code(), Some(1), "{tag}");
        assert!(refused.stdout.is_empty(), "{tag}");
    }
}
