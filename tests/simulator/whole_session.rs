//! Every operation that the simulator answers, and the refusals, against the document.

use prolific_api::OPERATIONS;
use prolific_api_ext::{BatchId, CollectionId, StudyId};
use serde_json::{Value, json};

use crate::{
    audience, people,
    session::{Session, schema},
    surveys::surveys,
    task_builder::{details, ready_batch},
    webhooks::webhooks,
};

pub(crate) fn study_body() -> Value {
    json!({
        "name": "Study",
        "description": "A study.",
        "prolific_id_option": "not_required",
        "external_study_url": "https://example.com",
        "estimated_completion_time": 5,
        "total_available_places": 5,
        "reward": 100,
    })
}

/// What participants say of a study and what is known of them.
async fn more_of_studies(session: &mut Session) {
    let study = session.simulator.active_study().unwrap();
    let path = format!("studies/{study}/");
    let participants = session.simulator.participants();
    let taken = participants.take(&study, 2).unwrap();
    participants.submit(&taken[0], "DONE").unwrap();
    participants.return_place(&taken[1]).unwrap();
    participants.rate(&taken[0], 5, Some("Fine.")).unwrap();
    participants.rate(&taken[1], 2, None).unwrap();
    let written =
        session.get(&format!("{path}feedback/responses/?has_written_feedback=true")).await;
    assert_eq!(written["results"][0]["text"], "Fine.");
    let returned = session.get(&format!("{path}feedback/responses/?source=returned&limit=0")).await;
    assert_eq!(returned["meta"]["count"], 1);
    let ratings = session.get(&format!("{path}feedback/ratings/")).await;
    assert_eq!(ratings["clarity_rating"], json!({ "average_rating": 3.5, "total_count": 2 }));

    let export = format!("{path}demographic-export/");
    let rows = session.expect(200, "POST", &export, &json!({})).await;
    assert_eq!(rows.as_str().unwrap().lines().count(), 3);
    for (value, status) in [("0", 200), ("0", 200), ("1", 400)] {
        let body = json!({ "filters": [{ "filter_id": "sex", "selected_values": [value] }] });
        session.expect(status, "POST", &export, &body).await;
    }
    let history = session.get(&format!("{path}demographic-export-history/")).await;
    assert_eq!(history["count"], 2);
    session.text(&format!("{path}export/")).await;

    let workspace = session.simulator.workspace_id().unwrap();
    let link = format!("submissions/signals/upload-url/a.csv?workspace_id={workspace}");
    let link = session.expect(201, "GET", &link, &Value::Null).await;
    let put = reqwest::Client::new().put(link["upload_url"].as_str().unwrap());
    let put = put.header("content-type", "text/csv").body("a,b\n");
    assert_eq!(put.send().await.unwrap().status(), 200);

    let mut taskflow = study_body();
    taskflow["access_details"] = json!([
        { "external_url": "https://a.example", "total_allocation": 1 },
        { "external_url": "https://b.example", "total_allocation": 2 }]);
    let made = session.expect(201, "POST", "studies/", &taskflow).await;
    let path = format!("studies/{}/", made["id"].as_str().unwrap());
    session.expect(400, "POST", &format!("{path}test-study"), &Value::Null).await;
    let tester = json!({ "email": "t@example.com" });
    session.expect(201, "POST", "researchers/participants/", &tester).await;
    session.expect(200, "POST", &format!("{path}test-study"), &Value::Null).await;
    let publish = json!({ "action": "PUBLISH" });
    session.expect(200, "POST", &format!("{path}transition/"), &publish).await;
    participants.take(&StudyId::new(made["id"].as_str().unwrap()).unwrap(), 2).unwrap();
    let progress = session.get(&format!("{path}access-details-progress/")).await;
    let allocated = [0, 1].map(|number| progress["progress"][number]["allocated"].as_u64());
    assert_eq!(allocated, [Some(1), Some(1)]);
    session
        .expect(404, "GET", &format!("studies/{study}/access-details-progress/"), &Value::Null)
        .await;
    let url = format!("{}/.well-known/study/jwks.json", session.simulator.base_url());
    session.fetch(&url).await;
}

/// A study that is ACTIVE, in the first project.
pub(crate) async fn active_study(session: &mut Session) -> (StudyId, String) {
    let mut body = study_body();
    body["project"] = json!(session.simulator.project_id().unwrap());
    let made = session.expect(201, "POST", "studies/", &body).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("studies/{id}/transition/");
    let published = session.expect(200, "POST", &path, &json!({ "action": "PUBLISH" })).await;
    assert_eq!(published["status"], "ACTIVE");
    (StudyId::new(&id).unwrap(), id)
}

