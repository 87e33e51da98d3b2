use std::{fmt, time::Duration};

use http::{HeaderName, StatusCode};

/// Why [`Verifier::verify`](super::Verifier::verify) refused a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A header that every delivery has is missing.
    MissingHeader(HeaderName),
    /// A header that may come once comes more often.
    RepeatedHeader(HeaderName),
    /// A header has another form than it should have: the signature is no Base64 of 32 bytes, say.
    MalformedHeader(HeaderName),
    /// The signature is not the one that any of the secrets makes of the time and the body. Either
    /// Prolific did not send it, the secret was changed, or the body is not as it was received.
    WrongSignature,
    /// The signed time is further from now than the [window](super::Verifier::window) allows.
    OutsideWindow {
        /// How far.
        apart: Duration,
    },
    /// Prolific sent it, and the body is no JSON object.
    UnreadableBody,
}

impl Refusal {
    /// The status to answer with: 401 where it is not known to be Prolific who sent it, 400 where it
    /// can't be read. Prolific delivers again what was answered by either.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::UnreadableBody => StatusCode::BAD_REQUEST,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(name) => write!(f, "the header {name} is missing"),
            Self::RepeatedHeader(name) => write!(f, "the header {name} comes more than once"),
            Self::MalformedHeader(name) => {
                write!(f, "the header {name} has a form that Prolific doesn't send")
            }
            Self::WrongSignature => f.write_str("the signature doesn't match the body"),
            Self::OutsideWindow { apart } => {
                write!(f, "it was signed {} s before or after now", apart.as_secs())
            }
            Self::UnreadableBody => f.write_str("the body is no JSON object"),
        }
    }
}

impl std::error::Error for Refusal {}
