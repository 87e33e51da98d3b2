use std::{fmt, time::Duration};

use http::{HeaderName, StatusCode};

/// Why [`Verifier::verify`](super::Verifier::verify) refused a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A required header is missing.
    MissingHeader(HeaderName),
    /// A header occurs twice.
    RepeatedHeader(HeaderName),
    /// A header is malformed: for example, the signature is not Base64 of 32 bytes.
    MalformedHeader(HeaderName),
    /// The signature matches none of the secrets. Either Prolific did not send the delivery, the
    /// secret was replaced, or the body is not the one that was received.
    WrongSignature,
    /// The signed time is outside the [window](super::Verifier::window).
    OutsideWindow {
        /// How far.
        apart: Duration,
    },
    /// Prolific sent it, but the body is not a JSON object.
    UnreadableBody,
}

impl Refusal {
    /// The status to respond with: 401 if the sender is not known to be Prolific, 400 if the body
    /// can't be read. Prolific repeats deliveries that get either.
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
            Self::RepeatedHeader(name) => write!(f, "the header {name} is present more than once"),
            Self::MalformedHeader(name) => {
                write!(f, "the header {name} has a format that Prolific doesn't send")
            }
            Self::WrongSignature => f.write_str("the signature doesn't match the body"),
            Self::OutsideWindow { apart } => {
                write!(
                    f,
                    "its signature's timestamp is {} s away from the current time",
                    apart.as_secs()
                )
            }
            Self::UnreadableBody => f.write_str("the body is not a JSON object"),
        }
    }
}

impl std::error::Error for Refusal {}
