//! The life of a study and of its submissions, and what it costs.

use std::time::Duration;

use prolific_api_ext::{StudyId, SubmissionId};
use serde_json::{Value, json};

use crate::{session::Session, whole_session::study_body};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A study that is ACTIVE, with these members.
async fn active(session: &mut Session, members: Value) -> StudyId {
    let mut body = study_body();
    body["project"] = json!(session.simulator.project_id().unwrap());
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    let made = session.expect(201, "POST", "studies/", &body).await;
    let id = made["id"].as_str().unwrap();
    act(session, 200, id, "PUBLISH").await;
    StudyId::new(id).unwrap()
}

async fn act(session: &mut Session, status: u16, study: &str, action: &str) -> Value {
    let path = format!("studies/{study}/transition/");
    session.expect(status, "POST", &path, &json!({ "action": action })).await
}

async fn status(session: &mut Session, study: &StudyId) -> String {
    let study = session.get(&format!("studies/{study}/")).await;
    study["status"].as_str().unwrap().to_owned()
}

async fn status_of(session: &mut Session, submission: &SubmissionId) -> String {
    let submission = session.get(&format!("submissions/{submission}/")).await;
    submission["status"].as_str().unwrap().to_owned()
}

async fn review(session: &mut Session, submission: &SubmissionId, body: Value) {
    let path = format!("submissions/{submission}/transition/");
    session.expect(200, "POST", &path, &body).await;
}

async fn balance(session: &mut Session) -> [i64; 2] {
    let workspace = session.simulator.workspace_id().unwrap();
    let balance = session.get(&format!("workspaces/{workspace}/balance/")).await;
    for (total, parts) in [
        ("total_balance", "balance_breakdown"),
        ("available_balance", "available_balance_breakdown"),
    ] {
        let parts = ["rewards", "fees", "vat"].map(|part| balance[parts][part].as_i64().unwrap());
        assert_eq!(parts.iter().sum::<i64>(), balance[total].as_i64().unwrap());
    }
    ["total_balance", "available_balance"].map(|name| balance[name].as_i64().unwrap())
}

