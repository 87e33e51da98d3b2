//! Deliveries that Python's HMAC signed; `vectors.py` made them.

use http::{HeaderMap, HeaderName, HeaderValue};
use prolific_api_ext::webhooks::{Refusal, Verifier};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    name: String,
    verdict: String,
    secret: String,
    headers: Vec<(String, String)>,
    body: Body,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Whole(String),
    /// What comes before, what is repeated how often, and what comes after.
    Repeated(String, String, usize, String),
}

impl Body {
    fn whole(self) -> String {
        match self {
            Self::Whole(body) => body,
            Self::Repeated(before, unit, times, after) => before + &unit.repeat(times) + &after,
        }
    }
}

fn verdict(refusal: Refusal) -> String {
    match refusal {
        Refusal::MissingHeader(name) => format!("missing {name}"),
        Refusal::RepeatedHeader(name) => format!("repeated {name}"),
        Refusal::MalformedHeader(name) => format!("malformed {name}"),
        Refusal::WrongSignature => "wrong signature".to_owned(),
        Refusal::UnreadableBody => "unreadable body".to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_vector_gets_its_verdict() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors.json")).unwrap();
    assert!(vectors.len() > 30);
    for vector in vectors {
        let headers: HeaderMap = HeaderMap::from_iter([]);
        let headers = vector.headers.iter().fold(headers, |mut headers, (name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
            headers
        });
        let body = vector.body.whole();
        let verifier = Verifier::new(&*vector.secret);
        let event = verifier.verify(&headers, body.as_bytes());
        let found = event.map_or_else(verdict, |_| "genuine".to_owned());
        assert_eq!(found, vector.verdict, "{}", vector.name);

        let during_a_change = Verifier::new("new").or(&*vector.secret).or("older");
        let event = during_a_change.verify(&headers, body.as_bytes());
        let found = event.map_or_else(verdict, |_| "genuine".to_owned());
        assert_eq!(found, vector.verdict, "{} during a change", vector.name);
    }
}
