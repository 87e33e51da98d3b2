//! Surveys, and what is answered in them.

use serde_json::{Value, json};

use crate::session::Session;

pub(crate) async fn surveys(session: &mut Session) {
    let question = json!({ "title": "Which bird?", "type": "single", "answers": [
        { "value": "robin" }, { "value": "gannet" }] });
    let body = json!({ "researcher_id": "r1", "title": "Birds", "sections": [
        { "title": "One", "questions": [question] }] });
    let made = session.expect(201, "POST", "surveys/", &body).await;
    let id = made["_id"].as_str().unwrap();
    let question = &made["sections"][0]["questions"][0];
    assert!(question["answers"][1]["id"].is_string(), "answers get ids");
    let path = format!("surveys/{id}");
    assert_eq!(session.get(&path).await, made);
    assert_eq!(session.get("surveys/?researcher_id=r1").await["meta"]["count"], 1);
    assert_eq!(session.get("surveys/?researcher_id=r2").await["meta"]["count"], 0);

    let answer = json!({ "participant_id": "p1", "submission_id": "s1", "sections": [{
        "section_id": made["sections"][0]["id"], "questions": [{
            "question_id": question["id"], "question_title": question["title"],
            "answers": [{ "answer_id": question["answers"][1]["id"], "value": "gannet" }] }] }] });
    let responses = format!("{path}/responses/");
    let mut given = Vec::new();
    for _ in 0..3 {
        let response = session.expect(201, "POST", &responses, &answer).await;
        given.push(format!("{responses}{}", response["_id"].as_str().unwrap()));
    }
    session.get(&given[0]).await;
    session.expect(204, "DELETE", &given[0], &Value::Null).await;
    session.expect(404, "GET", &given[0], &Value::Null).await;
    assert_eq!(session.get(&format!("{responses}?limit=1")).await["meta"]["count"], 2);
    let summary = session.get(&format!("{responses}summary/")).await;
    let counts = &summary["questions"][0];
    assert_eq!((&counts["total_answers"], &counts["answers"][1]["count"]), (&json!(2), &json!(2)));
    session.expect(204, "DELETE", &responses, &Value::Null).await;
    assert_eq!(session.get(&responses).await["meta"]["count"], 0);
    session.expect(204, "DELETE", &path, &Value::Null).await;
    session.expect(404, "GET", &path, &Value::Null).await;
}
