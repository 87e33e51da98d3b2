//! No type shows a field that may be a secret: each type that derives `Debug`, public or not, is read
//! in the source, and a text or a link under the name of a secret has to be listed here.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

/// Parts of the names that secrets have.
const NAMES: [&str; 11] = [
    "secret",
    "token",
    "jwt",
    "password",
    "credential",
    "signature",
    "authorization",
    "url",
    "link",
    "query",
    "key",
];

/// Types of fields that show what they hold.
const SHOWN: [&str; 6] = ["String", "str>", "Url", "HeaderValue", "HeaderMap", "Bytes"];

/// Fields with such a name that are no secrets: a URL without its query, what participants are shown,
/// the addresses that the caller gave for studies and webhooks, keys of choices, and what the simulator
/// made itself, whose links and token lead to nothing but itself.
const NO_SECRETS: &[&str] = &[
    "AccessDetail.external_url",
    "AccessDetailProgress.external_url",
    "Answer.file_key",
    "Call.query",
    "Campaign.sign_up_link",
    "Choice.key key",
    "Choice.parent_key",
    "Delivery.target_url",
    "Delivery.url",
    "Image.url",
    "Institution.link",
    "Issued.key",
    "Issued.url",
    "Match.query_term",
    "NewStudy, StudyChange.external_url | no_external_url",
    "NewSubscription.target_url",
    "Place.query",
    "RecordedRequest.query",
    "Sent.query",
    "SigningKey.key_type",
    "SigningKey.key_use",
    "Study.completion_url",
    "Study.external_study_url",
    "Subscription.target_url",
    "SubscriptionChange.target_url",
    "TestStudy.study_url",
    "World.base_url",
    "World.token",
];

#[test]
fn every_field_that_may_be_a_secret_is_known() {
    let mut found = Vec::new();
    look_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found.dedup();
    assert_eq!(found, NO_SECRETS, "write `Debug` by hand, or use a type that does not show it");
}

fn look_in(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            look_at(&fs::read_to_string(&path).unwrap(), found);
        }
    }
}

/// Each field is on its own line, as rustfmt writes them.
fn look_at(source: &str, found: &mut Vec<String>) {
    let (mut is_derived, mut is_model, mut of, mut of_both) = (false, false, None, None);
    for line in source.lines() {
        // The macros of models and requests derive it.
        is_model = ["model! {", "request! {"].contains(&line) || is_model && line != "}";
        // The macro of both requests of studies has no name of a type.
        match line {
            "study_requests! {" => of_both = Some("NewStudy, StudyChange".to_owned()),
            "}" => of_both = None,
            _ => {}
        }
        let line = line.trim();
        let words: Vec<&str> = line.split([' ', '(', ')', '{', '<', ';']).collect();
        let at = words.iter().position(|word| ["struct", "enum"].contains(word));
        if line.starts_with("#[derive(") {
            is_derived = line.contains("Debug");
        } else if let Some(name) =
            at.and_then(|at| words.get(at + 1)).filter(|_| !line.starts_with("//"))
        {
            of = (is_derived || is_model).then(|| (*name).to_owned());
            is_derived = false;
        } else if line == "}" {
            of = None;
        }
        let Some(of) = of.as_ref().or(of_both.as_ref()) else { continue };
        let Some((name, kind)) = line
            .trim_start_matches("pub(crate) ")
            .trim_start_matches("pub(super) ")
            .trim_start_matches("pub ")
            .split_once(": ")
        else {
            continue;
        };
        let may_be = NAMES.iter().any(|part| name.contains(part)) && !line.starts_with("//");
        if may_be && SHOWN.iter().any(|shown| kind.contains(shown)) {
            found.push(format!("{of}.{name}"));
        }
    }
}

#[test]
fn a_field_that_shows_a_secret_is_found() {
    let mut found = Vec::new();
    let source = "model! {\n    pub struct Model {\n        jwt: String = jwt,\n    }\n}\n#[derive(Clone, Debug)]\npub struct Link {\n    pub url: Option<String>,\n    size: u64,\n}\n\
         #[derive(Clone)]\nstruct Hidden {\n    token: String,\n}\n\
         #[derive(Debug)]\nenum Of {\n    A {\n        secret: Box<str>,\n    },\n}\n";
    look_at(source, &mut found);
    assert_eq!(found, ["Model.jwt", "Link.url", "Of.secret"]);
}
