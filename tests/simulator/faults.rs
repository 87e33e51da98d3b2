//! What goes wrong on demand.

use std::time::Duration;

use prolific_api_ext::{
    BonusPaymentsId,
    simulator::{Fault, STORAGE_DOWNLOAD, STORAGE_UPLOAD, Simulator},
};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::{
    session::{Session, schema},
    task_builder::ready_batch,
};

async fn me(simulator: &Simulator) -> reqwest::Result<Response> {
    let request = Client::new().get(format!("{}/api/v1/users/me/", simulator.base_url()));
    request.header("authorization", format!("Token {}", simulator.token())).send().await
}

#[tokio::test]
async fn a_status_comes_so_often_as_was_said_with_its_hint() {
    let simulator = Simulator::start();
    let fault = Fault::status(503).retry_after(Duration::from_millis(1500)).times(2);
    simulator.fault("get-user", fault).unwrap();
    for _ in 0..2 {
        let answer = me(&simulator).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (503, &"2".parse().unwrap())
        );
        assert_eq!(answer.json::<Value>().await.unwrap()["error"]["status"], 503);
    }
    assert_eq!(me(&simulator).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_hint_comes_with_the_real_answer_and_a_body_of_ones_own_in_its_place() {
    let simulator = Simulator::start();
    simulator.fault("get_user", Fault::hint(Duration::from_secs(3))).unwrap();
    simulator.fault("get_user", Fault::answer(200, json!({ "odd": 1 }))).unwrap();
    let answer = me(&simulator).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (200, &"3".parse().unwrap())
    );
    assert_eq!(me(&simulator).await.unwrap().json::<Value>().await.unwrap(), json!({ "odd": 1 }));
}

#[tokio::test]
async fn a_truncated_body_begins_and_breaks_off() {
    let simulator = Simulator::start();
    simulator.fault("get-user", Fault::truncated()).unwrap();
    let mut answer = me(&simulator).await.unwrap();
    assert_eq!(answer.status(), 200);
    let length = answer.content_length().unwrap();
    let mut received = 0;
    let end = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => received += chunk.len() as u64,
            end => break end,
        }
    };
    assert!(end.is_err());
    assert_eq!(received, length / 2);
}

#[tokio::test]
async fn a_connection_breaks_before_or_after_the_operation_is_done() {
    let mut session = Session::start();
    let (study, _) = crate::whole_session::active_study(&mut session).await;
    let csv = {
        let submission = session.simulator.submit(&study).unwrap();
        format!("{submission},1.50")
    };
    let body = json!({ "study_id": study, "csv_bonuses": csv });
    let made = session.expect(201, "POST", "submissions/bonus-payments/", &body).await;
    assert_eq!(made["amount"], 150.0, "pounds in, pence out");
    let id = BonusPaymentsId::new(made["id"].as_str().unwrap()).unwrap();
    assert_eq!(session.simulator.times_paid(&id), Some(0));
    for (fault, paid) in [(Fault::reset(), 0), (Fault::lost_answer(), 1)] {
        session.simulator.fault("pay-bonus-payments", fault).unwrap();
        let prolific = session.simulator.prolific().unwrap();
        assert!(prolific.api().pay_bonus_payments().id(id.as_str()).send().await.is_err());
        assert_eq!(session.simulator.times_paid(&id), Some(paid));
        assert_eq!(session.simulator.requests().pop().unwrap().status, None);
    }
    let path = format!("bulk-bonus-payments/{id}/pay/");
    session.expect(202, "POST", &path, &Value::Null).await;
    assert_eq!(session.simulator.times_paid(&id), Some(2), "each call pays again");
}

#[tokio::test]
async fn a_delay_outlasts_a_client_that_does_not_wait() {
    let simulator = Simulator::start();
    simulator.fault("get-user", Fault::delay(Duration::from_secs(600))).unwrap();
    let request = Client::new().get(format!("{}/api/v1/users/me/", simulator.base_url()));
    let error = request.timeout(Duration::from_millis(50)).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(me(&simulator).await.unwrap().status(), 200);
}

#[tokio::test]
async fn uploads_and_downloads_have_their_faults_too() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(true)).await;
    let link = session.link(&dataset, "a.csv").await;
    session.simulator.fault(STORAGE_UPLOAD, Fault::status(503)).unwrap();
    assert_eq!(session.put(&link, "text,source\na,1\n").await.status(), 503);
    session.simulator.fault(STORAGE_UPLOAD, Fault::reset()).unwrap();
    let url = link["upload_url"].as_str().unwrap();
    let put = Client::new().put(url).header("content-type", "text/csv").body("text,source\na,1\n");
    assert!(put.send().await.is_err());
    assert_eq!(session.put(&link, "text,source\na,1\n").await.status(), 200);

    let (_, id) = ready_batch(&mut session).await;
    let report = session.get(&format!("data-collection/batches/{id}/report/")).await;
    session.simulator.fault(STORAGE_DOWNLOAD, Fault::truncated()).unwrap();
    let url = report["url"].as_str().unwrap();
    let broken = Client::new().get(url).send().await.unwrap();
    assert!(broken.bytes().await.is_err());
    assert!(Client::new().get(url).send().await.unwrap().bytes().await.is_ok());
}
