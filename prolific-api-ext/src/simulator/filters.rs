//! The catalogue of filters: a small invented one in Prolific's format.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, ok},
    call::{Call, texts},
    groups, page,
    table::{Table, extend, picked},
    world::World,
};

const COUNTRIES: [&str; 30] = [
    "Argentina",
    "Australia",
    "Austria",
    "Belgium",
    "Brazil",
    "Canada",
    "Chile",
    "Czechia",
    "Denmark",
    "Estonia",
    "Finland",
    "France",
    "Germany",
    "Greece",
    "Hungary",
    "Iceland",
    "India",
    "Ireland",
    "Italy",
    "Japan",
    "Kenya",
    "Mexico",
    "Netherlands",
    "Norway",
    "Poland",
    "Portugal",
    "Spain",
    "Sweden",
    "United Kingdom",
    "United States",
];

/// The filters whose choices are ids of groups, and those whose choices are ids of studies.
const BY_GROUP: [&str; 2] = ["participant_group_allowlist", "participant_group_blocklist"];
const BY_STUDY: [&str; 2] = ["previous_studies_allowlist", "previous_studies_blocklist"];

/// The filters, in the order of the catalogue.
pub(super) fn catalogue(world: &World) -> Vec<Value> {
    let select = |id: &str, title: &str, question: &str, category: &str, choices: Value| {
        json!({
            "filter_id": id,
            "title": title,
            "description": format!("Participants by {}.", title.to_lowercase()),
            "question": question,
            "category": category,
            "subcategory": null,
            "display_order": null,
            "tags": ["core"],
            "type": "select",
            "data_type": "ChoiceID",
            "choices": choices,
        })
    };
    let range = |id: &str, title: &str, question: &str, category: &str, least: u32, most: u32| {
        json!({
            "filter_id": id,
            "title": title,
            "description": format!("Participants by {}.", title.to_lowercase()),
            "question": question,
            "category": category,
            "subcategory": null,
            "display_order": null,
            "tags": ["core"],
            "type": "range",
            "data_type": "integer",
            "min": least,
            "max": most,
        })
    };
    let countries = COUNTRIES.iter().enumerate();
    let countries: Value =
        countries.map(|(number, name)| (number.to_string(), json!(name))).collect();
    let sexes = json!({ "0": "Male", "1": "Female" });
    let hands = json!({ "0": "Left-handed", "1": "Right-handed", "2": "Ambidextrous" });
    let names = |of: &Table| -> Value {
        let named = |each: &Value| Some((each["id"].as_str()?.to_owned(), each["name"].clone()));
        of.values().filter(|each| each["is_deleted"] != true).filter_map(named).collect()
    };
    let (groups, studies) = (names(&world.groups), names(&world.studies));
    let list = |id: &str, title: &str, data_type: &str, choices: &Value| {
        let mut list = select(id, title, "", "Participant lists", choices.clone());
        extend(&mut list, json!({ "data_type": data_type, "tags": ["custom-group"] }));
        list
    };
    let [in_group, not_in_group] = BY_GROUP;
    let [in_study, not_in_study] = BY_STUDY;
    vec![
        range("age", "Age", "What is your date of birth?", "Demographics", 18, 100),
        select("sex", "Sex", "What is your sex?", "Demographics", sexes),
        select(
            "current-country-of-residence",
            "Country of residence",
            "In what country do you live?",
            "Geographic",
            countries,
        ),
        select("handedness", "Handedness", "Which hand do you write with?", "Health", hands),
        range("approval_rate", "Approval rate", "", "Participation on Prolific", 0, 100),
        range(
            "approval_numbers",
            "Number of submissions",
            "",
            "Participation on Prolific",
            0,
            10_000,
        ),
        list("custom_allowlist", "Custom allowlist", "ParticipantID", &json!({})),
        list("custom_blocklist", "Custom blocklist", "ParticipantID", &json!({})),
        list(in_group, "Participant groups", "ParticipantGroupID", &groups),
        list(not_in_group, "Other than participant groups", "ParticipantGroupID", &groups),
        list(in_study, "Previous studies", "StudyID", &studies),
        list(not_in_study, "Other than previous studies", "StudyID", &studies),
    ]
}

