//! The result says exactly what the page says.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

use serde_json::Value;
use xtask::{
    document::{Node, Place},
    finding::Finding,
    manifest::Settings,
    merge::unite,
    pipeline,
    read::Sources,
};

use crate::{
    facts::{Facts, Names, facts_of},
    pages::{documented, fix, own_pages, pages_of_other_apis},
    quirks,
    validator::Validator,
};

/// A page against what is made of it.
#[derive(Debug, Default)]
struct Comparison {
    /// What the page says and the result does not.
    lost: Vec<String>,
    /// What the result says and the page does not.
    invented: Vec<String>,
    /// The differences that are meant, by name.
    differences: BTreeMap<&'static str, usize>,
}

fn compare(page: &Value, result: &Value) -> Comparison {
    let Facts { said: documented, differences } = facts_of(page, &names(page, result), true);
    let said = facts_of(result, &Names::new(), false).said;
    Comparison {
        lost: documented.difference(&said).cloned().collect(),
        invented: said.difference(&documented).cloned().collect(),
        differences,
    }
}

/// The names that the components of a page have in the result. No two have the same one.
fn names(page: &Value, result: &Value) -> Names {
    let schemas = |document: &Value| -> Vec<String> {
        let schemas = document["components"]["schemas"].as_object();
        schemas.into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let (documented, legal) = (schemas(page), schemas(result));
    let mut names = Names::new();
    let mut taken: HashMap<&String, &String> = HashMap::new();
    for name in &documented {
        let same = legal.iter().find(|legal| *legal == name);
        let mut others = legal.iter().filter(|legal| !documented.contains(legal));
        let found = same.or_else(|| others.find(|legal| is_name_of(name, legal)));
        if let Some(found) = found {
            assert_eq!(taken.insert(found, name), None, "{found} is two schemas");
            names.insert(name.clone(), found.clone());
        }
    }
    names
}

/// Whether a name is another one with its illegal characters taken out, or spelled out.
fn is_name_of(documented: &str, legal: &str) -> bool {
    let letters = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let spelled_out = documented.chars().fold(String::new(), |name, c| {
        match c.is_ascii_alphanumeric() || ".-_".contains(c) {
            true => format!("{name}{c}"),
            false => format!("{name}_x{:X}_", u32::from(c)),
        }
    });
    let own = documented.strip_prefix("type_:").unwrap_or(documented);
    letters(own) == letters(legal) || spelled_out == legal
}

#[test]
fn every_page_says_the_same_is_valid_and_stays_as_it_is() {
    let validator = Validator::new();
    let mut differences: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = 0;
    for path in own_pages().into_iter().chain(pages_of_other_apis()) {
        let name = path.display();
        let text = std::fs::read_to_string(&path).unwrap();
        let Some(page) = documented(&text) else {
            let findings = fix(&text).err().unwrap();
            assert!(findings[0].problem.contains("AsyncAPI"), "{name}: {findings:?}");
            continue;
        };
        let fixed = fix(&text).unwrap_or_else(|findings| panic!("{name}: {findings:#?}"));
        assert_eq!(validator.complaint(&fixed.document), None, "{name}");
        assert_says_the_same(&name.to_string(), &page, &fixed.document, &mut differences);
        let is_repeated = count % 8 == 0;
        assert!(!is_repeated || fix(&text).unwrap().json == fixed.json, "{name}: two runs differ");
        assert!(fix(&fixed.json).unwrap().json == fixed.json, "{name}: its own result is changed");
        count += 1;
    }
    println!("{count} pages; differences that are meant: {differences:#?}");
}

fn assert_says_the_same(
    name: &str,
    page: &Value,
    result: &Value,
    differences: &mut BTreeMap<&'static str, usize>,
) {
    let comparison = compare(page, result);
    assert_eq!(comparison.lost, [""; 0], "{name} loses");
    assert_eq!(comparison.invented, [""; 0], "{name} invents");
    for (difference, count) in comparison.differences {
        *differences.entry(difference).or_default() += count;
    }
}

#[test]
fn every_fixture_that_is_accepted_says_the_same_is_valid_and_stays_as_it_is() {
    let validator = Validator::new();
    for (name, text) in quirks::accepted() {
        let fixed = fix(&text).unwrap_or_else(|findings| panic!("{name}: {findings:#?}"));
        assert_eq!(validator.complaint(&fixed.document), None, "{name}");
        let page = documented(&text).unwrap();
        assert_says_the_same(&name, &page, &fixed.document, &mut BTreeMap::new());
        assert_eq!(fix(&text).unwrap().json, fixed.json, "{name}");
        assert_eq!(fix(&fixed.json).unwrap().json, fixed.json, "{name}");
    }
}

/// The comparison is worth something: whatever is taken out of a result, it is missed.
#[test]
fn whatever_is_dropped_from_a_result_is_missed() {
    let mut dropped = 0;
    for (name, text) in quirks::accepted() {
        let page = documented(&text).unwrap();
        let result = fix(&text).unwrap().document;
        for pointer in pointers(&result).into_iter().filter(|pointer| says_something(pointer)) {
            let mut lesser = result.clone();
            take(&mut lesser, &pointer);
            let Comparison { lost, invented, .. } = compare(&page, &lesser);
            assert!(!lost.is_empty() || !invented.is_empty(), "{name}: {pointer} is not missed");
            dropped += 1;
        }
    }
    println!("{dropped} parts were dropped, and each was missed");
    assert!(dropped > 500);
}

/// One part of each kind, in every eighth page of other APIs.
#[test]
fn a_part_of_each_kind_that_is_dropped_from_a_page_of_another_api_is_missed() {
    let kinds = [
        "/enum/",
        "/properties/",
        "/required/",
        "/parameters/",
        "/content/",
        "/responses/",
        "/nullable",
        "/format",
        "/items",
        "/description",
        "/oneOf/",
        "/default",
        "/$ref",
    ];
    let mut missed: BTreeMap<&str, usize> = BTreeMap::new();
    for path in pages_of_other_apis().into_iter().step_by(8) {
        let text = std::fs::read_to_string(&path).unwrap();
        let (Some(page), Ok(fixed)) = (documented(&text), fix(&text)) else {
            continue;
        };
        let pointers = pointers(&fixed.document);
        for kind in kinds {
            let is_of_kind = |pointer: &&String| {
                let (holder, _) = pointer.rsplit_once('/').unwrap();
                let is_of_kind = match kind.strip_suffix('/') {
                    Some(kind) => holder.ends_with(kind),
                    None => pointer.ends_with(kind) && !holder.ends_with("/properties"),
                };
                is_of_kind && says_something(pointer)
            };
            let Some(pointer) = pointers.iter().rfind(is_of_kind) else {
                continue;
            };
            let mut lesser = fixed.document.clone();
            take(&mut lesser, pointer);
            let Comparison { lost, invented, .. } = compare(&page, &lesser);
            assert!(
                !lost.is_empty() || !invented.is_empty(),
                "{}: {pointer} is not missed",
                path.display()
            );
            *missed.entry(kind).or_default() += 1;
        }
    }
    println!("dropped and missed: {missed:#?}");
}

#[test]
fn the_order_of_the_pages_of_an_api_does_not_show() {
    let mut apis: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in pages_of_other_apis() {
        apis.entry(path.parent().unwrap().to_path_buf()).or_default().push(path);
    }
    for (api, mut pages) in apis {
        let (document, findings) = merged(&pages);
        pages.reverse();
        let reversed = merged(&pages);
        assert!(document == reversed.0, "{}", api.display());
        assert_eq!(findings, reversed.1, "{}", api.display());
    }
}

/// What merging makes of these pages, and what it finds.
fn merged(pages: &[PathBuf]) -> (String, Vec<String>) {
    let mut sources = Sources::default();
    let mut documents = Vec::new();
    for path in pages {
        let id = sources.load(path).unwrap();
        documents.extend(
            pipeline::fix(&sources, id, &Settings::default()).map(|(document, _)| document),
        );
    }
    let title = Node::string(Place::default(), "Things");
    let info = Node::object(Place::default(), [("title", title)]);
    let (document, _, findings) = unite(info, documents, &sources);
    let mut findings: Vec<String> = findings.iter().map(Finding::subject).collect();
    findings.sort();
    (document.to_json().unwrap(), findings)
}

/// What says how the document is written, or what is said elsewhere too, is not looked for.
fn says_something(pointer: &str) -> bool {
    pointer != "/openapi"
        && !pointer.starts_with("/components/securitySchemes")
        && pointer != "/components"
}

/// The pointers to all parts of a value, the inner ones first.
fn pointers(value: &Value) -> Vec<String> {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(key, value)| (escaped(key), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    let below = inner.into_iter().flat_map(|(key, value)| {
        let mut all: Vec<String> =
            pointers(value).into_iter().map(|rest| format!("/{key}{rest}")).collect();
        all.push(format!("/{key}"));
        all
    });
    below.collect()
}

/// Takes what a pointer names out of a value.
fn take(value: &mut Value, pointer: &str) {
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(holder).unwrap() {
        Value::Object(members) => {
            members.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Value::Array(items) => {
            items.remove(key.parse().unwrap());
        }
        _ => unreachable!("a holder holds something"),
    }
}
