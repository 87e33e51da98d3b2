//! Filters, filter sets and how many participants they leave.

use serde_json::{Value, json};

use crate::session::Session;

pub(crate) async fn filters(session: &mut Session) {
    let workspace = session.simulator.workspace_id().unwrap();
    let all = session.get(&format!("filters/?workspace_id={workspace}")).await;
    assert_eq!(
        all["meta"]["count"].as_u64().unwrap() as usize,
        all["results"].as_array().unwrap().len()
    );
    let tagged = session.get("filters/?filter_tag=custom-group").await;
    assert_eq!(tagged["meta"]["count"], 6);
    let found = session.get("filters/search/?q=finland").await;
    assert_eq!(found["results"][0]["filter_id"], "current-country-of-residence");
    assert_eq!(found["results"][0]["choices"]["results"][0]["label"], "Finland");
    session.expect(400, "GET", "filters/search/?q=%20", &Value::Null).await;
    session.expect(400, "GET", "filters/search/?q=a&limit=101", &Value::Null).await;

    let choices = "filters/current-country-of-residence/choices/";
    let page = session.get(choices).await;
    assert_eq!(
        (page["results"].as_array().unwrap().len(), &page["meta"]["count"]),
        (25, &json!(30))
    );
    let rest = session.get(&format!("{choices}?offset=25")).await;
    assert_eq!(rest["results"].as_array().unwrap().len(), 5);
    assert!(rest["_links"]["next"]["href"].is_null());
    let found = session.get(&format!("{choices}search/?q=united")).await;
    assert_eq!(found["meta"]["count"], 2);
    session.expect(404, "GET", "filters/age/choices/", &Value::Null).await;
    session.expect(404, "GET", "filters/other/choices/search/?q=a", &Value::Null).await;
    session.get("filters/rule-tree/").await;
    let path =
        format!("filters/sex/distribution/?workspace_id={workspace}&distribution_filters=sex");
    session.get(&path).await;

    let sex = json!({ "filter_id": "sex", "selected_values": ["0"] });
    let query = json!({ "filters": [sex], "workspace_id": workspace });
    let some = session.expect(200, "POST", "eligibility-count/", &query).await;
    let few = json!({ "filters": [
        { "filter_id": "custom_allowlist", "selected_values": ["p1", "p2"] }] });
    let few = session.expect(200, "POST", "eligibility-count/", &few).await;
    assert!(some["count"].as_u64() > Some(1000) && few["count"] == 0, "below 25 is shown as none");
    let both = json!({ "filters": [{
        "filter_id": "sex", "selected_values": ["0"], "selected_range": { "lower": 1 } }] });
    session.expect(400, "POST", "eligibility-count/", &both).await;
    let by = json!({ "filters": [], "breakdown_filter": {
        "filter_id": "sex", "selected_values": ["0", "1"] } });
    let split = session.expect(200, "POST", "eligibility-count/filter-breakdown/", &by).await;
    assert!(split["breakdown"]["1"].as_u64() > Some(1000));
}

pub(crate) async fn filter_sets(session: &mut Session) {
    let workspace = session.simulator.workspace_id().unwrap();
    let age = json!({ "filter_id": "age", "selected_range": { "lower": 18, "upper": 30 } });
    let body = json!({ "name": "Young", "workspace_id": workspace, "filters": [age] });
    let made = session.expect(201, "POST", "filter-sets/", &body).await;
    let path = format!("filter-sets/{}/", made["id"].as_str().unwrap());
    let body = json!({ "filters": [] });
    let changed = session.expect(200, "PATCH", &path, &body).await;
    assert_eq!(changed["version"], 2);
    assert!(
        changed["eligible_participant_count"].as_u64()
            > made["eligible_participant_count"].as_u64()
    );
    let old = session.get(&format!("{path}?version_number=1")).await;
    assert_eq!(old["filters"], made["filters"], "a version stays");
    session.expect(404, "GET", &format!("{path}?version_number=3"), &Value::Null).await;

    assert_eq!(
        session.expect(200, "POST", &format!("{path}lock/"), &Value::Null).await["is_locked"],
        true
    );
    session.expect(409, "PATCH", &path, &json!({ "name": "Other" })).await;
    session.expect(409, "DELETE", &path, &Value::Null).await;
    session.expect(200, "POST", &format!("{path}unlock/"), &Value::Null).await;
    let copy = session.expect(201, "POST", &format!("{path}clone/"), &Value::Null).await;
    assert_eq!((&copy["name"], &copy["version"]), (&json!("Young copy"), &json!(1)));
    let listed = session.get(&format!("filter-sets/?workspace_id={workspace}&limit=1")).await;
    assert_eq!(listed["meta"]["count"], 2);
    session.expect(204, "DELETE", &path, &Value::Null).await;
    session.expect(404, "GET", &path, &Value::Null).await;
}
