//! Any delivery: it is genuine if and only if its signature is that of its time and body, and its
//! body is an event or none.
//!
//! The first line is the signed time, the second the signature, and the rest the body. A second line that
//! says `sign` is replaced by the right signature: a fuzzer would never guess one.
#![no_main]

use std::time::SystemTime;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use prolific_api_ext::webhooks::{Event, Refusal, Verifier};
use sha2::Sha256;

const SECRET: &str = "the secret of a workspace";

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(3, |byte| *byte == b'\n');
    let (Some(time), Some(signature), Some(body)) = (lines.next(), lines.next(), lines.next())
    else {
        return;
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(time);
    mac.update(body);
    let right = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    let signature = if signature == b"sign" { right.as_bytes() } else { signature };
    let values = (HeaderValue::from_bytes(time), HeaderValue::from_bytes(signature));
    let (Ok(time_header), Ok(signature_header)) = values else { return };
    let mut headers = HeaderMap::new();
    headers.insert("x-prolific-request-timestamp", time_header);
    headers.insert("x-prolific-request-signature", signature_header);

    let verified = Verifier::new(SECRET).verify_at(&headers, body, SystemTime::UNIX_EPOCH);
    let event = Event::from_body(body).ok();
    let is_signed = signature == right.as_bytes();
    match verified {
        Ok(verified) => assert_eq!((is_signed, Some(&verified)), (true, event.as_ref())),
        Err(Refusal::UnreadableBody) => assert!(is_signed && event.is_none()),
        Err(refusal) => assert!(!is_signed, "{refusal}"),
    }
    if let Some(event) = event {
        let written = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), event);
        let _never_panics = (event.change(), event.event_type(), event.resource_id());
    }
});
