use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderName};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};

use super::{Event, Refusal};
use crate::{EventId, Timestamp, hooks::SecretValue};

const SIGNED_TIME: HeaderName = HeaderName::from_static("x-prolific-request-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("x-prolific-request-signature");
const EVENT_ID: HeaderName = HeaderName::from_static("x-event-id");
const SENT_AT: HeaderName = HeaderName::from_static("x-timestamp");

/// The length of a SHA-256 hash.
const SIGNATURE_LENGTH: usize = 32;

/// Verifies that a delivery comes from Prolific, and reads it.
///
/// Prolific signs deliveries with the secret of the workspace: HMAC-SHA256 of the header
/// `X-Prolific-Request-Timestamp` followed by the body, as Base64 in the header
/// `X-Prolific-Request-Signature` (documented on the page on webhooks). Signatures are compared in
/// constant time.
///
/// **Verify the bytes as received**: JSON that was parsed and serialised again has another
/// signature. Limit the size of the body in the server, and respond before doing the work:
/// deliveries without a 2xx response are repeated, up to twelve times in 24 hours.
///
/// The id of the event and [`sent_at`](Event::sent_at) come from headers that are not signed.
///
/// # Examples
///
/// ```
/// use http::HeaderMap;
/// use prolific_api_ext::webhooks::{Event, Refusal, Verifier};
///
/// /// What a handler of any web server does first.
/// fn receive(verifier: &Verifier, headers: &HeaderMap, body: &[u8]) -> Result<Event, Refusal> {
///     verifier.verify(headers, body)
/// }
///
/// let verifier = Verifier::new("secret");
/// let mut headers = HeaderMap::new();
/// let refusal = receive(&verifier, &headers, b"{}").unwrap_err();
/// assert_eq!(refusal.to_string(), "the header x-prolific-request-timestamp is missing");
/// assert_eq!(refusal.status(), 401);
///
/// headers.insert("x-prolific-request-timestamp", "1767225600".parse()?);
/// let signature = "kGZqIvX8gLQNJzoaLwYaO2I3uUmEmOVzRzNJZhGZrNc=";
/// headers.insert("x-prolific-request-signature", signature.parse()?);
/// let refusal = receive(&verifier, &headers, b"{}").unwrap_err();
/// assert_eq!(refusal, Refusal::WrongSignature);
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    secrets: Vec<SecretValue>,
    window: Option<Duration>,
}

impl Verifier {
    /// Creates a verifier with the secret of a workspace: the value that
    /// [`create_secret`](crate::hooks::Hooks::create_secret) and
    /// [`subscribe`](crate::hooks::Hooks::subscribe) return. It is used as text; don't decode it.
    pub fn new(secret: impl Into<SecretValue>) -> Self {
        Self { secrets: vec![secret.into()], window: None }
    }

    /// Adds another accepted secret. A new secret replaces the old one at once, so accept both
    /// during a change.
    #[must_use]
    pub fn or(mut self, secret: impl Into<SecretValue>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Refuses deliveries whose signed time is further than this from now, in either direction. Off
    /// by default: neither a tolerance nor whether repeated deliveries get a new signature is
    /// documented, so a short window may refuse all repeated deliveries. [`Dedupe`](super::Dedupe)
    /// protects against repeated deliveries without that risk.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Verifies a delivery and reads its event. The headers are those of the `http` crate, as in
    /// axum and hyper; for other servers, build them with [`HeaderMap::append`], so that duplicate
    /// headers are detected.
    ///
    /// # Errors
    ///
    /// Returns a [`Refusal`]; [`Refusal::status`] is the status to respond with. A refusal reveals
    /// nothing of the delivery but the name of a header, and can be logged.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Event, Refusal> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// Like [`verify`](Self::verify), at another time than now, to test a [window](Self::window).
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub fn verify_at(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<Event, Refusal> {
        let time = single(headers, &SIGNED_TIME)?.ok_or(Refusal::MissingHeader(SIGNED_TIME))?;
        let signature = single(headers, &SIGNATURE)?.ok_or(Refusal::MissingHeader(SIGNATURE))?;
        let signature = BASE64_STANDARD.decode(signature).ok();
        let signature = signature.filter(|signature| signature.len() == SIGNATURE_LENGTH);
        let signature = signature.ok_or(Refusal::MalformedHeader(SIGNATURE))?;
        if !self.is_signed(time, body, &signature) {
            return Err(Refusal::WrongSignature);
        }
        self.check_window(time, now)?;
        let event = Event::from_body(body).map_err(|_| Refusal::UnreadableBody)?;
        Ok(event.with_id(event_id(headers)?).with_sent_at(sent_at(headers)?))
    }

    /// Tries every secret, so that the time taken does not reveal which one matched.
    fn is_signed(&self, time: &[u8], body: &[u8], signature: &[u8]) -> bool {
        let signed = self.secrets.iter().map(|secret| {
            let key = secret.expose().as_bytes();
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Choice::from(0) };
            mac.update(time);
            mac.update(body);
            mac.finalize().into_bytes().ct_eq(signature)
        });
        signed.fold(Choice::from(0), |any, is_signed| any | is_signed).into()
    }

    fn check_window(&self, time: &[u8], now: SystemTime) -> Result<(), Refusal> {
        let Some(window) = self.window else { return Ok(()) };
        let time = std::str::from_utf8(time).ok().and_then(unix_time);
        let time = time.ok_or(Refusal::MalformedHeader(SIGNED_TIME))?;
        let apart = now.duration_since(time).unwrap_or_else(|error| error.duration());
        if apart > window {
            return Err(Refusal::OutsideWindow { apart });
        }
        Ok(())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("secrets", &self.secrets.len())
            .field("window", &self.window)
            .finish()
    }
}

/// The value of a header that may occur once: with two, it is unclear which one was signed.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a [u8]>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let value = values.next();
    match values.next() {
        Some(_) => Err(Refusal::RepeatedHeader(name.clone())),
        None => Ok(value.map(http::HeaderValue::as_bytes)),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
    let malformed = |_| Refusal::MalformedHeader(name.clone());
    single(headers, name)?.map(std::str::from_utf8).transpose().map_err(malformed)
}

fn event_id(headers: &HeaderMap) -> Result<Option<EventId>, Refusal> {
    let id = text(headers, &EVENT_ID)?.map(EventId::new).transpose();
    id.map_err(|_| Refusal::MalformedHeader(EVENT_ID))
}

fn sent_at(headers: &HeaderMap) -> Result<Option<Timestamp>, Refusal> {
    let time = text(headers, &SENT_AT)?;
    Ok(time.map(|text| match unix_time(text) {
        Some(time) => Timestamp::from(time),
        None => Timestamp::new(text),
    }))
}

/// Seconds since 1970, possibly with a fraction.
fn unix_time(text: &str) -> Option<SystemTime> {
    let is_number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let seconds: f64 = text.bytes().all(is_number).then(|| text.parse().ok())??;
    UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}
