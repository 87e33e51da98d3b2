//! Lists of servers that say anything: they end, well only if they agree with what was said of them,
//! and give each row once.

use std::{fmt::Write as _, sync::Mutex, time::Duration};

use fastrand::Rng;
use prolific_api_ext::{ErrorKind, FullJitter, NoRetry, Prolific, StudyId};
use prolific_tests::fault_proxy::{FaultProxy, Request, Response};

use crate::outcome::read;

const SERVERS: usize = 60;
/// Seeds of servers that found a bug.
const FOUND: [u64; 2] = [111_088, 806_260];
/// How many requests a server answers before it says that it has nothing more.
const MOST_REQUESTS: usize = 40;

/// What a server is about to say.
struct Talk {
    rng: Rng,
    requests: usize,
    /// The smallest count that the server gave: a list that grows while it is read is complete.
    least: Option<u64>,
}

impl Talk {
    fn answer(&mut self) -> Response {
        self.requests += 1;
        if self.requests > MOST_REQUESTS {
            return Response::json(200, r#"{"results":[],"meta":{"count":0}}"#);
        }
        match self.rng.u8(..40) {
            0 => return Response::json(404, "{}"),
            1 => return Response::json(200, "null"),
            2 => return Response::json(200, r#"{"results":{"id":"a"}}"#),
            _ => {}
        }
        let rows: Vec<String> = (0..self.rng.usize(..6)).map(|_| self.row()).collect();
        let mut body = format!(r#"{{"results":[{}]"#, rows.join(","));
        if self.rng.u8(..4) > 0 {
            let count = self.rng.u64(..30);
            self.least = Some(self.least.map_or(count, |least| least.min(count)));
            write!(body, r#","meta":{{"count":{count}}}"#).unwrap();
        }
        if self.rng.bool() {
            write!(body, r#","_links":{{"next":{{"href":{}}}}}"#, self.link()).unwrap();
        }
        Response::json(200, body + "}")
    }

    fn row(&mut self) -> String {
        match self.rng.u8(..20) {
            0 => "{}".to_owned(),
            1 => "7".to_owned(),
            2 => r#"{"id":5}"#.to_owned(),
            _ => format!(r#"{{"id":"r{}"}}"#, self.rng.u8(..40)),
        }
    }

    fn link(&mut self) -> String {
        let page = self.rng.u64(..6);
        match self.rng.u8(..6) {
            0 => "null".to_owned(),
            1 => r#""file:///etc/passwd""#.to_owned(),
            2 => format!(r#""https://elsewhere.test/?cursor=c{page}&offset={page}""#),
            3 => r#""?page=18446744073709551616""#.to_owned(),
            4 => r#""\u0000%%%""#.to_owned(),
            _ => format!(r#""/api/v1/x/?page={page}&limit=5&offset={page}""#),
        }
    }
}

async fn server(seed: u64) -> (FaultProxy, std::sync::Arc<Mutex<Talk>>) {
    let talk = Talk { rng: Rng::with_seed(seed), requests: 0, least: None };
    let talk = std::sync::Arc::new(Mutex::new(talk));
    let talking = talk.clone();
    let server = FaultProxy::answering(move |_: &Request| talking.lock().unwrap().answer());
    (server.start().await.unwrap(), talk)
}

fn prolific(url: &str) -> Prolific {
    Prolific::builder()
        .token("t")
        .base_url(url)
        .retry_policy(NoRetry)
        .page_ahead(false)
        .backoff(FullJitter::new(Duration::ZERO, Duration::ZERO))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_list_of_any_server_is_complete_only_if_it_agrees_with_its_pages() {
    let first = prolific_tests::seed();
    let random = (0..SERVERS as u64).map(|number| (first + number, number % 3));
    let found = FOUND.into_iter().flat_map(|seed| (0..3).map(move |list| (seed, list)));
    let (mut well, mut otherwise) = (0, 0);
    for (seed, list) in random.chain(found) {
        let (server, talk) = server(seed).await;
        let (prolific, study) = (prolific(&server.url()), StudyId::new("s1").unwrap());
        let reading = async {
            match list {
                0 => read!(prolific.submissions().list(&study)),
                1 => read!(prolific.studies().submissions(&study)),
                _ => read!(prolific.conversations().list()),
            }
        };
        let outcome = tokio::time::timeout(Duration::from_secs(60), reading).await;
        let outcome = outcome.unwrap_or_else(|_| panic!("seed {seed}: the list does not end"));
        let least = talk.lock().unwrap().least.unwrap_or_default();
        outcome.hold(least, &format!("seed {seed}"));
        match outcome.ended {
            None => well += 1,
            Some(kind) => {
                otherwise += 1;
                let is_known = matches!(
                    kind,
                    ErrorKind::Incomplete | ErrorKind::UnexpectedAnswer | ErrorKind::NotFound
                );
                assert!(is_known, "seed {seed}: {kind:?}");
            }
        }
        assert!(talk.lock().unwrap().requests < 400, "seed {seed}: too many requests");
    }
    assert!(well > 0 && otherwise > 0, "seed {first}: {well} ended well, {otherwise} otherwise");
}