/// Checks that the participant groups and the studies that filters select exist, in a list or in a group
/// of filters. Other filters and choices are not checked, because Prolific has more of them.
///
/// # Errors
///
/// 404.
pub(super) fn check(world: &World, sent: &Value) -> Result<(), Refusal> {
    let within = sent.as_array().or_else(|| sent["selected_filters"].as_array());
    if let Some(filters) = within {
        return filters.iter().try_for_each(|filter| check(world, filter));
    }
    let Some(id) = sent["filter_id"].as_str() else { return Ok(()) };
    let selected = texts(sent["selected_values"].as_array().map_or(&[], Vec::as_slice));
    if BY_GROUP.contains(&id) {
        selected.iter().try_for_each(|group| groups::named(world, group).map(drop))
    } else if BY_STUDY.contains(&id) {
        selected.iter().try_for_each(|study| world.studies.named(study).map(drop))
    } else {
        Ok(())
    }
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let mut filters = catalogue(world);
    if let Some(tag) = call.query("filter_tag") {
        filters.retain(|filter| {
            filter["tags"].as_array().into_iter().flatten().any(|known| known == tag)
        });
    }
    page::whole(filters)
}

/// The words of a search.
fn words(call: &Call) -> Result<Vec<String>, Refusal> {
    let words = call.query("q").unwrap_or_default().split_whitespace();
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    if words.is_empty() {
        Err(Refusal::field("q", "This field may not be blank."))
    } else {
        Ok(words)
    }
}

/// The positions of a word in a text.
fn highlight(field: &str, text: &str, word: &str) -> Option<Value> {
    let start = text.to_lowercase().find(word)?;
    let end = start + word.len();
    Some(json!({
        "field": field,
        "query_term": word,
        "matched_text": text.get(start..end).unwrap_or(word),
        "start": start,
        "end": end,
    }))
}

/// The choices of a filter, in the order of the catalogue.
fn choices(filter: &Value) -> Vec<Value> {
    let choices = filter["choices"].as_object().into_iter().flatten();
    let mut choices: Vec<Value> = choices
        .map(|(id, label)| {
            json!({
                "id": id,
                "label": label,
                "parent_id": null,
                "num_children": 0,
                "num_descendants": 0,
            })
        })
        .collect();
    choices.sort_by(|a, b| a["label"].as_str().cmp(&b["label"].as_str()));
    choices
}

fn matching_choices(filter: &Value, words: &[String]) -> Vec<Value> {
    let found = choices(filter).into_iter().filter_map(|mut choice| {
        let label = choice["label"].as_str().unwrap_or_default().to_owned();
        let matches: Vec<Value> =
            words.iter().filter_map(|word| highlight("label", &label, word)).collect();
        choice["matches"] = json!(matches);
        (matches.len() == words.len()).then_some(choice)
    });
    found.collect()
}

pub(super) fn search(world: &mut World, call: &Call) -> Reply {
    let words = words(call)?;
    let found = catalogue(world).into_iter().filter_map(|filter| {
        let fields = ["title", "question", "description", "category", "filter_id"];
        let matches = fields.iter().flat_map(|field| {
            let text = filter[*field].as_str().unwrap_or_default();
            words.iter().filter_map(move |word| highlight(field, text, word))
        });
        let matches: Vec<Value> = matches.collect();
        let choices = matching_choices(&filter, &words);
        if matches.is_empty() && choices.is_empty() {
            return None;
        }
        let names = [
            "filter_id",
            "title",
            "description",
            "question",
            "category",
            "subcategory",
            "type",
            "data_type",
            "min",
            "max",
        ];
        let mut row = picked(&filter, &names);
        row["matches"] = json!(matches);
        row["choices_included"] = json!(true);
        row["choices"] = json!({
            "total": filter["choices"].as_object().map_or(0, |choices| choices.len()),
            "matched": choices.len(),
            "truncated": choices.len() > 3,
            "results": choices.into_iter().take(3).collect::<Vec<_>>(),
        });
        Some(row)
    });
    page::by_offset_within(call, found.collect(), page::FILTERS)
}

fn named(world: &World, call: &Call) -> Result<Value, Refusal> {
    let id = call.parameter("filter_id");
    let found = catalogue(world).into_iter().find(|filter| filter["filter_id"] == id);
    let selectable = found.filter(|filter| filter["type"] == "select");
    selectable.ok_or_else(|| Refusal::not_found("filter with choices"))
}

pub(super) fn list_choices(world: &mut World, call: &Call) -> Reply {
    page::by_offset_within(call, choices(&named(world, call)?), page::FILTERS)
}

pub(super) fn search_choices(world: &mut World, call: &Call) -> Reply {
    let words = words(call)?;
    let found = matching_choices(&named(world, call)?, &words);
    page::by_offset_within(call, found, page::FILTERS)
}

/// How deeply groups of filters may be nested.
pub(super) fn rule_tree(_: &mut World, _: &Call) -> Reply {
    let inner = json!({ "or": { "max_children": 10, "max_by_type": null, "children": [] } });
    let tree = json!({ "and": {
        "max_children": null, "max_by_type": { "or": 5 }, "children": [inner] } });
    ok(&json!({ "rule_tree": tree }))
}