async fn batches(session: &mut Session) {
    let (dataset, id) = ready_batch(session).await;
    let path = format!("data-collection/batches/{id}");
    session.simulator.answer(&BatchId::new(&id).unwrap(), 1).unwrap();
    session.get(&path).await;
    session.get(&format!("{path}/responses")).await;
    session.get(&format!("{path}/report/")).await;
    let workspace = session.simulator.workspace_id().unwrap();
    session.get(&format!("data-collection/batches?workspace_id={workspace}")).await;
    session.expect(200, "PATCH", &path, &json!({ "name": "Renamed" })).await;
    let copy = session.expect(201, "POST", &format!("{path}/duplicate"), &json!({})).await;
    assert_eq!((&copy["name"], &copy["status"]), (&"Renamed copy".into(), &"UNINITIALISED".into()));

    let sync = session.expect(202, "POST", &format!("{path}/sync"), &Value::Null).await;
    session.get(&format!("{path}/syncs/{}", sync["sync_id"].as_str().unwrap())).await;
    exports(session, &path).await;
    session.get(&format!("{path}/tasks")).await;
    session.get(&format!("{path}/task-groups")).await;

    let legacy = json!({ "name": "Legacy", "workspace_id": workspace, "task_details": details() });
    let legacy = session.expect(201, "POST", "data-collection/batches", &legacy).await;
    let path = format!("data-collection/batches/{}/instructions", legacy["id"].as_str().unwrap());
    let body = json!({ "instructions": [{ "type": "free_text", "description": "Why?" }] });
    let stored = session.expect(201, "POST", &path, &body).await;
    session.expect(200, "PUT", &path, &json!({ "instructions": stored })).await;
    assert_eq!(session.get(&path).await["results"], stored, "an entry keeps its id");

    let of_dataset = format!("data-collection/datasets/{dataset}");
    let link = session.upload(&dataset, "a.csv", "text,source\nz,1\n").await;
    let import = link["import_id"].as_str().unwrap();
    let (status, _) = session.append(&dataset, "{\"text\":\"q\",\"source\":1}").await;
    assert_eq!(status, 409, "an import is in progress");
    session.look(&format!("{of_dataset}/imports/{import}"), "status", "complete").await;
    let body = json!({ "schema": schema(false) });
    let changed = session.expect(200, "PATCH", &of_dataset, &body).await;
    let job = changed["migration_job_id"].as_str().unwrap();
    session.look(&format!("{of_dataset}/schema-migrations/{job}"), "status", "complete").await;
    session.get(&of_dataset).await;
}

/// Exports of a batch or a collection: a job each call, ten at most.
async fn exports(session: &mut Session, owner: &str) {
    let path = format!("{owner}/export");
    let mut last = String::new();
    for _ in 0..10 {
        let job = session.expect(202, "POST", &path, &Value::Null).await;
        let again = session.expect(202, "POST", &path, &Value::Null).await;
        assert_eq!(job, again, "the same one while it is in progress");
        last = format!("{path}/{}", job["export_id"].as_str().unwrap());
        session.look(&last, "status", "complete").await;
    }
    session.expect(409, "POST", &path, &Value::Null).await;
    let listed = session.get(&path).await;
    assert_eq!(listed.as_array().unwrap().len(), 10);
    assert!(last.ends_with(listed[0]["export_id"].as_str().unwrap()), "the latest first");
    session.expect(204, "DELETE", &last, &Value::Null).await;
    session.expect(404, "DELETE", &last, &Value::Null).await;
    let filtered = format!("{path}?from=2026-01-01T00:00:00Z");
    let job = session.expect(202, "POST", &filtered, &Value::Null).await;
    let job = format!("{path}/{}", job["export_id"].as_str().unwrap());
    session.expect(409, "DELETE", &job, &Value::Null).await;
}

