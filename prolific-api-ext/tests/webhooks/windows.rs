//! The window of time in which a delivery has to be signed.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use prolific_api_ext::webhooks::{Refusal, Verifier};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// `{}`, signed by `secret` at 1767225600; the signature is one of `openssl dgst -hmac`.
fn headers(time: &str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-prolific-request-timestamp", time.parse().unwrap());
    headers.insert("x-prolific-request-signature", signature.parse().unwrap());
    headers
}

fn signed() -> HeaderMap {
    headers("1767225600", "VBvr2lyCNx6DW5OmQEohcO0Y0jFLOe9VqzaOH13vAQ0=")
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn any_time_is_accepted_by_default() {
    let verifier = Verifier::new("secret");
    for now in [0, 1_767_225_600, 9_999_999_999] {
        assert!(verifier.verify_at(&signed(), b"{}", at(now)).is_ok(), "{now}");
    }
}

#[test]
fn what_was_signed_outside_the_window_is_refused_before_and_after() {
    let verifier = Verifier::new("secret").window(DAY);
    for (now, apart) in [(1_767_225_600 - 86_401, 86_401), (1_767_225_600 + 90_000, 90_000)] {
        let refusal = verifier.verify_at(&signed(), b"{}", at(now)).unwrap_err();
        assert_eq!(refusal, Refusal::OutsideWindow { apart: Duration::from_secs(apart) });
    }
    for now in [1_767_225_600 - 86_400, 1_767_225_600, 1_767_225_600 + 86_400] {
        assert!(verifier.verify_at(&signed(), b"{}", at(now)).is_ok(), "{now}");
    }
}

#[test]
fn a_time_that_is_none_is_refused_where_a_window_is_asked_for() {
    let signed = headers("soon", "GzGpR7sbR5OZkHmpl36Nqarp8Jv3WNQ/KP03/UTZTnY=");
    assert!(Verifier::new("secret").verify(&signed, b"{}").is_ok());
    let refusal = Verifier::new("secret").window(DAY).verify(&signed, b"{}").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the header x-prolific-request-timestamp has a format that Prolific doesn't send"
    );
}

#[test]
fn a_verifier_does_not_show_its_secrets() {
    let verifier = Verifier::new("hidden").or("older").window(DAY);
    assert_eq!(format!("{verifier:?}"), "Verifier { secrets: 2, window: Some(86400s) }");
}
