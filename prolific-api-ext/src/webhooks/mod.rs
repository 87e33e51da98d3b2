//! Receiving webhooks: verifying signatures, dropping duplicates, reading events.
//!
//! [`Hooks`](crate::hooks::Hooks) subscribes to events; this module is for the server that receives
//! them. It works with any web server: it needs the headers and the raw bytes of the body.
//!
//! - [`Verifier`] checks the signature, and reads the [`Event`]. It needs the feature `webhooks`.
//! - [`Dedupe`] handles each event once.
//! - [`Newest`] drops events older than what is known.
//! - [`Hooks::catch_up`](crate::hooks::Hooks::catch_up) lists what was sent while the receiver was
//!   down.

mod dedupe;
mod event;
mod newest;
#[cfg(feature = "webhooks")]
mod refusal;
#[cfg(feature = "webhooks")]
mod verifier;

pub use dedupe::{Claim, Dedupe, Receipt};
pub use event::{Change, Event};
pub use newest::Newest;
#[cfg(feature = "webhooks")]
pub use refusal::Refusal;
#[cfg(feature = "webhooks")]
pub use verifier::Verifier;