async fn collections(session: &mut Session) {
    let workspace = session.simulator.workspace_id().unwrap();
    let body = json!({
        "name": "Collection",
        "workspace_id": workspace,
        "task_details": details(),
        "collection_items": [{ "order": 0, "page_items": [
            { "type": "rich_text", "order": 0, "content": "Hello" },
            { "type": "image", "order": 1, "url": "https://example.com/a.png" },
            { "type": "free_text", "order": 2, "description": "Why?" },
            { "type": "multiple_choice_with_free_text", "order": 3, "description": "Which?",
              "answer_limit": 1, "options": [{ "label": "a", "value": "a", "heading": "A" }] },
            { "type": "free_text_with_unit", "order": 4, "description": "How long?",
              "unit_position": "suffix", "unit_options": [
                { "label": "m", "value": "m" }, { "label": "km", "value": "km" }] },
            { "type": "file_upload", "order": 5, "description": "Which file?" },
        ]}],
    });
    let made = session.expect(201, "POST", "data-collection/collections", &body).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("data-collection/collections/{id}");
    let answered = session.simulator.answer_collection(&CollectionId::new(&id).unwrap(), 2);
    assert_eq!(answered.unwrap(), 8);
    assert_eq!(session.get(&format!("{path}/responses")).await["meta"]["count"], 8);
    assert_eq!(session.get(&path).await, made);
    let kept = json!({
        "name": "Other",
        "task_details": details(),
        "collection_items": made["collection_items"],
    });
    let replaced = session.expect(200, "PUT", &path, &kept).await;
    assert_eq!(replaced["collection_items"][0]["id"], made["collection_items"][0]["id"]);
    let listed = format!("data-collection/collections?workspace_id={workspace}&limit=1");
    let rows = session.get(&listed).await;
    assert_eq!(rows["results"][0]["item_count"], 1);
    exports(session, &path).await;
}

async fn workspaces(session: &mut Session) {
    session.get("users/me/").await;
    let workspace = session.simulator.workspace_id().unwrap();
    for title in ["a", "b", "c"] {
        let body = json!({ "title": title, "currency_code": "GBP" });
        session.expect(201, "POST", "workspaces/", &body).await;
    }
    let first = session.get("workspaces/?limit=3").await;
    assert_eq!(
        (first["results"].as_array().unwrap().len(), &first["meta"]["count"]),
        (3, &4.into())
    );
    let next = first["_links"]["next"]["href"].as_str().unwrap();
    let path = next.split_once("/api/v1/").unwrap().1;
    let second = session.get(path).await;
    assert_eq!(second["results"][0]["title"], "c");
    assert!(second["_links"]["next"]["href"].is_null());

    let path = format!("workspaces/{workspace}/");
    session.expect(200, "PATCH", &path, &json!({ "title": "Renamed" })).await;
    assert_eq!(session.get(&path).await["title"], "Renamed");
    session.get(&format!("{path}balance/")).await;
    let projects = format!("{path}projects/");
    let made = session.expect(201, "POST", &projects, &json!({ "title": "Project 2" })).await;
    assert_eq!(session.get(&projects).await["meta"]["count"], 2);
    let project = format!("projects/{}/", made["id"].as_str().unwrap());
    session.expect(200, "PATCH", &project, &json!({ "title": "Renamed" })).await;
    assert_eq!(session.get(&project).await["title"], "Renamed");
}

