//! Surveys and their responses.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::Call,
    ids, page,
    table::{extend, shown},
    world::World,
};

/// The time format of surveys, which has no offset.
fn now(world: &World) -> String {
    world.moment().text().trim_end_matches('Z').to_owned()
}

/// Gives ids to the entries of a list where they are missing.
fn identify(entries: &mut Value, below: &[&str]) {
    for entry in entries.as_array_mut().into_iter().flatten() {
        if entry["id"].is_null() {
            entry["id"] = json!(ids::uuid());
        }
        if let Some((name, below)) = below.split_first()
            && let Some(entries) = entry.get_mut(*name)
        {
            identify(entries, below);
        }
    }
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let (id, now) = (ids::object_id(), now(world));
    let mut survey = call.body.clone();
    for (name, below) in [("sections", &["questions", "answers"][..]), ("questions", &["answers"])]
    {
        if let Some(entries) = survey.get_mut(name) {
            identify(entries, below);
        }
    }
    extend(&mut survey, json!({ "_id": id, "date_created": now, "date_modified": now }));
    created(world.surveys.add(&id, survey))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    ok(world.surveys.named(call.parameter("survey_id"))?)
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let researcher = call.required_query("researcher_id")?;
    page::by_offset(call, world.surveys.of_field("researcher_id", researcher).cloned().collect())
}

pub(super) fn delete(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("survey_id");
    world.surveys.remove(id)?;
    remove_responses(world, id)?;
    Ok(Answer::empty(204))
}

fn responses(world: &World, survey: &str) -> Result<Vec<Value>, Refusal> {
    world.surveys.named(survey)?;
    Ok(world.survey_responses.of_field("~survey", survey).cloned().collect())
}

fn remove_responses(world: &mut World, survey: &str) -> Result<(), Refusal> {
    let of_survey = world.survey_responses.of_field("~survey", survey);
    let ids: Vec<String> =
        of_survey.filter_map(|response| response["_id"].as_str().map(str::to_owned)).collect();
    ids.iter().try_for_each(|id| world.survey_responses.remove(id).map(drop))
}

pub(super) fn create_response(world: &mut World, call: &Call) -> Reply {
    let survey = call.parameter("survey_id");
    check_answered(world.surveys.named(survey)?, &call.body)?;
    let (id, now) = (ids::object_id(), now(world));
    let mut response = call.body.clone();
    let made = json!({ "_id": id, "date_created": now, "date_modified": now, "~survey": survey });
    extend(&mut response, made);
    created(&shown(world.survey_responses.add(&id, response)))
}

/// Checks that a survey has the sections, the questions and the answers of a response.
fn check_answered(survey: &Value, response: &Value) -> Result<(), Refusal> {
    for section in response["sections"].as_array().into_iter().flatten() {
        entry(&survey["sections"], &section["section_id"], "section in the survey")?;
    }
    let asked = Value::Array(questions(survey).cloned().collect());
    for question in questions(response) {
        let asked = entry(&asked, &question["question_id"], "question in the survey")?;
        for answer in question["answers"].as_array().into_iter().flatten() {
            entry(&asked["answers"], &answer["answer_id"], "answer to the question")?;
        }
    }
    Ok(())
}

/// Finds the entry of a list that has an id.
fn entry<'a>(list: &'a Value, id: &Value, what: &str) -> Result<&'a Value, Refusal> {
    let mut entries = list.as_array().into_iter().flatten();
    entries.find(|entry| entry["id"] == *id).ok_or_else(|| Refusal::not_found(what))
}

pub(super) fn list_responses(world: &mut World, call: &Call) -> Reply {
    let responses = responses(world, call.parameter("survey_id"))?;
    page::by_offset(call, responses.iter().map(shown).collect())
}

/// Finds the response of a call among those of its survey.
fn named<'a>(world: &'a World, call: &Call) -> Result<&'a Value, Refusal> {
    world.surveys.named(call.parameter("survey_id"))?;
    let response = world.survey_responses.named(call.parameter("response_id"))?;
    match response["~survey"] == call.parameter("survey_id") {
        true => Ok(response),
        false => Err(Refusal::not_found("response")),
    }
}

pub(super) fn get_response(world: &mut World, call: &Call) -> Reply {
    ok(&shown(named(world, call)?))
}

pub(super) fn delete_response(world: &mut World, call: &Call) -> Reply {
    named(world, call)?;
    world.survey_responses.remove(call.parameter("response_id"))?;
    Ok(Answer::empty(204))
}

pub(super) fn delete_responses(world: &mut World, call: &Call) -> Reply {
    let survey = call.parameter("survey_id");
    world.surveys.named(survey)?;
    remove_responses(world, survey)?;
    Ok(Answer::empty(204))
}

/// The questions of a survey or of a response, in sections and outside of them.
fn questions(of: &Value) -> impl Iterator<Item = &Value> {
    let sections = of["sections"].as_array().into_iter().flatten();
    let in_sections = sections.filter_map(|section| section["questions"].as_array()).flatten();
    in_sections.chain(of["questions"].as_array().into_iter().flatten())
}

pub(super) fn summary(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("survey_id");
    let responses = responses(world, id)?;
    let survey = world.surveys.named(id)?;
    let questions = questions(survey).map(|question| summary_of(question, &responses));
    ok(&json!({ "survey_id": id, "questions": questions.collect::<Vec<_>>() }))
}

fn summary_of(question: &Value, responses: &[Value]) -> Value {
    let answered = responses.iter().flat_map(questions);
    let answered = answered.filter(|answered| answered["question_id"] == question["id"]);
    let given: Vec<&Value> =
        answered.filter_map(|answered| answered["answers"].as_array()).flatten().collect();
    let answers = question["answers"].as_array().into_iter().flatten().map(|answer| {
        let count = given.iter().filter(|given| given["answer_id"] == answer["id"]).count();
        json!({ "answer_id": answer["id"], "answer": answer["value"], "count": count })
    });
    json!({
        "question_id": question["id"],
        "question": question["title"],
        "total_answers": given.len(),
        "answers": answers.collect::<Vec<_>>(),
    })
}
