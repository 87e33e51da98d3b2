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

/// How long a SHA-256 is.
const SIGNATURE_LENGTH: usize = 32;

/// Tells whether a delivery comes from Prolific, and reads it.
///
/// Prolific signs what it delivers with the secret of the workspace: HMAC-SHA256 of the header
/// `X-Prolific-Request-Timestamp` followed by the body, as Base64 in the header
/// `X-Prolific-Request-Signature` (documented on the page on webhooks). Signatures are compared in
/// constant time.
///
/// **Verify the bytes as they were received**: JSON that was parsed and written again has another
/// signature. Bound the size of the body in the server, and answer before the work: what is not
/// answered by a 2xx is delivered again, up to twelve times in 24 hours.
///
/// The id of the event and [`sent_at`](Event::sent_at) are in headers that are not signed.
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
    /// Verifies by the secret of a workspace: the value that
    /// [`create_secret`](crate::hooks::Hooks::create_secret) and
    /// [`subscribe`](crate::hooks::Hooks::subscribe) give. It is taken as text; don't decode it.
    pub fn new(secret: impl Into<SecretValue>) -> Self {
        Self { secrets: vec![secret.into()], window: None }
    }

    /// Accepts another secret too. A new secret replaces the one before it at once, so a receiver
    /// has to accept both during a change.
    #[must_use]
    pub fn or(mut self, secret: impl Into<SecretValue>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Refuses deliveries whose signed time is further than this from now, before or after. Off by
    /// default: no tolerance is documented, nor whether a delivery that is repeated hours later is
    /// signed anew, so a short window may refuse all of those. [`Dedupe`](super::Dedupe) helps
    /// against repeated deliveries without that risk.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Verifies a delivery, and reads its event. The headers are those of the `http` crate, as axum
    /// and hyper have them; make them for other servers by [`HeaderMap::append`], so that a header
    /// that comes twice is seen twice.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]; [`Refusal::status`] is what to answer. None of them says more of the delivery
    /// than the name of a header, so that all of them can be logged.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Event, Refusal> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// [`verify`](Self::verify) at another time than now, for tests of a
    /// [window](Self::window).
    ///
    /// # Errors
    ///
    /// As those of [`verify`](Self::verify).
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

    /// Tries every secret, so that the time it takes doesn't tell which of them it was.
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

/// The value of a header that may come once: which of two was signed nobody can tell.
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

/// Seconds since 1970, which may have a fraction.
fn unix_time(text: &str) -> Option<SystemTime> {
    let is_number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let seconds: f64 = text.bytes().all(is_number).then(|| text.parse().ok())??;
    UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}
