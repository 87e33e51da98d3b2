//! What `diff` calls additive or documentation is that for a Rust program: one that matches on
//! what the old client has, builds with its builders and reads its fields compiles against the new
//! client too.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../src/diff/cases.rs"]
mod cases;
mod package;
mod program;

use std::{collections::BTreeSet, fs};

use cases::{OF_DOCUMENTS, OF_OPERATIONS, OF_SCHEMAS, component, operation};
use package::{Code, Pair};
use xtask::{
    diff::{ChangeRule, Class, Diff, RULES, compare},
    manifest::Settings,
    output::Output,
    pipeline::{fix, make},
    read::Sources,
};

const MANIFEST: &str = "[document]\ntitle = 'T'\nversion = '1'\n[[source]]\nfile = 'api.yaml'\n[output]\ndocument = 'document.json'\nclient = 'client'\n[client]\nruntime = 'super::runtime'\nlibrary = '::prolific_api'\n";

/// A document as complete as the generator needs it.
fn whole(document: &str) -> String {
    let document = match document.contains("\ninfo:") {
        true => document.to_owned(),
        false => document.replacen('\n', "\ninfo: {title: T, version: '1'}\n", 1),
    };
    let document = match document.contains("\nservers:") {
        true => document,
        false => format!("{document}servers: [{{url: 'https://a.example'}}]\n"),
    };
    match document.contains("\npaths:") {
        true => document,
        false => format!("{document}paths: {{}}\n"),
    }
}

/// The client of a document; none where it is refused.
fn client(document: &str) -> Option<Code> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("regen.toml"), MANIFEST).unwrap();
    fs::write(folder.path().join("api.yaml"), whole(document)).unwrap();
    let manifest = folder.path().join("regen.toml");
    let made = make(&mut Sources::default(), &manifest, "cargo xtask regen").ok()?;
    let path = |output: &Output| {
        Some(output.path.strip_prefix(folder.path().join("client")).ok()?.to_owned())
    };
    let files =
        made.outputs.iter().filter_map(|output| Some((path(output)?, output.content.clone())));
    Some(Code { files: files.collect() })
}

fn difference(old: &str, new: &str) -> Option<Diff> {
    let mut sources = Sources::default();
    let mut read = |text: &str| {
        let id = sources.add("api.yaml", whole(text));
        fix(&sources, id, &Settings::default()).ok().map(|(document, _)| document)
    };
    Some(compare(&read(old)?, &read(new)?))
}

/// Changes that the table of rules shows by other means.
const FURTHER: &[(&str, &str, &str)] = &[
    (
        "read-only-added",
        "{type: object, properties: {o: {type: string}, p: {type: string}}}",
        "{type: object, properties: {o: {type: string}, p: {type: string, readOnly: true}}}",
    ),
    (
        "read-only-removed",
        "{type: object, properties: {o: {type: string}, p: {type: string, readOnly: true}}}",
        "{type: object, properties: {o: {type: string}, p: {type: string}}}",
    ),
    (
        "write-only-added",
        "{type: object, properties: {o: {type: string}, p: {type: string}}}",
        "{type: object, properties: {o: {type: string}, p: {type: string, writeOnly: true}}}",
    ),
    (
        "write-only-removed",
        "{type: object, properties: {o: {type: string}, p: {type: string, writeOnly: true}}}",
        "{type: object, properties: {o: {type: string}, p: {type: string}}}",
    ),
];

/// A schema as it may appear in a component.
const PLACES: [fn(&str) -> String; 3] = [
    |schema| schema.to_owned(),
    |schema| format!("{{type: object, properties: {{p: {schema}}}}}"),
    |schema| format!("{{type: object, properties: {{p: {{type: array, items: {schema}}}}}}}"),
];

/// Every pair of documents of the table of rules, with the rule that it shows: schemas in each
/// place, of requests, of answers and of both.
fn pairs() -> Vec<(&'static str, String, String)> {
    let both = |schema: &str| {
        let answer = "description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}";
        component(schema, true).replace("description: OK", answer)
    };
    let sides: [&dyn Fn(&str) -> String; 3] =
        [&|schema| component(schema, true), &|schema| component(schema, false), &both];
    let mut pairs = Vec::new();
    for (name, old, new) in OF_SCHEMAS.iter().chain(FURTHER) {
        for place in PLACES {
            let (old, new) = (place(old), place(new));
            pairs.extend(sides.map(|side| (*name, side(&old), side(&new))));
        }
    }
    let operations =
        OF_OPERATIONS.iter().map(|(name, old, new)| (*name, operation(old), operation(new)));
    let documents = OF_DOCUMENTS.iter().map(|(name, old, new)| {
        let document = |said: &str| format!("openapi: 3.0.3\n{said}\n");
        (*name, document(old), document(new))
    });
    let list = component("{type: array, items: {$ref: '#/components/schemas/A'}}", false);
    let respelt = list.replace("schemas/A'", "schemas/a'").replace("    A:", "    a:");
    pairs.push(("schema-respelt", list, respelt));
    pairs.into_iter().chain(operations).chain(documents).collect()
}

#[test]
fn what_is_no_break_compiles_for_a_program_on_the_old_client() {
    let mut shown = BTreeSet::new();
    let mut programs = vec![broken_program()];
    for (rule, old, new) in pairs() {
        // What is refused on either side has no client to break.
        let class = difference(&old, &new).and_then(|diff| diff.class());
        if class.is_none_or(|class| class == Class::Breaking) {
            continue;
        }
        let [old_client, new_client] = [&old, &new].map(|document| {
            client(document).unwrap_or_else(|| panic!("{rule}: no client is made of {document}"))
        });
        shown.insert(rule);
        if !old_client.is_the_code_of(&new_client) {
            programs.push(Pair::new(format!("{rule}:\n{old}{new}"), old_client, new_client));
        }
    }
    let is_no_break = |rule: &&ChangeRule| {
        rule.in_requests < Class::Breaking || rule.in_answers < Class::Breaking
    };
    let expected: BTreeSet<&str> =
        RULES.iter().copied().filter(is_no_break).map(|rule| rule.name).collect();
    let missing: Vec<&&str> = expected.difference(&shown).collect();
    assert!(missing.is_empty(), "not shown: {missing:?}");
    let broken = package::broken(&programs);
    let [(0, _), others @ ..] = &broken[..] else { panic!("a break is not seen: {broken:?}") };
    let told: Vec<&str> = others.iter().map(|(_, told)| &**told).collect();
    assert!(told.is_empty(), "{} of {}:\n{}", told.len(), programs.len(), told.join("\n\n"));
}

/// A program whose field is gone.
fn broken_program() -> Pair {
    let object = |name: &str| format!("{{type: object, properties: {{{name}: {{type: string}}}}}}");
    let [old, new] = ["o", "p"].map(|name| client(&component(&object(name), false)).unwrap());
    Pair::new("a break".to_owned(), old, new)
}
