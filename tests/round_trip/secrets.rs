//! No generated type shows a secret in `Debug`, and no text with the name of one is left unmarked.

use prolific_tests::repository;
use serde_json::Value;

use super::{
    samples::{Role, Sampler},
    table,
};

const CANARY: &str = "canary-0badcafe";

/// Parts of the names that secrets have.
const NAMES: [&str; 13] = [
    "secret",
    "token",
    "jwt",
    "password",
    "credential",
    "signature",
    "private",
    "api_key",
    "apikey",
    "url",
    "uri",
    "link",
    "href",
];

/// Texts with such a name that are no secrets.
const NO_SECRETS: &[&str] = &[
    "AccessDetail.external_url",
    "AccessDetailProgress.external_url",
    "Campaign.sign_up_link",
    "CreateHook.target_url",
    "CreateStudy.credential_pool_id",
    "CreateStudy.external_study_url",
    "CredentialPool.credential_pool_id",
    "CredentialPoolSummary.credential_pool_id",
    "Hook.target_url",
    "HookEvent.target_url",
    "ImageItem.url",
    "Institution.link",
    "PageBlockInput.url",
    "PageImage.url",
    "PageLink.href",
    "Study.completion_url",
    "Study.credential_pool_id",
    "Study.external_study_url",
    "StudySummary.credential_pool_id",
    "TestStudy.study_url",
    "UpdateHook.target_url",
    "UpdateStudy.credential_pool_id",
    "UpdateStudy.external_study_url",
];

fn document() -> Value {
    let text = std::fs::read_to_string(repository().join("openapi/prolific.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The texts of a schema, the lists of texts among them: where they are, and their schemas.
fn texts<'a>(schema: &'a Value, at: &str, found: &mut Vec<(String, &'a Value)>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let at = format!("{at}.{name}");
        let item = property.get("items").unwrap_or(property);
        if item["type"] == "string" && item.get("enum").is_none() {
            found.push((at.clone(), item));
        }
        texts(item, &at, found);
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let parts = schema[key].as_array().into_iter().flatten();
        parts.for_each(|part| texts(part, at, found));
    }
}

fn is_marked(text: &Value) -> bool {
    text["x-secret"] == true
}

#[test]
fn every_text_with_the_name_of_a_secret_is_marked_or_known_to_be_none() {
    let document = document();
    let mut found = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        texts(schema, name, &mut found);
    }
    let has_name = |at: &str| {
        let name = at.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        NAMES.iter().any(|part| name.contains(part))
    };
    let unmarked = found.iter().filter(|(at, text)| has_name(at) && !is_marked(text));
    let mut unmarked: Vec<&str> = unmarked.map(|(at, _)| at.as_str()).collect();
    unmarked.sort_unstable();
    assert_eq!(unmarked, NO_SECRETS, "mark what is secret with `x-secret: true` in the facts");
    assert!(found.iter().any(|(at, text)| at == "HookSecret.value" && is_marked(text)));
}

#[test]
fn no_type_shows_what_is_marked() {
    let document = document();
    let mut held = Vec::new();
    for (role, name, pointer) in table::SCHEMAS {
        let Some(schema) = document.pointer(pointer) else { continue };
        let mut found = Vec::new();
        texts(schema, "", &mut found);
        let secrets = found.iter().filter(|(at, text)| is_marked(text) && !at[1..].contains('.'));
        for (at, _) in secrets {
            let samples = Sampler::new(&document, Role::of(role)).samples(pointer);
            let mut value = samples.into_iter().map(|sample| sample.value).next().unwrap();
            value[&at[1..]] = CANARY.into();
            let shown = table::show(name, &value.to_string()).unwrap();
            assert!(!shown.contains(CANARY), "{name} shows {at}: {shown}");
            let written = table::turn(name, &value.to_string()).unwrap();
            assert!(written.contains(CANARY), "{name} does not keep {at}");
            held.push(format!("{name}{at}"));
        }
    }
    assert!(held.len() >= 9, "{held:?}");
}