async fn studies(session: &mut Session) {
    let (study_id, id) = active_study(session).await;
    let path = format!("studies/{id}/");
    session.expect(200, "PATCH", &path, &json!({ "name": "Renamed" })).await;
    assert_eq!(session.get(&path).await["name"], "Renamed");
    session.get(&format!("{path}cost/")).await;
    let copy = session.expect(200, "POST", &format!("{path}clone/"), &json!({})).await;
    let copy = copy["id"].as_str().unwrap();
    let project = session.simulator.project_id().unwrap();
    let listed = session.get(&format!("projects/{project}/studies/?page_size=1&page=2")).await;
    let count = listed["meta"]["count"].as_u64().unwrap();
    assert!(count >= 2 && listed["results"][0]["id"].is_string());
    assert!(session.get("studies/?state=(ACTIVE%7CPAUSED)").await["meta"]["count"] == 1);
    session.expect(200, "DELETE", &format!("studies/{copy}/"), &Value::Null).await;
    session.expect(400, "DELETE", &path, &Value::Null).await;
    let body = json!({ "reward": 100, "total_available_places": 10 });
    let estimate = session.expect(200, "POST", "study-cost-calculator/", &body).await;
    assert_eq!(estimate["total_cost"], 1300.0);

    let made = [(); 3].map(|()| session.simulator.submit(&study_id).unwrap().to_string());
    let submissions = session.get(&format!("{path}submissions/?limit=2&offset=1")).await;
    let results = submissions["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["id"]), (2, &json!(made[1])));
    let listed = format!("submissions/?study={id}&page_size=2&page=2&status=AWAITING_REVIEW");
    assert_eq!(session.get(&listed).await["results"].as_array().unwrap().len(), 1);
    let first = format!("submissions/{}/", made[0]);
    let refused = json!({ "action": "REJECT", "message": "no", "rejection_category": "NO_DATA" });
    session.expect(400, "POST", &format!("{first}transition/"), &refused).await;
    for _ in 0..2 {
        let body = json!({ "action": "APPROVE" });
        session.expect(200, "POST", &format!("{first}transition/"), &body).await;
    }
    let body = json!({ "request_return_reasons": ["Withdrew."] });
    session.expect(200, "POST", &format!("{first}request-return/"), &body).await;
    let body = json!({ "submission_ids": made });
    session.expect(200, "POST", "submissions/bulk-approve/", &body).await;
    let counts = session.get(&format!("{path}submissions/counts/")).await;
    assert_eq!((&counts["APPROVED"], &counts["TOTAL"]), (&3.into(), &3.into()));

    let body = json!({ "study_id": id, "csv_bonuses": format!("{},0.50\n{},1", made[0], made[1]) });
    let bonuses = session.expect(201, "POST", "submissions/bonus-payments/", &body).await;
    let pay = format!("bulk-bonus-payments/{}/pay/", bonuses["id"].as_str().unwrap());
    session.expect(202, "POST", &pay, &Value::Null).await;
    session.expect(202, "POST", &pay, &Value::Null).await;
    assert_eq!(session.get(&first).await["bonus_payments"], json!([50.0, 50.0]));
    let unknown = json!({ "study_id": id, "csv_bonuses": "nobody,1" });
    session.expect(400, "POST", "submissions/bonus-payments/", &unknown).await;
    let path = format!("projects/{project}/studies/{id}/");
    session.expect(204, "DELETE", &path, &Value::Null).await;
    session.expect(404, "GET", &format!("studies/{id}/"), &Value::Null).await;
}

#[tokio::test]
async fn every_operation_is_answered_as_documented() {
    let mut session = Session::start();
    batches(&mut session).await;
    collections(&mut session).await;
    workspaces(&mut session).await;
    studies(&mut session).await;
    let v3 = session.dataset(&Value::Null).await;
    session.get(&format!("data-collection/datasets/{v3}/status")).await;
    people::groups(&mut session).await;
    people::messages(&mut session).await;
    people::credentials(&mut session).await;
    people::invitations(&mut session).await;
    audience::filters(&mut session).await;
    audience::filter_sets(&mut session).await;
    surveys(&mut session).await;
    webhooks(&mut session).await;
    more_of_studies(&mut session).await;

    let all = OPERATIONS.iter().map(|operation| operation.operation_id.to_owned());
    let left: Vec<String> = all.filter(|id| !session.succeeded.contains(id)).collect();
    assert_eq!(left, [""; 0], "each one must be met with a success");
}

#[tokio::test]
async fn the_documented_refusals_come_in_their_shapes() {
    let mut session = Session::start();
    let nothing = Value::Null;
    for path in ["data-collection/datasets/x", "studies/x/", "submissions/x/", "projects/x/"] {
        session.expect(404, "GET", path, &nothing).await;
    }
    let unpaid = json!({
        "name": "a", "prolific_id_option": "other", "estimated_completion_time": 0.5, "reward": "1" });
    let refused = session.expect(400, "POST", "studies/", &unpaid).await;
    let faults = json!({
        "description": ["This field is required."],
        "prolific_id_option": ["\"other\" is not a valid choice."],
        "estimated_completion_time": ["Ensure this value is at least 1."],
        "reward": ["A valid number is required."],
    });
    assert_eq!(refused["detail"], faults);
    session.expect(400, "GET", "data-collection/batches", &nothing).await;
    session.expect(400, "GET", "workspaces/?limit=0", &nothing).await;
    let (status, _) = session.send("POST", "studies/", "application/json", "{".to_owned()).await;
    assert_eq!(status, 400);

    let url = format!("{}/api/v1/users/me/", session.simulator.base_url());
    for token in ["Token wrong", "Bearer simulated-token", ""] {
        let request = reqwest::Client::new().get(&url).header("authorization", token);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["status"], 401);
    }
    let request = reqwest::Client::new().delete(&url);
    let token = format!("Token {}", session.simulator.token());
    assert_eq!(request.header("authorization", token).send().await.unwrap().status(), 405);
}
