//! The turn of bonus requests, which is the only thing that a kept future holds.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use prolific_api_ext::{
    BonusPaymentsId, ErrorKind, Money, SubmissionId, bonuses::Bonus, money::Currency,
};
use serde_json::json;

use crate::{
    client,
    fault_proxy::{Fault, FaultProxy, Response, Script},
    id, json, server,
};

fn answer(line: &str) -> Response {
    match line {
        line if line.contains("/pay/") => Response::json(202, json!("Paying")),
        line if line.contains("bonus-payments") => Response::json(201, json!({ "id": "b9" })),
        _ => json(json!({ "id": "u1" })),
    }
}

fn bonus() -> Bonus {
    Bonus::new(SubmissionId::new("x1").unwrap(), Money::from_minor(100, Currency::Gbp))
}

#[tokio::test]
async fn a_kept_payment_holds_up_others_no_longer_than_their_total_timeout() {
    let server = server(|request, _| answer(request.line())).await;
    let builder = client(server.url()).total_timeout(Duration::from_millis(300));
    let bonuses = builder.build().unwrap().bonuses();
    let ids = ["b1", "b2", "b3"].map(id::<BonusPaymentsId>);
    let mut paying = stream::iter(&ids).map(|id| bonuses.pay(id)).buffer_unordered(2);
    let mut paid = 0;
    while let Some(outcome) = paying.next().await {
        outcome.unwrap();
        paid += 1;
        let began = Instant::now();
        if let Err(error) = bonuses.create(&id("s1"), [bonus()]).await {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0), "{error}");
            assert!(error.to_string().contains("another bonus request"), "{error}");
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    }
    assert_eq!(paid, 3);
}

#[tokio::test]
async fn the_turn_holds_for_calls_of_the_raw_client_and_for_bonuses_alone() {
    let slow = Fault::Delay(Duration::from_millis(300));
    let server = FaultProxy::answering(|request| answer(request.line()))
        .script(move |connection| match connection {
            1 => Script::of([slow.clone(), Fault::None]),
            _ => Script::default(),
        })
        .start()
        .await
        .unwrap();
    let prolific = client(server.url()).build().unwrap();
    let paying = tokio::spawn({
        let bonuses = prolific.bonuses();
        async move { bonuses.pay(&id("b1")).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    prolific.users().me().await.unwrap();
    prolific.api().pay_bonus_payments().id("b2").send().await.unwrap();
    paying.await.unwrap().unwrap();
    let lines: Vec<_> = server.requests().iter().map(|request| request.line().to_owned()).collect();
    assert!(lines[0].contains("/b1/pay/") && lines[1].contains("/users/me"), "{lines:?}");
    let [first, .., last] = &server.requests()[..] else { panic!("{lines:?}") };
    assert!(last.line().contains("/b2/pay/"), "{lines:?}");
    assert!(last.at - first.at >= Duration::from_millis(300), "they ran at the same time");
}