#[tokio::test]
async fn no_more_places_are_taken_than_there_are_and_a_full_study_awaits_its_review() {
    let mut session = Session::start();
    let study = active(&mut session, json!({ "total_available_places": 20 })).await;
    let participants = session.simulator.participants();
    assert!(participants.take(&study, 26).is_err(), "all of them or none");
    let mut taken = participants.take(&study, 20).unwrap();
    assert!(participants.take(&study, 1).is_err());
    let path = format!("studies/{study}/");
    assert_eq!(session.get(&path).await["places_taken"], 20);

    participants.return_place(&taken.pop().unwrap()).unwrap();
    participants.time_out(&taken.pop().unwrap()).unwrap();
    participants.screen_out(&taken.pop().unwrap()).unwrap();
    taken.extend(participants.take(&study, 3).unwrap());
    for submission in &taken {
        assert_eq!(status(&mut session, &study).await, "ACTIVE");
        participants.submit_without_code(submission).unwrap();
    }
    assert_eq!(status(&mut session, &study).await, "AWAITING REVIEW");
    assert!(participants.take(&study, 1).is_err(), "nobody is let in any more");

    let message = "n".repeat(100);
    let reject = json!({
        "action": "REJECT", "message": message, "rejection_category": "LOW_EFFORT" });
    review(&mut session, &taken[0], reject).await;
    act(&mut session, 200, study.as_str(), "START").await;
    participants.submit_without_code(&participants.take(&study, 1).unwrap()[0]).unwrap();
    let counts = session.get(&format!("{path}submissions/counts/")).await;
    let counted = ["AWAITING REVIEW", "REJECTED", "RETURNED", "TIMED-OUT", "SCREENED OUT", "TOTAL"];
    assert_eq!(counted.map(|name| counts[name].as_u64().unwrap()), [20, 1, 1, 1, 1, 24]);
    let all = format!("submissions/?study={study}&awaiting_review=1&page_size=100");
    let all = session.get(&all).await;
    let ids: Vec<Value> =
        all["results"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    let approve = json!({ "submission_ids": ids });
    session.expect(200, "POST", "submissions/bulk-approve/", &approve).await;
    assert_eq!(status(&mut session, &study).await, "COMPLETED");
    let more = json!({ "total_available_places": 21 });
    session.expect(200, "PATCH", &path, &more).await;
    assert_eq!(status(&mut session, &study).await, "ACTIVE");
    session.expect(400, "PATCH", &path, &json!({ "total_available_places": 19 })).await;
}

#[tokio::test]
async fn a_completion_code_does_what_the_study_says_of_it() {
    let mut session = Session::start();
    let code = |code: &str, actor: &str, action: Value| json!({ "code": code, "code_type": "OTHER", "actor": actor, "actions": [action] });
    let codes = json!({ "completion_codes": [
        code("DONE", "participant", json!({ "action": "AUTOMATICALLY_APPROVE" })),
        code("LOOK", "participant", json!({ "action": "MANUALLY_REVIEW" })),
        code("BACK", "participant", json!({ "action": "REQUEST_RETURN", "return_reason": "r" })),
        code("OUT", "participant", json!({
            "action": "FIXED_SCREEN_OUT_PAYMENT", "fixed_screen_out_reward": 10, "slots": 1 })),
        code("PART", "researcher", json!({ "action": "DYNAMIC_PAYMENT" })),
    ], "total_available_places": 6 });
    let study = active(&mut session, codes).await;
    let participants = session.simulator.participants();
    let taken = participants.take(&study, 6).unwrap();
    let entered = ["DONE", "LOOK", "BACK", "PART", "OUT"];
    for (submission, code) in taken.iter().zip(entered) {
        participants.submit(submission, code).unwrap();
    }
    let expected =
        ["APPROVED", "AWAITING REVIEW", "AWAITING REVIEW", "AWAITING REVIEW", "SCREENED OUT"];
    for (submission, expected) in taken.iter().zip(expected) {
        assert_eq!(status_of(&mut session, submission).await, expected);
    }
    let asked = session.get(&format!("submissions/{}/", taken[2])).await;
    assert!(asked["return_requested"].is_string());
    assert_eq!(status(&mut session, &study).await, "PAUSED", "the last slot is used");

    let path = format!("submissions/{}/transition/", taken[3]);
    let unknown = json!({ "action": "COMPLETE", "completion_code": "DONE" });
    session.expect(400, "POST", &path, &unknown).await;
    let part = json!({ "action": "COMPLETE", "completion_code": "PART",
        "completion_code_data": { "percentage_of_reward": 50, "message_to_participant": "m" } });
    review(&mut session, &taken[3], part).await;
    assert_eq!(status_of(&mut session, &taken[3]).await, "PARTIALLY APPROVED");
    // 100 for the whole, 50 for the part, 10 for the screen-out: and a quarter with its VAT.
    let cost = session.get(&format!("studies/{study}/cost/")).await;
    let amounts = ["rewards", "fees", "tax"].map(|part| cost["rewards"][part]["amount"].as_f64());
    assert_eq!(amounts, [Some(160.0), Some(40.0), Some(8.0)]);
}

#[tokio::test]
async fn what_takes_too_long_ends_by_the_clock() {
    let mut session = Session::start();
    let clock = session.simulator.clock();
    clock.stop();
    let study = active(&mut session, json!({ "maximum_allowed_time": 30 })).await;
    let participants = session.simulator.participants();
    let reserved = participants.reserve(&study, 1).unwrap().remove(0);
    let taken = participants.take(&study, 2).unwrap();
    participants.submit_without_code(&taken[0]).unwrap();
    clock.advance(10 * MINUTE);
    assert_eq!(status_of(&mut session, &reserved).await, "TIMED-OUT");
    assert_eq!(status_of(&mut session, &taken[1]).await, "ACTIVE");
    clock.advance(20 * MINUTE);
    assert_eq!(status_of(&mut session, &taken[1]).await, "TIMED-OUT");
    assert_eq!(status_of(&mut session, &taken[0]).await, "AWAITING REVIEW");
    clock.advance(21 * DAY);
    assert_eq!(status_of(&mut session, &taken[0]).await, "APPROVED");
}

#[tokio::test]
async fn a_scheduled_study_is_published_when_its_time_comes() {
    let mut session = Session::start();
    let clock = session.simulator.clock();
    clock.stop();
    let made = session.expect(201, "POST", "studies/", &study_body()).await;
    let study = StudyId::new(made["id"].as_str().unwrap()).unwrap();
    act(&mut session, 400, study.as_str(), "SCHEDULE_PUBLISH").await;
    let at = jiff::Timestamp::try_from(clock.now() + DAY).unwrap().to_string();
    let body = json!({ "action": "SCHEDULE_PUBLISH", "publish_at": at });
    let path = format!("studies/{study}/transition/");
    let scheduled = session.expect(200, "POST", &path, &body).await;
    assert_eq!(scheduled["status"], "SCHEDULED");
    clock.advance(DAY - MINUTE);
    assert_eq!(status(&mut session, &study).await, "SCHEDULED");
    clock.advance(MINUTE);
    assert_eq!(status(&mut session, &study).await, "ACTIVE");
}

#[tokio::test]
async fn money_adds_up_from_the_draft_to_the_last_bonus() {
    let mut session = Session::start();
    let workspace = session.simulator.workspace_id().unwrap();
    session.simulator.set_balance(&workspace, 1000).unwrap();
    assert_eq!(balance(&mut session).await, [1000, 1000]);
    // 5 places at 100 are 500, their fees 125 and the VAT on them 25.
    let study = active(&mut session, json!({})).await;
    assert_eq!(session.get(&format!("studies/{study}/")).await["total_cost"], 650.0);
    assert_eq!(balance(&mut session).await, [1000, 350], "it is kept back");
    let draft = session.expect(201, "POST", "studies/", &study_body()).await;
    act(&mut session, 400, draft["id"].as_str().unwrap(), "PUBLISH").await;
    let more = json!({ "total_available_places": 8 });
    session.expect(400, "PATCH", &format!("studies/{study}/"), &more).await;

    let submission = session.simulator.submit(&study).unwrap();
    review(&mut session, &submission, json!({ "action": "APPROVE" })).await;
    assert_eq!(balance(&mut session).await, [870, 350]);
    let prepare = |pounds: &str| json!({ "study_id": study, "csv_bonuses": format!("{submission},{pounds}") });
    for (pounds, status) in [("1.00", 202), ("9.00", 400)] {
        let made =
            session.expect(201, "POST", "submissions/bonus-payments/", &prepare(pounds)).await;
        let path = format!("bulk-bonus-payments/{}/pay/", made["id"].as_str().unwrap());
        session.expect(status, "POST", &path, &Value::Null).await;
    }
    assert_eq!(balance(&mut session).await, [740, 220]);
    let cost = session.get(&format!("studies/{study}/cost/?is_projected=true")).await;
    assert_eq!(cost["rewards"]["rewards"]["amount"], 500.0);
    assert_eq!(cost["bonuses"]["rewards"]["amount"], 100.0);
    act(&mut session, 200, study.as_str(), "STOP").await;
    assert_eq!(balance(&mut session).await, [740, 740], "what is not used is free again");
}

#[tokio::test]
async fn lists_of_studies_and_submissions_filter_and_order() {
    let mut session = Session::start();
    let mut studies = Vec::new();
    for name in ["Robins", "Gannets", "Kingfishers"] {
        studies.push(active(&mut session, json!({ "name": name })).await);
    }
    let mut draft = study_body();
    draft["name"] = json!("Draft");
    session.expect(201, "POST", "studies/", &draft).await;
    let names = |list: Value| -> Vec<String> {
        let rows = list["results"].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = session.get("studies/").await;
    assert_eq!(names(all), ["Draft", "Kingfishers", "Gannets", "Robins"], "the newest first");
    assert_eq!(names(session.get("studies/?published=0").await), ["Draft"]);
    assert_eq!(names(session.get("studies/?search=ANN&active=1").await), ["Gannets"]);
    let project = session.simulator.project_id().unwrap();
    let by_name = format!("projects/{project}/studies/?ordering=name&page_size=3");
    assert_eq!(names(session.get(&by_name).await), ["Draft", "Gannets", "Kingfishers"]);
    let path = format!("projects/{project}/studies/?ordering=other");
    session.expect(400, "GET", &path, &Value::Null).await;

    let clock = session.simulator.clock();
    clock.stop();
    let taken = session.simulator.participants().take(&studies[0], 3).unwrap();
    for (submission, seconds) in taken.iter().zip([50, 10, 100]) {
        clock.advance(Duration::from_secs(seconds));
        session.simulator.participants().submit(submission, &seconds.to_string()).unwrap();
    }
    let path = format!("studies/{}/submissions/?ordering=-time_taken", studies[0]);
    let slowest = session.get(&path).await;
    let times: Vec<u64> = slowest["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["time_taken"].as_u64().unwrap())
        .collect();
    assert_eq!(times, [160, 60, 50]);
    let path = format!("submissions/?study={}", studies[0]);
    for (query, count) in [("awaiting_review=true", 3), ("active=1", 0), ("active=0", 3)] {
        assert_eq!(session.get(&format!("{path}&{query}")).await["meta"]["count"], count);
    }
    assert_eq!(
        session.get(&format!("{path}&submitted_before=01/01/2020")).await["meta"]["count"],
        0
    );
    assert_eq!(session.get(&format!("{path}&submitted_from=01/01/2020")).await["meta"]["count"], 3);
    session.expect(400, "GET", &format!("{path}&submitted_from=yesterday"), &Value::Null).await;
}
