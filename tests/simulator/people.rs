//! Groups, messages, broadcasts, credentials, invitations.

use prolific_api_ext::StudyId;
use serde_json::{Value, json};

use crate::{session::Session, whole_session::active_study};

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn groups(session: &mut Session) {
    let workspace = session.simulator.workspace_id().unwrap();
    let body = json!({
        "name": "Birders", "workspace_id": workspace, "participant_ids": ["p1", "p2", "p1"] });
    let made = session.expect(201, "POST", "participant-groups/", &body).await;
    assert_eq!(made["participant_count"], 2, "who is in it twice is in it once");
    let path = format!("participant-groups/{}/", id(&made));
    let members = format!("{path}participants/");
    let more = json!({ "participant_ids": ["p2", "p3"] });
    let listed = session.expect(200, "POST", &members, &more).await;
    assert_eq!(listed["results"].as_array().unwrap().len(), 3);
    let fewer = json!({ "participant_ids": ["p1", "p9"] });
    session.expect(200, "DELETE", &members, &fewer).await;
    assert_eq!(session.get(&members).await["results"][0]["participant_id"], "p2");
    let replaced = json!({ "name": "Watchers", "description": null, "participant_ids": ["p7"] });
    session.expect(400, "PATCH", &path, &replaced).await;
    let replaced = json!({ "name": "Watchers", "participant_ids": ["p7"] });
    assert_eq!(session.expect(200, "PATCH", &path, &replaced).await["participant_count"], 1);

    let study = session.simulator.active_study().unwrap();
    let code = json!({ "code": "IN", "code_type": "OTHER", "actions": [
        { "action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": made["id"] }] });
    let codes = json!({ "completion_codes": [code] });
    session.expect(200, "PATCH", &format!("studies/{study}/"), &codes).await;
    let participants = session.simulator.participants();
    let taken = participants.take(&study, 1).unwrap();
    participants.submit(&taken[0], "IN").unwrap();
    let group = session.get(&path).await;
    assert_eq!(group["participant_count"], 2, "a code adds to a group");
    assert_eq!(group["feeder_studies"][0]["feeder_completion_codes"][0]["code"], "IN");

    let body = json!({ "participant_group_id": made["id"], "body": "Hello", "study_id": study });
    session.expect(204, "POST", "messages/participant-group/", &body).await;
    let listed = format!("participant-groups/?workspace_id={workspace}&search=watch");
    assert_eq!(session.get(&listed).await["meta"]["count"], 1);
    session.expect(204, "DELETE", &path, &Value::Null).await;
    session.expect(404, "GET", &path, &Value::Null).await;
    assert_eq!(session.get(&listed).await["meta"]["count"], 0);
    assert_eq!(session.get("participant-groups/?active=false").await["meta"]["count"], 1);
}

pub(crate) async fn messages(session: &mut Session) {
    let (study, _) = active_study(session).await;
    let participants = session.simulator.participants();
    let taken = participants.take(&study, 2).unwrap();
    let row = session.get(&format!("submissions/{}/", taken[0])).await;
    let who = row["participant"].as_str().unwrap().to_owned();
    let other = session.get(&format!("submissions/{}/", taken[1])).await["participant"].clone();

    let body = json!({ "recipient_id": who, "body": "Hello", "study_id": study });
    session.expect(204, "POST", "messages/", &body).await;
    let many = json!({ "ids": [who, other], "body": "All", "study_id": study });
    session.expect(204, "POST", "messages/bulk/", &many).await;
    let ids: Vec<String> = (0..4001).map(|number| number.to_string()).collect();
    let too_many = json!({ "ids": ids, "body": "All", "study_id": study });
    session.expect(400, "POST", "messages/bulk/", &too_many).await;
    participants.write(&taken[0], "A question").unwrap();
    let unread = session.get("messages/unread/").await;
    assert_eq!(unread["results"][0]["body"], "A question");
    assert_eq!(unread["results"][0]["sender_id"], who.as_str());
    let with = session.get(&format!("messages/?user_id={who}")).await;
    let bodies: Vec<&str> = with["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["body"].as_str().unwrap())
        .collect();
    assert_eq!(bodies, ["Hello", "All", "A question"]);
    assert_eq!(session.get("messages/unread/").await["meta"]["count"], 0, "they were read");
    session.expect(400, "GET", "messages/", &Value::Null).await;
    session.expect(400, "GET", "messages/?created_after=2020-01-01", &Value::Null).await;

    let body = json!({
        "recipient_id": who, "subject": "Your answer", "topic": "other", "study_id": study,
        "body": "Why?" });
    let conversation = session.expect(201, "POST", "conversations/", &body).await;
    let listed = session.get("conversations/?limit=1").await;
    assert_eq!(listed["results"][0]["id"], conversation["id"], "the latest first");
    let next = listed["next"].as_str().unwrap();
    let second = session.get(next.split_once("/api/v1/").unwrap().1).await;
    assert_ne!(second["results"][0]["id"], conversation["id"]);
    session.expect(404, "GET", "conversations/?cursor=other", &Value::Null).await;
    let path = format!("conversations/{}/messages/", id(&conversation));
    assert_eq!(session.get(&path).await["results"][0]["body"], "Why?");
    let body = json!({
        "recipient_id": who, "body": "And?", "study_id": study,
        "conversation_id": conversation["id"] });
    session.expect(204, "POST", "messages/", &body).await;
    let both = session.get(&path).await;
    assert_eq!(both["results"][1]["body"], "And?", "the oldest first");
    broadcasts(session, &study).await;
}

async fn broadcasts(session: &mut Session, study: &StudyId) {
    let body = json!({ "id": "mine", "study_id": study, "subject": "News", "body": "Soon more." });
    let sent = session.expect(201, "POST", "broadcasts/", &body).await;
    assert_eq!((&sent["id"], &sent["recipient_count"]), (&json!("mine"), &json!(2)));
    let again = session.expect(201, "POST", "broadcasts/", &body).await;
    assert_eq!(again, sent, "an own id sends once");
    let opened = session.get("conversations/?broadcast_id=mine").await;
    assert_eq!(opened["results"].as_array().unwrap().len(), 2);
    let other = json!({ "study_id": study, "subject": "More", "body": "Now." });
    let other = session.expect(201, "POST", "broadcasts/", &other).await;
    let listed = session.get(&format!("broadcasts/?study_id={study}")).await;
    assert_eq!(listed["results"][0]["id"], other["id"], "the newest first");
    assert!(listed["next"].is_null());
    assert_eq!(session.get("broadcasts/mine/").await["replied_count"], 0);
}

pub(crate) async fn credentials(session: &mut Session) {
    let workspace = session.simulator.workspace_id().unwrap();
    let body = json!({ "workspace_id": workspace, "credentials": "a,1\nb,2" });
    let pool = session.expect(201, "POST", "credentials/", &body).await;
    let pool = pool["credential_pool_id"].as_str().unwrap();
    let path = format!("credentials/{pool}/");
    session.expect(200, "PATCH", &path, &json!({ "credentials": "c,3" })).await;
    session.expect(409, "PATCH", &path, &json!({ "credentials": "d,4\na,5" })).await;

    let study = session.simulator.active_study().unwrap();
    let body = json!({ "credential_pool_id": pool });
    session.expect(200, "PATCH", &format!("studies/{study}/"), &body).await;
    let taken = session.simulator.participants().take(&study, 1).unwrap();
    let pools = session.get(&format!("credentials/?workspace_id={workspace}")).await;
    assert_eq!(pools["credential_pools"][0]["total_credentials"], 3);
    assert_eq!(pools["credential_pools"][0]["available_credentials"], 2);
    let report = session.text(&format!("studies/{study}/credentials/report/")).await;
    assert!(report.contains(&format!(",{},\"a\",ACTIVE", taken[0])), "{report}");
}

pub(crate) async fn invitations(session: &mut Session) {
    let workspace = session.simulator.workspace_id().unwrap();
    let body = json!({
        "association": workspace, "emails": ["a@example.com"], "role": "WORKSPACE_ADMIN" });
    let made = session.expect(201, "POST", "invitations/", &body).await;
    assert_eq!(made["invitations"][0]["invitee"]["email"], "a@example.com");
    let refused = json!({ "association": workspace, "emails": ["a"], "role": "WORKSPACE_ADMIN" });
    session.expect(400, "POST", "invitations/", &refused).await;
    session.get(&format!("campaigns/?workspace_id={workspace}")).await;
    let rewards = format!("reward-recommendations/?workspace_id={workspace}&currency=GBP");
    assert_eq!(session.get(&rewards).await[0]["currency"], "GBP");
}
